/* Terms of the glossary on the page: the first of each can be pointed at and tells its line, and nothing moves; and what a
 * page says of the lesson's place in the course. */
#include "test_app.h"

#include "lesson/language/language.h"
#include "scene/text.h"

static const struct display_list *draw(struct app *app)
{
    static struct display_list scratch; /* never filled: there is no transition */
    app->animation.transition.on = false;
    const struct display_list *list = app_draw(app, &scratch);
    assert_non_null(list);
    return list;
}

/* ---- terms ---- */

static bool is_term(const struct item *item)
{
    return item->kind == ITEM_HIT && item->as.hit.command == CMD_TERM;
}

/* Words and titles have their symbols set: no "W_K", no "e^x" is left in them. */
static void check_symbols(const struct app *app)
{
    static const char *const parts[] = {"narration", "try", "claim", "title", "narration.course"};
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++)
        for (size_t i = 0; page_part_text(&app->page, parts[p], i); i++) {
            const char *text = page_part_text(&app->page, parts[p], i);
            if (strpbrk(text, "_^$"))
                fail_msg("%s: \"%s\" is not set as a formula", app->doc.lesson->name, text);
        }
}

/* Every term of these words is a target of the page. */
static void check_words(const struct app *app, const char *words)
{
    const struct language *language = app->doc.lesson->language;
    struct term_place found[SPANS_TERMS_MOST];
    struct glossary_term term;
    OWN(spans) s = {0};
    spans_parse(&s, words);
    size_t n = language_find_terms(language, str_text(&s.text), s.text.n, found, SPANS_TERMS_MOST);
    for (size_t i = 0; i < n; i++)
        if (!page_hit(&app->page, CMD_TERM, found[i].term)) {
            assert_true(language_term(language, found[i].term, &term));
            fail_msg("%s: \"%s\" is no target in \"%s\"", app->doc.lesson->name, term.name, words);
        }
}

/* No two targets in texts lie on each other, and those of one term are one after the other: it is marked once. */
static void check_targets(const struct app *app)
{
    for (size_t i = 0; i < app->page.n; i++) {
        const struct item *a = &app->page.items[i];
        bool left = false; /* the run of this term's targets has ended */
        for (size_t k = i + 1; k < app->page.n && is_term(a); k++) {
            const struct item *b = &app->page.items[k];
            if (b->kind != ITEM_HIT)
                continue;
            left = left || !is_term(b) || b->as.hit.argument != a->as.hit.argument;
            if (left && is_term(b) && b->as.hit.argument == a->as.hit.argument)
                fail_msg("%s: term %d is marked twice", app->doc.lesson->name, a->as.hit.argument);
            if ((is_term(b) || b->as.hit.command == CMD_LIVE) && fabsf(a->box.y - b->box.y) < 1 &&
                a->box.x < b->box.x + b->box.w - 1 && b->box.x < a->box.x + a->box.w - 1)
                fail_msg("%s: targets overlap at %g,%g", app->doc.lesson->name, (double)b->box.x, (double)b->box.y);
        }
    }
}

TEST(every_term_in_the_words_of_every_lesson_can_be_pointed_at)
{
    size_t pages = 0, terms = 0;
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(app) app = app_at(builtin_lessons[i], "motion=no");
        app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = 1920, .y = 1400});
        const struct lesson *lesson = app.doc.lesson;
        for (size_t at = 0; at < lesson->walk.n; at++)
            for (int k = 0; k < lesson->walk.steps[at].n_stops; k++) {
                const struct stop *stop = &lesson->stops[lesson->walk.steps[at].first_stop + k];
                app.state.position = walk_whole(&lesson->walk, at) + (size_t)k;
                app.dirty = true;
                draw(&app);
                check_words(&app, stop->say[0]);
                check_words(&app, stop->try_this[0] ? stop->try_this[0] : "");
                check_words(&app, stop->title[0] ? stop->title[0] : "");
                check_targets(&app);
                check_symbols(&app);
                pages++;
                for (size_t t = 0; t < app.page.n; t++)
                    terms += is_term(&app.page.items[t]);
            }
    }
    assert_true(pages > 300 && terms > 2 * pages);
}

/* The page without what lies over it. */
static size_t items_below(const struct display_list *page)
{
    size_t n = 0;
    while (n < page->n && strncmp(page->items[n].part, "tip", 3) != 0 && strncmp(page->items[n].part, "focus", 5) != 0)
        n++;
    return n;
}

static void assert_tells(const struct display_list *page, const char *words)
{
    OWN(str) said = {0};
    for (size_t i = 0; page_part_text(page, "tip.text", i); i++)
        str_addf(&said, "%s%s", i ? " " : "", page_part_text(page, "tip.text", i));
    if (!strstr(str_text(&said), words))
        fail_msg("the tip says \"%s\", not \"%s\"", str_text(&said), words);
}

TEST(a_term_that_is_pointed_at_tells_its_line_and_nothing_moves)
{
    OWN(app) app = app_at("one-head", "at=Q motion=no");
    app_tick(&app, 1);
    const struct item *found = NULL;
    struct glossary_term term;
    draw(&app);
    for (size_t i = 0; i < app.page.n && !found; i++)
        if (is_term(&app.page.items[i]) &&
            language_term(language_english(), app.page.items[i].as.hit.argument, &term) &&
            strcmp(term.key, "query") == 0)
            found = &app.page.items[i];
    assert_non_null(found);
    const struct rect box = found->box;
    const size_t before = items_below(&app.page);
    OWN(str) was = {0};
    OWN(str) is = {0};
    page_print(&app.page, &was);
    app_update(&app, (struct action){.kind = ACTION_POINT, .x = box.x + 2, .y = box.y + 2});
    app_tick(&app, 1 + app_tick(&app, 1.1) + 0.2);
    assert_tells(draw(&app), "what a token looks for");
    assert_int_equal(items_below(&app.page), before);
    app.page.n = before;
    page_print(&app.page, &is);
    assert_string_equal(str_text(&is), str_text(&was));
}

TEST(a_click_on_a_term_and_the_keys_tell_its_line_at_once)
{
    OWN(app) app = app_at("one-head", "at=Q motion=no");
    const struct item *term = page_hit(draw(&app), CMD_TERM, -1);
    assert_non_null(term);
    app_update(&app, (struct action){.kind = ACTION_PRESS, .argument = 1, .x = term->box.x + 2, .y = term->box.y + 2});
    assert_non_null(page_item(draw(&app), "tip.text"));
    key(&app, "Right");
    assert_null(page_item(draw(&app), "tip.text"));
    key(&app, "Left");
    draw(&app);
    for (int i = 0; i < 99 && app.input.focus.command != CMD_TERM; i++) {
        key(&app, "F6");
        draw(&app);
    }
    assert_int_equal(app.input.focus.command, CMD_TERM);
    assert_non_null(page_item(draw(&app), "tip.text"));
}

static const struct {
    const char *name, *lesson, *state;
    enum stage stage;
    const char *says;
} stages[] = {
    {"a stage says what happens in it", "one-head", "motion=no", STAGE_NORMALISE, "Each row of scores becomes weights"},
    {"and where tokens are columns", "one-head", "motion=no tokens=columns", STAGE_NORMALISE, "Each column of scores"},
    {"of words", "one-head", "motion=no", STAGE_EMBED, "Every word becomes"},
    {"of patches", "image-patches", "motion=no", STAGE_EMBED, "Every patch becomes"},
    {"of the two sides", "captioning", "motion=no", STAGE_SCORE,
     "every word is compared with the offer of every region"},
};

TEST_ROWS(the_rail_tells, stages, row)
{
    OWN(app) app = app_at(row->lesson, row->state);
    app_tick(&app, 1);
    const struct item *stage = page_hit(draw(&app), CMD_STAGE, (int)row->stage);
    assert_non_null(stage);
    app_update(&app, (struct action){.kind = ACTION_POINT, .x = stage->box.x + 3, .y = stage->box.y + 3});
    app_tick(&app, 1 + app_tick(&app, 1.1) + 0.2);
    assert_tells(draw(&app), row->says);
}

/* A symbol is set with its subscript wherever it stands: in two pieces, the second smaller. */
TEST(symbols_in_prose_are_set)
{
    OWN(app) app = app_at("one-head", "at=scaled motion=no");
    const struct display_list *page = draw(&app);
    size_t d = 0;
    for (size_t i = 0; i + 1 < page->n; i++) {
        const struct item *a = &page->items[i], *b = &page->items[i + 1];
        d += a->kind == ITEM_TEXT && strcmp(a->part, "title") == 0 && strcmp(display_item_text(page, a), "d") == 0 &&
             strcmp(display_item_text(page, b), "k") == 0 && b->as.text.size < a->as.text.size && b->box.y > a->box.y;
    }
    assert_int_equal(d, 1);
}

/* ---- the course ---- */

static void part_text(const struct display_list *page, const char *part, struct str *to)
{
    for (size_t i = 0; page_part_text(page, part, i); i++)
        str_addf(to, "%s%s", i ? " " : "", page_part_text(page, part, i));
}

static void assert_part_says(const struct app *app, const char *part, const char *words)
{
    OWN(str) said = {0};
    part_text(&app->page, part, &said);
    if (!strstr(str_text(&said), words))
        fail_msg("%s: %s says \"%s\", not \"%s\"", app->doc.lesson->name, part, str_text(&said), words);
}

TEST(the_first_page_of_every_lesson_names_its_papers_and_the_last_leads_on)
{
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(app) app = app_at(builtin_lessons[i], "motion=no");
        app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = 1920, .y = 1400});
        const struct lesson *lesson = app.doc.lesson;
        draw(&app);
        assert_true(lesson->papers.n > 0);
        for (size_t k = 0; k < lesson->papers.n; k++)
            assert_part_says(&app, "narration.course", lesson->papers.v[k]);
        if (lesson->builds_on.n)
            assert_part_says(&app, "narration.course", "Builds on:");
        app.state.position = lesson->walk.length - 1;
        app.dirty = true;
        draw(&app);
        assert_non_null(lesson->dissolves);
        for (int columns = 0; columns < 2; columns++) {
            OWN(str) turned = {0};
            language_add(lesson, lesson->dissolves, columns, &turned);
            assert_null(strchr(str_text(&turned), '{'));
            app.state.columns = columns;
            app.dirty = true;
            draw(&app);
            assert_part_says(&app, "narration.course", str_text(&turned));
        }
        const struct item *next = page_hit(&app.page, CMD_LESSON, -1);
        if (!lesson->next) {
            assert_null(builtin_lessons[i + 1]);
            assert_null(next);
            continue;
        }
        assert_non_null(next);
        char wanted[64];
        snprintf(wanted, sizeof wanted, "%s", lesson->next);
        give(&app, CMD_LESSON, next->as.hit.argument);
        assert_string_equal(app.doc.lesson->name, wanted);
        draw(&app);
        assert_null(page_hit(&app.page, CMD_LESSON, -1));
    }
}

/* A misconception is quoted and then answered. */
TEST(every_misconception_is_quoted_and_answered)
{
    for (size_t i = 0; builtin_lessons[i]; i++) {
        const struct lesson_options headings = {.heading_only = true};
        OWN(lesson) lesson;
        assert_ok(lesson_open(builtin_lessons[i], &headings, &lesson, NULL));
        const char *end = strstr(lesson.dissolves, "” ");
        if (strncmp(lesson.dissolves, "“", 3) != 0 || !end || strlen(end) < 10)
            fail_msg("%s: %s", lesson.name, lesson.dissolves);
    }
}

TEST(a_stop_with_a_title_has_it_in_the_place_of_the_stage)
{
    static const char text[] =
        "title: t\nsummary: s\nsentence: a b\nweights: {source: random, seed: 1}\n"
        "script:\n- {at: X, say: one}\n- {at: scores, title: \"{rows S} words meet\", say: two}\n";
    struct lesson lesson;
    PAGE page = {0};
    assert_ok(lesson_parse("t", text, strlen(text), NULL, &lesson, NULL));
    struct view_state state = {.position = walk_whole(&lesson.walk, 0), .scale = SCALE_NORMAL, .speed = SPEED_NORMAL};
    const struct lesson_line none = {0};
    struct view view = {.state = &state,
                        .lesson = &lesson,
                        .walk = &lesson.walk,
                        .width = 1280,
                        .height = 800,
                        .density = 1,
                        .command = command_shown,
                        .lessons = &none};
    scene_build(&view, &fake_measure, &page);
    assert_non_null(page_item(&page, "stage"));
    assert_null(page_item(&page, "claim"));
    state.position = walk_whole(&lesson.walk, (size_t)walk_stage(&lesson.walk, STAGE_SCORE));
    scene_build(&view, &fake_measure, &page);
    assert_null(page_item(&page, "stage"));
    OWN(str) said = {0};
    part_text(&page, "claim", &said);
    assert_string_equal(str_text(&said), "2 words meet");
    lesson_finish(&lesson);
}

/* Lesson 1 says that its weights were written by hand, and shows others. */
TEST(weights_drawn_by_chance_are_a_button_away_and_back)
{
    OWN(app) app = app_at("one-head", "at=Q stop=3 motion=no");
    draw(&app);
    assert_part_says(&app, "claim", "These weights were written by hand");
    assert_part_says(&app, "narration", "nobody names them");
    assert_non_null(page_hit(&app.page, CMD_TRY, 0));
    give(&app, CMD_TRY, 0);
    draw(&app);
    assert_part_says(&app, "narration", "No column is called noun");
    assert_null(axis_label(&app.doc.lesson->tape.steps[0].value.axis[AXIS_COL], 0, 0));
    give(&app, CMD_TRY, 0);
    draw(&app);
    assert_part_says(&app, "claim", "These weights were written by hand");
    assert_string_equal(axis_label(&app.doc.lesson->tape.steps[0].value.axis[AXIS_COL], 0, 0), "noun");
}
