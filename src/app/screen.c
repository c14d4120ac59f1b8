#include "app/screen.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct screen {
    SDL_Window *window;
    struct fonts *fonts;
    struct painter *painter;
    SDL_Renderer *renderer; /* NULL: the window's own pixels */
    SDL_Surface *copy;      /* drawn on instead, where those are no 32 bits of red, green and blue; NULL: they are */
};

static struct qkv_err sdl_error(void)
{
    return qkv_errf(QKV_ERR_IO, "cannot draw into a window: %s", SDL_GetError());
}

/* ---- is there a graphics processor? ---- */

#ifdef __linux__
/* Linux has a file for each that draws; a display of another machine is not drawn by one of this. */
static bool has_graphics(void)
{
    const char *display = SDL_getenv("DISPLAY");
    struct dirent *entry;
    bool found = false;
    if (display && display[0] != ':' && !SDL_getenv("WAYLAND_DISPLAY"))
        return false;
    DIR *folder = opendir("/dev/dri");
    while (folder && !found && (entry = readdir(folder))) {
        char path[300];
        snprintf(path, sizeof path, "/dev/dri/%s", entry->d_name);
        found = strncmp(entry->d_name, "renderD", 7) == 0 && access(path, R_OK | W_OK) == 0;
    }
    if (folder)
        closedir(folder);
    return found || access("/dev/nvidiactl", R_OK | W_OK) == 0 || access("/dev/dxg", R_OK | W_OK) == 0;
}
#else
static bool has_graphics(void)
{
    return true;
}
#endif

static bool is_named(const char *hint)
{
    const char *value = SDL_GetHint(hint);
    return value && value[0];
}

static bool wants_renderer(void)
{
    const char *driver = SDL_GetHint(SDL_HINT_RENDER_DRIVER);
    return is_named(SDL_HINT_RENDER_DRIVER) ? strcmp(driver, "software") != 0 : has_graphics();
}

void screen_prepare(void)
{
    /* SDL would put the pixels of a window on the display by OpenGL. */
    if (!wants_renderer())
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
}

/* ---- the window's own pixels ---- */

/* SDL makes a new surface when the window changes its size: one without the mark has nothing of the last page. */
static SDL_Surface *surface_of(struct screen *s)
{
    SDL_Surface *surface = SDL_GetWindowSurface(s->window);
    if (!surface || surface->userdata == s)
        return surface;
    surface->userdata = s;
    screen_lost(s);
    SDL_FreeSurface(s->copy);
    s->copy = NULL;
    Uint32 format = surface->format->format;
    if (format == SDL_PIXELFORMAT_RGB888 || format == SDL_PIXELFORMAT_ARGB8888)
        return surface;
    s->copy = SDL_CreateRGBSurfaceWithFormat(0, surface->w, surface->h, 32, SDL_PIXELFORMAT_RGB888);
    if (!s->copy)
        surface->userdata = NULL;
    return s->copy ? surface : NULL;
}

static struct qkv_err show_pixels(struct screen *s, const struct display_list *list)
{
    SDL_Surface *surface = surface_of(s), *to = s->copy ? s->copy : surface;
    SDL_Rect rects[DAMAGE_MAX];
    struct damage damage;
    if (!surface)
        return sdl_error();
    painter_aim(s->painter, (struct raster){to->pixels, to->w, to->h, (size_t)to->pitch / 4});
    struct qkv_err err = painter_update(s->painter, list, &damage);
    for (int i = 0; i < damage.n; i++) {
        const struct area *a = &damage.rects[i];
        rects[i] = (SDL_Rect){a->x, a->y, a->w, a->h};
        if (s->copy && SDL_BlitSurface(s->copy, &rects[i], surface, &(SDL_Rect){a->x, a->y, a->w, a->h}) != 0)
            screen_lost(s);
    }
    if (damage.n > 0 && SDL_UpdateWindowSurfaceRects(s->window, rects, damage.n) != 0) {
        screen_lost(s);
        return err.code ? err : sdl_error();
    }
    return err;
}

/* ---- a screen ---- */

struct qkv_err screen_new(SDL_Window *window, struct fonts *fonts, struct screen **ret)
{
    struct screen *s = calloc(1, sizeof *s);
    if (!s)
        return qkv_nomem("a window");
    *s = (struct screen){.window = window, .fonts = fonts};
    if (wants_renderer() || !SDL_GetWindowSurface(window))
        s->renderer = SDL_CreateRenderer(window, -1, SDL_RENDERER_PRESENTVSYNC);
    struct qkv_err err =
        s->renderer || SDL_GetWindowSurface(window) ? painter_new(s->renderer, fonts, &s->painter) : sdl_error();
    if (err.code)
        screen_free(s);
    else
        *ret = s;
    return err;
}

void screen_free(struct screen *s)
{
    if (!s)
        return;
    painter_free(s->painter);
    if (s->renderer)
        SDL_DestroyRenderer(s->renderer);
    SDL_FreeSurface(s->copy);
    free(s);
}

bool screen_size(struct screen *s, int *ret_width, int *ret_height)
{
    if (s->renderer)
        return SDL_GetRendererOutputSize(s->renderer, ret_width, ret_height) == 0;
    const SDL_Surface *surface = SDL_GetWindowSurface(s->window);
    if (surface)
        *ret_width = surface->w, *ret_height = surface->h;
    return surface;
}

struct qkv_err screen_show(struct screen *s, const struct display_list *list)
{
    if (!s->renderer)
        return show_pixels(s, list);
    struct qkv_err err = painter_draw(s->painter, list);
    SDL_RenderPresent(s->renderer);
    return err;
}

void screen_lost(struct screen *s)
{
    if (s->renderer)
        painter_reset(s->painter);
    else
        painter_aim(s->painter, (struct raster){0}); /* at nothing, until the next page */
}
