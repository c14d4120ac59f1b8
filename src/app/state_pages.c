/* state_pages.c: words of a state line about what else is on the page, and about the screen. */
#include "app/state_words.h"

#include "app/parts.h"

#include <stdio.h>

/* "panel=settings focus=mask.window": what stands in the place of the words, and the row in focus, but the first. */
static void print_panel(const struct view *view, struct str *to)
{
    struct controls controls;
    if (!view->state->settings.on)
        return;
    size_t at = view_controls(view, &controls);
    str_add(to, " panel=settings");
    if (at > 0)
        word_print(to, "focus", controls.v[at].name);
}

/* What the page of heads and the microscope show; the words in the order of the sentence. */
static void print_heads(const struct app *app, struct str *to)
{
    const struct heads_view *heads = &app->state.heads;
    const char *before = " words=";
    if (heads->word > 0)
        str_addf(to, " word=%zu", heads->word);
    for (size_t i = 0; i < WORDS_MAX; i++)
        if (view_word_is_kept(&app->view, i)) {
            str_addf(to, "%s%zu", before, i + 1);
            before = ",";
        }
    str_add(to, heads->all ? " lines=all" : "");
    if (heads->column > 0)
        str_addf(to, " column=%zu", heads->column + 1);
    const struct microscope_view *m = &app->state.microscope;
    if (m->warmer != 0)
        str_addf(to, " temperature=%g", temperature_table[TEMPERATURE_NORMAL + m->warmer]);
    if (m->factor != 0)
        str_addf(to, " factor=%g", factor_table[m->factor]);
    str_add(to, m->raw ? " maximum=no" : "");
}

static bool read_word(struct reading *r, const char *text)
{
    return read_number(text, &r->state.heads.word) && r->state.heads.word >= 1 && r->state.heads.word <= WORDS_MAX;
}

static bool read_words(struct reading *r, const char *text)
{
    while (*text) {
        char digits[16];
        size_t n = strcspn(text, ","), word;
        snprintf(digits, sizeof digits, "%.*s", (int)n, text);
        if (n >= sizeof digits || !read_number(digits, &word) || word < 1 || word > WORDS_MAX)
            return false;
        r->state.heads.kept[(word - 1) / 64] |= (uint64_t)1 << (word - 1) % 64;
        text += n + (text[n] == ',');
    }
    return true;
}

static bool read_lines(struct reading *r, const char *text)
{
    r->state.heads.all = strcmp(text, "all") == 0;
    return r->state.heads.all || strcmp(text, "one") == 0;
}

static bool read_column(struct reading *r, const char *text)
{
    return read_number(text, &r->state.heads.column) && r->state.heads.column-- >= 1 &&
           r->state.heads.column < TENSOR_SIDE_MAX;
}

/* Which of n numbers is written like this, or -1. */
static int find_number(const char *text, const double numbers[], int n)
{
    char written[32];
    for (int i = 0; i < n; i++) {
        snprintf(written, sizeof written, "%g", numbers[i]);
        if (strcmp(written, text) == 0)
            return i;
    }
    return -1;
}

static bool read_temperature(struct reading *r, const char *text)
{
    int at = find_number(text, temperature_table, TEMPERATURE_COUNT);
    r->state.microscope.warmer = at < 0 ? 0 : at - TEMPERATURE_NORMAL;
    return at >= 0;
}

static bool read_factor(struct reading *r, const char *text)
{
    int at = find_number(text, factor_table, FACTOR_COUNT);
    r->state.microscope.factor = at < 0 ? 0 : at;
    return at >= 0;
}

void screen_print(const struct app *app, struct str *to)
{
    str_add(to, app->state.motion ? "" : " motion=no");
    if (app->state.speed != SPEED_NORMAL)
        str_addf(to, " speed=%d", app->state.speed + 1);
    if (app->state.scale != SCALE_NORMAL)
        str_addf(to, " scale=%d", app->state.scale);
    str_add(to, app->state.columns ? " tokens=columns" : "");
    if (app->state.theme != THEME_LIGHT)
        str_addf(to, " theme=%s", theme_table[app->state.theme].name);
}

static void print_control(const struct app *app, struct str *to)
{
    const struct widget *focus = &app->view.focus;
    if (focus->on)
        str_addf(to, " control=%s,%d", command_shown(focus->command)->name, focus->argument);
}

/* "stage,3": the control that sends this. */
static bool read_control(struct reading *r, const char *text)
{
    size_t n = strcspn(text, ",");
    if (!text[n] || sscanf(text + n + 1, "%d", &r->view.focus.argument) != 1)
        return false;
    for (int c = 0; c < CMD_COUNT; c++)
        if (strlen(command_shown(c)->name) == n && strncmp(command_shown(c)->name, text, n) == 0) {
            r->view.focus.command = c;
            return r->view.focus.on = true;
        }
    return false;
}

bool state_is_of_screen(const char *key)
{
    static const char *const keys[] = {"motion", "speed", "scale", "theme"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

static bool read_maximum(struct reading *r, const char *text)
{
    bool taken_off, known = read_flag(text, &taken_off);
    r->state.microscope.raw = known && !taken_off;
    return known;
}

static bool read_motion(struct reading *r, const char *text)
{
    return read_flag(text, &r->state.motion);
}

static bool read_speed(struct reading *r, const char *text)
{
    size_t speed;
    if (!read_number(text, &speed) || speed < 1 || speed > SPEED_COUNT)
        return false;
    r->state.speed = (int)speed - 1;
    return true;
}

static bool read_scale(struct reading *r, const char *text)
{
    size_t scale;
    if (!read_number(text, &scale) || scale < SCALE_MIN || scale > SCALE_MAX)
        return false;
    r->state.scale = (int)scale;
    return true;
}

static bool read_theme(struct reading *r, const char *text)
{
    for (int i = 0; i < THEME_COUNT; i++)
        if (strcmp(theme_table[i].name, text) == 0) {
            r->state.theme = i;
            return true;
        }
    return false;
}

static bool read_tokens(struct reading *r, const char *text)
{
    r->state.columns = strcmp(text, "columns") == 0;
    return r->state.columns || strcmp(text, "rows") == 0;
}

static bool read_page(struct reading *r, const char *text)
{
    int i = 0;
    bool known = read_name(text, page_names, &i);
    r->state.page = (enum page)i;
    return known;
}

static bool read_panel(struct reading *r, const char *text)
{
    r->state.settings.on = strcmp(text, "settings") == 0;
    return r->state.settings.on || strcmp(text, "words") == 0;
}

static bool read_focus(struct reading *r, const char *text)
{
    struct controls controls;
    controls_of(&controls, r->walk->lesson, NULL);
    snprintf(r->state.settings.focus, CONTROL_NAME, "%s", text);
    return controls_find(&controls, text) >= 0;
}

void pages_print(const struct app *app, struct str *to)
{
    print_heads(app, to);
    if (app->state.page != PAGE_WALK)
        str_addf(to, " page=%s", page_names[app->state.page]);
    print_panel(&app->view, to);
    print_control(app, to);
}

const struct state_word page_words[] = {
    {"word", read_word, "a word, from 1", "the word chosen on the page of heads and under the microscope"},
    {"words", read_words, "words, from 1: 2,5", "the words chosen besides"},
    {"lines", read_lines, "one or all", "whose lines are drawn: the head's, or those of all heads"},
    {"column", read_column, "a column of the output, from 1", "which one is taken apart into what the heads add"},
    {"temperature", read_temperature, "0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 4 or 10", "of the microscope"},
    {"factor", read_factor, "1, 10, 100 or 1000", "what the microscope takes the scores times"},
    {"maximum", read_maximum, "yes or no", "whether the microscope takes the row's largest off first"},
    {"motion", read_motion, "yes or no", "whether matrices move into their places"},
    {"speed", read_speed, "1 to 5", "of playing"},
    {"scale", read_scale, "a percentage, 70 to 250", "the size of everything drawn"},
    {"tokens", read_tokens, "rows or columns", "how a token stands; a cell's ROW,COLUMN are as on rows"},
    {"theme", read_theme, "light or dark", "the colours"},
    {"control", read_control, "CONTROL,ARGUMENT", "the control that keys have reached"},
    {"page", read_page, "walk, overview, lessons, keys, blank, heads or microscope", "what takes the page"},
    {"panel", read_panel, "words or settings", "what stands beside the matrices"},
    {"focus", read_focus, "a row of the settings", "the setting that keys turn: focus=mask.window"},
    {0},
};
