#include "core/mechanisms/parts.h"

#include <stdio.h>
#include <string.h>

/* ---- what is learned ---- */

enum { SHAPE_NAMES = 64 };

/* "[d_model, d_ff]": what a message says of the shape. */
static const char *shape_of(const struct given *given, char buffer[SHAPE_NAMES])
{
    if (given->shape)
        return given->shape;
    if (strcmp(given->rows, ALL_WORDS) == 0)
        snprintf(buffer, SHAPE_NAMES, "[%s]", given->cols);
    else
        snprintf(buffer, SHAPE_NAMES, "[%s, %s]", given->rows, given->cols);
    return buffer;
}

int record_given(struct recorder *r, const struct given *given)
{
    char shape[SHAPE_NAMES];
    int step = record_input(r,
                            STEP(given->name, given->symbol ? given->symbol : given->name, STAGE_INPUT,
                                 .role = given->role, .words = given->words),
                            given->rows, given->cols);
    require_plane(r, step, shape_of(given, shape));
    return step;
}

int record_matrix(struct recorder *r, const struct given *given, int of)
{
    int step = record_given(r, given);
    if (step == NO_STEP || of == NO_STEP)
        return step;
    if (recorded_size(r, step, AXIS_ROW) == recorded_size(r, of, AXIS_COL))
        return step; /* most fit, and to write the message takes longer than anything else here */
    char columns[SHAPE_NAMES];
    snprintf(columns, sizeof columns, "columns of %s (%s)",
             given->columns_of ? given->columns_of : r->tape->steps[of].spec.name, given->rows);
    require_rows(r, step, recorded_size(r, of, AXIS_COL), columns);
    return step;
}

int record_row(struct recorder *r, const struct given *given, int of)
{
    int step = record_given(r, given);
    require_vector(r, step, of);
    return step;
}

static int record_linear_bias(struct recorder *r, const struct linear *linear, int w)
{
    struct given b = linear->b;
    b.rows = b.rows ? b.rows : ALL_WORDS;
    b.cols = b.cols ? b.cols : linear->w.cols;
    return record_row(r, &b, w);
}

int record_linear_by(struct recorder *r, int x, int w, const struct linear *linear, const struct step_spec *step)
{
    if (!linear->b.name || !record_has(r, linear->b.name))
        return record_op(r, step, OP_MATMUL, x, w);
    struct step_spec product = step_called(step, linear->sum_before, linear->symbol_before), sum = *step;
    product.variant = "before_bias";
    sum.variant = "with_bias";
    int b = linear->b_first ? record_linear_bias(r, linear, w) : NO_STEP;
    int xw = record_op(r, &product, OP_MATMUL, x, w);
    if (!linear->b_first)
        b = record_linear_bias(r, linear, w);
    return record_op(r, &sum, OP_ADD, xw, b);
}

int record_linear(struct recorder *r, int x, const struct linear *linear, const struct step_spec *step)
{
    return record_linear_by(r, x, record_matrix(r, &linear->w, x), linear, step);
}

/* ---- the beginning and the end ---- */

const struct sequence queries_sequence = {"X", "X", "d_model", "[n, d_model]"};
const struct sequence memory_sequence = {"memory", "X_memory", "d_memory", "[m, d_memory]"};

int record_sequence(struct recorder *r, const struct sequence *sequence)
{
    int step = record_input(r, STEP(sequence->name, sequence->symbol, STAGE_EMBED), "words", sequence->cols);
    require_plane(r, step, sequence->shape);
    return step;
}

int record_positions(struct recorder *r, int words, bool memory)
{
    if (r->err.code || words == NO_STEP || !settings_is(r->settings, "position", "sinusoidal"))
        return words;
    int waves = record_op(r,
                          STEP(memory ? "memory_positions" : "positions", memory ? "P_memory" : "P", STAGE_POSITION,
                               .words = "positions", .formula = memory ? "waves(m, d_memory)" : "waves(n, d_model)"),
                          OP_SINUSOIDS, words);
    return record_op(r,
                     STEP(memory ? "memory_positioned" : "X_positioned", memory ? "X_(memory,P)" : "X_P",
                          STAGE_POSITION, .words = "positioned"),
                     OP_ADD, words, waves);
}

int record_concat(struct recorder *r, int heads)
{
    bool one = recorded_size(r, heads, AXIS_HEAD) == 1;
    return record_op(r, STEP("concat", "C", STAGE_CONCAT, .what = STEP_CONCAT, .formula = one ? "{0}" : NULL),
                     OP_CONCAT_HEADS, heads);
}

const struct output_names output_names = {"output", "Y", "output_projected", "Y_0"};

int record_output(struct recorder *r, int concat, const struct output_names *names)
{
    if (r->err.code)
        return NO_STEP;
    if (!record_has(r, "W_O")) {
        if (record_has(r, "b_O"))
            refuse(r, QKV_ERR_DOMAIN, "b_O: it is added to the output, and without W_O there is none");
        return concat;
    }
    struct linear linear = {.w = {.name = "W_O",
                                  .rows = recorded(r, concat)->axis[AXIS_COL].name,
                                  .cols = "d_out",
                                  .shape = "[heads*d_v, d_out]"},
                            .b = {.name = "b_O"},
                            .sum_before = names->projected,
                            .symbol_before = names->projected_symbol};
    return record_linear(r, concat, &linear,
                         STEP(names->name, names->symbol, STAGE_OUTPUT, .words = "output", .what = STEP_OUTPUT));
}

/* ---- queries, keys and values ---- */

/* clang-format off */
#define PROJECTION(letter, of_role, heads_setting, d) \
    {.role = of_role, .w = "W_" letter, .b = "b_" letter, .projected = letter "_projected", .name = letter, \
     .split = letter "_heads", .projected_symbol = letter "_0", .split_symbol = letter "_h", \
     .split_as_rows = "reshape({0}, n, h, " d ")", .heads = heads_setting, .cols = heads_setting "*" d, .cols_of_one_head = d}
/* clang-format on */

const struct projection query_projection = PROJECTION("Q", ROLE_QUERY, "heads", "d_k");
const struct projection key_projection = PROJECTION("K", ROLE_KEY, "kv_heads", "d_k");
const struct projection value_projection = PROJECTION("V", ROLE_VALUE, "kv_heads", "d_v");

/* The columns of W_Q are one head's, or those of all heads; its rows are the columns of the words. */
static struct linear linear_of(const struct projection *projection, const char *rows, size_t heads)
{
    bool memory = strcmp(rows, "d_memory") == 0;
    return (struct linear){
        .w = {.name = projection->w,
              .role = projection->role,
              .rows = rows,
              .cols = heads == 1 ? projection->cols_of_one_head : projection->cols,
              .columns_of = memory ? "memory" : "X",
              .shape = memory ? "[d_memory, columns]" : "[d_model, columns]"},
        .b = {.name = projection->b, .role = projection->role},
        .b_first = true,
        .sum_before = projection->projected,
        .symbol_before = projection->projected_symbol,
    };
}

int record_projection(struct recorder *r, const struct projection *projection, int words, size_t heads)
{
    if (r->err.code)
        return NO_STEP;
    struct linear linear = linear_of(projection, recorded(r, words)->axis[AXIS_COL].name, heads);
    int w = record_matrix(r, &linear.w, words);
    /* Not every mechanism can share heads: where it cannot, keys and values have the queries' heads. */
    require_divides(r, w, heads, settings_find(r->settings, projection->heads) ? projection->heads : "heads");
    return record_linear_by(r, words, w, &linear,
                            STEP(projection->name, projection->name, STAGE_PROJECT, .role = projection->role));
}

int record_split_heads(struct recorder *r, const struct projection *projection, int whole, size_t heads, size_t all)
{
    if (heads == 1)
        return whole;
    int split = record_op(r,
                          STEP(projection->split, projection->split_symbol, STAGE_PROJECT, .role = projection->role,
                               .number = (double)heads),
                          OP_SPLIT_HEADS, whole);
    if (split != NO_STEP && heads < all) {
        r->tape->steps[split].value.axis[AXIS_HEAD].name = "sets";
        r->tape->steps[split].spec.variant = "sets";
    }
    return split;
}

/* ---- softmax ---- */

const struct step_spec row_max_step = {.name = "row_max", .symbol = "m", .stage = STAGE_NORMALISE};
const struct step_spec exponentials_step = {.name = "exponentials", .symbol = "E", .stage = STAGE_NORMALISE};
const struct step_spec row_sums_step = {.name = "row_sums", .symbol = "z", .stage = STAGE_NORMALISE};
const struct step_spec weights_step = {.name = "weights",
                                       .symbol = "A",
                                       .stage = STAGE_NORMALISE,
                                       .scale = SCALE_SHARE,
                                       .what = STEP_WEIGHTS,
                                       .distribution = true};

int record_softmax(struct recorder *r, int scores, size_t t)
{
    int row_max = record_op_at(r, &row_max_step, t, OP_ROW_MAX, scores);
    int exponentials = record_op_at(r, &exponentials_step, t, OP_EXP_SHIFTED, scores, row_max);
    int row_sums = record_op_at(r, &row_sums_step, t, OP_ROW_SUM, exponentials);
    return record_op_at(r, &weights_step, t, OP_DIVIDE_ROWS, exponentials, row_sums);
}

/* ---- layer norm ---- */

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

/* ---- of layers ---- */

static struct step_spec of_network(struct recorder *r, const struct feed_forward *ffn, const char *part)
{
    return *STEP(record_named(r, ffn->name, part), record_named(r, ffn->symbol, part), STAGE_FEED_FORWARD,
                 .words = part);
}

int record_feed_forward(struct recorder *r, int x, const struct feed_forward *ffn)
{
    struct linear widen = {.w = {.name = ffn->w_1, .words = "spread", .rows = "d_model", .cols = "d_ff"},
                           .b = {.name = ffn->b_1, .words = "spread_bias"},
                           .sum_before = record_named(r, ffn->name, "wide_projected"),
                           .symbol_before = record_named(r, ffn->symbol, "0")};
    struct linear narrow = {.w = {.name = ffn->w_2, .words = "narrowing", .rows = "d_ff", .cols = "d_model"},
                            .b = {.name = ffn->b_2, .words = "narrowing_bias"},
                            .sum_before = record_named(r, ffn->name, "projected"),
                            .symbol_before = record_named(r, ffn->symbol, "1")};
    struct step_spec wide = of_network(r, ffn, "wide"), activated = of_network(r, ffn, "bent");
    int spread = record_linear(r, x, &widen, &wide);
    int result = record_linear(r, record_op(r, &activated, ffn->activation, spread), &narrow,
                               STEP(ffn->name, ffn->symbol, STAGE_FEED_FORWARD, .words = "narrow"));
    require_width(r, result, ffn->w_2, x, "X (d_model)");
    return result;
}

int record_residual(struct recorder *r, int before, int result, const char *name, const char *symbol)
{
    return record_op(r, STEP(name, symbol, STAGE_RESIDUAL, .words = "residual"), OP_ADD, before, result);
}
