/* image.c: JPEG pictures, through SDL2_image. PNG is read by the lessons themselves.
 *
 * The decoder makes a picture of whatever size the header names, and draws it once for each scan: a few hundred bytes
 * can ask for gigabytes, a few thousand for minutes. So the markers are read first. */
#include "paint/fonts.h"

#include <SDL_image.h>
#include <stdlib.h>
#include <string.h>

enum { IMAGE_SCANS_MAX = 64 }; /* cameras and converters write 1 to 20 */

/* ITU-T T.81, table B.1. */
enum { MARKER_TEM = 0x01, MARKER_RST0 = 0xD0, MARKER_EOI = 0xD9, MARKER_SOS = 0xDA };

static bool is_frame(int marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* The place behind the next 0xFF that a marker follows; n: there is none. In a scan, 0xFF is data where 0 or a restart
 * marker follows. */
static size_t next_marker(const unsigned char *jpeg, size_t n, size_t at)
{
    for (; at + 1 < n; at++)
        if (jpeg[at] == 0xFF && jpeg[at + 1] != 0 && jpeg[at + 1] != 0xFF)
            return at + 1;
    return n;
}

static struct qkv_err check_frame(const unsigned char *frame, size_t n, bool *first)
{
    int height = n < 8 ? 0 : frame[3] << 8 | frame[4], width = n < 8 ? 0 : frame[5] << 8 | frame[6];
    if (!*first)
        return qkv_errf(QKV_ERR_SYNTAX, "a broken JPEG: it has two headers");
    *first = false;
    if (height < 1 || width < 1 || height > IMAGE_SIDE_MAX || width > IMAGE_SIDE_MAX)
        return qkv_errf(QKV_ERR_LIMIT, "the picture is %dx%d; at most %dx%d", width, height, IMAGE_SIDE_MAX,
                        IMAGE_SIDE_MAX);
    return (struct qkv_err){0};
}

static struct qkv_err check_markers(const unsigned char *jpeg, size_t n)
{
    struct qkv_err err = {0};
    bool first = true;
    int scans = 0;
    for (size_t at = next_marker(jpeg, n, 2), length; !err.code && at < n; at = next_marker(jpeg, n, at + length)) {
        int marker = jpeg[at];
        length = 1;
        if (marker == MARKER_EOI)
            break;
        if (marker == MARKER_TEM || (marker >= MARKER_RST0 && marker < MARKER_EOI))
            continue;
        length += at + 2 < n ? (size_t)jpeg[at + 1] << 8 | jpeg[at + 2] : 2;
        if (is_frame(marker))
            err = check_frame(jpeg + at + 1, n - at - 1, &first);
        else if (marker == MARKER_SOS && ++scans > IMAGE_SCANS_MAX)
            err = qkv_errf(QKV_ERR_LIMIT, "the JPEG draws its picture in more than %d scans", IMAGE_SCANS_MAX);
    }
    if (!err.code && first)
        return qkv_errf(QKV_ERR_SYNTAX, "a broken JPEG: it has no header");
    return err;
}

static struct qkv_err copy_pixels(SDL_Surface *read, unsigned char **ret)
{
    SDL_Surface *surface = SDL_ConvertSurfaceFormat(read, SDL_PIXELFORMAT_RGBA32, 0);
    size_t row = (size_t)read->w * 4;
    unsigned char *rgba = surface ? malloc(row * (size_t)read->h) : NULL;
    for (size_t y = 0; rgba && y < (size_t)surface->h; y++)
        memcpy(rgba + row * y, (const unsigned char *)surface->pixels + y * (size_t)surface->pitch, row);
    SDL_FreeSurface(surface);
    *ret = rgba;
    return rgba ? (struct qkv_err){0} : qkv_nomem("the picture");
}

struct qkv_err image_decode(const void *bytes, size_t n, unsigned char **ret_rgba, int *ret_w, int *ret_h)
{
    if (n < 3 || memcmp(bytes, "\xFF\xD8\xFF", 3) != 0)
        return qkv_errf(QKV_ERR_SYNTAX, "no picture that can be read: it is neither PNG nor JPEG");
    if (n > IMAGE_BYTES_MAX)
        return qkv_errf(QKV_ERR_LIMIT, "the picture has more than %d bytes", IMAGE_BYTES_MAX);
    struct qkv_err err = check_markers(bytes, n);
    if (err.code)
        return err;
    memory_watch();
    SDL_RWops *from = SDL_RWFromConstMem(bytes, (int)n);
    SDL_Surface *read = from ? IMG_LoadJPG_RW(from) : NULL;
    if (!read)
        err =
            memory_ran_out() ? qkv_nomem("the picture") : qkv_errf(QKV_ERR_SYNTAX, "a broken JPEG: %s", IMG_GetError());
    else if (read->w < 1 || read->h < 1 || read->w > IMAGE_SIDE_MAX || read->h > IMAGE_SIDE_MAX)
        err = qkv_errf(QKV_ERR_SYNTAX, "a broken JPEG: it is %dx%d and says otherwise", read->w, read->h);
    else
        err = copy_pixels(read, ret_rgba);
    if (!err.code) {
        *ret_w = read->w;
        *ret_h = read->h;
    }
    SDL_FreeSurface(read);
    if (from)
        SDL_RWclose(from);
    /* A lesson is read in a thread that SDL did not begin: it would keep what it noted of errors there. */
    SDL_TLSCleanup();
    return err;
}
