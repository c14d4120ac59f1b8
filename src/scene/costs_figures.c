/* costs_figures.c: numbers of operations, bytes and seconds as people say them, and what a point of a curve says. */
#include "scene/page_costs.h"
#include "scene/page_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Three digits: "1.45", "14.5", "145". */
static int decimals_of(double x)
{
    return x < 9.995 ? 2 : x < 99.95 ? 1 : 0;
}

/* In the largest unit that leaves at least 1 in front of the point. */
static const char *in_units(double x, double least, const char *const units[], size_t n, char buffer[FIGURE_TEXT])
{
    size_t unit = 0;
    for (x /= least; unit + 1 < n && x >= 999.5; unit++)
        x /= 1000;
    snprintf(buffer, FIGURE_TEXT, "%.*f %s", decimals_of(x), x, units[unit]);
    return buffer;
}

const char *operations_text(double operations, char buffer[FIGURE_TEXT])
{
    static const char *const units[] = {"million", "billion", "trillion"};
    return operations < 1e6 ? count_text((size_t)operations, buffer) : in_units(operations, 1e6, units, 3, buffer);
}

const char *seconds_text(double seconds, char buffer[FIGURE_TEXT])
{
    static const char *const units[] = {"ns", "µs", "ms", "s"};
    return in_units(seconds, 1e-9, units, 4, buffer);
}

/* ---- what is looked at ---- */

size_t costs_width(const struct view *view)
{
    return cost_width_table[COST_WIDTH_USUAL + view->state->costs.width_offset];
}

size_t costs_length(const struct view *view)
{
    return UNTAPED_LENGTHS - 1 - (size_t)view->state->costs.shorter;
}

const char *untaped_name(enum untaped way)
{
    static const char *const names[UNTAPED_COUNT] = {"softmax", "tiles", "window", "low rank", "linear", "cached"};
    return names[way];
}

/* ---- points ---- */

int costs_point_argument(int chart, enum untaped way, size_t length)
{
    return (chart * UNTAPED_COUNT + (int)way) * UNTAPED_LENGTHS + (int)length;
}

static void add_measured(const struct untaped_times *times, enum untaped way, size_t length, char ret[], size_t size)
{
    char text[FIGURE_TEXT];
    float seconds = times->seconds[way][length];
    if (seconds > 0)
        snprintf(ret, size, "**%s** %s", seconds_text((double)seconds, text),
                 times->here ? "measured here" : "measured earlier or elsewhere");
    else if (seconds == UNTAPED_TOO_LONG)
        snprintf(ret, size, "not measured: it would take longer than %d s", UNTAPED_SECONDS_MOST);
    else if (seconds == UNTAPED_TOO_LARGE)
        snprintf(ret, size, "not measured: that is more than %s", bytes_text(UNTAPED_BYTES_MOST, text));
    else
        snprintf(ret, size, "not measured");
}

void costs_point_tell(const struct view *view, int argument, char ret[], size_t size)
{
    size_t d = costs_width(view), length = (size_t)argument % UNTAPED_LENGTHS, n = untaped_length(length);
    enum untaped way = (enum untaped)(argument / UNTAPED_LENGTHS % UNTAPED_COUNT);
    struct untaped_times times = view->state->costs.times;
    char words[FIGURE_TEXT], operations[FIGURE_TEXT], bytes[FIGURE_TEXT], measured[120];
    if (times.d != d)
        times = (struct untaped_times){0};
    add_measured(&times, way, length, measured, sizeof measured);
    snprintf(ret, size, "**%s**, %s words: %s operations by formula; it works in %s; %s", untaped_name(way),
             count_text(n, words), operations_text(untaped_operations(way, n, d), operations),
             bytes_text(8 * untaped_work(way, n, d), bytes), measured);
}
