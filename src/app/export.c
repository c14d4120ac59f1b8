/* export.c: what is seen as files and on the clipboard: pages, matrices, the whole computation. */
#include "app/app_parts.h"

#include "app/export.h"
#include "base/file.h"
#include "core/safetensors.h"
#include "lesson/text/csv.h"

#include "base/folder.h"
#include "lesson/language/language.h"
#include "scene/text.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- pages as files ---- */

const char *const page_formats[] = {[PAGE_PNG] = "png", [PAGE_SVG] = "svg", NULL};
_Static_assert(sizeof page_formats / sizeof page_formats[0] == PAGE_FORMAT_COUNT + 1, "a format has no name");

int page_format_named(const char *name)
{
    for (int i = 0; i < PAGE_FORMAT_COUNT; i++)
        if (strcmp(page_formats[i], name) == 0)
            return i;
    return -1;
}

/* For whoever cannot see the page: where in the lesson it is, and what the step says of itself, without its marks. */
static struct qkv_err make_svg(const struct app *app, const struct display_list *list, struct fonts *fonts,
                               struct str *ret)
{
    const struct lesson *lesson = app->doc.lesson;
    struct place place = view_place(VIEW(app));
    const struct step_text text = step_text(&lesson->tape.steps[lesson->walk.steps[place.at].step], app->state.columns);
    struct str title = {0};
    struct spans meaning = {0};
    str_addf(&title, "%s: %s", lesson->title, text.title);
    spans_parse(&meaning, text.meaning);
    bool failed = title.failed || meaning.failed || meaning.text.failed;
    struct qkv_err err =
        failed ? qkv_nomem("an SVG page") : page_svg(list, fonts, str_text(&title), str_text(&meaning.text), ret);
    str_finish(&title);
    spans_finish(&meaning);
    return err;
}

struct qkv_err page_make(struct app *app, struct fonts *fonts, enum page_format format, struct str *ret)
{
    struct display_list scratch = {0};
    app->animation.transition.on = false;
    const struct display_list *list = app_draw(app, &scratch);
    struct qkv_err err;
    if (!list)
        err = qkv_nomem("a page");
    else if (format == PAGE_SVG)
        err = make_svg(app, list, fonts, ret);
    else
        err = page_png(list, fonts, ret);
    display_finish(&scratch);
    return err;
}

struct qkv_err page_write(struct app *app, struct fonts *fonts, enum page_format format, const char *path)
{
    struct str page = {0};
    struct qkv_err err = page_make(app, fonts, format, &page);
    if (!err.code)
        err = file_write(path, page.v, page.n);
    str_finish(&page);
    return err;
}

struct qkv_err pages_write(struct app *app, struct fonts *fonts, enum page_format format, const char *folder,
                           size_t *ret_n)
{
    const struct lesson *lesson = app->doc.lesson;
    const struct walk *walk = &lesson->walk;
    struct str path = {0};
    struct qkv_err err = folder_make(folder);
    *ret_n = 0;
    for (size_t at = 0; at < walk->n; at++)
        for (size_t stop = 0; !err.code && (stop == 0 || stop < (size_t)walk->steps[at].n_stops); stop++) {
            str_clear(&path);
            str_addf(&path, "%s/%02zu-%s", folder, at + 1, lesson->tape.steps[walk->steps[at].step].spec.name);
            if (stop > 0)
                str_addf(&path, "-%zu", stop + 1);
            str_addf(&path, ".%s", page_formats[format]);
            app_go(app, walk_whole(walk, at) + stop);
            err = path.failed ? qkv_nomem("a path") : page_write(app, fonts, format, path.v);
            *ret_n += !err.code;
        }
    str_finish(&path);
    return err;
}

/* ---- the matrix looked at: under the cursor, else the step on the page ---- */

struct looked_at {
    const struct step *step;
    int head;
    char of_head[32]; /* " of head 2", where there are several */
};

static struct looked_at looked_at(const struct app *app)
{
    const struct view *v = VIEW(app);
    struct looked_at l = {.step = &view_tape(v)->steps[app->state.cursor.on ? app->state.cursor.step : view_step(v)]};
    size_t heads = l.step->value.axis[AXIS_HEAD].size;
    l.head = app->state.cursor.on ? (int)app->state.cursor.head : (int)view_head(v);
    if (heads < 2)
        l.head = 0;
    else
        snprintf(l.of_head, sizeof l.of_head, " of head %d", l.head + 1);
    return l;
}

/* Its numbers as they stand on the page: on their side where tokens are columns. */
static struct qkv_err write_numbers(const struct app *app, const struct looked_at *l, char separator, struct str *to)
{
    csv_write(&l->step->value, l->head, separator, app->state.columns, to);
    return to->failed ? qkv_nomem("a table") : (struct qkv_err){0};
}

void keep_copy(struct app *app, UNUSED int argument)
{
    struct looked_at l = looked_at(app);
    struct str text = {0};
    if (!app->clipboard.set) {
        app_say(app, "There is no clipboard here.");
        return;
    }
    struct qkv_err err = write_numbers(app, &l, '\t', &text);
    if (err.code) {
        app_say(app, "%s", err.what);
    } else {
        const struct axis *axis = l.step->value.axis;
        app->clipboard.set(text.v);
        const size_t rows = axis[app->state.columns ? AXIS_COL : AXIS_ROW].size;
        const size_t cols = axis[app->state.columns ? AXIS_ROW : AXIS_COL].size;
        app_say(app, "Copied: %s%s, %zu row%s, %zu column%s, for a spreadsheet.", l.step->spec.name, l.of_head, rows,
                rows == 1 ? "" : "s", cols, cols == 1 ? "" : "s");
    }
    str_finish(&text);
}

/* ---- pasting: a matrix of numbers, its first at the cell under the cursor, as one change ---- */

/* Every number that is another than there is, with its cell; in order, for they are of one plane and read row by row. A
 * mask's are all taken: it may become one of single cells. */
static struct edit *edits_of(const struct app *app, const struct cursor *at, const struct tensor *pasted, size_t *ret_n)
{
    const size_t rows = pasted->axis[AXIS_ROW].size, cols = pasted->axis[AXIS_COL].size;
    const bool mask = edit_is_mask(app, at);
    struct edit *edits = calloc(rows * cols, sizeof *edits);
    *ret_n = 0;
    for (size_t i = 0; edits && i < rows * cols; i++) {
        struct cursor cell = *at;
        cell.row += i / cols;
        cell.col += i % cols;
        if (!mask && edit_value(app, &cell) == pasted->v[i])
            continue;
        struct edit edit = edit_of(app, at, pasted->v[i]);
        edit.at[AXIS_ROW] += i / cols;
        edit.at[AXIS_COL] += i % cols;
        edits[(*ret_n)++] = edit;
    }
    return edits;
}

static bool fits(struct app *app, const struct cursor *at, const struct tensor *pasted)
{
    const struct step *step = &app->doc.lesson->tape.steps[at->step];
    const size_t rows = pasted->axis[AXIS_ROW].size, cols = pasted->axis[AXIS_COL].size;
    const size_t rows_left = step->value.axis[AXIS_ROW].size - at->row,
                 cols_left = step->value.axis[AXIS_COL].size - at->col;
    if (rows <= rows_left && cols <= cols_left)
        return true;
    const bool turned = app->state.columns; /* it is said as it is seen */
    app_say(app, "%zu x %zu numbers do not fit: from row %zu, column %zu on %s has room for %zu x %zu.",
            turned ? cols : rows, turned ? rows : cols, 1 + (turned ? at->col : at->row),
            1 + (turned ? at->row : at->col), step->spec.name, turned ? cols_left : rows_left,
            turned ? rows_left : cols_left);
    return false;
}

static void paste_numbers(struct app *app, struct cursor at, const struct tensor *pasted)
{
    size_t n = 0;
    struct edit *edits = edits_of(app, &at, pasted, &n);
    if (!edits)
        app_say(app, "There is no memory for what was copied.");
    else if (n == 0)
        app_say(app, "These numbers are there already.");
    else if (edit_cells(app, edits, n) && !app->message[0])
        app_say(app, "%zu number%s pasted. Ctrl+Z takes %s back.", n, n == 1 ? "" : "s", n == 1 ? "it" : "them");
    free(edits);
}

void keep_paste(struct app *app, UNUSED int argument)
{
    const struct cursor at = app->state.cursor;
    if (!edit_is_possible(app, &at)) {
        app_say(app, at.on ? "This number is computed: paste into what it is made of."
                           : "Point at a number of an input first: what is pasted begins there.");
        return;
    }
    char *text = app->clipboard.get ? app->clipboard.get() : NULL;
    struct tensor pasted = {0}, turned;
    if (!text || !text[0]) {
        app_say(app, "There is nothing to paste.");
    } else {
        struct qkv_err err = csv_read(text, strlen(text), &pasted);
        /* What is copied where tokens are columns goes back as it is on the tape. */
        if (!err.code && app->state.columns && !(err = tensor_transpose(&turned, &pasted)).code) {
            tensor_finish(&pasted);
            pasted = turned;
        }
        if (err.code)
            app_say(app, "This cannot be pasted: %s", err.what);
        else if (fits(app, &at, &pasted))
            paste_numbers(app, at, &pasted);
    }
    tensor_finish(&pasted);
    free(text);
}

/* ---- files ---- */

void keep_export(struct app *app, UNUSED int argument)
{
    struct str path = {0};
    if (!keep_has_files(app))
        return;
    str_addf(&path, "%s-%s.png", app->doc.lesson->name, looked_at(app).step->spec.name);
    typing_open(app, TYPING_EXPORT, "Export", str_text(&path));
    str_finish(&path);
}

/* The page as it is without the field in which its name was typed. */
static struct qkv_err write_page(struct app *app, enum page_format format, const char *path)
{
    if (!app->host.fonts)
        return qkv_errf(QKV_ERR_DOMAIN, "there are no fonts here to draw a page with");
    char message = app->message[0];
    const char *offer = app->files.offer;
    app->message[0] = 0;
    app->files.offer = NULL;
    app->input.field.on = false;
    struct qkv_err err = page_write(app, app->host.fonts, format, path);
    app->input.field.on = true;
    app->message[0] = message;
    app->files.offer = offer;
    app->dirty = true;
    return err;
}

static struct qkv_err write_csv(struct app *app, UNUSED enum page_format format, const char *path)
{
    struct looked_at l = looked_at(app);
    struct str text = {0};
    struct qkv_err err = write_numbers(app, &l, ',', &text);
    if (!err.code)
        err = file_write(path, text.v, text.n);
    str_finish(&text);
    return err;
}

static struct qkv_err write_tensors(struct app *app, UNUSED enum page_format format, const char *path)
{
    return tape_save(view_tape(VIEW(app)), path);
}

static const struct {
    const char *ending, *what;
    struct qkv_err (*write)(struct app *app, enum page_format format, const char *path);
    enum page_format format;
} exports[] = {
    {".png", "The page", write_page, PAGE_PNG},
    {".svg", "The page", write_page, PAGE_SVG},
    {".csv", NULL, write_csv, 0}, /* the name of what is looked at */
    {".safetensors", "Every step and input", write_tensors, 0},
};

bool keep_use_export(struct app *app, const char *text)
{
    struct str path = {0};
    enum { N = sizeof exports / sizeof exports[0] };
    size_t kind = 0;
    bool done = keep_read_path(app, text, &path);
    while (done && kind < N && !keep_ends_with(path.v, exports[kind].ending))
        kind++;
    if (done && kind == N) {
        app_say(app, "The name's ending says what it is: .png, .svg, .csv or .safetensors.");
        done = false;
    }
    done = done && keep_may_write(app, path.v, "");
    if (done) {
        struct looked_at l = looked_at(app);
        struct qkv_err err = exports[kind].write(app, exports[kind].format, path.v);
        done = !err.code;
        if (err.code)
            app_say(app, "%s", err.what);
        else
            app_say(app, "%s%s is in %s", exports[kind].what ? exports[kind].what : l.step->spec.name,
                    exports[kind].what ? "" : l.of_head, keep_path_shown(path.v));
    }
    str_finish(&path);
    return done;
}
