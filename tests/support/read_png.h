/* read_png.h: the pixels of a PNG in memory. */
#ifndef QKV_TESTS_READ_PNG_H
#define QKV_TESTS_READ_PNG_H

#include "support/check.h"

#include <png.h>
#include <stdlib.h>

/* 3 bytes each (red, green, blue); the caller frees them. What is no PNG fails the test. */
static inline unsigned char *read_png_bytes(const void *png, size_t n, int *ret_w, int *ret_h)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_memory(&image, png, n));
    image.format = PNG_FORMAT_RGB;
    unsigned char *pixels = malloc(PNG_IMAGE_SIZE(image));
    assert_true(pixels && png_image_finish_read(&image, NULL, pixels, 0, NULL));
    *ret_w = (int)image.width;
    *ret_h = (int)image.height;
    return pixels;
}

#endif
