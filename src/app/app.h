/* app.h: the program's state and the only code that changes it.
 *
 *   SDL event -> action -> app_update -> scene_build -> display list -> paint
 *
 * Nothing here knows SDL: tests drive the app with the same actions a window sends. */
#ifndef QKV_APP_APP_H
#define QKV_APP_APP_H

#include "scene/scene.h"

/* What a person did. */
enum action_kind {
    ACTION_COMMAND, /* a control: command and its argument */
    ACTION_KEY,     /* a key with a name: text ("Right", "F1"), with shift or control; control also with a letter */
    ACTION_TEXT,    /* text was typed or came from an input method */
    ACTION_COMPOSE, /* an input method is at work on this text */
    ACTION_POINT,   /* the pointer moved to x, y */
    ACTION_CLICK,   /* a press at x, y */
    ACTION_AWAY,    /* the pointer left the window */
    ACTION_DRAG,    /* the same with the button held that a click pressed */
    ACTION_WHEEL,   /* argument: lines, positive is away from the person; x, y: where; with shift or control */
    ACTION_RESIZE   /* x, y: the page's new size in pixels */
};
struct action {
    enum action_kind kind;
    int command, argument;
    float x, y;
    const char *text;
    bool shift, control;
};

/* The system's clipboard, for whoever has one. A copy is the caller's to free. */
struct clipboard {
    char *(*get)(void);
    void (*set)(const char *text);
};

/* A change on its way: the page it began with and when. */
struct transition {
    bool on;
    double start, length; /* seconds */
    struct display_list from;
};

struct app {
    struct lesson lesson;
    struct walk walk;
    struct comparison comparison; /* with what the lesson is beside of, if it is */
    struct view view;
    struct measure measure;
    struct clipboard clipboard; /* functions may be NULL */
    struct str source;          /* what was opened: a lesson's name or a path */
    const char *const *set; /* with these settings changed, as in struct lesson_options; whoever gave them owns them */
    size_t n_set;
    const char *weights; /* in place of the lesson's, as --weights has them; the caller's, as `set` is; NULL: none */
    struct lesson_line *lessons; /* owned; the built-in ones */
    struct lesson *catalogue;    /* owned; the lessons those lines point into */
    struct display_list page;    /* the last page built; what the pointer is over */
    struct {
        bool on; /* the page was built for this place; only then do its matrices hold cells that can be pointed at */
        size_t position;
        bool compare;
        enum page page;
    } built;
    struct transition transition;
    double now;       /* seconds, from any start; set by app_tick */
    double play_next; /* when the next cell fills */
    bool map_held;    /* the button is held that was pressed on the map of a large matrix */
    bool hover;       /* the cursor is where the pointer is, not where keys put it */
    bool dirty;       /* what is on the screen is not what should be */
    bool quit;
    bool fullscreen;
    char message[256]; /* what view.message points to */
};

extern const struct command_info command_table[]; /* CMD_COUNT rows */

/* Open a lesson. `measure` knows the fonts; it and the options' settings outlive the app. On error *app is as after app_finish. */
QKV_CHECKED struct qkv_err app_init(struct app *app, const char *lesson, const struct lesson_options *options,
                                    struct measure measure);
void app_finish(struct app *app);

/* Carry out an action; sets app->dirty when the screen has to change. Cannot fail: what cannot be done is said in
 * view.message and everything stays as it was. */
void app_update(struct app *app, struct action action);

/* What a key ("Right", "PageDown") or a typed character ("s") asks for: its command, and as the argument which of the
 * command's keys it is. A key that means nothing gives CMD_NOTHING. */
struct action action_of_key(const char *key);

/* Time has come to `now` seconds: playing and transitions go on. Returns the seconds until it has to be called again,
 * or -1: not before something happens. */
double app_tick(struct app *app, double now);

/* Build what is on the screen now and return the list to draw: the page, or the way to it (in *scratch, the caller's).
 * It is good until the next call. NULL: no memory; what is on the screen stays. */
const struct display_list *app_draw(struct app *app, struct display_list *scratch);

/* ---- the walk, for commands and tests ---- */

/* Go to a position of the walk; the cursor and the pin stay behind, as after any stride. */
void app_go(struct app *app, size_t position);
QKV_CHECKED struct qkv_err app_open(struct app *app, const char *lesson, const struct lesson_options *options);

/* A lesson that was read and is not on the screen yet: what can fail when a lesson is opened, apart from what cannot. */
struct opened {
    struct lesson lesson;
    struct walk walk;
    struct comparison comparison;
    struct str source;
    const char *const *set; /* the caller's, who keeps them as long as the lesson is open */
    size_t n_set;
    const char *weights; /* in place of the lesson's, as --weights has them; the caller's, as `set` is; NULL: none */
};
QKV_CHECKED struct qkv_err opened_init(struct opened *opened, const char *name, const struct lesson_options *options);
void opened_finish(struct opened *opened);
/* Show it from its start; the app takes it over and *opened is zeroed. */
void app_show(struct app *app, struct opened *opened);

/* ---- what is on the screen as one line of text (state.c) ---- */

/* "lesson=one-head at=scores filled=12 stride=cell head=2 theme=dark ..." */
void state_print(const struct app *app, struct str *to);
/* Its words, a line each: name, what can stand there, what it is. */
void state_explain(struct str *to);
/* Bring the app there. Error: QKV_ERR_DOMAIN: what in the line is not understood; the app is as it was. */
QKV_CHECKED struct qkv_err state_apply(struct app *app, const char *line);

#endif
