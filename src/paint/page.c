#include "paint/fonts.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>

/* 16384 * 16384 * 4 bytes is 1 GiB: larger than any screen, and an int can count them. */
enum { PAGE_SIDE_MAX = 16384, PNG_ERROR_TEXT = 120 };

struct qkv_err page_size(const struct display_list *list, int *ret_width, int *ret_height)
{
    float w = list->page.w, h = list->page.h;
    if (list->failed)
        return qkv_nomem("a page");
    if (!(w >= 1 && h >= 1 && w <= PAGE_SIDE_MAX && h <= PAGE_SIDE_MAX))
        return qkv_errf(QKV_ERR_LIMIT, "a page of %g x %g pixels: a side must be 1..%d", (double)w, (double)h,
                        PAGE_SIDE_MAX);
    *ret_width = (int)w;
    *ret_height = (int)h;
    return (struct qkv_err){0};
}

/* The page as a raster, whose pixels the caller frees. */
static struct qkv_err draw_page(const struct display_list *list, struct fonts *fonts, struct raster *ret)
{
    struct raster page = {0};
    struct painter *painter = NULL;
    struct qkv_err err = page_size(list, &page.w, &page.h);
    if (err.code)
        return err;
    page.stride = (size_t)page.w;
    page.v = malloc(page.stride * (size_t)page.h * sizeof *page.v);
    err = page.v ? painter_new(NULL, fonts, &painter) : qkv_nomem("a page");
    if (!err.code) {
        painter_aim(painter, page);
        err = painter_draw(painter, list);
    }
    painter_free(painter);
    if (err.code)
        free(page.v);
    else
        *ret = page;
    return err;
}

/* No video is initialised: this needs no display. */
struct qkv_err page_pixels(const struct display_list *list, struct fonts *fonts, unsigned char **ret, int *ret_width,
                           int *ret_height)
{
    struct raster page = {0};
    struct qkv_err err = draw_page(list, fonts, &page);
    if (err.code)
        return err;
    size_t n = page.stride * (size_t)page.h;
    unsigned char *pixels = malloc(n * 3);
    for (size_t i = 0; pixels && i < n; i++) {
        pixels[3 * i] = (unsigned char)(page.v[i] >> 16);
        pixels[3 * i + 1] = (unsigned char)(page.v[i] >> 8);
        pixels[3 * i + 2] = (unsigned char)page.v[i];
    }
    free(page.v);
    if (!pixels)
        return qkv_nomem("a page");
    *ret = pixels;
    *ret_width = page.w;
    *ret_height = page.h;
    return err;
}

/* ---- PNG ---- */

static void add_bytes(png_structp png, png_bytep bytes, size_t n)
{
    struct str *to = png_get_io_ptr(png);
    str_addn(to, (const char *)bytes, n);
    if (to->failed)
        png_error(png, "no memory");
}

static void end_bytes(png_structp png)
{
    (void)png;
}

static void keep_error(png_structp png, png_const_charp message)
{
    char *to = png_get_error_ptr(png);
    snprintf(to, PNG_ERROR_TEXT, "%s", message);
    png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

/* Pages are wide areas of one colour: filters and a search for longer matches cost five times the time and save
 * little. */
static bool write_png(png_structp png, png_infop info, const unsigned char *pixels, int width, int height, bool opacity)
{
    const size_t row = (size_t)width * (opacity ? 4 : 3);
    if (setjmp(png_jmpbuf(png)))
        return false;
    png_set_compression_level(png, 1);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8,
                 opacity ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (int y = 0; y < height; y++)
        png_write_row(png, pixels + (size_t)y * row);
    png_write_end(png, NULL);
    return true;
}

struct qkv_err png_make(const unsigned char *pixels, int width, int height, bool opacity, struct str *ret)
{
    char message[PNG_ERROR_TEXT] = "";
    struct str bytes = {0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, keep_error, ignore_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    memory_watch();
    if (info)
        png_set_write_fn(png, &bytes, add_bytes, end_bytes);
    bool done = info && write_png(png, info, pixels, width, height, opacity);
    bool no_memory = !info || bytes.failed || memory_ran_out();
    png_destroy_write_struct(&png, &info);
    if (done) {
        *ret = bytes;
        return (struct qkv_err){0};
    }
    str_finish(&bytes);
    return no_memory ? qkv_nomem("a PNG image") : qkv_errf(QKV_ERR_IO, "a PNG image cannot be made: %s", message);
}

struct qkv_err page_png(const struct display_list *list, struct fonts *fonts, struct str *ret)
{
    unsigned char *pixels = NULL;
    int width = 0, height = 0;
    struct qkv_err err = page_pixels(list, fonts, &pixels, &width, &height);
    if (!err.code)
        err = png_make(pixels, width, height, false, ret);
    free(pixels);
    return err;
}
