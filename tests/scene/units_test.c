/* Small parts of pages: colours that can be read, the table of commands, small pages, how mistakes are named. */
#include "test_view.h"

#include "scene/scene.h"
#include "scene/text.h"

#include <stdio.h>
#include <stdlib.h>

static struct display_list list;

/* ---- colours ---- */

TEST(every_text_colour_can_be_read_on_its_grounds)
{
    for (int i = 0; i < THEME_COUNT; i++) {
        const struct theme *t = &theme_table[i];
        const struct colour texts[] = {t->text, t->text_secondary, t->accent, t->role[1], t->role[2], t->role[3]};
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
            if (colour_contrast(texts[k], t->page) < 4.5f || colour_contrast(texts[k], t->panel) < 4.5f)
                fail_msg("%s: text colour %zu", t->name, k);
        }
        assert_true(colour_contrast(t->on_accent, t->accent) >= 4.5f);
        assert_true(colour_contrast(t->text, t->button_idle) >= 4.5f);
        /* A cell's number: text or, where that does not do, black or white. */
        for (double x = -1; x <= 1; x += 0.01)
            for (int scale = SCALE_SIGNED; scale <= SCALE_MASK; scale++) {
                struct colour ground = value_colour(t, (enum scale_kind)scale, 1, fabs(x) < 1e-9 ? 0 : x);
                assert_true(colour_contrast(colour_readable(t->text, ground), ground) >= 4.5f);
                assert_true(colour_contrast(colour_readable(t->text_secondary, ground), ground) >= 4.5f);
            }
        assert_true(colour_contrast(colour_readable(t->text_secondary, t->blocked), t->blocked) >= 4.5f);
    }
}

static float distance(struct colour a, struct colour b)
{
    return (float)(abs(a.r - b.r) + abs(a.g - b.g) + abs(a.b - b.b));
}

TEST(larger_numbers_are_stronger_colours)
{
    const double range = 2;
    for (int i = 0; i < THEME_COUNT; i++) {
        const struct theme *t = &theme_table[i];
        for (int sign = -1; sign <= 1; sign += 2) {
            float before = -1, last = -1;
            for (int k = 0; k <= 20; k++) {
                float now = distance(value_colour(t, SCALE_SIGNED, range, sign * 0.1 * k), t->panel);
                assert_true(now >= before);
                before = now;
                if (sign < 0)
                    continue;
                now = distance(value_colour(t, SCALE_SHARE, range, 0.05 * k), t->panel);
                assert_true(now >= last);
                last = now;
            }
            assert_true(before > 100);
        }
        assert_int_equal(distance(value_colour(t, SCALE_SIGNED, range, 0), t->panel), 0);
        assert_int_equal(distance(value_colour(t, SCALE_SIGNED, range, -INFINITY), t->blocked), 0);
        assert_int_equal(distance(value_colour(t, SCALE_SIGNED, 0, 0), t->panel), 0);
    }
}

/* ---- the table of commands ---- */

static bool is_arrow(const char *key, size_t n)
{
    static const char *const arrows[] = {"Left", "Right", "Up", "Down"};
    for (size_t i = 0; i < 4; i++)
        if (strlen(arrows[i]) == n && strncmp(arrows[i], key, n) == 0)
            return true;
    return false;
}

TEST(every_page_is_opened_under_its_name_and_drawn)
{
    OWN(test_view) v;
    OWN(str) before = {0}, text = {0};
    test_view_open(&v, "several-heads");
    for (int p = 0; p < PAGE_COUNT; p++) {
        assert_non_null(page_names[p]);
        if (p != PAGE_WALK)
            assert_string_equal(command_shown(page_table[p].command)->name, page_names[p]);
        v.state.page = (enum page)p;
        scene_build(&v.view, &fake_measure, &list);
        str_clear(&text);
        page_print(&list, &text);
        if (strcmp(str_text(&text), str_text(&before)) == 0)
            fail_msg("page %s looks like the page before", page_names[p]);
        if (!page_table[p].blank && list.n == 0)
            fail_msg("nothing is drawn on page %s", page_names[p]);
        str_clear(&before);
        str_add(&before, str_text(&text));
    }
    assert_null(page_names[PAGE_COUNT]);
}

TEST(every_command_can_be_found_and_given)
{
    for (int c = 0; c < CMD_COUNT; c++) {
        const struct command_info *command = command_shown(c);
        assert_true(command_table[c].run || key_find(command_table[c].key) >= 0);
        assert_true(command->name[0] != '\0');
        for (int other = 0; other < c; other++)
            assert_string_not_equal(command_shown(other)->name, command->name);
        if (command->group == GROUP_HIDDEN)
            continue;
        if (!command->help[0] || !command->keys[0])
            fail_msg("%s has no help or no key", command->name);
    }
}

TEST(no_key_means_two_things)
{
    for (int c = 0; c < CMD_COUNT; c++)
        for (const char *key = command_shown(c)->keys; *key;) {
            char name[32];
            size_t n = strcspn(key, " ");
            snprintf(name, sizeof name, "%.*s", (int)n, key);
            struct action action = action_of_key(name);
            if (!is_arrow(key, n) && action.command != c)
                fail_msg("%s: key %s gives %s", command_shown(c)->name, name, command_shown(action.command)->name);
            key += n;
            key += *key == ' ';
        }
    assert_int_equal(action_of_key("no such key").command, CMD_NOTHING);
    assert_int_equal(action_of_key("").command, CMD_NOTHING);
}

/* ---- small pages ---- */

TEST(nothing_is_cut_on_a_small_page_that_can_be_said_in_less)
{
    static const struct lesson_line lessons[] = {
        {"a", "Tab", "A title that is far too long for a third of the smallest page that there is", "", NULL},
        {"b", "Other", "Short", "", NULL},
        {0}};
    static const struct {
        enum page page;
        const char *at, *part;
        size_t least; /* so many texts of this part there are */
    } cases[] = {{PAGE_LESSONS, "X", "lessons.title", 2},
                 {PAGE_KEYS, "X", "keys.key", 10},
                 {PAGE_KEYS, "X", "keys.help", 10},
                 {PAGE_WALK, "weights", "head", 1}};
    OWN(test_view) v;
    test_view_open(&v, "several-heads");
    v.view.width = 640, v.view.height = 480, v.view.lessons = lessons;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = 0;
        for (size_t k = 0; k < v.lesson.walk.n; k++)
            if (strcmp(v.lesson.tape.steps[v.lesson.walk.steps[k].step].spec.name, cases[i].at) == 0)
                v.state.position = walk_whole(&v.lesson.walk, k);
        v.state.page = cases[i].page;
        scene_build(&v.view, &fake_measure, &list);
        for (size_t k = 0; k < list.n; k++) {
            if (strcmp(list.items[k].part, cases[i].part) != 0)
                continue;
            n++;
            if (strstr(display_item_text(&list, &list.items[k]), "…"))
                fail_msg("page %s, %s: %s", page_names[cases[i].page], cases[i].part,
                         display_item_text(&list, &list.items[k]));
        }
        if (n < cases[i].least)
            fail_msg("page %s: only %zu texts %s", page_names[cases[i].page], n, cases[i].part);
    }
}

/* ---- the gallery of mistakes ---- */

static bool a_title_says(const struct display_list *page, const char *text)
{
    for (size_t i = 0; i < page->n; i++)
        if (page->items[i].kind == ITEM_TEXT && strstr(display_item_text(page, &page->items[i]), text))
            return true;
    return false;
}

static const struct {
    const char *lesson, *step;
    int stop; /* from 0 */
    bool named;
} namings[] = {
    {"mistake-softmax-columns", "scores_turned", 0, false}, {"mistake-softmax-columns", "weights", 0, false},
    {"mistake-softmax-columns", "weights", 1, true},        {"mistake-mask-after-softmax", "weights", 0, false},
    {"mistake-mask-after-softmax", "weights", 1, true},     {"mistake-keys-as-values", "heads", 0, false},
    {"mistake-keys-as-values", "heads", 1, true},           {"mistake-concat-shuffle", "concat", 0, false},
    {"mistake-concat-shuffle", "concat", 1, true},          {"mistake-heads-not-words", "Q_heads", 0, false},
    {"mistake-heads-not-words", "V_heads", 0, false},       {"mistake-heads-not-words", "scores", 0, true},
};

TEST_ROWS_BY(a_mistake_is_named_only_after_the_learner_was_asked, namings, c, lesson)
{
    OWN(test_view) v;
    PAGE page = {0};
    test_view_open(&v, c->lesson);
    size_t at = (size_t)walk_find(&v.lesson.walk, tape_find(&v.lesson.tape, c->step));
    v.state.position = walk_whole(&v.lesson.walk, at) + (size_t)c->stop;
    scene_build(&v.view, &fake_measure, &page);
    assert_int_equal(a_title_says(&page, "mistake: "), c->named);
}

TEST(planes_of_words_are_called_so_and_can_be_read_where_they_come_together)
{
    OWN(test_view) v;
    PAGE page = {0};
    test_view_open(&v, "mistake-heads-not-words");
    v.state.position =
        walk_whole(&v.lesson.walk, (size_t)walk_find(&v.lesson.walk, tape_find(&v.lesson.tape, "concat")));
    scene_build(&v.view, &fake_measure, &page);
    size_t matrices = 0;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        if (item->kind == ITEM_TEXT && strcmp(item->part, "controls.label") == 0)
            assert_string_not_equal(display_item_text(&page, item), "head");
        if (item->kind != ITEM_HEATMAP || strcmp(item->part, "matrix") != 0)
            continue;
        matrices++;
        assert_true(item->box.h / (float)item->as.heatmap.rows >= 16);
        assert_true(item->box.w / (float)item->as.heatmap.cols >= 24);
    }
    assert_int_equal(matrices, 8); /* of seven words, and the result */
    assert_true(a_title_says(&page, "word"));
}

TEST(cells_without_a_gap_leave_none)
{
    for (size_t n = 1; n <= 512; n++) {
        struct item item = {.kind = ITEM_HEATMAP, .box = {106.25f, 283.5f, 377.3f, 382.7f}};
        item.as.heatmap.rows = item.as.heatmap.cols = n;
        for (size_t i = 0; i + 1 < n; i++) {
            struct rect cell = heatmap_cell(&item, i, i), next = heatmap_cell(&item, i + 1, i + 1);
            if (cell.y + cell.h != next.y || cell.x + cell.w != next.x)
                fail_msg("%zu cells: the one after cell %zu does not begin where that ends", n, i + 1);
        }
    }
}
