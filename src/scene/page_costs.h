/* page_costs.h: the parts of the page of costs. */
#ifndef QKV_SCENE_PAGE_COSTS_H
#define QKV_SCENE_PAGE_COSTS_H

#include "base/memory.h"
#include "scene/pen.h"
#include "scene/view.h"

/* The two charts: operations by formula, seconds as measured. */
enum { CHART_OPERATIONS, CHART_SECONDS, CHART_COUNT };

/* The point of a curve as the argument of CMD_COSTS_POINT; the length is its rest by UNTAPED_LENGTHS. */
int costs_point_argument(int chart, enum untaped way, size_t length);

/* The width of queries and keys that is looked at, and the length of text. */
size_t costs_width(const struct view *view);
size_t costs_length(const struct view *view);

/* "softmax" */
const char *untaped_name(enum untaped way);

/* A chart with its title, into a panel. */
void costs_chart_draw(struct pen *pen, const struct view *view, int chart, struct rect box);

/* What the step, the whole walk and n words cost: a table, as high as the box. */
void costs_table_draw(struct pen *pen, const struct view *view, struct rect box);
/* The lines of text it has, with its head. */
int costs_table_lines(const struct view *view);

/* ---- figures as people say them ---- */

enum { FIGURE_TEXT = 48 };
const char *operations_text(double operations, char buffer[FIGURE_TEXT]); /* "12,345", "70.4 billion" */
const char *seconds_text(double seconds, char buffer[FIGURE_TEXT]);       /* "1.45 ms" */

#endif
