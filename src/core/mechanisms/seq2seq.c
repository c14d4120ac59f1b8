/* seq2seq.c: word after word through a recurrent network. What does not depend on the word before is computed for all
 * words at once; the rest takes two steps a word in the encoder and, with attention, about ten in the decoder.
 * Sources: the bottleneck: Sutskever et al. 2014, "Sequence to Sequence Learning with Neural Networks"; attention:
 * Bahdanau et al. 2014 (additive), Luong et al. 2015 (dot, general). */
#include "core/mechanisms/parts.h"

#include <stdlib.h>

/* The steps that all words share. */
struct network {
    struct recorder *r;
    bool bottleneck; /* context=last */
    int states;      /* the encoder's, [1, m, d_h] */
    int written;     /* y V_xh + b_s for every word written */
    int v_hh, v_ch;  /* inputs */
    int keys;        /* what queries are compared with */
    int w_query, v;  /* inputs W_A or W_1; v_A. NO_STEP: not of this score */
};

static const struct sequence words_read = {"X", "X", "d_x", "[m, d_x]"}, words_written = {"Y", "Y", "d_y", "[T, d_y]"};
static const struct linear read_linear = {
    .w = {.name = "W_xh", .rows = "d_x", .cols = "d_h"},
    .b = {.name = "b_h"},
    .sum_before = "read_projected",
    .symbol_before = "XW",
};
static const struct linear written_linear = {
    .w = {.name = "V_xh", .rows = "d_y", .cols = "d_h"},
    .b = {.name = "b_s"},
    .sum_before = "written_projected",
    .symbol_before = "YV",
};
static const struct linear keys_linear = {.w = {.name = "W_2", .rows = "d_h", .cols = "a"}};
static const struct given w_1 = {.name = "W_1", .rows = "d_h", .cols = "a"},
                          v_A = {.name = "v_A", .rows = ALL_WORDS, .cols = "a"};

/* A square matrix that maps states to states; `like` has as many columns. */
static int record_square(struct recorder *r, const char *name, int like)
{
    int step = record_given(r, &(struct given){.name = name, .rows = "d_h", .cols = "d_h"});
    require_rows(r, step, recorded_size(r, like, AXIS_COL), "numbers of a state (d_h)");
    require_columns(r, step, recorded_size(r, like, AXIS_COL), "numbers of a state (d_h)");
    return step;
}

/* h_t = tanh(x_t W_xh + h_(t-1) W_hh + b_h). Sets the states and returns the last. */
static int record_encoder(struct network *w, int x)
{
    struct recorder *r = w->r;
    int read = record_linear(r, x, &read_linear, STEP("read", "X_h", STAGE_ENCODE));
    int carry = record_square(r, "W_hh", read);
    size_t m = recorded_size(r, x, AXIS_ROW);
    int *states = record_capacity(r, m, "the encoder's states");
    if (!states)
        return NO_STEP;
    int state = record_filled_row(r, STEP("encoder_state_0", "h_0", STAGE_INPUT), "words",
                                  recorded(r, read)->axis[AXIS_COL], 0);
    for (size_t t = 1; !r->err.code && t <= m; t++) {
        int carried = record_op_at(r, STEP("encoder_carried", "r", STAGE_ENCODE), t, OP_MATMUL, state, carry);
        state = states[t - 1] = record_op_at(r, STEP("encoder_state", "h", STAGE_ENCODE, .role = ROLE_KEY), t,
                                             OP_TANH_ADD_ROW, carried, read);
    }
    w->states = record_gathered(r, states, m, STEP("encoder_states", "H", STAGE_ENCODE, .role = ROLE_KEY));
    free(states);
    return state;
}

/* context=general and additive have learned numbers of their own. */
static void record_comparison(struct network *w)
{
    struct recorder *r = w->r;
    w->keys = w->states;
    w->w_query = w->v = NO_STEP;
    if (settings_is(r->settings, "context", "general"))
        w->w_query = record_square(r, "W_A", w->states);
    if (!settings_is(r->settings, "context", "additive"))
        return;
    w->w_query = record_matrix(r, &w_1, w->states);
    w->keys = record_linear(r, w->states, &keys_linear, STEP("keys", "K", STAGE_PROJECT, .role = ROLE_KEY));
    require_columns(r, w->w_query, recorded_size(r, w->keys, AXIS_COL), "columns of W_2 (a)");
    w->v = record_row(r, &v_A, w->keys);
}

/* What is made for word t of the state before it is called by this word: the first state before is the encoder's. */
static int named_by_word(struct network *w, size_t t, int step)
{
    record_row_names(w->r, step, w->written, t - 1);
    return step;
}

static int record_query(struct network *w, size_t t, int state)
{
    return named_by_word(
        w, t, record_op_at(w->r, STEP("query", "q", STAGE_SCORE, .role = ROLE_QUERY), t, OP_MATMUL, state, w->w_query));
}

/* The scores of the decoder's state with every state of the encoder: [1, 1, m]. */
static int record_scores(struct network *w, size_t t, int state)
{
    struct recorder *r = w->r;
    const struct step_spec *scores = STEP("scores", "S", STAGE_SCORE);
    int query = w->w_query == NO_STEP ? state : record_query(w, t, state);
    return named_by_word(w, t,
                         w->v != NO_STEP ? record_op_at(r, scores, t, OP_ADDITIVE, query, w->keys, w->v)
                                         : record_op_at(r, scores, t, OP_MATMUL_T, query, w->keys));
}

/* s_t = tanh(y_t V_xh + s_(t-1) V_hh + shown + b_s), where shown is c_t V_ch. */
static int record_decoder_state(struct network *w, size_t t, int state, int shown)
{
    struct recorder *r = w->r;
    int carried =
        named_by_word(w, t, record_op_at(r, STEP("decoder_carried", "d", STAGE_DECODE), t, OP_MATMUL, state, w->v_hh));
    int sum = record_op_at(r, STEP("decoder_sum", "p", STAGE_DECODE), t, OP_ADD, carried, shown);
    return record_op_at(r, STEP("decoder_state", "s", STAGE_DECODE, .role = ROLE_QUERY), t, OP_TANH_ADD_ROW, sum,
                        w->written);
}

/* c_t V_ch, where c_t = softmax(scores) H is a weighted sum of the encoder's states. */
static int record_shown(struct network *w, size_t t, int state, int *ret_weights)
{
    struct recorder *r = w->r;
    *ret_weights = record_softmax(r, record_scores(w, t, state), t);
    int context =
        record_op_at(r, STEP("context", "c", STAGE_AGGREGATE, .variant = "one"), t, OP_MATMUL, *ret_weights, w->states);
    return record_op_at(r, STEP("shown", "g", STAGE_DECODE), t, OP_MATMUL, context, w->v_ch);
}

/* Attention with all its weight on the last word: what the bottleneck amounts to. */
static int record_only_last(struct network *w)
{
    if (w->r->err.code)
        return NO_STEP;
    struct axis words = recorded(w->r, w->states)->axis[AXIS_ROW], rows = recorded(w->r, w->written)->axis[AXIS_ROW];
    struct tensor t = {0};
    record_error(w->r, tensor_init(&t, (struct axis[AXES]){axis_numbered(1, "heads"), rows, words}));
    for (size_t i = 0; t.v && i < rows.size; i++)
        *tensor_at(&t, 0, i, words.size - 1) = 1;
    return record_made(w->r,
                       STEP("only_last", "L", STAGE_INPUT, .scale = SCALE_SHARE, .distribution = true,
                            .formula = "{cell y}_ij = 1 if j = m, else 0"),
                       &t);
}

/* C = A H: the contexts of all tokens. */
static void record_contexts(struct network *w, const int weights[], size_t n)
{
    struct recorder *r = w->r;
    int shares = w->bottleneck ? record_only_last(w)
                               : record_gathered(r, weights, n,
                                                 STEP("weights", "A", STAGE_AGGREGATE, .scale = SCALE_SHARE,
                                                      .what = STEP_WEIGHTS, .variant = "all", .distribution = true));
    record_row_names(r, shares, w->written, 0);
    record_op(r, STEP("context", "C", STAGE_AGGREGATE), OP_MATMUL, shares, w->states);
}

static void record_decoder(struct network *w, int y, int last)
{
    struct recorder *r = w->r;
    w->written = record_linear(r, y, &written_linear, STEP("written", "Y_s", STAGE_DECODE));
    require_columns(r, w->written, recorded_size(r, w->states, AXIS_COL), "numbers of a state (d_h)");
    w->v_hh = record_square(r, "V_hh", w->states);
    w->v_ch = record_square(r, "V_ch", w->states);
    int state = last,
        shown = w->bottleneck ? record_op(r, STEP("shown", "g", STAGE_DECODE), OP_MATMUL, last, w->v_ch) : NO_STEP;
    size_t n = recorded_size(r, y, AXIS_ROW);
    int *states = record_capacity(r, 2 * n, "the decoder's states");
    if (!states)
        return;
    int *weights = states + n;
    for (size_t t = 1; !r->err.code && t <= n; t++) {
        if (!w->bottleneck)
            shown = record_shown(w, t, state, &weights[t - 1]);
        state = states[t - 1] = record_decoder_state(w, t, state, shown);
    }
    record_row_names(
        r,
        record_gathered(r, states, n,
                        STEP("decoder_states", "S", STAGE_DECODE, .role = ROLE_QUERY, .what = STEP_RESULT)),
        w->written, 0);
    record_contexts(w, weights, n);
    free(states);
}

static void seq2seq_record(struct recorder *r)
{
    struct network w = {.r = r, .states = NO_STEP, .bottleneck = settings_is(r->settings, "context", "last")};
    int last = record_encoder(&w, record_sequence(r, &words_read));
    record_comparison(&w);
    record_decoder(&w, record_sequence(r, &words_written), last);
}

static const struct setting_info settings[] = {
    SETTING_ONE_OF("context", "last", "dot", "general", "additive"),
};

static const struct tensor_info inputs[] = {
    TENSOR("X", "[m, d_x]"),
    TENSOR("Y", "[T, d_y]"),
    TENSOR("W_xh", "[d_x, d_h]"),
    TENSOR("W_hh", "[d_h, d_h]"),
    TENSOR("b_h", "[d_h]"),
    TENSOR("V_xh", "[d_y, d_h]"),
    TENSOR("V_hh", "[d_h, d_h]"),
    TENSOR("V_ch", "[d_h, d_h]"),
    TENSOR("b_s", "[d_h]"),
    TENSOR_FOR("context", "general", "W_A", "[d_h, d_h]"),
    TENSOR_FOR("context", "additive", "W_1", "[d_h, a]"),
    TENSOR_FOR("context", "additive", "W_2", "[d_h, a]"),
    TENSOR_FOR("context", "additive", "v_A", "[a]"),
};

static const struct tensor_info outputs[] = {
    TENSOR("encoder_states", "[1, m, d_h]"),
    TENSOR("decoder_states", "[1, T, d_h]"),
    TENSOR_OPTIONAL("weights", "[1, T, m]"),
    TENSOR("context", "[1, T, d_h]"),
};

static const enum stage stages[] = {STAGE_EMBED, STAGE_ENCODE,    STAGE_PROJECT,  STAGE_DECODE,
                                    STAGE_SCORE, STAGE_NORMALISE, STAGE_AGGREGATE};

MECHANISM(seq2seq, "Sutskever et al. 2014; Bahdanau et al. 2014; Luong et al. 2015, here asking with the state before");
