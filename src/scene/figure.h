/* figure.h: the pictures of an idea (lesson/figure.h), and what they share. A picture is drawn from the tape's numbers:
 * what is longer, wider, further turned is so by a number of a cell, and stands for it. */
#ifndef QKV_SCENE_FIGURE_H
#define QKV_SCENE_FIGURE_H

#include "scene/pen.h"
#include "scene/text.h"
#include "scene/view.h"

/* A picture draws itself into a box. False, and nothing is drawn: the lesson lacks what it shows. */
typedef bool figure_draw(struct pen *pen, const struct view *view, struct rect box);
#define FIGURE_FUNCTION(id, name, shows) figure_draw name##_figure;
FIGURE_LIST(FIGURE_FUNCTION)
#undef FIGURE_FUNCTION

/* The matrices of the step and, where the stop has one and the page has room, its picture. */
void figure_walk_draw(struct pen *pen, const struct view *view, struct rect area);

/* The sentence, the word that looks, and arcs as wide as its weights; cut off from the top of *area. Without room, or
 * without words, nothing is. */
void strip_draw(struct pen *pen, const struct view *view, struct rect *area);

/* How wide an arc of weight 1 is, in units of the design's grid. */
#define STRIP_ARC 12.0f

/* How opaque the veil over a part of a photograph is that gets nothing, of 255; and how wide the ribbon to a word of
 * weight 1 is, in units. */
#define PHOTOGRAPH_VEIL   208
#define PHOTOGRAPH_RIBBON 24.0f

/* ---- what pictures share ---- */

/* A part that stands for a cell: pointing at it points at the cell. It lights up when the cell is pointed at elsewhere:
 * figure_is_lit. per_x, per_y: what a pixel to the right and one down add to its number when it is dragged, where it can
 * be; 0, 0: as in a matrix. */
void figure_cell(struct pen *pen, struct rect box, const struct cursor *cell, float per_x, float per_y);
bool figure_is_lit(const struct view *view, const struct cursor *cell);

/* The number of a cell of the lesson's tape, as cells are written. It lies in a part that stands for the cell
 * (figure_cell): a test holds every number of a picture to this. */
void figure_number(struct pen *pen, const struct view *view, struct ink ink, struct rect box, enum align align,
                   const struct cursor *cell);

/* Title at the left, and a quieter line after it; returns what is left of the box. */
struct rect figure_title(struct pen *pen, struct rect box, const char *title, const char *note);

/* A square of colour and what it stands for, at x; returns where it ends. */
float figure_key(struct pen *pen, struct colour colour, const char *text, float x, struct rect line);

/* Has the walk come to this step of the tape? What was not computed yet is not drawn. */
bool figure_has_come(const struct view *view, int step);

/* An arc of an ellipse from one point to another, `height` above their middle, as a curve. */
void figure_arc(struct pen *pen, const char *part, struct colour colour, float stroke, struct point from,
                struct point to, float height);

/* The veil over a part of a picture that gets this share of the most that any part gets. It is grey: what is black is seen
 * through it, and what is white. */
struct colour figure_veil(double share);

/* An arrow: its line and its head. */
void figure_arrow(struct pen *pen, const char *part, struct colour colour, float stroke, struct point from,
                  struct point to);

#endif
