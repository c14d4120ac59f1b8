/* equation.h: the current step as an equation of heatmaps.
 *
 * A product stands crosswise: the left operand at the left, the right one above, the result where row and column meet.
 * Everything else stands in a line: operands, then the result; one below the other where that gives larger cells. */
#ifndef QKV_SCENE_EQUATION_H
#define QKV_SCENE_EQUATION_H

#include "scene/pen.h"
#include "scene/view.h"

void equation_draw(struct pen *pen, const struct view *view, struct rect area);

#endif
