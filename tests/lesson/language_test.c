/* What is said of steps, settings and stages: whatever can be computed has words, in both orientations and for every
 * kind of token, and the words are about what stands there. */
#include "support/check.h"
#include "support/sample.h"

#include "lesson/language/language_parts.h"
#include "lesson/text/builtin.h"
#include "lesson/text/fields.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

enum { TEXT_BYTES = 1000 };

/* A small lesson of a mechanism, with every tensor that settings may ask for. `noun` and `memory` are lines of YAML. */
static bool open_small(const char *mechanism, const char *noun, const char *memory, const char **set, size_t n_set,
                       struct lesson *ret)
{
    char text[TEXT_BYTES], with[300] = "";
    const struct mechanism *m = mechanism_find(mechanism);
    for (size_t i = 0; i < m->n_inputs; i++) {
        const struct tensor_info *in = &m->inputs[i];
        size_t n = strlen(with);
        /* A mask is no matter of chance, and a memory one of words. */
        if (in->optional && !in->setting && strcmp(in->name, "mask") != 0 && strcmp(in->name, "memory") != 0)
            snprintf(with + n, sizeof with - n, "%s%s", n ? ", " : "", in->name);
    }
    snprintf(text, sizeof text,
             "title: t\nsummary: s\nsentence: {labels: [a, b, c], noun: %s}\n%smechanism: %s\n"
             "weights: {source: random, seed: 1, with: [%s]}\n",
             noun, memory, mechanism, with);
    const struct lesson_options options = {.overrides = &(struct overrides){.set = set, .n_set = n_set}};
    return lesson_parse("small", text, strlen(text), &options, ret, NULL).code == QKV_OK;
}

static const char *const forbidden[] = {"a a", "a e", "a i", "a o", "a u", "A a", "A e", "A i", "A o", "A u"};

/* Is it a text that can be read: nothing left in braces, no wrong article, no blank twice, no end before a
 * beginning? */
static void check_text(const char *where, const char *text, bool needed)
{
    if (needed && (!text || !text[0]))
        fail_msg("%s: nothing is said", where);
    for (const char *at = text; at && *at; at++) {
        if ((*at == '{' || *at == '}') && !(at[0] == '{' && strchr("QKV", at[1]) && at[2] == '}') &&
            !(at[0] == '}' && at > text + 1 && at[-2] == '{'))
            fail_msg("%s: braces in \"%s\"", where, text);
        bool word = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');
        for (size_t i = 0; word && i < sizeof forbidden / sizeof *forbidden; i++)
            if (strncmp(at, forbidden[i], 3) == 0 && isalpha((unsigned char)at[3]))
                fail_msg("%s: a wrong article in \"%s\"", where, text);
        if (strncmp(at, "  ", 2) == 0)
            fail_msg("%s: two blanks in \"%s\"", where, text);
    }
}

static void check_step(const char *lesson, const struct mechanism *m, const struct step *step)
{
    for (int columns = 0; columns < 2; columns++) {
        char where[300];
        const struct step_text text = step_text(step, columns);
        snprintf(where, sizeof where, "%s: %s", lesson, step->spec.name);
        check_text(where, text.title, true);
        check_text(where, text.meaning, true);
        check_text(where, text.axes, true);
        if (strcmp(text.title, step->spec.name) == 0)
            fail_msg("%s has no words", where);
        if (strcmp(m->name, "attention") == 0 && !strstr(text.meaning, "**"))
            fail_msg("%s: nothing stands out in \"%s\"", where, text.meaning);
        if (step->spec.mistake != (strncmp(text.title, "mistake: ", 9) == 0))
            fail_msg("%s: \"%s\"", where, text.title);
    }
}

/* The keys under which steps were found, of all lessons that were looked at. */
static char keys_used[400][64];
static size_t n_keys_used;

static void use_key(const struct step_spec *spec)
{
    const char *key = spec->words ? spec->words : spec->name;
    for (size_t i = 0; i < n_keys_used; i++)
        if (strcmp(keys_used[i], key) == 0)
            return;
    assert_true(n_keys_used < 400 && strlen(key) < 64);
    strcpy(keys_used[n_keys_used++], key);
}

static void check_lesson(const char *name, const struct lesson *lesson)
{
    for (size_t i = 0; i < lesson->tape.n; i++)
        use_key(&lesson->tape.steps[i].spec);
    for (size_t i = 0; i < lesson->tape.n; i++)
        check_step(name, lesson->mechanism, &lesson->tape.steps[i]);
    for (size_t i = 0; i < lesson->second.tape.n; i++)
        check_step(name, lesson->second.mechanism, &lesson->second.tape.steps[i]);
}

TEST(every_step_of_every_lesson_has_words)
{
    const char *name;
    for (size_t i = 0; (name = builtin_lessons[i]); i++) {
        OWN(lesson) lesson;
        assert_ok(lesson_open(name, NULL, &lesson, NULL));
        check_lesson(name, &lesson);
    }
}

/* "mask.window:W" is set as "mask=window:1", with another number "window:2". */
static void write_choice(const struct setting_info *info, const char *choice, char ret[160])
{
    const char *colon = strchr(choice, ':');
    snprintf(ret, 160, "%s=%.*s%s", info->name, (int)strcspn(choice, ":"), choice,
             !colon                   ? ""
             : strchr(colon + 1, ':') ? ":1:1"
                                      : ":1");
}

/* Every choice, and any two (a sample of them) that go together, with a second sequence and without: none of the
 * steps lacks words. */
static void check_choices(const struct mechanism *m, const char *memory, size_t *opened)
{
    static const char *const kinds[] = {"word", "person", "region", "owl", "box"};
    char all[120][160];
    size_t n = 0;
    for (size_t i = 0; i < m->n_settings; i++)
        for (size_t k = 0; m->settings[i].choices && m->settings[i].choices[k]; k++)
            write_choice(&m->settings[i], m->settings[i].choices[k], all[n++]);
    for (size_t i = 0; i < m->n_settings; i++) {
        if (strcmp(m->settings[i].name, "heads") == 0)
            snprintf(all[n++], 160, "heads=2");
        if (m->settings[i].kind == SETTING_LIST)
            snprintf(all[n++], 160, "mask=causal,window:1,global:1");
        if (m->settings[i].kind == SETTING_NUMBER)
            snprintf(all[n++], 160, "%s=0.5", m->settings[i].name);
    }
    snprintf(all[n++], 160, "none");
    assert_true(n < 120);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i; k < n; k++) {
            if (k > i && n > 20 && !sampled(i + k, 7))
                continue;
            const char *set[] = {all[i], all[k]};
            char where[400];
            OWN(lesson) lesson;
            snprintf(where, sizeof where, "%s %.150s %.150s", m->name, all[i], all[k]);
            if (!open_small(m->name, kinds[(i + k) % 5], memory, set, (size_t)(i + 1 < n) + (k + 1 < n), &lesson))
                continue;
            check_lesson(where, &lesson);
            ++*opened;
        }
}

TEST(every_step_of_every_choice_has_words)
{
    for (const struct mechanism *const *m = mechanism_table; *m; m++) {
        size_t opened = 0;
        check_choices(*m, "", &opened);
        check_choices(*m, "memory: {labels: [d, e, f, g], noun: region}\n", &opened);
        if (opened < 1)
            fail_msg("%s: nothing could be opened", (*m)->name);
    }
}

/* Runs after those that open lessons. */
static void check_keys(const char *where, const struct node *steps)
{
    for (const struct node *step = steps ? steps->first : NULL; step; step = step->next) {
        bool used = false;
        for (size_t i = 0; i < n_keys_used; i++)
            used = used || strcmp(keys_used[i], step->key->text) == 0;
        if (!used)
            fail_msg("%s: no step is called %s", where, step->key->text);
    }
}

TEST(every_key_belongs_to_a_step_or_a_note)
{
    const struct builtin_file *file = builtin_find("assets/words/en.yaml");
    OWN(arena) arena = {0};
    struct diagnostics diagnostics = {0};
    const struct node *english = yaml_read(&arena, file->text, file->n, &diagnostics);
    for (const struct node *note = node_field(english, "notes")->first; note; note = note->next) {
        int i = NOTE_NONE + 1;
        while (i < NOTE_COUNT && strcmp(note_table[i].key, note->key->text) != 0)
            i++;
        if (i == NOTE_COUNT)
            fail_msg("no note is called %s", note->key->text);
    }
    check_keys("shared", node_field(node_field(english, "shared"), "steps"));
    for (const struct node *m = node_field(english, "mechanisms")->first; m; m = m->next)
        check_keys(m->key->text, node_field(m, "steps"));
}

static const struct {
    const char *settings, *step, *axes;
} mistaken[] = {
    {"mistake=none", "weights", "row: the word that looks; column: the word looked at"},
    {"mistake=none", "row_max", "row: the word that looks; one number for all it looks at"},
    {"mistake=heads_not_words", "scaled", "a plane for each word; row: a head; column: a head"},
    {"mistake=heads_not_words", "row_sums", "a plane for each word; row: a head; one number for all the head looks at"},
    {"mistake=heads_not_words", "weights", "a plane for each word; row: a head; column: a head"},
    {"mistake=softmax_over_columns", "scaled", "row: the word that looks; column: the word looked at"},
    {"mistake=softmax_over_columns", "row_max", "row: the word looked at; one number for all words that look"},
    {"mistake=softmax_over_columns", "exponentials", "row: the word looked at; column: the word that looks"},
    {"mistake=softmax_over_columns", "weights_turned", "row: the word looked at; column: the word that looks"},
    {"mistake=softmax_over_columns", "weights", "row: the word that looks; column: the word looked at"},
};

TEST_ROWS_BY(where_a_mistake_takes_something_else_for_words_the_steps_say_what, mistaken, c, step)
{
    OWN(lesson) lesson;
    assert_true(open_small("attention", "word", "", (const char *[]){"heads=2", c->settings}, 2, &lesson));
    const struct step *step = &lesson.tape.steps[tape_find(&lesson.tape, c->step)];
    assert_string_equal(step_text(step, false).axes, c->axes);
}

/* Does the text say one of these as a word of its own, outside of braces? */
static const char *said_plainly(const char *text, const char *const *words)
{
    int depth = 0;
    for (const char *at = text; *at; at++) {
        depth += *at == '{' ? 1 : *at == '}' ? -1 : 0;
        for (const char *const *word = words; depth == 0 && *word; word++) {
            size_t n = strlen(*word);
            bool begins = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');
            if (at - text >= 7 && strncmp(at - 7, "in the words of", 15) == 0) /* as one speaks */
                continue;
            if (begins && tolower((unsigned char)at[0]) == (*word)[0] && strncmp(at + 1, *word + 1, n - 1) == 0 &&
                !isalnum((unsigned char)at[n]) && at[n] != '_' && !(at[n] == ' ' && isdigit((unsigned char)at[n + 1])))
                return *word;
        }
    }
    return NULL;
}

static void check_plain(const char *where, const struct node *node, const char *const *words)
{
    const char *key = node->key ? node->key->text : "";
    if (strcmp(key, "when") == 0 || (strcmp(key, "axes") == 0 && node->kind == NODE_TEXT))
        return;
    for (const struct node *item = node->first; item; item = item->next)
        check_plain(where, item, words);
    const char *word = node->kind == NODE_TEXT && node->text ? said_plainly(node->text, words) : NULL;
    if (word)
        fail_msg("%s:%d: '%s' must stand in braces: %s", where, node->line, word, node->text);
}

/* What differs where tokens are columns, and what a token is called, comes from what stands in braces. A number may
 * follow: "below 0". */
TEST(what_varies_stands_in_braces)
{
    static const char *const orientation[] = {"row", "rows", "column", "columns", NULL};
    static const char *const of_steps[] = {"row",   "rows",         "column",  "columns", "below", "left",
                                           "right", "side by side", "words",   "word",    "patch", "patches",
                                           "frame", "frames",       "persons", NULL};
    const struct builtin_file *file = builtin_find("assets/words/en.yaml");
    OWN(arena) arena = {0};
    struct diagnostics diagnostics = {0};
    const struct node *english = yaml_read(&arena, file->text, file->n, &diagnostics);
    assert_non_null(english);
    const struct node *mechanisms = node_field(english, "mechanisms");
    check_plain("axes", node_field(english, "axes"), of_steps);
    check_plain("variants", node_field(english, "variants"), of_steps);
    check_plain("notes", node_field(english, "notes"), of_steps);
    check_plain("shared", node_field(node_field(english, "shared"), "steps"), of_steps);
    for (const struct node *m = mechanisms->first; m; m = m->next)
        check_plain(m->key->text, node_field(m, "steps"), of_steps);
    for (const struct builtin_file *lesson = builtin_files; lesson->name; lesson++) {
        if (strncmp(lesson->name, "lessons/", 8) != 0)
            continue;
        const struct node *root = yaml_read(&arena, lesson->text, lesson->n, &diagnostics);
        check_plain(lesson->name, node_field(root, "summary"), orientation);
        for (const struct node *stop = node_field(root, "script")->first; stop; stop = stop->next) {
            check_plain(lesson->name, node_field(stop, "say"), orientation);
            if (node_field(stop, "try"))
                check_plain(lesson->name, node_field(stop, "try"), orientation);
        }
    }
}

/* Said beside a token's name, but of something else: a row, a head, a number, a state, a text. */
static const char *const of_other_things[] = {
    "its own {rows}",
    "What it found for the {token}",
    "is what it adds",
    "where its {token} stands",
    "what it has read",
    "what it has written",
    "what it is shown",
    "is worked on by itself",
    "It is not finished",
    "its last number counts",
    "{a looker} that has it",
    "{a target} that has it",
    "each head looks at its own few",
    "how much of it arrives",
    "{row} for each of its",
    "tells where it stands",
    "before it is known",
    "to its whole {row}",
    "{above it|to the left of it}",
    "its distance",
    "Each head has its own",
    "each head of its",
    "to see it",
    "each times its",
    "what stands in it",
    "by itself** becomes",
    "a question of its own",
    "it replaces nothing",
    "its middle",
    "times its own sigmoid",
    "where it is shut",
    "it has the same size",
    "its size does not",
    "as it is **now**",
    "are not in it yet",
    "it can be computed",
    "what it wants to look at",
    "all there is of it",
};

/* Does "it", "its" or "itself" begin here, not as the form of a token's kind in braces? */
static bool says_it(const char *text, const char *at)
{
    static const char *const words[] = {"itself", "its", "it"};
    static const char *const names[] = {" looker}", " target}", " token}"};
    if (at > text && (isalnum((unsigned char)at[-1]) || at[-1] == '_'))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        bool form = false;
        if (strncasecmp(at, words[i], n) != 0 || isalnum((unsigned char)at[n]))
            continue;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            form |= at > text && at[-1] == '{' && strncmp(at + n, names[k], strlen(names[k])) == 0;
        return !form;
    }
    return false;
}

static bool names_token(const char *text)
{
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
        const char *name = strpbrk(at + 1, " }|");
        name = name && *name == ' ' ? name + 1 : at + 1;
        for (size_t i = 0; i < 3; i++) {
            const char *who = (const char *const[]){"looker", "target", "token"}[i];
            if (strncmp(name, who, strlen(who)) == 0)
                return true;
        }
    }
    return false;
}

/* What a row, a column and a plane is: on a page these texts stand on one line. */
static bool are_axes(const struct node *node)
{
    static const char *const fields[] = {"row", "column", "plane", "note", "when", "variants"};
    for (const struct node *item = node->first; item; item = item->next) {
        bool known = false;
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            known |= item->key && strcmp(item->key->text, fields[i]) == 0;
        if (!known)
            return false;
    }
    return node->kind == NODE_MAPPING;
}

static void refuse_plain_it(const struct node *node, struct str *text)
{
    if (!text->n || !names_token(str_text(text)))
        return;
    for (size_t i = 0; i < sizeof of_other_things / sizeof *of_other_things; i++)
        for (char *at; (at = strstr(text->v, of_other_things[i]));)
            memset(at, '.', strlen(of_other_things[i]));
    for (const char *at = text->v; *at; at++)
        if (says_it(text->v, at))
            fail_msg("en.yaml:%d: \"%.40s\" in \"%s\": what stands for a token has a form for each kind, {it looker}; "
                     "what else may be said of is listed in this test",
                     node->line, at, str_text(text));
}

static void check_pronouns(const struct node *node)
{
    OWN(str) text = {0};
    bool axes = are_axes(node);
    if (node->kind == NODE_TEXT)
        str_add(&text, node->text);
    for (const struct node *item = node->first; item; item = item->next)
        if (axes && item->kind == NODE_TEXT)
            str_addf(&text, "%s; ", item->text);
        else if (!item->key || strcmp(item->key->text, "formula") != 0)
            check_pronouns(item);
    refuse_plain_it(node, &text);
}

TEST(a_token_is_called_as_its_kind_wants_it)
{
    check_pronouns(language_english()->root);
}

/* A text of a lesson's own, with tokens as rows and as columns, of a lesson whose people look at regions. */
static const struct text_case {
    const char *text, *rows, *columns;
} text_cases[] = {
    {"Read {along} the {row}.", "Read along the row.", "Read down the column."},
    {"{Rows}, **{columns}**", "Rows, **columns**", "Columns, **rows**"},
    {"{Upper} left, {below|beside} it", "Upper left, below it", "Left left, beside it"},
    {"W_O{|ᵀ} of {a|one {row}, {b|c}}", "W_O of a", "W_Oᵀ of one column, c"},
    {"{Q} and {K}", "{Q} and {K}", "{Q} and {K}"},
    {"{A looker} of {lookers}", "A person of people", "A person of people"},
    {"{a target}, {targets}", "a region, regions", "a region, regions"},
    {"{It looker} at {him looker}", "He or she at him or her", "He or she at him or her"},
    {"{its looker} own, {itself looker}", "his or her own, himself or herself", "his or her own, himself or herself"},
    {"{it target} at {him target}, {its target} {itself target}", "it at it, its itself", "it at it, its itself"},
    {"plain, with row and column", "plain, with row and column", "plain, with row and column"},
    {"{nothing}", "{nothing}", "{nothing}"},
    {"{open", "{open", "{open"},
};

TEST(a_text_is_rendered_in_both_orientations)
{
    OWN(lesson) lesson;
    assert_true(open_small("attention", "person", "memory: {labels: [d], noun: region}\n", NULL, 0, &lesson));
    for (size_t i = 0; i < sizeof text_cases / sizeof *text_cases; i++) {
        OWN(arena) arena = {0};
        const char *said[2];
        assert_true(language_render_live(&arena, &lesson, text_cases[i].text, NULL, said));
        assert_string_equal(said[0], text_cases[i].rows);
        assert_string_equal(said[1], text_cases[i].columns);
    }
}

/* Of English nothing may be missing. Of a made-up language, what it does not say is English, and the check tells. */
TEST(a_language_says_what_it_has_and_falls_back_for_the_rest)
{
    static const char text[] =
        "language: Test\norientation: {row: [Zeile, Spalte]}\n"
        "kinds: {word: {one: Wort, many: Woerter}}\n"
        "shared: {steps: {weights: {title: \"wie {lookers} schauen, je {row}\"}, nothing: {title: x}}}\n"
        "page: {mistake: \"{title} {wrong}\"}\n";
    struct diagnostics diagnostics = {0};
    OWN(lesson) lesson;
    language_check(language_english(), &diagnostics);
    for (size_t i = 0; i < diagnostics_kept(&diagnostics); i++)
        print_error("en.yaml:%d:%d: %s\n", diagnostics.v[i].line, diagnostics.v[i].column, diagnostics.v[i].what);
    assert_int_equal(diagnostics.n, 0);
    struct language *test = language_read(text, strlen(text), language_english(), &diagnostics);
    assert_non_null(test);
    static const char small[] = "title: t\nsummary: s\nsentence: a b\nweights: {source: random, seed: 1}\n";
    const struct lesson_options options = {.language = test};
    assert_ok(lesson_parse("small", small, strlen(small), &options, &lesson, NULL));
    const struct step *weights = &lesson.tape.steps[tape_find(&lesson.tape, "weights")];
    assert_string_equal(step_text(weights, false).title, "wie Woerter schauen, je Zeile");
    assert_string_equal(step_text(weights, true).title, "wie Woerter schauen, je Spalte");
    assert_true(strncmp(step_text(weights, true).meaning, "Each Spalte divided by its own sum", 34) == 0);
    assert_true(strncmp(step_text(weights, false).axes, "Zeile: the Wort that looks; column: ", 36) == 0);
    language_check(test, &diagnostics);
    static const char *const found[] = {"'{wrong}' stands for nothing", "nothing is called shared.steps.nothing",
                                        "page.part is not said", "stages is not said"};
    for (size_t k = 0; k < sizeof found / sizeof found[0]; k++) {
        bool told = false;
        for (size_t i = 0; i < diagnostics_kept(&diagnostics); i++)
            told = told || strstr(diagnostics.v[i].what, found[k]);
        if (!told)
            fail_msg("the check does not say \"%s\"", found[k]);
    }
    language_free(test);
}

/* ---- the glossary ---- */

/* The names of the terms that a text uses, with bars between. */
static void terms_of(const char *text, struct str *to)
{
    struct term_place found[64];
    size_t n = language_find_terms(language_english(), text, strlen(text), found, 64);
    for (size_t i = 0; i < n; i++) {
        struct glossary_term term;
        assert_true(language_term(language_english(), found[i].term, &term));
        assert_true(term.name[0] && term.line[0]);
        str_addf(to, "%s%s", i ? "|" : "", term.key);
        assert_true(found[i].at + found[i].n <= strlen(text));
    }
}

static const struct {
    const char *text, *terms;
} term_cases[] = {
    {"softmax, head, d_k", "softmax|head|d_k"},
    {"embed; batch; rank; bias; decoder; elu", "embed|batch|rank|bias|decoder|elu"},
    {"d_model encoder mask padding normalise", "d_model|encoder|mask|padding|normalise"},
    {"query key value score weight token", "query|key|value|score|weight|token"},
    {"dimension feature residual gate cache state", "dimension|feature|residual|gate|cache|state"},
    {"kernel, feature map, causal, sinusoid, one-hot", "kernel|feature map|causal|sinusoid|one-hot"},
    {"matrix row column transpose exponential", "matrix|row|column|transpose|exponential"},
    {"a dot product of two", "dot product"}, /* the longer of two, and not its words */
    {"layer norm and layer", "layer norm|layer"},
    {"Heads begin a sentence", "head"},
    {"“rows”, (columns): head.", "row|column|head"}, /* marks end a word */
    {"a header ahead overheads arrows", ""},         /* no part of a word */
    {"key_max, W_Q2, heads_token", ""},              /* nor of a name */
    {"頭head頭", "head"},                            /* a script without spaces ends it */
    {"the \303\251key", ""},                         /* an accent is a letter */
    {"", ""},
};

TEST_ROWS_BY(terms_are_found_as_whole_words, term_cases, row, text)
{
    OWN(str) got = {0};
    terms_of(row->text, &got);
    assert_string_equal(str_text(&got), row->terms);
}

static const struct {
    const char *name, *terms, *says;
} term_faults[] = {
    {"a term without a line", "terms: {softmax: {forms: [softmax]}}\n", "needs a 'line'"},
    {"a term without forms", "terms: {softmax: {line: shares}}\n", "needs 'forms'"},
    {"a form of two terms", "terms: {head: {forms: [head], line: l}, row: {forms: [row, head], line: l}}\n",
     "'head' is a form of the term head already"},
    {"a form given twice", "terms: {head: {forms: [head, head], line: l}}\n",
     "'head' is a form of the term head already"},
    {"a term that English lacks", "terms: {nonsense: {forms: [x], line: l}}\n", "nothing is called terms.nonsense"},
    {"a term that is not said", "terms: {head: {forms: [Kopf], line: l}}\n", "terms.softmax is not said"},
};

TEST_ROWS(a_glossary_is_checked, term_faults, row)
{
    char text[400];
    struct diagnostics diagnostics = {0};
    bool told = false;
    snprintf(text, sizeof text, "language: Test\n%s", row->terms);
    struct language *test = language_read(text, strlen(text), language_english(), &diagnostics);
    assert_non_null(test);
    struct reader r = {.f = &diagnostics};
    language_check_terms(test, &r);
    for (size_t i = 0; i < diagnostics_kept(&diagnostics); i++)
        told = told || strstr(diagnostics.v[i].what, row->says);
    if (!told) {
        diagnostics = (struct diagnostics){0};
        language_check(test, &diagnostics);
        for (size_t i = 0; i < diagnostics_kept(&diagnostics); i++)
            told = told || strstr(diagnostics.v[i].what, row->says);
    }
    assert_true(told);
    language_free(test);
}

TEST(a_term_of_another_language_has_its_own_forms)
{
    static const char text[] = "language: Test\nterms: {head: {forms: [Kopf, Köpfe], line: einer von mehreren}}\n";
    struct diagnostics diagnostics = {0};
    struct term_place found[4];
    struct glossary_term term;
    struct language *test = language_read(text, strlen(text), language_english(), &diagnostics);
    assert_int_equal(language_find_terms(test, "Zwei Köpfe, head", strlen("Zwei Köpfe, head"), found, 4), 1);
    assert_true(language_term(test, found[0].term, &term));
    assert_string_equal(term.key, "head");
    assert_string_equal(term.name, "Kopf");
    assert_string_equal(term.line, "einer von mehreren");
    assert_false(language_term(test, 10000, &term) || language_term(test, -1, &term));
    language_free(test);
}
