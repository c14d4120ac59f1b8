/* spans.h: a text whose stretches differ in colour and weight: narration and arithmetic. */
#ifndef QKV_SCENE_SPANS_H
#define QKV_SCENE_SPANS_H

#include "core/tape.h"
#include "scene/pen.h"

struct span {
    size_t at, n; /* bytes of `text` */
    enum role role;
    bool bold;
};

struct spans {
    struct str text;
    struct span *v; /* owned */
    size_t n, capacity;
    bool failed;
};

void spans_add(struct spans *s, const char *text, size_t n, enum role role, bool bold);
void spans_finish(struct spans *s);

/* Read narration: **bold**; {Q}, {K}, {V} and names after them ({W_Q}, {K^T}) in the colours of their roles. A mark
 * without its partner is left as it is. Line breaks are spaces, empty lines are paragraphs ("\n"). */
void spans_parse(struct spans *s, const char *narration);

/* Write on one line; returns the width. */
float spans_draw(struct pen *pen, const char *part, struct ink ink, const struct spans *s, float x, float y);
float spans_width(const struct pen *pen, struct ink ink, const struct spans *s);

/* Write wrapped into a box, beginning with line `first`. Nothing is cut: a line that does not fit whole is left out.
 * Returns the lines the whole text has; *ret_bottom is where the last written line ends. */
size_t spans_wrap(struct pen *pen, const char *part, struct ink ink, const struct spans *s, struct rect box,
                  size_t first, float *ret_bottom);

/* The height it would take in a column of this width. */
float spans_height(const struct pen *pen, struct ink ink, const struct spans *s, float width);

#endif
