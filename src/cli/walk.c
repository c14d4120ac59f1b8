#include "cli/walk.h"

#include "cli/subcommand.h"
#include "core/save.h"
#include "core/settings.h"
#include "lesson/builtin.h"
#include "lesson/compare.h"
#include "lesson/csv.h"
#include "paint/paint.h"
#include "scene/arithmetic.h"
#include "scene/formula.h"
#include "scene/number.h"

#include <stdlib.h>
#include <string.h>

enum { DECIMALS = 2, LABEL_BYTES = 24, LINE_WIDTH = 100 };

/* Columns on a terminal: characters, not bytes. Wide scripts take more; their tables lean a little. */
static int columns_of(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
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

static int widest_label(const struct axis *axis, size_t h)
{
    char number[LABEL_BYTES];
    int width = 0;
    for (size_t i = 0; i < axis->size; i++) {
        int columns = columns_of(axis_position(axis, h, i, number));
        width = columns > width ? columns : width;
    }
    return width;
}

static void add_row(const struct tensor *t, size_t h, size_t r, const int width[], struct str *to)
{
    char label[LABEL_BYTES], number[NUMBER_TEXT];
    str_add(to, "    ");
    add_padded(to, axis_position(&t->axis[AXIS_ROW], h, r, label), width[0], false);
    for (size_t c = 0; c < t->axis[AXIS_COL].size; c++)
        add_padded(to, number_text(*tensor_at(t, h, r, c), DECIMALS, number), width[c + 1] + 2, true);
    str_add(to, "\n");
}

/* One head's plane as a table with its labels. */
static struct qkv_err add_plane(const struct tensor *t, size_t h, struct str *to)
{
    char label[LABEL_BYTES], number[NUMBER_TEXT];
    size_t rows = t->axis[AXIS_ROW].size, cols = t->axis[AXIS_COL].size;
    int *width = calloc(cols + 1, sizeof *width);
    if (!width)
        return qkv_nomem("a table");
    width[0] = widest_label(&t->axis[AXIS_ROW], h);
    for (size_t c = 0; c < cols; c++) {
        width[c + 1] = columns_of(axis_position(&t->axis[AXIS_COL], h, c, label));
        for (size_t r = 0; r < rows; r++) {
            int columns = columns_of(number_text(*tensor_at(t, h, r, c), DECIMALS, number));
            width[c + 1] = columns > width[c + 1] ? columns : width[c + 1];
        }
    }
    str_add(to, "    ");
    add_padded(to, "", width[0], false);
    for (size_t c = 0; c < cols; c++)
        add_padded(to, axis_position(&t->axis[AXIS_COL], h, c, label), width[c + 1] + 2, true);
    str_add(to, "\n");
    for (size_t r = 0; r < rows; r++)
        add_row(t, h, r, width, to);
    free(width);
    return (struct qkv_err){0};
}

static struct qkv_err add_matrix(const struct lesson *lesson, const struct tensor *t, struct str *to)
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
        err = add_plane(t, h, to);
    }
    return err;
}

/* "X [1, 7, 8]" */
static void add_name(const struct step *step, struct str *to)
{
    char shape[TENSOR_SHAPE_TEXT];
    str_addf(to, "%s %s", step->spec.symbol, tensor_shape_text(&step->value, shape));
}

/* Break a text at its blanks into lines that start with two. */
static void add_wrapped(struct str *to, const char *text)
{
    int column = 0;
    while (*text) {
        size_t n = strcspn(text, " \n");
        int width = 0;
        for (size_t i = 0; i < n; i++)
            width += ((unsigned char)text[i] & 0xC0) != 0x80;
        bool first = column == 0;
        if (first || column + 1 + width > LINE_WIDTH) {
            str_add(to, first ? "  " : "\n  ");
            column = 2;
        } else {
            str_add(to, " ");
            column++;
        }
        str_addn(to, text, n);
        column += width;
        text += n;
        if (*text == '\n') {
            str_add(to, "\n");
            column = 0;
        }
        text += *text != '\0';
    }
    str_add(to, "\n");
}

/* Words with marks, without them. */
static void add_words(const char *lead, const char *words, struct str *to)
{
    struct spans plain = {0};
    struct str line = {0};
    if (!words)
        return;
    spans_parse(&plain, words);
    str_add(&line, lead);
    str_add(&line, str_text(&plain.text));
    add_wrapped(to, str_text(&line));
    to->failed |= plain.failed || plain.text.failed || line.failed;
    spans_finish(&plain);
    str_finish(&line);
}

/* "S[head 2, it, cat] = 1.00 × 3.00 + ... = 4.50" */
static struct qkv_err add_arithmetic(const struct lesson *lesson, const struct stop *stop, struct str *to)
{
    const struct step *step = &lesson->tape.steps[stop->step];
    const struct tensor *t = &step->value;
    char row[LABEL_BYTES], col[LABEL_BYTES], number[NUMBER_TEXT];
    size_t h = stop->head > 0 ? (size_t)stop->head : 0, r = (size_t)stop->row, c = (size_t)stop->col;
    struct qkv_err err = {0};
    str_addf(to, "    %s[", step->spec.symbol);
    if (t->axis[AXIS_HEAD].size > 1)
        str_addf(to, "head %zu, ", h + 1);
    str_addf(to, "%s, %s] = ", axis_position(&t->axis[AXIS_ROW], h, r, row),
             axis_position(&t->axis[AXIS_COL], h, c, col));
    if (step->spec.op == OP_INPUT)
        str_add(to, number_text(*tensor_at(t, h, r, c), DECIMALS, number));
    else
        err = arithmetic_text(&lesson->tape, stop->step, h, r, c, 0, DECIMALS, to);
    str_add(to, "\n");
    return err;
}

/* The script's words at this step, and the arithmetic of the cells they point at. */
static struct qkv_err add_stop(const struct lesson *lesson, const struct stop *stop, struct str *to)
{
    struct qkv_err err = {0};
    str_add(to, "\n");
    add_words("", stop->say, to);
    if (stop->row >= 0 && stop->col >= 0)
        err = add_arithmetic(lesson, stop, to);
    add_words("Try: ", stop->try_this, to);
    return err;
}

/* The operands; those that are no step of the walk are shown once, before they are used. */
static struct qkv_err add_operands(const struct walk *walk, int index, bool shown[], struct str *to)
{
    const struct tape *tape = &walk->lesson->tape;
    const struct step *step = &tape->steps[index];
    struct qkv_err err = {0};
    int n = op_table[step->spec.op].n_inputs;
    for (int i = 0; !err.code && i < n; i++) {
        int operand = step->spec.in[i];
        if (shown[operand] || walk_find(walk, operand) >= 0)
            continue;
        shown[operand] = true;
        str_add(to, "\n  given: ");
        add_name(&tape->steps[operand], to);
        str_addf(to, " %s\n", tape->steps[operand].spec.title ? tape->steps[operand].spec.title : "");
        err = add_matrix(walk->lesson, &tape->steps[operand].value, to);
    }
    if (n > 0)
        str_add(to, "\n  from ");
    for (int i = 0; i < n; i++) {
        str_add(to, i > 0 ? ", " : "");
        add_name(&tape->steps[step->spec.in[i]], to);
    }
    str_add(to, n > 0 ? "\n" : "");
    return err;
}

/* ---- the computation that the lesson is beside of ---- */

/* "beside: full attention (evaluation=full)": what it is called, and what is set otherwise there. */
static void add_beside_heading(const struct lesson *lesson, struct str *to)
{
    const struct beside *b = &lesson->beside;
    const char *between = " (";
    if (!b->on)
        return;
    str_addf(to, "beside: %s", b->label);
    if (b->mechanism != lesson->mechanism) {
        str_addf(to, "%smechanism %s", between, b->mechanism->name);
        between = ", ";
    }
    for (size_t i = 0; i < b->settings.n; i++) {
        const char *name = b->settings.info[i].name, *there = b->settings.v[i].text;
        const struct setting *here = settings_find(&lesson->settings, name);
        if (strcmp(here ? here->text : b->settings.info[i].initial, there) == 0)
            continue;
        str_addf(to, "%s%s=%s", between, name, there);
        between = ", ";
    }
    str_add(to, between[0] == ',' ? ")\n" : "\n");
}

/* "≠ softmax attention: largest difference 0.58"; what rounding leaves is no difference, but it is said. */
static void add_difference(const struct beside *b, double largest, const char *claim, struct str *to)
{
    bool same = largest < 1e-9;
    char number[NUMBER_TEXT];
    str_addf(to, "  %s %s: ", same ? "=" : "≠", b->label);
    if (largest == 0)
        str_add(to, "no difference");
    else if (same)
        str_addf(to, "largest difference %.0e", largest);
    else
        str_addf(to, "largest difference %s", number_text(largest, DECIMALS, number));
    str_addf(to, "%s\n", claim);
}

static bool is_given(const struct walk *walk, size_t at)
{
    return walk->lesson->tape.steps[walk->steps[at].step].spec.op == OP_INPUT;
}

/* How far this step is from the same one there; of the tensor that the lesson compares, also the numbers there. */
static struct qkv_err add_beside(const struct walk *walk, const struct comparison *comparison, size_t at,
                                 struct str *to)
{
    const struct beside *b = &walk->lesson->beside;
    struct qkv_err err = {0};
    if (b->on && walk->steps[at].step == b->step) {
        const struct step *there = &b->tape.steps[b->other_step];
        char shape[TENSOR_SHAPE_TEXT];
        str_addf(to, "\n  beside, %s: %s %s\n", b->label, there->spec.name, tensor_shape_text(&there->value, shape));
        err = add_matrix(walk->lesson, &there->value, to);
        add_difference(b, b->difference, b->equal ? "; the lesson says that both are equal" : "", to);
    } else if (b->on && comparison->step[at] >= 0 && !is_given(walk, at)) {
        add_difference(b, comparison_largest(comparison, comparison->step[at]), "", to);
    }
    return err;
}

static struct qkv_err add_step(const struct walk *walk, const struct comparison *comparison, size_t at, bool shown[],
                               struct str *to)
{
    const struct lesson *lesson = walk->lesson;
    const struct walk_step *walked = &walk->steps[at];
    const struct step *step = &lesson->tape.steps[walked->step];
    str_addf(to, "\nstep %zu of %zu | %s | %s\n", at + 1, walk->n, stage_table[step->spec.stage].name,
             step->spec.title ? step->spec.title : step->spec.name);
    add_words("", step->spec.meaning, to);
    struct qkv_err err = add_operands(walk, walked->step, shown, to);
    if (step->spec.op != OP_INPUT) {
        str_add(to, "  ");
        formula_of_step(&lesson->tape, walked->step, to);
        str_add(to, "\n");
    }
    char shape[TENSOR_SHAPE_TEXT];
    str_addf(to, "  %s %s", step->spec.name, tensor_shape_text(&step->value, shape));
    str_addf(to, step->spec.axes ? "  %s\n" : "\n", step->spec.axes);
    if (!err.code)
        err = add_matrix(lesson, &step->value, to);
    if (!err.code)
        err = add_beside(walk, comparison, at, to);
    for (int i = 0; !err.code && i < walked->n_stops; i++)
        err = add_stop(lesson, &lesson->stops[walked->first_stop + i], to);
    return err;
}

struct qkv_err walk_print(const struct walk *walk, struct str *to)
{
    const struct lesson *lesson = walk->lesson;
    struct comparison comparison;
    const struct other other = other_beside(walk->lesson);
    struct qkv_err err = comparison_init(&comparison, walk, &other);
    bool *shown = calloc(lesson->tape.n + 1, sizeof *shown);
    if (!err.code && !shown)
        err = qkv_nomem("the walk");
    str_addf(to, "%s\n", lesson->title);
    add_words("", lesson->summary, to);
    str_addf(to, "\nsentence: %s\n", lesson->sentence);
    if (lesson->memory)
        str_addf(to, "memory: %s\n", lesson->memory);
    add_beside_heading(lesson, to);
    for (size_t i = 0; !err.code && i < walk->n; i++)
        err = add_step(walk, &comparison, i, shown, to);
    free(shown);
    comparison_finish(&comparison);
    return !err.code && to->failed ? qkv_nomem("the walk") : err;
}

/* One step's numbers, for a spreadsheet. */
static struct qkv_err print_csv(const struct tape *tape, const char *name, struct str *to)
{
    int step = tape_find(tape, name);
    if (step >= 0) {
        csv_write(&tape->steps[step].value, -1, to);
        return to->failed ? qkv_nomem("a table") : (struct qkv_err){0};
    }
    const char **names = calloc(tape->n + 1, sizeof *names);
    for (size_t i = 0; names && i < tape->n; i++)
        names[i] = tape->steps[i].spec.name;
    const char *near = names ? nearest_word(name, names) : NULL;
    free(names);
    if (near)
        return qkv_errf(QKV_ERR_DOMAIN, "there is no step '%.80s'; did you mean '%s'?", name, near);
    return qkv_errf(QKV_ERR_DOMAIN, "there is no step '%.80s'", name);
}

/* The walk as text, unless its numbers were asked for. */
static struct qkv_err print_lesson(const struct lesson *lesson, const struct options *options, struct str *to)
{
    const char *csv = options->value[OPTION_CSV], *save = options->value[OPTION_SAVE];
    struct qkv_err err = {0};
    if (csv)
        err = print_csv(&lesson->tape, csv, to);
    if (!err.code && save)
        err = tape_save(&lesson->tape, save);
    if (err.code || csv || save)
        return err;
    struct walk walk = {0};
    err = walk_init(&walk, lesson);
    if (!err.code)
        err = walk_print(&walk, to);
    walk_finish(&walk);
    return err;
}

enum exit_status subcommand_walk(const struct options *options)
{
    const char *name = options->n_arguments > 0 ? options->arguments[0] : builtin_lesson_default();
    const struct lesson_options wanted = {.sentence = options->value[OPTION_SENTENCE],
                                          .weights = options->value[OPTION_WEIGHTS],
                                          .set = options->set,
                                          .n_set = options->n_set,
                                          .decode_image = image_decode};
    const char *csv = options->value[OPTION_CSV], *save = options->value[OPTION_SAVE];
    if (csv && save && strcmp(save, "-") == 0)
        return subcommand_misused("walk", qkv_errf(QKV_ERR_DOMAIN, "--csv and --save - cannot share standard output"));
    struct lesson lesson = {0};
    struct findings findings = {0};
    struct qkv_err err = lesson_open(name, &wanted, &lesson, &findings);
    if (err.code)
        return subcommand_lesson_failed(name, err, &findings);
    struct str text = {0};
    err = print_lesson(&lesson, options, &text);
    if (!err.code)
        fputs(str_text(&text), stdout);
    str_finish(&text);
    lesson_finish(&lesson);
    return err.code ? subcommand_failed("walk", err) : EXIT_DONE;
}
