/* seq2seq.c: word after word through a recurrent network. What does not wait for the word before is computed for all
 * words at once; the rest takes two steps a word in the encoder and, with attention, about ten in the decoder. */
#include "core/mechanisms/seq2seq.h"

#include "core/mechanisms/ends.h"
#include "core/mechanisms/parts.h"
#include "core/mechanisms/softmax.h"

#include <stdlib.h>

static const char state_axes[] = "row: the last word so far; column: a number of the state";
static const char pair_axes[] = "row: the word that is written; column: the word looked at";

/* The steps that all words share. */
struct network {
    struct recorder *r;
    int read, carry;              /* x W_xh + b_h for every word; W_hh */
    int written, carry_on, shown; /* y V_xh + b_s for every word; V_hh; V_ch */
    int states;                   /* the encoder's, [1, m, d_h] */
    int keys;                     /* what queries are compared with */
    int to_query, v;              /* W_A or W_1; v_A */
};

static struct given matrix(const char *name, const char *rows, const char *cols, const char *shape, const char *meaning)
{
    return (struct given){.name = name,
                          .title = "learned numbers",
                          .meaning = meaning,
                          .axes = "row: a number that goes in; column: a number that comes out",
                          .rows = rows,
                          .cols = cols,
                          .shape = shape};
}

/* A matrix that turns a state into a state of as many numbers. */
static int record_square(struct network *w, const char *name, const char *meaning, int like)
{
    struct given given = matrix(name, "d_h", "d_h", "[d_h, d_h]", meaning);
    int step = record_given(w->r, &given);
    require_rows(w->r, step, recorded_size(w->r, like, AXIS_COL), "numbers of a state (d_h)");
    require_columns(w->r, step, recorded_size(w->r, like, AXIS_COL), "numbers of a state (d_h)");
    return step;
}

static int record_read(struct network *w, int x)
{
    struct linear linear = {.w = matrix("W_xh", "d_x", "d_h", "[d_x, d_h]", "What a **word** adds to the state."),
                            .b = {.name = "b_h",
                                  .title = "what every state starts from",
                                  .meaning = "Learned numbers, the same for **every** word.",
                                  .axes = "column: a number of the state",
                                  .rows = "all words",
                                  .cols = "d_h",
                                  .shape = "[d_h]"},
                            .sum_before = "read_projected",
                            .symbol_before = "XW"};
    return record_linear(w->r, x, &linear,
                         (struct step_spec){.name = "read",
                                            .symbol = "X_h",
                                            .stage = STAGE_ENCODE,
                                            .title = "what each word adds to the state",
                                            .meaning =
                                                "This does not wait for anything: it can be computed for **all** "
                                                "words at once.",
                                            .axes = "row: a word that is read; column: a number of the state"});
}

static int record_written(struct network *w, int y)
{
    struct linear linear = {
        .w = matrix("V_xh", "d_y", "d_h", "[d_y, d_h]", "What the **word before** adds to the decoder's state."),
        .b = {.name = "b_s",
              .title = "what every state of the decoder starts from",
              .meaning = "Learned numbers, the same for **every** word.",
              .axes = "column: a number of the state",
              .rows = "all words",
              .cols = "d_h",
              .shape = "[d_h]"},
        .sum_before = "written_projected",
        .symbol_before = "YV"};
    int step =
        record_linear(w->r, y, &linear,
                      (struct step_spec){.name = "written",
                                         .symbol = "Y_s",
                                         .stage = STAGE_DECODE,
                                         .title = "what each word written adds",
                                         .meaning = "The decoder gets the words that it has written. What they add "
                                                    "can be computed for **all** at once.",
                                         .axes = "row: a word that is written; column: a number of the state"});
    require_columns(w->r, step, recorded_size(w->r, w->states, AXIS_COL), "numbers of a state (d_h)");
    return step;
}

/* h W_hh or s V_hh: what stays of the state before. */
static int record_carried(struct network *w, const char *name, const char *symbol, enum stage stage, size_t t,
                          int state, int weights)
{
    return record_step(w->r,
                       (struct step_spec){.name = record_numbered(w->r, name, t),
                                          .symbol = record_numbered(w->r, symbol, t),
                                          .stage = stage,
                                          .op = OP_MATMUL,
                                          .in = {state, weights},
                                          .title = "what stays of the state before",
                                          .meaning = "The state before, times a matrix. This **must wait** until that "
                                                     "state is known: here nothing can be done side by side.",
                                          .axes = state_axes});
}

/* h_t = tanh(x_t W_xh + h_(t-1) W_hh + b_h); returns the last state. */
static int record_encoder(struct network *w, int x)
{
    struct recorder *r = w->r;
    w->read = record_read(w, x);
    w->carry = record_square(w, "W_hh", "What the state **before** adds to the next.", w->read);
    if (r->err.code)
        return NO_STEP;
    size_t m = recorded_size(r, x, AXIS_ROW);
    int *states = calloc(m, sizeof *states), state;
    if (!states) {
        record_error(r, qkv_nomem("the encoder's states"));
        return NO_STEP;
    }
    struct axis cols = recorded(r, w->read)->axis[AXIS_COL];
    state = record_filled(r,
                          (struct step_spec){.name = "encoder_state_0",
                                             .symbol = "h_0",
                                             .title = "the state before the first word",
                                             .meaning = "Nothing has been read: all zeros.",
                                             .axes = state_axes},
                          (struct axis[AXES]){axis_numbered(1, "heads"), axis_numbered(1, "words"), cols}, 0);
    for (size_t t = 1; !r->err.code && t <= m; t++) {
        int carried = record_carried(w, "encoder_carried", "r", STAGE_ENCODE, t, state, w->carry);
        state = record_step(r, (struct step_spec){.name = record_numbered(r, "encoder_state", t),
                                                  .symbol = record_numbered(r, "h", t),
                                                  .stage = STAGE_ENCODE,
                                                  .role = ROLE_KEY,
                                                  .op = OP_TANH_ADD_ROW,
                                                  .in = {carried, w->read},
                                                  .number = (double)t,
                                                  .written = record_place(r, t),
                                                  .title = "the state with this word read",
                                                  .meaning =
                                                      "What stays of the state before plus what this word adds, bent "
                                                      "by tanh to between **-1 and 1**.",
                                                  .axes = state_axes});
        states[t - 1] = state;
    }
    w->states =
        record_gathered(r, states, m,
                        (struct step_spec){.name = "encoder_states",
                                           .symbol = "H",
                                           .stage = STAGE_ENCODE,
                                           .role = ROLE_KEY,
                                           .title = "all states, one for each word read",
                                           .meaning = "The last row has read everything. The rows above would be "
                                                      "**forgotten** if nobody could look back at them.",
                                           .axes = "row: a word that was read; column: a number of the state"});
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
        w->to_query = record_square(w, "W_A", "What of a state is compared with what of another.", w->states);
    if (!settings_is(r->settings, "context", "additive") || r->err.code)
        return;
    struct given query = matrix("W_1", "d_h", "a", "[d_h, a]", "How the decoder's state becomes **a question**.");
    struct linear key = {.w = matrix("W_2", "d_h", "a", "[d_h, a]", "How the encoder's states become **offers**.")};
    w->to_query = record_matrix(r, &query, w->states);
    w->keys =
        record_linear(r, w->states, &key,
                      (struct step_spec){.name = "keys",
                                         .symbol = "K",
                                         .stage = STAGE_PROJECT,
                                         .role = ROLE_KEY,
                                         .title = "what each word read offers",
                                         .meaning = "The encoder's states times W_2: what they are **found by**. The "
                                                    "same for every word that is written.",
                                         .axes = "row: a word that was read; column: what is compared"});
    require_columns(r, w->to_query, recorded_size(r, w->keys, AXIS_COL), "columns of W_2 (a)");
    struct given v = matrix("v_A", "all words", "a", "[a]", "How much each number counts: they make **one score**.");
    w->v = r->err.code ? NO_STEP : record_row(r, &v, w->keys);
}

/* How well the decoder's state fits every state of the encoder: [1, 1, m]. */
static int record_fit(struct network *w, size_t t, int state)
{
    struct recorder *r = w->r;
    int query = state;
    if (w->to_query != NO_STEP)
        query = record_step(r, (struct step_spec){.name = record_numbered(r, "query", t),
                                                  .symbol = record_numbered(r, "q", t),
                                                  .stage = STAGE_SCORE,
                                                  .role = ROLE_QUERY,
                                                  .op = OP_MATMUL,
                                                  .in = {state, w->to_query},
                                                  .title = "what the decoder asks for",
                                                  .meaning =
                                                      "The decoder's state **before** this word, times a matrix: what "
                                                      "it wants to look at for the next word.",
                                                  .axes = "row: the state before; column: what is compared"});
    bool additive = w->v != NO_STEP;
    struct step_spec score = {.name = record_numbered(r, "scores", t),
                              .symbol = record_numbered(r, "S", t),
                              .stage = STAGE_SCORE,
                              .op = additive ? OP_ADDITIVE : OP_MATMUL_T,
                              .in = {query, w->keys, additive ? w->v : 0},
                              .title = "how well each word read fits",
                              .meaning = additive
                                             ? "Question and offer are added, bent by tanh, and weighed by v_A: **one "
                                               "score** for each word that was read."
                                             : "The question times each state of the encoder, number by number, added "
                                               "up: **one score** for each word that was read.",
                              .axes = pair_axes};
    return record_step(r, score);
}

/* One word of the decoder. *weights: where it looked, NO_STEP in the bottleneck. */
static int record_word(struct network *w, size_t t, int state, int *weights, int last_shown)
{
    struct recorder *r = w->r;
    int shown = last_shown;
    if (last_shown == NO_STEP) {
        *weights = record_shares(r, record_fit(w, t, state), t);
        int context = record_step(
            r, (struct step_spec){.name = record_numbered(r, "context", t),
                                  .symbol = record_numbered(r, "c", t),
                                  .stage = STAGE_AGGREGATE,
                                  .op = OP_MATMUL,
                                  .in = {*weights, w->states},
                                  .title = "what is shown to the decoder",
                                  .meaning =
                                      "A **mixture** of all the encoder's states, in these shares: for each word that "
                                      "is written another one.",
                                  .axes = "row: the word that is written; column: a number of the state"});
        shown = record_step(r, (struct step_spec){.name = record_numbered(r, "shown", t),
                                                  .symbol = record_numbered(r, "g", t),
                                                  .stage = STAGE_DECODE,
                                                  .op = OP_MATMUL,
                                                  .in = {context, w->shown},
                                                  .title = "what it adds to the state",
                                                  .meaning = "The context times V_ch: what **looking back** adds.",
                                                  .axes = state_axes});
    }
    int carried = record_carried(w, "decoder_carried", "d", STAGE_DECODE, t, state, w->carry_on);
    int sum =
        record_step(r, (struct step_spec){.name = record_numbered(r, "decoder_sum", t),
                                          .symbol = record_numbered(r, "p", t),
                                          .stage = STAGE_DECODE,
                                          .op = OP_ADD,
                                          .in = {carried, shown},
                                          .title = "what stays and what is shown",
                                          .meaning = "What stays of the state before, plus what the context adds.",
                                          .axes = state_axes});
    return record_step(r, (struct step_spec){.name = record_numbered(r, "decoder_state", t),
                                             .symbol = record_numbered(r, "s", t),
                                             .stage = STAGE_DECODE,
                                             .role = ROLE_QUERY,
                                             .op = OP_TANH_ADD_ROW,
                                             .in = {sum, w->written},
                                             .number = (double)t,
                                             .written = record_place(r, t),
                                             .title = "the decoder's state at this word",
                                             .meaning =
                                                 "Plus what the word adds, bent by tanh to between **-1 and 1**. From "
                                                 "this the next word would be chosen.",
                                             .axes = "row: the word that is written; column: a number of the state"});
}

/* In the bottleneck every word is shown the same: the last state. */
static int record_last_shown(struct network *w, int last)
{
    if (!settings_is(w->r->settings, "context", "last"))
        return NO_STEP;
    return record_step(w->r, (struct step_spec){.name = "shown",
                                                .symbol = "g",
                                                .stage = STAGE_DECODE,
                                                .op = OP_MATMUL,
                                                .in = {last, w->shown},
                                                .title = "all that is shown to the decoder",
                                                .meaning = "The **last** state times V_ch. Whatever was read must pass "
                                                           "through this one row: the bottleneck.",
                                                .axes = state_axes});
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
                       (struct step_spec){.name = "only_last",
                                          .symbol = "L",
                                          .stage = STAGE_INPUT,
                                          .scale = SCALE_SHARE,
                                          .op = OP_INPUT,
                                          .title = "everything from the last word",
                                          .meaning =
                                              "As if each word looked with its **whole** weight at the last word that "
                                              "was read, and could look nowhere else.",
                                          .axes = pair_axes},
                       &t);
}

static void record_contexts(struct network *w, const int weights[], size_t n)
{
    struct recorder *r = w->r;
    bool last = settings_is(r->settings, "context", "last");
    int shares =
        last ? record_only_last(w)
             : record_gathered(r, weights, n,
                               (struct step_spec){.name = "weights",
                                                  .symbol = "A",
                                                  .stage = STAGE_AGGREGATE,
                                                  .scale = SCALE_SHARE,
                                                  .title = "where each word looked",
                                                  .meaning = "One row for each word that was written. This is the "
                                                             "**alignment**: which words belong together.",
                                                  .axes = pair_axes});
    record_row_names(r, shares, w->written, 0);
    record_step(
        r, (struct step_spec){.name = "context",
                              .symbol = "C",
                              .stage = STAGE_AGGREGATE,
                              .op = OP_MATMUL,
                              .in = {shares, w->states},
                              .title = "what each word was shown",
                              .meaning = last ? "The last state for **every** word: however long the text that was "
                                                "read, this is all there is of it."
                                              : "One row for each word that was written, each with another mixture "
                                                "of what was read.",
                              .axes = "row: the word that is written; column: a number of the state"});
}

static void record_decoder(struct network *w, int y, int last)
{
    struct recorder *r = w->r;
    w->written = record_written(w, y);
    w->carry_on = record_square(w, "V_hh", "What the decoder's state **before** adds to the next.", w->states);
    w->shown = record_square(w, "V_ch", "What the **context** adds to the decoder's state.", w->states);
    int last_shown = record_last_shown(w, last), state = last;
    if (r->err.code)
        return;
    size_t n = recorded_size(r, y, AXIS_ROW);
    int *states = calloc(2 * n, sizeof *states);
    if (!states) {
        record_error(r, qkv_nomem("the decoder's states"));
        return;
    }
    int *weights = states + n;
    for (size_t t = 1; !r->err.code && t <= n; t++)
        state = states[t - 1] = record_word(w, t, state, &weights[t - 1], last_shown);
    int all =
        record_gathered(r, states, n,
                        (struct step_spec){.name = "decoder_states",
                                           .symbol = "S",
                                           .stage = STAGE_DECODE,
                                           .role = ROLE_QUERY,
                                           .title = "the decoder's states, one for each word",
                                           .meaning = "One row for each word, as they came **one after the other**.",
                                           .axes = "row: the word that is written; column: a number of the state"});
    record_row_names(r, all, w->written, 0);
    record_contexts(w, weights, n);
    free(states);
}

static void check_comparison(struct recorder *r)
{
    bool general = settings_is(r->settings, "context", "general");
    bool additive = settings_is(r->settings, "context", "additive");
    require_if(r, general, "W_A", "[d_h, d_h]", "context=general");
    require_if(r, additive, "W_1", "[d_h, a]", "context=additive");
    require_if(r, additive, "W_2", "[d_h, a]", "context=additive");
    require_if(r, additive, "v_A", "[a]", "context=additive");
}

static struct qkv_err seq2seq_record(struct tape *tape, const struct settings *settings, struct named_tensors *inputs)
{
    struct recorder rec = {.tape = tape, .settings = settings, .inputs = inputs}, *r = &rec;
    struct network w = {.r = r};
    check_comparison(r);
    if (r->err.code)
        return r->err;
    int x =
        ends_words(r, "X", "X", "the words that are read",
                   "One row for each word of the first language. Every column is a **feature**.", "d_x", "[m, d_x]");
    int last = record_encoder(&w, x);
    if (!r->err.code)
        record_comparison(&w);
    int y = ends_words(r, "Y", "Y", "the words that are written",
                       "One row for each word of the second language: what the decoder is given at **each step**.",
                       "d_y", "[T, d_y]");
    if (!r->err.code)
        record_decoder(&w, y, last);
    return r->err;
}

static const struct setting_info settings[] = {
    {.name = "context",
     .kind = SETTING_CHOICE,
     .initial = "last",
     .choices = (const char *const[]){"last", "dot", "general", "additive", NULL},
     .meaning =
         "what the decoder is shown: last: only the encoder's last state (the bottleneck); the others: a mixture of "
         "all states, weighed by a dot product, by one with W_A between, or by v_A tanh(s W_1 + h W_2)"},
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
    .settings = settings,
    .n_settings = COUNT_OF(settings),
    .inputs = inputs,
    .n_inputs = COUNT_OF(inputs),
    .outputs = outputs,
    .n_outputs = COUNT_OF(outputs),
    .record = seq2seq_record,
    .stages = stages,
    .n_stages = COUNT_OF(stages),
};
