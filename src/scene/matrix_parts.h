/* matrix_parts.h: what the files that draw one matrix share. */
#ifndef QKV_SCENE_MATRIX_PARTS_H
#define QKV_SCENE_MATRIX_PARTS_H

#include "scene/matrix.h"

enum { MATRIX_DECIMALS = 2 };

/* Along longer axes labels are numbered, as many words are there more than once; and where a row has more shares none
 * comes near 1. */
enum { MATRIX_UNNUMBERED_MOST = 64 };

/* The display list's group of this matrix. */
int matrix_group(const struct view *view, const struct matrix *m);

const struct step *matrix_step(const struct view *view, const struct matrix *m);

/* The axes of its rows and columns as it stands on the page. */
const struct axis *matrix_rows_axis(const struct view *view, const struct matrix *m);
const struct axis *matrix_cols_axis(const struct view *view, const struct matrix *m);

/* The range of the plane on the screen: what the legend says must be what is seen. */
struct value_range matrix_range(const struct view *view, const struct matrix *m);

#endif
