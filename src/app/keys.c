/* keys.c: the table of keys, and its fields of the view state. */
#include "app/keys.h"

#include <string.h>

static const char *const
    no_yes[] = {"no", "yes", NULL},
    *const yes_no[] = {"yes", "no", NULL}, *const one_all[] = {"one", "all", NULL},
    *const panels[] = {"words", "settings", NULL}, *const token_axes[] = {"rows", "columns", NULL},
    *const themes[] = {"light", "dark", NULL}, *const figure_sizes[] = {"beside", "large", "none", NULL},
    *const compares[] = {"stop", "no", "yes", "before", NULL}, *const factors[] = {"1", "10", "100", "1000", NULL},
    *const temperatures[] = {"0.1", "0.25", "0.5", "0.75", "1", "1.5", "2", "4", "10", NULL},
    *const widths[] = {"16", "64", "256", NULL}, *const lengths[] = {"16384", "8192", "4096", "2048", "1024", "512",
                                                                     "256",   "128",  "64",   "32",   "16",   NULL};
#define NAMES(array) (sizeof array / sizeof array[0] - 1)
_Static_assert(NAMES(themes) == THEME_COUNT, "a theme has no name");
_Static_assert(NAMES(figure_sizes) == FIGURE_SIZE_COUNT, "a size of pictures has no name");
_Static_assert(NAMES(factors) == FACTOR_COUNT, "a factor has no name");
_Static_assert(NAMES(widths) == COST_WIDTHS, "a width has no name");
_Static_assert(NAMES(lengths) == UNTAPED_LENGTHS, "a length has no name");
_Static_assert(NAMES(temperatures) == TEMPERATURE_COUNT, "a temperature has no name");

const struct view_state view_state_default = {
    .stride = STRIDE_STEP, .speed = SPEED_NORMAL, .motion = true, .scale = SCALE_NORMAL, .theme = THEME_LIGHT};

#define STATE(field)  .offset = offsetof(struct view_state, field), .bytes = sizeof view_state_default.field
#define PLACE(name)   name, KEYS_PLACE
#define SCREEN(name)  name, KEYS_SCREEN
#define OWN(function) .print = key_print_##function, .read = key_read_##function

const struct key key_table[] = {
    {.name = "lesson",
     .group = KEYS_DOCUMENT,
     .wanted = "a lesson's name, or a path",
     .meaning = "what is walked; the others are about it"},
    {"sentence", KEYS_DOCUMENT, "words, in quotes", "in place of the lesson's: sentence=\"the dogs slept\"",
     .replace = overrides_set_sentence, .offset = offsetof(struct overrides, sentence)},
    {"weights", KEYS_DOCUMENT, "as --weights has them", "in place of the lesson's", .replace = overrides_set_weights,
     .offset = offsetof(struct overrides, weights)},
    {"mechanism", KEYS_DOCUMENT, "a mechanism's name", "in place of the lesson's", .replace = overrides_set_mechanism,
     .offset = offsetof(struct overrides, mechanism)},
    {"set", KEYS_DOCUMENT, "KEY=VALUE", "a setting; as often as there are some", .repeats = true},
    {"edit", KEYS_DOCUMENT, "TENSOR,HEAD,ROW,COLUMN:NUMBER,...", "numbers of an input: edit=W_Q,1,3,2:0.5,-1",
     .repeats = true},

    /* Which step of which tape is on the page comes before what lies in it. */
    {PLACE("at"), "a step of the walk", "the step on the page, by its name: at=scores", OWN(at)},
    {PLACE("compare"), NULL, "with what the lesson is beside of, or with itself as written", STATE(compare),
     .names = compares, .read = key_read_compare},
    {PLACE("filled"), "how many of the step's cells are filled", "the step while its result is being filled",
     OWN(filled)},
    {PLACE("stop"), "which of the step's stops, from 1", "where the script stops there more than once", OWN(stop)},
    {PLACE("stride"), NULL, "how far a key leads", STATE(stride), .names = stride_names},
    {PLACE("head"), "a head, by number or name", "the head looked at; 2! where the stop names another", OWN(head)},
    {PLACE("cell"), "STEP,HEAD,ROW,COLUMN, from 1", "the cell pointed at: cell=scores,1,5,2 or cell=scores,it,the#2",
     OWN(cell)},
    {PLACE("zoom"), "ROW,ROWS,COLUMN,COLUMNS of the step",
     "the part shown: first row, how many, first column, how many", OWN(zoom)},
    {PLACE("row-zoom"), "FIRST,HOW MANY,OF,words or others",
     "the part of rows of other matrices that long, kept from a step before", OWN(row_zoom)},
    {PLACE("col-zoom"), "FIRST,HOW MANY,OF,words or others", "the same of columns", OWN(col_zoom)},
    {PLACE("pinned"), NULL, "its arithmetic stays where it is", STATE(pinned), .names = no_yes},
    {PLACE("unfolded"), NULL, "its arithmetic with every term", STATE(unfolded), .names = no_yes},
    {PLACE("read"), NULL, "how far words too long for the page are scrolled: their first line", STATE(read_from),
     .most = TENSOR_SIDE_MAX},
    {PLACE("word"), "a word, or its number from 1", "the word chosen on the page of heads and under the microscope",
     OWN(word)},
    {PLACE("words"), "words, or their numbers: 2,5", "the words chosen besides", OWN(words)},
    {PLACE("lines"), NULL, "whose lines are drawn: the head's, or those of all heads", STATE(heads.all),
     .names = one_all},
    {PLACE("column"), NULL, "the column of the output that is taken apart into what the heads add", STATE(heads.column),
     .shift = 1, .most = TENSOR_SIDE_MAX},
    {PLACE("temperature"), NULL, "of the microscope", STATE(microscope.temperature_offset), .names = temperatures,
     .shift = TEMPERATURE_NORMAL},
    {PLACE("factor"), NULL, "what the microscope takes the scores times", STATE(microscope.factor), .names = factors},
    {PLACE("maximum"), NULL, "whether the microscope takes the row's largest off first", STATE(microscope.raw),
     .names = yes_no},
    {PLACE("width"), NULL, "of queries and keys, on the page of costs", STATE(costs.width_offset), .names = widths,
     .shift = COST_WIDTH_USUAL},
    {PLACE("length"), "16, 32, 64, ... 16384", "the length of text looked at on the page of costs",
     STATE(costs.shorter), .names = lengths},
    {PLACE("picture"), NULL, "of the idea, where the stop has one: beside the matrices, in their place, or none",
     STATE(figure), .names = figure_sizes},
    {PLACE("page"), NULL, "what takes the page", STATE(page), .names = page_names},
    {PLACE("panel"), NULL, "what stands beside the matrices", STATE(settings.on), .names = panels},
    {PLACE("focus"), "a row of the settings", "the setting that keys turn: focus=mask.window", OWN(focus)},
    {PLACE("control"), "CONTROL,ARGUMENT", "the control that keys have reached", OWN(control)},

    {SCREEN("motion"), NULL, "whether matrices move into their places", STATE(motion), .names = no_yes},
    {SCREEN("speed"), NULL, "of playing", STATE(speed), .shift = 1, .most = SPEED_COUNT},
    {SCREEN("scale"), NULL, "the size of everything drawn, in percent", STATE(scale), .least = SCALE_MIN,
     .most = SCALE_MAX},
    {SCREEN("tokens"), NULL, "how a token stands; a cell's ROW,COLUMN are as on rows", STATE(columns),
     .names = token_axes},
    {SCREEN("theme"), NULL, "the colours", STATE(theme), .names = themes},
    {SCREEN("times"), "WIDTH:SECONDS,...;...", "what was measured on the page of costs; long or large: what was not",
     OWN(times)},
};
_Static_assert(sizeof key_table / sizeof key_table[0] == KEY_COUNT, "KEY_COUNT is the number of rows");

/* What is written for the first of a field's values, and how many they are. */
static long field_values(const struct key *k, long *ret_n)
{
    long first = k->names ? 0 : k->least > k->shift ? k->least : k->shift, n = 0;
    while (k->names && k->names[n])
        n++;
    *ret_n = k->names ? n : k->most - first + 1;
    return first;
}

/* "light or dark", "1 to 5" */
static void add_wanted(const struct key *k, struct str *to)
{
    long n;
    if (k->wanted)
        str_add(to, k->wanted);
    else if (!k->names)
        str_addf(to, "%ld to %ld", field_values(k, &n), k->most);
    for (size_t i = 0; !k->wanted && k->names && k->names[i]; i++)
        str_addf(to, "%s%s", i == 0 ? "" : k->names[i + 1] ? ", " : " or ", k->names[i]);
}

void keys_explain(struct str *to)
{
    struct str wanted = {0};
    for (size_t i = 0; i < KEY_COUNT; i++) {
        str_clear(&wanted);
        add_wanted(&key_table[i], &wanted);
        str_addf(to, "  %-11s %-40s %s\n", key_table[i].name, str_text(&wanted), key_table[i].meaning);
    }
    str_finish(&wanted);
}

bool read_count(const char *text, size_t *ret)
{
    size_t n = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9' && n <= 100000000; p++)
        n = n * 10 + (size_t)(*p - '0');
    *ret = n;
    return p > text && !*p;
}

int key_find(const char *name)
{
    for (int i = 0; i < KEY_COUNT; i++)
        if (strcmp(key_table[i].name, name) == 0)
            return i;
    return -1;
}

/* ---- fields of the view state ---- */

static long get(const struct key *k, const struct view_state *state)
{
    const char *field = (const char *)state + k->offset;
    size_t whole = 0;
    int number = 0;
    if (k->bytes == sizeof(bool))
        return *(const bool *)field;
    if (k->bytes == sizeof(size_t))
        return memcpy(&whole, field, sizeof whole), (long)whole;
    return memcpy(&number, field, sizeof number), number;
}

static void put(const struct key *k, struct view_state *state, long value)
{
    char *field = (char *)state + k->offset;
    size_t whole = (size_t)value;
    int number = (int)value;
    if (k->bytes == sizeof(bool))
        *(bool *)field = value;
    else
        memcpy(field, k->bytes == sizeof whole ? (void *)&whole : (void *)&number, k->bytes);
}

void state_choose(struct view_state *state, const char *key, long value)
{
    const struct key *k = &key_table[key_find(key)];
    long n, first = field_values(k, &n);
    if (value >= 0 && value < n)
        put(k, state, first + value - k->shift);
}

void state_turn(struct view_state *state, const char *key, long by, bool around)
{
    const struct key *k = &key_table[key_find(key)];
    long n, first = field_values(k, &n), value = get(k, state) + k->shift - first + by;
    state_choose(state, key, around ? (value + n) % n : value < 0 ? 0 : value < n ? value : n - 1);
}

static struct qkv_err read_field(const struct key *k, const char *text, struct view_state *ret)
{
    size_t number = 0;
    long n, first = field_values(k, &n);
    bool found = !k->names && read_count(text, &number);
    for (long i = 0; k->names && i < n && !found; i++)
        if ((found = strcmp(k->names[i], text) == 0))
            number = (size_t)i;
    if (found && (long)number >= first && (long)number - first < n) {
        put(k, ret, (long)number - k->shift);
        return (struct qkv_err){0};
    }
    struct str wanted = {0};
    add_wanted(k, &wanted);
    struct hint near = hint_near(text, k->names, k->names ? (size_t)n : 0);
    struct qkv_err err =
        qkv_errf(QKV_ERR_SYNTAX, "wants %s, not '%.60s'%s", str_text(&wanted), text, near.meant ? near.text : "");
    str_finish(&wanted);
    return err;
}

struct qkv_err key_read(const struct key *k, struct reading *r, const char *text)
{
    struct qkv_err err = k->bytes ? read_field(k, text, &r->state) : (struct qkv_err){0};
    return !err.code && k->read ? k->read(r, text) : err;
}

struct qkv_err key_read_alone(const struct key *k, const char *text, struct view_state *ret)
{
    struct reading r = {.state = *ret};
    struct qkv_err err = key_read(k, &r, text);
    if (!err.code)
        *ret = r.state;
    return err;
}

bool key_print(const struct key *k, const struct view *view, struct str *to)
{
    if (k->print)
        return k->print(view, to);
    if (k->replace) {
        const char *text = *(const char *const *)(const void *)((const char *)view->overrides + k->offset);
        str_add(to, text ? text : "");
        return text != NULL;
    }
    long value = k->bytes ? get(k, view->state) : 0;
    if (!k->bytes || value == get(k, &view_state_default))
        return false;
    if (k->names)
        str_add(to, k->names[value + k->shift]);
    else
        str_addf(to, "%ld", value + k->shift);
    return true;
}
