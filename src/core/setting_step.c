#include "core/setting_step.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The widest range that is walked in equal steps, and the ends of the numbers that are walked by 1, 2, 5. */
static const double linear_widest = 100, tiniest = 1e-12, hugest = 1e12;

bool setting_has_slider(const struct setting_info *info)
{
    return info->kind == SETTING_NUMBER || info->kind == SETTING_CHOICE_OR_NUMBER;
}

/* The ends of the slider, and how it is divided. */
struct track {
    double from, to, step;
    bool by_factors;
};

static struct track track_of(const struct setting_info *info)
{
    char *end;
    double usual = strtod(info->initial, &end), width = info->max - info->min;
    if (isfinite(width) && width <= linear_widest) {
        /* A twentieth, as a number that is easily said. */
        double step = pow(10, floor(log10(width / 20) + 1e-9));
        step *= width / 20 / step > 4 ? 5 : width / 20 / step > 1.5 ? 2 : 1;
        return (struct track){info->min, info->max, step, false};
    }
    if (info->min < 0)
        return (struct track){fmax(info->min, -1), fmin(info->max, 1), 0.05, false};
    if (end == info->initial || usual <= 0)
        usual = 1;
    return (struct track){fmax(usual / 100, info->min), fmin(usual * 100, info->max), 0, true};
}

/* The nearest of ..., 0.1, 0.2, 0.5, 1, 2, 5, 10, ... above or below. */
static double next_round(double x, int by)
{
    static const double round_numbers[] = {0.5, 1, 2, 5, 10, 20};
    const double ten = pow(10, floor(log10(x) + 1e-9)), hair = 1e-9;
    for (int i = by > 0 ? 0 : 5; i >= 0 && i < 6; i += by)
        if (by > 0 ? ten * round_numbers[i] > x * (1 + hair) : ten * round_numbers[i] < x * (1 - hair))
            return ten * round_numbers[i];
    return x;
}

static void write_number(double x, char ret[SETTING_TEXT])
{
    snprintf(ret, SETTING_TEXT, "%.10g", x + 0.0);
}

static bool step_number(const struct setting_info *info, double x, int by, char ret[SETTING_TEXT])
{
    struct track t = track_of(info);
    double next;
    if (setting_is_whole(info))
        next = floor(x) + by;
    else if (!t.by_factors)
        next = by > 0 ? (floor(x / t.step + 1e-9) + 1) * t.step : (ceil(x / t.step - 1e-9) - 1) * t.step;
    else if (x < tiniest)
        next = by > 0 ? t.from : -1;
    else
        next = next_round(x, by);
    if (t.by_factors && !setting_is_whole(info) && next < tiniest)
        next = 0; /* the end, where it is allowed */
    if (next > hugest)
        return false;
    /* The last step may be a shorter one. */
    if (!setting_allows(info, next))
        next = by > 0 ? info->max : info->min;
    if (!setting_allows(info, next) || (by > 0 ? next <= x : next >= x))
        return false;
    write_number(next, ret);
    return true;
}

void setting_first_number(const struct setting_info *info, char ret[SETTING_TEXT])
{
    char *end;
    double usual = strtod(info->initial, &end);
    if (end == info->initial || *end)
        usual = 1;
    write_number(fmin(fmax(usual, info->min), info->max), ret);
}

bool setting_step(const struct setting_info *info, const char *text, int by, char ret[SETTING_TEXT])
{
    char *end;
    int choices = 0, at = -1;
    bool takes_numbers = setting_takes_numbers(info);
    for (; info->choices && info->choices[choices]; choices++)
        if (strcmp(info->choices[choices], text) == 0)
            at = choices;
    double number = strtod(text, &end);
    if (at < 0 && takes_numbers && end != text) {
        /* Before the smallest numbers lie the choices. */
        double least = setting_has_slider(info) && choices > 0 ? track_of(info).from : -INFINITY;
        if ((by > 0 || number > least) && step_number(info, number, by, ret))
            return true;
        at = choices;
        if (by > 0)
            return false;
    }
    int next = at < 0 ? 0 : at + by;
    if (next >= 0 && next < choices)
        snprintf(ret, SETTING_TEXT, "%s", info->choices[next]);
    else if (next == choices && takes_numbers)
        setting_first_number(info, ret);
    else
        return false;
    return true;
}

double setting_place(const struct setting_info *info, double number)
{
    struct track t = track_of(info);
    double place;
    if (t.by_factors)
        place = number <= 0 ? 0 : log(number / t.from) / log(t.to / t.from);
    else
        place = (number - t.from) / (t.to - t.from);
    return fmin(fmax(place, 0), 1);
}

void setting_at_place(const struct setting_info *info, double place, char ret[SETTING_TEXT])
{
    struct track t = track_of(info);
    char digits[40];
    double x;
    place = fmin(fmax(place, 0), 1);
    if (t.by_factors) {
        snprintf(digits, sizeof digits, "%.1e", t.from * pow(t.to / t.from, place));
        x = strtod(digits, NULL);
    } else {
        x = round((t.from + (t.to - t.from) * place) / (t.step / 5)) * (t.step / 5);
    }
    write_number(fmin(fmax(x, t.from), t.to), ret);
}
