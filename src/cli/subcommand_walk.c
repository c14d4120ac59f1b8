/* subcommand_walk.c: the command walk: a lesson's walk as text. */
#include "cli/csv_tables.h"
#include "cli/subcommand.h"
#include "cli/walk_course.h"
#include "core/safetensors.h"
#include "lesson/analysis/compare.h"
#include "lesson/analysis/draws.h"
#include "lesson/language/language.h"
#include "lesson/text/csv.h"
#include "lesson/trial.h"
#include "paint/paint.h"
#include "scene/arithmetic.h"
#include "scene/text.h"

#include <stdlib.h>
#include <string.h>

enum { DECIMALS = 2, LABEL_BYTES = 24 };

/* "[1, 7, 8]", as it stands. */
static const char *shape_text(const struct tensor *t, bool columns, char buffer[TENSOR_SHAPE_TEXT])
{
    struct tensor shape = *t;
    shape.axis[AXIS_ROW] = t->axis[columns ? AXIS_COL : AXIS_ROW];
    shape.axis[AXIS_COL] = t->axis[columns ? AXIS_ROW : AXIS_COL];
    return tensor_shape_text(&shape, buffer);
}

static void add_symbol(const struct tape *tape, int step, bool columns, struct str *to)
{
    struct str turned = {0};
    str_add(to, transposed_symbol(tape, step, columns, &turned));
    to->failed |= turned.failed;
    str_finish(&turned);
}

/* "X [1, 7, 8]" */
static void add_name(const struct tape *tape, int step, bool columns, struct str *to)
{
    char shape[TENSOR_SHAPE_TEXT];
    add_symbol(tape, step, columns, to);
    str_addf(to, " %s", shape_text(&tape->steps[step].value, columns, shape));
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
    walk_add_wrapped(to, str_text(&line));
    to->failed |= plain.failed || plain.text.failed || line.failed;
    spans_finish(&plain);
    str_finish(&line);
}

/* "S[head 2, it, cat] = 1.00 × 3.00 + ... = 4.50" */
static struct qkv_err add_arithmetic(const struct lesson *lesson, const struct stop *stop, bool columns, struct str *to)
{
    const struct step *step = &lesson->tape.steps[stop->step];
    const struct tensor *t = &step->value;
    char row[LABEL_BYTES], col[LABEL_BYTES], number[NUMBER_TEXT];
    size_t h = stop->head > 0 ? (size_t)stop->head : 0, r = (size_t)stop->row, c = (size_t)stop->col;
    const char *row_name = axis_position(&t->axis[AXIS_ROW], h, r, row);
    const char *col_name = axis_position(&t->axis[AXIS_COL], h, c, col);
    struct qkv_err err = {0};
    str_add(to, "    ");
    add_symbol(&lesson->tape, stop->step, columns, to);
    str_add(to, "[");
    if (t->axis[AXIS_HEAD].size > 1)
        str_addf(to, "head %zu, ", h + 1);
    str_addf(to, "%s, %s] = ", columns ? col_name : row_name, columns ? row_name : col_name);
    if (step->spec.op == OP_INPUT)
        str_add(to, number_text(*tensor_at(t, h, r, c), DECIMALS, number));
    else
        err = arithmetic_text(lesson, &lesson->tape, stop->step, h, r, c, 0, DECIMALS, columns, to);
    str_add(to, "\n");
    return err;
}

/* What other seeds gave: a line for each size, and the numbers to compare with. */
static void add_draws(const struct lesson *lesson, const struct draws *d, bool columns, struct str *to)
{
    const struct step *step = &lesson->tape.steps[d->step];
    char row[LABEL_BYTES], col[LABEL_BYTES], number[NUMBER_TEXT];
    const char *row_name = axis_position(&step->value.axis[AXIS_ROW], d->head, d->row, row);
    const char *col_name = axis_position(&step->value.axis[AXIS_COL], d->head, d->col, col);
    str_addf(to, "\n  %zu draws of %s[%s, %s]\n", d->n_seeds, step->spec.symbol, columns ? col_name : row_name,
             columns ? row_name : col_name);
    str_addf(to, "    %*s", d->size ? 16 : 0, "");
    for (int i = 0; i < DRAW_SUMMARIES; i++)
        str_addf(to, "%15s", draw_summary_names[i]);
    str_add(to, "\n");
    for (size_t v = 0; v < d->n_values; v++) {
        if (d->size)
            str_addf(to, "    %5zu %-10s", d->value[v], d->called);
        else
            str_add(to, "    ");
        for (int i = 0; i < DRAW_SUMMARIES; i++)
            str_addf(to, "%15s", number_text(d->table.v[v * DRAW_SUMMARIES + (size_t)i], DECIMALS, number));
        str_add(to, "\n");
    }
    for (size_t i = 0; i < d->n_marks; i++)
        str_addf(to, "    %s: %s\n", d->mark[i].label, number_text(d->mark[i].value, DECIMALS, number));
}

/* The script's words at this step, and the arithmetic of the cells they point at. */
static struct qkv_err add_stop(const struct lesson *lesson, const struct stop *stop, bool columns, struct str *to)
{
    struct qkv_err err = {0};
    str_add(to, "\n");
    add_words("", stop->title[columns], to);
    add_words("", stop->say[columns], to);
    if (stop->row >= 0 && stop->col >= 0)
        err = add_arithmetic(lesson, stop, columns, to);
    if (stop->draws)
        add_draws(lesson, stop->draws, columns, to);
    add_words("Try: ", stop->try_this[columns], to);
    add_words("With: ", stop->trial ? stop->trial->said : NULL, to);
    return err;
}

/* The operands; those that are no step of the walk are shown once, before they are used. */
static struct qkv_err add_operands(const struct lesson *lesson, int index, bool columns, bool shown[], struct str *to)
{
    const struct tape *tape = &lesson->tape;
    const struct step *step = &tape->steps[index];
    struct qkv_err err = {0};
    int n = op_table[step->spec.op]->n_inputs;
    for (int i = 0; !err.code && i < n; i++) {
        int operand = step->spec.in[i];
        if (shown[operand] || walk_find(&lesson->walk, operand) >= 0)
            continue;
        shown[operand] = true;
        str_add(to, "\n  given: ");
        add_name(tape, operand, columns, to);
        str_add(to, " ");
        str_add(to, step_text(&tape->steps[operand], columns).title);
        str_add(to, "\n");
        if (tape->steps[operand].spec.op != OP_INPUT || tape->steps[operand].spec.formula) {
            str_add(to, "  ");
            transposed_step_formula(tape, operand, columns, to);
            str_add(to, "\n");
        }
        err = tables_add(lesson, &tape->steps[operand].value, columns, to);
    }
    if (n > 0)
        str_add(to, "\n  from ");
    for (int i = 0; i < n; i++) {
        str_add(to, i > 0 ? ", " : "");
        add_name(tape, step->spec.in[i], columns, to);
    }
    str_add(to, n > 0 ? "\n" : "");
    return err;
}

/* ---- the computation that the lesson is beside of ---- */

/* "beside: full attention (evaluation=full)": what it is called, and what is set otherwise there. */
static void add_second_heading(const struct lesson *lesson, struct str *to)
{
    const struct second_computation *b = &lesson->second;
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

/* "≠ softmax attention, at this step: largest difference 0.58 at it, plural"; what rounding leaves is no difference, but
 * it is said. */
static void add_difference(const struct lesson *lesson, size_t at, bool columns, struct str *to)
{
    const struct comparison *c = lesson->comparison;
    const struct largest_difference d = comparison_largest(c, c->step[at]);
    bool same = d.largest < 1e-9;
    char number[NUMBER_TEXT], name[CELL_NAME];
    cell_name(&c->tape.steps[c->step[at]].value, d.head, d.row, d.col, columns, name);
    str_addf(to, "  %s %s, at this step: ", same ? "=" : "≠", c->label);
    if (d.largest == 0)
        str_add(to, "no difference");
    else if (same)
        str_addf(to, "largest difference %.0e", d.largest);
    else
        str_addf(to, "largest difference %s at %s", number_text(d.largest, DECIMALS, number), name);
    str_add(to, lesson->second.equal && lesson->walk.steps[at].step == lesson->second.step
                    ? "; the lesson says that both are equal\n"
                    : "\n");
}

/* How far this step is from the same one there; of the tensor that the lesson compares, also the numbers there. Not
 * before `position` may tell it. */
static struct qkv_err add_second(const struct lesson *lesson, size_t at, size_t position, bool columns, struct str *to)
{
    const struct second_computation *b = &lesson->second;
    struct qkv_err err = {0};
    if (!b->on || position < walk_mistake_told(lesson))
        return err;
    if (lesson->walk.steps[at].step == b->step) {
        const struct step *there = &b->tape.steps[b->other_step];
        char shape[TENSOR_SHAPE_TEXT];
        str_addf(to, "\n  beside, %s: %s %s\n", b->label, there->spec.name, shape_text(&there->value, columns, shape));
        err = tables_add(lesson, &there->value, columns, to);
    }
    if (comparison_tells(lesson, at, position))
        add_difference(lesson, at, columns, to);
    return err;
}

/* What a mistake is called stands where the page names it: not above the words that ask for it. */
static void add_mistake(const struct step_text *text, struct str *to)
{
    str_addf(to, "\n  %s\n", text->title);
    add_words("", text->meaning, to);
}

static struct qkv_err add_step(const struct lesson *lesson, size_t at, bool columns, bool shown[], struct str *to)
{
    const struct walk_step *walked = &lesson->walk.steps[at];
    const struct step *step = &lesson->tape.steps[walked->step];
    const struct step_text text = step_text(step, columns);
    str_addf(to, "\nstep %zu of %zu | %s | ", at + 1, lesson->walk.n,
             language_stage(lesson->language, step->spec.stage, "name"));
    size_t whole = walk_whole(&lesson->walk, at), told = walk_mistake_told(lesson);
    bool hidden = step->spec.mistake && whole < told;
    str_addf(to, "%s\n", hidden ? "what comes out here" : text.title);
    if (!hidden)
        add_words("", text.meaning, to);
    struct qkv_err err = add_operands(lesson, walked->step, columns, shown, to);
    if (step->spec.op != OP_INPUT) {
        str_add(to, "  ");
        transposed_step_formula(&lesson->tape, walked->step, columns, to);
        str_add(to, "\n");
    }
    char shape[TENSOR_SHAPE_TEXT];
    str_addf(to, "  %s %s", step->spec.name, shape_text(&step->value, columns, shape));
    str_addf(to, "%s%s\n", text.axes[0] ? "  " : "", text.axes);
    if (!err.code)
        err = tables_add(lesson, &step->value, columns, to);
    if (!err.code)
        err = add_second(lesson, at, whole, columns, to);
    for (int i = 0; !err.code && i < walked->n_stops; i++) {
        if (hidden && whole + (size_t)i == told) {
            add_mistake(&text, to);
            err = add_second(lesson, at, told, columns, to);
        }
        if (!err.code)
            err = add_stop(lesson, &lesson->stops[walked->first_stop + i], columns, to);
    }
    return err;
}

/* Which words the model does not know. */
static void add_guessed(const struct lesson *lesson, struct str *to)
{
    const struct sequence *sentence = &lesson->sentence;
    const size_t n = sequence_guessed(sentence);
    if (!n)
        return;
    str_addf(to, "guessed: %zu of %zu word%s, which the model does not know (", n, sentence->words.n,
             sentence->words.n == 1 ? "" : "s");
    for (size_t t = 0, named = 0; t < sentence->words.n; t++)
        if (sequence_is_guessed(sentence, t))
            str_addf(to, "%s%s", named++ ? ", " : "", sentence->words.v[t]);
    str_add(to, ")\n");
}

/* What the lesson is about; of another sentence than its own that may be untrue. */
static void add_summary(const struct lesson *lesson, bool typed, bool columns, struct str *to)
{
    struct str said = {0};
    if (typed)
        language_add_lost(lesson, "written_for", "", "", &said);
    str_addf(&said, "%s%s", typed ? " " : "", lesson->summary[columns]);
    add_words("", str_text(&said), to);
    to->failed |= said.failed;
    str_finish(&said);
}

/* The walk's steps from `first` to `last`; its title and sentence stand before all of them. Typed: it is another sentence
 * than the lesson's. */
static struct qkv_err walk_print(const struct lesson *lesson, size_t first, size_t last, bool columns, bool typed,
                                 struct str *to)
{
    bool *shown = calloc(lesson->tape.n + 1, sizeof *shown);
    struct qkv_err err = shown ? (struct qkv_err){0} : qkv_nomem("the walk");
    str_addf(to, "%s\n", lesson->title);
    add_summary(lesson, typed, columns, to);
    str_addf(to, "\nsentence: %s\n", lesson->sentence.text);
    if (lesson->memory.text)
        str_addf(to, "memory: %s\n", lesson->memory.text);
    add_guessed(lesson, to);
    walk_add_course(lesson, to);
    if (columns)
        str_add(to, "tokens: columns (saved tensors keep a token a row)\n");
    add_second_heading(lesson, to);
    for (size_t i = first; !err.code && i <= last; i++)
        err = add_step(lesson, i, columns, shown, to);
    free(shown);
    if (last == lesson->walk.n - 1)
        walk_add_end(lesson, columns, to);
    return !err.code && to->failed ? qkv_nomem("the walk") : err;
}

/* ---- the command ---- */

static struct qkv_err compute(const struct lesson_source *source, const struct lesson_options *options,
                              struct lesson *ret, struct diagnostics *diagnostics)
{
    struct lesson_work *work = lesson_work_new(source, options);
    if (!work)
        return qkv_nomem("a lesson");
    subcommand_say_footprint("walk", lesson_work_footprint(work));
    while (lesson_work_run(work, TAPE_ALL))
        ;
    return lesson_work_end(work, ret, diagnostics);
}

/* The lesson that is asked for; *ret_typed: of another sentence than its own. */
static struct qkv_err open_lesson(struct request *r, struct lesson *ret, bool *ret_typed,
                                  struct diagnostics *diagnostics)
{
    const struct lesson_source *source = NULL;
    struct overrides overrides = {0};
    struct lesson_options options = {.decode_image = image_decode};
    struct qkv_err err = request_overrides(r, &overrides);
    if (!err.code) {
        err = lesson_source_read(request_lesson(r), &source);
        options.overrides = &overrides;
        if (!err.code)
            err = compute(source, &options, ret, diagnostics);
        if (err.code)
            err = request_blame(r, source, &options, err);
    }
    *ret_typed = overrides.sentence != NULL;
    lesson_source_unref(source);
    overrides_finish(&overrides);
    return err;
}

/* One step's numbers, for a spreadsheet. */
static struct qkv_err print_csv(const struct lesson *lesson, const char *name, bool columns, struct str *to)
{
    const struct tape *tape = &lesson->tape;
    int step = tape_find(tape, name);
    size_t unused;
    if (step < 0)
        return walk_step_named(lesson, name, &unused);
    csv_write(&tape->steps[step].value, -1, ',', columns, to);
    return to->failed ? qkv_nomem("a table") : (struct qkv_err){0};
}

/* The walk as text, unless its numbers were asked for. *ret_misused: a step of the command line is not there. */
static struct qkv_err print_lesson(const struct lesson *lesson, const struct options *options, bool typed,
                                   struct str *to, bool *ret_misused)
{
    const char *csv = options->value[OPTION_CSV], *save = options->value[OPTION_SAVE], *at = options->value[OPTION_AT],
               *tokens = options->value[OPTION_TOKENS];
    bool columns = tokens && strcmp(tokens, "columns") == 0;
    size_t first = 0, last = lesson->walk.n - 1;
    struct qkv_err err = at ? walk_step_named(lesson, at, &first) : (struct qkv_err){0};
    if (!err.code && csv)
        err = print_csv(lesson, csv, columns, to);
    *ret_misused = err.code == QKV_ERR_DOMAIN;
    if (!err.code && save)
        err = tape_save(&lesson->tape, save);
    if (err.code || csv || save)
        return err;
    last = at ? first : last;
    if (options_has(options, OPTION_JSON))
        return steps_json(lesson, first, last, to);
    err = walk_print(lesson, first, last, columns, typed, to);
    if (!err.code && options_has(options, OPTION_TERMS))
        walk_add_terms(lesson, to);
    return !err.code && to->failed ? qkv_nomem("the terms") : err;
}

enum exit_status subcommand_walk(const struct options *options)
{
    const char *csv = options->value[OPTION_CSV], *save = options->value[OPTION_SAVE];
    if (csv && save && strcmp(save, "-") == 0)
        return subcommand_usage_error("walk",
                                      qkv_errf(QKV_ERR_DOMAIN, "--csv and --save - cannot share standard output"));
    struct lesson lesson = {0};
    struct request r = {0};
    struct str session = {0}, text = {0};
    struct diagnostics diagnostics = {0};
    bool usage_error = false, typed = false;
    enum exit_status status = EXIT_DONE;
    struct qkv_err err = options_request(options, &r, &session, &diagnostics);
    if (!err.code)
        err = open_lesson(&r, &lesson, &typed, &diagnostics);
    if (err.code) {
        status = subcommand_refused("walk", options, &r, err, &diagnostics);
    } else {
        err = print_lesson(&lesson, options, typed, &text, &usage_error);
        if (!csv)
            str_clean(&text, true); /* a lesson's texts and names may hold anything */
        if (!err.code)
            fputs(str_text(&text), stdout);
        else
            status = usage_error ? subcommand_usage_error("walk", err) : subcommand_failed("walk", err);
    }
    str_finish(&text);
    str_finish(&session);
    lesson_finish(&lesson);
    request_finish(&r);
    return status;
}
