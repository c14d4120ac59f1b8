#include "core/mechanisms/norm.h"

#include "core/mechanisms/learned.h"

#include <string.h>

#define ONE_AXES "row: a word; one number for all its features"

/* Names are those of each norm: "mean" and "1" make "mean_1". */
static const struct step_spec mean_words = {
    .name = "mean",
    .symbol = "μ",
    .stage = STAGE_NORM,
    .title = "the mean of each row",
    .meaning = "All numbers of a word's row, added up and divided by how many there are: where the **middle** of the "
               "row lies.",
    .axes = ONE_AXES,
};
static const struct step_spec variance_words = {
    .name = "variance",
    .symbol = "var",
    .stage = STAGE_NORM,
    .title = "each row's spread",
    .meaning = "How far the row's numbers lie from their mean, **squared**, on average: a row of equal numbers has 0.",
    .axes = ONE_AXES,
};
static const struct step_spec standardised_words = {
    .name = "standardised",
    .symbol = "N",
    .stage = STAGE_NORM,
    .number = 1e-5,
    .title = "each number measured from its row's mean",
    .meaning = "The mean is taken off and the rest divided by the row's spread: now every row has mean **0** and "
               "spread **1**, however large it was.",
    .axes = WORD_AXES,
};
static const struct step_spec normed_words = {
    .stage = STAGE_NORM,
    .meaning = "Each column gets back a **size** and a **place** that were learned: times gamma, plus beta.",
    .axes = WORD_AXES,
};

/* "gamma_1" is written with the letter that it is named after. */
static const char *greek(struct recorder *r, const char *letter, const char *name)
{
    const char *suffix = strchr(name, '_');
    return suffix ? record_named(r, letter, suffix + 1) : name;
}

int record_affine(struct recorder *r, int x, const char *gamma, const char *beta, const struct step_spec *words)
{
    if (r->err.code)
        return NO_STEP;
    struct given factors = {.name = gamma,
                            .symbol = greek(r, "γ", gamma),
                            .title = "how much each column is stretched",
                            .meaning = "Learned numbers, one for each **column**: all rows are multiplied by them.",
                            .axes = "column: a number of each row; the same for all rows",
                            .rows = ALL_WORDS,
                            .cols = recorded(r, x)->axis[AXIS_COL].name,
                            .shape = "[columns]"};
    struct given summands = factors;
    summands.name = beta;
    summands.symbol = greek(r, "β", beta);
    summands.title = "how far each column is shifted";
    summands.meaning = "Learned numbers, one for each **column**: they are added to all rows.";
    int stretch = record_row(r, &factors, x), shift = record_row(r, &summands, x);
    return record_op(r, words, OP_AFFINE, x, stretch, shift);
}

static struct step_spec of_norm(struct recorder *r, const struct norm *norm, const struct step_spec *words)
{
    struct step_spec spec = *words;
    spec.name = record_named(r, words->name, norm->suffix);
    spec.symbol = record_named(r, words->symbol, norm->suffix);
    return spec;
}

int record_norm(struct recorder *r, int x, const struct norm *norm)
{
    struct step_spec mean = of_norm(r, norm, &mean_words), variance = of_norm(r, norm, &variance_words),
                     standardised = of_norm(r, norm, &standardised_words), normed = normed_words;
    normed.name = norm->name;
    normed.symbol = norm->symbol;
    normed.title = norm->title;
    int m = record_op(r, &mean, OP_ROW_MEAN, x);
    int v = record_op(r, &variance, OP_ROW_VARIANCE, x, m);
    int n = record_op(r, &standardised, OP_STANDARDISE, x, m, v);
    return record_affine(r, n, record_named(r, "gamma", norm->suffix), record_named(r, "beta", norm->suffix), &normed);
}
