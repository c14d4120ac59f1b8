/* untruths_test.c: what is said untruly is found. Each row plants one untruth into a copy of a built-in lesson, of a
 * step's formula or of a theme's colours, and what guards it must tell it: `qkv check` what a lesson says, the reader of
 * formulas what a formula says, the distances of colours what a colour says. */
#include "support/check.h"
#include "support/formula_reader.h"
#include "support/own.h"
#include "support/theme_check.h"

#include "lesson/lesson.h"
#include "lesson/live/literal.h"
#include "lesson/text/builtin.h"
#include "lesson/trial.h"
#include "paint/paint.h"

#include <stdio.h>

/* ---- what a lesson says ---- */

struct lesson_untruth {
    const char *name, *lesson;
    const char *is, *planted; /* a piece of the lesson's file, and what is written there instead */
    const char *says;         /* what must be told */
};

/* All that `qkv check` tells of a text. */
static void check(const char *name, const struct str *text, struct str *ret_told)
{
    const struct lesson_options options = {.decode_image = image_decode};
    struct lesson lesson = {0};
    struct diagnostics told = {0};
    if (!lesson_parse(name, str_text(text), text->n, &options, &lesson, &told).code) {
        trials_check(&lesson, str_text(text), text->n, &options, &told);
        literals_check(&lesson, str_text(text), text->n, &told);
    }
    for (size_t i = 0; i < diagnostics_kept(&told); i++)
        str_addf(ret_told, "%d: %s\n", told.v[i].line, told.v[i].what);
    lesson_finish(&lesson);
}

static const struct builtin_file *file_of(const char *lesson)
{
    char path[64];
    snprintf(path, sizeof path, "lessons/%s.yaml", lesson);
    assert_non_null(builtin_find(path));
    return builtin_find(path);
}

TEST(nothing_is_told_of_the_lessons_as_they_are)
{
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(str) text = {0}, told = {0};
        str_add(&text, file_of(builtin_lessons[i])->text);
        check(builtin_lessons[i], &text, &told);
        if (told.n)
            fail_msg("%s: %s", builtin_lessons[i], str_text(&told));
    }
}

TEST_TABLE(an_untruth_of_a_lesson_is_told, lesson_untruth, "scene/untruths.tsv", u, name)
{
    const struct builtin_file *file = file_of(u->lesson);
    OWN(str) is = {0}, planted = {0}, text = {0}, told = {0}, before = {0};
    tests_unescape(u->is, &is);
    tests_unescape(u->planted, &planted);
    const char *at = strstr(file->text, str_text(&is));
    if (!at || strstr(at + 1, str_text(&is)))
        fail_msg("%s has '%s' %s", u->lesson, u->is, at ? "more than once" : "no more");
    str_add(&text, file->text);
    check(u->lesson, &text, &before);
    if (before.n)
        fail_msg("%s is told before anything is planted: %s", u->lesson, str_text(&before));
    str_finish(&text);
    str_addn(&text, file->text, (size_t)(at - file->text));
    str_addf(&text, "%s%s", str_text(&planted), at + is.n);
    check(u->lesson, &text, &told);
    if (!told.n || !strstr(str_text(&told), u->says))
        fail_msg("'%s' in the place of '%s' is not told: %s", u->planted, u->is, str_text(&told));
}

/* ---- what a formula says ---- */

static const struct formula_untruth {
    const char *name, *lesson, *step, *is, *planted;
} formula_untruths[] = {
    {"another operand", "cross-modal", "heads", "A V", "A K"},
    {"the other sequence", "translation", "K", "X_memory W_K", "X W_K"},
    {"a transposition less", "captioning", "scores", "Q K^T", "Q K"},
    {"a root less", "captioning", "scaled", "S / sqrt(d_k)", "S / d_k"},
    {"another sign", "image-patches", "Q", "Q_0 + b_Q", "Q_0 - b_Q"},
    {"a sum down the columns", "cross-modal", "weights", "E_ij / z_i", "E_ij / z_j"},
};

/* What a formula of the lesson may name: its tape. */
static void describe(const struct tape *tape, struct formula_scene *ret)
{
    *ret = (struct formula_scene){.heads = 1};
    for (size_t i = 0; i < tape->n; i++) {
        const struct tensor *t = &tape->steps[i].value;
        ret->name[ret->n_names++] = (struct formula_name){tape->steps[i].spec.symbol, t->axis[AXIS_HEAD].size,
                                                          t->axis[AXIS_ROW].size, t->axis[AXIS_COL].size, t->v};
    }
    const struct tensor *q = &tape->steps[tape_find(tape, "Q")].value;
    ret->size[ret->n_sizes++] = (struct formula_size){"d_k", q->axis[AXIS_COL].size};
}

TEST_ROWS(an_untruth_of_a_formula_is_found, formula_untruths, u)
{
    static struct formula_scene scene;
    OWN(lesson) lesson = {0};
    char why[200];
    assert_ok(lesson_open(u->lesson, NULL, &lesson, NULL));
    describe(&lesson.tape, &scene);
    const char *whole = lesson.tape.steps[tape_find(&lesson.tape, u->step)].spec.symbol;
    char text[96];
    for (int planted = 0; planted < 2; planted++) {
        snprintf(text, sizeof text, "%s%s = %s", whole, strstr(u->is, "_ij") ? "_ij" : "",
                 planted ? u->planted : u->is);
        if (formula_holds(&scene, text, whole, why) == (planted == 1))
            fail_msg("'%s' %s", text, planted ? "is taken for true" : why);
    }
}

/* ---- what a colour says ---- */

#define COLOUR(of) offsetof(struct theme, of)

static const struct colour_untruth {
    const char *name;
    size_t planted, like; /* the colour that is replaced, and the one that it gets, in struct theme */
    const char *says;
} colour_untruths[] = {
    {"keys in the colour of what is above 0", COLOUR(role[ROLE_KEY]), COLOUR(positive), "role 2 and data 1"},
    {"what is below 0 in the colour of values", COLOUR(negative), COLOUR(role[ROLE_VALUE]), "role 3 and data 2"},
    {"shares in the colour of what is pointed at", COLOUR(share), COLOUR(accent), "data 3"},
    {"a head in the colour of queries", COLOUR(head[1]), COLOUR(role[ROLE_QUERY]), "role 1 and head 2"},
    {"two heads in one colour", COLOUR(head[2]), COLOUR(head[1]), "head 3 and head 2"},
    {"above and below 0 in one colour", COLOUR(negative), COLOUR(positive), "data 2 and data 1"},
};

TEST_ROWS(an_untruth_of_a_colour_is_found, colour_untruths, u)
{
    char why[160];
    for (int i = 0; i < THEME_COUNT; i++) {
        struct theme planted = theme_table[i];
        assert_true(theme_is_clear(&planted, why));
        memcpy((char *)&planted + u->planted, (char *)&planted + u->like, sizeof(struct colour));
        if (theme_is_clear(&planted, why) || !strstr(why, u->says))
            fail_msg("%s: it is not found, but: %s", theme_table[i].name, why);
    }
}
