/* The table of keys: what is printed reads as the same in every notation, to the last bit, and what is wrong is said
 * with its place and with what there is. */
#include "random_acts.h"
#include "snapshot.h"

#include "app/app_parts.h"
#include "support/sample.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what is printed is read ---- */

static struct str line_of_request(struct request *r)
{
    struct str line = {0};
    request_print_line(r, &line);
    assert_false(line.failed);
    return line;
}

static void assert_printed(struct request *r, const char *line)
{
    OWN(str) again = line_of_request(r);
    assert_string_equal(str_text(&again), line);
    request_finish(r);
}

/* The line, the session it is written as, and each key as an option of the command line, are read as the same line. */
static void assert_same_in_every_notation(const char *line)
{
    struct request from_line = {0}, from_session = {0}, from_options = {0};
    OWN(str) session = {0};
    assert_ok(request_read_line(&from_line, line));
    assert_ok(session_print(&from_line, &session));
    assert_true(session_is(session.v, session.n));
    struct qkv_err err = session_read(session.v, session.n, &from_session, NULL);
    if (err.code)
        fail_msg("%d:%d: %s in\n%s", err.line, err.column, err.what, session.v);
    request_source(&from_options);
    for (size_t i = 0; i < from_line.n; i++)
        assert_ok(
            request_add(&from_options, ORIGIN_OPTION, key_table[from_line.v[i].key].name, from_line.v[i].text, 0, 0));
    assert_printed(&from_line, line);
    assert_printed(&from_session, line);
    assert_printed(&from_options, line);
}

TEST(any_state_is_the_same_in_every_notation_and_brings_every_change_along)
{
    OWN(app) app = app_at("causal-mask", NULL);
    OWN(app) fresh = app_at(NULL, NULL);
    size_t edits = 0;
    for (int k = 0; k < (test_all() ? 3000 : 1000); k++) {
        act(&app);
        if (k % 15)
            continue;
        OWN(snapshot) here = snapshot_of(&app);
        OWN(str) line = line_of(&app), text = {0};
        OWN(request) r = {0};
        assert_same_in_every_notation(line.v);
        assert_ok(session_of(&app, session_print, &text));
        assert_ok(session_read(text.v, text.n, &r, NULL));
        if (k % 2)
            go_where(&fresh, &app);
        else
            assert_ok(app_apply(&fresh, &r));
        assert_line(&fresh, line.v);
        assert_as_in(&fresh, &here);
        edits += edit_tree_size(app.doc.overrides.edits);
        assert_same_page(&fresh, &app);
    }
    assert_true(edits > 100);
}

/* Six groups of eleven. */
#define TIMES_16                                                                                                       \
    "16:1e-06,2.345e-06,3,4,5,6,7,8,large,long,0;1,2,3,4,5,6,7,8,9,10,11;1,2,3,4,5,6,7,8,9,10,11;"                     \
    "1,2,3,4,5,6,7,8,9,10,11;1,2,3,4,5,6,7,8,9,10,11;1,2,3,4,5,6,7,8,9,10,11"

/* Every key, at a value that is not usual: `line` is what brings it about. Fields have all their values. */
static struct key_case {
    const char *key, *line;
} key_cases[] = {
    {"lesson", "lesson=several-heads"},
    {"sentence", "sentence=\"the dogs slept\""},
    {"weights", "weights=\"{source: random, seed: 7}\""},
    {"mechanism", "mechanism=linear_attention"},
    {"set", "set=mask=causal set=temperature=2"},
    {"edit", "edit=W_Q,1,1,1:0.5,-1 edit=W_Q,1,3,2:1e+300"},
    {"at", "at=scores"},
    {"compare", "compare=before edit=W_Q,1,1,1:2"},
    {"filled", "at=scores filled=3"},
    {"stop", "at=scores stop=2"},
    {"head", "lesson=several-heads head=2"},
    {"head", "lesson=several-heads head=2!"},
    {"cell", "at=weights cell=weights,1,6,2"},
    {"zoom", "sentence=\"a b c d e f g h i j k l\" at=scores zoom=1,8,2,9"},
    {"row-zoom", "row-zoom=3,8,12,words"},
    {"col-zoom", "col-zoom=3,8,12,others"},
    {"word", "page=heads word=3"},
    {"words", "page=heads words=2,5"},
    {"focus", "panel=settings focus=mask.window"},
    {"focus", "panel=settings focus=d_k weights=\"{source: random, seed: 1}\""},
    {"control", "control=stage,3"},
    {"times", "page=costs width=16 times=" TIMES_16},
};

static void assert_key_comes_back(struct app *app, const char *key, const char *line)
{
    OWN(str) value = {0};
    assert_ok(state_apply(app, "lesson=one-head"));
    assert_ok(state_apply(app, line));
    OWN(str) printed = line_of(app);
    str_addf(&value, " %s=", key);
    if (!strstr(printed.v, value.v + (strcmp(key, "lesson") == 0)))
        fail_msg("%s: printed as %s", line, printed.v);
    assert_same_in_every_notation(printed.v);
    assert_ok(state_apply(app, printed.v));
    assert_line(app, printed.v);
}

/* A field's value: printed as it was read, or not at all where it is usual. */
static void assert_field_comes_back(struct app *app, const struct key *key, const char *value)
{
    char word[120];
    assert_ok(state_apply(app, ""));
    snprintf(word, sizeof word, "%s=%s", key->name, value);
    assert_ok(state_apply(app, word));
    OWN(str) printed = line_of(app);
    assert_same_in_every_notation(printed.v);
    if (!strstr(printed.v, word)) {
        struct view_state usual = view_state_default;
        struct qkv_err err = key_read_alone(key, value, &usual);
        assert_ok(err);
        snprintf(word, sizeof word, " %s=", key->name);
        assert_null(strstr(printed.v, word));
        assert_memory_equal((const char *)&usual + key->offset, (const char *)&view_state_default + key->offset,
                            key->bytes);
    }
}

TEST(every_key_comes_back_at_every_value)
{
    OWN(app) app = app_at(NULL, NULL);
    for (int k = 0; k < KEY_COUNT; k++) {
        const struct key *key = &key_table[k];
        size_t n = 0;
        char number[24];
        for (size_t i = 0; i < sizeof key_cases / sizeof key_cases[0]; i++)
            if (strcmp(key_cases[i].key, key->name) == 0) {
                assert_key_comes_back(&app, key->name, key_cases[i].line);
                n++;
            }
        if (!n && !key->bytes)
            fail_msg("no row for the key %s", key->name);
        for (int i = 0; key->names && !n && key->names[i]; i++)
            assert_field_comes_back(&app, key, key->names[i]);
        long least = key->least > key->shift ? key->least : key->shift;
        for (long i = 0; key->bytes && !key->names && i < 12; i++) {
            snprintf(number, sizeof number, "%ld", least + (key->most - least) * i / 11);
            assert_field_comes_back(&app, key, number);
        }
    }
}

TEST(names_are_those_of_the_tables)
{
    const struct key *theme = &key_table[key_find("theme")], *temperature = &key_table[key_find("temperature")],
                     *factor = &key_table[key_find("factor")];
    for (int i = 0; i < THEME_COUNT; i++)
        assert_string_equal(theme->names[i], theme_table[i].name);
    for (int i = 0; i < TEMPERATURE_COUNT; i++)
        assert_true(strtod(temperature->names[i], NULL) == temperature_table[i]);
    for (int i = 0; i < FACTOR_COUNT; i++)
        assert_true(strtod(factor->names[i], NULL) == factor_table[i]);
}

TEST(as_many_cells_as_can_be_changed_are_written_and_read)
{
    OWN(str) line = {0};
    OWN(request) r = {0};
    OWN(overrides) e = {0};
    str_add(&line, "lesson=one-head");
    for (int i = 0; i < EDITS_MAX; i++) /* every second column: no two beside each other */
        str_addf(&line, " edit=W_Q,%d,%d,%d:-0.30000000000000004", i / 32768 + 1, i / 256 % 128 + 1, 2 * (i % 256) + 1);
    assert_same_in_every_notation(line.v);
    assert_ok(request_read_line(&r, line.v));
    assert_ok(request_overrides(&r, &e));
    assert_int_equal(edit_tree_size(e.edits), EDITS_MAX);
}

TEST(a_session_by_hand_may_have_its_edits_in_any_order)
{
    static const char text[] = "# mine\nlesson: one-head\nqkv session: 1\nedits:\n  W_Q:\n    - 1,2,1: 7\n    - 1,1,1: "
                               "1, 2 , 3\n  X: [1,1,1: 4]\n";
    struct request r = {0};
    assert_true(session_is(text, strlen(text)));
    assert_error(session_read(text, strlen(text), &r, NULL), QKV_ERR_SYNTAX, ""); /* commas in brackets part items */
    request_finish(&r);
    static const char right[] = "# mine\nlesson: one-head\nqkv session: 1\nedits:\n  W_Q:\n    - 1,2,1: 7\n    - "
                                "1,1,1: 1, 2 , 3\n  E: [\"1,1,1\": 4]\nplace: {tokens: columns}\n";
    assert_ok(session_read(right, strlen(right), &r, NULL));
    OWN(str) line = line_of_request(&r);
    assert_string_equal(line.v, "lesson=one-head edit=E,1,1,1:4 edit=W_Q,1,1,1:1,2,3 edit=W_Q,1,2,1:7 tokens=columns");
    request_finish(&r);
}

TEST(a_line_can_stand_between_single_quotes)
{
    OWN(request) r = {0}, again = {0};
    assert_ok(request_add(&r, ORIGIN_OPTION, "sentence", "the dog's \\q \"toy\"\n\t", 0, 0));
    OWN(str) line = line_of_request(&r);
    assert_null(strchr(line.v, '\''));
    assert_ok(request_read_line(&again, line.v));
    assert_string_equal(again.v[0].text, "the dog's \\q \"toy\"\n\t");
}

static const struct {
    const char *named, *numbered;
} name_cases[] = {
    {"at=weights cell=weights,it,cat", "at=weights cell=weights,1,5,2"},
    {"at=weights cell=weights,1,it,2", "at=weights cell=weights,1,5,2"},
    {"lesson=several-heads head=2 cell=weights,3,it", "lesson=several-heads head=2 cell=weights,2,3,5"},
    {"sentence=\"the cat saw the cat\" cell=scores,the#2,cat#2", "sentence=\"the cat saw the cat\" cell=scores,1,4,5"},
    {"sentence=\"3 1 2\" cell=scores,3#1,3", "sentence=\"3 1 2\" cell=scores,1,1,3"},
    {"cell=X,cat,noun", "cell=X,1,2,1"},
    {"lesson=several-heads head=pronoun", "lesson=several-heads"},
    {"lesson=several-heads cell=weights,pronoun,3,1", "lesson=several-heads cell=weights,1,3,1"},
    {"page=heads word=it words=cat,sat", "page=heads word=5 words=2,3"},
};

TEST_ROWS_BY(rows_columns_heads_and_words_have_names, name_cases, c, named)
{
    OWN(app) app = app_at("one-head", c->numbered), named = app_at("one-head", c->named);
    OWN(str) numbered = line_of(&app);
    assert_line(&named, numbered.v);
}

static const struct {
    const char *first, *second, *both;
} sources[] = {
    {"lesson=one-head theme=dark at=Q", "theme=light", "lesson=one-head at=Q theme=light"},
    {"lesson=one-head at=Q cell=Q,1,1,1", "at=scores", "lesson=one-head at=scores"},
    {"lesson=one-head at=Q", "cell=Q,1,1,1", "lesson=one-head at=Q cell=Q,1,1,1"},
    {"lesson=one-head sentence=it at=Q theme=dark", "lesson=rope", "lesson=rope theme=dark"},
    {"lesson=one-head sentence=it at=Q", "lesson=one-head", "lesson=one-head sentence=it at=Q"},
};

TEST_ROWS_BY(a_later_source_wins, sources, c, both)
{
    OWN(request) r = {0}, both = {0};
    OWN(app) app, wanted;
    assert_ok(request_read_line(&r, c->first));
    assert_ok(request_read_line(&r, c->second));
    assert_ok(request_read_line(&both, c->both));
    assert_ok(app_begin(&app, &r, fake_measure, INFINITY));
    assert_ok(app_begin(&wanted, &both, fake_measure, INFINITY));
    OWN(str) want = line_of(&wanted);
    assert_line(&app, want.v);
}

/* ---- what is wrong ---- */

struct refused_line {
    const char *key, *line, *what;
};

static bool has_refused[KEY_COUNT];

TEST_TABLE(a_line_that_is_wrong_says_what_there_is_and_changes_nothing, refused_line, "app/refused.tsv", c, line)
{
    OWN(app) app = app_at(NULL, "lesson=one-head at=scores theme=dark");
    OWN(str) before = line_of(&app);
    struct qkv_err err = state_apply(&app, c->line);
    if (!err.code || !strstr(err.what, c->what))
        fail_msg("%s: \"%s\"", c->line, err.what);
    assert_line(&app, before.v);
    if (c->key[0])
        has_refused[key_find(c->key)] = true;
}

TEST(every_key_refuses_something)
{
    for (int i = 0; i < KEY_COUNT; i++)
        if (!has_refused[i])
            fail_msg("no row for the key %s", key_table[i].name);
}

TEST(a_line_that_is_no_text_is_refused)
{
    OWN(app) app = app_at(NULL, NULL);
    assert_error(state_apply(&app, "sentence=\"\xFF\""), QKV_ERR_DOMAIN, "UTF-8");
}

#define HEAD "qkv session: 1\nlesson: one-head\n"

static struct wrong_case {
    const char *name, *text;
    int line, column;
    const char *what;
} wrong_cases[] = {
    {"a session of a later version", "qkv session: 2\nlesson: one-head\n", 1, 14, "version '2'"},
    {"no lesson", "qkv session: 1\n", 1, 1, "'lesson'"},
    {"an unknown field", HEAD "setings:\n  mask: causal\n", 3, 1, "did you mean 'settings'?"},
    {"an edit without a cell", HEAD "edits:\n  W_Q:\n    - 0.5\n", 5, 7, "head,row,column"},
    {"an edit in column 0", HEAD "edits:\n  W_Q:\n    - 1,1,0: 2\n", 5, 7, "counted from 1"},
    {"an edit that is no number", HEAD "edits:\n  W_Q:\n    - 1,1,1: 2, x\n", 5, 7, "'x': a number is wanted"},
    {"an edit that is not finite", HEAD "edits:\n  W_Q:\n    - 1,1,1: 1e999\n", 5, 7, "a number is wanted"},
    {"a cell that is edited twice", HEAD "edits:\n  W_Q:\n    - 1,1,1: 2,3\n    - 1,1,2: 4\n", 6, 7, "given twice"},
    {"a tensor whose name would be two words", HEAD "edits:\n  \"W_Q at=Q\":\n    - 1,1,1: 2\n", 5, 7,
     "an edit is TENSOR"},
    {"a place that names another lesson", HEAD "place:\n  lesson: tiles\n", 4, 3, "does not belong here"},
    {"a list where a mapping is wanted", HEAD "place:\n  - at\n", 4, 3, "must be a mapping"},
    {"a step that is not there", HEAD "place:\n  at: score\n", 4, 3, "at: there is no step 'score' in one-head; did"},
    {"an unknown key", HEAD "screen:\n  them: dark\n", 4, 3, "there is no key 'them'; did you mean 'theme'?"},
    {"a key in both parts", HEAD "place: {theme: dark}\nscreen: {theme: light}\n", 4, 10, "theme is given twice"},
    {"an unknown key in both parts", HEAD "place: {x: y}\nscreen: {x: \"3\"}\n", 3, 9, "there is no key 'x'"},
    {"a setting that does not fit", HEAD "settings:\n  heads: 2\n", 4, 3, "heads: heads is 2"},
    {"a cell that is not there", HEAD "edits:\n  W_Q:\n    - 1,1,1: 2\n    - 99,1,1: 2\n", 6, 7, "there is no cell"},
    {"a lesson that is not there", "qkv session: 1\nlesson: no-such\n", 2, 9, "no lesson and no file"},
    {"an alias", HEAD "sentence: *x\n", 3, 11, "aliases"},
    {"a byte that is no text", HEAD "sentence: \xFF\n", 3, 11, "UTF-8"},
};

TEST_ROWS(what_is_wrong_has_its_place, wrong_cases, c)
{
    OWN(request) r = {0};
    OWN(app) app = app_at(NULL, NULL);
    OWN(str) before = line_of(&app);
    struct qkv_err err = session_read(c->text, strlen(c->text), &r, NULL);
    if (!err.code)
        err = app_apply(&app, &r);
    if (err.line != c->line || err.column != c->column || !strstr(err.what, c->what))
        fail_msg("%d:%d: %s", err.line, err.column, err.what);
    assert_line(&app, before.v);
}
