/* image.c: pictures from files, through SDL2_image. */
#include "paint/paint.h"

#include <SDL.h>
#include <SDL_image.h>
#include <stdlib.h>
#include <string.h>

static unsigned char *copy_pixels(const SDL_Surface *surface)
{
    const size_t row = (size_t)surface->w * 4;
    unsigned char *rgba = malloc(row * (size_t)surface->h);
    for (int y = 0; rgba && y < surface->h; y++)
        memcpy(rgba + row * (size_t)y, (const unsigned char *)surface->pixels + (size_t)y * (size_t)surface->pitch,
               row);
    return rgba;
}

bool image_decode(const void *bytes, size_t n, unsigned char **ret_rgba, int *ret_w, int *ret_h)
{
    if (n > IMAGE_BYTES_MAX)
        return false;
    SDL_RWops *from = SDL_RWFromConstMem(bytes, (int)n);
    /* Only these two: SDL2_image knows many formats, and each is one more reader for a stranger's file. */
    const bool known = from && (IMG_isPNG(from) || IMG_isJPG(from));
    SDL_Surface *read = known ? IMG_Load_RW(from, 0) : NULL;
    SDL_Surface *surface = NULL;
    if (read && read->w > 0 && read->h > 0 && read->w <= IMAGE_SIDE_MAX && read->h <= IMAGE_SIDE_MAX)
        surface = SDL_ConvertSurfaceFormat(read, SDL_PIXELFORMAT_RGBA32, 0);
    unsigned char *rgba = surface ? copy_pixels(surface) : NULL;
    if (rgba) {
        *ret_rgba = rgba;
        *ret_w = surface->w;
        *ret_h = surface->h;
    }
    SDL_FreeSurface(surface);
    SDL_FreeSurface(read);
    if (from)
        SDL_RWclose(from);
    return rgba != NULL;
}
