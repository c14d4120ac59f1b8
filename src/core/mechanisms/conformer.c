/* conformer.c: h1 = X + FFN1(X) / 2; h2 = h1 + attention(norm(h1)); h3 = h2 + convolution(h2); h4 = h3 + FFN2(h3) / 2;
 * output = norm(h4). Its attention is that of attention.c, with all its settings. */
#include "core/mechanisms/conformer.h"

#include "core/mechanisms/attention.h"
#include "core/mechanisms/feed_forward.h"
#include "core/mechanisms/parts.h"

static const char word_axes[] = "row: a word; column: a feature";

/* Half of a feed-forward network, as two slices of bread have half of the butter each. */
static int record_half(struct recorder *r, int x, const struct norm *norm, const struct feed_forward *ffn,
                       const char *name, const char *symbol)
{
    int found = record_feed_forward(r, record_norm(r, x, norm), ffn);
    return record_step(r,
                       (struct step_spec){.name = name,
                                          .symbol = symbol,
                                          .stage = STAGE_FEED_FORWARD,
                                          .op = OP_DIVIDE,
                                          .in = {found},
                                          .number = 2,
                                          .written = "2",
                                          .title = "half of it",
                                          .meaning = "There are **two** such networks in the layer, one before and one "
                                                     "after: each gives half.",
                                          .axes = word_axes});
}

static int record_attended(struct recorder *r, int x, int memory)
{
    static const struct norm norm = {"A", "normed_A", "H_A", "what attention gets to see"};
    static const struct output_names names = {"attention_output", "A_out", "attention_projected", "A_0"};
    int normed = record_positions(r, record_norm(r, x, &norm), false);
    if (memory != NO_STEP)
        memory = record_positions(r, memory, true);
    if (r->err.code)
        return NO_STEP;
    int found = attention_steps(r, normed, memory, &names);
    size_t cols = recorded_size(r, found, AXIS_COL), wanted = recorded_size(r, x, AXIS_COL);
    if (!r->err.code && cols != wanted)
        record_error(r, qkv_errf(QKV_ERR_SHAPE, "W_O: its %zu columns must be the %zu of X (d_model)", cols, wanted));
    return found;
}

/* One row times a matrix for each word, before or after the convolution. */
static int record_pointwise(struct recorder *r, int x, const char *w, const char *b, size_t times, const char *name,
                            const char *symbol, const char *title, const char *meaning)
{
    const char *cols = times == 2 ? "2*d_model" : "d_model";
    struct linear linear = {
        .w = {.name = w,
              .title = "how features are mixed",
              .meaning = "Learned numbers, the same for every word: a row says what **one feature** adds.",
              .axes = "row: a feature; column: a number of the result",
              .rows = "d_model",
              .cols = cols,
              .shape = times == 2 ? "[d_model, 2 d_model]" : "[d_model, d_model]"},
        .b = {.name = b,
              .title = "what every result starts from",
              .meaning = "Learned numbers, the same for **every** word.",
              .axes = "column: a number of the result",
              .rows = "all words",
              .cols = cols,
              .shape = times == 2 ? "[2 d_model]" : "[d_model]"},
        .sum_before = tape_text(r->tape, "%s_projected", name),
        .symbol_before = times == 2 ? "L_1" : "L_0"};
    if (!linear.sum_before)
        record_error(r, qkv_nomem(name));
    if (r->err.code)
        return NO_STEP;
    int result = record_linear(r, x, &linear,
                               (struct step_spec){.name = name,
                                                  .symbol = symbol,
                                                  .stage = STAGE_CONVOLVE,
                                                  .title = title,
                                                  .meaning = meaning,
                                                  .axes = "row: a word; column: a number of the result"});
    size_t found = recorded_size(r, result, AXIS_COL), wanted = times * recorded_size(r, x, AXIS_COL);
    if (!r->err.code && found != wanted)
        record_error(r, qkv_errf(QKV_ERR_SHAPE, "%s: its %zu columns must be %zu (%s)", w, found, wanted, cols));
    return result;
}

static struct step_spec convolving(const char *name, const char *symbol, enum op op, int in, const char *title,
                                   const char *meaning)
{
    return (struct step_spec){.name = name,
                              .symbol = symbol,
                              .stage = STAGE_CONVOLVE,
                              .op = op,
                              .in = {in},
                              .title = title,
                              .meaning = meaning,
                              .axes = word_axes};
}

/* A window of its own for every column, over the words. */
static int record_windows(struct recorder *r, int x)
{
    static const struct given windows = {.name = "D",
                                         .title = "a small window for each feature",
                                         .meaning =
                                             "Learned numbers: a row is the window of **one feature**; its middle "
                                             "stands on the word itself.",
                                         .axes = "row: a feature; column: a place in the window",
                                         .rows = "d_model",
                                         .cols = "width",
                                         .shape = "[d_model, width]"};
    static const struct given shift = {.name = "b_D",
                                       .title = "what every window starts from",
                                       .meaning = "Learned numbers, the same for **every** word.",
                                       .axes = "column: a feature",
                                       .rows = "all words",
                                       .cols = "d_model",
                                       .shape = "[d_model]"};
    int d = record_given(r, &windows);
    size_t width = recorded_size(r, d, AXIS_COL);
    require_rows(r, d, recorded_size(r, x, AXIS_COL), "columns of X (d_model)");
    if (!r->err.code && width % 2 == 0)
        record_error(r, qkv_errf(QKV_ERR_SHAPE, "D: its width %zu must be odd, so that a window has a middle", width));
    struct step_spec slide = convolving(
        "convolved", "L_D", OP_DEPTHWISE, x, "each feature of the nearest words",
        "The window slides over the words: each feature is made of the **same feature** of a few neighbours. "
        "Beyond the ends there are zeros.");
    slide.in[1] = d;
    int convolved = record_step(r, slide);
    struct step_spec sum = convolving("convolved_shifted", "L_b", OP_ADD, convolved, "with the bias",
                                      "The bias is added to **every** row.");
    sum.in[1] = record_row(r, &shift, x);
    return record_step(r, sum);
}

static int record_convolution(struct recorder *r, int x)
{
    static const struct norm norm = {"C", "normed_C", "H_C", "what the convolution gets to see"};
    int normed = record_norm(r, x, &norm);
    int wide =
        record_pointwise(r, normed, "W_P1", "b_P1", 2, "widened", "L_2", "two numbers for each feature",
                         "Each word by itself: the **first half** of the columns is what may pass, the second says "
                         "how far.");
    int gated = record_step(r, convolving("gated", "L_G", OP_GLU, wide, "the first half, through the gate",
                                          "Each number of the first half times the **sigmoid** of its partner in the "
                                          "second: between shut and open."));
    int shifted = record_windows(r, gated);
    int folded =
        record_affine(r, shifted, "gamma_N", "beta_N",
                      convolving("batch_normed", "L_N", OP_AFFINE, shifted, "each feature to its own measure",
                                 "What was learned of the mean and spread of all texts, **folded** into one factor "
                                 "and one summand for each feature."));
    int bent = record_step(r, convolving("convolved_bent", "L_s", OP_SILU, folded, "what is far below 0 is dropped",
                                         "Each number times its own sigmoid: large ones stay, those far below 0 "
                                         "**vanish**."));
    return record_pointwise(r, bent, "W_P2", "b_P2", 1, "convolution", "L", "what the neighbours gave",
                            "Each word by itself: the features are **mixed** once more.");
}

static void record_layer(struct recorder *r, int x, int memory)
{
    static const struct norm norm_1 = {"F1", "normed_F1", "X_N", "what the first network gets to see"};
    static const struct norm norm_2 = {"F2", "normed_F2", "H_N", "what the second network gets to see"};
    static const struct norm norm_out = {"out", "output", "Y", "what the layer hands on"};
    static const struct feed_forward ffn_1 = {"ffn1", "F", "W_11", "b_11", "W_12", "b_12", OP_SILU};
    static const struct feed_forward ffn_2 = {"ffn2", "J", "W_21", "b_21", "W_22", "b_22", OP_SILU};
    int h = record_residual(r, x, record_half(r, x, &norm_1, &ffn_1, "ffn1_half", "F_half"), "residual_1", "H_1");
    h = record_residual(r, h, record_attended(r, h, memory), "residual_2", "H_2");
    h = record_residual(r, h, record_convolution(r, h), "residual_3", "H_3");
    h = record_residual(r, h, record_half(r, h, &norm_2, &ffn_2, "ffn2_half", "J_half"), "residual_4", "H_4");
    record_norm(r, h, &norm_out);
}

static struct qkv_err conformer_record(struct tape *tape, const struct settings *settings, struct named_tensors *inputs)
{
    struct recorder rec = {.tape = tape, .settings = settings, .inputs = inputs}, *r = &rec;
    int memory = NO_STEP;
    int x = ends_words(r, "X", "X", "the words as numbers", "One row for each word. Every column is a **feature**.",
                       "d_model", "[n, d_model]");
    if (record_has(r, "memory"))
        memory = ends_words(r, "memory", "X_memory", "what is looked at",
                            "A second sequence: queries come from the first, **keys and values from this one**.",
                            "d_memory", "[m, d_memory]");
    if (!r->err.code)
        record_layer(r, x, memory);
    return r->err;
}

static const struct setting_info settings[] = {
#include "core/mechanisms/attention_settings.inc"
};

static const struct tensor_info inputs[] = {
#include "core/mechanisms/attention_inputs.inc"
    {"W_O", "[heads*d_v, d_model]", false, "always"},
    {"gamma_A", "[d_model]", false, "always: of the norm before attention"},
    {"beta_A", "[d_model]", false, "always"},
    {"gamma_F1", "[d_model]", false, "always: of the norm before the first network"},
    {"beta_F1", "[d_model]", false, "always"},
    {"W_11", "[d_model, d_ff]", false, "always: the first network"},
    {"b_11", "[d_ff]", false, "always"},
    {"W_12", "[d_ff, d_model]", false, "always"},
    {"b_12", "[d_model]", false, "always"},
    {"gamma_F2", "[d_model]", false, "always: of the norm before the second network"},
    {"beta_F2", "[d_model]", false, "always"},
    {"W_21", "[d_model, d_ff]", false, "always: the second network"},
    {"b_21", "[d_ff]", false, "always"},
    {"W_22", "[d_ff, d_model]", false, "always"},
    {"b_22", "[d_model]", false, "always"},
    {"gamma_C", "[d_model]", false, "always: of the norm before the convolution"},
    {"beta_C", "[d_model]", false, "always"},
    {"W_P1", "[d_model, 2 d_model]", false, "always: what may pass, and the gate"},
    {"b_P1", "[2 d_model]", false, "always"},
    {"D", "[d_model, width]", false, "always: a window of odd width for each feature"},
    {"b_D", "[d_model]", false, "always"},
    {"gamma_N", "[d_model]", false, "always: of the batch norm, folded"},
    {"beta_N", "[d_model]", false, "always"},
    {"W_P2", "[d_model, d_model]", false, "always"},
    {"b_P2", "[d_model]", false, "always"},
    {"gamma_out", "[d_model]", false, "always: of the last norm"},
    {"beta_out", "[d_model]", false, "always"},
};

static const struct tensor_info outputs[] = {
#include "core/mechanisms/attention_outputs.inc"
    {"attention_output", "[1, n, d_model]", false, "always"},
    {"convolution", "[1, n, d_model]", false, "always"},
    {"residual_1", "[1, n, d_model]", false, "always: the sum after the first network"},
    {"residual_2", "[1, n, d_model]", false, "always: the sum after attention"},
    {"residual_3", "[1, n, d_model]", false, "always: the sum after the convolution"},
    {"residual_4", "[1, n, d_model]", false, "always: the sum after the second network"},
    {"output", "[1, n, d_model]", false, "always"},
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
    .settings = settings,
    .n_settings = COUNT_OF(settings),
    .inputs = inputs,
    .n_inputs = COUNT_OF(inputs),
    .outputs = outputs,
    .n_outputs = COUNT_OF(outputs),
    .record = conformer_record,
    .stages = stages,
    .n_stages = COUNT_OF(stages),
};
