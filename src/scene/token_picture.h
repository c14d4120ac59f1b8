/* token_picture.h: tokens that are parts of a picture, drawn beside their labels. */
#ifndef QKV_SCENE_TOKEN_PICTURE_H
#define QKV_SCENE_TOKEN_PICTURE_H

#include "scene/pen.h"
#include "scene/view.h"

/* Are the positions of this axis parts of the lesson's picture? */
bool token_is_pictured(const struct view *view, const struct axis *axis);

/* Draw the part at position i as large as its shape allows, at the right of the box; nothing where it is none. */
void token_draw(struct pen *pen, const struct view *view, const struct axis *axis, size_t i, struct rect box);

#endif
