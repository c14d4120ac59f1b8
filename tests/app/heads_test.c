/* The page of heads and the microscope: what is done there, and whether the numbers shown are the tape's. */
#include "test_app.h"

#include "lesson/analysis/contributions.h"
#include "lesson/analysis/microscope.h"

#include <stdio.h>
#include <stdlib.h>

static struct display_list list;

static void draw(const struct app *app)
{
    scene_build(VIEW(app), &app->measure, &list);
    assert_false(list.failed);
}

static struct app begin(const char *lesson, const char *line)
{
    struct app app = app_at(lesson, line);
    draw(&app);
    return app;
}

static double weight(const struct app *app, size_t head, size_t row, size_t col)
{
    const struct tape *tape = &app->doc.lesson->tape;
    return *tensor_at(&tape->steps[tape_find(tape, "weights")].value, head, row, col);
}

/* ---- lines ---- */

TEST(a_chosen_word_shows_its_weights_in_numbers)
{
    OWN(app) app = begin("several-heads", "lesson=several-heads page=heads word=5 head=2!");
    assert_int_equal(page_part_count(&list, "heads.weight"), 7);
    for (size_t c = 0; c < 7; c++)
        assert_close(atof(page_part_text(&list, "heads.weight", c)), weight(&app, 1, 4, c), 0.005001);
    size_t seen = 0;
    for (size_t c = 0; c < 7; c++)
        seen += weight(&app, 1, 4, c) >= 1.0 / 256;
    assert_int_equal(page_part_count(&list, "heads.line"), seen);
}

/* "captioning": words look at regions; "image-patches": patches look at patches. */
TEST(words_that_are_parts_of_a_picture_have_their_pictures)
{
    static const struct {
        const char *line;
        size_t pictures;
    } pages[] = {{"lesson=captioning page=heads", 4},
                 {"lesson=cross-modal page=heads word=2", 4},
                 {"lesson=image-patches page=heads", 32},
                 {"lesson=several-heads page=heads", 0}};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        OWN(app) app = begin("one-head", pages[i].line);
        assert_int_equal(page_part_count(&list, "picture"), pages[i].pictures);
    }
}

TEST(all_heads_have_their_lines_and_numbers_at_once)
{
    OWN(app) app = begin("several-heads", "lesson=several-heads page=heads");
    size_t one = page_part_count(&list, "heads.line");
    type(&app, "j");
    draw(&app);
    assert_true(app.state.heads.all && page_part_count(&list, "heads.line") > one);
    key(&app, "Down");
    draw(&app);
    assert_int_equal(page_part_count(&list, "heads.weight"), 21);
    for (size_t c = 0; c < 7; c++)
        for (size_t h = 0; h < 3; h++)
            assert_close(atof(page_part_text(&list, "heads.weight", c * 3 + h)),
                         weight(&app, h, app.state.heads.word - 1, c), 0.005001);
}

TEST(keys_choose_several_words)
{
    OWN(app) app = begin("several-heads", "lesson=several-heads page=heads word=2");
    type(&app, "&");
    press(&app, "Down Down");
    assert_int_equal(app.state.heads.word, 4);
    assert_true(view_word_is_kept(VIEW(&app), 1));
    key(&app, "Escape");
    assert_int_equal(app.state.heads.word, 0);
    assert_false(view_word_is_kept(VIEW(&app), 1));
    assert_int_equal(app.state.page, PAGE_HEADS);
    key(&app, "Escape");
    assert_int_equal(app.state.page, PAGE_WALK);
}

TEST(every_page_opens_and_closes_by_its_command)
{
    OWN(str) line = {0};
    char wanted[64];
    OWN(app) app = begin("several-heads", "lesson=several-heads");
    for (int p = PAGE_WALK + 1; p < PAGE_COUNT; p++) {
        app_update(&app, (struct action){.kind = ACTION_COMMAND, .command = page_table[p].command});
        assert_int_equal(app.state.page, p);
        str_clear(&line);
        state_print(&app, &line);
        snprintf(wanted, sizeof wanted, " page=%s", page_names[p]);
        if (!strstr(str_text(&line), wanted))
            fail_msg("no%s in: %s", wanted, str_text(&line));
        app_update(&app, (struct action){.kind = ACTION_COMMAND, .command = page_table[p].command});
        assert_int_equal(app.state.page, PAGE_WALK);
    }
}

TEST(the_mouse_chooses_one_word_and_with_shift_or_control_several)
{
    PAGE scratch = {0};
    OWN(app) app = begin("several-heads", "lesson=several-heads page=heads motion=no");
    assert_non_null(app_draw(&app, &scratch));
    const struct item *words = page_hit(&app.page, CMD_WORD, -1);
    assert_non_null(words);
    struct rect box = words->box;
    struct action click = {.kind = ACTION_CLICK, .x = box.x + box.w / 2, .y = box.y + box.h * 4.5f / 7};
    app_update(&app, click);
    assert_int_equal(app.state.heads.word, 5);
    click.y = box.y + box.h * 1.5f / 7;
    click.ctrl = true;
    app_update(&app, click);
    assert_int_equal(app.state.heads.word, 2);
    assert_true(view_word_is_kept(VIEW(&app), 4));
    app_update(&app, click);
    assert_int_equal(app.state.heads.word, 0);
    assert_true(view_word_is_kept(VIEW(&app), 4));
    assert_false(view_word_is_kept(VIEW(&app), 1));
    click.ctrl = false;
    app_update(&app, click);
    assert_int_equal(app.state.heads.word, 2);
    assert_false(view_word_is_kept(VIEW(&app), 4));
}

/* ---- a head off and on ---- */

TEST(a_head_that_is_off_adds_nothing_and_one_undo_brings_it_back)
{
    struct heads_output at;
    OWN(app) app = begin("several-heads", "lesson=several-heads page=heads word=5 head=1!");
    assert_null(heads_output_find(&app.doc.lesson->tape, &at));
    double before = *tensor_at(&app.doc.lesson->tape.steps[at.output].value, 0, 4, 0);
    size_t undo = app.history.undo.n;
    type(&app, "d");
    assert_int_equal(app.state.page, PAGE_HEADS);
    assert_null(heads_output_find(&app.doc.lesson->tape, &at));
    assert_true(head_is_off(&app.doc.lesson->tape, &at, 0));
    assert_false(head_is_off(&app.doc.lesson->tape, &at, 1));
    assert_true(app.moved.on && app.moved.by.largest > 0.5);
    draw(&app);
    char how_far[64];
    snprintf(how_far, sizeof how_far, "moved by up to %.2f", app.moved.by.largest);
    assert_non_null(strstr(app.message, how_far));
    assert_string_equal(page_part_text(&list, "heads.switch.label", 0), "off");
    assert_string_equal(page_part_text(&list, "heads.switch.label", 1), "on");
    assert_string_equal(page_part_text(&list, "sum.term", 0), "+0.00");
    assert_int_equal(app.history.undo.n, undo + 1);
    give(&app, CMD_UNDO, 0);
    assert_false(head_is_off(&app.doc.lesson->tape, &at, 0));
    assert_true(*tensor_at(&app.doc.lesson->tape.steps[at.output].value, 0, 4, 0) == before);
    /* Off and on again is the lesson as it was, too. */
    give(&app, CMD_HEAD_SWITCH_SET, 0);
    give(&app, CMD_HEAD_SWITCH_SET, 0);
    assert_true(*tensor_at(&app.doc.lesson->tape.steps[at.output].value, 0, 4, 0) == before);
    assert_true(overrides_is_empty(&app.doc.overrides));
}

TEST(where_there_is_no_w_o_it_is_said_why)
{
    OWN(app) app = begin("one-head", "lesson=one-head page=heads");
    type(&app, "d");
    assert_said(&app, "no W_O");
    assert_true(overrides_is_empty(&app.doc.overrides));
    draw(&app);
    assert_true(page_part_count(&list, "sum.none") > 0);
    assert_int_equal(page_part_count(&list, "heads.switch"), 0);
}

/* ---- what each head adds ---- */

/* With a pencil: the terms as written add up to the sum as written, and that is the output as written. */
TEST(what_is_written_adds_up_to_the_output_for_every_word_and_column)
{
    struct heads_output at;
    OWN(app) app = begin("several-heads", "lesson=several-heads page=heads");
    assert_null(heads_output_find(&app.doc.lesson->tape, &at));
    const struct tensor *output = &app.doc.lesson->tape.steps[at.output].value;
    for (size_t t = 0; t < output->axis[AXIS_ROW].size; t++)
        for (size_t c = 0; c < output->axis[AXIS_COL].size; c++) {
            app.state.heads = (struct heads_view){.word = t + 1, .column = c};
            draw(&app);
            double sum = 0;
            assert_int_equal(page_part_count(&list, "sum.term"), 3);
            for (size_t h = 0; h < 3; h++)
                sum += atof(page_part_text(&list, "sum.term", h));
            assert_close(sum, atof(page_part_text(&list, "sum.total", 0)), 0.00501);
            assert_close(atof(page_part_text(&list, "sum.total", 0)), *tensor_at(output, 0, t, c), 0.005001);
            assert_string_equal(page_part_text(&list, "sum.total", 0), page_part_text(&list, "sum.output", 0));
        }
}

TEST(arrows_choose_the_column_of_the_output)
{
    OWN(app) app = begin("several-heads", "lesson=several-heads page=heads");
    size_t position = app.state.position;
    press(&app, "Right Right");
    assert_int_equal(app.state.heads.column, 2);
    key(&app, "Left");
    assert_int_equal(app.state.heads.column, 1);
    assert_int_equal(app.state.position, position);
}

/* ---- the microscope ---- */

TEST(the_microscope_shows_the_weights_of_its_row)
{
    OWN(app) app = begin("one-head", "lesson=one-head page=microscope word=5");
    enum { COLUMNS = 5 };
    for (size_t c = 0; c < 7; c++)
        assert_close(atof(page_part_text(&list, "microscope.cell", c * COLUMNS + 4)), weight(&app, 0, 4, c), 0.0005001);
}

TEST(the_microscope_opens_on_the_row_with_most_to_see)
{
    OWN(app) app = begin("one-head", "lesson=one-head page=microscope at=X");
    assert_non_null(strstr(page_part_text(&list, "microscope.row", 0), "“it”"));
}

TEST(an_overflow_is_seen_and_taking_the_maximum_off_mends_it)
{
    OWN(app) app = begin("one-head", "lesson=one-head page=microscope word=5");
    give(&app, CMD_MICROSCOPE_FACTOR_SET, 3);
    type(&app, "n");
    draw(&app);
    size_t infinite = 0, none = 0;
    for (size_t i = 0; page_part_text(&list, "microscope.cell", i); i++) {
        infinite += strcmp(page_part_text(&list, "microscope.cell", i), "∞") == 0;
        none += strcmp(page_part_text(&list, "microscope.cell", i), "NaN") == 0;
    }
    assert_true(infinite >= 2 && none >= 2);
    type(&app, "n");
    draw(&app);
    for (size_t i = 0; page_part_text(&list, "microscope.cell", i); i++)
        assert_true(strcmp(page_part_text(&list, "microscope.cell", i), "NaN") != 0);
    assert_string_equal(page_part_text(&list, "microscope.value", 1), "0.00 bits");
}

/* Beyond the first word of bits that remembers them. */
TEST(words_of_a_long_sentence_are_kept_where_they_stand)
{
    OWN(app) app;
    OWN(str) state = {0}, line = {0};
    str_add(&state, "sentence=\"");
    for (int i = 0; i < 80; i++)
        str_addf(&state, "%sw%d", i ? " " : "", i);
    str_add(&state, "\"");
    assert_ok(app_init(&app, "several-heads", str_text(&state), fake_measure));
    assert_int_equal(app.doc.lesson->sentence.words.n, 80);
    give(&app, CMD_HEADS, 0);
    give(&app, CMD_WORD, 3);
    give(&app, CMD_WORD_ADD, 69);
    assert_true(view_word_is_kept(VIEW(&app), 69) || app.state.heads.word == 70);
    assert_false(view_word_is_kept(VIEW(&app), 69 - 64)); /* the same bit of another block */
    give(&app, CMD_WORD_ADD, 75);
    state_print(&app, &line);
    assert_true(view_word_is_kept(VIEW(&app), 69) && !view_word_is_kept(VIEW(&app), 5) &&
                !view_word_is_kept(VIEW(&app), 11));
    assert_non_null(strstr(str_text(&line), "70"));
}

/* The message after a head was switched off is on the page whole, with W_O as a symbol. */
TEST(what_is_said_of_a_head_that_was_switched_off_can_be_read)
{
    static const float sizes[][2] = {{640, 480}, {1280, 720}, {1920, 1080}};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        OWN(app) app = app_at("several-heads", "at=weights page=heads");
        app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = sizes[s][0], .y = sizes[s][1]});
        type(&app, "d");
        assert_said(&app, "from the lesson's.");
        PAGE shown = {0};
        OWN(str) said = {0};
        scene_build(VIEW(&app), &app.measure, &shown);
        for (size_t i = 0; page_part_text(&shown, "hints", i); i++)
            str_addf(&said, "%s ", page_part_text(&shown, "hints", i));
        if (!strstr(str_text(&said), "lesson's.") || strstr(str_text(&said), "W_O") || strstr(str_text(&said), "…"))
            fail_msg("%.0f x %.0f: %s", (double)sizes[s][0], (double)sizes[s][1], str_text(&said));
    }
}
