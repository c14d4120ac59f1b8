#include "lesson/controls.h"

#include "lesson/making.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MECHANISMS_MAX = 32 };
static const char *const off[] = {"off", NULL}, *const off_on[] = {"off", "on", NULL};
static const char *const sources[] = {"lesson", "random", "glass", "identity", NULL};
/* What is chosen when a source is: what it cannot do without. */
static const char *const source_texts[] = {"", "{source: random, seed: 1}", "{source: glass, seed: 1}",
                                           "{source: identity}"};
_Static_assert(sizeof source_texts / sizeof *source_texts + 1 == sizeof sources / sizeof *sources,
               "a source has no text");

/* Read a value by a control's row of its own. */
static struct qkv_err parse(const struct control *control, const char *text, struct setting *ret)
{
    struct settings one = {.info = &control->info, .n = 1};
    struct qkv_err err = settings_set(&one, control->name, text);
    if (!err.code)
        *ret = one.v[0];
    return err;
}

static bool same_value(const struct setting *a, const struct setting *b)
{
    return a->choice == b->choice && (a->choice >= 0 || a->number == b->number);
}

/* A row to fill; NULL: there is no room. Its pointers into itself are set by control_value. */
static struct control *add(struct controls *controls, enum control_kind kind, const char *name)
{
    if (controls->n == CONTROLS_MAX)
        return NULL;
    struct control *control = &controls->v[controls->n++];
    *control = (struct control){.kind = kind};
    snprintf(control->name, sizeof control->name, "%s", name);
    return control;
}

/* The row knows all but its value. */
static void control_value(struct control *control, const char *now, const char *own)
{
    control->info.name = control->name;
    control->info.meaning = control->meaning;
    snprintf(control->own, sizeof control->own, "%s", own);
    if (parse(control, now, &control->now).code) { /* a source that is no choice here */
        control->now = (struct setting){.choice = -1};
        snprintf(control->now.text, sizeof control->now.text, "%s", now);
    }
    struct setting was;
    control->changed = !own[0] || parse(control, own, &was).code || !same_value(&control->now, &was);
}

int controls_find(const struct controls *controls, const char *name)
{
    for (size_t i = 0; i < controls->n; i++)
        if (strcmp(controls->v[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* ---- where the numbers come from ---- */

/* The text of a field of the weights that were chosen, or NULL. */
static const char *weights_field(const struct node *weights, const char *name)
{
    const struct node *node = weights && weights->kind == NODE_MAPPING ? node_field(weights, name) : NULL;
    return node && node->kind == NODE_TEXT ? node->text : NULL;
}

static const struct node *read_weights(struct arena *arena, const struct overrides *e)
{
    struct diagnostics diagnostics = {0};
    return e && e->weights.n ? yaml_read(arena, e->weights.v, e->weights.n, &diagnostics) : NULL;
}

/* Names that are sizes of their own, not of the sentence. */
static bool is_free(const char *name)
{
    static const char *const fixed[] = {"n", "T", "m", "heads", "kv_heads", "features"};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (strcmp(fixed[i], name) == 0)
            return false;
    return true;
}

/* What sizes the tensors on the tape have. */
static void learn_sizes(const struct lesson *lesson, struct sizes *ret)
{
    const struct mechanism *m = lesson->mechanism;
    static const char *const names[] = {"heads", "kv_heads"};
    *ret = (struct sizes){.n = 0};
    for (size_t i = 0; i < 2; i++) {
        const struct setting *heads = settings_find(&lesson->settings, names[i]);
        struct size *size = sizes_add(ret, names[i]);
        size->n = heads && heads->choice < 0 ? (size_t)heads->number : ret->v[0].n ? ret->v[0].n : 1;
    }
    for (size_t i = 0; i < m->n_inputs; i++) {
        int step = tape_find(&lesson->tape, m->inputs[i].name);
        struct shape shape;
        if (step < 0 || !shape_read(m->inputs[i].shape, 0, &shape))
            continue;
        for (int d = 0; d < shape.depth; d++)
            sizes_learn(ret, shape.dim[d], lesson->tape.steps[step].value.axis[AXES - shape.depth + d].size);
    }
}

static void add_size(struct controls *controls, const struct size *size, const struct node *weights)
{
    struct control *control = add(controls, CONTROL_SIZE, size->name);
    char now[24];
    if (!control)
        return;
    snprintf(now, sizeof now, "%zu", size->n);
    snprintf(control->meaning, sizeof control->meaning, "how large %s is, of the weights that are drawn", size->name);
    control->info = (struct setting_info){.kind = SETTING_WHOLE, .initial = "4", .min = 1, .max = SIDE_MAX};
    control_value(control, now, "");
    control->changed = weights_field(weights, size->name) != NULL;
}

static void add_weights(struct controls *controls, const struct lesson *lesson, const struct overrides *e)
{
    struct arena arena = {0};
    const struct node *weights = read_weights(&arena, e);
    const char *source = weights_field(weights, "source"), *seed = weights_field(weights, "seed");
    struct control *control = add(controls, CONTROL_SOURCE, "weights");
    controls->failed = e && e->weights.n && !weights;
    if (control) {
        snprintf(control->meaning, sizeof control->meaning,
                 "where the numbers come from: the lesson; random: drawn, in any size; glass: words that can be read, "
                 "weights drawn; identity: every weight passes on what it gets");
        control->info = (struct setting_info){.kind = SETTING_CHOICE, .initial = "lesson", .choices = sources};
        control_value(control, source ? source : "lesson", "lesson");
    }
    control = seed ? add(controls, CONTROL_SEED, "weights_seed") : NULL;
    if (control) {
        snprintf(control->meaning, sizeof control->meaning, "of weights that are drawn: another one gives other weights");
        control->info = (struct setting_info){.kind = SETTING_WHOLE, .initial = "1", .min = 0, .max = 2147483647};
        control_value(control, seed, "1");
        struct sizes sizes;
        learn_sizes(lesson, &sizes);
        /* Without a second sequence its rows are the first's. */
        bool memory = tape_find(&lesson->tape, "memory") >= 0;
        for (size_t i = 0; i < sizes.n; i++)
            if (is_free(sizes.v[i].name) && sizes.v[i].n && (memory || strcmp(sizes.v[i].name, "d_memory") != 0))
                add_size(controls, &sizes.v[i], weights);
    }
    arena_finish(&arena);
}

static void add_mechanism(struct controls *controls, const struct lesson *lesson)
{
    static const char *names[MECHANISMS_MAX + 1];
    for (size_t i = 0; i < MECHANISMS_MAX && mechanism_table[i]; i++)
        names[i] = mechanism_table[i]->name;
    struct control *control = add(controls, CONTROL_MECHANISM, "mechanism");
    if (!control)
        return;
    snprintf(control->meaning, sizeof control->meaning, "%s: %s", lesson->mechanism->name, lesson->mechanism->summary);
    control->info = (struct setting_info){.kind = SETTING_CHOICE, .initial = names[0], .choices = names};
    control_value(control, lesson->mechanism->name, lesson->written->name);
}

/* ---- settings ---- */

/* Of "who may look: causal: nobody looks ahead; window:W: at most W away. All ..." what is said about one choice. */
static void item_meaning(const struct setting_info *info, const char *choice, char ret[CONTROL_MEANING])
{
    char mark[64];
    snprintf(mark, sizeof mark, "%s: ", choice);
    const char *said = strstr(info->meaning, mark), *end = said ? said + strcspn(said, ";.") : NULL;
    if (!said || said == info->meaning) {
        snprintf(ret, CONTROL_MEANING, "%s", info->meaning);
        return;
    }
    said += strlen(mark);
    snprintf(ret, CONTROL_MEANING, "%.*s: %.*s", (int)strcspn(info->meaning, ":"), info->meaning, (int)(end - said), said);
}

/* How many numbers a choice takes. */
static int parts_of(const char *choice)
{
    int n = 0;
    for (; *choice; choice++)
        n += *choice == ':';
    return n;
}

static void item_name(const struct setting_info *info, const char *choice, char ret[CONTROL_NAME])
{
    snprintf(ret, CONTROL_NAME, "%s.%.*s", info->name, (int)strcspn(choice, ":"), choice);
}

static const char *item_value(const struct settings *s, const struct setting_info *info, const char *choice, int part,
                              char ret[24])
{
    double numbers[2] = {0};
    char word[48];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(choice, ":"), choice);
    if (!settings_list_has(s, info->name, word, numbers))
        return "off";
    if (parts_of(choice) == 0)
        return "on";
    snprintf(ret, 24, "%.10g", numbers[part]);
    return ret;
}

static void add_item(struct controls *controls, const struct settings *now, const struct settings *own, size_t row, int item,
                     int part)
{
    const struct setting_info *info = &now->info[row];
    const char *choice = info->choices[item], *value;
    char name[CONTROL_NAME], text[24], own_text[24];
    item_name(info, choice, name);
    value = item_value(now, info, choice, part, text);
    if (part > 0 && strcmp(value, "off") == 0)
        return; /* its second number is there when it is on */
    struct control *control = add(controls, CONTROL_ITEM, name);
    if (!control)
        return;
    if (part > 0)
        snprintf(control->name, sizeof control->name, "%.30s.seed", name);
    control->setting = row;
    control->item = item;
    control->part = part;
    item_meaning(info, choice, control->meaning);
    if (parts_of(choice) == 0)
        control->info = (struct setting_info){.kind = SETTING_CHOICE, .initial = "off", .choices = off_on};
    else
        control->info = (struct setting_info){.kind = part ? SETTING_WHOLE : SETTING_CHOICE_OR_WHOLE,
                                           .initial = part ? "1" : "off",
                                           .choices = part ? NULL : off,
                                           .min = info->min,
                                           .max = info->max};
    const char *lessons = item_value(own, info, choice, part, own_text);
    control_value(control, value, part > 0 && strcmp(lessons, "off") == 0 ? value : lessons);
}

static void add_setting(struct controls *controls, const struct settings *now, const struct settings *own, size_t row)
{
    const struct setting_info *info = &now->info[row];
    for (int i = 0; info->kind == SETTING_LIST && info->choices[i]; i++)
        for (int part = 0; strcmp(info->choices[i], "none") != 0 && (part == 0 || part < parts_of(info->choices[i]));
             part++)
            add_item(controls, now, own, row, i, part);
    struct control *control = info->kind == SETTING_LIST ? NULL : add(controls, CONTROL_SETTING, info->name);
    if (!control)
        return;
    control->setting = row;
    control->info = *info;
    snprintf(control->meaning, sizeof control->meaning, "%s", info->meaning);
    control_value(control, now->v[row].text, own->v[row].text);
}

void controls_of(struct controls *ret, const struct lesson *lesson, const struct lesson *baseline,
              const struct overrides *overrides)
{
    ret->n = 0;
    ret->failed = false;
    add_mechanism(ret, lesson);
    add_weights(ret, lesson, overrides);
    bool alike = baseline && baseline->mechanism == lesson->mechanism;
    for (size_t i = 0; i < lesson->settings.n; i++)
        add_setting(ret, &lesson->settings, alike ? &baseline->settings : &lesson->settings, i);
}

/* ---- turning ---- */

static void print_node(const struct node *node, struct str *to);

static void print_text(const char *text, bool quoted, struct str *to)
{
    if (!quoted && text[0]) {
        str_add(to, text);
        return;
    }
    str_add(to, "\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            str_add(to, "\\");
        str_addn(to, p, 1);
    }
    str_add(to, "\"");
}

/* " name: value", with a comma where something is before it. */
static void print_field(const struct node *field, struct str *to)
{
    print_text(field->key->text, field->key->quoted, to);
    str_add(to, ": ");
    print_node(field, to);
}

static void print_node(const struct node *node, struct str *to)
{
    if (node->kind == NODE_TEXT) {
        print_text(node->text, node->quoted, to);
        return;
    }
    str_add(to, node->kind == NODE_LIST ? "[" : "{");
    for (const struct node *item = node->first; item; item = item->next) {
        str_add(to, item == node->first ? "" : ", ");
        if (node->kind == NODE_LIST)
            print_node(item, to);
        else
            print_field(item, to);
    }
    str_add(to, node->kind == NODE_LIST ? "]" : "}");
}

/* The weights as they were chosen, with one field said otherwise or (NULL) not at all. */
static struct qkv_err turn_field(const char *name, const char *value, struct overrides *e)
{
    struct arena arena = {0};
    struct str text = {0};
    const struct node *weights = read_weights(&arena, e);
    bool there = false;
    for (const struct node *field = weights ? weights->first : NULL; field; field = field->next) {
        bool it = strcmp(field->key->text, name) == 0;
        there = there || it;
        if (it && !value)
            continue;
        str_add(&text, text.n ? ", " : "{");
        if (it)
            str_addf(&text, "%s: %s", name, value);
        else
            print_field(field, &text);
    }
    if (!there && value)
        str_addf(&text, "%s%s: %s", text.n ? ", " : "{", name, value);
    str_add(&text, "}");
    struct qkv_err err = weights && !text.failed ? overrides_draw(e, text.v) : qkv_nomem("the weights");
    str_finish(&text);
    arena_finish(&arena);
    return err;
}

/* The list with one of its items, or one of an item's numbers, said otherwise. */
static void print_list(const struct control *control, const struct setting *v, const struct settings *now, struct str *to)
{
    const struct setting_info *info = &now->info[control->setting];
    for (int i = 0; info->choices[i]; i++) {
        char word[48];
        double numbers[2] = {0};
        int parts = parts_of(info->choices[i]);
        bool it = i == control->item;
        snprintf(word, sizeof word, "%.*s", (int)strcspn(info->choices[i], ":"), info->choices[i]);
        bool on = strcmp(word, "none") != 0 && settings_list_has(now, info->name, word, numbers);
        if (it && control->part == 0)
            on = parts > 0 ? v->choice < 0 : v->choice == 1;
        if (it && parts > 0)
            numbers[control->part] = v->number;
        if (!on)
            continue;
        str_addf(to, "%s%s", to->n ? "," : "", word);
        for (int p = 0; p < parts; p++)
            str_addf(to, ":%.10g", numbers[p]);
    }
    if (!to->n)
        str_add(to, "none");
}

static struct qkv_err turn_setting(const struct control *control, const char *text, bool own, const struct lesson *lesson,
                                   struct overrides *e)
{
    struct settings tried = lesson->settings;
    const char *name = tried.info[control->setting].name;
    struct str list = {0};
    struct setting v = {.choice = -1};
    struct qkv_err err = parse(control, text, &v);
    if (!err.code && control->kind == CONTROL_ITEM) {
        print_list(control, &v, &lesson->settings, &list);
        text = str_text(&list);
    }
    if (!err.code && list.failed)
        err = qkv_nomem("a setting");
    if (!err.code)
        err = settings_set(&tried, name, text);
    if (!err.code && own && control->kind == CONTROL_SETTING)
        overrides_unset(e, name);
    else if (!err.code)
        err = overrides_set(e, name, text);
    str_finish(&list);
    return err;
}

/* What is set and this mechanism has not is forgotten. */
static struct qkv_err turn_mechanism(const char *name, bool own, struct overrides *e)
{
    const struct mechanism *m = mechanism_find(name);
    const struct settings settings = settings_default(m->settings, m->n_settings);
    for (size_t i = e->n_set; i-- > 0;) {
        char key[64];
        snprintf(key, sizeof key, "%.*s", (int)strcspn(e->set[i], "="), e->set[i]);
        if (!settings_find(&settings, key))
            overrides_unset(e, key);
    }
    return overrides_compute(e, own ? "" : name);
}

/* A list is as the lesson has it when every item of it is. */
static bool others_are_own(const struct controls *controls, size_t at)
{
    bool own = true;
    for (size_t i = 0; i < controls->n; i++)
        own = own && (i == at || controls->v[i].kind != CONTROL_ITEM || controls->v[i].setting != controls->v[at].setting ||
                      !controls->v[i].changed);
    return own;
}

struct qkv_err control_turn(const struct controls *controls, size_t at, const char *text, const struct lesson *lesson,
                         struct overrides *e)
{
    const struct control *control = &controls->v[at];
    struct setting v = {.choice = -1}, was = {.choice = -1};
    bool back = text == NULL;
    const char *to = back ? control->own : text;
    struct qkv_err err = to[0] ? parse(control, to, &v) : (struct qkv_err){0};
    if (err.code)
        return err;
    bool own = back || (control->own[0] && !parse(control, control->own, &was).code && same_value(&v, &was));
    switch (control->kind) {
    case CONTROL_MECHANISM:
        return turn_mechanism(v.text, own, e);
    case CONTROL_SOURCE:
        return overrides_draw(e, source_texts[v.choice]);
    case CONTROL_SEED:
        return turn_field("seed", v.text, e);
    case CONTROL_SIZE:
        return turn_field(control->name, back ? NULL : v.text, e);
    case CONTROL_SETTING:
        return turn_setting(control, to, own, lesson, e);
    case CONTROL_ITEM:
        if (own && others_are_own(controls, at)) {
            overrides_unset(e, lesson->settings.info[control->setting].name);
            return (struct qkv_err){0};
        }
        return turn_setting(control, to, own, lesson, e);
    }
    return err;
}
