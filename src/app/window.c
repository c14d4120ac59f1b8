#include "app/window.h"
#include "app/app_parts.h"

#include "app/autosave.h"
#include "app/screen.h"

#include <SDL.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_WIDTH = 640, LEAST_HEIGHT = 480 };

struct window {
    struct app *app;
    SDL_Window *window;
    struct screen *screen;
    struct display_list scratch; /* pages on the way */
    bool failed;                 /* the last page could not be drawn whole */
    SDL_Cursor *across;          /* over a number that is dragged to the left and right; NULL: the system has none */
    bool shows_across;
    bool fullscreen; /* as the window is; the app says how it should be */
};

/* Pixels of the page for a point of the window: 2 on a high-DPI display. */
static float density_of(const struct window *w)
{
    int points = 1, pixels = 1, unused;
    SDL_GetWindowSize(w->window, &points, &unused);
    screen_size(w->screen, &pixels, &unused);
    return points > 0 ? (float)pixels / (float)points : 1;
}

static void take_size(struct window *w)
{
    int width, height;
    if (!screen_size(w->screen, &width, &height))
        return;
    w->app->density = density_of(w);
    app_update(w->app, (struct action){.kind = ACTION_RESIZE, .x = (float)width, .y = (float)height});
    w->app->dirty = true;
}

/* The system's clipboard. SDL's memory becomes ours, so that the app can free it. */
static char *clipboard_get(void)
{
    char *text = SDL_GetClipboardText();
    char *copy = text ? strdup(text) : NULL;
    SDL_free(text);
    return copy;
}

static void clipboard_set(const char *text)
{
    SDL_SetClipboardText(text);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static struct qkv_err open_window(struct window *w, int width, int height)
{
    /* What panels and docks leave free. A frame and a title take some of it. */
    enum { FRAME_WIDTH = 16, FRAME_HEIGHT = 48 };
    SDL_Rect free_part = {0, 0, width + FRAME_WIDTH, height + FRAME_HEIGHT};
    Uint32 flags = SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI;
    int x = SDL_WINDOWPOS_CENTERED, y = SDL_WINDOWPOS_CENTERED;
    bool known = SDL_GetDisplayUsableBounds(0, &free_part) == 0 && free_part.w > 0 && free_part.h > 0;
    if (known && (width + FRAME_WIDTH > free_part.w || height + FRAME_HEIGHT > free_part.h)) {
        flags |= SDL_WINDOW_MAXIMIZED;
        width = least(width, free_part.w);
        height = least(height, free_part.h);
        x = free_part.x + (free_part.w - width) / 2;
        y = free_part.y + (free_part.h - height) / 2;
    }
    const struct lesson *title = w->app->doc.lesson;
    w->window = SDL_CreateWindow(title ? title->title : "qkv", x, y, width, height, flags);
    if (!w->window)
        return qkv_errf(QKV_ERR_IO, "cannot open a window: %s", SDL_GetError());
    SDL_SetWindowMinimumSize(w->window, least(LEAST_WIDTH, width), least(LEAST_HEIGHT, height));
    return (struct qkv_err){0};
}

/* Without a display SDL takes its last resorts, which draw where nobody sees it; they are for who asks by name. */
static bool has_display(void)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    if (SDL_getenv("SDL_VIDEODRIVER"))
        return true;
    return driver && strcmp(driver, "offscreen") != 0 && strcmp(driver, "dummy") != 0 && strcmp(driver, "evdev") != 0;
}

static struct qkv_err no_display(const char *why)
{
    return qkv_errf(QKV_ERR_IO,
                    "there is no display to open a window on (%s); `qkv walk` writes the lesson as text and "
                    "`qkv render LESSON -o DIR` draws its pages",
                    why);
}

struct qkv_err window_new(struct app *app, struct fonts *fonts, int width, int height, struct window **ret)
{
    /* Control-C and a system that shuts down end the program at once, as they end others. */
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    screen_prepare();
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0)
        return no_display(SDL_GetError());
    if (!has_display()) {
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return no_display("DISPLAY and WAYLAND_DISPLAY name none");
    }
    struct window *w = calloc(1, sizeof *w);
    if (!w) {
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return qkv_nomem("a window");
    }
    w->app = app;
    struct qkv_err err = open_window(w, width, height);
    if (!err.code)
        err = screen_new(w->window, fonts, &w->screen);
    if (err.code) {
        window_free(w);
        return err;
    }
    app->clipboard = (struct clipboard){clipboard_get, clipboard_set};
    app->host = (struct host){.files = true, .fonts = fonts, .measures = UNTAPED_LENGTHS};
    app->patience = 1.0 / 60; /* a frame */
    take_size(w);
    *ret = w;
    return err;
}

/* On X11, SDL wakes a loop that waits by a message to the window, over a connection of its own. One that arrives when
 * the window is gone ends the program with an error: the display gets a moment to read it, and says that it is there. */
static void settle(void)
{
    enum { MOMENT_MS = 10, MOMENTS = 3 };
    SDL_Rect unused;
    for (int i = 0; i < MOMENTS; i++) {
        SDL_Delay(MOMENT_MS);
        SDL_GetDisplayUsableBounds(0, &unused);
    }
}

void window_free(struct window *w)
{
    if (!w)
        return;
    screen_free(w->screen);
    if (w->across)
        SDL_FreeCursor(w->across);
    if (w->window) {
        settle();
        SDL_DestroyWindow(w->window);
    }
    display_finish(&w->scratch);
    free(w);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
}

/* ---- events become actions ---- */

static void press_key(struct window *w, const SDL_KeyboardEvent *event)
{
    SDL_Keycode code = event->keysym.sym;
    bool ctrl = event->keysym.mod & (KMOD_CTRL | KMOD_GUI);
    if (event->keysym.mod & KMOD_ALT)
        return;
    /* What types a character comes as text, whatever the keyboard's layout; only keys with names, and letters with
     * Control, are taken here. */
    const char *name = SDL_GetKeyName(code == SDLK_KP_ENTER ? SDLK_RETURN : code);
    char letter[2] = {code >= SDLK_a && code <= SDLK_z ? (char)code : '\0', '\0'};
    if (ctrl && letter[0])
        name = letter;
    if (strlen(name) > 1 || ctrl)
        app_update(
            w->app,
            (struct action){.kind = ACTION_KEY, .text = name, .shift = event->keysym.mod & KMOD_SHIFT, .ctrl = ctrl});
}

static void type_text(struct window *w, enum action_kind kind, const char *text)
{
    app_update(w->app, (struct action){.kind = kind, .text = text});
}

/* Input methods show their choices beside the caret. */
static void follow_caret(const struct window *w)
{
    float density = density_of(w);
    const struct display_list *page = &w->app->page;
    for (size_t i = 0; w->app->input.field.on && i < page->n; i++) {
        const struct item *item = &page->items[i];
        if (strcmp(item->part, "field.caret") != 0)
            continue;
        SDL_Rect at = {(int)(item->box.x / density), (int)(item->box.y / density), 1, (int)(item->box.h / density)};
        SDL_SetTextInputRect(&at);
    }
}

static struct action at_pointer(const struct window *w, enum action_kind kind, int x, int y)
{
    float density = density_of(w);
    return (struct action){.kind = kind, .x = (float)x * density, .y = (float)y * density};
}

/* The shape of the pointer says which way a number can be dragged. */
static void follow_pointer(struct window *w, const struct action *at)
{
    bool across = app_drags_across(w->app, at->x, at->y);
    if (across == w->shows_across)
        return;
    w->shows_across = across;
    if (across && !w->across)
        w->across = SDL_CreateSystemCursor(SDL_SYSTEM_CURSOR_SIZEWE);
    SDL_SetCursor(across && w->across ? w->across : SDL_GetDefaultCursor());
}

static void point(struct window *w, const SDL_MouseMotionEvent *event)
{
    struct action action = at_pointer(w, ACTION_POINT, event->x, event->y);
    app_update(w->app, action);
    follow_pointer(w, &action);
}

static void press_button(struct window *w, const SDL_MouseButtonEvent *event)
{
    bool down = event->type == SDL_MOUSEBUTTONDOWN;
    struct action action = at_pointer(w, down ? ACTION_PRESS : ACTION_RELEASE, event->x, event->y);
    SDL_Keymod keys = SDL_GetModState();
    action.argument = event->clicks;
    action.ctrl = keys & (KMOD_CTRL | KMOD_GUI);
    action.shift = keys & KMOD_SHIFT;
    /* A number that is dragged goes on changing when the pointer leaves the window. */
    SDL_CaptureMouse(down ? SDL_TRUE : SDL_FALSE);
    app_update(w->app, action);
}

static void turn_wheel(struct window *w, const SDL_MouseWheelEvent *event)
{
    int x, y;
    SDL_GetMouseState(&x, &y);
    struct action action = at_pointer(w, ACTION_WHEEL, x, y);
    SDL_Keymod keys = SDL_GetModState();
    action.ctrl = keys & (KMOD_CTRL | KMOD_GUI);
    action.shift = keys & KMOD_SHIFT || (event->x != 0 && event->y == 0);
    /* A wheel that is turned sideways goes with the columns: to the right, its x is positive. */
    action.argument = event->y != 0 ? event->y : -event->x;
    app_update(w->app, action);
}

static void window_event(struct window *w, const SDL_WindowEvent *event)
{
    switch (event->event) {
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        take_size(w);
        break;
    case SDL_WINDOWEVENT_EXPOSED:
        screen_lost(w->screen);
        w->app->dirty = true;
        break;
    case SDL_WINDOWEVENT_LEAVE:
        app_update(w->app, (struct action){.kind = ACTION_AWAY});
        break;
    default:
        break;
    }
}

static void take_event(struct window *w, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_QUIT:
        w->app->quit = true;
        break;
    case SDL_WINDOWEVENT:
        window_event(w, &event->window);
        break;
    case SDL_KEYDOWN:
        press_key(w, &event->key);
        break;
    case SDL_TEXTINPUT:
        type_text(w, ACTION_TEXT, event->text.text);
        break;
    case SDL_TEXTEDITING:
        type_text(w, ACTION_COMPOSE, event->edit.text);
        break;
    case SDL_MOUSEMOTION:
        point(w, &event->motion);
        break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        if (event->button.button == SDL_BUTTON_LEFT)
            press_button(w, &event->button);
        break;
    case SDL_MOUSEWHEEL:
        turn_wheel(w, &event->wheel);
        break;
    case SDL_DROPFILE:
        if (w->app->doc.lesson)
            app_open_here(w->app, event->drop.file);
        SDL_free(event->drop.file);
        break;
    case SDL_RENDER_TARGETS_RESET:
    case SDL_RENDER_DEVICE_RESET:
        screen_lost(w->screen);
        w->app->dirty = true;
        break;
    default:
        break;
    }
}

/* ---- frames ---- */

static void follow_fullscreen(struct window *w)
{
    if (w->fullscreen == w->app->fullscreen)
        return;
    w->fullscreen = w->app->fullscreen;
    if (SDL_SetWindowFullscreen(w->window, w->fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0) == 0)
        take_size(w);
}

static void draw(struct window *w)
{
    const struct display_list *list = app_draw(w->app, &w->scratch);
    if (!list)
        return;
    struct qkv_err err = screen_show(w->screen, list);
    if (err.code && !w->failed)
        app_say(w->app, "%s", err.what); /* said once: saying it takes another page */
    w->failed = err.code != QKV_OK;
    follow_caret(w);
}

static double seconds(void)
{
    return (double)SDL_GetPerformanceCounter() / (double)SDL_GetPerformanceFrequency();
}

/* The pointer has moved on already: only where it is now counts, or a number that is dragged would lag behind the hand
 * wherever computing takes longer than moving. Cells that are painted are those that it passed. */
static bool is_outrun(const struct window *w, const SDL_Event *event)
{
    SDL_Event next;
    return event->type == SDL_MOUSEMOTION && w->app->input.press.kind != PRESS_PAINT &&
           SDL_PeepEvents(&next, 1, SDL_PEEKEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) == 1 && next.type == SDL_MOUSEMOTION;
}

/* Take the events that are waiting, let time pass, draw if something changed. Returns the seconds until it has to be
 * called again, or -1: not before an event. */
static double run_frame(struct window *w)
{
    SDL_Event event;
    const unsigned long changes = w->app->changes;
    while (!w->app->quit && SDL_PollEvent(&event))
        if (!is_outrun(w, &event))
            take_event(w, &event);
    follow_fullscreen(w);
    double wait = app_tick(w->app, seconds());
    if (changes != w->app->changes)
        SDL_SetWindowTitle(w->window, w->app->doc.lesson->title);
    if (w->app->dirty && !w->app->quit)
        draw(w);
    autosave_follow(w->app);
    return wait;
}

void window_frame(struct window *window)
{
    run_frame(window);
}

void window_loop(struct window *window, bool opening)
{
    const double frame = 1.0 / 60;
    while (!window->app->quit && !(opening && window->app->doc.lesson)) {
        Uint64 start = SDL_GetPerformanceCounter();
        double wait = run_frame(window);
        if (window->app->quit)
            return;
        if (wait < 0) {
            SDL_WaitEvent(NULL);
            continue;
        }
        double spent = (double)(SDL_GetPerformanceCounter() - start) / (double)SDL_GetPerformanceFrequency();
        SDL_WaitEventTimeout(NULL, (int)ceil(1000 * fmax(wait, frame - spent)));
    }
}
