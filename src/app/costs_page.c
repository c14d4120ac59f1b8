/* costs_page.c: what can be asked on the page of costs, and its times as text. */
#include "app/app_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void costs_measure(struct app *app, UNUSED int argument)
{
    struct ask ask = {.use = ASK_TIMES,
                      .width = cost_width_table[COST_WIDTH_USUAL + app->state.costs.width_offset],
                      .lengths = app->host.measures};
    if (app->state.page != PAGE_COSTS)
        page_toggle(app, PAGE_COSTS);
    if (!app->host.measures)
        app_say(app, "Time is measured in the window only.");
    else
        change_measure(app, &ask);
}

void costs_point(struct app *app, int argument)
{
    if (argument >= 0)
        app->state.costs.shorter = UNTAPED_LENGTHS - 1 - argument % UNTAPED_LENGTHS;
}

bool costs_arrow(struct app *app, int down)
{
    if (app->state.page != PAGE_COSTS)
        return false;
    app->animation.playing = false;
    state_turn(&app->state, "length", down, false);
    return true;
}

/* ---- times as the value of a key: "64:2.4e-06,9.1e-06,...;..." ---- */

static void add_time(float seconds, struct str *to)
{
    if (seconds == UNTAPED_TOO_LARGE)
        str_add(to, "large");
    else if (seconds == UNTAPED_TOO_LONG)
        str_add(to, "long");
    else
        str_addf(to, "%.4g", (double)seconds);
}

bool key_print_times(const struct view *v, struct str *to)
{
    const struct untaped_times *t = &v->state->costs.times;
    str_addf(to, "%zu", t->d);
    for (int way = 0; way < UNTAPED_COUNT; way++)
        for (int i = 0; i < UNTAPED_LENGTHS; i++) {
            str_add(to, i ? "," : way ? ";" : ":");
            add_time(t->seconds[way][i], to);
        }
    return t->d > 0;
}

/* A time from 0 to a day; NULL: it is none. */
static const char *read_time(const char *text, float *ret)
{
    const double most = 86400;
    char *end;
    if (strncmp(text, "large", 5) == 0) {
        *ret = UNTAPED_TOO_LARGE;
        return text + 5;
    }
    if (strncmp(text, "long", 4) == 0) {
        *ret = UNTAPED_TOO_LONG;
        return text + 4;
    }
    if (*text < '0' || *text > '9')
        return NULL;
    *ret = strtof(text, &end);
    return (double)*ret >= 0 && (double)*ret <= most && (*ret == 0 || *ret >= 1e-9f) ? end : NULL;
}

struct qkv_err key_read_times(struct reading *r, const char *text)
{
    struct untaped_times times = {0};
    const char *at = text;
    bool known = false;
    char width[8];
    size_t n = strspn(text, "0123456789");
    snprintf(width, sizeof width, "%.*s", (int)(n < 7 ? n : 7), text);
    read_count(width, &times.d);
    for (size_t i = 0; i < COST_WIDTHS; i++)
        known = known || times.d == cost_width_table[i];
    at = known && n ? text + n : NULL;
    for (int way = 0; at && way < UNTAPED_COUNT; way++)
        for (int i = 0; at && i < UNTAPED_LENGTHS; i++)
            at = *at == (i ? ',' : way ? ';' : ':') ? read_time(at + 1, &times.seconds[way][i]) : NULL;
    if (!at || *at)
        return qkv_errf(QKV_ERR_SYNTAX,
                        "wants a width (16, 64 or 256), a colon, and %d groups of %d seconds, not '%.60s'",
                        UNTAPED_COUNT, UNTAPED_LENGTHS, text);
    r->state.costs.times = times;
    return (struct qkv_err){0};
}
