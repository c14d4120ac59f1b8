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

static const struct lesson_untruth {
    const char *name, *lesson;
    const char *is, *planted; /* a piece of the lesson's file, and what is written there instead */
    const char *says;         /* what must be told */
} lesson_untruths[] = {
    {"a digit for a number", "captioning", "**{A[mat, mat]}**", "**0.87**", "'0.87' stays as it is"},
    {"a digit for a whole number", "captioning", "**on** and **by** ask", "by 10 **on** and **by** ask",
     "'10' stays as it is"},
    {"a count in digits", "both-ways", "{count S_masked > -infinity} cells", "52 cells", "'52' stays as it is"},
    {"a percentage", "translation", "{A[J'aime, I]} to **I**", "58 % to **I**", "'58' stays as it is"},
    {"a digit in a page's heading", "both-ways", "title: Two blocks are left", "title: Two blocks of 4 are left",
     "'4' stays as it is"},
    {"a digit in a summary", "both-ways", "So both directions", "With 0.81 of it, both directions",
     "'0.81' stays as it is"},
    {"a digit in what a try says then", "location-aware", "{A_2[1, 1]} for moment 1, where", "0.51 for moment 1, where",
     "'0.51' stays as it is"},
    {"a word that the sentence has not", "captioning", "{A[cat, cat]}", "{A[cat, dog]}", "no column 'dog'"},
    {"another word has the largest share", "captioning", "argmax A[cat] == cat", "argmax A[cat] == mat",
     "does not hold: the left side is cat"},
    {"a superlative of numbers that were changed", "captioning", "[0,0,10],[0,10,0]]", "[0,0,5],[0,10,0]]",
     "'count S <= S[window, mat] == 1' does not hold: the left side is 2"},
    {"the lowest where it is the second", "captioning", "S <= S[window, mat] ==", "S <= S[cat, wall] ==",
     "'count S <= S[cat, wall] == 1' does not hold: the left side is 2"},
    {"no other where there is another", "location-aware", ">= K[3, high] == 1", ">= K[4, high] == 1",
     "'count K[*, high] >= K[4, high] == 1' does not hold: the left side is 2"},
    {"mirror images of other numbers", "both-ways", "W_K: [[-0.5, 1, -1]", "W_K: [[-0.5, 1, 1]",
     "'S == transpose S' does not hold"},
    {"alike where they are not", "image-patches", "X[\"1,1\"] == X[\"1,2\"] and", "X[\"1,1\"] == X[\"2,1\"] and",
     "does not hold"},
    {"a count", "captioning", "count X != 0 == 4", "count X != 0 == 5", "does not hold"},
    {"a sum", "translation", "A[J'aime, I] + A[J'aime, love] > 0.9", "A[J'aime, I] + A[J'aime, love] == 1",
     "does not hold: the left side is 0.96"},
    {"an order", "captioning", "rank A[cat, window] == 2", "rank A[cat, mat] == 2", "does not hold"},
    {"a cost that is larger", "linear-attention", "it takes fewer operations: operations < beside.operations",
     "it takes more operations: operations > beside.operations", "does not hold: the left side is"},
    {"a cost in digits", "linear-attention", "takes {operations} operations", "takes 2535 operations",
     "'2535' stays as it is"},
    {"a cost for more words", "causal-mask", "it is 0 for the rest: count S_scaled[it] != 0 == 2",
     "it grows with the words alone: operations of scores at 70 == 10 * operations of scores", "does not hold"},
    {"equal where it is not", "location-aware", "compare: weights\n", "compare: weights\n  equal: true\n",
     "is not equal: it differs"},
    {"a try that cannot be done", "image-patches", "set: {position: sinusoidal}", "set: {position: sinusodal}",
     "did you mean 'sinusoidal'?"},
    {"a try whose numbers are not there", "image-patches", "{S[\"1,1\", \"1,1\"]} with itself",
     "{S[\"1,1\", \"5,1\"]} with itself", "no column '5,1'"},
    {"a step that is not there", "translation", "at: concat", "at: output", "unknown step 'output'"},
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

TEST_ROWS(an_untruth_of_a_lesson_is_told, lesson_untruths, u)
{
    const struct builtin_file *file = file_of(u->lesson);
    const char *at = strstr(file->text, u->is);
    OWN(str) text = {0}, told = {0}, before = {0};
    if (!at || strstr(at + 1, u->is))
        fail_msg("%s has '%s' %s", u->lesson, u->is, at ? "more than once" : "no more");
    str_add(&text, file->text);
    check(u->lesson, &text, &before);
    if (before.n)
        fail_msg("%s is told before anything is planted: %s", u->lesson, str_text(&before));
    str_finish(&text);
    str_addn(&text, file->text, (size_t)(at - file->text));
    str_addf(&text, "%s%s", u->planted, at + strlen(u->is));
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
