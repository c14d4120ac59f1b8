/* theme.h: the colours of the screen. A theme is a row; roles keep one colour each everywhere. */
#ifndef QKV_SCENE_THEME_H
#define QKV_SCENE_THEME_H

#include "core/tape.h"
#include "lesson/analysis/summary.h"
#include "scene/display.h"

enum { HEAD_COLOURS = 8, CURVE_COLOURS = 6 };

struct theme {
    const char *name;
    struct colour page, panel, text, text_secondary, line, accent, on_accent, button_idle;
    struct colour role[ROLE_COUNT]; /* ROLE_NONE: the text's colour */
    /* The colours of data lie at least DATA_APART from those of the roles and from the accent. */
    struct colour negative, positive;   /* the ends of the signed scale; zero is the panel's colour */
    struct colour share;                /* the end of the 0..1 scale; 0 is the panel's colour */
    struct colour head[HEAD_COLOURS];   /* HEADS_APART from the roles and the accent; head 9 has the colour of head 1 */
    struct colour curve[CURVE_COLOURS]; /* of a chart: DATA_APART from roles and accent, CURVES_APART for all eyes */
    struct colour blocked, hatch;       /* cells that are blocked, and the lines across them */
    struct colour warning;              /* a text that must be seen: overflow */
};

/* Distances of colours by CIEDE2000: below 2 two colours look alike, from 10 on they are told apart at a glance. */
enum { DATA_APART = 20, HEADS_APART = 14, CURVES_APART = 20 };

enum { THEME_LIGHT, THEME_DARK, THEME_COUNT };
extern const struct theme theme_table[]; /* THEME_COUNT rows */

struct colour head_colour(const struct theme *theme, size_t head);

/* a and b mixed, t of b (0..1). */
struct colour colour_mix(struct colour a, struct colour b, float t);

/* Contrast as WCAG 2.1 defines it: 1 (none) to 21. */
float colour_contrast(struct colour a, struct colour b);

/* `wanted` where its contrast with `background` is at least 4.5, else black or white, whichever has more contrast. */
struct colour colour_readable(struct colour wanted, struct colour background);

/* The colour of a number. `most`: the largest magnitude of the scale. The strength of signed numbers grows with the
 * square root of the magnitude, so that a 1 is still visible in a matrix with a 25; shares and brightness (0..1) grow
 * evenly. */
struct colour value_colour(const struct theme *theme, enum scale_kind scale, double most, double value);

/* The same in column `col` of a matrix: in one of SCALE_RGB the columns are red, green and blue in turn. */
struct colour column_colour(const struct theme *theme, enum scale_kind scale, double most, double value, size_t col);

#endif
