/* page.h: what the kinds of pages share. */
#ifndef QKV_PAINT_PAGE_H
#define QKV_PAINT_PAGE_H

#include "scene/display.h"

/* The list's page in whole pixels. Error: QKV_ERR_LIMIT. */
QKV_CHECKED struct qkv_err page_size(const struct display_list *list, int *ret_width, int *ret_height);

/* width * height pixels, row by row, as a PNG: 3 bytes each (red, green, blue), or 4 with the opacity. The caller
 * finishes *ret. Errors: QKV_ERR_IO, QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err png_make(const unsigned char *pixels, int width, int height, bool opacity, struct str *ret);

#endif
