/* formula_pages_test.c: every page of a step draws its formula, and all of it, however it is laid out. That the formula
 * is true is what formulas_test.c shows. A sample has each step in a third of its layouts, the next in another third. */
#include "test_view.h"

#include "scene/scene.h"
#include "scene/text.h"
#include "support/sample.h"

#include <string.h>

/* What a page shows of a formula, or a formula as it is written, without what only says where signs stand. */
static void add_letters(const char *text, struct str *to)
{
    static const struct {
        const char *written, *set;
    } signs[] = {{"sum", "∑"}, {"inf", "∞"}, {"tau", "τ"}, {"omega", "ω"}, {"<=", "≤"}, {"sqrt", "√"}};
    while (*text) {
        size_t skipped = strspn(text, " _^()/"), sign = 0, n = sizeof signs / sizeof signs[0];
        text += skipped;
        while (*text && sign < n && strncmp(text, signs[sign].written, strlen(signs[sign].written)) != 0)
            sign++;
        if (*text && sign < n) {
            str_add(to, signs[sign].set);
            text += strlen(signs[sign].written);
        } else if (*text) {
            str_addn(to, text++, 1);
        }
    }
}

/* Are the texts of these two parts of the page this formula, and all of it? */
static bool is_shown(const struct display_list *list, const char *const parts[2], const char *formula)
{
    struct str shown = {0}, letters = {0}, wanted = {0};
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].kind == ITEM_TEXT &&
            (strcmp(list->items[i].part, parts[0]) == 0 || strcmp(list->items[i].part, parts[1]) == 0))
            str_add(&shown, display_item_text(list, &list->items[i]));
    add_letters(str_text(&shown), &letters);
    add_letters(formula, &wanted);
    /* The whole formula is not on every page. */
    bool same = strcmp(str_text(&letters), str_text(&wanted)) == 0 || (shown.n == 0 && parts[0] != parts[1]);
    if (!same)
        print_message("'%s' is shown as '%s'\n", formula, str_text(&shown));
    str_finish(&shown);
    str_finish(&letters);
    str_finish(&wanted);
    return same;
}

/* The page shows the formula of the step that it is about, and, where it shows that, the whole formula. */
static bool shows_formula(const struct view *view)
{
    static struct display_list list;
    static const char formula_part[] = "formula";
    const char *const of_step[] = {formula_part, formula_part}, *const whole[] = {"formula.whole", "formula.lit"};
    struct str formula = {0}, all = {0}, stages = {0};
    scene_build(view, &fake_measure, &list);
    transposed_step_formula(view_tape(view), view_step(view), view->state->columns, &formula);
    formula_of_mechanism(view->lesson, view->walk, view->state->columns, &all, &stages);
    bool shown = is_shown(&list, of_step, str_text(&formula)) && is_shown(&list, whole, str_text(&all));
    display_finish(&list);
    str_finish(&formula);
    str_finish(&all);
    str_finish(&stages);
    return shown;
}

TEST(every_page_of_a_step_shows_its_formula)
{
    static const int sizes[][2] = {{1280, 720}, {1280, 800}, {1920, 1080}};
    for (size_t i = 0; builtin_lessons[i]; i++) {
        struct test_view v;
        test_view_open(&v, builtin_lessons[i]);
        for (size_t at = 0; at < v.lesson.walk.n; at++)
            for (size_t k = 0; k < 4 * sizeof sizes / sizeof sizes[0]; k++) {
                if (!sampled(i + at + k, 3))
                    continue;
                size_t whole = walk_whole(&v.lesson.walk, at), cells = v.lesson.walk.steps[at].rows;
                v.view.width = sizes[k / 4][0];
                v.view.height = sizes[k / 4][1];
                v.state.columns = k % 4 / 2;
                v.state.position = k % 2 && whole >= cells ? whole - cells : whole;
                if (!shows_formula(&v.view))
                    fail_msg("%s, step %zu: no formula at %d x %d%s%s", builtin_lessons[i], at + 1, sizes[k / 4][0],
                             sizes[k / 4][1], k % 2 ? ", while it is filled" : "", v.state.columns ? ", turned" : "");
            }
        test_view_finish(&v);
    }
}
