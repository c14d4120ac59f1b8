/* show.c: the commands that draw: the window, and the same pages as files. */
#include "cli/subcommand.h"

#include "app/autosave.h"
#include "app/export.h"
#include "app/window.h"
#include "core/settings.h"
#include "lesson/text/builtin.h"

#include <math.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* What both need: the fonts, and the lesson with everything the options say of how it looks. */
struct show {
    struct fonts *fonts;
    struct app app;
    int width, height;
};

static void show_finish(struct show *show)
{
    app_finish(&show->app);
    fonts_free(show->fonts);
}

/* EXIT_DONE: it is open, or still being computed after so many seconds, and `show` is the caller's to finish; else what
 * is wrong was said. */
static enum exit_status show_open(struct show *show, const char *command, const struct options *options,
                                  double patience)
{
    struct request r = {0};
    struct str session = {0};
    struct diagnostics diagnostics = {0};
    enum exit_status status = EXIT_DONE;
    *show = (struct show){.width = 1280, .height = 800};
    struct qkv_err err = options_request(options, &r, &session, &diagnostics);
    if (!err.code)
        err = fonts_new(&show->fonts);
    if (!err.code)
        err = app_begin(&show->app, &r, fonts_measure(show->fonts), patience);
    if (err.code) {
        status = subcommand_refused(command, options, &r, err, &diagnostics);
        fonts_free(show->fonts);
        str_finish(&session);
    } else {
        show->app.files.session_path = session;
        options_size(options, &show->width, &show->height);
    }
    request_finish(&r);
    return status;
}

/* Wait for what show_open has begun, and say what it keeps as soon as that is known. */
static enum exit_status show_wait(struct show *show, const char *command, const struct options *options)
{
    bool said = false;
    while (show->app.job && !job_is_done(show->app.job)) {
        size_t keeps = job_keeps(show->app.job);
        if (!said && keeps >= FOOTPRINT_LARGE) {
            char bytes[BYTES_TEXT];
            fprintf(stderr, "qkv: %s: this keeps %s\n", command, bytes_text(keeps, bytes));
            said = true;
        }
        job_wait(show->app.job, 0.05);
    }
    app_wait(&show->app);
    show->app.patience = INFINITY;
    if (!show->app.refused.err.code)
        return EXIT_DONE;
    enum exit_status status =
        subcommand_refused(command, options, &show->app.refused.request, show->app.refused.err, NULL);
    show_finish(show);
    return status;
}

/* The word may have been meant as a command: a lesson's path would have a '/' or an ending, or be there. */
static bool is_no_lesson(const char *word)
{
    return builtin_lesson_find(word) < 0 && !strpbrk(word, "/.") && access(word, F_OK) != 0;
}

struct qkv_err check_first_word(const char *word)
{
    enum { CHOICES_MAX = 128 };
    const char *words[CHOICES_MAX];
    size_t n = 0;
    if (!is_no_lesson(word))
        return (struct qkv_err){0};
    for (const struct subcommand *c = subcommand_table; c->name && n < CHOICES_MAX; c++)
        words[n++] = c->name;
    for (size_t i = 0; i < builtin_n_lessons && n < CHOICES_MAX; i++)
        words[n++] = builtin_lessons[i];
    struct hint hint = hint_near(word, words, n);
    return qkv_errf(QKV_ERR_DOMAIN, "unknown command or lesson '%s'%s", word, hint.meant ? hint.text : "");
}

/* `qkv` alone: whoever was here goes on where that was. */
static bool names_nothing(const struct options *options)
{
    static const enum option about[] = {OPTION_SENTENCE, OPTION_WEIGHTS, OPTION_STATE, OPTION_AT};
    bool nothing = options->n_arguments == 0 && options->n_set == 0;
    for (size_t i = 0; i < sizeof about / sizeof about[0]; i++)
        nothing = nothing && !options->value[about[i]];
    return nothing;
}

enum exit_status subcommand_window(const struct options *options)
{
    struct show show;
    enum exit_status status = show_open(&show, "", options, 0.2);
    if (status != EXIT_DONE)
        return status;
    struct window *window = NULL;
    struct qkv_err err = window_new(&show.app, show.fonts, show.width, show.height, &window);
    if (!err.code)
        window_loop(window, true);
    if (!err.code && show.app.doc.lesson) {
        autosave_begin(&show.app, names_nothing(options));
        window_loop(window, false);
        autosave_end(&show.app);
    }
    window_free(window);
    if (err.code)
        status = subcommand_failed("window", err);
    else if (show.app.refused.err.code)
        status = subcommand_refused("", options, &show.app.refused.request, show.app.refused.err, NULL);
    show_finish(&show);
    return status;
}

/* The format that a path's ending names, or -1. */
static int format_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && dot != path && dot[-1] != '/' ? page_format_named(dot + 1) : -1;
}

/* The ending of a name that means a picture of another kind, where a folder was hardly meant. */
static const char *other_picture(const char *path)
{
    static const char *const endings[] = {"jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff", "pdf"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof endings[0]; i++)
        if (strcasecmp(dot + 1, endings[i]) == 0)
            return endings[i];
    return NULL;
}

/* A path with an ending is one page of that kind, any other a folder of what --format says. */
static struct qkv_err read_format(const struct options *options, bool *ret_one, enum page_format *ret_format)
{
    const char *path = options->value[OPTION_OUTPUT], *wanted = options->value[OPTION_FORMAT];
    int ending = format_of(path);
    if (other_picture(path))
        return qkv_errf(QKV_ERR_DOMAIN, "'%s': pages are PNG or SVG, not %s; name a folder, a .png or a .svg", path,
                        other_picture(path));
    if (ending >= 0 && wanted && strcmp(wanted, page_formats[ending]) != 0)
        return qkv_errf(QKV_ERR_DOMAIN, "--format %s contradicts the name '%s'", wanted, path);
    *ret_one = ending >= 0;
    *ret_format = ending >= 0 ? (enum page_format)ending
                  : wanted    ? (enum page_format)page_format_named(wanted)
                              : PAGE_PNG;
    return (struct qkv_err){0};
}

enum exit_status subcommand_render(const struct options *options)
{
    const char *path = options->value[OPTION_OUTPUT];
    bool one = false;
    enum page_format format = PAGE_PNG;
    struct qkv_err err = read_format(options, &one, &format);
    if (err.code)
        return subcommand_usage_error("render", err);
    struct show show;
    enum exit_status status = show_open(&show, "render", options, 0);
    if (status == EXIT_DONE)
        status = show_wait(&show, "render", options);
    if (status != EXIT_DONE)
        return status;
    app_update(&show.app, (struct action){.kind = ACTION_RESIZE, .x = (float)show.width, .y = (float)show.height});
    size_t n = 1;
    err = one ? page_write(&show.app, show.fonts, format, path) : pages_write(&show.app, show.fonts, format, path, &n);
    show_finish(&show);
    if (err.code)
        return subcommand_failed("render", err);
    printf("%zu page%s in ", n, n == 1 ? "" : "s");
    print_plain(stdout, path);
    putchar('\n');
    return EXIT_DONE;
}
