/* language_steps.c: which of its variants a step's text is, and the pieces of a mechanism's formula. */
#include "lesson/language/language_parts.h"

#include <stddef.h>
#include <string.h>

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
        const char *text = text_of(of_entries(t, &entries, NULL, fields[i]));
        *texts[i] = render(t, arena, text);
        line.failed |= text && !*texts[i];
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
