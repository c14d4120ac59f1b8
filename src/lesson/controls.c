#include "lesson/controls.h"

#include "lesson/inputs/inputs.h"
#include "lesson/inputs/weights.h"
#include "lesson/language/language.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const off[] = {"off", NULL}, *const off_on[] = {"off", "on", NULL};
/* Sources that need nothing but a seed. */
static const char *const sources[WEIGHTS_IDENTITY + 2] = {"lesson", "random", "glass", "identity"};

/* Read a value by a control's row of its own. */
static struct qkv_err parse(const struct control *control, const char *text, struct setting *ret)
{
    struct settings one = {.info = &control->info, .n = 1};
    struct qkv_err err = settings_set(&one, control->name, text);
    if (!err.code)
        *ret = one.v[0];
    return err;
}

static struct setting word(const char *text, int choice)
{
    struct setting v = {.choice = choice};
    snprintf(v.text, sizeof v.text, "%s", text);
    return v;
}

static struct setting number(double n)
{
    struct setting v = {.choice = -1, .number = n};
    snprintf(v.text, sizeof v.text, "%.10g", n);
    return v;
}

static bool same_value(const struct setting *a, const struct setting *b)
{
    return a->choice == b->choice && (a->choice >= 0 || a->number == b->number);
}

/* A row to fill. */
static struct control *add(struct controls *controls, enum control_kind kind, const char *name)
{
    assert(controls->n < CONTROLS_MAX); /* as many as the tables of the mechanism with most settings make, and more */
    struct control *control = &controls->v[controls->n++];
    *control = (struct control){.kind = kind};
    snprintf(control->name, sizeof control->name, "%s", name);
    return control;
}

/* The row knows all but its value. own: with an empty text, the lesson has none. */
static void set_value(struct control *control, struct setting now, struct setting own)
{
    control->info.name = control->name;
    control->now = now;
    control->own = own;
    control->changed = !own.text[0] || !same_value(&now, &own);
}

int controls_find(const struct controls *controls, const char *name)
{
    for (size_t i = 0; i < controls->n; i++)
        if (strcmp(controls->v[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* "before: text"; `before` may be "". */
static void set_meaning(const struct controls *controls, struct control *control, const struct lesson *lesson,
                        const char *before, const char *text)
{
    struct str says = {0};
    language_add(lesson, before, controls->columns, &says);
    str_add(&says, before[0] ? ": " : "");
    language_add(lesson, text, controls->columns, &says);
    snprintf(control->meaning, sizeof control->meaning, "%s", str_text(&says));
    str_finish(&says);
}

/* ---- where the numbers come from ---- */

static struct control *add_described(struct controls *controls, const struct lesson *lesson, enum control_kind kind,
                                     const char *name, const char *meaning, const struct setting_info *info)
{
    struct control *control = add(controls, kind, name);
    set_meaning(controls, control, lesson, "",
                language_setting(lesson->language, lesson->mechanism, meaning, "meaning"));
    control->info = *info;
    return control;
}

static void add_weights(struct controls *controls, const struct lesson *lesson)
{
    static const struct setting_info of_source = {.kind = SETTING_CHOICE, .initial = "lesson", .choices = sources},
                                     of_seed = {.kind = SETTING_WHOLE, .initial = "1", .max = SEED_MAX},
                                     of_size = {.kind = SETTING_WHOLE, .initial = "4", .min = 1, .max = SIDE_MAX};
    const struct weights_choice *chosen = lesson->chosen;
    const enum weights_source source = chosen ? chosen->source : WEIGHTS_LESSON;
    set_value(add_described(controls, lesson, CONTROL_SOURCE, "weights", "weights", &of_source),
              word(weights_source_names[source], source <= WEIGHTS_IDENTITY ? (int)source : -1),
              word(sources[WEIGHTS_LESSON], WEIGHTS_LESSON));
    if (chosen ? !chosen->seeded : lesson->seed < 0)
        return;
    set_value(add_described(controls, lesson, CONTROL_SEED, "weights_seed", "weights_seed", &of_seed),
              number((double)(chosen ? chosen->seed : lesson->seed)),
              number(chosen ? 1 : (double)lesson->written_seed));
    const struct weights_choice *sized = chosen ? chosen : lesson->redrawn;
    /* Without a second sequence its rows are the first's. */
    const bool memory = tape_find(&lesson->tape, "memory") >= 0;
    for (enum size_id id = 0; lesson->sizes && id < SIZE_COUNT; id++) {
        const struct size *size = &lesson->sizes->v[id];
        if (!(chosen ? size_is_open(id) || size->open : size->open) || !size->used || !size->n ||
            (id == SIZE_D_MEMORY && !memory))
            continue;
        const char *own = language_setting(lesson->language, lesson->mechanism, size_name(id), "meaning");
        struct control *control =
            add_described(controls, lesson, CONTROL_SIZE, size_name(id), own[0] ? size_name(id) : "size", &of_size);
        set_value(control, number((double)size->n), word("", -1));
        control->changed = sized && sized->size[id] != 0;
    }
}

static void add_mechanism(struct controls *controls, const struct lesson *lesson)
{
    const char *const *names = mechanism_names;
    int now = 0, own = 0;
    for (int i = 0; mechanism_table[i]; i++) {
        now = mechanism_table[i] == lesson->mechanism ? i : now;
        own = mechanism_table[i] == lesson->written ? i : own;
    }
    struct control *control = add(controls, CONTROL_MECHANISM, "mechanism");
    set_meaning(controls, control, lesson, language_mechanism(lesson->language, lesson->mechanism),
                language_summary(lesson->language, lesson->mechanism));
    control->info = (struct setting_info){.kind = SETTING_CHOICE, .initial = names[0], .choices = names};
    set_value(control, word(names[now], now), word(names[own], own));
}

/* ---- settings ---- */

/* How many numbers a choice takes. */
static int parts_of(const char *choice)
{
    int n = 0;
    for (; *choice; choice++)
        n += *choice == ':';
    return n;
}

/* "window" of "window:W". */
enum { WORD_TEXT = 30 };
static const char *word_of(const char *choice, char buffer[WORD_TEXT])
{
    snprintf(buffer, WORD_TEXT, "%.*s", (int)strcspn(choice, ":"), choice);
    return buffer;
}

static struct setting item_value(const struct settings *s, const struct setting_info *info, const char *choice,
                                 int part)
{
    double numbers[2] = {0};
    char name[WORD_TEXT];
    if (!settings_list_has(s, info->name, word_of(choice, name), numbers))
        return word("off", 0);
    return parts_of(choice) == 0 ? word("on", 1) : number(numbers[part]);
}

static void add_item(struct controls *controls, const struct lesson *lesson, const struct settings *own, size_t row,
                     int item, int part)
{
    const struct settings *now = &lesson->settings;
    const struct setting_info *info = &now->info[row];
    const char *choice = info->choices[item];
    const struct setting value = item_value(now, info, choice, part), lessons = item_value(own, info, choice, part);
    char name[WORD_TEXT];
    if (part > 0 && value.choice == 0)
        return; /* its second number is there when it is on */
    struct control *control = add(controls, CONTROL_ITEM, "");
    snprintf(control->name, sizeof control->name, "%s.%s%s", info->name, word_of(choice, name), part ? ".seed" : "");
    control->setting = row;
    control->item = item;
    control->part = part;
    set_meaning(controls, control, lesson, language_setting(lesson->language, lesson->mechanism, info->name, "meaning"),
                language_choice(lesson->language, lesson->mechanism, info->name, choice, "tip"));
    if (parts_of(choice) == 0)
        control->info = (struct setting_info){.kind = SETTING_CHOICE, .initial = "off", .choices = off_on};
    else
        control->info = (struct setting_info){.kind = part ? SETTING_WHOLE : SETTING_CHOICE_OR_WHOLE,
                                              .initial = part ? "1" : "off",
                                              .choices = part ? NULL : off,
                                              .min = info->min,
                                              .max = info->max};
    set_value(control, value, part > 0 && lessons.choice == 0 ? value : lessons);
}

static void add_setting(struct controls *controls, const struct lesson *lesson, const struct settings *own, size_t row)
{
    const struct settings *now = &lesson->settings;
    const struct setting_info *info = &now->info[row];
    for (int i = 0; info->kind == SETTING_LIST && info->choices[i]; i++)
        for (int part = 0; strcmp(info->choices[i], "none") != 0 && (part == 0 || part < parts_of(info->choices[i]));
             part++)
            add_item(controls, lesson, own, row, i, part);
    if (info->kind == SETTING_LIST)
        return;
    struct control *control = add_described(controls, lesson, CONTROL_SETTING, info->name, info->name, info);
    control->setting = row;
    set_value(control, now->v[row], own->v[row]);
}

void controls_of(struct controls *ret, const struct lesson *lesson, const struct lesson *baseline, bool columns)
{
    ret->n = 0;
    ret->columns = columns;
    add_mechanism(ret, lesson);
    add_weights(ret, lesson);
    bool alike = baseline && baseline->mechanism == lesson->mechanism;
    for (size_t i = 0; i < lesson->settings.n; i++)
        add_setting(ret, lesson, alike ? &baseline->settings : &lesson->settings, i);
    for (size_t i = 0; i < ret->n; i++)
        control_name(&ret->v[i], lesson, columns);
}

/* ---- setting ---- */

static struct qkv_err put_weights(const struct weights_choice *choice, const char *rest, struct overrides *e)
{
    struct str text = {0};
    bool own = choice->source == WEIGHTS_LESSON && !choice->seeded;
    for (enum size_id id = 0; own && id < SIZE_COUNT; id++)
        own = choice->size[id] == 0;
    if (!own)
        weights_choice_print(choice, rest, &text);
    struct qkv_err err = text.failed ? qkv_nomem("the weights") : overrides_set_weights(e, str_text(&text));
    str_finish(&text);
    return err;
}

/* The weights as they were chosen, with another seed or size; size 0: none is chosen. */
static struct qkv_err set_weights(const struct control *control, long n, struct overrides *e)
{
    struct weights_choice choice = {0};
    struct str rest = {0};
    struct qkv_err err = e->weights ? weights_choice_read(e->weights, &choice, &rest) : (struct qkv_err){0};
    if (control->kind == CONTROL_SEED) {
        choice.seed = n;
        choice.seeded = choice.source != WEIGHTS_LESSON || (double)n != control->own.number;
    } else
        choice.size[size_find(control->name)] = (size_t)n;
    if (!err.code)
        err = put_weights(&choice, str_text(&rest), e);
    str_finish(&rest);
    return err;
}

/* The list with one of its items, or one of an item's numbers, replaced. */
static void print_list(const struct control *control, const struct setting *v, const struct settings *now,
                       struct str *to)
{
    const struct setting_info *info = &now->info[control->setting];
    for (int i = 0; info->choices[i]; i++) {
        char word[WORD_TEXT];
        double numbers[2] = {0};
        int parts = parts_of(info->choices[i]);
        bool it = i == control->item;
        bool on =
            settings_list_has(now, info->name, word_of(info->choices[i], word), numbers) && strcmp(word, "none") != 0;
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

static struct qkv_err set_setting(const struct control *control, const char *text, const struct lesson *lesson,
                                  struct overrides *e)
{
    struct settings tried = lesson->settings;
    const char *name = tried.info[control->setting].name;
    struct qkv_err err = settings_set(&tried, name, text);
    return err.code ? err : overrides_set(e, name, text);
}

static struct qkv_err set_item(const struct control *control, const struct setting *v, const struct lesson *lesson,
                               struct overrides *e)
{
    struct str list = {0};
    print_list(control, v, &lesson->settings, &list);
    struct qkv_err err = list.failed ? qkv_nomem("a setting") : set_setting(control, str_text(&list), lesson, e);
    str_finish(&list);
    return err;
}

/* Settings that this mechanism does not have are dropped. */
static struct qkv_err set_mechanism(const char *name, bool own, struct overrides *e)
{
    const struct mechanism *m = mechanism_find(name);
    const struct settings settings = settings_default(m->settings, m->n_settings);
    for (size_t i = e->n_set; i-- > 0;) {
        char key[SETTING_TEXT];
        if (setting_split(e->set[i], key) && !settings_find(&settings, key))
            overrides_unset(e, key);
    }
    return overrides_set_mechanism(e, own ? "" : name);
}

/* A list is as the lesson has it when every item of it is; another setting has no items. */
static bool others_are_own(const struct controls *controls, size_t at)
{
    bool own = true;
    for (size_t i = 0; i < controls->n; i++)
        own = own && (i == at || controls->v[i].kind != CONTROL_ITEM ||
                      controls->v[i].setting != controls->v[at].setting || !controls->v[i].changed);
    return own;
}

struct qkv_err control_set(const struct controls *controls, size_t at, const char *text, const struct lesson *lesson,
                           struct overrides *e)
{
    const struct control *control = &controls->v[at];
    bool back = text == NULL;
    const char *to = back ? control->own.text : text;
    struct setting v = {.choice = -1};
    struct qkv_err err = to[0] ? parse(control, to, &v) : (struct qkv_err){0};
    if (err.code)
        return err;
    bool own = back || same_value(&v, &control->own);
    switch (control->kind) {
    case CONTROL_MECHANISM:
        return set_mechanism(v.text, own, e);
    case CONTROL_SOURCE:
        /* With what this source cannot do without. */
        return put_weights(
            &(struct weights_choice){.source = (enum weights_source)v.choice,
                                     .seeded = v.choice != WEIGHTS_IDENTITY && v.choice != WEIGHTS_LESSON,
                                     .seed = 1},
            "", e);
    case CONTROL_SEED:
        return set_weights(control, (long)v.number, e);
    case CONTROL_SIZE:
        return set_weights(control, back ? 0 : (long)v.number, e);
    case CONTROL_SETTING:
    case CONTROL_ITEM:
        if (!own || !others_are_own(controls, at))
            return control->kind == CONTROL_ITEM ? set_item(control, &v, lesson, e)
                                                 : set_setting(control, to, lesson, e);
        overrides_unset(e, lesson->settings.info[control->setting].name);
    }
    return err;
}
