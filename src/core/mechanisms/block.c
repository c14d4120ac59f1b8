/* block.c: the layer that Transformers are stacked of. Its attention is that of attention.c, with all its settings.
 *
 * norm=pre:  R1 = X + attention(norm(X));   R2 = R1 + FFN(norm(R1));  Y = R2
 * norm=post: R1 = X + attention(X); N = norm(R1);  R2 = N + FFN(N);   Y = norm(R2) */
#include "core/mechanisms/block.h"

#include "core/mechanisms/attention.h"
#include "core/mechanisms/feed_forward.h"
#include "core/mechanisms/parts.h"

static int record_attended(struct recorder *r, int x, int memory)
{
    static const struct output_names names = {"attention_output", "A_out", "attention_projected", "A_0"};
    if (r->err.code)
        return NO_STEP;
    int found = attention_steps(r, x, memory, &names);
    size_t cols = recorded_size(r, found, AXIS_COL), wanted = recorded_size(r, x, AXIS_COL);
    if (!r->err.code && cols != wanted)
        record_error(r, qkv_errf(QKV_ERR_SHAPE, "W_O: its %zu columns must be the %zu of X (d_model)", cols, wanted));
    return found;
}

static int record_fed(struct recorder *r, int x)
{
    struct feed_forward ffn = {.name = "ffn",
                               .symbol = "F",
                               .w_1 = "W_F1",
                               .b_1 = "b_F1",
                               .w_2 = "W_F2",
                               .b_2 = "b_F2",
                               .bent = settings_is(r->settings, "ffn_activation", "relu") ? OP_RELU : OP_GELU};
    return record_feed_forward(r, x, &ffn);
}

static void record_pre(struct recorder *r, int x, int memory)
{
    static const struct norm before_attention = {"1", "normed_1", "X_N", "what attention gets to see"};
    static const struct norm before_ffn = {"2", "normed_2", "R_N", "what the network gets to see"};
    int found = record_attended(r, record_norm(r, x, &before_attention), memory);
    int first = record_residual(r, x, found, "residual_1", "R_1");
    int second = record_residual(r, first, record_fed(r, record_norm(r, first, &before_ffn)), "residual_2", "R_2");
    record_step(r, (struct step_spec){.name = "output",
                                      .symbol = "Y",
                                      .stage = STAGE_RESIDUAL,
                                      .op = OP_COPY,
                                      .in = {second},
                                      .title = "what the layer hands on",
                                      .meaning =
                                          "Nothing is done to it any more: from X to here, **sums** alone lead through "
                                          "the layer. The next layer begins with its own norm.",
                                      .axes = "row: a word; column: a feature"});
}

static void record_post(struct recorder *r, int x, int memory)
{
    static const struct norm after_attention = {"1", "normed_1", "R_N", "the sum, measured anew"};
    static const struct norm after_ffn = {"2", "output", "Y", "what the layer hands on"};
    int found = record_attended(r, x, memory);
    int first = record_norm(r, record_residual(r, x, found, "residual_1", "R_1"), &after_attention);
    int second = record_residual(r, first, record_fed(r, first), "residual_2", "R_2");
    record_norm(r, second, &after_ffn);
}

static struct qkv_err block_record(struct tape *tape, const struct settings *settings, struct named_tensors *inputs)
{
    struct recorder rec = {.tape = tape, .settings = settings, .inputs = inputs}, *r = &rec;
    int memory = NO_STEP;
    int x = ends_words(r, "X", "X", "the words as numbers",
                       "One row for each word. Every column is a **feature**: read along a row to see what the word is "
                       "made of.",
                       "d_model", "[n, d_model]");
    if (record_has(r, "memory"))
        memory = ends_words(r, "memory", "X_memory", "the words that are looked at",
                            "A second sequence: queries come from the first, **keys and values from this one**.",
                            "d_memory", "[m, d_memory]");
    x = record_positions(r, x, false);
    if (memory != NO_STEP)
        memory = record_positions(r, memory, true);
    if (r->err.code)
        return r->err;
    if (settings_is(settings, "norm", "pre"))
        record_pre(r, x, memory);
    else
        record_post(r, x, memory);
    return r->err;
}

static const struct setting_info settings[] = {
#include "core/mechanisms/attention_settings.inc"
    {.name = "norm",
     .kind = SETTING_CHOICE,
     .initial = "pre",
     .choices = (const char *const[]){"pre", "post", NULL},
     .meaning = "where each row is measured anew: before attention and network, or after each sum"},
    {.name = "ffn_activation",
     .kind = SETTING_CHOICE,
     .initial = "relu",
     .choices = (const char *const[]){"relu", "gelu", NULL},
     .meaning = "what bends the wide rows of the network: max(x, 0), or a soft bend"},
};

static const struct tensor_info inputs[] = {
#include "core/mechanisms/attention_inputs.inc"
    {"W_O", "[heads*d_v, d_model]", false, "always"},
    {"gamma_1", "[d_model]", false, "always: of the first layer norm"},
    {"beta_1", "[d_model]", false, "always"},
    {"gamma_2", "[d_model]", false, "always: of the second"},
    {"beta_2", "[d_model]", false, "always"},
    {"W_F1", "[d_model, d_ff]", false, "always"},
    {"b_F1", "[d_ff]", false, "always"},
    {"W_F2", "[d_ff, d_model]", false, "always"},
    {"b_F2", "[d_model]", false, "always"},
};

static const struct tensor_info outputs[] = {
#include "core/mechanisms/attention_outputs.inc"
    {"attention_output", "[1, n, d_model]", false, "always"},
    {"residual_1", "[1, n, d_model]", false, "always: the sum after attention"},
    {"residual_2", "[1, n, d_model]", false, "always: the sum after the network"},
    {"output", "[1, n, d_model]", false, "always"},
};

static const struct formula_part formula[] = {
    {STAGE_RESIDUAL, "R = X + "},
    {STAGE_AGGREGATE, "attention(X)"},
    {STAGE_RESIDUAL, ", Y = R + "},
    {STAGE_FEED_FORWARD, "FFN(R)"},
    {STAGE_INPUT, NULL},
};

static const enum stage stages[] = {STAGE_EMBED,     STAGE_POSITION, STAGE_NORM,   STAGE_PROJECT,   STAGE_SCORE,
                                    STAGE_SCALE,     STAGE_BIAS,     STAGE_MASK,   STAGE_NORMALISE, STAGE_DROPOUT,
                                    STAGE_AGGREGATE, STAGE_CONCAT,   STAGE_OUTPUT, STAGE_RESIDUAL,  STAGE_FEED_FORWARD};

const struct mechanism mechanism_block = {
    .name = "block",
    .summary = "a Transformer's encoder layer: attention, feed-forward, residuals, layer norm before or after",
    .source = "Vaswani et al. 2017, Attention Is All You Need; norm first: Xiong et al. 2020",
    .formula = formula,
    .settings = settings,
    .n_settings = COUNT_OF(settings),
    .inputs = inputs,
    .n_inputs = COUNT_OF(inputs),
    .outputs = outputs,
    .n_outputs = COUNT_OF(outputs),
    .record = block_record,
    .stages = stages,
    .n_stages = COUNT_OF(stages),
};
