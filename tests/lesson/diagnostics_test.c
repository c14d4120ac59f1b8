/* What is wrong with a file: found, at its line and column, in words that help. */
#include "support/check.h"

#include "lesson/lesson.h"

#include <stdlib.h>
#include <time.h>

#define TOP          "title: t\nsummary: s\nsentence: The cat sat\n" /* three lines */
#define GLASS        "weights: {source: glass, heads: [pronoun]}\n"
#define WHOLE        TOP GLASS
#define SEQUENCE(of) "title: t\nsummary: s\nsentence: " of "\n"
#define DRAWN        "weights: {source: random, seed: 1}\n"
#define SEEN(as)     "weights: {source: random, seed: 1, X: " as "}\n"
#define BESIDE(rest) WHOLE "beside: {label: other, " rest "}\n" /* in line 5 */
#define SCRIPT       WHOLE "script:\n"                          /* stops start in line 6 */

static const struct diagnostic_case {
    const char *name, *text;
    int line, column; /* of the diagnostic wanted, which need not be the first */
    enum qkv_code code;
    const char *says;
} cases[] = {
    {"an unknown field", "titel: t\n", 1, 1, QKV_ERR_DOMAIN, "unknown field 'titel'; did you mean 'title'?"},
    {"a field like no other", WHOLE "xyzzy: 1\n", 5, 1, QKV_ERR_DOMAIN,
     "unknown field 'xyzzy': a lesson has title, tab"},
    {"a missing field", "title: t\nsummary: s\n" GLASS, 1, 1, QKV_ERR_SYNTAX, "a lesson needs 'sentence'"},
    {"an empty field", "title:\n" GLASS, 1, 1, QKV_ERR_SYNTAX, "'title' is empty"},
    {"a field of another kind", "title: [a, b]\n", 1, 8, QKV_ERR_SYNTAX, "'title' must be a text, not a list"},
    {"a field given twice", TOP "title: u\n" GLASS, 4, 1, QKV_ERR_SYNTAX, "'title' is given twice; first in line 1"},
    {"no mapping at all", "- a\n- b\n", 1, 1, QKV_ERR_SYNTAX, "a lesson must be a mapping"},
    {"an empty file", "", 1, 1, QKV_ERR_SYNTAX, "the file is empty"},
    {"a title that is too long",
     "title: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 1, 8,
     QKV_ERR_LIMIT, "title has 89 characters; at most 80 fit"},

    {"too many papers", TOP "papers: [a, b, c, d, e]\n" GLASS, 4, 9, QKV_ERR_LIMIT, "papers lists 5; at most 4"},
    {"a paper that is no text", TOP "papers: [[a]]\n" GLASS, 4, 10, QKV_ERR_SYNTAX, "papers lists texts"},
    {"a paper that is too long",
     TOP "papers: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaaaa]\n" GLASS,
     4, 10, QKV_ERR_LIMIT, "a paper has 124 characters; at most 120 fit"},
    {"a stop's title that is too long",
     SCRIPT "- {at: X, say: s, title: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}\n", 6, 26,
     QKV_ERR_LIMIT, "title has 68 characters; at most 60 fit"},

    {"a tab", "title: t\nsettings:\n\tmask: causal\n", 3, 1, QKV_ERR_SYNTAX, "tab"},
    {"a second colon", "title: one: two\n", 1, 11, QKV_ERR_SYNTAX, "put quotes around"},
    {"a quote left open", "title: t\nsummary: \"s\nsentence: a\n", 2, 10, QKV_ERR_SYNTAX, "never closed"},
    {"a bracket left open", "title: t\nweights: {source: glass\nsummary: s\n", 3, 8, QKV_ERR_SYNTAX, "missing"},
    {"a line indented wrongly", "title: t\n  summary: s\n", 2, 10, QKV_ERR_SYNTAX, "indented too far"},
    {"Latin-1", "title: t\nsummary: caf\xE9\n", 2, 13, QKV_ERR_SYNTAX, "not UTF-8 (byte 0xE9)"},
    {"UTF-16", "\xFF\xFEt\n", 1, 1, QKV_ERR_SYNTAX, "not UTF-8"},
    {"a control character", "title: a\x1B[31m\n", 1, 9, QKV_ERR_SYNTAX, "control character (byte 0x1B)"},
    {"columns count characters", "title: é {\n\nx: \x01", 3, 4, QKV_ERR_SYNTAX, "byte 0x01"},
    {"an anchor", "title: &a t\n", 1, 8, QKV_ERR_SYNTAX, "anchors"},
    {"an alias", "title: *a\n", 1, 8, QKV_ERR_SYNTAX, "aliases"},
    {"a tag", "title: !!str t\n", 1, 8, QKV_ERR_SYNTAX, "tags"},
    {"a second document", WHOLE "---\ntitle: u\n", 5, 1, QKV_ERR_SYNTAX, "a second document"},
    {"no blank after a colon", "title: t\nsummary:s\nsentence: a\n", 2, 8, QKV_ERR_SYNTAX, "a blank is missing"},
    {"no blank after a colon, in brackets", TOP "weights: {source: glass, heads:[pronoun]}\n", 4, 31, QKV_ERR_SYNTAX,
     "a blank is missing"},
    {"a full-width colon", "title：t\nsummary: s\n", 1, 6, QKV_ERR_SYNTAX, "full-width"},
    {"a full-width colon in brackets", TOP "weights: {source：glass}\n", 4, 11, QKV_ERR_SYNTAX, "full-width"},
    {"a text that begins with a reference", "title: t\nsummary: {Q} asks\n", 2, 10, QKV_ERR_SYNTAX, "needs quotes"},
    {"a text that begins in bold", "title: t\nsummary: **so** it is\n", 2, 10, QKV_ERR_SYNTAX, "needs quotes"},
    {"an apostrophe inside of quotes", "title: t\nsummary: 'it's so'\n", 2, 13, QKV_ERR_SYNTAX, "at this apostrophe"},
    {"a quote inside of quotes", "title: t\nsummary: \"a \"b\" c\"\n", 2, 13, QKV_ERR_SYNTAX, "at this quote"},
    {"a list as a name", "title: t\n? [a]\n: b\n", 2, 3, QKV_ERR_SYNTAX, "must be a word"},

    {"an unknown mechanism", TOP "mechanism: atention\n" GLASS, 4, 12, QKV_ERR_DOMAIN,
     "unknown mechanism 'atention'; did you mean 'attention'?"},
    {"an unknown setting", WHOLE "settings: {maks: causal}\n", 5, 12, QKV_ERR_DOMAIN, "did you mean 'mask'?"},
    {"a setting like no other", TOP "mechanism: linear_attention\nsettings: {mask: causal}\n" GLASS, 5, 12,
     QKV_ERR_DOMAIN, "unknown setting 'mask'; there are heads, feature_map, causal"},
    {"an unknown mask", WHOLE "settings: {mask: casual}\n", 5, 18, QKV_ERR_DOMAIN,
     "unknown mask 'casual'; did you mean 'causal'?"},
    {"a setting that is a list", WHOLE "settings: {mask: [causal]}\n", 5, 18, QKV_ERR_SYNTAX, "one word or number"},
    {"heads that do not match", WHOLE "settings: {heads: 3}\n", 4, 33, QKV_ERR_SHAPE, "heads is 3"},

    {"weights from nowhere", TOP "weights: {heads: [pronoun]}\n", 4, 10, QKV_ERR_SYNTAX, "weights needs 'source'"},
    {"an unknown source", TOP "weights: {source: gals}\n", 4, 19, QKV_ERR_DOMAIN, "did you mean 'glass'?"},
    {"a head like no other", TOP "weights: {source: glass, heads: [xyzzy]}\n", 4, 34, QKV_ERR_DOMAIN,
     "unknown head 'xyzzy'; there are "},
    {"a row like no other", SCRIPT "  - {at: scores, row: xyzzy, say: x}\n", 6, 23, QKV_ERR_DOMAIN,
     "there is no row 'xyzzy' in scores; there are The, cat, sat"},
    {"an unknown head", TOP "weights: {source: glass, heads: [pronuon]}\n", 4, 34, QKV_ERR_DOMAIN,
     "unknown head 'pronuon'; did you mean 'pronoun'?"},
    {"no head", TOP "weights: {source: glass, heads: []}\n", 4, 33, QKV_ERR_SYNTAX, "this list is empty"},
    {"a head twice", TOP "weights: {source: glass, heads: [pronoun, pronoun]}\n", 4, 43, QKV_ERR_DOMAIN,
     "listed twice"},
    {"a feature that is left out", TOP "weights: {source: glass, heads: [pronoun], features: [noun]}\n", 4, 54,
     QKV_ERR_DOMAIN, "head 'pronoun' reads the feature 'pronoun', which 'features' leaves out"},
    {"a seed that is no number", TOP "weights: {source: random, seed: seven}\n", 4, 33, QKV_ERR_DOMAIN,
     "seed must be a whole number"},
    {"a width without end", TOP "weights: {source: random, seed: 1, d_model: 99999999}\n", 4, 45, QKV_ERR_DOMAIN,
     "d_model must be a whole number from 1 to 1024"},
    {"too few rows", TOP "weights: {source: numbers, X: [[1]], W_Q: [[1]], W_K: [[1]], W_V: [[1]]}\n", 4, 31,
     QKV_ERR_SHAPE, "X has 1 rows, but the sentence has 3 words"},
    {"a ragged matrix", TOP "weights: {source: numbers, X: [[1], [1, 2], [3]], W_Q: [[1]], W_K: [[1]], W_V: [[1]]}\n",
     4, 37, QKV_ERR_SHAPE, "X: this row has 2 numbers, the ones before it 1"},
    {"a word among numbers",
     TOP "weights: {source: numbers, X: [[1], [nan], [3]], W_Q: [[1]], W_K: [[1]], W_V: [[1]]}\n", 4, 38,
     QKV_ERR_DOMAIN, "X must be a number, not 'nan'"},
    {"matrices that do not fit",
     TOP "weights: {source: numbers, X: [[1], [2], [3]], W_Q: [[1], [1]], W_K: [[1]], W_V: [[1]]}\n", 4, 10,
     QKV_ERR_SHAPE, "W_Q: its 2 rows must match"},
    {"a tensor that the mechanism lacks", TOP "weights: {source: numbers, W_Z: [[1]]}\n", 4, 28, QKV_ERR_DOMAIN,
     "unknown field 'W_Z'; did you mean"},

    {"rows for no memory",
     TOP "memory: a b\nweights: {source: numbers, X: [[1], [2], [3]], W_Q: [[1]], W_K: [[1]], W_V: [[1]]}\n", 4, 9,
     QKV_ERR_DOMAIN, "a memory of 2 words is given, but no tensor has rows for them"},
    {"a memory of other length",
     TOP
     "memory: a b\nweights: {source: numbers, memory: [[1]], X: [[1], [2], [3]], W_Q: [[1]], W_K: [[1]], W_V: [[1]]}\n",
     5, 36, QKV_ERR_SHAPE, "memory has 1 rows, but the memory has 2 words"},
    {"a mask that does not fit", TOP "weights: {source: random, seed: 1, numbers: {mask: [[1, 1], [1, 1], [1, 1]]}}\n",
     4, 52, QKV_ERR_SHAPE, "mask has 2 columns, but the sentence has 3 words"},
    {"an unknown tensor in numbers", TOP "weights: {source: random, seed: 1, numbers: {maks: [[1]]}}\n", 4, 46,
     QKV_ERR_DOMAIN, "unknown tensor 'maks' of attention; did you mean 'mask'?"},
    {"an unknown tensor to draw", TOP "weights: {source: random, seed: 1, with: [b_X]}\n", 4, 43, QKV_ERR_DOMAIN,
     "unknown tensor 'b_X' of attention; did you mean"},
    {"a mask to draw", TOP "weights: {source: random, seed: 1, with: [mask]}\n", 4, 10, QKV_ERR_DOMAIN,
     "a mask is not drawn"},
    {"names of nothing", TOP "weights: {source: random, seed: 1, names: {d_z: [a]}}\n", 4, 44, QKV_ERR_DOMAIN,
     "unknown field 'd_z'; did you mean"},
    {"names and a size that differ", TOP "weights: {source: random, seed: 1, d_k: 3, names: {d_k: [a, b]}}\n", 4, 41,
     QKV_ERR_SHAPE, "d_k is 3, but 2 names are given for it"},
    {"a size that words give", TOP "weights: {source: random, seed: 1, heads: 3}\n", 4, 36, QKV_ERR_DOMAIN,
     "unknown field 'heads'"},
    {"an equality that does not hold", BESIDE("settings: {scale: none}, equal: true"), 5, 56, QKV_ERR_DOMAIN,
     "'output' is not equal: it differs by up to"},
    {"a comparison without a label", WHOLE "beside: {settings: {scale: none}}\n", 5, 9, QKV_ERR_SYNTAX,
     "beside needs 'label'"},
    {"a setting beside that is unknown", BESIDE("settings: {skale: none}"), 5, 35, QKV_ERR_DOMAIN,
     "unknown setting 'skale'; did you mean 'scale'?"},
    {"a mechanism beside that is unknown", BESIDE("mechanism: attenshun"), 5, 35, QKV_ERR_DOMAIN,
     "unknown mechanism 'attenshun'; did you mean 'attention'?"},
    {"a comparison of what only one has", BESIDE("settings: {scale: none}, compare: scaled"), 5, 58, QKV_ERR_DOMAIN,
     "'scaled' is not computed by both"},
    {"a comparison of two shapes", BESIDE("compare: Q, weights: {source: random, seed: 1, d_k: 3}"), 5, 33,
     QKV_ERR_SHAPE, "'Q' is [1, 3, 4] here and [1, 3, 3] beside"},
    {"a group that is too long", WHOLE "group: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 5, 8,
     QKV_ERR_LIMIT, "group has 55 characters; at most 40 fit"},

    {"a sentence of two kinds", SEQUENCE("{labels: [a], image: cat.png}") DRAWN, 3, 11, QKV_ERR_SYNTAX,
     "sentence is a text, or {labels"},
    {"a picture that is not cut", SEQUENCE("{image: cat-on-mat.png}") DRAWN, 3, 11, QKV_ERR_SYNTAX,
     "with one of patch, columns and regions"},
    {"a picture that is not there", SEQUENCE("{image: cat.png, patch: 8}") DRAWN, 3, 19, QKV_ERR_IO,
     "no file can be read beside it"},
    {"a picture from elsewhere", SEQUENCE("{image: ../cat.png, patch: 8}") DRAWN, 3, 19, QKV_ERR_DOMAIN,
     "must lie in the lesson's folder"},
    {"a picture that is none", SEQUENCE("{image: glass.yaml, patch: 8}") DRAWN, 3, 19, QKV_ERR_DOMAIN,
     "only PNG can be read here"},
    {"a patch that does not divide", SEQUENCE("{image: cat-on-mat.png, patch: 7}") DRAWN, 3, 42, QKV_ERR_SHAPE,
     "the picture is 32x32: 7 does not divide its sides"},
    {"more patches than words fit", SEQUENCE("{image: cat-and-window.png, patch: 1}") DRAWN, 3, 46, QKV_ERR_LIMIT,
     "this makes 3072 parts; 1 to 1024"},
    {"a region outside", SEQUENCE("{image: cat-on-mat.png, regions: {cat: [20, 0, 20, 5]}}") DRAWN, 3, 50,
     QKV_ERR_DOMAIN, "this region ends outside the picture"},
    {"a region of three numbers", SEQUENCE("{image: cat-on-mat.png, regions: {cat: [20, 0, 20]}}") DRAWN, 3, 50,
     QKV_ERR_SYNTAX, "a region is [x, y, width, height]"},
    {"a region without pixels", SEQUENCE("{image: cat-on-mat.png, regions: {cat: [20, 0, 0, 5]}}") DRAWN, 3, 58,
     QKV_ERR_DOMAIN, "the width must be a whole number from 1 to 32"},
    {"pixels of words", SEQUENCE("a b") SEEN("pixels"), 4, 39, QKV_ERR_DOMAIN, "X: pixels need a picture"},
    {"pixels misspelt", SEQUENCE("{image: cat-on-mat.png, patch: 8}") SEEN("pixels 2"), 4, 39, QKV_ERR_SYNTAX,
     "'pixels 2' is neither rows of numbers nor"},
    {"more cells than pixels", SEQUENCE("{image: cat-on-mat.png, patch: 8}") SEEN("pixels 9x1"), 4, 39, QKV_ERR_SHAPE,
     "'1,1' is 8x8 pixels: too few for 9x1 cells"},

    {"a sentence without words", "title: t\nsummary: s\nsentence: ' '\n" GLASS, 3, 11, QKV_ERR_SYNTAX, "no word"},
    {"an unknown step", SCRIPT "  - {at: score, say: x}\n", 6, 10, QKV_ERR_DOMAIN,
     "unknown step 'score'; did you mean 'scores'? This lesson has: X, Q, K, V, scores, scaled"},
    {"a step that the settings took away", SCRIPT "  - {at: masked, say: x}\n", 6, 10, QKV_ERR_DOMAIN,
     "unknown step 'masked'"},
    {"a stop at weights that are given", SCRIPT "  - {at: W_Q, say: x}\n", 6, 10, QKV_ERR_DOMAIN,
     "'W_Q' is given, not computed"},
    {"a word that is not there", SCRIPT "  - {at: scores, row: dog, say: x}\n", 6, 23, QKV_ERR_DOMAIN,
     "there is no row 'dog' in scores"},
    {"a word mistyped", SCRIPT "  - {at: scores, row: cta, say: x}\n", 6, 23, QKV_ERR_DOMAIN, "did you mean 'cat'?"},
    {"a row out of range", SCRIPT "  - {at: scores, row: 4, say: x}\n", 6, 23, QKV_ERR_DOMAIN,
     "there is no row 4: scores has rows 1 to 3"},
    {"a column that is not there", SCRIPT "  - {at: Q, cell: [cat, noum], say: x}\n", 6, 25, QKV_ERR_DOMAIN,
     "there is no column 'noum' in Q; did you mean 'noun'?"},
    {"half a cell", SCRIPT "  - {at: Q, cell: [cat], say: x}\n", 6, 19, QKV_ERR_SYNTAX, "a cell is [row, column]"},
    {"a row and a cell", SCRIPT "  - {at: Q, row: cat, cell: [cat, noun], say: x}\n", 6, 18, QKV_ERR_SYNTAX,
     "not both"},
    {"a head out of range", SCRIPT "  - {at: scores, head: 2, say: x}\n", 6, 24, QKV_ERR_DOMAIN,
     "head must be a whole number from 1 to 1"},
    {"a stop that goes back", SCRIPT "  - {at: scores, say: x}\n  - {at: Q, say: x}\n", 7, 10, QKV_ERR_DOMAIN,
     "'Q' comes before 'scores' in the walk"},
    {"a stop that says nothing", SCRIPT "  - {at: scores}\n", 6, 5, QKV_ERR_SYNTAX, "a stop needs 'say'"},
    {"a reference that is none", SCRIPT "  - {at: scores, say: 'the {B} of it'}\n", 6, 29, QKV_ERR_DOMAIN,
     "no step, symbol, setting or size is called 'B'; there are X, Q, K, V"},
    {"a reference to no row", SCRIPT "  - at: scores\n    say: >-\n      It's\n      {S[it, cat]}.\n", 9, 8,
     QKV_ERR_DOMAIN, "there is no row 'it' in S; there are The, cat, sat"},
    {"a brace that is never closed", SCRIPT "  - {at: scores, say: 'the {Q of it'}\n", 6, 23, QKV_ERR_SYNTAX,
     "a { has no partner"},
    {"a claim that is not true", SCRIPT "  - {at: scores, say: x, holds: 'rows S == 4'}\n", 6, 33, QKV_ERR_DOMAIN,
     "'rows S == 4' does not hold: the left side is 3"},
    {"a claim in words that is not true", SCRIPT "  - {at: scores, say: x, holds: {four: 'rows S == 4'}}\n", 6, 40,
     QKV_ERR_DOMAIN, "'rows S == 4' does not hold"},
    {"a claim that cannot be read", SCRIPT "  - {at: scores, say: x, holds: ['rows S == ']}\n", 6, 44, QKV_ERR_SYNTAX,
     "a number, a step, a setting or a bracket was wanted, but it ends here"},
    {"a try without words", SCRIPT "  - {at: scores, say: x, try: {set: {mask: causal}}}\n", 6, 31, QKV_ERR_SYNTAX,
     "a try needs 'say'"},
    {"a try of an unknown setting", SCRIPT "  - {at: scores, say: x, try: {say: x, set: {maks: causal}}}\n", 6, 46,
     QKV_ERR_DOMAIN, "did you mean 'mask'?"},
    {"a try of a wrong value", SCRIPT "  - {at: scores, say: x, try: {say: x, set: {mask: casual}}}\n", 6, 52,
     QKV_ERR_DOMAIN, "did you mean 'causal'?"},
    {"a try that edits what is computed", SCRIPT "  - {at: scores, say: x, try: {say: x, edit: {'S[cat, cat]': 1}}}\n",
     6, 47, QKV_ERR_DOMAIN, "'S[cat, cat]' is no cell of an input"},
    {"a try that edits nothing", SCRIPT "  - {at: scores, say: x, try: {say: x, edit: {'X[dog, noun]': 1}}}\n", 6, 47,
     QKV_ERR_DOMAIN, "there is no row 'dog' in X"},
    {"a try that edits to no number", SCRIPT "  - {at: scores, say: x, try: {say: x, edit: {'X[cat, noun]': a}}}\n", 6,
     63, QKV_ERR_DOMAIN, "an edited cell must be a number"},
    {"a claim that is a list", SCRIPT "  - {at: scores, say: x, holds: [[a]]}\n", 6, 34, QKV_ERR_SYNTAX,
     "a condition is a text"},
    {"bold that is never closed", SCRIPT "  - {at: scores, say: 'the **cat'}\n", 6, 23, QKV_ERR_SYNTAX,
     "a ** has no partner"},
};

TEST_ROWS(a_diagnostic_has_its_place_and_its_words, cases, c)
{
    OWN(lesson) lesson = {0};
    struct diagnostics diagnostics = {0};
    struct qkv_err err = lesson_parse("case", c->text, strlen(c->text), NULL, &lesson, &diagnostics);
    assert_int_not_equal(err.code, QKV_OK);
    for (size_t i = 0; i < diagnostics_kept(&diagnostics); i++) {
        const struct qkv_err *f = &diagnostics.v[i];
        if (f->line == c->line && f->column == c->column && f->code == c->code && strstr(f->what, c->says))
            return;
    }
    for (size_t i = 0; i < diagnostics_kept(&diagnostics); i++)
        print_error("%d:%d: %s (%d)\n", diagnostics.v[i].line, diagnostics.v[i].column, diagnostics.v[i].what,
                    (int)diagnostics.v[i].code);
    fail_msg("wanted %d:%d: %s (%d)", c->line, c->column, c->says, (int)c->code);
}

TEST(all_diagnostics_of_a_file_are_told_in_the_order_of_its_lines)
{
    static const char text[] =
        "titel: t\nsentence: The cat sat\nsettings: {mask: casual}\n" GLASS "script:\n  - {at: scores, say: '**x'}\n";
    struct lesson lesson = {0};
    struct diagnostics diagnostics = {0};
    assert_error(lesson_parse("case", text, strlen(text), NULL, &lesson, &diagnostics), QKV_ERR_DOMAIN, "titel");
    assert_int_equal(diagnostics.n, 5);
    for (size_t i = 1; i < diagnostics.n; i++)
        assert_true(diagnostics.v[i].line >= diagnostics.v[i - 1].line);
    assert_int_equal(diagnostics.v[4].line, 6);
}

TEST(more_diagnostics_than_fit_are_counted)
{
    struct diagnostics diagnostics = {0};
    for (int i = 0; i < 40; i++)
        diagnostics_add(&diagnostics, qkv_err_at(40 - i, 1, QKV_ERR_SYNTAX, "x"));
    assert_int_equal(diagnostics.n, 40);
    assert_int_equal(diagnostics_kept(&diagnostics), LESSON_DIAGNOSTICS_MAX);
    assert_int_equal(diagnostics.v[0].line, 9);
}

/* Texts that libyaml alone would take seconds for, or that would take all memory. */
static const char *const nasty[] = {"{",     "[",        "{a: ", "[[],",   "- ",     "? ",         "a: ",    "- - ",
                                    "\"",    "'",        "|\n ", ">\n  ",  "#",      "# [\n",      "%",      "&a ",
                                    "*a ",   "!a ",      "a\n",  "a: b\n", "- a\n",  ",",          "}",      "]",
                                    ": ",    "\n",       " ",    "\t",     "[a, ",   "{a: b, ",    "a: [\n", "---\n",
                                    "...\n", "\xC3\xA9", "\\",   "- {}\n", "- []\n", "x: |\n  y\n"};

TEST(a_quarter_megabyte_of_anything_is_judged_within_half_a_second)
{
    char *text = malloc(LESSON_BYTES_MAX + 16);
    double worst = 0;
    const char *slowest = "";
    for (size_t i = 0; text && i < sizeof nasty / sizeof nasty[0]; i++) {
        size_t step = strlen(nasty[i]), n = 0;
        for (; n + step <= LESSON_BYTES_MAX; n += step)
            memcpy(text + n, nasty[i], step);
        OWN(lesson) lesson = {0};
        clock_t start = clock();
        struct qkv_err err = lesson_parse("nasty", text, n, NULL, &lesson, NULL);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        assert_true(err.code || lesson.title);
        if (seconds > worst) {
            worst = seconds;
            slowest = nasty[i];
        }
    }
    free(text);
    print_message("the slowest took %.0f ms: %s\n", worst * 1000, slowest);
    assert_true(worst < 0.5);
}

TEST(a_file_that_is_too_large_is_not_read)
{
    char *text = calloc(LESSON_BYTES_MAX + 1, 1);
    assert_non_null(text);
    memset(text, ' ', LESSON_BYTES_MAX + 1);
    struct lesson lesson = {0};
    struct qkv_err err = lesson_parse("large", text, LESSON_BYTES_MAX + 1, NULL, &lesson, NULL);
    free(text);
    assert_error(err, QKV_ERR_LIMIT, "at most 262144");
}

/* Bytes from a fixed seed: every run tries the same ones. */
TEST(random_bytes_and_broken_lessons_never_crash)
{
    static const char good[] = SCRIPT "  - {at: scores, cell: [cat, sat], say: 'the **{Q}** of it', try: look}\n";
    unsigned long seed = 12345;
    for (int round = 0; round < 2000; round++) {
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        for (int change = 0; change < 1 + round % 6; change++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            size_t at = (size_t)(seed >> 33) % (sizeof good - 1);
            static const char pieces[] = "{}[]:-,'\"*&!#|>\n\t %@`~?\\a1\xC3\xFF";
            text[at] = round % 2 ? pieces[(seed >> 20) % (sizeof pieces - 1)] : (char)(seed >> 24);
        }
        OWN(lesson) lesson = {0};
        struct diagnostics diagnostics;
        struct qkv_err err = lesson_parse("random", text, sizeof good - 1, NULL, &lesson, &diagnostics);
        assert_int_equal(err.code != QKV_OK, diagnostics.n > 0);
    }
}
