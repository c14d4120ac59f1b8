/* linear_words.h: what linear_attention.c says of its steps. */
#ifndef QKV_CORE_MECHANISMS_LINEAR_WORDS_H
#define QKV_CORE_MECHANISMS_LINEAR_WORDS_H

#include "core/mechanisms/record.h"

#define STATE_AXES     "row: a feature of the keys; column: what is handed over"
#define COLLECTED_AXES "row: the word that looks; column: what is handed over"
#define SUM_AXES       "row: up to this word; column: a feature of the keys"

/* Both orders. */
static const struct step_spec fits_words = {
    .name = "fits",
    .symbol = "Z_0",
    .stage = STAGE_NORMALISE,
    .title = "how well each word fits all keys together",
    .axes = ROW_AXES,
};
static const struct step_spec numerators_words = {
    .name = "numerators",
    .symbol = "N",
    .stage = STAGE_AGGREGATE,
    .title = "what each word collects, not yet shared out",
    .axes = COLLECTED_AXES,
};
static const struct step_spec z_words = {
    .name = "Z",
    .symbol = "Z",
    .stage = STAGE_NORMALISE,
    .title = "what each row is divided by",
    .meaning = "A very small number is added, so that **nothing is divided by 0** where a word fits no key at all.",
    .axes = ROW_AXES,
};
static const struct step_spec heads_words = {
    .name = "heads",
    .symbol = "H",
    .stage = STAGE_NORMALISE,
    .title = "what each word collects",
    .meaning = "Divided by the sum of all that fitted: a **mixture** of the values, in shares that sum to 1, without a "
               "single share having been written down.",
    .axes = FOUND_AXES,
};

/* (phi(Q) phi(K)^T) V */
static const struct step_spec similarities_words = {
    .name = "similarities",
    .symbol = "S",
    .stage = STAGE_SCORE,
    .title = "how well each word fits each word",
    .meaning = "Each cell is a query's features times a key's, added up: never negative, so no exponential is needed. "
               "There are **n times n** of them.",
    .axes = PAIR_AXES,
};
static const struct step_spec kept_words = {
    .name = "similarities_kept",
    .symbol = "S_kept",
    .stage = STAGE_MASK,
    .title = "without the words that come later",
    .meaning = "Times 1 where the word may be seen, times **0** where it comes later.",
    .axes = PAIR_AXES,
};
static const char by_pairs_meaning[] = "The values of all words, each times how well it fits, added up: the product of "
                                       "the pairs is taken **first**.";
static const char row_added_up_meaning[] = "Each row added up: what its cells are **shares of**.";

/* phi(Q) (phi(K)^T V) */
static const struct step_spec turned_words = {
    .name = "phi_K_turned",
    .symbol = "φ_K^T",
    .stage = STAGE_STATE,
    .role = ROLE_KEY,
    .title = "the keys' features, turned",
    .meaning = "Rows become columns, and no number changes: a row is now **one feature** of all words.",
    .axes = "row: a feature of the keys; column: a word",
};
static const struct step_spec state_words = {
    .name = "KV",
    .symbol = "KV",
    .stage = STAGE_STATE,
    .title = "all that is offered, in one small matrix",
    .meaning = "Each cell adds up, over **all words**, a feature of the key times a number of the value. With twice as "
               "many words it has the same size.",
    .axes = STATE_AXES,
};
static const struct step_spec key_sum_words = {
    .name = "key_sum",
    .symbol = "z",
    .stage = STAGE_STATE,
    .role = ROLE_KEY,
    .title = "each feature, summed over all words",
    .meaning = "How much of each feature **all keys together** have: what the shares are to be shares of.",
    .axes = "row: a feature of the keys; one number for all words",
};
static const char one_product_meaning[] = "One product with the keys' sum gives what all the products with **single** "
                                          "keys would add up to.";
static const char by_state_meaning[] = "Each word reads the small matrix with its own features. Keys and values were "
                                       "multiplied **first**: no word ever met another.";

/* The same word after word. */
static const struct step_spec empty_state_words = {
    .name = "state_0",
    .symbol = "S_0",
    .title = "the state before the first word",
    .meaning = "Empty: all zeros.",
    .axes = STATE_AXES,
};
static const struct step_spec empty_sum_words = {
    .name = "key_sum_0",
    .symbol = "z_0",
    .role = ROLE_KEY,
    .title = "the keys' sum before the first word",
    .meaning = "Empty: all zeros.",
    .axes = "column: a feature of the keys",
};
static const struct step_spec grown_state_words = {
    .name = "state",
    .symbol = "S",
    .stage = STAGE_STATE,
    .title = "the state, with one more word",
    .meaning = "Each feature of this word's key times each number of its value is **added**. What the state holds "
               "grows; its size does not.",
    .axes = STATE_AXES,
};
static const struct step_spec grown_sum_words = {
    .name = "key_sum",
    .symbol = "z",
    .stage = STAGE_STATE,
    .role = ROLE_KEY,
    .title = "the keys' sum, with one more word",
    .meaning =
        "This word's key features are added to those of the words before: what the shares will be **shares of**.",
    .axes = "row: the word that came last; column: a feature of the keys",
};
static const struct step_spec read_words = {
    .name = "read",
    .symbol = "n",
    .stage = STAGE_AGGREGATE,
    .title = "what this word reads from the state",
    .meaning = "The word's own features times the state as it is **now**: words that come later are not in it yet.",
    .axes = COLLECTED_AXES,
};
static const struct step_spec sums_words = {
    .name = "key_sums",
    .symbol = "z",
    .stage = STAGE_NORMALISE,
    .role = ROLE_KEY,
    .title = "the keys' sums of all words",
    .meaning = "The sums that were made word after word, below one another.",
    .axes = SUM_AXES,
};
static const struct step_spec by_feature_words = {
    .name = "fits_by_feature",
    .symbol = "Z_φ",
    .stage = STAGE_NORMALISE,
    .title = "asked for, times offered",
    .meaning = "Each word's features meet the keys' sum **up to itself**.",
    .axes = SUM_AXES,
};
static const struct step_spec fits_so_far_words = {
    .name = "fits",
    .symbol = "Z_0",
    .stage = STAGE_NORMALISE,
    .title = "how well each word fits all keys so far",
    .meaning = "Added up over the features: what the products with single keys would add up to.",
    .axes = ROW_AXES,
};
static const struct step_spec reads_words = {
    .name = "numerators",
    .symbol = "N",
    .stage = STAGE_AGGREGATE,
    .title = "what the words read, below one another",
    .meaning = "One row for each word, as they were read **one after the other**.",
    .axes = COLLECTED_AXES,
};

#endif
