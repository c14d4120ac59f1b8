/* seq2seq.c: word after word through a recurrent network. What does not wait for the word before is computed for all
 * words at once; the rest takes two steps a word in the encoder and, with attention, about ten in the decoder.
 * Sources: the bottleneck: Sutskever et al. 2014, "Sequence to Sequence Learning with Neural Networks"; attention:
 * Bahdanau et al. 2014 (additive), Luong et al. 2015 (dot, general). */
#include "core/mechanisms/seq2seq_words.h"
#include "core/mechanisms/softmax.h"
#include "core/mechanisms/tables.h"
#include "core/mechanisms/tokens.h"

#include <stdlib.h>

/* The steps that all words share. */
struct network {
    struct recorder *r;
    bool bottleneck;       /* context=last */
    int states;            /* the encoder's, [1, m, d_h] */
    int written;           /* y V_xh + b_s for every word written */
    int carry_on, to_show; /* V_hh; V_ch */
    int keys;              /* what queries are compared with */
    int to_query, v;       /* W_A or W_1; v_A. NO_STEP: not of this score */
};

/* A matrix that turns a state into a state of as many numbers, as `like` has columns. */
static int record_square(struct recorder *r, const struct given *given, int like)
{
    int step = record_given(r, given);
    require_rows(r, step, recorded_size(r, like, AXIS_COL), "numbers of a state (d_h)");
    require_columns(r, step, recorded_size(r, like, AXIS_COL), "numbers of a state (d_h)");
    return step;
}

/* h_t = tanh(x_t W_xh + h_(t-1) W_hh + b_h). Sets the states and returns the last. */
static int record_encoder(struct network *w, int x)
{
    struct recorder *r = w->r;
    int read = record_linear(r, x, &read_linear, &read_words), carry = record_square(r, &w_hh, read);
    size_t m = recorded_size(r, x, AXIS_ROW);
    int *states = record_capacity(r, m, "the encoder's states");
    if (!states)
        return NO_STEP;
    int state = record_filled_row(r, &before_reading_words, "words", recorded(r, read)->axis[AXIS_COL], 0);
    for (size_t t = 1; !r->err.code && t <= m; t++) {
        int carried = record_op_at(r, &encoder_carried_words, t, OP_MATMUL, state, carry);
        state = states[t - 1] = record_op_at(r, &encoder_state_words, t, OP_TANH_ADD_ROW, carried, read);
    }
    w->states = record_gathered(r, states, m, &encoder_states_words);
    free(states);
    return state;
}

/* context=general and additive have learned numbers of their own. */
static void record_comparison(struct network *w)
{
    struct recorder *r = w->r;
    w->keys = w->states;
    w->to_query = w->v = NO_STEP;
    if (settings_is(r->settings, "context", "general"))
        w->to_query = record_square(r, &w_A, w->states);
    if (!settings_is(r->settings, "context", "additive"))
        return;
    w->to_query = record_matrix(r, &w_1, w->states);
    w->keys = record_linear(r, w->states, &keys_linear, &keys_words);
    require_columns(r, w->to_query, recorded_size(r, w->keys, AXIS_COL), "columns of W_2 (a)");
    w->v = record_row(r, &v_A, w->keys);
}

/* How well the decoder's state fits every state of the encoder: [1, 1, m]. */
static int record_scores(struct network *w, size_t t, int state)
{
    struct recorder *r = w->r;
    int query = state;
    if (w->to_query != NO_STEP)
        query = record_op_at(r, &query_words, t, OP_MATMUL, state, w->to_query);
    if (w->v != NO_STEP)
        return record_op_at(r, &additive_words, t, OP_ADDITIVE, query, w->keys, w->v);
    return record_op_at(r, &product_words, t, OP_MATMUL_T, query, w->keys);
}

/* s_t = tanh(y_t V_xh + s_(t-1) V_hh + shown + b_s), where shown is c_t V_ch. */
static int record_decoder_state(struct network *w, size_t t, int state, int shown)
{
    struct recorder *r = w->r;
    int carried = record_op_at(r, &decoder_carried_words, t, OP_MATMUL, state, w->carry_on);
    int sum = record_op_at(r, &decoder_sum_words, t, OP_ADD, carried, shown);
    return record_op_at(r, &decoder_state_words, t, OP_TANH_ADD_ROW, sum, w->written);
}

/* c_t V_ch, where c_t is the encoder's states in shares of softmax(scores). */
static int record_shown(struct network *w, size_t t, int state, int *ret_weights)
{
    struct recorder *r = w->r;
    *ret_weights = record_shares(r, record_scores(w, t, state), t);
    int context = record_op_at(r, &context_words, t, OP_MATMUL, *ret_weights, w->states);
    return record_op_at(r, &shown_words, t, OP_MATMUL, context, w->to_show);
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
    return record_made(w->r, only_last_words, &t);
}

/* C = A H: what all words were shown. */
static void record_contexts(struct network *w, const int weights[], size_t n)
{
    struct recorder *r = w->r;
    int shares = w->bottleneck ? record_only_last(w) : record_gathered(r, weights, n, &alignment_words);
    record_row_names(r, shares, w->written, 0);
    record_op(r, w->bottleneck ? &last_contexts_words : &contexts_words, OP_MATMUL, shares, w->states);
}

static void record_decoder(struct network *w, int y, int last)
{
    struct recorder *r = w->r;
    w->written = record_linear(r, y, &written_linear, &written_words);
    require_columns(r, w->written, recorded_size(r, w->states, AXIS_COL), "numbers of a state (d_h)");
    w->carry_on = record_square(r, &v_hh, w->states);
    w->to_show = record_square(r, &v_ch, w->states);
    int state = last, shown = w->bottleneck ? record_op(r, &last_shown_words, OP_MATMUL, last, w->to_show) : NO_STEP;
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
    record_row_names(r, record_gathered(r, states, n, &decoder_states_words), w->written, 0);
    record_contexts(w, weights, n);
    free(states);
}

static void seq2seq_record(struct recorder *r)
{
    bool general = settings_is(r->settings, "context", "general");
    bool additive = settings_is(r->settings, "context", "additive");
    require_if(r, general, "W_A", "[d_h, d_h]", "context=general");
    require_if(r, additive, "W_1", "[d_h, a]", "context=additive");
    require_if(r, additive, "W_2", "[d_h, a]", "context=additive");
    require_if(r, additive, "v_A", "[a]", "context=additive");
    struct network w = {.r = r, .states = NO_STEP, .bottleneck = settings_is(r->settings, "context", "last")};
    int last = record_encoder(&w, record_sequence(r, &words_read));
    record_comparison(&w);
    record_decoder(&w, record_sequence(r, &words_written), last);
}

static const struct setting_info settings[] = {
    SETTING_ONE_OF("context",
                   "what the decoder is shown: last: only the encoder's last state (the bottleneck); the others: a "
                   "mixture of all states, weighed by a dot product, by one with W_A between, or by v_A tanh(s W_1 + h "
                   "W_2)",
                   "last", "dot", "general", "additive"),
};

static const struct tensor_info inputs[] = {
    {"X", "[m, d_x]", false, "always: the words that are read"},
    {"Y", "[T, d_y]", false, "always: the decoder's inputs"},
    {"W_xh", "[d_x, d_h]", false, "always"},
    {"W_hh", "[d_h, d_h]", false, "always"},
    {"b_h", "[d_h]", false, "always"},
    {"V_xh", "[d_y, d_h]", false, "always"},
    {"V_hh", "[d_h, d_h]", false, "always"},
    {"V_ch", "[d_h, d_h]", false, "always"},
    {"b_s", "[d_h]", false, "always"},
    {"W_A", "[d_h, d_h]", true, "context=general"},
    {"W_1", "[d_h, a]", true, "context=additive"},
    {"W_2", "[d_h, a]", true, "context=additive"},
    {"v_A", "[a]", true, "context=additive"},
};

static const struct tensor_info outputs[] = {
    {"encoder_states", "[1, m, d_h]", false, "always"},
    {"decoder_states", "[1, T, d_h]", false, "always"},
    {"weights", "[1, T, m]", true, "unless context=last"},
    {"context", "[1, T, d_h]", false, "always"},
};

static const struct formula_part formula[] = {
    {STAGE_ENCODE, "h_t = tanh(x_t W_xh + h_(t-1) W_hh + b_h)"},
    {STAGE_DECODE, ", s_t = tanh(y_t V_xh + s_(t-1) V_hh + c_t V_ch + b_s)"},
    {STAGE_NORMALISE, ", C = A H"},
    {STAGE_INPUT, NULL},
};

static const enum stage stages[] = {STAGE_EMBED, STAGE_ENCODE,    STAGE_PROJECT,  STAGE_DECODE,
                                    STAGE_SCORE, STAGE_NORMALISE, STAGE_AGGREGATE};

const struct mechanism mechanism_seq2seq = {
    .name = "seq2seq",
    .summary = "a recurrent encoder and decoder: the bottleneck, and the three attentions that removed it",
    .source = "Sutskever et al. 2014; Bahdanau et al. 2014; Luong et al. 2015",
    .formula = formula,
    MECHANISM_TABLE(settings),
    MECHANISM_TABLE(inputs),
    MECHANISM_TABLE(outputs),
    .record = seq2seq_record,
    MECHANISM_TABLE(stages),
};
