#include "core/mechanisms/parts.h"

#include <stdlib.h>
#include <string.h>

void require_if(struct recorder *r, bool needed, const char *name, const char *shape, const char *why)
{
    if (needed && !record_has(r, name))
        record_error(r, qkv_errf(QKV_ERR_DOMAIN, "%s: missing; %s needs it, %s", name, why, shape));
}

int record_given(struct recorder *r, const struct given *given)
{
    int step = record_input(r,
                            (struct step_spec){.name = given->name,
                                               .symbol = given->symbol ? given->symbol : given->name,
                                               .stage = STAGE_INPUT,
                                               .role = given->role,
                                               .op = OP_INPUT,
                                               .title = given->title,
                                               .meaning = given->meaning,
                                               .axes = given->axes},
                            given->rows, given->cols);
    if (!r->err.code && step == NO_STEP)
        record_error(r, qkv_errf(QKV_ERR_DOMAIN, "%s: missing; wanted %s", given->name, given->shape));
    require_plane(r, step, given->shape);
    return step;
}

int record_matrix(struct recorder *r, const struct given *given, int of)
{
    int step = record_given(r, given);
    if (step == NO_STEP || of == NO_STEP)
        return step;
    size_t wanted = recorded_size(r, of, AXIS_COL);
    if (recorded_size(r, step, AXIS_ROW) != wanted)
        record_error(r, qkv_errf(QKV_ERR_SHAPE, "%s: its %zu rows must match the %zu columns of %s; wanted %s",
                                 given->name, recorded_size(r, step, AXIS_ROW), wanted, r->tape->steps[of].spec.name,
                                 given->shape));
    return step;
}

int record_row(struct recorder *r, const struct given *given, int of)
{
    int step = record_given(r, given);
    require_vector(r, step, of);
    return step;
}

int record_filled(struct recorder *r, struct step_spec spec, const struct axis axes[AXES], double number)
{
    struct tensor t = {0};
    if (r->err.code)
        return NO_STEP;
    record_error(r, tensor_init(&t, axes));
    for (size_t i = 0; t.v && i < tensor_cells(&t); i++)
        t.v[i] = number;
    spec.op = OP_INPUT;
    spec.stage = STAGE_INPUT;
    return record_made(r, spec, &t);
}

int record_causal(struct recorder *r, int scores)
{
    if (r->err.code)
        return NO_STEP;
    const struct axis *axis = recorded(r, scores)->axis;
    struct tensor t = {0};
    record_error(r, tensor_init(&t, (struct axis[AXES]){axis_numbered(1, "heads"), axis[AXIS_ROW], axis[AXIS_COL]}));
    for (size_t i = 0; t.v && i < t.axis[AXIS_ROW].size; i++)
        for (size_t j = 0; j < t.axis[AXIS_COL].size; j++)
            *tensor_at(&t, 0, i, j) = j <= i;
    return record_made(r,
                       (struct step_spec){.name = "causal_mask",
                                          .symbol = "M_causal",
                                          .stage = STAGE_INPUT,
                                          .scale = SCALE_SHARE,
                                          .op = OP_INPUT,
                                          .title = "no word may look ahead",
                                          .meaning = "**1 keeps, 0 blocks.** A word may look at itself and at the "
                                                     "words before it, never at a later one.",
                                          .axes = "row: the word that looks; column: the word looked at"},
                       &t);
}

/* The rows of two steps below one another, on the way to all of them. */
static int record_pair(struct recorder *r, int above, int below, const struct step_spec *of, size_t first, size_t last)
{
    struct step_spec spec = *of;
    spec.name = tape_text(r->tape, "%s_%zu_to_%zu", of->name, first, last);
    spec.symbol = tape_text(r->tape, "%s_(%zu..%zu)", of->symbol, first, last);
    spec.stage = STAGE_INPUT;
    spec.title = "some of the rows";
    spec.op = OP_APPEND_ROWS;
    spec.in[0] = above;
    spec.in[1] = below;
    if (!spec.name || !spec.symbol)
        record_error(r, qkv_nomem(of->name));
    return record_step(r, spec);
}

/* Rows first..last-1, halved again and again: so no row is copied more often than the halving takes. */
static int record_rows_of(struct recorder *r, const int rows[], size_t first, size_t end, const struct step_spec *spec)
{
    if (r->err.code)
        return NO_STEP;
    if (end - first == 1)
        return rows[first];
    size_t middle = first + (end - first + 1) / 2;
    int above = record_rows_of(r, rows, first, middle, spec);
    int below = record_rows_of(r, rows, middle, end, spec);
    return record_pair(r, above, below, spec, first + 1, end);
}

int record_gathered(struct recorder *r, const int rows[], size_t n, struct step_spec spec)
{
    size_t middle = (n + 1) / 2;
    spec.op = n == 1 ? OP_COPY : OP_APPEND_ROWS;
    spec.in[0] = record_rows_of(r, rows, 0, middle, &spec);
    if (n > 1)
        spec.in[1] = record_rows_of(r, rows, middle, n, &spec);
    return record_step(r, spec);
}

void record_row_names(struct recorder *r, int step, int words, size_t first)
{
    if (step == NO_STEP || words == NO_STEP)
        return;
    struct axis *row = &r->tape->steps[step].value.axis[AXIS_ROW], names = recorded(r, words)->axis[AXIS_ROW];
    names.size = row->size;
    if (names.labels)
        names.labels += first;
    *row = names;
}

const char *record_place(struct recorder *r, size_t t)
{
    const char *text = tape_text(r->tape, "%zu", t);
    if (!text)
        record_error(r, qkv_nomem("the place of a row"));
    return text;
}

/* "mean" and "1" make "mean_1". */
static const char *with_suffix(struct recorder *r, const char *name, const char *suffix)
{
    const char *text = tape_text(r->tape, "%s_%s", name, suffix);
    if (!text)
        record_error(r, qkv_nomem(name));
    return text ? text : "";
}

/* "gamma_1" is written with the letter that it is named after. */
static const char *greek(struct recorder *r, const char *letter, const char *name)
{
    const char *suffix = strchr(name, '_');
    return suffix ? with_suffix(r, letter, suffix + 1) : name;
}

int record_affine(struct recorder *r, int x, const char *gamma, const char *beta, struct step_spec spec)
{
    if (r->err.code)
        return NO_STEP;
    const char *cols = recorded(r, x)->axis[AXIS_COL].name;
    struct given factors = {.name = gamma,
                            .symbol = greek(r, "γ", gamma),
                            .title = "how much each column is stretched",
                            .meaning = "Learned numbers, one for each **column**: all rows are multiplied by them.",
                            .axes = "column: a number of each row; the same for all rows",
                            .rows = "all words",
                            .cols = cols,
                            .shape = "[columns]"};
    struct given summands = factors;
    summands.name = beta;
    summands.symbol = greek(r, "β", beta);
    summands.title = "how far each column is shifted";
    summands.meaning = "Learned numbers, one for each **column**: they are added to all rows.";
    spec.op = OP_AFFINE;
    spec.in[0] = x;
    spec.in[1] = record_row(r, &factors, x);
    spec.in[2] = record_row(r, &summands, x);
    return record_step(r, spec);
}

int record_norm(struct recorder *r, int x, const struct norm *norm)
{
    static const char one_axes[] = "row: a word; one number for all its features";
    struct step_spec mean = {.name = with_suffix(r, "mean", norm->suffix),
                             .symbol = with_suffix(r, "μ", norm->suffix),
                             .stage = STAGE_NORM,
                             .op = OP_ROW_MEAN,
                             .in = {x},
                             .title = "the mean of each row",
                             .meaning =
                                 "All numbers of a word's row, added up and divided by how many there are: where "
                                 "the **middle** of the row lies.",
                             .axes = one_axes};
    int m = record_step(r, mean);
    struct step_spec variance = {.name = with_suffix(r, "variance", norm->suffix),
                                 .symbol = with_suffix(r, "var", norm->suffix),
                                 .stage = STAGE_NORM,
                                 .op = OP_ROW_VARIANCE,
                                 .in = {x, m},
                                 .title = "how far each row spreads",
                                 .meaning = "How far the row's numbers lie from their mean, **squared**, on average: a "
                                            "row of equal numbers has 0.",
                                 .axes = one_axes};
    int v = record_step(r, variance);
    struct step_spec standard = {.name = with_suffix(r, "standardised", norm->suffix),
                                 .symbol = with_suffix(r, "N", norm->suffix),
                                 .stage = STAGE_NORM,
                                 .op = OP_STANDARDISE,
                                 .in = {x, m, v},
                                 .number = 1e-5,
                                 .title = "each number measured from its row's mean",
                                 .meaning = "The mean is taken off and the rest divided by the row's spread: now every "
                                            "row has mean **0** and spread **1**, however large it was.",
                                 .axes = "row: a word; column: a feature"};
    int n = record_step(r, standard);
    return record_affine(r, n, with_suffix(r, "gamma", norm->suffix), with_suffix(r, "beta", norm->suffix),
                         (struct step_spec){.name = norm->name,
                                            .symbol = norm->symbol,
                                            .stage = STAGE_NORM,
                                            .title = norm->title,
                                            .meaning = "Each column gets back a **size** and a **place** that were "
                                                       "learned: times gamma, plus beta.",
                                            .axes = "row: a word; column: a feature"});
}

int record_linear(struct recorder *r, int x, const struct linear *linear, struct step_spec spec)
{
    int w = record_matrix(r, &linear->w, x);
    bool biased = linear->b.name != NULL;
    struct step_spec product = spec;
    product.op = OP_MATMUL;
    product.in[0] = x;
    product.in[1] = w;
    if (!biased)
        return record_step(r, product);
    product.name = linear->sum_before;
    product.symbol = linear->symbol_before;
    product.title = "before the bias is added";
    int projected = record_step(r, product);
    int b = record_row(r, &linear->b, w);
    spec.op = OP_ADD;
    spec.in[0] = projected;
    spec.in[1] = b;
    return record_step(r, spec);
}
