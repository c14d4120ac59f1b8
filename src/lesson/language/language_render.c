/* language_render.c: texts with their names in braces replaced. */
#include "lesson/language/language_parts.h"

#include <ctype.h>
#include <string.h>

enum { NAME_BYTES = 64, NESTED_MAX = 4 };

/* The form of a noun, or the pronoun that stands for it: as its kind has it, else by the rules for all. */
static void render_noun(const struct rendering *t, const char *noun, const char *form, struct str *to)
{
    const struct node *kind = in_section(t->language, "kinds", noun, form);
    const struct node *pronoun = in_section(t->language, "pronouns", form, NULL);
    const struct node *rules = NULL;
    if (text_of(kind) || text_of(pronoun)) {
        str_add(to, text_of(kind) ? kind->text : pronoun->text);
        return;
    }
    bool many = strcmp(form, "many") == 0, article = strcmp(form, "a") == 0;
    for (const struct language *l = t->language; l && !rules; l = l->fallback)
        rules = many ? section(l, "plurals") : article ? section(l, "articles") : NULL;
    size_t n = strlen(noun);
    for (const struct node *rule = rules ? rules->first : NULL; rule && rule->n == 2; rule = rule->next) {
        const char *of = found(rule->first), *is = found(rule->first->next);
        size_t ending = strlen(of);
        if (many && ending <= n && strcmp(noun + n - ending, of) == 0) {
            str_addn(to, noun, n - ending);
            str_add(to, is);
            return;
        }
        if (article && (ending == 0 || (noun[0] && strchr(of, noun[0])))) {
            str_addf(to, "%s %s", is, noun);
            return;
        }
    }
    str_add(to, noun);
}

/* "looker", "lookers", "a looker", "it looker": false: it is none of these. */
static bool render_token(const struct rendering *t, const char *name, struct str *to)
{
    static const char *const who[] = {"looker", "target", "token"};
    const char *const nouns[] = {t->looker, t->target, t->token}, *blank = strrchr(name, ' ');
    const char *last = blank ? blank + 1 : name;
    for (size_t i = 0; i < sizeof who / sizeof who[0]; i++) {
        size_t n = strlen(who[i]);
        bool many = strncmp(last, who[i], n) == 0 && strcmp(last + n, "s") == 0;
        if (!many && strcmp(last, who[i]) != 0)
            continue;
        char form[NAME_BYTES] = "one";
        if (many)
            memcpy(form, "many", sizeof "many");
        else if (blank) {
            memcpy(form, name, (size_t)(blank - name));
            form[blank - name] = '\0';
        }
        render_noun(t, nouns[i], form, to);
        return true;
    }
    return false;
}

static void render_text(const struct rendering *t, const char *text, size_t n, int depth, struct str *to);

/* "Spell rows X": a function with a capital, whose word gets one. */
static bool begins_capital(const char *text, size_t n)
{
    for (size_t i = 0; live_functions[i]; i++) {
        size_t length = strlen(live_functions[i]);
        if (n > length && isupper((unsigned char)text[0]) && tolower((unsigned char)text[0]) == live_functions[i][0] &&
            strncmp(text + 1, live_functions[i] + 1, length - 1) == 0 && text[length] == ' ')
            return true;
    }
    return false;
}

/* A live number, "=0.81" as it is, or braces without a meaning, which are copied. */
static void render_live(const struct rendering *t, const char *text, size_t n, struct str *to)
{
    struct str says = {0}, expression = {0};
    struct live_cell cell = {.step = -1};
    struct qkv_err err = {0};
    if (t->live && text[0] == '=') {
        str_addn(to, text + 1, n - 1);
        return;
    }
    if (t->live)
        t->live->n++;
    if (!t->live || !t->live->scope) {
        str_addf(to, "{%.*s}", (int)n, text);
        return;
    }
    for (const struct live_said *s = t->live->said; s; s = s->next)
        if (s->at == text) {
            str_add(to, s->marked);
            return;
        }
    bool capital = begins_capital(text, n);
    str_addn(&expression, text, n);
    if (capital && expression.n)
        expression.v[0] = (char)tolower((unsigned char)text[0]);
    err = live_print(t->live->scope, str_text(&expression), expression.n, &says, &cell);
    if (capital && says.n)
        says.v[0] = (char)toupper((unsigned char)says.v[0]);
    const size_t start = to->n;
    live_mark(&cell, str_text(&says), to);
    struct live_said *said = arena_array(t->arena, 1, sizeof *said);
    if (said && !to->failed)
        *said = (struct live_said){text, arena_text(t->arena, to->v + start, to->n - start), t->live->said};
    if (said && said->marked)
        t->live->said = said;
    if (err.code && !t->live->err.code) {
        t->live->err = err;
        t->live->err.column += (int)(text - t->whole);
    }
    to->failed |= says.failed || expression.failed;
    str_finish(&says);
    str_finish(&expression);
}

/* {Q}, {W_Q}, {b_Q}, {Q^T}: these letters in the colours of their roles, and what is named after them. */
static bool is_role(const char *text, size_t n)
{
    return (n == 1 && strchr("QKV", text[0])) || (n == 3 && text[1] == '_' && strchr("QKV", text[2])) ||
           (n == 3 && strchr("QKV", text[0]) && strncmp(text + 1, "^T", 2) == 0);
}

/* Of "H_(1..3)": "1–3". */
static void render_range(const char *symbol, struct str *to)
{
    const char *dots = strstr(symbol, ".."), *from = dots;
    while (from && from > symbol && isdigit((unsigned char)from[-1]))
        from--;
    if (dots)
        str_addf(to, "%.*s–%.*s", (int)(dots - from), from, (int)strspn(dots + 2, "0123456789"), dots + 2);
}

/* The name in a pair of braces; copied with its braces where it has no meaning here. */
void render_name(const struct rendering *t, const char *text, size_t n, int depth, struct str *to)
{
    char name[NAME_BYTES];
    size_t start = to->n;
    if (n == 0 || is_role(text, n)) {
        str_addf(to, "{%.*s}", (int)n, text);
        return;
    }
    if (n >= sizeof name) {
        render_live(t, text, n, to);
        return;
    }
    memcpy(name, text, n);
    name[n] = '\0';
    name[0] = (char)tolower((unsigned char)name[0]);
    const struct node *pair = in_section(t->language, "orientation", name, NULL);
    if (pair && pair->kind == NODE_LIST && pair->n == 2)
        str_add(to, found(t->columns ? pair->first->next : pair->first));
    else if (strcmp(name, "title") == 0 && t->title)
        render_text(t, t->title, strlen(t->title), depth + 1, to);
    else if (strcmp(name, "part") == 0 && t->step && t->step->part)
        str_add(to, t->step->part);
    else if (strcmp(name, "number") == 0 && t->step && t->step->part)
        str_addf(to, "%zu", t->step->part_number);
    else if (strcmp(name, "range") == 0 && t->step && t->step->symbol)
        render_range(t->step->symbol, to);
    else if (t->explained && n == 1 && name[0] > '0' && name[0] <= '0' + note_table[t->explained->note].n_numbers)
        str_add(to, t->explained->number[name[0] - '1']);
    else if (t->condition && strcmp(name, "condition") == 0)
        str_add(to, t->condition);
    else if (t->value && strcmp(name, "value") == 0)
        str_add(to, t->value);
    else if (!render_token(t, name, to)) {
        render_live(t, text, n, to);
        return;
    }
    if (isupper((unsigned char)text[0]) && to->n > start)
        to->v[start] = (char)toupper((unsigned char)to->v[start]);
}

/* Bytes from the brace at text[0] to its closing brace, both included; 0: it is not closed. *ret_bar: the place of a
 * bar between them, or 0. */
static size_t braces(const char *text, size_t n, size_t *ret_bar)
{
    int depth = 0;
    *ret_bar = 0;
    for (size_t i = 0; i < n; i++) {
        depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
        if (depth == 0)
            return i + 1;
        if (depth == 1 && text[i] == '|')
            *ret_bar = i;
    }
    return 0;
}

static void render_text(const struct rendering *t, const char *text, size_t n, int depth, struct str *to)
{
    for (size_t i = 0; i < n;) {
        size_t bar, length = text[i] == '{' && depth < NESTED_MAX ? braces(text + i, n - i, &bar) : 0;
        if (length == 0) {
            size_t plain = 1;
            while (i + plain < n && text[i + plain] != '{')
                plain++;
            str_addn(to, text + i, plain);
            i += plain;
            continue;
        }
        if (bar == 0)
            render_name(t, text + i + 1, length - 2, depth, to);
        else if (t->columns)
            render_text(t, text + i + bar + 1, length - bar - 2, depth + 1, to);
        else
            render_text(t, text + i + 1, bar - 1, depth + 1, to);
        i += length;
    }
}

/* Into the arena; NULL gives NULL. NULL also: no memory. */
const char *render(const struct rendering *t, struct arena *arena, const char *text)
{
    struct str to = {0};
    if (!text)
        return NULL;
    render_text(t, text, strlen(text), 0, &to);
    return str_keep(&to, arena);
}

struct rendering rendering_of(const struct lesson *lesson)
{
    const char *target = lesson->memory.words.n ? lesson->memory.noun : lesson->sentence.noun;
    return (struct rendering){.language = lesson->language,
                              .settings = &lesson->settings,
                              .looker = lesson->sentence.noun,
                              .target = target,
                              .token = lesson->sentence.noun,
                              .levels = levels_of(lesson->language, lesson->mechanism)};
}

bool language_render_live(struct arena *arena, const struct lesson *lesson, const char *text, struct live_text *live,
                          const char *ret[2])
{
    struct rendering t = rendering_of(lesson);
    t.live = live;
    t.arena = arena;
    t.whole = text;
    ret[0] = render(&t, arena, text);
    t.columns = true;
    ret[1] = render(&t, arena, text);
    return ret[0] && ret[1];
}

void language_add_lost(const struct lesson *lesson, const char *key, const char *condition, const char *value,
                       struct str *to)
{
    struct rendering t = rendering_of(lesson);
    const char *text = language_page(lesson->language, key);
    t.condition = condition;
    t.value = value;
    render_text(&t, text, strlen(text), 0, to);
}

void language_add(const struct lesson *lesson, const char *text, bool columns, struct str *to)
{
    struct rendering t = rendering_of(lesson);
    t.columns = columns;
    render_text(&t, text, strlen(text), 0, to);
}

void language_add_note(const struct lesson *lesson, const struct explanation *e, bool columns, struct str *to)
{
    const char *text = language_note(lesson->language, e->note);
    struct rendering t = rendering_of(lesson);
    t.columns = columns;
    t.explained = e;
    render_text(&t, text, strlen(text), 0, to);
}

void language_add_sample(const struct language *language, const char *text, bool columns, struct str *to)
{
    const struct step_spec step = {.name = "", .symbol = "H_(1..2)", .part = "chunk"};
    const struct explanation explained = {.note = NOTE_MEMORY_ORDER}; /* the one with most numbers */
    const struct rendering t = {.language = language,
                                .looker = "word",
                                .target = "word",
                                .token = "word",
                                .columns = columns,
                                .step = &step,
                                .title = "title",
                                .explained = &explained,
                                .condition = "a condition",
                                .value = "a value"};
    render_text(&t, text, strlen(text), 0, to);
}
