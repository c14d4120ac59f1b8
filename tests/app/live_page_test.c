/* Live numbers on the page: pointing at one lights its cell, a click pins it, an input is dragged in the text itself; and
 * the button that does what a stop invites to. */
#include "test_app.h"

#include "base/file.h"
#include "lesson/trial.h"
#include "support/scratch.h"

#include <string.h>

/* The target of the first live number of the page that stands for this cell. */
static const struct item *live(const struct app *app, const char *step, size_t row, size_t col)
{
    const int at = tape_find(&app->doc.lesson->tape, step);
    for (size_t i = 0; i < app->page.n; i++) {
        const struct item *item = &app->page.items[i];
        if (item->kind == ITEM_HIT && item->as.hit.command == CMD_LIVE && item->as.hit.cell.step == at &&
            item->as.hit.cell.row == row && item->as.hit.cell.col == col)
            return item;
    }
    fail_msg("%s[%zu, %zu] stands in no text", step, row, col);
    return NULL;
}

static void draw(struct app *app)
{
    static struct display_list scratch; /* never filled: there is no transition */
    app->animation.transition.on = false;
    assert_non_null(app_draw(app, &scratch));
}

static void act(struct app *app, enum action_kind kind, const struct item *at, float right, float down)
{
    app_update(app, (struct action){.kind = kind,
                                    .argument = 1,
                                    .x = at->box.x + at->box.w / 2 + right,
                                    .y = at->box.y + at->box.h / 2 + down});
    draw(app);
}

static struct app at_line(const char *line)
{
    struct app app = app_at("one-head", line);
    draw(&app);
    return app;
}

TEST(pointing_at_a_number_in_a_text_lights_its_cell)
{
    OWN(app) app = at_line("at=scores");
    const struct item number = *live(&app, "scores", 4, 1);
    assert_null(page_item(&app.page, "live.lit"));
    act(&app, ACTION_POINT, &number, 0, 0);
    assert_true(app.state.cursor.on && app.state.cursor.step == number.as.hit.cell.step);
    assert_true(app.state.cursor.row == 4 && app.state.cursor.col == 1 && !app.state.pinned);
    assert_non_null(page_item(&app.page, "live.lit"));
    act(&app, ACTION_POINT, &number, 0, -300);
    assert_false(app.state.cursor.on && app.state.cursor.row == 4 && app.state.cursor.col == 1);
}

static bool overlap(struct rect a, struct rect b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/* The arithmetic of the number is on the page and covers no matrix. Does it leave the number free? */
static bool check_card(const struct app *app, const struct item *number)
{
    const struct item *card = page_item(&app->page, "card"), *over = page_item(&app->page, "card.over");
    if (view_shows_draws(VIEW(app)))
        return true; /* the page is about many numbers */
    if (!card || (!page_item(&app->page, "card.value") && !page_item(&app->page, "card.hint")))
        fail_msg("%s, position %zu: number %d has no card", app->doc.lesson->title, app->state.position,
                 number->as.hit.argument);
    for (size_t i = 0; i < app->page.n; i++)
        if (app->page.items[i].kind == ITEM_HEATMAP && overlap(card->box, app->page.items[i].box))
            fail_msg("%s, position %zu: the card covers a matrix", app->doc.lesson->title, app->state.position);
    return !overlap(card->box, number->box) && !(over && overlap(over->box, number->box));
}

/* Point at every live number of the page: it stays where it is, and a press there would be on it. */
static size_t assert_numbers_stay(struct app *app, size_t *covered)
{
    PAGE before = {0};
    size_t pointed = 0;
    scene_build(VIEW(app), &app->measure, &before);
    for (size_t i = 0; i < before.n; i++) {
        const struct item *number = &before.items[i];
        if (number->kind != ITEM_HIT || number->as.hit.command != CMD_LIVE)
            continue;
        act(app, ACTION_POINT, number, 0, 0);
        const struct item *now =
            display_at(&app->page, number->box.x + number->box.w / 2, number->box.y + number->box.h / 2).hit;
        if (!now || now->as.hit.command != CMD_LIVE || now->as.hit.argument != number->as.hit.argument ||
            memcmp(&now->box, &number->box, sizeof now->box) != 0)
            fail_msg("%s, position %zu: number %d moves when it is pointed at", app->doc.lesson->title,
                     app->state.position, number->as.hit.argument);
        *covered += !check_card(app, number);
        pointed++;
    }
    return pointed;
}

static const struct size_case {
    const char *name;
    float width, height;
} size_cases[] = {{"laptop", 1280, 720}, {"small", 900, 600}, {"smallest", 640, 480}, {"large", 1920, 1080}};

TEST_ROWS(a_number_in_a_text_stays_where_it_is_when_it_is_pointed_at, size_cases, c)
{
    size_t pointed = 0, covered = 0;
    for (size_t l = 0; l < builtin_n_lessons; l++) {
        OWN(app) app = app_at(builtin_lessons[l], NULL);
        app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = c->width, .y = c->height});
        for (size_t at = 0, last = SIZE_MAX; at != last;) {
            draw(&app);
            pointed += assert_numbers_stay(&app, &covered);
            last = at;
            give(&app, CMD_FORWARD, 0);
            at = app.state.position;
        }
    }
    assert_true(pointed > 100);
    /* Where a small panel has no room on either side of the number, the card, which has the number, lies over it. */
    assert_true(covered <= (c->width < 1280 ? pointed / 50 : 0));
}

TEST(a_number_that_is_pointed_at_has_its_card_in_the_room_the_words_leave)
{
    OWN(app) app = at_line("at=scores");
    app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = 1280, .y = 720});
    draw(&app);
    const struct item number = *live(&app, "scores", 4, 1);
    act(&app, ACTION_POINT, &number, 0, 0);
    const struct item *card = page_item(&app.page, "card"), *panel = page_item(&app.page, "panel");
    assert_true(card && panel && card->box.y + card->box.h <= panel->box.y + panel->box.h);
    for (size_t i = 0; i < app.page.n; i++)
        if (strcmp(app.page.items[i].part, "narration") == 0)
            assert_true(app.page.items[i].box.y + app.page.items[i].box.h <= card->box.y);
}

/* The words and the matrices of a page, with their places; and whether this one has the same. */
static void assert_same_words(const struct display_list *a, const struct display_list *b, const struct app *app)
{
    static const char *const parts[] = {"narration", "try", "narration.course", "matrix", "formula"};
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        size_t i = 0, k = 0;
        for (;; i++, k++) {
            while (i < a->n && strcmp(a->items[i].part, parts[p]) != 0)
                i++;
            while (k < b->n && strcmp(b->items[k].part, parts[p]) != 0)
                k++;
            if (i == a->n || k == b->n)
                break;
            if (memcmp(&a->items[i].box, &b->items[k].box, sizeof a->items[i].box) != 0)
                fail_msg("%s, position %zu: %s \"%s\" moves when a cell is pointed at", app->doc.lesson->title,
                         app->state.position, parts[p], display_item_text(a, &a->items[i]));
        }
        if ((i == a->n) != (k == b->n))
            fail_msg("%s, position %zu: %s comes or goes when a cell is pointed at", app->doc.lesson->title,
                     app->state.position, parts[p]);
    }
}

static const struct size_case cell_cases[] = {{"laptop", 1280, 720}, {"smallest", 640, 480}};

/* With the pointer at a cell or with keys: of the result, the first and the last. */
TEST_ROWS(words_and_matrices_stay_where_they_are_when_a_cell_is_pointed_at, cell_cases, c)
{
    size_t pointed = 0;
    for (size_t l = 0; l < builtin_n_lessons; l++) {
        OWN(app) app = app_at(builtin_lessons[l], NULL);
        app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = c->width, .y = c->height});
        for (size_t at = 0, last = SIZE_MAX; at != last; at = app.state.position) {
            PAGE rest = {0};
            PAGE here = {0};
            scene_build(VIEW(&app), &app.measure, &rest);
            const struct view *v = VIEW(&app);
            const int step = view_step(v);
            const struct axis *axis = view_tape(v)->steps[step].value.axis;
            const size_t head = axis[AXIS_HEAD].size > 1 ? view_head(v) : 0;
            for (int end = 0; end < 2 && !view_shows_draws(v); end++, pointed++) {
                app.state.cursor = (struct cursor){true, step, head, end ? axis[AXIS_ROW].size - 1 : 0,
                                                   end ? axis[AXIS_COL].size - 1 : 0};
                scene_build(VIEW(&app), &app.measure, &here);
                assert_same_words(&rest, &here, &app);
            }
            app.state.cursor.on = false;
            last = at;
            give(&app, CMD_FORWARD, 0);
        }
    }
    assert_true(pointed > 1000);
}

TEST(a_sum_that_is_unfolded_while_its_number_is_pointed_at_is_whole)
{
    OWN(app) app = at_line("at=scores");
    app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = 1280, .y = 720});
    draw(&app);
    const struct item number = *live(&app, "scores", 4, 1);
    act(&app, ACTION_POINT, &number, 0, 0);
    const float folded = page_item(&app.page, "card")->box.h;
    give(&app, CMD_UNFOLD, 0);
    draw(&app);
    assert_true(page_item(&app.page, "card")->box.h > folded);
}

TEST(a_click_on_a_number_in_a_text_pins_its_cell_and_another_lets_go)
{
    OWN(app) app = at_line("at=scores");
    const struct item number = *live(&app, "Q", 4, 0);
    act(&app, ACTION_PRESS, &number, 0, 0);
    act(&app, ACTION_RELEASE, &number, 0, 0);
    assert_true(app.state.pinned && app.state.cursor.row == 4 && app.state.cursor.col == 0);
    assert_string_equal(app.doc.lesson->tape.steps[app.state.cursor.step].spec.name, "Q");
    give(&app, CMD_LEAVE, 0);
    draw(&app);
    give(&app, CMD_LIVE, live(&app, "Q", 4, 0)->as.hit.argument);
    assert_true(app.state.pinned && app.state.cursor.row == 4);
}

TEST(an_input_is_dragged_in_the_text_and_everything_follows)
{
    OWN(app) app = at_line("at=X");
    const struct item number = *live(&app, "X", 1, 5);
    assert_true(app_drags_across(&app, number.box.x + 2, number.box.y + 2));
    act(&app, ACTION_PRESS, &number, 0, 0);
    act(&app, ACTION_POINT, &number, 50, 0);
    assert_true(app_drags_across(&app, number.box.x, 0)); /* wherever the pointer goes */
    act(&app, ACTION_POINT, &number, 100, 40);
    act(&app, ACTION_RELEASE, &number, 100, 40);
    assert_line(&app, "lesson=one-head edit=X,1,2,6:0 at=X cell=X,1,2,6");
    const struct tensor *scores = &app.doc.lesson->tape.steps[tape_find(&app.doc.lesson->tape, "scores")].value;
    assert_close(*tensor_at(scores, 0, 4, 1), 5, 1e-12);
    give(&app, CMD_UNDO, 0);
    assert_true(overrides_is_empty(&app.doc.overrides));
}

TEST(a_number_that_is_computed_is_not_dragged)
{
    OWN(app) app = at_line("at=scores");
    const struct item number = *live(&app, "scores", 4, 1);
    assert_false(app_drags_across(&app, number.box.x + 2, number.box.y + 2));
    act(&app, ACTION_PRESS, &number, 0, 0);
    act(&app, ACTION_POINT, &number, 80, 0);
    act(&app, ACTION_RELEASE, &number, 80, 0);
    assert_true(overrides_is_empty(&app.doc.overrides));
}

TEST(texts_stay_when_something_is_changed_and_offer_the_lesson_as_written_where_they_do_not_hold)
{
    OWN(app) app = at_line("at=weights set=temperature=2");
    assert_true(page_says(&app, "0.46"));
    assert_null(page_hit(&app.page, CMD_RESET_ALL, -1));
    assert_ok(state_apply(&app, "lesson=one-head at=weights edit=X,1,2,1:-1"));
    draw(&app);
    assert_true(page_says(&app, " written\n"));
    const struct item *button = page_hit(&app.page, CMD_RESET_ALL, -1);
    assert_non_null(button);
    const struct item at = *button;
    act(&app, ACTION_PRESS, &at, 0, 0);
    act(&app, ACTION_RELEASE, &at, 0, 0);
    assert_true(overrides_is_empty(&app.doc.overrides));
    assert_false(page_says(&app, " written\n"));
}

/* ---- what can be tried ---- */

static const char trial_lesson[] =
    "title: t\nsummary: s\nsentence: The cat sat because it was tired\n"
    "weights: {source: glass, heads: [pronoun], output: false}\nscript:\n"
    "  - {at: X, say: words, try: {say: Several cats, edit: {'X[cat, plural]': 1}}}\n"
    "  - {at: scaled, say: words, try: {say: Not scaled, set: {scale: none}}}\n"
    "  - {at: weights, say: words, holds: 'A[it, cat] > 0.8',\n"
    "     try: {say: Near words, set: {mask: 'window:1'}, then: 'Now it is {A[it, cat]}, not {written.A[it, cat]}.'}}\n"
    "  - {at: heads, say: words, try: {say: Other words, sentence: The dog ran, set: {temperature: 2}}}\n"
    "  - {at: heads, say: words, try: {say: Linear, mechanism: linear_attention}}\n"
    "  - {at: concat, say: words, try: only words}\n";

static struct app at_trial(const char *line)
{
    assert_ok(file_write(in_scratch("trial.yaml"), trial_lesson, strlen(trial_lesson)));
    struct app app = app_at(in_scratch("trial.yaml"), line);
    draw(&app);
    return app;
}

/* A row: where the stop is, what its button does, and the texts on the page before and after it. */
static const struct trial_case {
    const char *name; /* the stop's step */
    const char *changes, *says;
} trial_cases[] = {
    {"X", "edit=X,1,2,4:1", "Several"},
    {"weights", "set=mask=window:1", "0.81"},
    {"heads", "sentence=\"The dog ran\" set=temperature=2", "As before"},
};

TEST_ROWS(the_button_of_a_try_does_it_and_goes_back, trial_cases, c)
{
    char at[64];
    snprintf(at, sizeof at, "at=%s", c->name);
    OWN(app) app = at_trial(at);
    for (int by_key = 0; by_key < 2; by_key++) {
        assert_true(page_says(&app, "Try it"));
        const struct item button = *page_hit(&app.page, CMD_TRY, -1);
        if (by_key)
            type(&app, "T");
        else
            act(&app, ACTION_PRESS, &button, 0, 0);
        draw(&app);
        OWN(str) line = line_of(&app);
        if (!strstr(str_text(&line), c->changes))
            fail_msg("%s", str_text(&line));
        assert_said(&app, "T goes back");
        assert_true(page_says(&app, "As before"));
        assert_true(page_says(&app, c->says));
        type(&app, "T");
        draw(&app);
        assert_said(&app, "As before");
        assert_true(overrides_is_empty(&app.doc.overrides));
    }
    give(&app, CMD_UNDO, 0);
    assert_false(overrides_is_empty(&app.doc.overrides));
}

TEST(what_was_tried_can_be_left_where_its_step_is_gone)
{
    OWN(app) app = at_trial("at=scaled");
    type(&app, "T");
    draw(&app);
    assert_int_equal(tape_find(&app.doc.lesson->tape, "scaled"), -1);
    assert_true(page_says(&app, "As before"));
    give(&app, CMD_LAST, 0);
    draw(&app);
    assert_true(page_says(&app, "As before"));
    type(&app, "T");
    assert_true(overrides_is_empty(&app.doc.overrides));
}

TEST(another_mechanism_can_be_tried_and_left)
{
    OWN(app) app = at_trial("at=heads");
    give(&app, CMD_FORWARD, 0);
    type(&app, "T");
    draw(&app);
    assert_string_equal(app.doc.lesson->mechanism->name, "linear_attention");
    assert_true(page_says(&app, "As before"));
    type(&app, "T");
    assert_string_equal(app.doc.lesson->mechanism->name, "attention");
}

TEST(other_changes_stay_when_a_try_is_done_and_left)
{
    OWN(app) app = at_trial("at=X set=temperature=3 edit=X,1,5,4:2");
    type(&app, "T");
    OWN(str) tried = line_of(&app);
    assert_non_null(strstr(str_text(&tried), "set=temperature=3"));
    assert_int_equal(edit_tree_size(app.doc.overrides.edits), 2);
    type(&app, "T");
    assert_int_equal(edit_tree_size(app.doc.overrides.edits), 1);
    OWN(str) left = line_of(&app);
    assert_non_null(strstr(str_text(&left), "set=temperature=3 edit=X,1,5,4:2"));
}

TEST(a_try_that_is_only_words_has_no_button)
{
    OWN(app) app = at_trial("at=concat");
    assert_null(page_hit(&app.page, CMD_TRY, -1));
    type(&app, "T");
    assert_said(&app, "nothing to try here");
}

TEST_GROUP(scratch_folder_make, scratch_folder_remove)
