/* A session survives a crash: what a process that was killed had on the screen is offered to the next. */
#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "test_app.h"

#include "app/autosave.h"
#include "base/file.h"
#include "base/folder.h"
#include "support/scratch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct app start(void)
{
    struct app app = app_at("one-head", NULL);
    autosave_begin(&app, false);
    return app;
}

static void finish(struct app *app)
{
    autosave_end(app);
    app_finish(app);
}

/* `qkv` alone. */
static struct app go_on(void)
{
    struct app app = app_at(NULL, NULL);
    autosave_begin(&app, true);
    return app;
}

/* As a window does after each thing that happens. */
static void after_frame(struct app *app, double now)
{
    app_tick(app, now);
    autosave_follow(app);
}

static size_t files(void)
{
    OWN(str) path = {0};
    size_t n = 0;
    for (bool more = folder_next(scratch_folder(), ".yaml", NULL, &path); more;
         more = folder_next(scratch_folder(), ".yaml", path.v, &path))
        n++;
    return n;
}

/* So that the next test finds nothing. */
static void forget(void)
{
    OWN(str) path = {0};
    while (folder_next(scratch_folder(), ".yaml", NULL, &path))
        file_remove(path.v);
}

static bool kept_says(const char *wanted)
{
    OWN(str) path = {0}, text = {0};
    if (folder_next(scratch_folder(), ".yaml", NULL, &path))
        assert_ok(file_read(path.v, SESSION_BYTES_MAX, &text));
    return strstr(str_text(&text), wanted) != NULL;
}

static void change(struct app *app, const char *sentence)
{
    give(app, CMD_SENTENCE, 0);
    type(app, sentence);
    press(app, "Return");
    assert_string_equal(app->doc.lesson->sentence.text, sentence);
}

/* Another process changes something, and is killed as by a crash. */
static void crash(const char *sentence)
{
    fflush(stdout);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct app app = start();
        press(&app, "Escape"); /* leaves what others left */
        change(&app, sentence);
        give(&app, CMD_STEP, 3);
        after_frame(&app, 10);
        raise(SIGKILL);
        _exit(0);
    }
    int status;
    assert_true(waitpid(pid, &status, 0) == pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST(what_a_killed_process_showed_is_offered_and_opened)
{
    crash("the dogs slept");
    assert_int_equal(files(), 1);
    struct app app = start();
    assert_non_null(app.files.offer);
    assert_non_null(strstr(app.files.offer, "unsaved session of"));
    key(&app, "Return");
    assert_null(app.files.offer);
    assert_string_equal(app.doc.lesson->sentence.text, "the dogs slept");
    assert_int_equal(walk_place(&app.doc.lesson->walk, app.state.position).at, 3);
    /* It is in this window's file now, before the old one went. */
    assert_int_equal(files(), 1);
    assert_true(kept_says("the dogs slept"));
    give(&app, CMD_UNDO, 0);
    assert_true(overrides_is_empty(&app.doc.overrides));
    finish(&app);
    forget();
}

TEST(an_offer_can_be_left_passed_by_and_deleted)
{
    crash("it");
    struct app app = start();
    key(&app, "Escape");
    assert_null(app.files.offer);
    finish(&app);
    app = start(); /* offered again */
    assert_non_null(app.files.offer);
    size_t position = app.state.position;
    key(&app, "Right"); /* the lesson goes on; Enter then means what it always means */
    assert_true(app.state.position != position);
    assert_null(app.files.offer);
    key(&app, "Return");
    assert_true(overrides_is_empty(&app.doc.overrides));
    finish(&app);
    app = start();
    key(&app, "Delete");
    assert_null(app.files.offer);
    finish(&app);
    assert_int_equal(files(), 1); /* the place where Right led: to go on from, never offered */
    app = start();
    assert_null(app.files.offer);
    finish(&app);
    forget();
}

TEST(a_session_that_somebody_works_on_is_not_offered)
{
    struct app one, two;
    one = start();
    change(&one, "it");
    after_frame(&one, 1);
    two = start();
    assert_null(two.files.offer);
    change(&two, "the cat");
    after_frame(&two, 1);
    assert_int_equal(files(), 2);
    finish(&one);
    finish(&two);
    assert_int_equal(files(), 2);
    forget();
}

TEST(of_several_the_newest_is_offered_and_the_others_wait)
{
    struct app app;
    crash("the cat");
    crash("the dog");
    assert_int_equal(files(), 2);
    for (int i = 0; i < 2; i++) {
        app = start();
        assert_non_null(app.files.offer);
        key(&app, "Delete");
        finish(&app);
    }
    assert_int_equal(files(), 0);
}

TEST(changes_are_written_at_once_and_places_every_few_seconds)
{
    struct app app = start();
    after_frame(&app, 100);
    assert_int_equal(files(), 0); /* nothing was done: nothing to lose */
    change(&app, "it");
    after_frame(&app, 100.1);
    assert_int_equal(files(), 1);
    give(&app, CMD_LAST, 0);
    after_frame(&app, 100.2);
    assert_false(kept_says("at: concat"));
    after_frame(&app, 100.2 + AUTOSAVE_SECONDS);
    assert_true(kept_says("at: concat"));
    give(&app, CMD_UNDO, 0);
    after_frame(&app, 100.3 + AUTOSAVE_SECONDS);
    assert_false(kept_says("sentence"));
    finish(&app);
    forget();
}

/* Whoever closes the window and comes back is where they were, with what they changed and how they looked at it. */
TEST(a_window_that_was_closed_is_gone_on_with)
{
    struct app app = start();
    change(&app, "the dogs slept");
    give(&app, CMD_THEME, 0);
    give(&app, CMD_STEP, 3);
    finish(&app);
    assert_int_equal(files(), 1);
    app = go_on();
    assert_null(app.files.offer);
    assert_said(&app, "You go on where you were. Ctrl+Z");
    assert_string_equal(app.doc.lesson->sentence.text, "the dogs slept");
    assert_int_equal(walk_place(&app.doc.lesson->walk, app.state.position).at, 3);
    assert_int_equal(app.state.theme, 1);
    assert_int_equal(files(), 1); /* in this window's file */
    give(&app, CMD_UNDO, 0);
    assert_null(app.doc.overrides.sentence);
    give(&app, CMD_REDO, 0);
    finish(&app);
    app = start(); /* a lesson that is named is opened: what was changed elsewhere is offered */
    assert_null(app.doc.overrides.sentence);
    assert_non_null(app.files.offer);
    finish(&app);
    app = go_on();
    assert_string_equal(app.doc.lesson->sentence.text, "the dogs slept");
    finish(&app);
    forget();
}

TEST(a_place_alone_is_gone_on_with_and_replaced_by_the_next)
{
    struct app app;
    for (int i = 0; i < 3; i++) {
        assert_ok(app_init(&app, i ? "causal-mask" : "several-heads", NULL, fake_measure));
        autosave_begin(&app, false);
        assert_null(app.files.offer);
        give(&app, CMD_STEP, 2 + i);
        finish(&app);
        assert_int_equal(files(), 1);
    }
    app = start(); /* nothing is done in it: nothing is kept of it */
    finish(&app);
    app = go_on();
    assert_string_equal(app.doc.lesson->name, "causal-mask");
    assert_int_equal(walk_place(&app.doc.lesson->walk, app.state.position).at, 4);
    finish(&app);
    forget();
    app = go_on();
    assert_string_equal(app.message, "");
    finish(&app);
}

TEST(a_broken_file_is_told_of_and_can_be_deleted)
{
    const char *path = in_scratch("1.session.yaml");
    assert_ok(file_write(path, "qkv session: 1\nlesson: [\n", 25));
    struct app app = start();
    assert_non_null(app.files.offer);
    key(&app, "Return");
    assert_non_null(app.files.offer);
    assert_said(&app, "Line");
    key(&app, "Delete");
    finish(&app);
    assert_int_equal(files(), 0);
}

/* The folder is removed at the end, which needs it to be empty. */
TEST(what_processes_left_that_were_killed_too_early_is_removed)
{
    static const char *const left[] = {"12.session.yaml.hold" FILE_PART_ENDING, ".12-0" FILE_PART_ENDING};
    for (size_t i = 0; i < 2; i++)
        assert_ok(file_write(in_scratch(left[i]), "x", 1));
    struct app app = start();
    for (size_t i = 0; i < 2; i++)
        assert_false(file_exists(in_scratch(left[i])));
    finish(&app);
}

TEST(a_folder_that_cannot_be_made_is_no_reason_not_to_start)
{
    const char *path = in_scratch("file");
    assert_ok(file_write(path, "x", 1));
    setenv("QKV_STATE_DIR", path, 1);
    struct app app = start();
    assert_said(&app, "cannot be kept");
    change(&app, "it");
    after_frame(&app, 1);
    finish(&app);
    setenv("QKV_STATE_DIR", scratch_folder(), 1);
    file_remove(path);
}

static void make_folder(void)
{
    scratch_folder_make();
    setenv("QKV_STATE_DIR", scratch_folder(), 1);
}

/* Nothing may be left in it, held or not. */
static void remove_folder(void)
{
    assert_int_equal(rmdir(scratch_folder()), 0);
}

TEST_GROUP(make_folder, remove_folder)
