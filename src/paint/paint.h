/* paint.h: a display list as pixels, or as SVG. The only room that draws.
 *
 * Pixels go two ways: into a window's renderer, and into memory (no display needed), which is how pages are written.
 * Both go through the same SDL renderer calls, so a page looks as the window does; an SVG page puts the same shapes and
 * letters where they do. */
#ifndef QKV_PAINT_PAINT_H
#define QKV_PAINT_PAINT_H

#include "scene/display.h"

/* ---- fonts (fonts.c): faces found through fontconfig, with a fallback for every character ---- */

struct fonts;

/* Find the faces: Inter, else Noto Sans, else the system's sans; JetBrains Mono, else any monospaced face; and for a
 * character a face lacks, the next face that has it. Error: QKV_ERR_IO "no font was found; install fonts-noto-core". */
QKV_CHECKED struct qkv_err fonts_new(struct fonts **ret);
void fonts_free(struct fonts *fonts);
/* A text that there is no memory to measure is 0 wide; the next page that is drawn then fails. */
struct measure fonts_measure(struct fonts *fonts);

/* ---- pictures from files (image.c) ---- */

enum { IMAGE_SIDE_MAX = 2048, IMAGE_BYTES_MAX = 4 * 1024 * 1024 };

/* Decode a JPEG: 4 bytes a pixel (red, green, blue, opacity), row by row, which the caller frees. Size and scans are
 * read from the file's markers before anything is decoded, so that time and memory are bounded. Errors: QKV_ERR_SYNTAX:
 * no JPEG, or a broken one; QKV_ERR_LIMIT: too many bytes, pixels or scans; QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err image_decode(const void *bytes, size_t n, unsigned char **ret_rgba, int *ret_w, int *ret_h);

/* ---- painting ---- */

struct painter;
struct SDL_Renderer;

/* Pixels in memory, row by row: 0xRRGGBB; the highest byte is ignored and left as 0. */
struct raster {
    uint32_t *v;
    int w, h;
    size_t stride; /* pixels from a row to the next */
};

/* A painter draws to one renderer or, where that is NULL, into the raster that it was last told; it keeps its glyphs
 * between pages. Free it before `fonts`. */
QKV_CHECKED struct qkv_err painter_new(struct SDL_Renderer *renderer, struct fonts *fonts, struct painter **ret);
void painter_free(struct painter *painter);

/* Draw into this from now on; the pixels stay the caller's. */
void painter_aim(struct painter *painter, struct raster raster);

/* Draw the whole list, background included; the caller presents. Errors: QKV_ERR_NOMEM "no memory for a page", also
 * when it was a text's measuring that found none since the last page; QKV_ERR_IO: the renderer failed. The picture is
 * then not whole. */
QKV_CHECKED struct qkv_err painter_draw(struct painter *painter, const struct display_list *list);

/* The parts of a page that are drawn anew; they may overlap. */
enum { DAMAGE_MAX = 16 };
struct damage {
    int n;
    struct area {
        int x, y, w, h;
    } rects[DAMAGE_MAX];
};

/* The same picture, for a raster that still has what was last drawn by this function: only what differs from that list
 * is drawn. All of it is drawn where it is another raster, after painter_reset and after an error. */
QKV_CHECKED struct qkv_err painter_update(struct painter *painter, const struct display_list *list, struct damage *ret);

/* The renderer lost its textures (SDL_RENDER_TARGETS_RESET, SDL_RENDER_DEVICE_RESET), or the raster its pixels: make
 * them again when needed. */
void painter_reset(struct painter *painter);

/* ---- pages in memory (page.c): what is not whole is an error ---- */

/* The list's page in whole pixels. Errors: QKV_ERR_LIMIT; QKV_ERR_NOMEM: the list is not whole. */
QKV_CHECKED struct qkv_err page_size(const struct display_list *list, int *ret_width, int *ret_height);

/* width * height pixels, row by row, as a PNG: 3 bytes each (red, green, blue), or 4 with the opacity. The caller
 * finishes *ret. Errors: QKV_ERR_IO, QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err png_make(const unsigned char *pixels, int width, int height, bool opacity, struct str *ret);

/* Draw the list into a fresh image of its page's size: width * height * 3 bytes (red, green, blue), the caller frees
 * it. */
QKV_CHECKED struct qkv_err page_pixels(const struct display_list *list, struct fonts *fonts, unsigned char **ret,
                                       int *ret_width, int *ret_height);

/* The same as a PNG in memory. */
QKV_CHECKED struct qkv_err page_png(const struct display_list *list, struct fonts *fonts, struct str *ret);

/* The same as SVG 1.1 text, whatever the texts hold. Texts stay texts, in the faces that were found here and as wide as
 * they were measured; where a face is missing another one is squeezed into its place. What can only be pointed at is
 * left out. Title and description are for whoever cannot see the page. */
QKV_CHECKED struct qkv_err page_svg(const struct display_list *list, struct fonts *fonts, const char *title,
                                    const char *description, struct str *ret);

#endif
