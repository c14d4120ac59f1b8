#include "app/autosave.h"

#include "app/app_parts.h"
#include "base/file.h"
#include "base/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char ending[] = ".session.yaml";
/* Where only the place is to go on from: one file, never offered. */
static const char place_file[] = "place.session.yaml";

/* A session and the file that says whether somebody is at work on it. */
struct kept {
    struct str path, hold_path;
    int hold; /* -1: not held */
};

struct autosave {
    struct str folder, place; /* place: the path of place_file */
    struct kept own, found;   /* found: what a crash left, while it is offered */
    char offer[96];           /* what view.offer points to */
    bool written;             /* there is an own file */
    bool opening;             /* what was found is being computed */
    unsigned long before;     /* changes of the app then */
    bool going_on;            /* nobody asked for it: how to get away is said */
    bool failed;              /* it could not be written, and that was said */
    unsigned long changes;    /* of the app, as they were written */
    size_t position;
    double when; /* of the last writing */
};

static void kept_finish(struct kept *kept)
{
    if (kept->hold >= 0)
        file_unlock(kept->hold);
    str_finish(&kept->path);
    str_finish(&kept->hold_path);
    kept->hold = -1;
}

static void kept_remove(struct kept *kept)
{
    file_remove(str_text(&kept->path));
    file_remove(str_text(&kept->hold_path));
    kept_finish(kept);
}

/* Hold the session at a path; no error: it is ours. */
static struct qkv_err kept_hold(struct kept *kept, const char *path)
{
    str_add(&kept->path, path);
    /* A process that is killed before it wrote anything leaves only this, which folder_clean finds. */
    str_addf(&kept->hold_path, "%s.hold" FILE_PART_ENDING, path);
    if (kept->path.failed || kept->hold_path.failed)
        return qkv_nomem("the session's file");
    return file_lock(kept->hold_path.v, &kept->hold);
}

static void find_folder(struct str *ret)
{
    const char *own = getenv("QKV_STATE_DIR"), *home = getenv("HOME");
#if defined(__APPLE__)
    static const char below[] = "Library/Application Support/qkv";
    const char *state = NULL;
#else
    static const char below[] = ".local/state/qkv";
    const char *state = getenv("XDG_STATE_HOME");
#endif
    if (own && own[0])
        str_add(ret, own);
    else if (state && state[0] == '/')
        str_addf(ret, "%s/qkv", state);
    else if (home && home[0])
        str_addf(ret, "%s/%s", home, below);
}

/* ---- what a crash left ---- */

/* The newest session that nobody holds. It is held from now on, so that no other window offers it as well. */
static void find_left(struct autosave *a, bool places)
{
    struct str path = {0};
    time_t newest = 0;
    for (bool more = folder_next(a->folder.v, ending, NULL, &path); more;
         more = folder_next(a->folder.v, ending, path.v, &path)) {
        struct kept one = {.hold = -1};
        time_t when = file_time(path.v);
        if (when == 0 || when <= newest || (strcmp(path.v, a->place.v) == 0 && !places) ||
            kept_hold(&one, path.v).code) {
            kept_finish(&one);
            continue;
        }
        kept_finish(&a->found);
        a->found = one;
        newest = when;
    }
    str_finish(&path);
}

static void offer(struct app *app)
{
    struct autosave *a = app->files.autosave;
    time_t when = file_time(a->found.path.v);
    char text[64] = "";
    struct tm local;
    if (localtime_r(&when, &local))
        strftime(text, sizeof text, " of %d %B, %H:%M", &local);
    snprintf(a->offer, sizeof a->offer, "There is an unsaved session%s.", text);
    app->files.offer = a->offer;
    app->dirty = true;
}

static bool has_offer(const struct app *app)
{
    return app->files.autosave && app->files.offer;
}

static void end_offer(struct app *app)
{
    app->files.offer = NULL;
    app->dirty = true;
    kept_finish(&app->files.autosave->found);
}

/* ---- writing ---- */

static void write_own(struct app *app)
{
    struct autosave *a = app->files.autosave;
    a->changes = app->changes;
    a->position = app->state.position;
    a->when = app->now;
    struct qkv_err err = session_write(app, a->own.path.v);
    a->written |= !err.code;
    if (err.code && !a->failed)
        app_say(app, "What you change cannot be kept for a crash: %s", err.what);
    a->failed = err.code != QKV_OK;
}

/* The session that was offered is on the screen. */
static void finish_opening(struct app *app)
{
    struct autosave *a = app->files.autosave;
    if (!a->opening || app->job)
        return;
    a->opening = false;
    if (app->changes == a->before)
        return;                          /* it was stopped */
    str_clear(&app->files.session_path); /* it is in no file of the person's */
    write_own(app);
    /* Only now that it is kept here, too, is what the crash left needed no more. */
    if (!a->failed)
        kept_remove(&a->found);
    end_offer(app);
    if (a->going_on)
        app_say(app, "You go on where you were. Ctrl+Z goes to the start.");
    a->going_on = false;
}

void autosave_follow(struct app *app)
{
    struct autosave *a = app->files.autosave;
    if (!a)
        return;
    finish_opening(app);
    if (a->own.hold < 0)
        return;
    bool changed = a->changes != app->changes, moved = a->position != app->state.position;
    /* A drag is a change a frame: the disk is not to slow it down. */
    bool now = changed && app->input.press.kind == PRESS_NONE;
    if (now || ((changed || moved) && app->now - a->when >= AUTOSAVE_SECONDS))
        write_own(app);
}

void autosave_begin(struct app *app, bool resume)
{
    struct autosave *a = calloc(1, sizeof *a);
    if (!a)
        return; /* there is hardly memory for a window */
    a->own.hold = a->found.hold = -1;
    app->files.autosave = a;
    struct str path = {0};
    find_folder(&a->folder);
    struct qkv_err err = a->folder.n ? folder_make(a->folder.v) : qkv_errf(QKV_ERR_IO, "there is no home folder");
    if (!err.code) {
        folder_clean(a->folder.v);
        str_addf(&a->place, "%s/%s", a->folder.v, place_file);
        if (!a->place.failed)
            find_left(a, resume);
        /* A process of that number crashed once: its session keeps the name. */
        for (int i = 1; i == 1 || (file_exists(str_text(&path)) && i < 1000); i++) {
            str_clear(&path);
            str_addf(&path, "%s/%ld-%d%s", a->folder.v, (long)getpid(), i, ending);
        }
        err = kept_hold(&a->own, str_text(&path));
    }
    str_finish(&path);
    a->changes = app->changes;
    a->position = app->state.position;
    if (err.code)
        app_say(app, "What you change cannot be kept for a crash: %s", err.what);
    if (a->found.path.n)
        offer(app);
    if (a->found.path.n && resume) {
        a->going_on = true;
        autosave_answer(app, CMD_OFFER_OPEN);
    }
}

/* What was changed waits under the name of this process; a mere place under one that the next place replaces. */
static void keep_own(struct app *app)
{
    struct autosave *a = app->files.autosave;
    if (a->own.hold < 0)
        return;
    bool moved = a->written || a->changes != app->changes || a->position != app->state.position;
    if (moved)
        write_own(app);
    bool changed = !overrides_is_empty(&app->doc.overrides);
    if (moved && !changed && rename(str_text(&a->own.path), str_text(&a->place)) != 0)
        changed = true; /* better offered than lost */
    if (moved && !a->failed && changed) {
        file_remove(str_text(&a->own.hold_path));
        kept_finish(&a->own);
    } else {
        kept_remove(&a->own);
    }
}

void autosave_end(struct app *app)
{
    struct autosave *a = app->files.autosave;
    if (!a)
        return;
    app->files.offer = NULL;
    kept_finish(&a->found);
    keep_own(app);
    str_finish(&a->folder);
    str_finish(&a->place);
    free(a);
    app->files.autosave = NULL;
}

/* ---- what becomes of the offer ---- */

void autosave_dismiss(struct app *app)
{
    if (has_offer(app))
        end_offer(app);
}

void autosave_answer(struct app *app, int command)
{
    struct autosave *a = app->files.autosave;
    if (!has_offer(app))
        return;
    if (command == CMD_OFFER_OPEN) {
        /* Where it cannot be opened the message says why, and the offer stays. */
        a->before = app->changes;
        a->opening = app_open_here(app, a->found.path.v);
        finish_opening(app);
        return;
    }
    if (command == CMD_OFFER_DELETE)
        kept_remove(&a->found);
    end_offer(app);
    app_say(app, command == CMD_OFFER_DELETE
                     ? "The unsaved session is deleted."
                     : "The unsaved session stays where it is, and is offered again at the next start.");
}
