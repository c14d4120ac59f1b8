/* pen.h: adding items to a display list. The parts of a page draw with this and nothing else. */
#ifndef QKV_SCENE_PEN_H
#define QKV_SCENE_PEN_H

#include "scene/display.h"
#include "scene/theme.h"

struct pen {
    struct display_list *list;
    const struct measure *measure;
    const struct theme *theme;
    float scale;   /* pixels per unit of the design's grid */
    int group;     /* what the items drawn now belong to */
    bool measures; /* it draws nothing: what would be drawn is only measured */
};

/* The same pen, drawing nothing: for functions that return how much room they take. */
struct pen pen_measuring(const struct pen *pen);

enum align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

/* How a text looks. `least`: the smallest size it may shrink to before it is cut with "…"; 0: it must not shrink. */
struct ink {
    enum face face;
    float size, least;
    struct colour colour;
};

float pen_width(const struct pen *pen, enum face face, float size, const char *text, size_t n);

/* Sizes in units of the design's grid. */
struct ink pen_ink(const struct pen *pen, enum face face, float size, float least, struct colour colour);

/* The width of a whole text at the ink's size, not shrunk. */
float ink_width(const struct pen *pen, struct ink ink, const char *text);

/* Write n bytes with the top of their line at y; returns the width. */
float pen_text_n(struct pen *pen, const char *part, struct ink ink, float x, float y, const char *text, size_t n);

/* Write a line inside a box, centred vertically: shrunk down to ink.least, then cut with "…" where it is too wide.
 * Returns the rectangle the text takes (of width 0 when not even "…" fits: then nothing is written). */
struct rect pen_text_in(struct pen *pen, const char *part, struct ink ink, struct rect box, enum align align,
                        const char *text);

/* Would it fit a width without being cut? */
bool pen_fits(const struct pen *pen, struct ink ink, float width, const char *text);

/* Add to a text what leaves it narrow enough. False: it does not, and the text is as it was. */
bool pen_add_fitting(const struct pen *pen, struct ink ink, float width, struct str *to, const char *more);

/* The same as pen_text_in for a text as printf writes it; what is longer than PEN_TEXT bytes is cut. */
enum { PEN_TEXT = 256 };
__attribute__((format(printf, 6, 7))) struct rect pen_textf(struct pen *pen, const char *part, struct ink ink,
                                                            struct rect box, enum align align, const char *format, ...);

/* Write upwards inside a box, from its lower end or (ALIGN_RIGHT) its upper, centred across it; cut as above. */
void pen_text_upwards(struct pen *pen, const char *part, struct ink ink, struct rect box, enum align align,
                      const char *text);

struct item *pen_item(struct pen *pen, enum item_kind kind, const char *part, struct rect box);
void pen_fill(struct pen *pen, const char *part, struct rect box, struct colour fill, float radius);
void pen_frame(struct pen *pen, const char *part, struct rect box, struct colour colour, float stroke, float radius);
void pen_polygon(struct pen *pen, const char *part, struct colour fill, int n, const float x[], const float y[]);
/* A line through n points, at most CURVE_POINTS of them. */
enum { CURVE_POINTS = 512 };
void pen_curve(struct pen *pen, const char *part, struct colour colour, float stroke, size_t n,
               const struct point points[]);
void pen_hit(struct pen *pen, struct rect box, int command, int argument);

/* A heatmap, whose rows * cols colours the caller fills; NULL: no memory. */
struct item *pen_heatmap(struct pen *pen, const char *part, struct rect box, size_t rows, size_t cols,
                         struct colour **ret_colours);

struct rect rect_inset(struct rect r, float by);

/* Cut a strip off; what is left lies `gap` beside it. */
struct rect rect_cut_top(struct rect *r, float height, float gap);
struct rect rect_cut_bottom(struct rect *r, float height, float gap);
struct rect rect_cut_left(struct rect *r, float width, float gap);
struct rect rect_cut_right(struct rect *r, float width, float gap);

#endif
