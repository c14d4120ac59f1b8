#include "cli/csv_tables.h"

#include "lesson/language/language.h"
#include "scene/arithmetic.h"
#include "scene/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { DECIMALS = 2 };

int display_width(const char *text, size_t n)
{
    int width = 0;
    for (size_t i = 0; i < n;) {
        int32_t c;
        size_t bytes = utf8_next(text + i, n - i, &c);
        width += bytes > 0 ? utf8proc_charwidth(c) : 1;
        i += bytes > 0 ? bytes : 1;
    }
    return width;
}

static int columns_of(const char *text)
{
    return display_width(text, strlen(text));
}

static void add_padded(struct str *to, const char *text, int width, bool right)
{
    int blanks = width - columns_of(text);
    if (!right)
        str_add(to, text);
    for (int i = 0; i < blanks; i++)
        str_add(to, " ");
    if (right)
        str_add(to, text);
}

/* A head's plane as it is printed: on its side or not. */
struct plane {
    const struct tensor *t;
    size_t head;
    bool columns;
    const struct axis *down, *across;
};

/* What stands in a cell of the table; row 0 has the labels of what runs across, column 0 those of what runs down. */
static const char *cell_text(const struct plane *p, size_t r, size_t c, char buffer[NUMBER_TEXT])
{
    if (r == 0)
        return c == 0 ? "" : axis_position(p->across, p->head, c - 1, buffer);
    if (c == 0)
        return axis_position(p->down, p->head, r - 1, buffer);
    return number_text(*tensor_at(p->t, p->head, p->columns ? c - 1 : r - 1, p->columns ? r - 1 : c - 1), DECIMALS,
                       buffer);
}

static struct qkv_err add_plane(const struct plane *p, struct str *to)
{
    char text[NUMBER_TEXT];
    size_t rows = p->down->size, cols = p->across->size;
    int *width = calloc(cols + 1, sizeof *width);
    if (!width)
        return qkv_nomem("a table");
    for (size_t r = 0; r <= rows; r++)
        for (size_t c = 0; c <= cols; c++) {
            int columns = columns_of(cell_text(p, r, c, text));
            width[c] = columns > width[c] ? columns : width[c];
        }
    for (size_t r = 0; r <= rows; r++) {
        str_add(to, "    ");
        for (size_t c = 0; c <= cols; c++)
            add_padded(to, cell_text(p, r, c, text), width[c] + (c ? 2 : 0), c > 0);
        str_add(to, "\n");
    }
    free(width);
    return (struct qkv_err){0};
}

struct qkv_err tables_add(const struct lesson *lesson, const struct tensor *t, bool columns, struct str *to)
{
    struct qkv_err err = {0};
    size_t heads = t->axis[AXIS_HEAD].size;
    for (size_t h = 0; !err.code && h < heads; h++) {
        const char *plane = axis_label(&t->axis[AXIS_HEAD], 0, h);      /* planes that are no heads have names */
        const bool sets = strcmp(t->axis[AXIS_HEAD].name, "sets") == 0; /* keys that several heads share */
        const char *name = plane ? plane : !sets && h < lesson->head_names.n ? lesson->head_names.v[h] : NULL;
        if (heads > 1)
            str_addf(to, "  %s %zu%s%s\n",
                     plane  ? "plane"
                     : sets ? "set"
                            : "head",
                     h + 1, name ? ": " : "", name ? name : "");
        err = add_plane(&(struct plane){.t = t,
                                        .head = h,
                                        .columns = columns,
                                        .down = &t->axis[columns ? AXIS_COL : AXIS_ROW],
                                        .across = &t->axis[columns ? AXIS_ROW : AXIS_COL]},
                        to);
    }
    return err;
}

/* ---- JSON ---- */

static void add_member(struct str *to, const char *between, const char *name, const char *text)
{
    str_addf(to, "%s\"%s\": ", between, name);
    str_add_quoted(to, text);
}

static void add_labels(const char *name, const struct axis *axis, struct str *to)
{
    if (!axis->labels || axis->labels_per_head)
        return;
    str_addf(to, ", \"%s\": [", name);
    for (size_t i = 0; i < axis->size; i++) {
        str_add(to, i ? ", " : "");
        str_add_quoted(to, axis_label(axis, 0, i));
    }
    str_add(to, "]");
}

static void add_numbers(const struct tensor *t, struct str *to)
{
    size_t rows = t->axis[AXIS_ROW].size, cols = t->axis[AXIS_COL].size, n = tensor_cells(t);
    for (size_t i = 0; i < n; i++) {
        str_add(to, i % (rows * cols) == 0 ? (i ? "]], [[" : "[[[") : i % cols == 0 ? "], [" : ", ");
        if (isfinite(t->v[i]))
            str_add_number(to, t->v[i]);
        else
            str_add(to, "null");
    }
    str_add(to, "]]]");
}

struct qkv_err steps_json(const struct lesson *lesson, size_t first, size_t last, struct str *to)
{
    const struct walk *walk = &lesson->walk;
    add_member(to, "{", "lesson", lesson->name);
    add_member(to, ", ", "title", lesson->title);
    add_member(to, ", ", "sentence", lesson->sentence.text);
    str_add(to, ", \"steps\": [");
    for (size_t i = first; i <= last; i++) {
        const struct step *step = &lesson->tape.steps[walk->steps[i].step];
        const struct axis *axis = step->value.axis;
        struct str formula = {0};
        if (step->spec.op != OP_INPUT)
            transposed_step_formula(&lesson->tape, walk->steps[i].step, false, &formula);
        add_member(to, i > first ? ",\n{" : "\n{", "name", step->spec.name);
        add_member(to, ", ", "stage", language_stage(lesson->language, step->spec.stage, "name"));
        add_member(to, ", ", "title", step_text(step, false).title);
        add_member(to, ", ", "formula", str_text(&formula));
        str_addf(to, ", \"shape\": [%zu, %zu, %zu]", axis[0].size, axis[1].size, axis[2].size);
        add_labels("rows", &axis[AXIS_ROW], to);
        add_labels("columns", &axis[AXIS_COL], to);
        str_add(to, ", \"values\": ");
        add_numbers(&step->value, to);
        str_add(to, "}");
        to->failed |= formula.failed;
        str_finish(&formula);
    }
    str_add(to, "\n]}\n");
    return to->failed ? qkv_nomem("the walk") : (struct qkv_err){0};
}
