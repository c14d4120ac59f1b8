/* sketch.h: making display lists by hand, for the tests of the painter. */
#ifndef QKV_TESTS_PAINT_SKETCH_H
#define QKV_TESTS_PAINT_SKETCH_H

#include "paint/paint.h"
#include "support/own.h"
#include "support/page.h"

/* The sketches end the program when memory runs out: a test has nothing better to do. */
void sketch_page(struct display_list *list, int w, int h, unsigned rgb);
struct display_list white_page(int w, int h);
struct item *sketch_item(struct display_list *list, enum item_kind kind, struct rect box, unsigned rgb);
struct item *sketch_text(struct display_list *list, float x, float y, enum face face, float size, unsigned rgb,
                         const char *text);
struct item *sketch_round(struct display_list *list, struct rect box, float radius, unsigned fill, float stroke,
                          unsigned border);
struct item *sketch_heatmap(struct display_list *list, struct rect box, size_t rows, size_t cols, float gap);
struct item *sketch_triangle(struct display_list *list, const float x[3], const float y[3], unsigned rgb);

/* A small page with everything that the painter draws. */
void sketch_everything(struct display_list *list);

/* The fonts of a program's tests, as its TEST_GROUP. */
extern struct fonts *the_fonts;
void the_fonts_open(void);
void the_fonts_close(void);

#endif
