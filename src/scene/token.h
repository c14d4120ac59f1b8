/* token.h: the pictures of tokens that are no words: parts of an image beside the labels of rows and columns. */
#ifndef QKV_SCENE_TOKEN_H
#define QKV_SCENE_TOKEN_H

#include "scene/pen.h"
#include "scene/view.h"

/* Do the positions of this axis have pictures? */
bool token_has_pictures(const struct view *view, const struct axis *axis);

/* Draw the picture of position i into a box, as large as its shape allows. */
void token_draw(struct pen *pen, const struct view *view, const struct axis *axis, size_t i, struct rect box);

#endif
