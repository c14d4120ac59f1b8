/* app.h: the program's state and the only code that changes it.
 *
 *   SDL event -> action -> app_update;  app_draw -> scene_build -> display list -> paint
 *
 * Nothing here knows SDL: tests drive the app with the same actions a window sends. */
#ifndef QKV_APP_APP_H
#define QKV_APP_APP_H

#include "app/input.h"
#include "app/job.h"
#include "lesson/memo.h"

/* The system's clipboard; both functions are NULL where there is none. A copy is the caller's to free. */
struct clipboard {
    char *(*get)(void);
    void (*set)(const char *text);
};

/* Capabilities the host gives. */
struct fonts;
struct host {
    bool files;          /* the person's files can be read and written */
    struct fonts *fonts; /* to draw pages into them; NULL: no pages */
    size_t measures;     /* so many lengths of text are measured on the page of costs, from the shortest; 0: none */
};

/* A change on its way: the page it began with and when. */
struct transition {
    bool on;
    double start; /* seconds */
    struct display_list from;
};

/* What moves by itself. Times are in seconds, as of app_tick. */
struct animation {
    bool playing;
    double play_next; /* when the next cell fills */
    float flash;      /* 1..0: cells that the last change changed light up, and fade */
    double flash_start;
    struct transition transition;
};

/* The person's files, and the session that is saved by itself. */
struct files {
    struct str session_path;   /* what was opened or saved last; empty: none was */
    struct str overwrite_path; /* the file that a second Enter overwrites */
    struct autosave *autosave; /* NULL: nothing is saved by itself (autosave.h) */
    const char *offer;         /* "There is an unsaved session."; NULL: there is none */
};

struct app {
    /* The documents: what is walked, the same without settings and edits (NULL: it has none), and what was here
     * before. */
    struct document doc;                    /* its lesson is NULL as long as the first is computed */
    const struct lesson *baseline, *before; /* counted references */
    struct comparison baseline_comparison;  /* made when it is asked for */
    struct moved moved;                     /* how far the last step is from the baseline's */
    struct history history;
    struct lesson_cache cache;
    struct memo *memo; /* what a job need not compute again; NULL: nothing is kept yet */
    struct job *job;  /* owned; the document that is computed in the background, or NULL */
    struct ask next;  /* in a drag: what is computed after that; no source: nothing */
    /* Seconds that an action waits for a document: INFINITY (tests, command line): to its end; a window sets one
     * frame. */
    double patience;
    unsigned long changes; /* number of documents shown so far */
    struct view_state state;
    struct input input;
    struct animation animation;
    struct files files;
    struct display_list page; /* the last page built; what the pointer is over */
    struct {
        bool on; /* the page was built for this place; only then do its matrices hold cells that can be pointed at */
        size_t position;
        enum compare compare;
        enum page page;
    } built;
    struct measure measure;
    struct clipboard clipboard; /* functions may be NULL */
    struct host host;
    const struct lesson_line *lessons; /* the built-in ones: catalogue.h */
    float width, height;               /* of the page, in pixels */
    float density;                     /* pixels per unit of an ordinary display */
    double now;                        /* seconds, from any start; set by app_tick */
    float progress;                    /* of the job: 0..1 */
    bool dirty;                        /* what is on the screen is not what should be */
    bool quit;
    struct { /* why the first document cannot be computed, and what asked for it */
        struct qkv_err err;
        struct request request;
    } refused;
    bool fullscreen;
    char message[256]; /* said until the next action; empty: nothing */
};

/* What a page is built from, derived from the app as it is now: into *ret, which is returned. It holds until the app
 * changes. VIEW gives one that lives as long as the block around it. */
const struct view *app_view(const struct app *app, struct view *ret);
#define VIEW(app) app_view((app), &(struct view){0})

typedef void command_function(struct app *app, int argument);
struct command_row {
    struct command_info shown;
    command_function *run;
    int argument;    /* what it is run with; 0: what was sent */
    const char *key; /* in place of `run`: the key of the view state that gets another value */
    enum page page;  /* of `key`, on another page: opens this page and does no more */
};
extern const struct command_row command_table[]; /* CMD_COUNT rows */
/* Run it (-1: none). As long as there is no lesson, commands can only stop the app. */
void command_run(struct app *app, int command, int argument);
const struct command_info *command_shown(int command);

/* Open a lesson or a session (NULL: the first lesson), in the state of a line (NULL: as it opens). `measure` knows the
 * fonts; it outlives the app. On error *app is as after app_finish. */
QKV_CHECKED struct qkv_err app_init(struct app *app, const char *lesson, const char *state, struct measure measure);
/* The same for a request, which names a lesson. What takes longer than so many seconds is computed in the background: *r
 * is empty then, and the app has no lesson yet. app_draw says so, Escape quits, and app_tick shows the lesson when it is
 * there, or quits and says in `refused` why not. */
QKV_CHECKED struct qkv_err app_begin(struct app *app, struct request *r, struct measure measure, double patience);
void app_finish(struct app *app);

/* Carry out an action; sets app->dirty when the screen has to change. Cannot fail: what cannot be done is said in
 * app->message and everything stays as it was. */
void app_update(struct app *app, struct action action);

/* Is there a number under the pointer that is dragged to the left and right? The pointer's shape says so. */
bool app_drags_across(const struct app *app, float x, float y);

/* What a key ("Right", "PageDown") or a typed character ("s") asks for: its command, and as the argument which of the
 * command's keys it is. A key that means nothing gives CMD_NOTHING. */
struct action action_of_key(const char *key);
/* The same for a key or a text as it was pressed, in what is on the screen: some keys mean another command there. */
struct action command_of(const struct app *app, const struct action *key);

/* Time has come to `now` seconds: playing and transitions go on. Returns the seconds until it has to be called again,
 * or -1: not before something happens. */
double app_tick(struct app *app, double now);

/* Build what is on the screen now and return the list to draw: the page, or the way to it (in *scratch, the caller's).
 * It is good until the next call. NULL: no memory; what is on the screen stays. */
const struct display_list *app_draw(struct app *app, struct display_list *scratch);

/* ---- the walk, for commands and tests ---- */

/* Go to a position of the walk; the cursor and the pin stay behind, as after any stride. */
void app_go(struct app *app, size_t position);
/* Open a lesson from its start, or a session where it was left: one change that can be undone, computed in the
 * background where it takes long. False: the message says why. */
bool app_open_here(struct app *app, const char *lesson);

/* What the newest document that was asked for has changed: what a change starts from. */
const struct overrides *app_overrides(const struct app *app);

/* Compute the lesson anew with these changes, and stay at the place; what was is remembered for undo. Takes *next
 * over. False: it cannot be, or err.code says why *next could not be made: the message says so, and everything is as it
 * was. What takes longer than `patience` is computed in the background: then true is returned at once, and app_tick
 * shows it when it is done, unless a field is open or a press goes on. A document that was just shown has no cells that
 * can be hit until app_draw built its page. */
bool app_change(struct app *app, struct qkv_err err, struct overrides *next);

/* Wait for what is being computed in the background, and show it. */
void app_wait(struct app *app);

void app_undo(struct app *app);
void app_redo(struct app *app);
/* Compare with the baseline. Error: QKV_ERR_NOMEM; then there is nothing to compare with. */
QKV_CHECKED struct qkv_err app_compare_baseline(struct app *app);

/* ---- what is on the screen as keys (keys.h), and back (keep.c) ---- */

/* Open what is asked for, with what is asked to be changed in it, and go there. A request that names no lesson stays
 * in the one that is open, with what is changed in it. Nothing is added to what can be undone. It waits as long as
 * `patience` says. On an error the app is as it was. */
QKV_CHECKED struct qkv_err app_apply(struct app *app, struct request *r);

/* As a state line, added to *to; and back. */
void state_print(const struct app *app, struct str *to);
QKV_CHECKED struct qkv_err state_apply(struct app *app, const char *line);

/* The whole with a path that holds from anywhere, as a session's text (session_print) or as a line
 * (request_print_line). Error: QKV_ERR_DOMAIN: the lesson came from standard input. */
QKV_CHECKED struct qkv_err session_of(const struct app *app, session_printer *print, struct str *to);
/* The session as a file. */
QKV_CHECKED struct qkv_err session_write(const struct app *app, const char *path);

#endif
