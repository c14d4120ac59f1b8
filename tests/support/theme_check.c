#include "support/theme_check.h"

#include "support/colour_eyes.h"

#include <stdio.h>

/* Two colours that no page may mistake for each other, and what they are. */
struct pair {
    const char *what[2];
    size_t number[2];
    struct colour a, b;
};

static bool is_apart(const struct theme *t, const struct pair *p, double least, enum eyes eyes, char why[160])
{
    double is = colour_distance(p->a, p->b, eyes);
    if (is < least)
        snprintf(why, 160, "%s: %s %zu and %s %zu, %s: %.1f apart, %g wanted", t->name, p->what[0], p->number[0] + 1,
                 p->what[1], p->number[1] + 1, eyes_names[eyes], is, least);
    return is >= least;
}

bool theme_is_clear(const struct theme *t, char why[160])
{
    enum { ROLES = 4, DATA = 3 };
    const double heads_least = 10, data_least = 15;
    const struct colour roles[ROLES] = {t->role[ROLE_QUERY], t->role[ROLE_KEY], t->role[ROLE_VALUE], t->accent};
    const struct colour data[DATA] = {t->positive, t->negative, t->share};
    bool clear = true;
    for (size_t r = 0; clear && r < ROLES; r++) {
        for (size_t d = 0; clear && d < DATA; d++)
            clear = is_apart(t, &(struct pair){{"role", "data"}, {r, d}, roles[r], data[d]}, DATA_APART, EYES_ALL, why);
        for (size_t h = 0; clear && h < HEAD_COLOURS; h++)
            clear =
                is_apart(t, &(struct pair){{"role", "head"}, {r, h}, roles[r], t->head[h]}, HEADS_APART, EYES_ALL, why);
    }
    for (size_t h = 0; clear && h < HEAD_COLOURS; h++)
        for (size_t k = 0; clear && k < h; k++)
            clear = is_apart(t, &(struct pair){{"head", "head"}, {h, k}, t->head[h], t->head[k]}, heads_least, EYES_ALL,
                             why);
    for (size_t c = 0; clear && c < CURVE_COLOURS; c++) {
        for (size_t r = 0; clear && r < ROLES; r++)
            clear = is_apart(t, &(struct pair){{"role", "curve"}, {r, c}, roles[r], t->curve[c]}, DATA_APART, EYES_ALL,
                             why);
        for (size_t k = 0; clear && k < c; k++)
            for (enum eyes e = 0; clear && e < EYES_COUNT; e++)
                clear = is_apart(t, &(struct pair){{"curve", "curve"}, {c, k}, t->curve[c], t->curve[k]}, CURVES_APART,
                                 e, why);
    }
    for (size_t d = 0; clear && d < DATA; d++)
        for (size_t k = 0; clear && k < d; k++)
            for (enum eyes e = 0; clear && e < EYES_COUNT; e++)
                clear = is_apart(t, &(struct pair){{"data", "data"}, {d, k}, data[d], data[k]}, data_least, e, why);
    return clear;
}
