/* location_aware.c: attention that sees where it looked a moment ago: one query after the other; the weights of each
 * are an operand of the next.
 * Source: Chorowski et al. 2015, "Attention-Based Models for Speech Recognition", sections 2.1 and 2.2.
 *
 * For every query: what small windows see in the weights before, that as location features, their sum with memory and
 * query, one energy for each place, softmax. What does not change from query to query is computed once. */
#include "core/mechanisms/ends.h"
#include "core/mechanisms/learned.h"
#include "core/mechanisms/softmax.h"
#include "core/mechanisms/tables.h"
#include "core/mechanisms/tokens.h"

#include <stdlib.h>

#define PLACE_AXES  "row: a place in memory; column: a number of it"
#define ENERGY_AXES "row: the query; column: a place in memory"

/* What stays the same for all queries. */
struct location {
    struct recorder *r;
    int windows, to_hidden, v; /* inputs F, U, v_A */
    int queries, memory;       /* queries W_Q [1, T, a]; memory W_K + b_A [1, m, a] */
};

static const struct sequence states = {
    .name = "queries",
    .symbol = "Q_in",
    .title = "the decoder's states",
    .meaning = "One row for each query, in the order in which they are asked: each stands for a sign that is being "
               "written.",
    .cols = "d_q",
    .shape = "[T, d_q]",
};
static const struct sequence places = {
    .name = "memory",
    .symbol = "X_memory",
    .title = "what is listened to",
    .meaning = "One row for each **place**: of a sound, a short moment of it.",
    .cols = "d_memory",
    .shape = "[m, d_memory]",
};
static const struct linear asking = {
    .w = {.name = "W_Q",
          .role = ROLE_QUERY,
          .title = "how queries become what is compared",
          .meaning = "Learned numbers: a row says what **one number** of a query adds.",
          .axes = "row: a number of a query; column: what is compared",
          .rows = "d_q",
          .cols = "a"},
};
static const struct step_spec asked_words = {
    .name = "Q",
    .symbol = "Q",
    .stage = STAGE_PROJECT,
    .role = ROLE_QUERY,
    .title = "what each query asks for",
    .meaning = "Each query times W_Q: what the decoder wants to hear **next**.",
    .axes = "row: a query; column: what is compared",
};
static const struct linear offering = {
    .w = {.name = "W_K",
          .role = ROLE_KEY,
          .title = "how places become what is compared",
          .meaning = "Learned numbers: a row says what **one number** of a place adds.",
          .axes = "row: a number of a place; column: what is compared",
          .rows = "d_memory",
          .cols = "a"},
    .b = {.name = "b_A",
          .title = "what every comparison starts from",
          .meaning = "Learned numbers, the same for **every** place.",
          .axes = "column: what is compared",
          .rows = "all places",
          .shape = "[a]"},
    .sum_before = "K_projected",
    .symbol_before = "K_0",
};
static const struct step_spec offered_words = {
    .name = "K",
    .symbol = "K",
    .stage = STAGE_PROJECT,
    .role = ROLE_KEY,
    .title = "what each place offers",
    .meaning = "Each place in memory times W_K, plus the bias: what it can be **found by**, whoever asks.",
    .axes = PLACE_AXES,
};
static const struct given windows_given = {
    .name = "F",
    .title = "small windows",
    .meaning = "Each row is a window: it slides over the weights and answers to **one shape** of them.",
    .axes = "row: a window; column: a place in the window",
    .rows = "windows",
    .cols = "width",
    .shape = "[c, width]",
};
static const struct given to_hidden_given = {
    .name = "U",
    .title = "how locations become what is compared",
    .meaning = "Learned numbers: a row says what **one window's** answer adds.",
    .axes = "row: a window; column: what is compared",
    .rows = "windows",
    .cols = "a",
    .shape = "[c, a]",
};
static const struct given v_given = {
    .name = "v_A",
    .title = "how much each number counts",
    .meaning = "Learned numbers: they make **one energy** of a whole row.",
    .axes = "column: what is compared",
    .rows = "all places",
    .cols = "a",
    .shape = "[a]",
};

static void record_learned(struct location *l, int queries, int memory)
{
    struct recorder *r = l->r;
    l->queries = record_linear(r, queries, &asking, &asked_words);
    l->memory = record_linear(r, memory, &offering, &offered_words);
    l->windows = record_given(r, &windows_given);
    l->to_hidden = record_given(r, &to_hidden_given);
    l->v = record_row(r, &v_given, l->queries);
    require_odd_width(r, l->windows);
    require_rows(r, l->to_hidden, recorded_size(r, l->windows, AXIS_ROW), "windows of F (c)");
    require_columns(r, l->to_hidden, recorded_size(r, l->queries, AXIS_COL), "columns of W_Q (a)");
    require_columns(r, l->memory, recorded_size(r, l->queries, AXIS_COL), "columns of W_Q (a)");
}

static const struct step_spec even_words = {
    .name = "weights_0",
    .symbol = "A_0",
    .scale = SCALE_SHARE,
    .title = "before the first query",
    .meaning = "Nobody has looked anywhere: every place has the **same** share.",
    .axes = ENERGY_AXES,
};
static const struct step_spec seen_words = {
    .name = "location",
    .symbol = "L",
    .stage = STAGE_LOCATE,
    .title = "what the windows see",
    .meaning =
        "Each window slides over the weights of the query **before**: near where was looked it answers, far away "
        "it is silent.",
    .axes = "row: a place in memory; column: a window",
};
static const struct step_spec located_words = {
    .name = "located",
    .symbol = "LU",
    .stage = STAGE_LOCATE,
    .title = "the locations, ready to be compared",
    .meaning = "The windows' answers times U: as many numbers for each place as **queries and keys** have.",
    .axes = PLACE_AXES,
};
static const struct step_spec heard_words = {
    .name = "offered",
    .symbol = "P",
    .stage = STAGE_SCORE,
    .role = ROLE_KEY,
    .title = "what each place offers, and where it lies",
    .meaning = "**What** is there plus **how near** it is to where was looked before.",
    .axes = PLACE_AXES,
};
static const struct step_spec hidden_words = {
    .name = "hidden",
    .symbol = "T",
    .stage = STAGE_SCORE,
    .title = "with the query, bent by tanh",
    .meaning = "The query is added to **every** place, and tanh bends the sum to between -1 and 1.",
    .axes = PLACE_AXES,
};
static const struct step_spec energy_words = {
    .name = "energies",
    .symbol = "e",
    .stage = STAGE_SCORE,
    .title = "how well each place fits this query",
    .meaning = "v_A weighs the numbers of each place: **one energy** for each. It is large where both the content and "
               "the location fit.",
    .axes = ENERGY_AXES,
};
static const struct step_spec energies_words = {
    .name = "energies",
    .symbol = "S",
    .stage = STAGE_AGGREGATE,
    .title = "the energies of all queries",
    .meaning = "One row for each query, as they came **one after the other**.",
    .axes = ENERGY_AXES,
};
static const struct step_spec alignment_words = {
    .name = "weights",
    .symbol = "A",
    .stage = STAGE_AGGREGATE,
    .scale = SCALE_SHARE,
    .title = "where each query looked",
    .meaning = "One row for each query. In speech the largest shares walk from the upper left to the lower right: the "
               "sound is read **in order**.",
    .axes = ENERGY_AXES,
};
static const struct step_spec context_words = {
    .name = "context",
    .symbol = "C",
    .stage = STAGE_AGGREGATE,
    .title = "what each query heard",
    .meaning = "Each query's row is a **mixture** of the places in memory, in the shares of its row of weights.",
    .axes = "row: the query; column: a number of memory",
};

/* e = v_A . tanh(q + k + f U), where the location features f are what the windows see in the weights before. */
static int record_energies(struct location *l, size_t t, int previous)
{
    struct recorder *r = l->r;
    int seen = record_op_at(r, &seen_words, t, OP_CONVOLVE_ROW, previous, l->windows);
    int located = record_op_at(r, &located_words, t, OP_MATMUL, seen, l->to_hidden);
    int heard = record_op_at(r, &heard_words, t, OP_ADD, l->memory, located);
    int hidden = record_op_at(r, &hidden_words, t, OP_TANH_ADD_ROW, heard, l->queries);
    int energies = record_op_at(r, &energy_words, t, OP_MATMUL_T, l->v, hidden);
    record_row_names(r, energies, l->queries, t - 1);
    return energies;
}

static void location_aware_record(struct recorder *r)
{
    struct location l = {.r = r};
    int queries = record_sequence(r, &states), memory = record_sequence(r, &places);
    record_learned(&l, queries, memory);
    size_t n = recorded_size(r, queries, AXIS_ROW);
    int *energies = record_capacity(r, 2 * n, "the weights of every query");
    if (!energies)
        return;
    struct axis heard = recorded(r, l.memory)->axis[AXIS_ROW];
    int *weights = energies + n;
    int previous = record_filled_row(r, &even_words, "queries", heard, 1 / (double)heard.size);
    for (size_t t = 1; !r->err.code && t <= n; t++) {
        energies[t - 1] = record_energies(&l, t, previous);
        previous = weights[t - 1] = record_shares(r, energies[t - 1], t);
    }
    record_row_names(r, record_gathered(r, energies, n, &energies_words), l.queries, 0);
    int alignment = record_gathered(r, weights, n, &alignment_words);
    record_row_names(r, alignment, l.queries, 0);
    record_op(r, &context_words, OP_MATMUL, alignment, memory);
    free(energies);
}

static const struct tensor_info inputs[] = {
    {"queries", "[T, d_q]", false, "always: the decoder's states, one after the other"},
    {"memory", "[m, d_memory]", false, "always: what is attended"},
    {"W_Q", "[d_q, a]", false, "always"},
    {"W_K", "[d_memory, a]", false, "always"},
    {"F", "[c, width]", false, "always: windows of odd width over the weights before"},
    {"U", "[c, a]", false, "always"},
    {"b_A", "[a]", false, "always"},
    {"v_A", "[a]", false, "always"},
};

static const struct tensor_info outputs[] = {
    {"energies", "[1, T, m]", false, "always"},
    {"weights", "[1, T, m]", false, "always"},
    {"context", "[1, T, d_memory]", false, "always"},
};

static const struct formula_part formula[] = {
    {STAGE_NORMALISE, "softmax("}, {STAGE_SCORE, "tanh(q + K"}, {STAGE_LOCATE, " + conv(A_before, F) U"},
    {STAGE_SCORE, ") v_A^T"},      {STAGE_NORMALISE, ")"},      {STAGE_AGGREGATE, " X_memory"},
    {STAGE_INPUT, NULL},
};

static const enum stage stages[] = {STAGE_EMBED, STAGE_PROJECT,   STAGE_LOCATE,
                                    STAGE_SCORE, STAGE_NORMALISE, STAGE_AGGREGATE};

const struct mechanism mechanism_location_aware = {
    .name = "location_aware",
    .summary = "attention for speech: where was looked a moment ago says where to look on",
    .source = "Chorowski et al. 2015, Attention-Based Models for Speech Recognition",
    .formula = formula,
    MECHANISM_TABLE(inputs),
    MECHANISM_TABLE(outputs),
    .record = location_aware_record,
    MECHANISM_TABLE(stages),
};
