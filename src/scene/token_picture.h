/* token_picture.h: how tokens are called and drawn: by their words, and as the parts of a picture. */
#ifndef QKV_SCENE_TOKEN_PICTURE_H
#define QKV_SCENE_TOKEN_PICTURE_H

#include "scene/pen.h"
#include "scene/view.h"

/* The sequence of which an axis has the parts of a picture; NULL: its positions are no such parts. */
const struct sequence *token_pictures(const struct view *view, const struct axis *axis);

/* Are the positions of this axis parts of the lesson's picture? */
bool token_is_pictured(const struct view *view, const struct axis *axis);

/* What the token or position i of an axis is called: a word whose features are guessed has a "?" behind it. */
enum { TOKEN_LABEL = WORD_BYTES_MAX + 32 };
const char *token_label(const struct view *view, const struct axis *axis, size_t head, size_t i,
                        char buffer[TOKEN_LABEL]);

/* Draw the part at position i as large as its shape allows, at the right of the box; nothing where it is none. */
void token_draw(struct pen *pen, const struct view *view, const struct axis *axis, size_t i, struct rect box);

/* A picture as a whole, and where it lies on the page. */
struct placed_picture {
    const struct sequence *of;
    struct rect box;
    float across, down; /* pixels of the page for one of the picture; whole numbers where they are 3 or more */
};

/* The picture that this axis has the parts of, as large as the box allows, at its top. False: it has none, or there is no
 * room. */
bool picture_place(const struct view *view, const struct axis *axis, struct rect box, struct placed_picture *ret);

/* The same as wide and as high as the box, whatever its own shape. */
bool picture_stretch(const struct view *view, const struct axis *axis, struct rect box, struct placed_picture *ret);

/* Where part i of it lies. */
struct rect picture_part(const struct placed_picture *p, size_t i);

/* Draw it; what lies in no part, under a veil of this colour. */
void picture_draw(struct pen *pen, const char *part, const struct placed_picture *p, struct colour veil);

#endif
