/* Recurrent computations unrolled: what is there, in what colours, and what leads where. */
#include "scene/test_figure.h"

#include <stdio.h>

static bool same_colour(struct colour a, struct colour b)
{
    return a.r == b.r && a.g == b.g && a.b == b.b && a.a == b.a;
}

static size_t count(const char *part)
{
    size_t i = 0, n = 0;
    while (next(part, &i))
        n++;
    return n;
}

static double most_of(const struct tape *tape, const char *format, size_t n)
{
    double most = 0;
    for (size_t i = 1; i <= n; i++) {
        char name[40];
        snprintf(name, sizeof name, "%s%zu", format, i);
        const struct tensor *t = &tape->steps[tape_find(tape, name)].value;
        for (size_t c = 0; c < tensor_cells(t); c++)
            most = fmax(most, fabs(t->v[c]));
    }
    return most;
}

static void assert_title(const char *text)
{
    size_t i = 0;
    assert_string_equal(display_item_text(&page, next("figure.title", &i)), text);
}

/* ---- the sum of what words add ---- */

static const struct {
    const char *name, *step, *title;
    size_t come;
} moments[] = {{"the first word", "state_1", "Word 1 of 4: The", 1},
               {"the second word", "state_2", "Word 2 of 4: cat", 2},
               {"the last word", "state_4", "Word 4 of 4: it", 4}};

TEST_ROWS(later_words_are_not_there_yet, moments, moment)
{
    OWN(test_view) v;
    open_at(&v, "linear-recurrent", moment->step);
    build_figure(&v);
    assert_title(moment->title);
    assert_int_equal(count("unrolled.word"), moment->come);
    assert_int_equal(count("unrolled.later"), 4 - moment->come);
    assert_int_equal(count("unrolled.arrow"), moment->come - 1);
    finish_page();
}

/* Every cell has the colour of the number that it points at. */
TEST_ROWS(states_have_the_colours_of_their_numbers, moments, moment)
{
    OWN(test_view) v;
    size_t i = 0, n = 0;
    open_at(&v, "linear-recurrent", moment->step);
    build_figure(&v);
    const struct tape *tape = &v.lesson.tape;
    const double most = most_of(tape, "state_", 4);
    for (const struct item *cell; (cell = next("unrolled.cell", &i)); n++) {
        const struct item *hit = display_at(&page, cell->box.x + cell->box.w / 2, cell->box.y + cell->box.h / 2).hit;
        assert_non_null(hit);
        const struct cursor *c = &hit->as.hit.cell;
        const double number = *tensor_at(&tape->steps[c->step].value, c->head, c->row, c->col);
        assert_true(same_colour(cell->fill, value_colour(&theme_table[0], SCALE_SIGNED, most, number)));
    }
    /* The film's tables, those of the sum, the key and the value. */
    assert_int_equal(n, 16 * moment->come + 2 * 16 + 2 * 4);
    finish_page();
}

TEST(what_a_word_adds_is_key_times_value)
{
    OWN(test_view) v;
    size_t i = 0;
    open_at(&v, "linear-recurrent", "state_2");
    build_figure(&v);
    const struct tape *tape = &v.lesson.tape;
    const struct tensor *before = &tape->steps[tape_find(tape, "state_1")].value,
                        *now = &tape->steps[tape_find(tape, "state_2")].value;
    const double most = most_of(tape, "state_", 4);
    for (size_t c = 0; c < tensor_cells(now); c++)
        assert_true(same_colour(next("unrolled.added", &i)->fill,
                                value_colour(&theme_table[0], SCALE_SIGNED, most, now->v[c] - before->v[c])));
    assert_null(next("unrolled.added", &i));
    finish_page();
}

/* ---- an encoder and a decoder ---- */

static const struct {
    const char *name, *step, *title;
    size_t come, shown;
} states[] = {{"the second word is read", "encoder_state_2", "Reading: word 2 of 3, l'art", 2, 0},
              {"all is read", "encoder_states", "Reading: word 3 of 3, moderne", 3, 0},
              {"nothing is written", "decoder_sum_1", "All is read, writing begins", 3, 0},
              {"one word is written", "decoder_sum_2", "Writing: word 1 of 4", 4, 1},
              {"all is written", "decoder_states", "Writing: word 4 of 4", 7, 4}};

TEST_ROWS(an_encoder_and_a_decoder_go_through_one_state, states, state)
{
    OWN(test_view) v;
    size_t i = 0;
    open_at(&v, "bottleneck", state->step);
    build_figure(&v);
    assert_title(state->title);
    assert_int_equal(count("unrolled.word"), state->come);
    assert_int_equal(count("unrolled.later"), 7 - state->come);
    assert_int_equal(count("unrolled.cell"), 4 * state->come);
    assert_int_equal(count("unrolled.neck"), state->come >= 3);
    for (size_t n = 0; n < state->shown; n++) { /* each arc leads from the neck to a word that is written */
        size_t word = 0, k = 0;
        const struct item *arc = next("unrolled.shown", &i), *neck = next("unrolled.neck", &k), *to = NULL;
        const struct point *points = page.points + arc->as.curve.at;
        for (size_t w = 0; w < 4 + n; w++)
            to = next("unrolled.word", &word);
        assert_close((double)points[0].x, (double)(neck->box.x + neck->box.w / 2), 0.5);
        assert_close((double)points[arc->as.curve.n - 1].x, (double)(to->box.x + to->box.w / 2), 1);
    }
    assert_null(next("unrolled.shown", &i));
    finish_page();
}
