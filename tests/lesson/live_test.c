/* Live numbers: what an expression says in the lesson of one head, what is wrong with one, and what becomes of the stops
 * of a lesson that a person changed. */
#include "lesson/opened.h"

#include "base/file.h"
#include "lesson/live/literal.h"
#include "lesson/live/live.h"
#include "lesson/overrides.h"
#include "lesson/text/number.h"
#include "support/own.h"

#include <stdio.h>
#include <stdlib.h>

/* The first lesson's sentence and head, with positions' head beside it: S is 7 at [1; it, cat]. */
#define HEAD "title: t\nsummary: s\nsentence: The cat sat because it was tired\n"
#define HEADS                                                                                                          \
    HEAD "settings: {mask: causal}\nweights: {source: glass, heads: [pronoun, previous]}\n"                            \
         "beside: {label: open, settings: {mask: none}}\n"

struct said {
    const char *name; /* the expression */
    const char *says;
    const char *cell; /* "step head row col"; where there is none, nothing is asked */
};

static struct live_scope scope_of(const struct lesson *lesson)
{
    return (struct live_scope){.lesson = lesson, .written = lesson, .head = 0};
}

TEST_TABLE(an_expression_says, said, "lesson/expressions_said.tsv", c, name)
{
    const struct live_scope scope = scope_of(open_text(HEADS, NULL));
    struct str says = {0};
    struct live_cell cell;
    char at[64] = "", place[96] = "";
    struct qkv_err err = live_print(&scope, c->name, strlen(c->name), &says, &cell);
    snprintf(at, sizeof at, "%s", str_text(&says));
    str_finish(&says);
    assert_ok(err);
    assert_string_equal(at, c->says);
    if (cell.step >= 0)
        snprintf(place, sizeof place, "%s %zu %zu %zu", scope.lesson->tape.steps[cell.step].spec.name, cell.head,
                 cell.row, cell.col);
    if (*c->cell)
        assert_string_equal(place, c->cell);
}

/* "captioning" has 0.33499999999999996, "image-patches" 0.0003. */
TEST(a_cell_is_said_in_the_digits_that_it_is_shown_with)
{
    static const char *const lessons[] = {"captioning", "image-patches"};
    for (size_t i = 0; i < sizeof lessons / sizeof lessons[0]; i++) {
        const struct live_scope scope = scope_of(open_by(lessons[i], NULL));
        for (size_t s = 0; s < scope.lesson->tape.n; s++) {
            const struct tensor *t = &scope.lesson->tape.steps[s].value;
            for (size_t at = 0; at < tensor_cells(t); at++) {
                OWN(str) says = {0};
                struct live_cell cell;
                char text[128], shown[NUMBER_TEXT];
                snprintf(text, sizeof text, "%s[%zu, %zu]", scope.lesson->tape.steps[s].spec.name,
                         at / t->axis[AXIS_COL].size + 1, at % t->axis[AXIS_COL].size + 1);
                assert_ok(live_print(&scope, text, strlen(text), &says, &cell));
                assert_string_equal(str_text(&says), cell_number(t->v[at], plane_decimals(t, 0), shown));
            }
        }
        close_lessons();
    }
}

static const struct refused {
    const char *name; /* the expression */
    int column;
    enum qkv_code code;
    const char *says;
} refused[] = {
    {"B[it, cat]", 1, QKV_ERR_DOMAIN, "no step, symbol, setting or size is called 'B'; there are X, Q, K, V"},
    {"scors[it, cat]", 1, QKV_ERR_DOMAIN, "called 'scors'"},
    {"1 + A[it, dog]", 5, QKV_ERR_DOMAIN, "there is no column 'dog' in A; there are The, cat, sat"},
    {"A[ist, cat]", 1, QKV_ERR_DOMAIN, "there is no row 'ist' in A; did you mean 'it'?"},
    {"A[8, cat]", 1, QKV_ERR_DOMAIN, "there is no row 8: A has rows 1 to 7"},
    {"A[3; it, cat]", 1, QKV_ERR_DOMAIN, "A has no head '3'; a number from 1 to 2 was wanted, or a name: pronoun"},
    {"A[it]", 1, QKV_ERR_DOMAIN, "a text says one number, and 'A[it]' is 1 x 7: name row and column"},
    {"A", 1, QKV_ERR_DOMAIN, "is 7 x 7"},
    {"cat", 1, QKV_ERR_DOMAIN, "no step, symbol, setting or size is called 'cat'"},
    {"argmax S", 1, QKV_ERR_DOMAIN, "argmax needs a row or a column of a step"},
    {"argmax A[it] + 1", 1, QKV_ERR_DOMAIN, "a number was wanted, but this is a word: 'cat'"},
    {"argmax A[it] < cat", 14, QKV_ERR_DOMAIN, "words are compared with == or !="},
    {"rank A[it]", 1, QKV_ERR_DOMAIN, "rank needs a cell"},
    {"A[it] + X[it]", 7, QKV_ERR_DOMAIN, "1 x 7 and 1 x 12"},
    {"operations at 512", 1, QKV_ERR_DOMAIN, "the cost for 512 words cannot be told"},
    {"spell 1.5", 1, QKV_ERR_DOMAIN, "spell needs a whole number"},
    {"A[it, cat", 10, QKV_ERR_SYNTAX, "a ']' was wanted behind row and column, but it ends here"},
    {"1 +", 4, QKV_ERR_SYNTAX, "a number, a step, a setting or a bracket was wanted, but it ends here"},
    {"(1", 3, QKV_ERR_SYNTAX, "a ')' was wanted"},
    {"1 2", 3, QKV_ERR_SYNTAX, "the end or a sign (+ - * / == < >) was wanted, not '2'"},
    {"1.2.3", 1, QKV_ERR_SYNTAX, "a number was wanted"},
    {"operations at no", 15, QKV_ERR_SYNTAX, "a number of words was wanted behind 'at'"},
    {"\"cat", 1, QKV_ERR_SYNTAX, "never closed"},
    {"((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))", 33, QKV_ERR_SYNTAX,
     "a shorter expression"},
};

TEST_ROWS(an_expression_is_refused, refused, c)
{
    const struct live_scope scope = scope_of(open_text(HEADS, NULL));
    struct str says = {0};
    struct live_cell cell;
    struct qkv_err err = live_print(&scope, c->name, strlen(c->name), &says, &cell);
    str_finish(&says);
    assert_error(err, c->code, c->says);
    assert_int_equal(err.column, c->column);
}

static const struct held {
    const char *name; /* the condition */
    bool holds;
    const char *found;
} held[] = {
    {"argmax A[it] == cat", true, "cat"},
    {"argmax A[it] == the", false, "cat"},
    {"argmax A[it] != The", true, "cat"},
    {"cat == argmax A[it]", true, "cat"},
    {"argmax A[it] == \"cat\"", true, "cat"},
    {"argmax A[it] == cat#1", true, "cat"},
    {"argmax A[it] == argmax beside.A[it]", true, "cat"},
    {"mask == causal", true, "causal"},
    {"A[it, cat] > 0.5", true, "0.85"},
    {"A[it, cat] == 0.85", false, "0.85"},
    {"A[it, cat] ~= 0.85", true, "0.85"},
    {"sum A[it] == 1", true, "1.00"},
    {"A <= 1 and A >= 0", true, ""},
    {"A[it] <= A[it, cat]", true, ""},
    {"A[it] < A[it, cat]", false, ""},
    {"count S >= S[it, cat] == 1", true, "1"},
    {"count (S >= S[it, cat]) == 1", true, "1"},
    {"count (S > -100) == 1", false, "49"},
    {"not A[it, cat] > 0.9", true, ""},
    {"A[it, cat] > 0.9 or A[it, cat] < 0.9 and 1 < 2", true, ""},
    {"A == beside.A", false, ""},
    {"A == transpose transpose A", true, ""},
    {"A[it, tired] == 0", true, "0"},
    {"S_masked[it, tired] == -infinity", true, "-∞"},
    {"S_masked > -infinity", false, ""},
    {"1 < 1", false, "1"},
    {"1 <= 1", true, "1"},
    {"0", false, ""},
};

TEST_ROWS(a_condition_holds_or_not, held, c)
{
    const struct live_scope scope = scope_of(open_text(HEADS, NULL));
    struct str found = {0};
    bool holds = !c->holds;
    char text[64];
    struct qkv_err err = live_holds(&scope, c->name, strlen(c->name), &holds, &found);
    snprintf(text, sizeof text, "%s", str_text(&found));
    str_finish(&found);
    assert_ok(err);
    assert_int_equal(holds, c->holds);
    assert_string_equal(text, c->found);
}

TEST(a_mark_says_where_its_number_stands)
{
    struct str text = {0};
    struct live_cell cell;
    const char *says;
    size_t n;
    live_mark(&(struct live_cell){3, 1, 4, 15}, "0.81", &text);
    assert_int_equal(live_read_mark(str_text(&text), &cell, &says, &n), text.n);
    assert_true(cell.step == 3 && cell.head == 1 && cell.row == 4 && cell.col == 15);
    assert_true(n == 4 && strncmp(says, "0.81", n) == 0);
    assert_int_equal(live_read_mark("0.81", &cell, &says, &n), 0);
    assert_int_equal(live_read_mark("\x01", &cell, &says, &n), 0);
    str_finish(&text);
}

/* ---- in a lesson ---- */

#define ONE     HEAD "weights: {source: glass, heads: [pronoun], output: false}\nscript:\n"
#define STOP(s) "  - {at: weights, row: it, say: \"" s "\"}\n"

/* A text without the places of its marks. */
static const char *plain(const char *text, char buffer[512])
{
    struct live_cell cell;
    const char *says;
    size_t n, length, to = 0;
    while (*text && to < 500) {
        length = live_read_mark(text, &cell, &says, &n);
        memcpy(buffer + to, length ? says : text, length ? n : 1);
        to += length ? n : 1;
        text += length ? length : 1;
    }
    buffer[to] = '\0';
    return buffer;
}

/* What a stop says when something is changed; `lost`: a part of what it says instead, NULL: nothing is lost. */
static const struct changed {
    const char *name;
    const char *stop; /* as it is written behind "at: weights, " */
    const char *sentence, *set;
    bool edit; /* X[it, animate] is 1: it looks at the cat less */
    const char *says, *lost;
} changed[] = {
    {"nothing is changed", "say: '{A[it, cat]}'", NULL, NULL, false, "0.81", NULL},
    {"a number follows an edit", "say: '{A[it, cat]}'", NULL, NULL, true, "0.80", NULL},
    {"a number follows a setting", "say: '{A[it, cat]}'", NULL, "temperature=2", false, "0.46", NULL},
    {"a number follows other words", "say: '{argmax A[it]}'", "The dog sat because it was old", NULL, false, "dog",
     NULL},
    {"as it was written stays", "say: 'first {written.A[it, cat]}, now {A[it, cat]}'", NULL, NULL, true,
     "first 0.81, now 0.80", NULL},
    {"digits that are meant", "say: '{=0.81} {d_k}'", NULL, NULL, true, "0.81 4", NULL},
    {"a text without numbers in a live lesson", "say: 'Look.', holds: '1'", NULL, NULL, true, "Look.", NULL},
    {"a claim that still holds", "say: 'Look.', holds: 'argmax A[it] == cat'", NULL, NULL, true, "Look.", NULL},
    {"a claim that does not", "say: 'Look.', holds: 'A[it, cat] > 0.805'", NULL, NULL, true, NULL,
     "Here “A[it, cat] > 0.805” no longer holds: it is **0.80**."},
    {"a claim in words that does not", "say: 'Look.', holds: {four of five go to cat: 'A[it, cat] > 0.805'}", NULL,
     NULL, true, NULL, "Here “four of five go to cat” no longer holds."},
    {"the second of two claims", "say: 'Look.', holds: ['1', 'not A[it, cat] < 0.805']", NULL, NULL, true, NULL,
     "Here “not A[it, cat] < 0.805” no longer holds."},
    {"a word of a reference is gone", "say: '{A[it, cat]}'", "The dog sat because it was old", NULL, false, NULL,
     "It no longer fits: there is no column 'cat' in A."},
    {"a word of a try is gone", "say: '{d_k}', try: '{A[it, cat]}'", "The dog sat because it was old", NULL, false,
     NULL, "It no longer fits: there is no column 'cat' in A."},
    {"a word in bold is gone", "say: 'the **cat** has {d_k}'", "The dog sat because it was old", NULL, false, NULL,
     "It no longer fits: there is no “cat”."},
    {"the row is gone", "row: cat, say: '{d_k}'", "The dog sat because it was old", NULL, false, NULL,
     "It no longer fits: there is no row 'cat' in weights."},
    {"a step of a reference is gone", "say: '{scaled[it, it]}'", NULL, "scale=none", false, NULL,
     "It no longer fits: no step, symbol, setting or size is called 'scaled'."},
    {"a plain digit", "say: '0.81 and {A[it, cat]}'", NULL, NULL, true, NULL,
     "It no longer fits: “0.81” was right then."},
};

TEST_ROWS(what_a_stop_says_in_a_changed_lesson, changed, c)
{
    char text[1024], buffer[512];
    OWN(overrides) e = {0};
    const struct lesson_options options = {.overrides = &e};
    char key[64] = "";
    snprintf(text, sizeof text, ONE "  - {at: weights, %s}\n", c->stop);
    if (c->sentence)
        assert_ok(overrides_set_sentence(&e, c->sentence));
    if (c->edit)
        assert_ok(overrides_edit(&e, &(struct edit){.tensor = "X", .at = {0, 4, 2}, .value = 0.2}));
    if (c->set) {
        snprintf(key, sizeof key, "%.*s", (int)strcspn(c->set, "="), c->set);
        assert_ok(overrides_set(&e, key, strchr(c->set, '=') + 1));
    }
    const struct lesson *lesson = open_text(text, &options);
    assert_int_equal(lesson->n_stops, 1);
    const struct stop *stop = &lesson->stops[0];
    if (c->says)
        assert_string_equal(plain(stop->say[0], buffer), c->says);
    assert_int_equal(stop->lost[0] != NULL, c->lost != NULL);
    if (c->lost &&
        (!strstr(stop->lost[0], c->lost) || strncmp(stop->say[0], stop->lost[0], strlen(stop->lost[0])) != 0 ||
         !strstr(stop->say[0], "Each row divided by its own sum") || stop->try_this[0]))
        fail_msg("\"%s\"", stop->say[0]);
}

/* With tokens as columns a row of the file is a column on the page, and the other way round; what is quoted stays. */
TEST(what_no_longer_fits_is_turned_with_the_tokens)
{
    OWN(overrides) e = {0};
    const struct lesson_options options = {.overrides = &e};
    assert_ok(overrides_set_sentence(&e, "The dog sat because it was old"));
    const struct lesson *lesson =
        open_text(ONE "  - {at: scores, row: cat, say: '{d_k}'}\n"
                      "  - {at: scaled, say: '{A[it, row]}'}\n"
                      "  - {at: weights, say: '{d_k}', holds: {the rows say so: 'A[it, dog] > 1'}}\n",
                  &options);
    assert_int_equal(lesson->n_stops, 3);
    assert_non_null(strstr(lesson->stops[0].lost[0], "there is no row 'cat' in scores."));
    assert_non_null(strstr(lesson->stops[0].lost[1], "there is no column 'cat' in scores."));
    assert_non_null(strstr(lesson->stops[0].say[1], "there is no column 'cat' in scores."));
    assert_non_null(strstr(lesson->stops[1].lost[0], "no column 'row' in A"));
    assert_non_null(strstr(lesson->stops[1].lost[1], "no row 'row' in A"));
    assert_non_null(strstr(lesson->stops[2].lost[0], "“the rows say so” no longer holds"));
    assert_non_null(strstr(lesson->stops[2].lost[1], "“the columns say so” no longer holds"));
}

TEST(a_script_without_live_numbers_stays_away_when_something_is_changed)
{
    const char *set = "temperature=2";
    const struct lesson_options options = {.overrides = &(struct overrides){.set = &set, .n_set = 1}};
    const struct lesson_options other = {.overrides = &(struct overrides){.mechanism = "linear_attention"}};
    assert_int_equal(open_text(ONE STOP("words"), NULL)->n_stops, 1);
    assert_int_equal(open_text(ONE STOP("words"), &options)->n_stops, 0);
    assert_int_equal(open_text(ONE STOP("{d_k}"), &options)->n_stops, 1);
    assert_int_equal(open_text(ONE STOP("{d_k}"), &other)->n_stops, 0);
}

TEST(a_stop_whose_step_is_gone_stays_away)
{
    const char *set = "scale=none";
    const struct lesson_options options = {.overrides = &(struct overrides){.set = &set, .n_set = 1}};
    const struct lesson *lesson = open_text(ONE "  - {at: scaled, say: '{d_k}'}\n" STOP("{d_k}"), &options);
    assert_int_equal(lesson->n_stops, 1);
    assert_string_equal(lesson->tape.steps[lesson->stops[0].step].spec.name, "weights");
}

TEST(a_stop_names_the_head_of_its_numbers)
{
    char buffer[512];
    const struct lesson *lesson =
        open_text(HEADS "script:\n  - {at: weights, head: 2, say: '{A[it, because]} {A[1; it, cat]}'}\n", NULL);
    assert_string_equal(plain(lesson->stops[0].say[0], buffer), "0.79 0.85");
    assert_refused(HEADS "script:\n  - {at: weights, say: '{A[it, because]}'}\n", NULL, QKV_ERR_DOMAIN,
                   "A has 2 heads: say which, as in A[2; it, cat]");
}

TEST(costs_for_more_words_are_those_of_the_words_over_and_over)
{
    char buffer[512], wanted[64];
    const struct lesson_options longer = {
        .overrides = &(struct overrides){.sentence = "The cat sat because it was tired The cat sat"}};
    double flops = 0;
    const struct lesson *lesson = open_text(ONE STOP("{d_k}"), &longer);
    for (size_t i = 0; i < lesson->tape.n; i++)
        flops += tape_cost(&lesson->tape, (int)i).flops;
    snprintf(wanted, sizeof wanted, "%.0f", flops);
    lesson = open_text(ONE STOP("{operations at 10}"), NULL);
    assert_string_equal(plain(lesson->stops[0].say[0], buffer), wanted);
    assert_refused("title: t\nsummary: s\nsentence: a b\nweights: {source: numbers, X: [[1, 0], [0, 1]], W_Q: [[1], "
                   "[0]], W_K: [[1], [0]], W_V: [[1], [0]]}\nscript:\n  - {at: X, say: '{operations at 10}'}\n",
                   NULL, QKV_ERR_DOMAIN, "the cost for 10 words cannot be told");
}

TEST(a_summary_has_live_numbers_also_in_a_list_of_lessons)
{
    static const char text[] = "title: t\nsummary: 'it is {A[it, cat]}'\nsentence: The cat sat because it was tired\n"
                               "weights: {source: glass, heads: [pronoun], output: false}\n";
    char buffer[512];
    assert_string_equal(plain(open_text(text, NULL)->summary[0], buffer), "it is 0.81");
    assert_string_equal(plain(open_text(text, &(struct lesson_options){.heading_only = true})->summary[0], buffer),
                        "it is 0.81");
}

/* ---- digits that should be references ---- */

/* In the stop "  - {at: weights, row: it, say: ...}", in line 6 from column 34 on. */
static const struct literal_case {
    const char *name; /* the text */
    int column;       /* of the first; 0: there is none */
    const char *says;
} literals[] = {
    {"it is 0.81", 40, "'0.81' stays as it is when something is changed: write {A[it, cat]}, or {=0.81}"},
    {"it is {A[it, cat]}", 0, NULL},
    {"it is {=0.81}", 0, NULL},
    {"é: 0.07", 37, "write {A[it, it]}"},
    {"a 3.14", 36, "write {A[row, column]}, or {=3.14}"},
    {"a -2", 36, "'-2'"},
    {"81 % of it", 34, "'81'"},
    {"100 % of it", 0, NULL},
    {"9 words, 0 and 1", 34, "'9' stays as it is when something is changed: write {A[row, column]}, or {=9}"},
    {"nine words, 0 and 1", 0, NULL},
    {"heads 1 and 3, steps 2, 3 or 4, in 2017", 0, NULL},
    {"head 2 has 3", 45, "'3'"},
    {"in GPT-2, 8x8, the 2nd, W_2, 2a", 0, NULL},
    {"{row} 3, head 2, Head 2", 0, NULL},
    {"{no 0.81|some}", 38, "'0.81'"},
    {"1.23 of it", 34, "write {z[it]}"},
};

TEST_ROWS(a_plain_digit_that_stands_for_a_number_of_the_walk, literals, c)
{
    char text[1024];
    struct diagnostics found = {0};
    snprintf(text, sizeof text, ONE "  - {at: weights, row: it, say: \"%s\"}\n", c->name);
    const struct lesson *lesson = open_text(text, NULL);
    literals_check(lesson, text, strlen(text), &found);
    assert_int_equal(found.n, c->column > 0);
    if (found.n == 0)
        return;
    assert_int_equal(found.v[0].line, 6);
    assert_int_equal(found.v[0].column, c->column);
    assert_error(found.v[0], QKV_ERR_DOMAIN, c->says);
}

TEST(a_whole_number_is_told_with_its_cell)
{
    static const char text[] = ONE "  - at: scores\n    row: it\n    say: >-\n      It is 7\n      against 2.\n";
    struct diagnostics found = {0};
    literals_check(open_text(text, NULL), text, strlen(text), &found);
    assert_int_equal(found.n, 2);
    assert_error(found.v[0], QKV_ERR_DOMAIN, "'7' stays as it is when something is changed: write {S[it, cat]}");
    assert_true(found.v[0].line == 9 && found.v[0].column == 13);
    assert_error(found.v[1], QKV_ERR_DOMAIN, "write {S[it, it]}");
    assert_true(found.v[1].line == 10 && found.v[1].column == 15);
}

/* The table that authors are shown: what stands in braces there can be evaluated. */
TEST(every_expression_of_the_authors_table_has_a_value)
{
    static const char *const others[] = {"the#2", "4,1", "..", "at 512"}; /* of other words, cut short, slow */
    const struct live_scope scope = scope_of(open_text(HEADS, NULL));
    OWN(str) text = {0};
    size_t n = 0;
    assert_ok(file_read(tests_path("../lessons/README.md"), 1 << 20, &text));
    const char *at = strstr(str_text(&text), "| you write | it says |"), *end = at ? strstr(at, "\n\n") : NULL;
    assert_non_null(end);
    for (const char *open; (open = strstr(at, "`{")) && open < end; at = open + 2) {
        size_t length = strcspn(open + 2, "}");
        char expression[96];
        bool other = open[2] == '=' || length >= sizeof expression;
        snprintf(expression, sizeof expression, "%.*s", (int)length, open + 2);
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
            other = other || strstr(expression, others[i]);
        if (other)
            continue;
        expression[0] = expression[0] == 'S' && expression[1] == 'p' ? 's' : expression[0];
        OWN(str) says = {0};
        struct live_cell cell;
        assert_ok(live_print(&scope, expression, length, &says, &cell));
        n++;
    }
    assert_true(n > 30);
}
