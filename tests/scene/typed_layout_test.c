/* Sentences that a person may type: every one that is taken is laid out, at the usual size and in the smallest window,
 * with the fonts that are there. */
#include "test_view.h"

#include "lesson/text/tokens.h"
#include "page_check.h"
#include "scene/view.h"
#include "support/sample.h"
#include "support/typed.h"

/* Of these a sample takes one in so many. */
enum { FUZZED = 200, FUZZED_EVERY = 5, WORDS_EVERY = 7, STEP_EVERY = 3, LINE_EVERY = 6 };

static const float sizes[][2] = {{1280, 800}, {640, 480}};

static void check(struct view *view)
{
    page_run_check(view, "typed");
}

/* Every step as it is, and with its last cell pointed at. */
static void check_walk(struct test_view *v)
{
    for (size_t at = 0; at < v->lesson.walk.n; at++) {
        const struct walk_step *s = &v->lesson.walk.steps[at];
        const struct axis *axis = v->lesson.tape.steps[s->step].value.axis;
        v->state.position = walk_whole(&v->lesson.walk, at);
        check(&v->view);
        v->state.compare = COMPARE_NONE; /* of the lesson's own step, whatever a stop opens */
        v->state.cursor = (struct cursor){true, s->step, 0, axis[AXIS_ROW].size - 1, axis[AXIS_COL].size - 1};
        check(&v->view);
        v->state.cursor.on = false;
        v->state.compare = COMPARE_BY_STOP;
    }
    v->state.page = PAGE_OVERVIEW;
    check(&v->view);
    v->state.page = PAGE_WALK;
}

/* While it is typed: the caret at the end and at the start, some of it selected. */
static void check_field(struct view *view, const char *sentence)
{
    view->field.on = true;
    str_add(&view->field.text, sentence);
    view->field.caret = view->field.anchor = view->field.text.n;
    check(view);
    view->field.caret = 0;
    check(view);
    str_finish(&view->field.text);
    view->field = (struct text_field){0};
}

/* True: it was taken. */
static bool check_sentence(const char *name, const char *sentence)
{
    OWN(test_view) v = {0};
    struct lesson_options options = {.overrides = &(struct overrides){.sentence = sentence}};
    struct qkv_err err = lesson_open(name, &options, &v.lesson, NULL);
    bool taken = !err.code;
    /* What is refused is said in the place where it was typed. */
    if (!taken)
        assert_ok(lesson_open(name, NULL, &v.lesson, NULL));
    test_view_start(&v);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        v.view.width = sizes[i][0];
        v.view.height = sizes[i][1];
        if (taken)
            check_walk(&v);
        v.view.message = taken ? NULL : err.what;
        check_field(&v.view, sentence);
        v.view.message = NULL;
    }
    return taken;
}

TEST(sentences_of_1_to_64_words_are_laid_out)
{
    enum { WORDS = 64 };
    char sentence[WORDS * TYPED_WORD + 1] = "";
    for (size_t n = 1; n <= WORDS; n++) {
        strcat(strcat(sentence, typed_word(n)), " ");
        if (sampled(n - 1, WORDS_EVERY)) /* the shortest and the longest among them */
            assert_true(check_sentence(n % 2 ? "one-head" : "several-heads", sentence));
    }
    page_run_passes();
}

/* A step whole, with a cell in its middle pointed at, and a part of it. */
static void check_large_step(struct test_view *v, size_t at)
{
    const struct walk_step *s = &v->lesson.walk.steps[at];
    v->state.position = walk_whole(&v->lesson.walk, at);
    v->state.cursor = (struct cursor){true, s->step, 0, s->rows / 2, s->cols / 2};
    check(&v->view);
    v->state.cursor.on = false;
    zoom_set(&v->view, &test_state(&v->view)->zoom, (struct section){s->rows / 3, 24},
             (struct section){s->cols / 3, 48});
    check(&v->view);
    v->state.zoom = (struct zoom){0};
    check(&v->view);
}

TEST(sentences_of_200_and_1024_words_are_laid_out)
{
    static const struct {
        size_t words, every; /* every so many-th step */
    } rows[] = {{200, 1}, {1024, 5}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        OWN(str) sentence = {0};
        for (size_t n = 0; n < rows[i].words; n++)
            str_addf(&sentence, "%s ", typed_word(n));
        OWN(test_view) v = {0};
        const struct lesson_options options = {.overrides = &(struct overrides){.sentence = str_text(&sentence)}};
        assert_ok(lesson_open("several-heads", &options, &v.lesson, NULL));
        test_view_start(&v);
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            v.view.width = sizes[k][0];
            v.view.height = sizes[k][1];
            v.state.theme = (int)k;
            for (size_t at = k; at < v.lesson.walk.n; at += rows[i].every * (test_all() ? 1 : STEP_EVERY))
                check_large_step(&v, at);
        }
        v.state.page = PAGE_OVERVIEW;
        check(&v.view);
    }
    page_run_passes();
}

TEST(whatever_is_typed_is_laid_out)
{
    uint64_t seed = 11;
    size_t taken = 0, done = 0;
    for (int round = 0; round < FUZZED; round++) {
        char sentence[4096] = "";
        /* Every fourth holds what is refused. */
        typed_add(sentence, 1 + round % 30, round % 4 ? TYPED_TAKEN : TYPED_TEXT, &seed);
        if (!sampled((size_t)round, FUZZED_EVERY))
            continue;
        done++;
        taken += check_sentence(round % 3 ? "one-head" : "several-heads", sentence);
    }
    print_message("%zu of %zu sentences were taken\n", taken, done);
    assert_true(taken > done / 3 && taken < done);
    page_run_passes();
}

TEST(a_line_of_all_bytes_allowed_is_shown_in_its_box)
{
    enum { BYTES_MOST = 16 * 1024 }; /* of a field */
    for (size_t i = 0; i < TYPED_TAKEN; i++) {
        OWN(str) text = {0};
        if (!sampled(i, LINE_EVERY))
            continue;
        while (text.n + strlen(typed_pieces[i]) <= BYTES_MOST)
            str_add(&text, typed_pieces[i]);
        OWN(test_view) v;
        test_view_open(&v, "one-head");
        check_field(&v.view, text.v);
    }
    page_run_passes();
}

TEST_GROUP(page_run_begin, page_run_end)
