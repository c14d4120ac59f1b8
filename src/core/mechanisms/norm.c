#include "core/mechanisms/norm.h"

#include "core/mechanisms/learned.h"

#include <string.h>

/* "gamma_1" is written with the letter that it is named after. */
static const char *greek(struct recorder *r, const char *letter, const char *name)
{
    const char *suffix = strchr(name, '_');
    return suffix ? record_named(r, letter, suffix + 1) : name;
}

int record_affine(struct recorder *r, int x, const char *gamma, const char *beta, const struct step_spec *step)
{
    if (r->err.code)
        return NO_STEP;
    struct given factors = {.name = gamma,
                            .symbol = greek(r, "γ", gamma),
                            .words = "gamma",
                            .rows = ALL_WORDS,
                            .cols = recorded(r, x)->axis[AXIS_COL].name,
                            .shape = "[columns]"};
    struct given summands = factors;
    summands.name = beta;
    summands.symbol = greek(r, "β", beta);
    summands.words = "beta";
    int stretch = record_row(r, &factors, x), shift = record_row(r, &summands, x);
    return record_op(r, step, OP_AFFINE, x, stretch, shift);
}

static int record_part_of(struct recorder *r, const struct norm *norm, const struct step_spec *step, enum op op,
                          const int of[OP_INPUTS_MAX])
{
    struct step_spec spec =
        step_called(step, record_named(r, step->name, norm->suffix), record_named(r, step->symbol, norm->suffix));
    return record_equation(r, &spec, 0, op, of);
}

int record_norm(struct recorder *r, int x, const struct norm *norm)
{
    const char *gamma = record_named(r, "gamma", norm->suffix), *beta = record_named(r, "beta", norm->suffix);
    int m = record_part_of(r, norm, STEP("mean", "μ", STAGE_NORM), OP_ROW_MEAN, (int[OP_INPUTS_MAX]){x});
    int v = record_part_of(r, norm, STEP("variance", "var", STAGE_NORM), OP_ROW_VARIANCE, (int[OP_INPUTS_MAX]){x, m});
    int n = record_part_of(r, norm, STEP("standardised", "N", STAGE_NORM, .number = 1e-5), OP_STANDARDISE,
                           (int[OP_INPUTS_MAX]){x, m, v});
    return record_affine(r, n, gamma, beta,
                         STEP(norm->name, norm->symbol, STAGE_NORM, .words = "normed", .variant = norm->name));
}
