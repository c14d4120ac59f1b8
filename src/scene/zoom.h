/* zoom.h: the window of a large matrix: which of its rows and columns are on the page.
 *
 * The window belongs to the result's rows and columns. Operands follow: whatever runs along the same positions shows
 * the same stretch of them, so that the crosswise picture stays true; and the next step, made of the same words, keeps
 * it. What does not run along them is shown whole. */
#ifndef QKV_SCENE_ZOOM_H
#define QKV_SCENE_ZOOM_H

#include "scene/view.h"

/* So many rows and columns a window has at least, where the matrix has more. */
enum { ZOOM_LEAST = 8 };

/* The positions shown along the rows and columns of a matrix of the step that is on the screen, as it lies on the tape:
 * its result (operand -1), or one of its operands. */
void zoom_of(const struct view *view, int operand, struct section *ret_rows, struct section *ret_cols);

/* Is this what is shown of such an axis? What runs along none of the result's axes is kept for other steps, and holds
 * for operands. */
bool zoom_runs_along(const struct zoom_axis *z, const struct axis *axis);

/* Is any of the current result left out? */
bool zoom_is_on(const struct view *view);

/* Show these rows and columns of the current result: cut to what there is, all where n is 0. */
void zoom_set(const struct view *view, struct zoom *zoom, struct section rows, struct section cols);

/* That stretch of an axis, cut to what there is, all of it where it is longer. */
struct zoom_axis zoom_axis_of(struct section s, const struct axis *axis);

/* `factor` times as many rows and columns, with cell (row, col) where it is now. */
void zoom_by(const struct view *view, struct zoom *zoom, float factor, size_t row, size_t col);

/* Move the window, so many rows down and columns to the right as it stands; it stops at the matrix's edges. */
void zoom_pan(const struct view *view, struct zoom *zoom, long rows, long cols);

/* Move the window so that its middle is at this share (0..1) of the rows and columns as they stand. */
void zoom_centre(const struct view *view, struct zoom *zoom, float rows, float cols);

/* Move the window where the cell is that is explained, along what it runs along. */
void zoom_follow(const struct view *view, struct zoom *zoom);

#endif
