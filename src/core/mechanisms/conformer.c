/* conformer.c: a layer for speech: attention, for any distance, and a convolution, for neighbours, between two halves
 * of a feed-forward network.
 * Source: Gulati et al. 2020, "Conformer: Convolution-augmented Transformer for Speech Recognition", section 2.
 *
 * h1 = X + FFN1(X) / 2; h2 = h1 + attention(norm(h1)); h3 = h2 + convolution(h2); h4 = h3 + FFN2(h3) / 2;
 * output = norm(h4). Its attention is that of attention.c, with all its settings. */
#include "core/mechanisms/attention.h"

/* Half of a feed-forward network: there are two in the layer. */
static int record_half(struct recorder *r, int x, const struct norm *norm, const struct feed_forward *ffn,
                       const char *name, const char *symbol)
{
    return record_op(r, STEP(name, symbol, STAGE_FEED_FORWARD, .words = "half", .number = 2, .written = "2"), OP_DIVIDE,
                     record_feed_forward(r, record_norm(r, x, norm), ffn));
}

static int record_attention(struct recorder *r, int x, int memory)
{
    static const struct norm norm = {"A", "normed_A", "H_A"};
    int normed = record_positions(r, record_norm(r, x, &norm), false);
    return attention_in_layer(r, x, normed, record_positions(r, memory, true));
}

/* Pointwise: the matrices before and after the convolution, applied to each token. */
static const struct linear widening = {
    .w =
        {.name = "W_P1", .words = "pointwise", .rows = "d_model", .cols = "2*d_model", .shape = "[d_model, 2 d_model]"},
    .b = {.name = "b_P1", .words = "pointwise_bias", .shape = "[2 d_model]"},
    .sum_before = "widened_projected",
    .symbol_before = "L_1",
};
static const struct linear mixing = {
    .w = {.name = "W_P2", .words = "pointwise", .rows = "d_model", .cols = "d_model", .shape = "[d_model, d_model]"},
    .b = {.name = "b_P2", .words = "pointwise_bias", .shape = "[d_model]"},
    .sum_before = "convolution_projected",
    .symbol_before = "L_0",
};

static int record_pointwise(struct recorder *r, int x, const struct linear *linear, size_t times,
                            const struct step_spec *step)
{
    int result = record_linear(r, x, linear, step);
    size_t found = recorded_size(r, result, AXIS_COL), wanted = times * recorded_size(r, x, AXIS_COL);
    if (!r->err.code && found != wanted)
        refuse(r, QKV_ERR_SHAPE, "%s: its %zu columns must be %zu (%s)", linear->w.name, found, wanted, linear->w.cols);
    return result;
}

/* Depthwise: every column has its own window, which slides over the tokens. */
static int record_windows(struct recorder *r, int x)
{
    static const struct given windows = {.name = "D", .rows = "d_model", .cols = "width"},
                              shift = {.name = "b_D", .rows = ALL_WORDS, .cols = "d_model"};
    int d = record_given(r, &windows);
    require_rows(r, d, recorded_size(r, x, AXIS_COL), "columns of X (d_model)");
    require_odd_width(r, d);
    int convolved = record_op(r, STEP("convolved", "L_D", STAGE_CONVOLVE), OP_DEPTHWISE, x, d);
    return record_op(r, STEP("convolved_shifted", "L_b", STAGE_CONVOLVE), OP_ADD, convolved, record_row(r, &shift, x));
}

static int record_convolution(struct recorder *r, int x)
{
    static const struct norm norm = {"C", "normed_C", "H_C"};
    int normed = record_norm(r, x, &norm);
    int wide = record_pointwise(r, normed, &widening, 2, STEP("widened", "L_2", STAGE_CONVOLVE));
    int convolved = record_windows(r, record_op(r, STEP("gated", "L_G", STAGE_CONVOLVE), OP_GLU, wide));
    int batch_normed = record_affine(r, convolved, "gamma_N", "beta_N", STEP("batch_normed", "L_N", STAGE_CONVOLVE));
    int activated = record_op(r, STEP("convolved_bent", "L_s", STAGE_CONVOLVE), OP_SILU, batch_normed);
    return record_pointwise(r, activated, &mixing, 1, STEP("convolution", "L", STAGE_CONVOLVE));
}

static void conformer_record(struct recorder *r)
{
    static const struct norm norm_1 = {"F1", "normed_F1", "X_N"};
    static const struct norm norm_2 = {"F2", "normed_F2", "H_N"};
    static const struct norm norm_out = {"out", "output", "Y"};
    static const struct feed_forward ffn_1 = {"ffn1", "F", "W_11", "b_11", "W_12", "b_12", OP_SILU};
    static const struct feed_forward ffn_2 = {"ffn2", "J", "W_21", "b_21", "W_22", "b_22", OP_SILU};
    int h = record_sequence(r, &queries_sequence), memory = record_sequence(r, &memory_sequence);
    h = record_residual(r, h, record_half(r, h, &norm_1, &ffn_1, "ffn1_half", "F_half"), "residual_1", "H_1");
    h = record_residual(r, h, record_attention(r, h, memory), "residual_2", "H_2");
    h = record_residual(r, h, record_convolution(r, h), "residual_3", "H_3");
    h = record_residual(r, h, record_half(r, h, &norm_2, &ffn_2, "ffn2_half", "J_half"), "residual_4", "H_4");
    record_norm(r, h, &norm_out);
}

static const struct setting_info settings[] = {ATTENTION_SETTINGS};

static const struct tensor_info inputs[] = {
    ATTENTION_INPUTS,
    TENSOR("W_O", "[heads*d_v, d_model]"),
    INPUTS_OF_NORM("A"),
    INPUTS_OF_NORM("F1"),
    INPUTS_OF_NETWORK("11", "12"),
    INPUTS_OF_NORM("F2"),
    INPUTS_OF_NETWORK("21", "22"),
    INPUTS_OF_NORM("C"),
    TENSOR("W_P1", "[d_model, 2 d_model]"),
    TENSOR("b_P1", "[2 d_model]"),
    TENSOR("D", "[d_model, width]"),
    TENSOR("b_D", "[d_model]"),
    INPUTS_OF_NORM("N"),
    TENSOR("W_P2", "[d_model, d_model]"),
    TENSOR("b_P2", "[d_model]"),
    INPUTS_OF_NORM("out"),
};

static const struct tensor_info outputs[] = {
    ATTENTION_OUTPUTS,
    TENSOR("attention_output", "[1, n, d_model]"),
    TENSOR("convolution", "[1, n, d_model]"),
    TENSOR("residual_1", "[1, n, d_model]"),
    TENSOR("residual_2", "[1, n, d_model]"),
    TENSOR("residual_3", "[1, n, d_model]"),
    TENSOR("residual_4", "[1, n, d_model]"),
    TENSOR("output", "[1, n, d_model]"),
};

static const enum stage stages[] = {STAGE_EMBED,     STAGE_NORM,    STAGE_FEED_FORWARD, STAGE_RESIDUAL,
                                    STAGE_POSITION,  STAGE_PROJECT, STAGE_SCORE,        STAGE_SCALE,
                                    STAGE_BIAS,      STAGE_MASK,    STAGE_NORMALISE,    STAGE_DROPOUT,
                                    STAGE_AGGREGATE, STAGE_CONCAT,  STAGE_OUTPUT,       STAGE_CONVOLVE};

MECHANISM(conformer, "Gulati et al. 2020, Conformer: Convolution-augmented Transformer for Speech Recognition");
