/* block.c: a Transformer encoder layer, which Transformers are stacked of: attention, that of attention.c with all its
 * settings, a feed-forward network, and a residual around each.
 * Source: Vaswani et al. 2017, section 3.1 (norm=post); Xiong et al. 2020, "On Layer Normalization in the Transformer
 * Architecture" (norm=pre).
 *
 * norm=pre:  R1 = X + attention(norm(X));   R2 = R1 + FFN(norm(R1));  Y = R2
 * norm=post: R1 = X + attention(X); N = norm(R1);  R2 = N + FFN(N);   Y = norm(R2) */
#include "core/mechanisms/attention.h"

static int record_fed(struct recorder *r, int x)
{
    struct feed_forward ffn = {.name = "ffn",
                               .symbol = "F",
                               .w_1 = "W_F1",
                               .b_1 = "b_F1",
                               .w_2 = "W_F2",
                               .b_2 = "b_F2",
                               .activation = settings_is(r->settings, "ffn_activation", "relu") ? OP_RELU : OP_GELU};
    return record_feed_forward(r, x, &ffn);
}

static void record_pre(struct recorder *r, int x, int memory)
{
    static const struct norm before_attention = {"1", "normed_1", "X_N"};
    static const struct norm before_ffn = {"2", "normed_2", "R_N"};
    int attended = attention_in_layer(r, x, record_norm(r, x, &before_attention), memory);
    int first = record_residual(r, x, attended, "residual_1", "R_1");
    int fed = record_fed(r, record_norm(r, first, &before_ffn));
    record_op(r, STEP("output", "Y", STAGE_RESIDUAL, .words = "handed_on"), OP_COPY,
              record_residual(r, first, fed, "residual_2", "R_2"));
}

static void record_post(struct recorder *r, int x, int memory)
{
    static const struct norm after_attention = {"1", "normed_1", "R_N"};
    static const struct norm after_ffn = {"2", "output", "Y"};
    int attended = attention_in_layer(r, x, x, memory);
    int first = record_norm(r, record_residual(r, x, attended, "residual_1", "R_1"), &after_attention);
    int fed = record_fed(r, first);
    record_norm(r, record_residual(r, first, fed, "residual_2", "R_2"), &after_ffn);
}

static void block_record(struct recorder *r)
{
    int x = record_sequence(r, &queries_sequence), memory = record_sequence(r, &memory_sequence);
    x = record_positions(r, x, false);
    memory = record_positions(r, memory, true);
    if (settings_is(r->settings, "norm", "pre"))
        record_pre(r, x, memory);
    else
        record_post(r, x, memory);
}

static const struct setting_info settings[] = {
    ATTENTION_SETTINGS,
    SETTING_ONE_OF("norm", "pre", "post"),
    SETTING_ONE_OF("ffn_activation", "relu", "gelu"),
};

static const struct tensor_info inputs[] = {
    ATTENTION_INPUTS,    TENSOR("W_O", "[heads*d_v, d_model]"), INPUTS_OF_NORM("1"),
    INPUTS_OF_NORM("2"), INPUTS_OF_NETWORK("F1", "F2"),
};

static const struct tensor_info outputs[] = {
    ATTENTION_OUTPUTS,
    TENSOR("attention_output", "[1, n, d_model]"),
    TENSOR("residual_1", "[1, n, d_model]"),
    TENSOR("residual_2", "[1, n, d_model]"),
    TENSOR("output", "[1, n, d_model]"),
};

static const enum stage stages[] = {STAGE_EMBED,     STAGE_POSITION, STAGE_NORM,   STAGE_PROJECT,   STAGE_SCORE,
                                    STAGE_SCALE,     STAGE_BIAS,     STAGE_MASK,   STAGE_NORMALISE, STAGE_DROPOUT,
                                    STAGE_AGGREGATE, STAGE_CONCAT,   STAGE_OUTPUT, STAGE_RESIDUAL,  STAGE_FEED_FORWARD};

MECHANISM(block, "Vaswani et al. 2017, Attention Is All You Need; norm first: Xiong et al. 2020");
