/* costs_chart.h: a chart of the page of costs while it is drawn: shared by its curves (costs_chart.c) and its labels
 * (costs_labels.c). */
#ifndef QKV_SCENE_COSTS_CHART_H
#define QKV_SCENE_COSTS_CHART_H

#include "scene/page_costs.h"

/* Half the size of a point, in units of the design's grid. */
#define CHART_DOT 3.5f

/* One thing of several on a line: where it wants to be, and where it is. */
struct place_on_line {
    enum untaped way;
    float at;
};

struct chart {
    struct pen *pen;
    const struct view *view;
    int kind;
    size_t d;
    struct rect plot, gutter;                     /* where points have places, and their labels */
    double low, high;                             /* the logarithms of the ends */
    double value[UNTAPED_COUNT][UNTAPED_LENGTHS]; /* 0: there is none */
    struct place_on_line label[UNTAPED_COUNT];
    size_t labels;
    float label_h;
    bool two_lines;
};

/* Where a length of text and a value have their place. */
float chart_x(const struct chart *c, double n);
float chart_y(const struct chart *c, double value);

struct colour chart_colour(const struct chart *c, enum untaped way);
void chart_line(struct pen *pen, const char *part, float x, float y, float to_x, float to_y, float stroke,
                struct colour colour);
/* The sign of a way's points: colours are not all that tells them apart. */
void chart_sign(const struct chart *c, const char *part, enum untaped way, float x, float y, float r);

/* ---- costs_labels.c ---- */

/* Find places for the labels at the ends of the curves; draw the lines that join them, and the labels. */
void chart_place_labels(struct chart *c);
void chart_draw_leaders(const struct chart *c);
void chart_draw_labels(const struct chart *c);

/* What can be pointed at at one length. */
void chart_add_target(const struct chart *c, size_t length);

#endif
