/* The quick way of an edit: page and numbers are those of reading the lesson again, bit for bit. */
#include "test_app.h"

#include "app/edit.h"
#include "lesson/edit.h"

#include <stdio.h>
#include <string.h>

static uint64_t luck = 512;

/* ---- two apps, one of which takes no quick way ---- */

static void assert_same_tape(const char *lesson, const char *which, const struct tape *a, const struct tape *b)
{
    if (a->n != b->n)
        fail_msg("%s, %s: %zu steps, %zu when read again", lesson, which, a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        const struct tensor *x = &a->steps[i].value, *y = &b->steps[i].value;
        assert_string_equal(a->steps[i].spec.name, b->steps[i].spec.name);
        assert_int_equal(tensor_cells(x), tensor_cells(y));
        if (memcmp(x->v, y->v, tensor_cells(x) * sizeof *x->v) != 0)
            fail_msg("%s, %s: %s has other numbers than when read again", lesson, which, a->steps[i].spec.name);
    }
}

static void assert_same_lesson(const struct lesson *a, const struct lesson *b)
{
    assert_same_tape(b->name, "the lesson", &a->tape, &b->tape);
    assert_same_tape(b->name, "beside", &a->beside.tape, &b->beside.tape);
    assert_int_equal(a->beside.on, b->beside.on);
    assert_true(a->beside.difference == b->beside.difference);
    assert_int_equal(a->n_stops, b->n_stops);
    for (size_t i = 0; i < a->n_stops; i++)
        assert_string_equal(a->stops[i].say, b->stops[i].say);
}

static void assert_same_app(struct app *quick, struct app *slow)
{
    assert_same_lesson(&quick->lesson, &slow->lesson);
    assert_same_tape(slow->lesson.name, "the comparison", &quick->comparison.tape, &slow->comparison.tape);
    assert_int_equal(quick->view.baseline != NULL, slow->view.baseline != NULL);
    if (slow->view.baseline)
        assert_same_tape(slow->lesson.name, "the baseline", &quick->view.baseline->tape, &slow->view.baseline->tape);
    assert_int_equal(quick->history.undo.n, slow->history.undo.n);
    struct str got = page_text(quick), wanted = page_text(slow), here = {0}, there = {0};
    if (strcmp(str_text(&got), str_text(&wanted)) != 0)
        fail_msg("%s: another page than when read again", slow->lesson.name);
    state_print(quick, &here);
    state_print(slow, &there);
    assert_string_equal(str_text(&here), str_text(&there));
    str_finish(&got);
    str_finish(&wanted);
    str_finish(&here);
    str_finish(&there);
}

/* ---- a person who edits ---- */

static double another_number(const struct app *app, const struct cursor *cell)
{
    double now = edit_value(app, cell);
    if (edit_is_mask(app, cell))
        return now == 0;
    switch (chance(&luck, 10)) {
    case 0:
        return 0;
    case 1:
        return 1e300; /* too large for most of what is made of it */
    case 2:
        return -now;
    default:
        return (double)chance(&luck, 2000) / 500 - 2;
    }
}

static bool find_input(const struct app *app, struct cursor *ret)
{
    const struct tape *tape = &app->lesson.tape;
    for (int tries = 0; tries < 100; tries++) {
        struct cursor cell = {.on = true, .step = (int)chance(&luck, tape->n)};
        const struct axis *axis = tape->steps[cell.step].value.axis;
        cell.head = chance(&luck, axis[AXIS_HEAD].size);
        cell.row = chance(&luck, axis[AXIS_ROW].size);
        cell.col = chance(&luck, axis[AXIS_COL].size);
        *ret = cell;
        if (edit_is_possible(app, &cell))
            return true;
    }
    return false;
}

static void act(struct app *apps[2], size_t *edits)
{
    static const int commands[] = {CMD_UNDO,    CMD_UNDO, CMD_REDO,      CMD_RESET, CMD_RESET_ALL,
                                   CMD_COMPARE, CMD_BACK, CMD_HEAD_NEXT, CMD_STEP,  CMD_FORWARD};
    struct cursor cell;
    bool edit = chance(&luck, 10) < 6 && find_input(apps[1], &cell);
    int command = commands[chance(&luck, sizeof commands / sizeof commands[0])];
    double value = edit ? another_number(apps[1], &cell) : 0;
    bool points = !edit && command == CMD_RESET && find_input(apps[1], &cell);
    for (int i = 0; i < 2; i++) {
        if (points)
            apps[i]->state.cursor = cell;
        if (edit)
            edit_cell(apps[i], &cell, value);
        else
            give(apps[i], command, 0);
    }
    *edits += edit;
}

static void edits_of_every_lesson_are_those_of_reading_it_again(void **state)
{
    (void)state;
    enum { ROUNDS = 60 };
    size_t edits = 0;
    for (size_t i = 0; builtin_lesson_name(i); i++) {
        struct app quick, slow;
        struct app *const apps[2] = {&quick, &slow};
        assert_ok(app_init(&quick, builtin_lesson_name(i), NULL, fake_measure));
        assert_ok(app_init(&slow, builtin_lesson_name(i), NULL, fake_measure));
        slow.from_text = true;
        for (int k = 0; k < ROUNDS; k++) {
            act((struct app **)apps, &edits);
            assert_same_app(&quick, &slow);
        }
        app_finish(&quick);
        app_finish(&slow);
    }
    printf("%zu edits\n", edits);
    assert_true(edits > 500);
}

/* Or the test above would compare the slow way with itself. */
static void edits_of_most_inputs_take_the_quick_way(void **state)
{
    (void)state;
    size_t possible = 0, quick = 0;
    for (size_t i = 0; builtin_lesson_name(i); i++) {
        struct lesson lesson, copy;
        assert_ok(lesson_open(builtin_lesson_name(i), NULL, &lesson, NULL));
        for (size_t s = 0; s < lesson.tape.n; s++) {
            struct edit edit = {.value = 0.5};
            const struct step *step = &lesson.tape.steps[s];
            snprintf(edit.tensor, sizeof edit.tensor, "%s", step->spec.name);
            if (step->spec.op != OP_INPUT || step->spec.scale == SCALE_MASK)
                continue;
            assert_ok(lesson_copy(&lesson, &copy));
            possible++;
            struct qkv_err err = lesson_edit(&copy, &edit, 1, NULL);
            quick += !err.code;
            if (!err.code) {
                assert_int_equal(copy.n_stops, 0);
                assert_true(copy.tape.steps[s].value.v[0] == 0.5);
            }
            if (!err.code && !copy.edits.beside_lost) {
                assert_ok(lesson_edit(&copy, NULL, 0, NULL));
                assert_same_lesson(&copy, &lesson);
            }
            lesson_finish(&copy);
        }
        lesson_finish(&lesson);
    }
    printf("%zu of %zu inputs\n", quick, possible);
    assert_true(quick * 10 > possible * 9);
}

static void a_copy_outlives_what_it_was_copied_from(void **state)
{
    (void)state;
    struct lesson lesson, copy;
    assert_ok(lesson_open("query-chunks", NULL, &lesson, NULL));
    assert_ok(lesson_copy(&lesson, &copy));
    size_t n = lesson.tape.n;
    lesson_finish(&lesson);
    assert_int_equal(copy.tape.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(tape_find(&copy.tape, copy.tape.steps[i].spec.name), i);
    assert_true(copy.n_stops > 0 && copy.stops[0].say[0]);
    lesson_finish(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_of_every_lesson_are_those_of_reading_it_again),
        cmocka_unit_test(edits_of_most_inputs_take_the_quick_way),
        cmocka_unit_test(a_copy_outlives_what_it_was_copied_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
