/* Undo, redo, state lines: whatever a person changes, the way back is exact. */
#include "random_acts.h"
#include "snapshot.h"

#include "app/app_parts.h"
#include "support/sample.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>

TEST(as_many_undos_give_the_first_state_bit_for_bit)
{
    const int commands = test_all() ? 10000 : 2500;
    OWN(app) app = app_at("several-heads", NULL);
    OWN(snapshot) first = snapshot_of(&app);
    for (int k = 0; k < commands; k++)
        act(&app);
    OWN(snapshot) last = snapshot_of(&app);
    size_t changes = app.history.undo.n;
    assert_true(changes > 100);
    for (int k = 0; k < commands && strstr(app.message, "nothing to undo") == NULL; k++)
        give(&app, CMD_UNDO, 0);
    assert_as_in(&app, &first);
    for (int k = 0; k < commands && strstr(app.message, "nothing to do again") == NULL; k++)
        give(&app, CMD_REDO, 0);
    assert_as_in(&app, &last);
    printf("%zu changes undone and done again\n", changes);
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
    {NULL, "stop=9 at=Q"},
    {NULL, "filled=1000000 at=Q"},
};

TEST_ROWS_BY(words_of_a_state_line_may_stand_in_any_order, order_cases, c, line)
{
    OWN(app) app = app_at("low-rank", c->wanted);
    OWN(str) wanted = line_of(&app);
    struct qkv_err err = state_apply(&app, c->line);
    assert_int_equal(err.code, c->wanted ? QKV_OK : QKV_ERR_DOMAIN);
    assert_line(&app, wanted.v);
}

/* What is shown of weights that a step before left zoomed belongs to the page, though the result is whole. */
TEST(a_state_line_brings_the_zoom_of_operands_along)
{
    OWN(app) app = app_at("mistake-concat-shuffle", "at=X");
    OWN(app) fresh = app_at(NULL, NULL);
    app.state.zoom.col = (struct zoom_axis){{2, 8}, 12, false};
    app_go(&app, walk_whole(&app.doc.lesson->walk, 1));
    go_where(&fresh, &app);
    assert_same_page(&fresh, &app);
    OWN(str) zoomed = page_text(&fresh);
    fresh.state.zoom = (struct zoom){0};
    OWN(str) whole = page_text(&fresh);
    assert_string_not_equal(str_text(&whole), str_text(&zoomed));
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
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(app) app = app_at(builtin_lessons[i], NULL);
        OWN(snapshot) before = snapshot_of(&app);
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
            assert_as_in(&app, &before);
        }
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

TEST_ROWS(words_are_moved_and_blocked_where_they_stand, word_cases, row)
{
    OWN(app) app = app_at("one-head", row->state);
    char own[256];
    snprintf(own, sizeof own, "%s", app.doc.lesson->sentence.text);
    give(&app, row->command, 0);
    assert_string_equal(app.doc.lesson->sentence.text, row->sentence ? row->sentence : own);
    /* The cursor goes with its word. */
    const struct cursor *c = &app.state.cursor;
    if (row->command != CMD_WORD_REMOVE && row->sentence) {
        const struct axis *rows = &view_tape(VIEW(&app))->steps[c->step].value.axis[AXIS_ROW];
        assert_true(c->on);
        assert_string_equal(axis_label(rows, 0, c->row), row->word);
    }
    if (row->said)
        assert_said(&app, row->said);
}

/* Of each head the pair is blocked, and opened by the same command; what a setting blocked is blocked still. */
static const struct block_case {
    const char *name, *lesson, *line;
} block_cases[] = {
    {"a blocked pair has no weight until it is opened", "causal-mask", "at=weights cell=weights,1,3,2"},
    {"a pair of a later head is blocked in the mask that all heads share", "several-heads",
     "set=mask=causal at=weights head=2 cell=weights,2,3,2"},
};

TEST_ROWS(a_pair_is_blocked, block_cases, c)
{
    OWN(app) app = app_at(c->lesson, c->line);
    for (int round = 0; round < 2; round++) {
        give(&app, CMD_BLOCK, 0);
        const struct tensor *weights = &named(&app, "weights")->value;
        for (size_t head = 0; head < weights->axis[AXIS_HEAD].size; head++) {
            assert_true((*tensor_at(weights, head, 2, 1) == 0) == (round == 0));
            assert_true(*tensor_at(weights, head, 0, 1) == 0);
        }
        assert_true(*tensor_at(&named(&app, "mask")->value, 0, 0, 1) == 0);
    }
}

TEST(a_pair_is_blocked_where_only_a_part_of_the_mask_is_needed)
{
    OWN(app) app = app_at("translation", "set=evaluation=query_chunks edit=mask,1,3,2:0 at=X cell=heads,1,3,2");
    give(&app, CMD_BLOCK, 0);
    assert_string_not_equal(app.message, "");
}

TEST(what_was_undone_is_gone_after_another_change)
{
    OWN(app) app = app_at("one-head", "at=X cell=X,1,1,1");
    give(&app, CMD_EDIT_UP, 0);
    give(&app, CMD_UNDO, 0);
    assert_int_equal(app.history.redo.n, 1);
    give(&app, CMD_EDIT_DOWN, 0);
    OWN(snapshot) before = snapshot_of(&app);
    give(&app, CMD_REDO, 0);
    assert_said(&app, "nothing to do again");
    assert_as_in(&app, &before);
}

/* Labels are known by what they say: a copy of a lesson keeps them somewhere else. */
TEST(pictures_stand_beside_a_change_that_came_by_either_way)
{
    OWN(app) app = app_at("captioning", "at=scaled cell=X,1,1,4");
    OWN(app) fresh = app_at(NULL, NULL);
    give(&app, CMD_EDIT_DOWN, 0);
    give(&app, CMD_COMPARE, 0);
    assert_true(view_comparing(VIEW(&app)));
    go_where(&fresh, &app);
    assert_same_page(&fresh, &app);
    assert_true(page_says(&app, "picture"));
}

/* Where a cell of a matrix of the page is: its middle. */
static struct action middle_of(struct app *app, enum action_kind kind, int step, size_t row, size_t col)
{
    PAGE scratch = {0};
    struct rect cell = {0};
    assert_non_null(app_draw(app, &scratch));
    for (size_t i = app->page.n; i-- > 0;) {
        const struct item *item = &app->page.items[i];
        if (item->kind == ITEM_HEATMAP && item->as.heatmap.step == step && strcmp(item->part, "matrix") == 0)
            cell = heatmap_cell(item, row, col);
    }
    assert_true(cell.w > 0);
    return (struct action){.kind = kind, .x = cell.x + cell.w / 2, .y = cell.y + cell.h / 2, .argument = 1};
}

TEST(a_drag_is_one_change)
{
    OWN(app) app = app_at("one-head", "lesson=one-head at=Q cell=W_Q,1,1,1 motion=no");
    give(&app, CMD_PIN, 0);
    assert_true(app.state.pinned);
    double before = *tensor_at(&named(&app, "W_Q")->value, 0, 2, 1);
    struct action hand = middle_of(&app, ACTION_PRESS, tape_find(&app.doc.lesson->tape, "W_Q"), 2, 1);
    float y = hand.y;
    app_update(&app, hand);
    hand.kind = ACTION_POINT;
    for (int k = 1; k <= 50; k++) {
        hand.y = y - (float)k * view_scale(VIEW(&app));
        app_update(&app, hand);
    }
    app_update(&app, (struct action){.kind = ACTION_RELEASE});
    assert_close(*tensor_at(&named(&app, "W_Q")->value, 0, 2, 1), before + 0.5, 0.011);
    assert_int_equal(app.history.undo.n, 1);
    assert_int_equal(app.state.cursor.row, 2); /* not what was pinned before */
    assert_int_equal(app.state.cursor.col, 1);
    give(&app, CMD_UNDO, 0);
    assert_true(*tensor_at(&named(&app, "W_Q")->value, 0, 2, 1) == before);
}

TEST(a_number_of_either_side_says_whose_it_is)
{
    static const char *const sides[] = {"with your changes", "before your changes"};
    OWN(app) app = app_at("one-head", "lesson=one-head at=scores edit=X,1,5,4:2.5 compare=before motion=no");
    for (int side = 0; side < 2; side++) {
        int step = view_tape(VIEW(&app))->steps[view_step(VIEW(&app))].spec.in[side];
        app_update(&app, middle_of(&app, ACTION_POINT, step, 4, 1));
        OWN(str) page = page_text(&app);
        const char *label = strstr(str_text(&page), "card.label");
        assert_non_null(label);
        assert_non_null(strstr(label, sides[side]));
        assert_null(strstr(str_text(&page), "given"));
    }
}

/* Undo costs what differs: after a paste of a large matrix an edit is some nodes, not all numbers. */
/* Bytes in use, as the allocator says, or the sanitizers' own where the program was built with them; 0: nobody
 * tells. */
#ifdef __GLIBC__
extern size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));
static size_t bytes_in_use(void)
{
    return __sanitizer_get_current_allocated_bytes ? __sanitizer_get_current_allocated_bytes() : mallinfo2().uordblks;
}
#else
static size_t bytes_in_use(void)
{
    return 0;
}
#endif

TEST(edits_after_a_large_paste_cost_an_edit_each)
{
    enum { SIDE = 250, EDITS = 600, MOST = 4 * 1000 * 1000 };
    if (!bytes_in_use())
        skip();
    OWN(history) history = {0};
    OWN(document) document = {0};
    struct edit *edits = calloc(SIDE * SIDE, sizeof *edits);
    assert_non_null(edits);
    OWN(app) app = app_at("one-head", NULL);
    assert_ok(document_copy(&document, &app.doc));
    for (size_t i = 0; i < SIDE * SIDE; i++)
        edits[i] = (struct edit){"X", {0, i / SIDE, i % SIDE}, (double)i};
    assert_ok(overrides_edit_all(&document.overrides, edits, SIDE * SIDE));
    size_t before = bytes_in_use();
    for (size_t i = 0; i < EDITS; i++) {
        struct edit edit = edits[i * 7919 % (SIDE * SIDE)];
        edit.value = -1;
        assert_ok(history_push(&history, 0, &document, &app.state));
        assert_ok(overrides_edit(&document.overrides, &edit));
    }
    size_t cost = bytes_in_use() - before;
    assert_int_equal(history.undo.n, EDITS);
    assert_true(cost > 0 && cost < MOST);
    free(edits);
}
