/* svg.h: the parts that an SVG page is written with. */
#ifndef QKV_PAINT_SVG_H
#define QKV_PAINT_SVG_H

#include "paint/fonts.h"

/* Add text as XML holds it: marks escaped, what is no character of XML 1.0 (controls, broken UTF-8, U+FFFF) as
 * U+FFFD. */
void xml_add(struct str *to, const char *text, size_t n);

/* Add a number, "1.25": at most two decimals, and a point whatever the locale says. */
void xml_add_decimal(struct str *to, float number);

/* Add an attribute with a number: ` name="1.25"`. */
void xml_add_number(struct str *to, const char *name, float number);

/* Add the four of a rectangle: x, y, width, height. */
void xml_add_box(struct str *to, struct rect box);

/* Add ` fill="#RRGGBB"`, and ` fill-opacity` where it is not opaque; `name` is "fill" or "stroke". */
void xml_add_colour(struct str *to, const char *name, struct colour colour);

/* Add an item of text: the letters as text, in the faces and where the painter draws them. */
void svg_add_text(struct str *to, struct fonts *fonts, const struct display_list *list, const struct item *item);

#endif
