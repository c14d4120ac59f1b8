/* lessons.c: the commands about lessons that need no drawing: list and check. */
#include "cli/subcommand.h"

#include "app/app.h"
#include "app/catalogue.h"
#include "base/file.h"
#include "lesson/language/language.h"
#include "lesson/live/literal.h"
#include "lesson/trial.h"
#include "lesson/walk.h"
#include "paint/paint.h"

#include <string.h>

enum exit_status subcommand_list(UNUSED const struct options *options)
{
    for (const struct lesson_line *line = catalogue; line->name; line++)
        printf("%s\t%s\n", line->name, line->title);
    return EXIT_DONE;
}

/* "one-head.yaml: ok, 15 steps, 12 stops" */
static void print_ok(const char *path, const struct lesson *lesson)
{
    size_t n = lesson->walk.n;
    print_plain(stdout, path);
    printf(": ok, %zu step%s, %zu stop%s\n", n, n == 1 ? "" : "s", lesson->n_stops, lesson->n_stops == 1 ? "" : "s");
}

/* A session is right if it opens: in a window that nobody sees. */
static struct qkv_err check_session(const char *path, const struct str *text, struct diagnostics *diagnostics)
{
    struct request r = {0};
    struct app app;
    struct qkv_err err = session_read(str_text(text), text->n, &r, diagnostics);
    if (!err.code) {
        err = app_begin(&app, &r, (struct measure){0}, INFINITY);
        if (err.code && err.line > 0)
            diagnostics_add(diagnostics, err);
    }
    if (!err.code) {
        print_ok(path, app.doc.lesson);
        app_finish(&app);
    }
    request_finish(&r);
    return err;
}

static struct qkv_err check_lesson(const char *path, const struct str *text, struct diagnostics *diagnostics)
{
    struct lesson lesson;
    char folder[4096];
    const struct lesson_options options = {.folder = lesson_folder(path, folder, sizeof folder),
                                           .decode_image = image_decode};
    struct qkv_err err = lesson_parse(path, str_text(text), text->n, &options, &lesson, diagnostics);
    if (err.code)
        return err;
    trials_check(&lesson, str_text(text), text->n, &options, diagnostics);
    literals_check(&lesson, str_text(text), text->n, diagnostics);
    if (diagnostics->n)
        err = diagnostics->v[0];
    else
        print_ok(path, &lesson);
    lesson_finish(&lesson);
    return err;
}

/* A language is right when it says all that English says; what it lacks is taken from there. */
static struct qkv_err check_language(const char *path, const struct str *text, struct diagnostics *diagnostics)
{
    struct language *language = language_read(str_text(text), text->n, language_english(), diagnostics);
    if (language)
        language_check(language, diagnostics);
    language_free(language);
    if (diagnostics->n)
        return diagnostics->v[0];
    print_plain(stdout, path);
    printf(": ok, says all that there is to say\n");
    return (struct qkv_err){0};
}

static enum exit_status check_file(const char *path)
{
    struct str text = {0};
    struct diagnostics diagnostics = {0};
    struct qkv_err err = file_read(path, SESSION_BYTES_MAX, &text);
    if (err.code)
        return subcommand_failed("check", err);
    err = session_is(str_text(&text), text.n)    ? check_session(path, &text, &diagnostics)
          : language_is(str_text(&text), text.n) ? check_language(path, &text, &diagnostics)
                                                 : check_lesson(path, &text, &diagnostics);
    str_finish(&text);
    if (err.code && diagnostics.n == 0)
        return subcommand_failed(path, err);
    print_diagnostics(stdout, "", path, &diagnostics);
    return err.code ? EXIT_FAILED : EXIT_DONE;
}

enum exit_status subcommand_check(const struct options *options)
{
    enum exit_status status = EXIT_DONE;
    for (size_t i = 0; i < options->n_arguments; i++)
        if (check_file(options->arguments[i]) != EXIT_DONE)
            status = EXIT_FAILED;
    return status;
}
