/* location_aware.c: one query after the other; the weights of each are an operand of the next.
 *
 * For every query: what small windows see in the weights before, that as location features, their sum with memory and
 * query, one energy for each place, softmax. What does not change from query to query is computed once. */
#include "core/mechanisms/location_aware.h"

#include "core/mechanisms/ends.h"
#include "core/mechanisms/parts.h"
#include "core/mechanisms/softmax.h"

#include <stdlib.h>

static const char place_axes[] = "row: a place in memory; column: a number of it";
static const char energy_axes[] = "row: the query; column: a place in memory";

/* What stays the same for all queries. */
struct location {
    struct recorder *r;
    int windows, to_hidden, v; /* inputs F, U, v_A */
    int queries, memory;       /* queries W_Q [1, T, a]; memory W_K + b_A [1, m, a] */
};

static int record_asked(struct recorder *r, int queries)
{
    struct linear linear = {.w = {.name = "W_Q",
                                  .role = ROLE_QUERY,
                                  .title = "how queries become what is compared",
                                  .meaning = "Learned numbers: a row says what **one number** of a query adds.",
                                  .axes = "row: a number of a query; column: what is compared",
                                  .rows = "d_q",
                                  .cols = "a",
                                  .shape = "[d_q, a]"}};
    return record_linear(r, queries, &linear,
                         (struct step_spec){.name = "Q",
                                            .symbol = "Q",
                                            .stage = STAGE_PROJECT,
                                            .role = ROLE_QUERY,
                                            .title = "what each query asks for",
                                            .meaning = "Each query times W_Q: what the decoder wants to hear **next**.",
                                            .axes = "row: a query; column: what is compared"});
}

static int record_offered(struct recorder *r, int memory)
{
    struct linear linear = {.w = {.name = "W_K",
                                  .role = ROLE_KEY,
                                  .title = "how places become what is compared",
                                  .meaning = "Learned numbers: a row says what **one number** of a place adds.",
                                  .axes = "row: a number of a place; column: what is compared",
                                  .rows = "d_memory",
                                  .cols = "a",
                                  .shape = "[d_memory, a]"},
                            .b = {.name = "b_A",
                                  .title = "what every comparison starts from",
                                  .meaning = "Learned numbers, the same for **every** place.",
                                  .axes = "column: what is compared",
                                  .rows = "all places",
                                  .cols = "a",
                                  .shape = "[a]"},
                            .sum_before = "K_projected",
                            .symbol_before = "K_0"};
    return record_linear(r, memory, &linear,
                         (struct step_spec){.name = "K",
                                            .symbol = "K",
                                            .stage = STAGE_PROJECT,
                                            .role = ROLE_KEY,
                                            .title = "what each place offers",
                                            .meaning = "Each place in memory times W_K, plus the bias: what it can be "
                                                       "**found by**, whoever asks.",
                                            .axes = place_axes});
}

static void record_learned(struct location *l)
{
    struct recorder *r = l->r;
    static const struct given windows = {.name = "F",
                                         .title = "small windows over the weights",
                                         .meaning = "Each row is a window: it slides over the weights and answers to "
                                                    "**one shape** of them.",
                                         .axes = "row: a window; column: a place in the window",
                                         .rows = "windows",
                                         .cols = "width",
                                         .shape = "[c, width]"};
    static const struct given to_hidden = {.name = "U",
                                           .title = "how locations become what is compared",
                                           .meaning = "Learned numbers: a row says what **one window's** answer adds.",
                                           .axes = "row: a window; column: what is compared",
                                           .rows = "windows",
                                           .cols = "a",
                                           .shape = "[c, a]"};
    static const struct given v = {.name = "v_A",
                                   .title = "how much each number counts",
                                   .meaning = "Learned numbers: they make **one energy** of a whole row.",
                                   .axes = "column: what is compared",
                                   .rows = "all places",
                                   .cols = "a",
                                   .shape = "[a]"};
    l->windows = record_given(r, &windows);
    l->to_hidden = record_given(r, &to_hidden);
    l->v = record_row(r, &v, l->queries);
    if (r->err.code)
        return;
    size_t width = recorded_size(r, l->windows, AXIS_COL);
    if (width % 2 == 0)
        record_error(r, qkv_errf(QKV_ERR_SHAPE, "F: its width %zu must be odd, so that a window has a middle", width));
    require_rows(r, l->to_hidden, recorded_size(r, l->windows, AXIS_ROW), "windows of F (c)");
    require_columns(r, l->to_hidden, recorded_size(r, l->queries, AXIS_COL), "columns of W_Q (a)");
    require_columns(r, l->memory, recorded_size(r, l->queries, AXIS_COL), "columns of W_Q (a)");
}

/* Weights before the first query: nobody has looked anywhere yet. */
static int record_even(struct location *l)
{
    if (l->r->err.code)
        return NO_STEP;
    struct axis places = recorded(l->r, l->memory)->axis[AXIS_ROW];
    return record_filled(
        l->r,
        (struct step_spec){.name = "weights_0",
                           .symbol = "A_0",
                           .scale = SCALE_SHARE,
                           .title = "before the first query",
                           .meaning = "Nobody has looked anywhere: every place has the **same** share.",
                           .axes = energy_axes},
        (struct axis[AXES]){axis_numbered(1, "heads"), axis_numbered(1, "queries"), places}, 1 / (double)places.size);
}

/* Query t: its energies from the weights of the query before. */
static int record_energies(struct location *l, size_t t, int previous)
{
    struct recorder *r = l->r;
    int seen =
        record_step(r, (struct step_spec){.name = record_numbered(r, "location", t),
                                          .symbol = record_numbered(r, "L", t),
                                          .stage = STAGE_LOCATE,
                                          .op = OP_CONVOLVE_ROW,
                                          .in = {previous, l->windows},
                                          .title = "what the windows see in the weights before",
                                          .meaning = "Each window slides over the weights of the query **before**: "
                                                     "near where was looked it answers, far away it is silent.",
                                          .axes = "row: a place in memory; column: a window"});
    int located =
        record_step(r, (struct step_spec){.name = record_numbered(r, "located", t),
                                          .symbol = record_numbered(r, "LU", t),
                                          .stage = STAGE_LOCATE,
                                          .op = OP_MATMUL,
                                          .in = {seen, l->to_hidden},
                                          .title = "the locations, ready to be compared",
                                          .meaning = "The windows' answers times U: as many numbers for each place "
                                                     "as **queries and keys** have.",
                                          .axes = place_axes});
    int heard =
        record_step(r, (struct step_spec){.name = record_numbered(r, "offered", t),
                                          .symbol = record_numbered(r, "P", t),
                                          .stage = STAGE_SCORE,
                                          .role = ROLE_KEY,
                                          .op = OP_ADD,
                                          .in = {l->memory, located},
                                          .title = "what each place offers, and where it lies",
                                          .meaning = "**What** is there plus **how near** it is to where was looked "
                                                     "before.",
                                          .axes = place_axes});
    int hidden =
        record_step(r, (struct step_spec){.name = record_numbered(r, "hidden", t),
                                          .symbol = record_numbered(r, "T", t),
                                          .stage = STAGE_SCORE,
                                          .op = OP_TANH_ADD_ROW,
                                          .in = {heard, l->queries},
                                          .number = (double)t,
                                          .written = record_place(r, t),
                                          .title = "with the query, bent by tanh",
                                          .meaning = "The query is added to **every** place, and tanh bends the sum "
                                                     "to between -1 and 1.",
                                          .axes = place_axes});
    return record_step(r, (struct step_spec){.name = record_numbered(r, "energies", t),
                                             .symbol = record_numbered(r, "e", t),
                                             .stage = STAGE_SCORE,
                                             .op = OP_MATMUL_T,
                                             .in = {l->v, hidden},
                                             .title = "how well each place fits this query",
                                             .meaning =
                                                 "v_A weighs the numbers of each place: **one energy** for each. It is "
                                                 "large where both the content and the location fit.",
                                             .axes = energy_axes});
}

static void record_queries(struct location *l, int memory)
{
    struct recorder *r = l->r;
    size_t n = recorded_size(r, l->queries, AXIS_ROW);
    int *energies = calloc(2 * n, sizeof *energies);
    if (!energies) {
        record_error(r, qkv_nomem("the weights of every query"));
        return;
    }
    int *weights = energies + n, previous = record_even(l);
    for (size_t t = 1; !r->err.code && t <= n; t++) {
        energies[t - 1] = record_energies(l, t, previous);
        record_row_names(r, energies[t - 1], l->queries, t - 1);
        previous = weights[t - 1] = record_shares(r, energies[t - 1], t);
    }
    int all =
        record_gathered(r, energies, n,
                        (struct step_spec){.name = "energies",
                                           .symbol = "S",
                                           .stage = STAGE_AGGREGATE,
                                           .title = "the energies of all queries",
                                           .meaning = "One row for each query, as they came **one after the other**.",
                                           .axes = energy_axes});
    record_row_names(r, all, l->queries, 0);
    all = record_gathered(r, weights, n,
                          (struct step_spec){.name = "weights",
                                             .symbol = "A",
                                             .stage = STAGE_AGGREGATE,
                                             .scale = SCALE_SHARE,
                                             .title = "where each query looked",
                                             .meaning =
                                                 "One row for each query. In speech the largest shares walk from the "
                                                 "upper left to the lower right: the sound is read **in order**.",
                                             .axes = energy_axes});
    record_row_names(r, all, l->queries, 0);
    free(energies);
    record_step(r, (struct step_spec){.name = "context",
                                      .symbol = "C",
                                      .stage = STAGE_AGGREGATE,
                                      .op = OP_MATMUL,
                                      .in = {all, memory},
                                      .title = "what each query heard",
                                      .meaning =
                                          "Each query's row is a **mixture** of the places in memory, in the shares of "
                                          "its row of weights.",
                                      .axes = "row: the query; column: a number of memory"});
}

static struct qkv_err location_record(struct tape *tape, const struct settings *settings, struct named_tensors *inputs)
{
    struct recorder rec = {.tape = tape, .settings = settings, .inputs = inputs}, *r = &rec;
    int queries = ends_words(r, "queries", "Q_in", "the decoder's states",
                             "One row for each query, in the order in which they are asked: each stands for a sign "
                             "that is being written.",
                             "d_q", "[T, d_q]");
    int memory =
        ends_words(r, "memory", "X_memory", "what is listened to",
                   "One row for each **place**: of a sound, a short moment of it.", "d_memory", "[m, d_memory]");
    struct location l = {.r = r};
    l.queries = record_asked(r, queries);
    l.memory = record_offered(r, memory);
    record_learned(&l);
    if (!r->err.code)
        record_queries(&l, memory);
    return r->err;
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
    {STAGE_NORMALISE, "softmax("},
    {STAGE_SCORE, "v_A tanh(q + K"},
    {STAGE_LOCATE, " + conv(A_before, F) U"},
    {STAGE_SCORE, ")"},
    {STAGE_NORMALISE, ")"},
    {STAGE_AGGREGATE, " X_memory"},
    {STAGE_INPUT, NULL},
};

static const enum stage stages[] = {STAGE_EMBED, STAGE_PROJECT,   STAGE_LOCATE,
                                    STAGE_SCORE, STAGE_NORMALISE, STAGE_AGGREGATE};

const struct mechanism mechanism_location_aware = {
    .name = "location_aware",
    .summary = "attention for speech: where was looked a moment ago says where to look on",
    .source = "Chorowski et al. 2015, Attention-Based Models for Speech Recognition",
    .formula = formula,
    .inputs = inputs,
    .n_inputs = COUNT_OF(inputs),
    .outputs = outputs,
    .n_outputs = COUNT_OF(outputs),
    .record = location_record,
    .stages = stages,
    .n_stages = COUNT_OF(stages),
};
