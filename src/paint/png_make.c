#include "paint/page.h"

#include <png.h>
#include <stdlib.h>

struct qkv_err png_make(const unsigned char *pixels, int width, int height, bool opacity, struct str *ret)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)width,
                       .height = (png_uint_32)height,
                       .format = opacity ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB};
    /* Room for the worst case, so that the page is compressed once and not twice. */
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    char *png = malloc(size);
    struct qkv_err err = {0};
    if (!png)
        err = qkv_nomem("a PNG image");
    else if (!png_image_write_to_memory(&image, png, &size, 0, pixels, 0, NULL))
        err = qkv_errf(QKV_ERR_IO, "a PNG image cannot be made: %s", image.message);
    struct str bytes = {0};
    if (!err.code)
        str_addn(&bytes, png, size);
    if (bytes.failed)
        err = qkv_nomem("a PNG image");
    free(png);
    if (!err.code)
        *ret = bytes;
    else
        str_finish(&bytes);
    return err;
}
