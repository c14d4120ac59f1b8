/* conformer.c: a layer for speech: attention for what is far, a convolution for what is near, between two halves of a
 * feed-forward network.
 * Source: Gulati et al. 2020, "Conformer: Convolution-augmented Transformer for Speech Recognition", section 2.
 *
 * h1 = X + FFN1(X) / 2; h2 = h1 + attention(norm(h1)); h3 = h2 + convolution(h2); h4 = h3 + FFN2(h3) / 2;
 * output = norm(h4). Its attention is that of attention.c, with all its settings. */
#include "core/mechanisms/attention.h"
#include "core/mechanisms/layer.h"
#include "core/mechanisms/learned.h"
#include "core/mechanisms/norm.h"
#include "core/mechanisms/tables.h"

/* Half of a feed-forward network: there are two in the layer. */
static int record_half(struct recorder *r, int x, const struct norm *norm, const struct feed_forward *ffn,
                       const char *name, const char *symbol)
{
    struct step_spec half = {.name = name,
                             .symbol = symbol,
                             .stage = STAGE_FEED_FORWARD,
                             .number = 2,
                             .written = "2",
                             .title = "half of it",
                             .meaning = "There are **two** such networks in the layer, one before and one after: each "
                                        "gives half.",
                             .axes = WORD_AXES};
    return record_op(r, &half, OP_DIVIDE, record_feed_forward(r, record_norm(r, x, norm), ffn));
}

static int record_far(struct recorder *r, int x, int memory)
{
    static const struct norm norm = {"A", "normed_A", "H_A", "what attention gets to see"};
    int normed = record_positions(r, record_norm(r, x, &norm), false);
    if (memory != NO_STEP)
        memory = record_positions(r, memory, true);
    return record_attended(r, x, normed, memory);
}

/* What is said of the steps of the convolution. */
#define CONVOLUTION(step, in_formulas, what, more, of_axes)                                                            \
    {                                                                                                                  \
        .name = step, .symbol = in_formulas, .stage = STAGE_CONVOLVE, .title = what, .meaning = more, .axes = of_axes  \
    }
#define RESULT_AXES "row: a word; column: a number of the result"
static const struct step_spec widened_words = CONVOLUTION(
    "widened", "L_2", "two numbers for each feature",
    "Each word by itself: the **first half** of the columns is what may pass, the second says how far.", RESULT_AXES);
static const struct step_spec gated_words =
    CONVOLUTION("gated", "L_G", "the first half, through the gate",
                "Each number of the first half times the **sigmoid** of its partner in the second: between shut and "
                "open.",
                WORD_AXES);
static const struct step_spec convolved_words =
    CONVOLUTION("convolved", "L_D", "each feature of the nearest words",
                "The window slides over the words: each feature is made of the **same feature** of a few neighbours. "
                "Beyond the ends there are zeros.",
                WORD_AXES);
static const struct step_spec shifted_words =
    CONVOLUTION("convolved_shifted", "L_b", "with the bias", "The bias is added to **every** row.", WORD_AXES);
static const struct step_spec folded_words =
    CONVOLUTION("batch_normed", "L_N", "each feature to its own measure",
                "What was learned of the mean and spread of all texts, **folded** into one factor and one summand for "
                "each feature.",
                WORD_AXES);
static const struct step_spec bent_words =
    CONVOLUTION("convolved_bent", "L_s", "what is far below 0 is dropped",
                "Each number times its own sigmoid: large ones stay, those far below 0 **vanish**.", WORD_AXES);
static const struct step_spec mixed_words =
    CONVOLUTION("convolution", "L", "what the neighbours gave",
                "Each word by itself: the features are **mixed** once more.", RESULT_AXES);

/* A matrix for each word by itself, before and after the convolution. */
#define POINTWISE(matrix, bias, columns, matrix_shape, bias_shape, before, symbol)                                     \
    {                                                                                                                  \
        .w = {.name = matrix,                                                                                          \
              .title = "how features are mixed",                                                                       \
              .meaning = "Learned numbers, the same for every word: a row says what **one feature** adds.",            \
              .axes = MATRIX_AXES,                                                                                     \
              .rows = "d_model",                                                                                       \
              .cols = columns,                                                                                         \
              .shape = matrix_shape},                                                                                  \
        .b = {.name = bias,                                                                                            \
              .title = "what every result starts from",                                                                \
              .axes = "column: a number of the result",                                                                \
              .shape = bias_shape},                                                                                    \
        .sum_before = before, .symbol_before = symbol                                                                  \
    }
static const struct linear widening =
    POINTWISE("W_P1", "b_P1", "2*d_model", "[d_model, 2 d_model]", "[2 d_model]", "widened_projected", "L_1");
static const struct linear mixing =
    POINTWISE("W_P2", "b_P2", "d_model", "[d_model, d_model]", "[d_model]", "convolution_projected", "L_0");

static int record_pointwise(struct recorder *r, int x, const struct linear *linear, size_t times,
                            const struct step_spec *words)
{
    int result = record_linear(r, x, linear, words);
    size_t found = recorded_size(r, result, AXIS_COL), wanted = times * recorded_size(r, x, AXIS_COL);
    if (!r->err.code && found != wanted)
        record_error(r, qkv_errf(QKV_ERR_SHAPE, "%s: its %zu columns must be %zu (%s)", linear->w.name, found, wanted,
                                 linear->w.cols));
    return result;
}

static const struct given windows_given = {
    .name = "D",
    .title = "a small window for each feature",
    .meaning = "Learned numbers: a row is the window of **one feature**; its middle stands on the word itself.",
    .axes = "row: a feature; column: a place in the window",
    .rows = "d_model",
    .cols = "width",
};
static const struct given shift_given = {
    .name = "b_D",
    .title = "what every window starts from",
    .meaning = SAME_FOR_WORDS,
    .axes = "column: a feature",
    .rows = ALL_WORDS,
    .cols = "d_model",
};

/* A window of its own for every column, over the words. */
static int record_windows(struct recorder *r, int x)
{
    int d = record_given(r, &windows_given);
    require_rows(r, d, recorded_size(r, x, AXIS_COL), "columns of X (d_model)");
    require_odd_width(r, d);
    int convolved = record_op(r, &convolved_words, OP_DEPTHWISE, x, d);
    return record_op(r, &shifted_words, OP_ADD, convolved, record_row(r, &shift_given, x));
}

static int record_convolution(struct recorder *r, int x)
{
    static const struct norm norm = {"C", "normed_C", "H_C", "what the convolution gets to see"};
    int wide = record_pointwise(r, record_norm(r, x, &norm), &widening, 2, &widened_words);
    int near = record_windows(r, record_op(r, &gated_words, OP_GLU, wide));
    int folded = record_affine(r, near, "gamma_N", "beta_N", &folded_words);
    return record_pointwise(r, record_op(r, &bent_words, OP_SILU, folded), &mixing, 1, &mixed_words);
}

static void conformer_record(struct recorder *r)
{
    static const struct norm norm_1 = {"F1", "normed_F1", "X_N", "what the first network gets to see"};
    static const struct norm norm_2 = {"F2", "normed_F2", "H_N", "what the second network gets to see"};
    static const struct norm norm_out = {"out", "output", "Y", "what the layer hands on"};
    static const struct feed_forward ffn_1 = {"ffn1", "F", "W_11", "b_11", "W_12", "b_12", OP_SILU};
    static const struct feed_forward ffn_2 = {"ffn2", "J", "W_21", "b_21", "W_22", "b_22", OP_SILU};
    struct sequence looking = words_that_look, looked_at = words_looked_at;
    looking.meaning = "One row for each word. Every column is a **feature**.";
    looked_at.title = "what is looked at";
    int h = record_sequence(r, &looking), memory = record_sequence(r, &looked_at);
    h = record_residual(r, h, record_half(r, h, &norm_1, &ffn_1, "ffn1_half", "F_half"), "residual_1", "H_1");
    h = record_residual(r, h, record_far(r, h, memory), "residual_2", "H_2");
    h = record_residual(r, h, record_convolution(r, h), "residual_3", "H_3");
    h = record_residual(r, h, record_half(r, h, &norm_2, &ffn_2, "ffn2_half", "J_half"), "residual_4", "H_4");
    record_norm(r, h, &norm_out);
}

static const struct setting_info settings[] = {
#include "core/mechanisms/attention_settings.inc"
};

static const struct tensor_info inputs[] = {
#include "core/mechanisms/attention_inputs.inc"
    {"W_O", "[heads*d_v, d_model]", false, "always"},
    INPUTS_OF_NORM("A", "always: of the norm before attention"),
    INPUTS_OF_NORM("F1", "always: of the norm before the first network"),
    {"W_11", "[d_model, d_ff]", false, "always: the first network"},
    {"b_11", "[d_ff]", false, "always"},
    {"W_12", "[d_ff, d_model]", false, "always"},
    {"b_12", "[d_model]", false, "always"},
    INPUTS_OF_NORM("F2", "always: of the norm before the second network"),
    {"W_21", "[d_model, d_ff]", false, "always: the second network"},
    {"b_21", "[d_ff]", false, "always"},
    {"W_22", "[d_ff, d_model]", false, "always"},
    {"b_22", "[d_model]", false, "always"},
    INPUTS_OF_NORM("C", "always: of the norm before the convolution"),
    {"W_P1", "[d_model, 2 d_model]", false, "always: what may pass, and the gate"},
    {"b_P1", "[2 d_model]", false, "always"},
    {"D", "[d_model, width]", false, "always: a window of odd width for each feature"},
    {"b_D", "[d_model]", false, "always"},
    INPUTS_OF_NORM("N", "always: of the batch norm, folded"),
    {"W_P2", "[d_model, d_model]", false, "always"},
    {"b_P2", "[d_model]", false, "always"},
    INPUTS_OF_NORM("out", "always: of the last norm"),
};

static const struct tensor_info outputs[] = {
#include "core/mechanisms/attention_outputs.inc"
    OUTPUT_OF_WORDS("attention_output", "always"),
    OUTPUT_OF_WORDS("convolution", "always"),
    OUTPUT_OF_WORDS("residual_1", "always: the sum after the first network"),
    OUTPUT_OF_WORDS("residual_2", "always: the sum after attention"),
    OUTPUT_OF_WORDS("residual_3", "always: the sum after the convolution"),
    OUTPUT_OF_WORDS("residual_4", "always: the sum after the second network"),
    OUTPUT_OF_WORDS("output", "always"),
};

static const struct formula_part formula[] = {
    {STAGE_RESIDUAL, "X + "},       {STAGE_FEED_FORWARD, "FFN_1 ÷ 2"}, {STAGE_RESIDUAL, " + "},
    {STAGE_AGGREGATE, "attention"}, {STAGE_RESIDUAL, " + "},           {STAGE_CONVOLVE, "convolution"},
    {STAGE_RESIDUAL, " + "},        {STAGE_FEED_FORWARD, "FFN_2 ÷ 2"}, {STAGE_INPUT, NULL},
};

static const enum stage stages[] = {STAGE_EMBED,     STAGE_NORM,    STAGE_FEED_FORWARD, STAGE_RESIDUAL,
                                    STAGE_POSITION,  STAGE_PROJECT, STAGE_SCORE,        STAGE_SCALE,
                                    STAGE_BIAS,      STAGE_MASK,    STAGE_NORMALISE,    STAGE_DROPOUT,
                                    STAGE_AGGREGATE, STAGE_CONCAT,  STAGE_OUTPUT,       STAGE_CONVOLVE};

const struct mechanism mechanism_conformer = {
    .name = "conformer",
    .summary = "a layer for speech: attention for what is far, convolution for what is near, two half networks",
    .source = "Gulati et al. 2020, Conformer: Convolution-augmented Transformer for Speech Recognition",
    .formula = formula,
    MECHANISM_TABLE(settings),
    MECHANISM_TABLE(inputs),
    MECHANISM_TABLE(outputs),
    .record = conformer_record,
    MECHANISM_TABLE(stages),
};
