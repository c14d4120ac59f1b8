/* seq2seq_words.h: what seq2seq.c says of its inputs and steps. */
#ifndef QKV_CORE_MECHANISMS_SEQ2SEQ_WORDS_H
#define QKV_CORE_MECHANISMS_SEQ2SEQ_WORDS_H

#include "core/mechanisms/ends.h"
#include "core/mechanisms/learned.h"

#define STATE_AXES   "row: the last word so far; column: a number of the state"
#define READ_AXES    "row: a word that was read; column: a number of the state"
#define WRITTEN_AXES "row: the word that is written; column: a number of the state"
#define LOOK_AXES    "row: the word that is written; column: the word looked at"

/* A learned matrix; a bias of the states. */
#define MATRIX(matrix, from, to, what)                                                                                 \
    {                                                                                                                  \
        .name = matrix, .title = "learned numbers", .meaning = what,                                                   \
        .axes = "row: a number that goes in; column: a number that comes out", .rows = from, .cols = to                \
    }
#define BIAS(bias, what)                                                                                               \
    {                                                                                                                  \
        .name = bias, .title = what, .axes = "column: a number of the state"                                           \
    }

/* The encoder: h_t = tanh(x_t W_xh + h_(t-1) W_hh + b_h). */
static const struct sequence words_read = {
    .name = "X",
    .symbol = "X",
    .title = "the words that are read",
    .meaning = "One row for each word of the first language. Every column is a **feature**.",
    .cols = "d_x",
    .shape = "[m, d_x]",
};
static const struct linear read_linear = {
    .w = MATRIX("W_xh", "d_x", "d_h", "What a **word** adds to the state."),
    .b = BIAS("b_h", "what every state starts from"),
    .sum_before = "read_projected",
    .symbol_before = "XW",
};
static const struct step_spec read_words = {
    .name = "read",
    .symbol = "X_h",
    .stage = STAGE_ENCODE,
    .title = "what each word adds to the state",
    .meaning = "This does not wait for anything: it can be computed for **all** words at once.",
    .axes = "row: a word that is read; column: a number of the state",
};
static const struct given w_hh = MATRIX("W_hh", "d_h", "d_h", "What the state **before** adds to the next.");
static const struct step_spec before_reading_words = {
    .name = "encoder_state_0",
    .symbol = "h_0",
    .title = "the state before the first word",
    .meaning = "Nothing has been read: all zeros.",
    .axes = STATE_AXES,
};
static const struct step_spec encoder_carried_words = {
    .name = "encoder_carried",
    .symbol = "r",
    .stage = STAGE_ENCODE,
    .title = "what stays of the state before",
    .meaning = "The state before, times a matrix. This **must wait** until that state is known: here nothing can be "
               "done side by side.",
    .axes = STATE_AXES,
};
static const struct step_spec encoder_state_words = {
    .name = "encoder_state",
    .symbol = "h",
    .stage = STAGE_ENCODE,
    .role = ROLE_KEY,
    .title = "the state with this word read",
    .meaning = "What stays of the state before plus what this word adds, bent by tanh to between **-1 and 1**.",
    .axes = STATE_AXES,
};
static const struct step_spec encoder_states_words = {
    .name = "encoder_states",
    .symbol = "H",
    .stage = STAGE_ENCODE,
    .role = ROLE_KEY,
    .title = "all states, one for each word read",
    .meaning = "The last row has read everything. The rows above would be **forgotten** if nobody could look back at "
               "them.",
    .axes = READ_AXES,
};

/* The scores: s . h, s W_A h, or v_A . tanh(s W_1 + h W_2). */
static const struct given w_A = MATRIX("W_A", "d_h", "d_h", "What of a state is compared with what of another.");
static const struct given w_1 = MATRIX("W_1", "d_h", "a", "How the decoder's state becomes **a question**.");
static const struct linear keys_linear = {.w =
                                              MATRIX("W_2", "d_h", "a", "How the encoder's states become **offers**.")};
static const struct given v_A = MATRIX("v_A", ALL_WORDS, "a", "How much each number counts: they make **one score**.");
static const struct step_spec keys_words = {
    .name = "keys",
    .symbol = "K",
    .stage = STAGE_PROJECT,
    .role = ROLE_KEY,
    .title = "what each word read offers",
    .meaning = "The encoder's states times W_2: what they are **found by**. The same for every word that is written.",
    .axes = "row: a word that was read; column: what is compared",
};
static const struct step_spec query_words = {
    .name = "query",
    .symbol = "q",
    .stage = STAGE_SCORE,
    .role = ROLE_QUERY,
    .title = "what the decoder asks for",
    .meaning = "The decoder's state **before** this word, times a matrix: what it wants to look at for the next word.",
    .axes = "row: the state before; column: what is compared",
};
static const struct step_spec product_words = {
    .name = "scores",
    .symbol = "S",
    .stage = STAGE_SCORE,
    .title = "how well each word read fits",
    .meaning = "The question times each state of the encoder, number by number, added up: **one score** for each word "
               "that was read.",
    .axes = LOOK_AXES,
};
static const struct step_spec additive_words = {
    .name = "scores",
    .symbol = "S",
    .stage = STAGE_SCORE,
    .title = "how well each word read fits",
    .meaning = "Question and offer are added, bent by tanh, and weighed by v_A: **one score** for each word that was "
               "read.",
    .axes = LOOK_AXES,
};

/* The decoder: s_t = tanh(y_t V_xh + s_(t-1) V_hh + c_t V_ch + b_s). */
static const struct sequence words_written = {
    .name = "Y",
    .symbol = "Y",
    .title = "the words that are written",
    .meaning = "One row for each word of the second language: what the decoder is given at **each step**.",
    .cols = "d_y",
    .shape = "[T, d_y]",
};
static const struct linear written_linear = {
    .w = MATRIX("V_xh", "d_y", "d_h", "What the **word before** adds to the decoder's state."),
    .b = BIAS("b_s", "what every state of the decoder starts from"),
    .sum_before = "written_projected",
    .symbol_before = "YV",
};
static const struct step_spec written_words = {
    .name = "written",
    .symbol = "Y_s",
    .stage = STAGE_DECODE,
    .title = "what each word written adds",
    .meaning = "The decoder gets the words that it has written. What they add can be computed for **all** at once.",
    .axes = "row: a word that is written; column: a number of the state",
};
static const struct given v_hh = MATRIX("V_hh", "d_h", "d_h", "What the decoder's state **before** adds to the next.");
static const struct given v_ch = MATRIX("V_ch", "d_h", "d_h", "What the **context** adds to the decoder's state.");
static const struct step_spec context_words = {
    .name = "context",
    .symbol = "c",
    .stage = STAGE_AGGREGATE,
    .title = "what is shown to the decoder",
    .meaning = "A **mixture** of all the encoder's states, in these shares: for each word that is written another one.",
    .axes = WRITTEN_AXES,
};
static const struct step_spec shown_words = {
    .name = "shown",
    .symbol = "g",
    .stage = STAGE_DECODE,
    .title = "what it adds to the state",
    .meaning = "The context times V_ch: what **looking back** adds.",
    .axes = STATE_AXES,
};
static const struct step_spec decoder_carried_words = {
    .name = "decoder_carried",
    .symbol = "d",
    .stage = STAGE_DECODE,
    .title = "what stays of the state before",
    .meaning = "The state before, times a matrix. This **must wait** until that state is known: here nothing can be "
               "done side by side.",
    .axes = STATE_AXES,
};
static const struct step_spec decoder_sum_words = {
    .name = "decoder_sum",
    .symbol = "p",
    .stage = STAGE_DECODE,
    .title = "what stays and what is shown",
    .meaning = "What stays of the state before, plus what the context adds.",
    .axes = STATE_AXES,
};
static const struct step_spec decoder_state_words = {
    .name = "decoder_state",
    .symbol = "s",
    .stage = STAGE_DECODE,
    .role = ROLE_QUERY,
    .title = "the decoder's state at this word",
    .meaning =
        "Plus what the word adds, bent by tanh to between **-1 and 1**. From this the next word would be chosen.",
    .axes = WRITTEN_AXES,
};
static const struct step_spec decoder_states_words = {
    .name = "decoder_states",
    .symbol = "S",
    .stage = STAGE_DECODE,
    .role = ROLE_QUERY,
    .title = "the decoder's states, one for each word",
    .meaning = "One row for each word, as they came **one after the other**.",
    .axes = WRITTEN_AXES,
};
static const struct step_spec alignment_words = {
    .name = "weights",
    .symbol = "A",
    .stage = STAGE_AGGREGATE,
    .scale = SCALE_SHARE,
    .title = "where each word looked",
    .meaning = "One row for each word that was written. This is the **alignment**: which words belong together.",
    .axes = LOOK_AXES,
};
static const struct step_spec contexts_words = {
    .name = "context",
    .symbol = "C",
    .stage = STAGE_AGGREGATE,
    .title = "what each word was shown",
    .meaning = "One row for each word that was written, each with another mixture of what was read.",
    .axes = WRITTEN_AXES,
};

/* The bottleneck: the decoder is shown the last state, and nothing else. */
static const struct step_spec last_shown_words = {
    .name = "shown",
    .symbol = "g",
    .stage = STAGE_DECODE,
    .title = "all that is shown to the decoder",
    .meaning = "The **last** state times V_ch. Whatever was read must pass through this one row: the bottleneck.",
    .axes = STATE_AXES,
};
static const struct step_spec only_last_words = {
    .name = "only_last",
    .symbol = "L",
    .stage = STAGE_INPUT,
    .scale = SCALE_SHARE,
    .title = "everything from the last word",
    .meaning =
        "As if each word looked with its **whole** weight at the last word that was read, and could look nowhere "
        "else.",
    .axes = LOOK_AXES,
};
static const struct step_spec last_contexts_words = {
    .name = "context",
    .symbol = "C",
    .stage = STAGE_AGGREGATE,
    .title = "what each word was shown",
    .meaning = "The last state for **every** word: however long the text that was read, this is all there is of it.",
    .axes = WRITTEN_AXES,
};

#endif
