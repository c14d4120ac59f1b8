#include "paint/fonts.h"

#include <SDL.h>
#include <png.h>
#include <stdlib.h>

/* 16384 * 16384 * 4 bytes is 1 GiB: larger than any screen, and an int can count them. */
enum { PAGE_SIDE_MAX = 16384 };

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

static struct qkv_err sdl_error(void)
{
    if (memory_ran_out())
        return qkv_nomem("a page");
    return qkv_errf(QKV_ERR_IO, "a page cannot be drawn: %s", SDL_GetError());
}

static struct qkv_err draw_on(SDL_Surface *surface, const struct display_list *list, struct fonts *fonts)
{
    SDL_Renderer *renderer = SDL_CreateSoftwareRenderer(surface);
    if (!renderer)
        return sdl_error();
    struct painter *painter = NULL;
    struct qkv_err err = painter_new(renderer, fonts, &painter);
    if (!err.code)
        err = painter_draw(painter, list);
    painter_free(painter);
    SDL_DestroyRenderer(renderer);
    return err;
}

/* No video is initialised: this needs no display. */
struct qkv_err page_pixels(const struct display_list *list, struct fonts *fonts, unsigned char **ret, int *ret_width,
                           int *ret_height)
{
    int width = 0, height = 0;
    struct qkv_err err = page_size(list, &width, &height);
    if (err.code)
        return err;
    memory_watch();
    /* Without alpha: a page is opaque, and SDL blends fastest to this format. */
    SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormat(0, width, height, 32, SDL_PIXELFORMAT_RGB888);
    unsigned char *pixels = surface ? malloc((size_t)width * (size_t)height * 3) : NULL;
    err = pixels ? draw_on(surface, list, fonts) : qkv_nomem("a page");
    if (!err.code && SDL_ConvertPixels(width, height, SDL_PIXELFORMAT_RGB888, surface->pixels, surface->pitch,
                                       SDL_PIXELFORMAT_RGB24, pixels, width * 3) != 0)
        err = sdl_error();
    SDL_FreeSurface(surface);
    if (err.code) {
        free(pixels);
        return err;
    }
    *ret = pixels;
    *ret_width = width;
    *ret_height = height;
    return err;
}

struct qkv_err png_make(const unsigned char *pixels, int width, int height, bool opacity, struct str *ret)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)width,
                       .height = (png_uint_32)height,
                       .format = opacity ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB};
    /* Memory for the worst case, so that the page is compressed once and not twice. */
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
