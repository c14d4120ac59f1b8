/* The built-in lessons: they open, and what their texts claim is what their numbers say. */
#include "lesson/opened.h"

#include "base/file.h"
#include "lesson/builtin.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ---- every lesson ---- */

/* `set` is a setting, "KEY=VALUE", or NULL. */
static const struct lesson *open_lesson(const char *name, const char *set)
{
    return open_by(name, &(struct lesson_options){.set = &set, .n_set = set != NULL});
}

/* What every lesson keeps to; NULL: all of it. */
static const char *what_lacks(const struct lesson *lesson, size_t n)
{
    bool walked[STAGE_COUNT] = {0}, told[STAGE_COUNT] = {0};
    const char *next = builtin_lesson_name(n + 1);
    for (size_t i = 0; i < lesson->tape.n; i++)
        walked[lesson->tape.steps[i].spec.stage] = true;
    for (size_t i = 0; i < lesson->n_stops; i++)
        told[lesson->tape.steps[lesson->stops[i].step].spec.stage] = true;
    for (int stage = STAGE_INPUT + 1; stage < STAGE_COUNT; stage++)
        if (walked[stage] != told[stage])
            return "has a stage at which nothing is said";
    const struct stop *last = &lesson->stops[lesson->n_stops - 1];
    return lesson->n_stops < 10 || lesson->n_stops > 24 ? "has fewer than 10 stops or more than 24"
           : lesson->tape.n <= 8                        ? "has 8 steps or fewer"
           : lesson->stops[0].step != 0                 ? "has no stop at its first step"
           : last->step != (int)lesson->tape.n - 1      ? "has no stop at its last step"
           : !strchr(last->say[0], '?')                 ? "leaves no question"
           : !lesson->group                             ? "has no group"
           : strcmp(next ? next : "", lesson->next ? lesson->next : "") != 0 ? "leads to another than the next"
           : n > 0 && !lesson->builds_on.n ? "builds on nothing"
                                           : NULL;
}

TEST(every_built_in_lesson_opens_and_is_whole)
{
    const char *name;
    for (size_t n = 0; (name = builtin_lesson_name(n)); n++) {
        OWN(lesson) lesson = {0};
        struct diagnostics diagnostics = {0};
        assert_ok(lesson_open(name, NULL, &lesson, &diagnostics));
        assert_int_equal(diagnostics.n, 0);
        const char *lacks = what_lacks(&lesson, n);
        if (lacks)
            fail_msg("%s %s", name, lacks);
    }
    assert_string_equal(builtin_lesson_default(), "one-head");
}

TEST(a_heading_is_read_without_computing_anything)
{
    const struct lesson *lesson = open_by("translation", &(struct lesson_options){.heading_only = true});
    assert_true(lesson->title && lesson->tab && lesson->group && lesson->next && lesson->builds_on.n > 0);
    assert_int_equal(lesson->tape.n + lesson->sentence.words.n + lesson->n_stops, 0);
}

TEST(the_lesson_that_authors_are_shown_opens)
{
    char path[4096];
    const char *tests = getenv("QKV_TESTS"), *fence = "```";
    OWN(str) text = {0};
    OWN(lesson) lesson = {0};
    assert_non_null(tests);
    snprintf(path, sizeof path, "%s/../lessons/README.md", tests);
    assert_ok(file_read(path, 1 << 20, &text));
    const char *start = strstr(str_text(&text), "title: "), *end = start ? strstr(start, fence) : NULL;
    struct qkv_err err = end ? lesson_parse("readme", start, (size_t)(end - start), NULL, &lesson, NULL)
                             : qkv_errf(QKV_ERR_IO, "no lesson in README.md");
    size_t stops = lesson.n_stops;
    assert_ok(err);
    assert_int_equal(stops, 3);
}

TEST(opening_a_lesson_takes_less_than_20_ms)
{
    clock_t start = clock();
    enum { TIMES = 20 };
    for (int i = 0; i < TIMES; i++) {
        open_by("several-heads", NULL);
        close_lessons();
    }
    double ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC / TIMES;
    print_message("a lesson opens in %.2f ms\n", ms);
    assert_true(ms < 20);
}

TEST(unknown_lessons_are_named_with_the_one_that_was_meant)
{
    struct lesson lesson = {0};
    assert_error(lesson_open("one-haed", NULL, &lesson, NULL), QKV_ERR_IO, "did you mean 'one-head'?");
    assert_error(lesson_open("zzzzzzzzz", NULL, &lesson, NULL), QKV_ERR_IO, "the lessons: one-head, several-heads");
    assert_error(lesson_open("no/such.yaml", NULL, &lesson, NULL), QKV_ERR_IO, "cannot open no/such.yaml");
    assert_error(lesson_open("/", NULL, &lesson, NULL), QKV_ERR_IO, "cannot read /");
}

TEST(a_sentence_of_ones_own_has_no_script_and_guessed_words_are_marked)
{
    const struct lesson_options options = {.sentence = "The zorgle slept because she's tired"};
    const struct lesson *lesson = open_by("one-head", &options);
    assert_int_equal(lesson->n_stops, 0);
    assert_int_equal(lesson->sentence.words.n, 6);
    const bool guessed[] = {false, true, false, false, false, false};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(lesson->sentence.guessed[i], guessed[i]);
}

TEST(settings_from_outside_replace_the_lessons_own)
{
    assert_int_equal(tape_find(&open_lesson("one-head", "scale=none")->tape, "scaled"), -1);
    struct lesson lesson = {0};
    assert_error(lesson_open("one-head", &(struct lesson_options){.set = (const char *[]){"mask=casual"}, .n_set = 1},
                             &lesson, NULL),
                 QKV_ERR_DOMAIN, "did you mean 'causal'?");
    assert_error(
        lesson_open("one-head", &(struct lesson_options){.set = (const char *[]){"mask"}, .n_set = 1}, &lesson, NULL),
        QKV_ERR_DOMAIN, "KEY=VALUE");
}

/* ---- what the texts claim ---- */

static size_t word(const struct lesson *lesson, const char *text)
{
    for (size_t i = 0; i < lesson->sentence.words.n; i++)
        if (strcmp(lesson->sentence.words.v[i], text) == 0)
            return i;
    fail_msg("the sentence has no word '%s'", text);
    return 0;
}

static size_t column(const struct tensor *t, size_t head, const char *text)
{
    for (size_t i = 0; i < t->axis[AXIS_COL].size; i++)
        if (axis_label(&t->axis[AXIS_COL], head, i) && strcmp(axis_label(&t->axis[AXIS_COL], head, i), text) == 0)
            return i;
    fail_msg("there is no column '%s'", text);
    return 0;
}

/* A number that a lesson's text says, where it says it. `row` NULL: row 0. `col` NULL: column 0. */
struct claim {
    const char *lesson, *step;
    size_t head; /* from 1 */
    const char *row, *col;
    double says; /* to two decimals */
    bool largest_of_row;
};

static const struct claim claims[] = {
    {"one-head", "X", 1, "cat", "plural", -1, false},
    {"one-head", "X", 1, "it", "animate", 0, false},
    {"one-head", "Q", 1, "it", "noun", 3, true},
    {"one-head", "Q", 1, "it", "animate", 2, false},
    {"one-head", "Q", 1, "it", "plural", -2, false},
    {"one-head", "K", 1, "cat", "noun", 1, false},
    {"one-head", "K", 1, "cat", "animate", 1, false},
    {"one-head", "K", 1, "cat", "plural", -1, false},
    {"one-head", "scores", 1, "it", "cat", 7, true},
    {"one-head", "scores", 1, "it", "it", 2, false},
    {"one-head", "scaled", 1, "it", "cat", 3.5, true},
    {"one-head", "scaled", 1, "it", "it", 1, false},
    {"one-head", "row_max", 1, "it", NULL, 3.5, false},
    {"one-head", "exponentials", 1, "it", "cat", 1, true},
    {"one-head", "exponentials", 1, "it", "it", 0.08, false},
    {"one-head", "exponentials", 1, "it", "sat", 0.03, false},
    {"one-head", "row_sums", 1, "it", NULL, 1.23, false},
    {"one-head", "row_sums", 1, "The", NULL, 7, false},
    {"one-head", "weights", 1, "it", "cat", 0.81, true},
    {"one-head", "weights", 1, "it", "it", 0.07, false},
    {"one-head", "weights", 1, "The", "tired", 0.14, false},
    {"one-head", "heads", 1, "it", "animate", 0.81, false},
    {"several-heads", "X", 1, "it", "position", 4, false},
    {"several-heads", "X", 1, "it", "position squared", 16, true},
    {"several-heads", "Q_heads", 2, "it", "position", 24, true},
    {"several-heads", "Q_heads", 2, "it", "squared", -4, false},
    {"several-heads", "K_heads", 2, "because", "position", 3, false},
    {"several-heads", "K_heads", 2, "because", "squared", 9, true},
    {"several-heads", "Q_heads", 3, "tired", "noun", 30, true},
    {"several-heads", "scores", 2, "it", "because", 36, true},
    {"several-heads", "scores", 2, "it", "sat", 32, false},
    {"several-heads", "scores", 2, "it", "it", 32, false},
    {"several-heads", "scores", 2, "it", "cat", 20, false},
    {"several-heads", "scores", 2, "it", "was", 20, false},
    {"several-heads", "scores", 2, "was", "it", 64, true},
    {"several-heads", "scores", 2, "was", "because", 60, false},
    {"several-heads", "scores", 2, "was", "was", 60, false},
    {"several-heads", "scores", 3, "tired", "cat", 35.75, true},
    {"several-heads", "scaled", 2, "it", "because", 18, true},
    {"several-heads", "weights", 1, "it", "cat", 0.81, true},
    {"several-heads", "weights", 2, "because", "sat", 0.79, true},
    {"several-heads", "weights", 2, "The", "The", 0.88, true},
    {"several-heads", "weights", 3, "tired", "cat", 0.97, true},
    {"several-heads", "weights", 3, "tired", "it", 0.03, false},
    {"several-heads", "heads", 2, "tired", "verb", 0.79, true},
    {"several-heads", "heads", 2, "tired", "noun", 0, false},
    {"several-heads", "heads", 3, "it", "animate", 0.02, false},
    {"several-heads", "output", 1, "it", "animate", 0.83, false},
    {"several-heads", "output", 1, "tired", "animate", 1.11, false},
    {"causal-mask", "Q", 1, "it", "noun", 3, true},
    {"causal-mask", "K", 1, "cat", "plural", -1, false},
    {"causal-mask", "scores", 1, "it", "cat", 7, true},
    {"causal-mask", "scaled", 1, "it", "cat", 3.5, true},
    {"causal-mask", "masked", 1, "it", "cat", -INFINITY, false},
    {"causal-mask", "row_max", 1, "it", NULL, 1, false},
    {"causal-mask", "exponentials", 1, "it", "Because", 0.37, false},
    {"causal-mask", "row_sums", 1, "it", NULL, 1.37, false},
    {"causal-mask", "row_sums", 1, "Because", NULL, 1, false},
    {"causal-mask", "row_sums", 1, "slept", NULL, 7, false},
    {"causal-mask", "weights", 1, "it", "Because", 0.27, false},
    {"causal-mask", "weights", 1, "it", "it", 0.73, true},
    {"causal-mask", "weights", 1, "Because", "Because", 1, true},
    {"causal-mask", "weights", 1, "cat", "it", 0.29, false},
    {"causal-mask", "weights", 1, "cat", "cat", 0.29, false},
    {"causal-mask", "heads", 1, "it", "animate", 0, false},
    {"causal-mask", "heads", 1, "cat", "animate", 0.29, false},
};

TEST_ROWS_BY(every_number_a_text_says_is_the_one_in_the_cell, claims, c, lesson)
{
    const struct lesson *lesson = open_by(c->lesson, NULL);
    const struct tensor *t = value_of(&lesson->tape, c->step);
    size_t row = word(lesson, c->row), col = c->col ? column(t, c->head - 1, c->col) : 0;
    double is = *tensor_at(t, c->head - 1, row, col), most = -INFINITY;
    for (size_t k = 0; k < t->axis[AXIS_COL].size; k++)
        most = fmax(most, *tensor_at(t, c->head - 1, row, k));
    if (!(is == c->says || fabs(is - c->says) <= 0.005) || (c->largest_of_row && is != most))
        fail_msg("%s[%s, %s] is %g, the largest of its row %g; the text says %g", c->step, c->row, c->col ? c->col : "",
                 is, most, c->says);
}

static double sum(const struct tensor *t, size_t head, size_t at, bool column_wise)
{
    double total = 0;
    for (size_t i = 0; i < t->axis[column_wise ? AXIS_ROW : AXIS_COL].size; i++)
        total += column_wise ? *tensor_at(t, head, i, at) : *tensor_at(t, head, at, i);
    return total;
}

TEST(in_one_head_rows_sum_to_1_and_the_column_of_cat_to_1_79)
{
    const struct lesson *lesson = open_lesson("one-head", NULL);
    for (size_t t = 0; t < 7; t++)
        assert_close(sum(value_of(&lesson->tape, "weights"), 0, t, false), 1, 1e-12);
    assert_close(sum(value_of(&lesson->tape, "weights"), 0, word(lesson, "cat"), true), 1.79, 0.005);
}

TEST(in_one_head_the_pair_it_and_cat_fits_best_of_all)
{
    const struct lesson *lesson = open_lesson("one-head", NULL);
    const struct tensor *scores = value_of(&lesson->tape, "scores");
    size_t it = word(lesson, "it"), cat = word(lesson, "cat");
    for (size_t t = 0; t < 7; t++)
        for (size_t s = 0; s < 7; s++)
            assert_true((t == it && s == cat) || *tensor_at(scores, 0, t, s) < *tensor_at(scores, 0, it, cat));
    /* "find the two words that none of these eight features describes", "which five ask for nothing at all" */
    size_t blank = 0, silent = 0;
    for (size_t t = 0; t < 7; t++) {
        const struct tensor *x = value_of(&lesson->tape, "X"), *q = value_of(&lesson->tape, "Q");
        bool any = false, asks = false;
        for (size_t i = 0; i < x->axis[AXIS_COL].size; i++)
            any = any || *tensor_at(x, 0, t, i) != 0;
        for (size_t i = 0; i < q->axis[AXIS_COL].size; i++)
            asks = asks || *tensor_at(q, 0, t, i) != 0;
        blank += !any;
        silent += !asks;
    }
    assert_int_equal(blank, 2);
    assert_int_equal(silent, 5);
}

TEST(in_several_heads_head_2_looks_one_back_and_head_3_rests_near_itself)
{
    const struct lesson *lesson = open_lesson("several-heads", NULL);
    const struct tensor *weights = value_of(&lesson->tape, "weights");
    for (size_t head = 1; head <= 2; head++)
        for (size_t t = 0; t < 7; t++) {
            size_t most = 0;
            for (size_t s = 0; s < 7; s++)
                if (*tensor_at(weights, head, t, s) > *tensor_at(weights, head, t, most))
                    most = s;
            bool adjective = head == 2 && t == word(lesson, "tired");
            assert_int_equal(most, adjective ? word(lesson, "cat") : head == 1 && t > 0 ? t - 1 : t);
        }
    /* "The places add 5.75, which is 13.75 less than they add for tired itself" */
    const struct tensor *q = value_of(&lesson->tape, "Q_heads"), *k = value_of(&lesson->tape, "K_heads");
    size_t tired = word(lesson, "tired"), cat = word(lesson, "cat");
    double add[2] = {0, 0};
    for (size_t i = 2; i < 4; i++) {
        add[0] += *tensor_at(q, 2, tired, i) * *tensor_at(k, 2, cat, i);
        add[1] += *tensor_at(q, 2, tired, i) * *tensor_at(k, 2, tired, i);
    }
    assert_close(add[0], 5.75, 1e-9);
    assert_close(add[1] - add[0], 13.75, 1e-9);
}

TEST(the_causal_mask_blocks_21_of_49_cells)
{
    const struct lesson *lesson = open_lesson("causal-mask", NULL);
    const struct tensor *masked = value_of(&lesson->tape, "masked");
    size_t blocked = 0;
    for (size_t i = 0; i < tensor_cells(masked); i++)
        blocked += isinf(masked->v[i]) != 0;
    assert_int_equal(tensor_cells(masked), 49);
    assert_int_equal(blocked, 21);
}

TEST(without_the_mask_it_would_keep_0_09_and_learn_0_81)
{
    const struct lesson *lesson = open_lesson("causal-mask", "mask=none");
    const struct tensor *weights = value_of(&lesson->tape, "weights"), *heads = value_of(&lesson->tape, "heads");
    size_t it = word(lesson, "it");
    assert_close(*tensor_at(weights, 0, it, 0) + *tensor_at(weights, 0, it, it), 0.09, 0.005);
    assert_close(*tensor_at(heads, 0, it, column(heads, 0, "animate")), 0.81, 0.005);
}
