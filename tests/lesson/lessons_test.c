/* The built-in lessons: they open, and what their texts claim is what their numbers say. */
#include "lesson/opened.h"

#include "lesson/text/builtin.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ---- every lesson ---- */

/* `set` is a setting, "KEY=VALUE", or NULL. */
static const struct lesson *open_lesson(const char *name, const char *set)
{
    return open_by(name, &(struct lesson_options){.overrides = &(struct overrides){.set = &set, .n_set = set != NULL}});
}

/* What every lesson keeps to; NULL: all of it. */
static const char *what_lacks(const struct lesson *lesson, size_t n)
{
    bool walked[STAGE_COUNT] = {0}, told[STAGE_COUNT] = {0};
    const char *next = builtin_lessons[n + 1];
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
    for (size_t n = 0; (name = builtin_lessons[n]); n++) {
        OWN(lesson) lesson = {0};
        struct diagnostics diagnostics = {0};
        assert_ok(lesson_open(name, NULL, &lesson, &diagnostics));
        assert_int_equal(diagnostics.n, 0);
        const char *lacks = what_lacks(&lesson, n);
        if (lacks)
            fail_msg("%s %s", name, lacks);
    }
    assert_string_equal(builtin_lessons[0], "one-head");
}

TEST(a_heading_is_read_without_computing_anything)
{
    const struct lesson *lesson = open_by("translation", &(struct lesson_options){.heading_only = true});
    assert_true(lesson->title && lesson->tab && lesson->group && lesson->next && lesson->builds_on.n > 0);
    assert_int_equal(lesson->tape.n + lesson->sentence.words.n + lesson->n_stops, 0);
}

TEST(the_lesson_that_authors_are_shown_opens)
{
    OWN(str) text = tests_file("../lessons/README.md");
    OWN(lesson) lesson = {0};
    const char *start = strstr(str_text(&text), "title: "), *end = start ? strstr(start, "```") : NULL;
    assert_non_null(end);
    assert_ok(lesson_parse("readme", start, (size_t)(end - start), NULL, &lesson, NULL));
    assert_int_equal(lesson.n_stops, 3);
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
    assert_error(lesson_open("zzzzzzzzz", NULL, &lesson, NULL), QKV_ERR_IO, "there are one-head, several-heads");
    assert_error(lesson_open("no/such.yaml", NULL, &lesson, NULL), QKV_ERR_IO, "cannot open no/such.yaml");
    assert_error(lesson_open("/", NULL, &lesson, NULL), QKV_ERR_IO, "cannot read /");
}

TEST(settings_from_outside_replace_the_lessons_own)
{
    assert_int_equal(tape_find(&open_lesson("one-head", "scale=none")->tape, "scaled"), -1);
    struct lesson lesson = {0};
    assert_error(lesson_open("one-head",
                             &(struct lesson_options){
                                 .overrides = &(struct overrides){.set = (const char *[]){"mask"}, .n_set = 1}},
                             &lesson, NULL),
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

struct claim {
    const char *lesson, *step, *head, *row, *column, *says, *largest; /* numbers from 1 */
};

TEST_TABLE(every_number_a_text_says_is_the_one_in_the_cell, claim, "lesson/claims/numbers.tsv", c, lesson)
{
    const struct lesson *lesson = open_by(c->lesson, NULL);
    const struct tensor *t = value_of(&lesson->tape, c->step);
    size_t head = strtoul(c->head, NULL, 10) - 1, row = word(lesson, c->row);
    double is = *tensor_at(t, head, row, c->column[0] ? column(t, head, c->column) : 0), most = -INFINITY;
    double says = strtod(c->says, NULL);
    for (size_t k = 0; k < t->axis[AXIS_COL].size; k++)
        most = fmax(most, *tensor_at(t, head, row, k));
    if (!(is == says || fabs(is - says) <= 0.005) || (c->largest[0] && is != most))
        fail_msg("%s[%s, %s] is %g, the largest of its row %g; the text says %g", c->step, c->row, c->column, is, most,
                 says);
}

static const struct {
    const char *name;
} contexts[] = {{"context=last"}, {"context=dot"}, {"context=general"}, {"context=additive"}};

/* What is made for a word that is written is called by this word, also where it begins with the encoder's last state. */
TEST_ROWS(the_decoders_rows_are_called_by_the_word_that_is_written, contexts, c)
{
    static const char *const made[] = {"query",   "scores",   "exponentials",    "weights",     "context",      "shown",
                                       "row_max", "row_sums", "decoder_carried", "decoder_sum", "decoder_state"};
    OWN(overrides) overrides = {0};
    assert_ok(overrides_set(&overrides, "context", strchr(c->name, '=') + 1));
    const struct lesson *lesson = open_by("bottleneck", &(struct lesson_options){.overrides = &overrides});
    const struct axis *written = &lesson->tape.steps[tape_find(&lesson->tape, "Y")].value.axis[AXIS_ROW];
    size_t n = 0;
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        for (size_t t = 0; t < written->size; t++) {
            char name[40];
            snprintf(name, sizeof name, "%s_%zu", made[i], t + 1);
            int step = tape_find(&lesson->tape, name);
            if (step < 0)
                continue;
            n++;
            assert_string_equal(axis_label(&lesson->tape.steps[step].value.axis[AXIS_ROW], 0, 0),
                                axis_label(written, 0, t));
        }
    assert_true(n >= 3 * written->size);
}

TEST(in_one_head_the_column_of_cat_sums_to_1_79)
{
    const struct lesson *lesson = open_lesson("one-head", NULL);
    double sum = 0;
    for (size_t t = 0; t < 7; t++)
        sum += *tensor_at(value_of(&lesson->tape, "weights"), 0, t, word(lesson, "cat"));
    assert_close(sum, 1.79, 0.005);
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

/* Lessons about one picture say of each other that the scores are the same, "laid on their side", and that the shares of
 * both directions stand in the last one "number for number": 6 words, 4 regions; regions come first there. */
TEST(three_lessons_about_one_picture_have_the_same_numbers)
{
    const struct tape *words = &open_lesson("captioning", NULL)->tape;
    const struct tape *regions = &open_lesson("cross-modal", NULL)->tape;
    const struct tape *both = &open_lesson("both-ways", NULL)->tape;
    enum { WORDS = 6, REGIONS = 4, WIDTH = 3 };
    for (size_t r = 0; r < REGIONS; r++)
        for (size_t i = 0; i < WIDTH; i++)
            assert_close(*tensor_at(value_of(regions, "Q"), 0, r, i), *tensor_at(value_of(words, "K"), 0, r, i), 1e-12);
    for (size_t w = 0; w < WORDS; w++)
        for (size_t r = 0; r < REGIONS; r++) {
            double score = *tensor_at(value_of(words, "scores"), 0, w, r);
            assert_close(*tensor_at(value_of(regions, "scores"), 0, r, w), score, 1e-12);
            assert_close(*tensor_at(value_of(both, "scores"), 0, REGIONS + w, r), score, 1e-12);
            assert_close(*tensor_at(value_of(both, "weights"), 0, REGIONS + w, r),
                         *tensor_at(value_of(words, "weights"), 0, w, r), 1e-12);
            assert_close(*tensor_at(value_of(both, "weights"), 0, r, REGIONS + w),
                         *tensor_at(value_of(regions, "weights"), 0, r, w), 1e-12);
        }
    /* "the word mat had given the mat more than three quarters" */
    assert_true(*tensor_at(value_of(words, "weights"), 0, 3, 1) > 0.75);
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
