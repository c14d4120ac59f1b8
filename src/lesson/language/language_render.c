/* language_render.c: texts with their names in braces replaced, and the texts of steps. */
#include "lesson/language/language_parts.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { NAME_BYTES = 64, NESTED_MAX = 4 };

/* What names in braces stand for. */
struct rendering {
    const struct language *language;
    const struct settings *settings;
    const struct tape *tape;             /* of a whole formula; else NULL */
    const char *looker, *target, *token; /* what tokens are called */
    bool columns;
    const struct step_spec *step; /* NULL: none */
    struct levels levels;
    const char *title;                   /* of {title} */
    const struct explanation *explained; /* its numbers are {1} {2} ...; NULL: none */
    const char *condition, *value;       /* of {condition} and {value}; NULL: none */
    const char *whole;                   /* the text being rendered, where it may hold live numbers */
    struct live_text *live;              /* NULL: none */
    struct arena *arena;                 /* of what its expressions say */
};

/* The form of a noun: as its kind has it, else by the rules for endings. */
static void render_noun(const struct rendering *t, const char *noun, const char *form, struct str *to)
{
    const struct node *kind = in_section(t->language, "kinds", noun, form);
    const struct node *rules = NULL;
    if (text_of(kind)) {
        str_add(to, kind->text);
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

/* "looker", "lookers", "a looker": false: it is none of these. */
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
static void render_name(const struct rendering *t, const char *text, size_t n, int depth, struct str *to)
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
static const char *render(const struct rendering *t, struct arena *arena, const char *text)
{
    struct str to = {0};
    if (!text)
        return NULL;
    render_text(t, text, strlen(text), 0, &to);
    return str_keep(&to, arena);
}

/* ---- steps ---- */

/* Is it one of the values, which are separated by bars? */
static bool is_among(const char *values, const char *value)
{
    for (const char *at = values; *at;) {
        size_t n = strcspn(at, "|");
        if (strlen(value) == n && strncmp(at, value, n) == 0)
            return true;
        at += n + (at[n] == '|');
    }
    return false;
}

/* Does every condition of `when` hold? */
static bool applies(const struct rendering *t, const struct node *when)
{
    for (const struct node *field = when ? when->first : NULL; field; field = field->next) {
        const char *key = field->key->text, *value = field->text;
        bool other = value[0] == '!', is;
        const char *variant = t->step && t->step->variant ? t->step->variant : "none";
        const char *part = t->step && t->step->part ? t->step->part : "none";
        if (strcmp(key, "variant") == 0)
            is = is_among(value + other, variant);
        else if (strcmp(key, "part") == 0)
            is = is_among(value + other, part);
        else if (strcmp(key, "step") == 0)
            is = t->tape && tape_find(t->tape, value + other) >= 0;
        else
            is = settings_find(t->settings, key) && is_among(value + other, settings_get(t->settings, key)->text);
        if (is == other)
            return false;
    }
    return true;
}

/* A field of the last variant that has it and applies. */
static const struct node *of_variants(const struct rendering *t, const struct node *entry, const char *field)
{
    const struct node *variants = node_field(entry, "variants"), *ret = NULL;
    for (const struct node *v = variants && variants->kind == NODE_LIST ? variants->first : NULL; v; v = v->next)
        if (node_field(v, field) && applies(t, node_field(v, "when")))
            ret = node_field(v, field);
    return ret;
}

/* The entries of one key, in the language and its fallbacks. */
struct entries {
    const struct node *v[LIKE_MAX];
    size_t n;
};

static void add_entry(struct entries *entries, const struct node *entry)
{
    if (entry && entries->n < LIKE_MAX)
        entries->v[entries->n++] = entry;
}

/* A field: of a variant, else of `generic` (NULL: none) in place of the plain one, else plain. */
static const struct node *of_entries(const struct rendering *t, const struct entries *entries, const char *generic,
                                     const char *field)
{
    const struct node *ret = NULL;
    for (size_t i = 0; !ret && i < entries->n; i++)
        ret = of_variants(t, entries->v[i], field);
    for (size_t i = 0; !ret && i < entries->n; i++)
        ret = node_field(entries->v[i], field);
    for (size_t i = 0; ret && generic && i < entries->n; i++)
        if (of_variants(t, entries->v[i], field))
            return ret;
    const struct node *instead = ret && generic ? in_section(t->language, "variants", generic, field) : NULL;
    return instead ? instead : ret;
}

/* A field of the step, by its key. */
static const struct node *of_step(const struct rendering *t, const char *field)
{
    const char *key = t->step->words ? t->step->words : t->step->name;
    const struct node *ret = NULL;
    for (size_t i = 0; !ret && i < t->levels.n; i++) {
        struct entries entries = {.n = 0};
        for (const struct language *l = t->language; l; l = l->fallback)
            add_entry(&entries, node_field(node_field(level(l, t->levels.name[i]), "steps"), key));
        ret = of_entries(t, &entries, t->step->variant, field);
    }
    return ret;
}

/* Its rows, columns, planes: an entry of their own, or that of a name; and all of them on one line. */
static void render_axes(const struct rendering *t, struct arena *arena, struct step_text *ret)
{
    const char *const fields[] = {"plane", "row", "column", "note"},
                      **texts[] = {&ret->plane, &ret->row, &ret->column, &ret->note};
    const struct node *axes = of_step(t, "axes");
    struct entries entries = {.n = 0};
    struct str line = {0};
    if (!text_of(axes))
        add_entry(&entries, axes);
    for (const struct language *l = text_of(axes) ? t->language : NULL; l; l = l->fallback)
        add_entry(&entries, node_field(section(l, "axes"), axes->text));
    for (size_t i = 0; i < 4; i++) {
        *texts[i] = render(t, arena, text_of(of_entries(t, &entries, NULL, fields[i])));
        if (!*texts[i])
            continue;
        str_add(&line, line.n ? "; " : "");
        if (texts[i] == &ret->row || texts[i] == &ret->column) {
            render_name(t, fields[i], strlen(fields[i]), 0, &line);
            str_add(&line, ": ");
        }
        str_add(&line, *texts[i]);
    }
    ret->axes = str_keep(&line, arena);
}

static bool render_step(struct rendering *t, struct arena *arena, struct step_text *ret)
{
    const char *title = text_of(of_step(t, "title")), *meaning = text_of(of_step(t, "meaning"));
    t->title = title ? title : t->step->name;
    if (t->step->mistake)
        t->title = render(t, arena, language_page(t->language, "mistake"));
    if (t->step->part && t->title)
        t->title = render(t, arena, language_page(t->language, "part"));
    ret->title = render(t, arena, t->title);
    ret->meaning = render(t, arena, meaning ? meaning : "");
    render_axes(t, arena, ret);
    t->title = NULL;
    return ret->title && ret->meaning && ret->axes;
}

static struct rendering rendering_of(const struct lesson *lesson)
{
    const char *target = lesson->memory.words.n ? lesson->memory.noun : lesson->sentence.noun;
    return (struct rendering){.language = lesson->language,
                              .settings = &lesson->settings,
                              .looker = lesson->sentence.noun,
                              .target = target,
                              .token = lesson->sentence.noun,
                              .levels = levels_of(lesson->language, lesson->mechanism)};
}

static bool is_of_memory(const struct lesson *lesson, const struct step *step)
{
    return lesson->memory.words.n && step->value.axis[AXIS_ROW].labels == lesson->memory.words.v;
}

static bool has_same_texts(const struct lesson *lesson, const struct step *a, const struct step *b)
{
    /* Some of the rows are called by their numbers, which stand in the symbol. */
    if (text_same(a->spec.variant, "some_rows") && !text_same(a->spec.symbol, b->spec.symbol))
        return false;
    return text_same(a->spec.words ? a->spec.words : a->spec.name, b->spec.words ? b->spec.words : b->spec.name) &&
           text_same(a->spec.variant, b->spec.variant) && text_same(a->spec.part, b->spec.part) &&
           a->spec.part_number == b->spec.part_number && a->spec.mistake == b->spec.mistake &&
           is_of_memory(lesson, a) == is_of_memory(lesson, b);
}

bool language_render_steps(struct arena *arena, struct lesson *lesson)
{
    enum { LOOK_BACK = 256 };
    struct rendering t = rendering_of(lesson);
    for (size_t i = 0; i < lesson->tape.n; i++) {
        struct step *step = &lesson->tape.steps[i];
        /* A step that is repeated for each token has the same texts each time: they are rendered once. */
        for (size_t back = 1; back <= i && back <= LOOK_BACK && !step->text; back++)
            if (has_same_texts(lesson, step - back, step))
                step->text = step[-(ptrdiff_t)back].text;
        if (step->text)
            continue;
        struct step_text *texts = arena_array(arena, 2, sizeof *texts);
        t.step = &step->spec;
        t.token = is_of_memory(lesson, step) ? t.target : t.looker;
        for (int columns = 0; columns < 2; columns++) {
            t.columns = columns;
            if (!texts || !render_step(&t, arena, &texts[columns]))
                return false;
        }
        step->text = texts;
    }
    return true;
}

struct step_text step_text(const struct step *step, bool columns)
{
    return step->text ? step->text[columns] : (struct step_text){.title = step->spec.name, .meaning = "", .axes = ""};
}

bool language_render(struct arena *arena, const struct lesson *lesson, const char *text, const char *ret[2])
{
    struct rendering t = rendering_of(lesson);
    ret[0] = render(&t, arena, text);
    t.columns = true;
    ret[1] = render(&t, arena, text);
    return ret[0] && ret[1];
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

/* ---- the whole formula ---- */

static enum stage stage_named(const char *name)
{
    for (int i = 0; i < STAGE_COUNT; i++)
        if (strcmp(stage_names[i], name) == 0)
            return (enum stage)i;
    return STAGE_INPUT;
}

bool language_formula(const struct lesson *lesson, size_t *at, struct formula_piece *ret)
{
    struct rendering t = rendering_of(lesson);
    t.tape = &lesson->tape;
    const struct node *pieces = find_node(lesson->language, lesson->mechanism, "formula", NULL, NULL);
    size_t i = 0;
    for (const struct node *piece = pieces ? pieces->first : NULL; piece; piece = piece->next, i++) {
        if (i < *at || !applies(&t, node_field(piece, "when")))
            continue;
        *at = i + 1;
        *ret = (struct formula_piece){stage_named(found(node_field(piece, "stage"))), found(node_field(piece, "text"))};
        return true;
    }
    return false;
}
