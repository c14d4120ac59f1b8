/* subcommand_run.c: what can be computed, and computing it once, from a file of tensors to a file of every step's
 * value. */
#include "cli/subcommand.h"

#include "base/str.h"
#include "core/fold.h"
#include "core/safetensors.h"
#include "lesson/language/language.h"
#include "scene/text.h"

#include <string.h>

static void add_values(const struct setting_info *info, struct str *to)
{
    if (info->kind == SETTING_LIST)
        str_add(to, "list of ");
    for (size_t i = 0; info->choices && info->choices[i]; i++)
        str_addf(to, "%s%s", i > 0 ? ", " : "", info->choices[i]);
    if (info->kind == SETTING_CHOICE || info->kind == SETTING_LIST)
        return;
    char range[SETTING_RANGE_TEXT];
    str_addf(to, "%s%s", info->choices ? ", " : "", setting_range_text(info, range));
}

/* "score=general", or whether it is needed at all; and what it is for. */
static void add_input(const struct mechanism *m, const struct tensor_info *info, struct str *to)
{
    const struct language *l = language_english();
    const char *said = language_tensor(l, m, "inputs", info->name);
    str_addf(to, "  %-19s %-28s ", info->name, info->shape);
    if (info->setting)
        str_addf(to, "%s=%s", info->setting, info->value);
    else
        str_add(to, language_page(l, info->optional ? "optional" : "always"));
    str_addf(to, "%s%s\n", said[0] ? ": " : "", said);
}

/* A text of no lesson, without the marks of bold and formulas. */
static void add_plain(const struct language *l, const char *text, struct str *to)
{
    struct str rendered = {0};
    struct spans plain = {0};
    language_add_sample(l, text, false, &rendered);
    spans_parse(&plain, str_text(&rendered));
    str_add(to, str_text(&plain.text));
    to->failed |= rendered.failed || plain.failed || plain.text.failed;
    spans_finish(&plain);
    str_finish(&rendered);
}

static void describe(const struct mechanism *m, struct str *to)
{
    const struct language *l = language_english();
    str_addf(to, "%s: ", m->name);
    add_plain(l, language_summary(l, m), to);
    str_add(to, "\n");
    if (m->source)
        str_addf(to, "source: %s\n", m->source);
    str_add(to, "\nstages:\n");
    for (size_t i = 0; i < m->n_stages; i++) {
        str_addf(to, "  %-14s ", language_stage(l, m->stages[i], "name"));
        add_plain(l, language_stage(l, m->stages[i], "meaning"), to);
        str_add(to, "\n");
    }
    str_add(to, m->n_settings > 0 ? "\nsettings:\n" : "\nsettings: none\n");
    for (size_t i = 0; i < m->n_settings; i++) {
        const struct setting_info *info = &m->settings[i];
        str_addf(to, "  %-14s ", info->name);
        add_values(info, to);
        str_addf(to, " (default %s)\n", info->initial);
        const char *note = language_setting(l, m, info->name, "note");
        str_addf(to, "  %-14s ", "");
        add_plain(l, language_setting(l, m, info->name, "meaning"), to);
        str_addf(to, "%s%s\n", note[0] ? ". " : "", note);
        for (size_t k = 0; info->choices && info->choices[k]; k++) {
            str_addf(to, "  %-14s   %s: ", "", info->choices[k]);
            add_plain(l, language_choice(l, m, info->name, info->choices[k], "tip"), to);
            str_add(to, "\n");
        }
    }
    str_add(to, "\ninputs:\n");
    for (size_t i = 0; i < m->n_inputs; i++)
        add_input(m, &m->inputs[i], to);
    str_add(to, "\noutputs:\n");
    for (size_t i = 0; i < m->n_outputs; i++)
        str_addf(to, "  %-19s %-28s %s\n", m->outputs[i].name, m->outputs[i].shape,
                 language_tensor(l, m, "outputs", m->outputs[i].name));
}

enum exit_status subcommand_mechanisms(const struct options *options)
{
    struct str text = {0};
    if (options->n_arguments > 0) {
        const struct mechanism *m;
        struct qkv_err err = mechanism_named(options->arguments[0], &m);
        if (err.code)
            return subcommand_usage_error("mechanisms", err);
        describe(m, &text);
    } else {
        for (size_t i = 0; mechanism_table[i]; i++) {
            str_addf(&text, "%s\t", mechanism_table[i]->name);
            add_plain(language_english(), language_summary(language_english(), mechanism_table[i]), &text);
            str_add(&text, "\n");
        }
    }
    bool failed = text.failed;
    fputs(str_text(&text), stdout);
    str_finish(&text);
    return failed ? subcommand_failed("mechanisms", qkv_nomem("the description")) : EXIT_DONE;
}

/* ---- run ---- */

static struct qkv_err set_all(struct settings *settings, const struct options *options)
{
    struct request r = {0};
    struct qkv_err err = options_keys(options, &r);
    for (size_t i = 0; i < r.n && !err.code; i++) {
        char key[SETTING_TEXT];
        err = settings_set(settings, key, setting_split(r.v[i].text, key));
        if (err.code)
            err = request_error(&r, &r.v[i], err);
    }
    request_finish(&r);
    return err;
}

/* A gradient's file names its tensors d_NAME; the tape wants the step's own name. */
static struct qkv_err read_seeds(const char *path, const struct tape *tape, struct named_tensors *ret)
{
    struct qkv_err err = safetensors_read(path, ret);
    if (err.code)
        return err;
    if (ret->n == 0)
        return qkv_errf(QKV_ERR_DOMAIN, "%.80s: no gradient in it; one is wanted, such as d_output", path);
    for (size_t i = 0; i < ret->n; i++) {
        char *name = ret->v[i].name;
        if (strncmp(name, "d_", 2) != 0)
            return qkv_errf(QKV_ERR_DOMAIN, "%.80s: %s: not a gradient; their names are d_NAME, such as d_output", path,
                            name);
        if (tape_find(tape, name + 2) < 0)
            return qkv_errf(QKV_ERR_DOMAIN, "%.80s: %s: there is no step '%s'", path, name, name + 2);
        memmove(name, name + 2, strlen(name + 2) + 1);
    }
    return (struct qkv_err){0};
}

/* The axes of a shape as a mechanism's table writes it: "[n, m] or [heads, n, m]" has 2. */
static size_t axes_of(const char *shape)
{
    size_t axes = 1;
    for (; *shape && *shape != ']'; shape++)
        axes += *shape == ',';
    return axes;
}

/* A gradient has the axes that its input has: in the file, and those that were dropped there. */
static void give_axes(struct named_tensor *gradient, const struct named_tensor *input, const struct mechanism *m)
{
    gradient->axes = input->axes;
    const struct tensor_info *info = mechanism_input(m, input->name);
    if (info && axes_of(info->shape) > gradient->axes)
        gradient->axes = axes_of(info->shape);
}

/* Every input has a gradient. One that the settings leave unused is still there, with its numbers: its gradient is
 * 0. */
static struct qkv_err complete_gradients(struct named_tensors *inputs, const struct mechanism *m,
                                         struct named_tensors *gradients)
{
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < inputs->n; i++) {
        struct named_tensor *input = &inputs->v[i];
        char name[sizeof input->name + 2];
        snprintf(name, sizeof name, "d_%s", input->name);
        if (input->tensor.v) {
            memset(input->tensor.v, 0, tensor_cells(&input->tensor) * sizeof *input->tensor.v);
            err = named_tensors_append(gradients, name, &input->tensor);
        }
        for (size_t k = 0; !err.code && k < gradients->n; k++)
            if (strcmp(gradients->v[k].name, name) == 0)
                give_axes(&gradients->v[k], input, m);
    }
    return err;
}

/* Name the computed steps' values, whose numbers stay the tape's. */
static struct qkv_err name_steps(const struct tape *tape, struct named_tensors *results)
{
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < tape->n; i++) {
        struct tensor value = tape->steps[i].value;
        if (tape->steps[i].spec.op != OP_INPUT && value.v)
            err = named_tensors_append(results, tape->steps[i].spec.name, &value);
    }
    return err;
}

/* What can be seen to be wrong before any file is opened. */
static struct qkv_err read_usage(const struct options *options, const struct mechanism **m, struct settings *settings)
{
    struct qkv_err err = mechanism_named(options->arguments[0], m);
    if (err.code)
        return err;
    const char *gradient = options->value[OPTION_GRADIENT];
    if (gradient && strcmp(gradient, "-") == 0 && strcmp(options->value[OPTION_TENSORS], "-") == 0)
        return qkv_errf(QKV_ERR_DOMAIN, "--tensors and --gradient cannot both be standard input");
    *settings = settings_default((*m)->settings, (*m)->n_settings);
    return set_all(settings, options);
}

/* Everything between reading and writing. */
struct computation {
    struct named_tensors inputs, seeds, results;
    size_t gradients; /* the first of the results; the others' numbers are the tape's */
    struct tape tape;
};

static void computation_finish(struct computation *work)
{
    for (size_t i = work->gradients; i < work->results.n; i++)
        work->results.v[i].tensor = (struct tensor){0};
    named_tensors_finish(&work->inputs);
    named_tensors_finish(&work->seeds);
    named_tensors_finish(&work->results);
    tape_finish(&work->tape);
}

/* How it can be computed in the memory there is: with all steps kept or, where the gradients do not need them, without
 * the pieces (fold.h). What is written takes 4 bytes more for each number. */
static struct qkv_err choose_memory(struct tape *tape, const struct settings *settings, bool gradients, bool *ret_fold)
{
    const bool could_fold = settings_find(settings, "evaluation") && !settings_is(settings, "evaluation", "tiles");
    struct memory_limit limit;
    struct footprint all = {0}, folded;
    size_t cells = 0;
    struct qkv_err err = memory_limit(&limit);
    footprint_add(&all, tape);
    folded = all;
    all.bytes += all.bytes / 2 + (gradients ? all.bytes : 0);
    if (!err.code)
        err = fold_cells(tape, &cells);
    folded.bytes = cells * sizeof(double) * 3 / 2;
    *ret_fold = !err.code && all.bytes > limit.bytes && !gradients && folded.bytes < all.bytes;
    if (!err.code)
        err = footprint_check(*ret_fold ? &folded : &all, 0, &limit,
                              could_fold && !gradients ? FOOTPRINT_ADVICE ", or evaluation=tiles and chunk=256"
                                                       : FOOTPRINT_ADVICE);
    if (!err.code)
        subcommand_say_footprint("run", *ret_fold ? &folded : &all);
    return err;
}

static struct qkv_err compute(struct computation *work, const struct mechanism *m, const struct settings *settings,
                              const struct options *options)
{
    const char *gradient = options->value[OPTION_GRADIENT];
    struct qkv_err err = safetensors_read(options->value[OPTION_TENSORS], &work->inputs);
    bool fold = false;
    work->tape.bare = true;
    work->tape.cells_most = SIZE_MAX;
    if (!err.code)
        err = mechanism_begin(m, settings, &work->inputs, &work->tape);
    if (!err.code)
        err = choose_memory(&work->tape, settings, gradient, &fold);
    if (!err.code && !fold)
        err = tape_furnish(&work->tape);
    if (!err.code)
        err = fold ? fold_run(&work->tape) : tape_run(&work->tape, TAPE_ALL);
    if (!err.code && gradient)
        err = read_seeds(gradient, &work->tape, &work->seeds);
    if (!err.code && gradient)
        err = tape_backward(&work->tape, &work->seeds, &work->results);
    if (!err.code && gradient)
        err = complete_gradients(&work->inputs, m, &work->results);
    work->gradients = work->results.n;
    if (!err.code)
        err = name_steps(&work->tape, &work->results);
    return err;
}

enum exit_status subcommand_run(const struct options *options)
{
    const struct mechanism *m;
    struct settings settings;
    struct qkv_err err = read_usage(options, &m, &settings);
    if (err.code)
        return subcommand_usage_error("run", err);
    struct computation work = {0};
    err = compute(&work, m, &settings, options);
    if (!err.code)
        err = safetensors_write(options->value[OPTION_SAVE], &work.results);
    computation_finish(&work);
    return err.code ? subcommand_failed("run", err) : EXIT_DONE;
}
