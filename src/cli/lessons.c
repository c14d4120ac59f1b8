/* lessons.c: the commands about lessons that need no drawing: list and check. */
#include "cli/subcommand.h"

#include "app/session.h"
#include "base/file.h"
#include "lesson/builtin.h"
#include "lesson/walk.h"
#include "paint/paint.h"

#include <string.h>

enum exit_status subcommand_list(const struct options *options)
{
    (void)options;
    const struct lesson_options headings = {.heading_only = true};
    const char *name;
    for (size_t i = 0; (name = builtin_lesson_name(i)); i++) {
        struct lesson lesson;
        struct qkv_err err = lesson_open(name, &headings, &lesson, NULL);
        if (err.code)
            return subcommand_failed(name, err);
        printf("%s\t%s\n", name, lesson.title);
        lesson_finish(&lesson);
    }
    return EXIT_DONE;
}

/* `lead` stands before every line. */
static void print_diagnostics(FILE *to, const char *lead, const char *path, const struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->n && i < LESSON_DIAGNOSTICS_MAX; i++) {
        struct qkv_err diagnostic = diagnostics->v[i];
        /* What is about the whole file, or a whole line, is at its beginning: every diagnostic has a place. */
        diagnostic.line = diagnostic.line > 0 ? diagnostic.line : 1;
        diagnostic.column = diagnostic.column > 0 ? diagnostic.column : 1;
        fputs(lead, to);
        print_place(to, path, diagnostic);
        fputs(": ", to);
        print_plain(to, diagnostic.what);
        putc('\n', to);
    }
    if (diagnostics->n > LESSON_DIAGNOSTICS_MAX) {
        fputs(lead, to);
        print_plain(to, path);
        fprintf(to, ": and %zu more\n", diagnostics->n - LESSON_DIAGNOSTICS_MAX);
    }
}

enum exit_status subcommand_lesson_failed(const char *name, struct qkv_err err, const struct diagnostics *diagnostics)
{
    if (diagnostics->n == 0 || err.line == 0)
        return subcommand_failed(name, err);
    print_diagnostics(stderr, "qkv: ", name, diagnostics);
    return EXIT_FAILED;
}

/* "one-head.yaml: ok, 15 steps, 12 stops" */
static struct qkv_err print_ok(const char *path, const struct lesson *lesson)
{
    struct walk walk = {0};
    struct qkv_err err = walk_init(&walk, lesson);
    if (err.code)
        return err;
    print_plain(stdout, path);
    printf(": ok, %zu step%s, %zu stop%s\n", walk.n, walk.n == 1 ? "" : "s", lesson->n_stops,
           lesson->n_stops == 1 ? "" : "s");
    walk_finish(&walk);
    return err;
}

/* A session is right if it opens: in a window that nobody sees. */
static struct qkv_err open_session(const char *path, const struct session *session, struct diagnostics *diagnostics)
{
    struct app app;
    struct qkv_err err = app_init(&app, NULL, NULL, (struct measure){0});
    if (err.code)
        return err;
    err = session_apply(&app, session);
    if (err.code && err.line > 0)
        diagnostics_add(diagnostics, err);
    else if (!err.code)
        err = print_ok(path, &app.lesson);
    app_finish(&app);
    return err;
}

/* Finishes the text. */
static enum exit_status check_session(const char *path, struct str *text)
{
    struct session session;
    struct diagnostics diagnostics = {0};
    struct qkv_err err = session_read(str_text(text), text->n, &session, &diagnostics);
    str_finish(text);
    if (!err.code)
        err = open_session(path, &session, &diagnostics);
    session_finish(&session);
    if (!err.code)
        return EXIT_DONE;
    if (diagnostics.n == 0)
        return subcommand_failed(path, err);
    print_diagnostics(stdout, "", path, &diagnostics);
    return EXIT_FAILED;
}

static enum exit_status check_file(const char *path)
{
    struct str text = {0};
    if (session_file(path, &text))
        return check_session(path, &text);
    struct qkv_err err = file_read(path, LESSON_BYTES_MAX, &text);
    if (err.code)
        return subcommand_failed("check", err);
    if (session_is(str_text(&text), text.n))
        return check_session(path, &text);
    struct lesson lesson = {0};
    struct diagnostics diagnostics = {0};
    char folder[4096];
    const struct lesson_options options = {.folder = lesson_folder(path, folder, sizeof folder),
                                           .decode_image = image_decode};
    err = lesson_parse(path, str_text(&text), text.n, &options, &lesson, &diagnostics);
    str_finish(&text);
    if (!err.code) {
        err = print_ok(path, &lesson);
        lesson_finish(&lesson);
        return err.code ? subcommand_failed(path, err) : EXIT_DONE;
    }
    if (diagnostics.n == 0)
        return subcommand_failed(path, err);
    print_diagnostics(stdout, "", path, &diagnostics);
    return EXIT_FAILED;
}

enum exit_status subcommand_check(const struct options *options)
{
    enum exit_status status = EXIT_DONE;
    for (size_t i = 0; i < options->n_arguments; i++)
        if (check_file(options->arguments[i]) != EXIT_DONE)
            status = EXIT_FAILED;
    return status;
}
