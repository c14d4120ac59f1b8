/* Undo, redo, state lines: whatever a person changes, the way back is exact. */
#include "snapshot.h"
#include "test_app.h"

#include "app/parts.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMANDS = 10000 };

static uint64_t luck = 20251121;

/* ---- a person who changes things ---- */

static void point_at_an_input(struct app *app)
{
    const struct tape *tape = &app->doc.lesson->tape;
    struct cursor cell = {.on = true};
    for (int tries = 0; tries < 50; tries++) {
        cell.step = (int)chance(&luck, tape->n);
        if (tape->steps[cell.step].spec.op == OP_INPUT)
            break;
    }
    const struct axis *axis = tape->steps[cell.step].value.axis;
    cell.head = chance(&luck, axis[AXIS_HEAD].size);
    cell.row = chance(&luck, axis[AXIS_ROW].size);
    cell.col = chance(&luck, axis[AXIS_COL].size);
    app->state.page = PAGE_WALK;
    app->state.compare = COMPARE_NONE;
    app->state.cursor = cell;
}

static void type_number(struct app *app)
{
    static const char *const texts[] = {"0.1", "-2", "1e3", "0", "nonsense", "1e999", "0.30000000000000004", ""};
    give(app, CMD_EDIT, 0);
    if (!app->input.field.on)
        return;
    type(app, texts[chance(&luck, sizeof texts / sizeof texts[0])]);
    key(app, "Return");
    app->input.field.on = false; /* what was refused is left */
}

static void type_sentence(struct app *app)
{
    static const char *const texts[] = {"the dogs slept", "it", "小狗睡着了", "", "\"quoted\" \\ words"};
    give(app, CMD_SENTENCE, 0);
    type(app, texts[chance(&luck, sizeof texts / sizeof texts[0])]);
    key(app, "Return");
    app->input.field.on = false;
}

static char *clipboard_get(void)
{
    static const char *const texts[] = {"1", "0\t1\n1\t0\n", "0.25,-3", "x", "1;2;3;4;5;6;7;8;9;10"};
    return strdup(texts[chance(&luck, sizeof texts / sizeof texts[0])]);
}

static void paste(struct app *app)
{
    app->clipboard.get = clipboard_get;
    point_at_an_input(app);
    give(app, CMD_PASTE, 0);
}

/* Any command of those that change nothing but where one looks, and does so at once: playing goes on by itself. */
static void look(struct app *app)
{
    int command = (int)chance(&luck, CMD_COUNT);
    enum command_group group = command_shown(command)->group;
    if (command != CMD_PLAY && command != CMD_QUIT &&
        (group == GROUP_WALK || group == GROUP_LOOK || group == GROUP_PAGES || group == GROUP_SCREEN))
        give(app, command, (int)chance(&luck, 20));
}

static void act(struct app *app)
{
    size_t kind = chance(&luck, 100);
    if (kind < 8) {
        static const int changes[] = {CMD_EDIT_UP,      CMD_EDIT_DOWN,  CMD_RESET, CMD_RESET_ALL, CMD_WORD_REMOVE,
                                      CMD_WORD_EARLIER, CMD_WORD_LATER, CMD_BLOCK, CMD_COMPARE,   CMD_HEAD_SWITCH};
        if (chance(&luck, 3))
            point_at_an_input(app);
        else
            give(app, CMD_CURSOR_DOWN, 0);
        give(app, changes[chance(&luck, sizeof changes / sizeof changes[0])], 0);
    } else if (kind < 12) {
        point_at_an_input(app);
        type_number(app);
        paste(app);
    } else if (kind < 13) {
        type_sentence(app);
    } else if (kind < 14) {
        give(app, CMD_LESSON, (int)chance(&luck, 40));
    } else if (kind < 16) {
        static const int turns[] = {CMD_SETTING_MORE, CMD_SETTING_LESS, CMD_SETTING_CHOOSE, CMD_SETTING_OWN};
        app->state.settings.on = app->state.settings.on || chance(&luck, 2);
        give(app, CMD_SETTING_FOCUS, (int)chance(&luck, 24));
        give(app, turns[chance(&luck, 4)], (int)chance(&luck, 4));
    } else if (kind < 19) {
        give(app, chance(&luck, 2) ? CMD_UNDO : CMD_REDO, 0);
    } else {
        look(app);
    }
}

TEST(as_many_undos_give_the_first_state_bit_for_bit)
{
    struct app app = app_at("several-heads", NULL);
    struct snapshot first = snapshot_of(&app);
    for (int k = 0; k < COMMANDS; k++)
        act(&app);
    struct snapshot last = snapshot_of(&app);
    size_t changes = app.history.undo.n;
    assert_true(changes > 100);
    for (int k = 0; k < COMMANDS && strstr(app.message, "nothing to undo") == NULL; k++)
        give(&app, CMD_UNDO, 0);
    struct snapshot undone = snapshot_of(&app);
    assert_same_snapshot(&undone, &first);
    for (int k = 0; k < COMMANDS && strstr(app.message, "nothing to do again") == NULL; k++)
        give(&app, CMD_REDO, 0);
    struct snapshot again = snapshot_of(&app);
    assert_same_snapshot(&again, &last);
    printf("%zu changes undone and done again\n", changes);
    snapshot_finish(&first);
    snapshot_finish(&last);
    snapshot_finish(&undone);
    snapshot_finish(&again);
    app_finish(&app);
}

TEST(a_state_line_brings_every_change_along)
{
    struct app app = app_at("causal-mask", NULL);
    struct app fresh = app_at(NULL, NULL);
    for (int k = 0; k < 1500; k++) {
        act(&app);
        if (k % 15)
            continue;
        struct str line = {0};
        state_print(&app, &line);
        struct qkv_err err = state_apply(&fresh, str_text(&line));
        if (err.code)
            fail_msg("\"%s\": %s", str_text(&line), err.what);
        struct snapshot here = snapshot_of(&app), there = snapshot_of(&fresh);
        assert_same_snapshot(&here, &there);
        app.message[0] = fresh.message[0] = 0;
        app.flash = fresh.flash = 0;
        fresh.state.choice = app.state.choice;
        struct str wanted = page_text(&app), got = page_text(&fresh);
        if (strcmp(str_text(&wanted), str_text(&got)) != 0)
            fail_msg("\"%s\" gives another page", str_text(&line));
        str_finish(&wanted);
        str_finish(&got);
        str_finish(&line);
        snapshot_finish(&here);
        snapshot_finish(&there);
    }
    app_finish(&app);
    app_finish(&fresh);
}

/* Each has to mean what it means in the usual order: the step and what it is compared with before what lies in it. */
static const struct {
    const char *wanted, *line;
} order_cases[] = {
    {"at=Q compare=yes cell=beside:Q,1,7,2", "cell=beside:Q,1,7,2 compare=yes at=Q"},
    {"at=Q compare=yes", "compare=yes at=Q"},
    {"at=Q row-zoom=3,9,12,others", "row-zoom=3,9,12,others at=Q"},
    {NULL, "at=Q row-zoom=5,9,12,others"},
    {NULL, "at=Q col-zoom=0,9,12,words"},
    {NULL, "cell=K_low,1,1,1 at=Q compare=yes"},
    {NULL, "zoom=1,8,1,5 at=weights"},
};

TEST(words_of_a_state_line_may_stand_in_any_order)
{
    for (size_t i = 0; i < sizeof order_cases / sizeof order_cases[0]; i++) {
        struct str wanted = {0}, got = {0};
        struct app app = app_at("low-rank", NULL);
        if (order_cases[i].wanted)
            assert_ok(state_apply(&app, order_cases[i].wanted));
        state_print(&app, &wanted);
        struct qkv_err err = state_apply(&app, order_cases[i].line);
        if (err.code != (order_cases[i].wanted ? QKV_OK : QKV_ERR_DOMAIN))
            fail_msg("\"%s\": %s", order_cases[i].line, err.what);
        state_print(&app, &got);
        assert_string_equal(got.v, wanted.v);
        str_finish(&wanted);
        str_finish(&got);
        app_finish(&app);
    }
}

/* What is shown of weights that a step before left zoomed belongs to the page, though the result is whole. */
TEST(a_state_line_brings_the_zoom_of_operands_along)
{
    struct app app = app_at("mistake-concat-shuffle", NULL);
    struct app fresh = app_at(NULL, NULL);
    assert_ok(state_apply(&app, "at=X"));
    app.state.zoom.col = (struct zoom_axis){{2, 8}, 12, false};
    app_go(&app, walk_whole(&app.doc.lesson->walk, 1));
    struct str line = {0}, whole = page_text(&fresh);
    state_print(&app, &line);
    assert_ok(state_apply(&fresh, str_text(&line)));
    struct str wanted = page_text(&app), got = page_text(&fresh);
    assert_string_equal(str_text(&got), str_text(&wanted));
    fresh.state.zoom = (struct zoom){0};
    str_finish(&whole);
    whole = page_text(&fresh);
    assert_string_not_equal(str_text(&whole), str_text(&wanted));
    str_finish(&line);
    str_finish(&whole);
    str_finish(&wanted);
    str_finish(&got);
    app_finish(&app);
    app_finish(&fresh);
}

/* ---- every input of every lesson ---- */

static const struct step *named(const struct app *app, const char *name)
{
    int step = tape_find(&app->doc.lesson->tape, name);
    return step < 0 ? NULL : &app->doc.lesson->tape.steps[step];
}

TEST(every_input_of_every_lesson_can_be_changed_and_undone)
{
    size_t changed = 0, refused = 0;
    for (size_t i = 0; builtin_lesson_name(i); i++) {
        struct app app = app_at(builtin_lesson_name(i), NULL);
        struct snapshot before = snapshot_of(&app);
        size_t n = app.doc.lesson->tape.n;
        for (size_t s = 0; s < n; s++) {
            struct cursor cell = {.on = true, .step = (int)s};
            if (!edit_is_possible(&app, &cell))
                continue;
            char name[64];
            snprintf(name, sizeof name, "%s", app.doc.lesson->tape.steps[s].spec.name);
            bool mask = edit_is_mask(&app, &cell);
            double old = edit_value(&app, &cell), wanted = mask ? old == 0 : old + 0.375;
            if (!edit_cell(&app, &cell, wanted)) {
                assert_true(app.message[0] != '\0');
                refused++;
                continue;
            }
            const struct step *step = named(&app, mask ? "mask" : name);
            if (step)
                assert_true(step->value.v[0] == wanted);
            else
                assert_non_null(strstr(name, "mask")); /* a mask that blocks nothing any more is none */
            changed++;
            give(&app, CMD_UNDO, 0);
            struct snapshot after = snapshot_of(&app);
            assert_same_snapshot(&after, &before);
            snapshot_finish(&after);
        }
        snapshot_finish(&before);
        app_finish(&app);
    }
    printf("%zu inputs changed, %zu refused\n", changed, refused);
    assert_true(changed > 200);
}

/* ---- words and pairs of words ---- */

static const struct {
    const char *name, *state;
    int command;
    const char *sentence; /* NULL: it stays */
    const char *said;
    const char *word; /* that moves */
} word_cases[] = {
    {"a word is taken out", "at=X cell=X,1,2,1", CMD_WORD_REMOVE, "The sat because it was tired", "Without \"cat\"",
     NULL},
    {"a word moves forward", "at=X cell=X,1,1,1", CMD_WORD_EARLIER, NULL, "the first word already", NULL},
    {"a word moves on", "at=X cell=X,1,1,1", CMD_WORD_LATER, "cat The sat because it was tired", NULL, "The"},
    {"the last word stays the last", "at=X cell=X,1,7,1", CMD_WORD_LATER, NULL, "the last word already", NULL},
    {"the word before the last becomes the last", "at=X cell=X,1,6,1", CMD_WORD_LATER,
     "The cat sat because it tired was", NULL, "was"},
    {"the last word comes one earlier", "at=scores cell=scores,1,7,1", CMD_WORD_EARLIER,
     "The cat sat because it tired was", NULL, "tired"},
    {"without a cell there is no word", "at=X", CMD_WORD_REMOVE, NULL, "Point at a word first", NULL},
    {"a weight's row is no word", "at=Q cell=W_Q,1,1,1", CMD_WORD_REMOVE, NULL, "Point at a word first", NULL},
    {"a pair is blocked", "at=scores cell=scores,1,5,2", CMD_BLOCK, NULL, "“it” may not look at “cat”", NULL},
    {"a feature is no pair", "at=X cell=X,1,5,2", CMD_BLOCK, NULL, "Point at a cell of the scores", NULL},
};

TEST(words_are_moved_and_blocked_where_they_stand)
{
    for (size_t i = 0; i < sizeof word_cases / sizeof word_cases[0]; i++) {
        struct app app = app_at("one-head", word_cases[i].state);
        char own[256];
        snprintf(own, sizeof own, "%s", app.doc.lesson->sentence);
        give(&app, word_cases[i].command, 0);
        const char *wanted = word_cases[i].sentence ? word_cases[i].sentence : own;
        if (strcmp(app.doc.lesson->sentence, wanted) != 0)
            fail_msg("%s: \"%s\"", word_cases[i].name, app.doc.lesson->sentence);
        /* The cursor goes with its word. */
        const struct cursor *c = &app.state.cursor;
        if (word_cases[i].command != CMD_WORD_REMOVE && word_cases[i].sentence) {
            const struct axis *rows = &view_tape(VIEW(&app))->steps[c->step].value.axis[AXIS_ROW];
            assert_true(c->on);
            assert_string_equal(axis_label(rows, 0, c->row), word_cases[i].word);
        }
        if (word_cases[i].said && (!app.message[0] || !strstr(app.message, word_cases[i].said)))
            fail_msg("%s: said \"%s\"", word_cases[i].name, app.message);
        app_finish(&app);
    }
}

TEST(a_blocked_pair_has_no_weight_until_it_is_opened)
{
    struct app app = app_at("causal-mask", "at=weights cell=weights,1,3,2");
    for (int round = 0; round < 2; round++) {
        give(&app, CMD_BLOCK, 0);
        const struct step *weights = named(&app, "weights"), *mask = named(&app, "mask");
        assert_true((*tensor_at(&weights->value, 0, 2, 1) == 0) == (round == 0));
        /* What the setting blocked is blocked still. */
        assert_true(*tensor_at(&mask->value, 0, 0, 1) == 0);
        assert_true(*tensor_at(&weights->value, 0, 0, 1) == 0);
    }
    app_finish(&app);
}

TEST(a_pair_of_a_later_head_is_blocked_by_a_mask_that_all_heads_share)
{
    struct app app = app_at("several-heads", "set=mask=causal at=weights head=2 cell=weights,2,3,2");
    for (int round = 0; round < 2; round++) {
        give(&app, CMD_BLOCK, 0);
        const struct step *weights = named(&app, "weights");
        for (size_t head = 0; head < 2; head++)
            assert_true((*tensor_at(&weights->value, head, 2, 1) == 0) == (round == 0));
    }
    app_finish(&app);
}

TEST(a_pair_is_blocked_where_only_a_part_of_the_mask_is_needed)
{
    struct app app = app_at("translation", "set=evaluation=query_chunks edit=mask,1,3,2:0 at=X cell=heads,1,3,2");
    give(&app, CMD_BLOCK, 0);
    assert_string_not_equal(app.message, "");
    app_finish(&app);
}

TEST(what_was_undone_is_gone_after_another_change)
{
    struct app app = app_at("one-head", "at=X cell=X,1,1,1");
    give(&app, CMD_EDIT_UP, 0);
    give(&app, CMD_UNDO, 0);
    assert_int_equal(app.history.redo.n, 1);
    give(&app, CMD_EDIT_DOWN, 0);
    struct snapshot before = snapshot_of(&app);
    give(&app, CMD_REDO, 0);
    assert_non_null(strstr(app.message, "nothing to do again"));
    struct snapshot after = snapshot_of(&app);
    assert_same_snapshot(&after, &before);
    snapshot_finish(&before);
    snapshot_finish(&after);
    app_finish(&app);
}

/* Labels are known by what they say: a copy of a lesson keeps them somewhere else. */
TEST(pictures_stand_beside_a_change_that_came_by_either_way)
{
    struct str line = {0};
    struct app app = app_at("captioning", NULL);
    struct app fresh = app_at(NULL, NULL);
    assert_ok(state_apply(&app, "at=scaled cell=X,1,1,4"));
    give(&app, CMD_EDIT_DOWN, 0);
    give(&app, CMD_COMPARE, 0);
    assert_true(view_comparing(VIEW(&app)));
    state_print(&app, &line);
    assert_ok(state_apply(&fresh, str_text(&line)));
    app.message[0] = fresh.message[0] = 0;
    app.flash = fresh.flash = 0;
    struct str wanted = page_text(&fresh), got = page_text(&app);
    assert_string_equal(str_text(&got), str_text(&wanted));
    assert_non_null(strstr(str_text(&got), "picture"));
    str_finish(&wanted);
    str_finish(&got);
    str_finish(&line);
    app_finish(&app);
    app_finish(&fresh);
}

TEST(a_drag_is_one_change)
{
    struct display_list scratch = {0};
    struct app app = app_at("one-head", "lesson=one-head at=Q cell=W_Q,1,1,1 motion=no");
    give(&app, CMD_PIN, 0);
    assert_true(app.state.pinned);
    assert_non_null(app_draw(&app, &scratch));
    int step = tape_find(&app.doc.lesson->tape, "W_Q");
    for (size_t i = 0; i < app.page.n; i++) {
        const struct item *item = &app.page.items[i];
        if (item->kind != ITEM_HEATMAP || item->as.heatmap.step != step || strcmp(item->part, "matrix") != 0)
            continue;
        struct rect cell = heatmap_cell(item, 2, 1);
        double before = *tensor_at(&app.doc.lesson->tape.steps[step].value, 0, 2, 1);
        float x = cell.x + cell.w / 2, y = cell.y + cell.h / 2;
        app_update(&app, (struct action){.kind = ACTION_PRESS, .x = x, .y = y, .argument = 1});
        for (int k = 1; k <= 50; k++)
            app_update(&app, (struct action){.kind = ACTION_POINT, .x = x, .y = y - (float)k * view_scale(VIEW(&app))});
        app_update(&app, (struct action){.kind = ACTION_RELEASE});
        double after = *tensor_at(&app.doc.lesson->tape.steps[step].value, 0, 2, 1);
        assert_close(after, before + 0.5, 0.011);
        assert_int_equal(app.history.undo.n, 1);
        assert_int_equal(app.state.cursor.row, 2); /* not what was pinned before */
        assert_int_equal(app.state.cursor.col, 1);
        give(&app, CMD_UNDO, 0);
        assert_true(*tensor_at(&app.doc.lesson->tape.steps[step].value, 0, 2, 1) == before);
        break;
    }
    display_finish(&scratch);
    app_finish(&app);
}

/* Point at a cell of a matrix of the page; *ret: what is on the page then. */
static void point_at(struct app *app, int step, size_t row, size_t col, struct str *ret)
{
    struct display_list scratch = {0};
    assert_non_null(app_draw(app, &scratch));
    for (size_t i = 0; i < app->page.n; i++) {
        const struct item *item = &app->page.items[i];
        if (item->kind != ITEM_HEATMAP || item->as.heatmap.step != step || strcmp(item->part, "matrix") != 0)
            continue;
        struct rect cell = heatmap_cell(item, row, col);
        app_update(app, (struct action){.kind = ACTION_POINT, .x = cell.x + cell.w / 2, .y = cell.y + cell.h / 2});
        break;
    }
    assert_non_null(app_draw(app, &scratch));
    *ret = page_text(app);
    display_finish(&scratch);
}

TEST(a_number_of_either_side_says_whose_it_is)
{
    static const char *const sides[] = {"with your changes", "before your changes"};
    struct app app = app_at("one-head", "lesson=one-head at=scores edit=X,1,5,4:2.5 compare=before motion=no");
    for (int side = 0; side < 2; side++) {
        struct str page;
        point_at(&app, view_tape(VIEW(&app))->steps[view_step(VIEW(&app))].spec.in[side], 4, 1, &page);
        const char *label = strstr(str_text(&page), "card.label");
        assert_non_null(label);
        assert_non_null(strstr(label, sides[side]));
        assert_null(strstr(str_text(&page), "given"));
        str_finish(&page);
    }
    app_finish(&app);
}

/* Undo costs what differs: after a paste of a large matrix an edit is some nodes, not all numbers. */
TEST(edits_after_a_large_paste_cost_an_edit_each)
{
    enum { SIDE = 250, EDITS = 600, MOST = 4 * 1000 * 1000 };
    struct history history = {0};
    struct document document = {0};
    struct edit *edits = calloc(SIDE * SIDE, sizeof *edits);
    assert_non_null(edits);
    struct app app = app_at("one-head", NULL);
    assert_ok(document_copy(&document, &app.doc));
    for (size_t i = 0; i < SIDE * SIDE; i++)
        edits[i] = (struct edit){"X", {0, i / SIDE, i % SIDE}, (double)i};
    assert_ok(overrides_edit_all(&document.overrides, edits, SIDE * SIDE));
    struct mallinfo2 before = mallinfo2();
    if (before.uordblks == 0)
        skip(); /* sanitizers have an allocator of their own, which does not count */
    for (size_t i = 0; i < EDITS; i++) {
        struct edit edit = edits[i * 7919 % (SIDE * SIDE)];
        edit.value = -1;
        assert_ok(history_push(&history, 0, &document, &app.state));
        assert_ok(overrides_edit(&document.overrides, &edit));
    }
    size_t cost = mallinfo2().uordblks - before.uordblks;
    printf("%zu bytes\n", cost);
    assert_int_equal(history.undo.n, EDITS);
    assert_true(cost > 0 && cost < MOST);
    free(edits);
    history_finish(&history);
    document_finish(&document);
    app_finish(&app);
}
