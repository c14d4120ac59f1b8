/* attention.h: softmax attention and its variants: softmax(Q K^T / sqrt(d_k)) V with heads.
 * Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2; each variant names its own where it is made. */
#ifndef QKV_CORE_MECHANISMS_ATTENTION_H
#define QKV_CORE_MECHANISMS_ATTENTION_H

#include "core/mechanisms/parts.h"

/* What each setting can be: its value in the lesson and, in capitals, its id; the first is the default. A new score or
 * normaliser is a row here and the function that the compiler then misses: score_NAME in attention_scores.c,
 * normaliser_NAME in attention_weights.c. */
#define ATTENTION_SCORES(SCORE) SCORE(DOT, dot) SCORE(GENERAL, general) SCORE(ADDITIVE, additive)
#define ATTENTION_NORMALISERS(NORMALISER)                                                                              \
    NORMALISER(SOFTMAX, softmax) NORMALISER(HARD, hard) NORMALISER(SPARSEMAX, sparsemax)
#define ATTENTION_ACTIVATIONS(F)      F(TANH, tanh) F(NONE, none)
#define ATTENTION_SCALES(SCALE)       SCALE(SQRT_DK, sqrt_dk) SCALE(NONE, none)
#define ATTENTION_POSITIONS(POSITION) POSITION(NONE, none) POSITION(SINUSOIDAL, sinusoidal) POSITION(ROPE, rope)
#define ATTENTION_BIASES(BIAS)                                                                                         \
    BIAS(NONE, none) BIAS(RELATIVE, relative) BIAS(RELATIVE_KEYS, relative_keys) BIAS(ALIBI, alibi)
#define ATTENTION_EVALUATIONS(EVALUATION)                                                                              \
    EVALUATION(FULL, full)                                                                                             \
    EVALUATION(QUERY_CHUNKS, query_chunks) EVALUATION(TILES, tiles) EVALUATION(INCREMENTAL, incremental)
#define ATTENTION_MISTAKES(MISTAKE)                                                                                    \
    MISTAKE(NONE, none)                                                                                                \
    MISTAKE(HEADS_NOT_WORDS, heads_not_words)                                                                          \
    MISTAKE(SOFTMAX_OVER_COLUMNS, softmax_over_columns)                                                                \
    MISTAKE(MASK_AFTER_SOFTMAX, mask_after_softmax)                                                                    \
    MISTAKE(KEYS_AS_VALUES, keys_as_values) MISTAKE(CONCAT_WITHOUT_TRANSPOSE, concat_without_transpose)

#define SCORE_ID(id, name)      SCORE_##id,
#define NORMALISER_ID(id, name) NORMALISER_##id,
#define ACTIVATION_ID(id, name) ACTIVATION_##id,
#define SCALE_ID(id, name)      SCALE_BY_##id,
#define POSITION_ID(id, name)   POSITION_##id,
#define BIAS_ID(id, name)       BIAS_##id,
#define EVALUATION_ID(id, name) EVALUATION_##id,
#define MISTAKE_ID(id, name)    MISTAKE_##id,
enum score { ATTENTION_SCORES(SCORE_ID) };
enum normaliser { ATTENTION_NORMALISERS(NORMALISER_ID) };
enum activation { ATTENTION_ACTIVATIONS(ACTIVATION_ID) };
enum scale { ATTENTION_SCALES(SCALE_ID) SCALE_BY_NUMBER = -1 };
enum position { ATTENTION_POSITIONS(POSITION_ID) };
enum bias { ATTENTION_BIASES(BIAS_ID) };
enum evaluation { ATTENTION_EVALUATIONS(EVALUATION_ID) };
enum mistake { ATTENTION_MISTAKES(MISTAKE_ID) };

/* The settings, read once. What the `mask` setting says is read by record_mask. */
struct attention_settings {
    size_t heads, kv_heads, chunk;
    enum score score;
    enum activation activation; /* of the additive score */
    enum scale scale;
    double divisor; /* of SCALE_BY_NUMBER */
    double temperature;
    enum position position;
    enum bias bias;
    enum normaliser normaliser;
    bool router, low_rank;
    double threshold; /* of the router */
    enum evaluation evaluation;
    enum mistake mistake;
    double dropout, seed;
};

/* Record all steps of attention from the words on, for mechanisms that have attention inside: `x` and `memory` are
 * steps ([1, n, d_model]; memory NO_STEP: keys and values come from x). Sinusoids are not added: record_positions
 * does that. Returns the last step: that of W_O, or "concat" without W_O. */
int attention_steps(struct recorder *r, int x, int memory, const struct output_names *names);

/* The same inside a layer, on `normed`, which has the shape of x; so has its result, "attention_output". */
int attention_in_layer(struct recorder *r, int x, int normed, int memory);

/* Record the sinusoids of position=sinusoidal and their sum with a step of words, and return the sum; otherwise, or for
 * NO_STEP, the step itself. `memory`: these are the words looked at, and the steps are called after them. */
int record_positions(struct recorder *r, int words, bool memory);

#endif
