/* linear_attention.c: attention whose cost grows with the number of words, not with its square.
 *
 * Softmax compares every word with every word before it can multiply by V. With phi(q) . phi(k) in its place the
 * product may be taken in the other order, phi(Q) (phi(K)^T V), and phi(K)^T V is as small as the features are few. */
#include "core/mechanisms/linear_attention.h"

#include "core/mechanisms/ends.h"
#include "core/mechanisms/linear_features.h"
#include "core/mechanisms/parts.h"
#include "core/mechanisms/view.h"

#include <stdlib.h>

static const char state_axes[] = "row: a feature of the keys; column: what is handed over";

/* What both orders of multiplication start from. */
struct linear_state {
    struct recorder *r;
    int q, k, v; /* steps: phi_Q, phi_K [heads, n, f]; V by heads [heads, m, d_v] */
    bool causal, by_pairs, by_state;
};

/* (phi(Q) phi(K)^T) V: every word meets every word, as in softmax attention. Returns the numerators; *ret_similar are
 * the similarities. */
static int record_pairs(struct linear_state *s, int *ret_similar)
{
    struct step_spec similar = {.name = "similarities",
                                .symbol = "S",
                                .stage = STAGE_SCORE,
                                .op = OP_MATMUL_T,
                                .in = {s->q, s->k},
                                .title = "how well each word fits each word",
                                .meaning =
                                    "Each cell is a query's features times a key's, added up: never negative, so "
                                    "no exponential is needed. There are **n times n** of them.",
                                .axes = "row: the word that looks; column: the word looked at"};
    *ret_similar = record_step(s->r, similar);
    if (s->causal) {
        struct step_spec kept = similar;
        kept.name = "similarities_kept";
        kept.symbol = "S_kept";
        kept.stage = STAGE_MASK;
        kept.op = OP_MULTIPLY;
        kept.in[0] = *ret_similar;
        kept.in[1] = record_causal(s->r, *ret_similar);
        kept.title = "without the words that come later";
        kept.meaning = "Times 1 where the word may be seen, times **0** where it comes later.";
        *ret_similar = record_step(s->r, kept);
    }
    return record_step(s->r,
                       (struct step_spec){
                           .name = s->by_state ? "numerators_by_pairs" : "numerators",
                           .symbol = s->by_state ? "N_pairs" : "N",
                           .stage = STAGE_AGGREGATE,
                           .op = OP_MATMUL,
                           .in = {*ret_similar, s->v},
                           .title = "what each word collects, not yet shared out",
                           .meaning = "The values of all words, each times how well it fits, added up: the product "
                                      "of the pairs is taken **first**.",
                           .axes = "row: the word that looks; column: what is handed over",
                       });
}

/* phi(Q) (phi(K)^T V) for all words at once. *ret_sums: phi(Q) times the keys' sum. */
static int record_whole(struct linear_state *s, int *ret_sums)
{
    struct recorder *r = s->r;
    struct step_spec spec = {.name = "phi_K_turned",
                             .symbol = "φ_K^T",
                             .stage = STAGE_STATE,
                             .role = ROLE_KEY,
                             .op = OP_TRANSPOSE,
                             .in = {s->k},
                             .title = "the keys' features, turned",
                             .meaning =
                                 "Rows become columns, and no number changes: a row is now **one feature** of all "
                                 "words.",
                             .axes = "row: a feature of the keys; column: a word"};
    int turned = record_step(r, spec);
    int state = record_step(
        r, (struct step_spec){.name = "KV",
                              .symbol = "KV",
                              .stage = STAGE_STATE,
                              .op = OP_MATMUL,
                              .in = {turned, s->v},
                              .title = "all that is offered, in one small matrix",
                              .meaning =
                                  "Each cell adds up, over **all words**, a feature of the key times a number of the "
                                  "value. With twice as many words it has the same size.",
                              .axes = state_axes});
    int sum =
        record_step(r, (struct step_spec){.name = "key_sum",
                                          .symbol = "z",
                                          .stage = STAGE_STATE,
                                          .role = ROLE_KEY,
                                          .op = OP_ROW_SUM,
                                          .in = {turned},
                                          .title = "each feature, summed over all words",
                                          .meaning = "How much of each feature **all keys together** have: what the "
                                                     "shares are to be shares of.",
                                          .axes = "row: a feature of the keys; one number for all words"});
    *ret_sums =
        record_step(r, (struct step_spec){.name = "fits",
                                          .symbol = "Z_0",
                                          .stage = STAGE_NORMALISE,
                                          .op = OP_MATMUL,
                                          .in = {s->q, sum},
                                          .title = "how well each word fits all keys together",
                                          .meaning = "One product with the keys' sum gives what all the products "
                                                     "with **single** keys would add up to.",
                                          .axes = "row: the word that looks; one number for all it looks at"});
    return record_step(
        r, (struct step_spec){.name = "numerators",
                              .symbol = "N",
                              .stage = STAGE_AGGREGATE,
                              .op = OP_MATMUL,
                              .in = {s->q, state},
                              .title = "what each word collects, not yet shared out",
                              .meaning = "Each word reads the small matrix with its own features. Keys and values were "
                                         "multiplied **first**: no word ever met another.",
                              .axes = "row: the word that looks; column: what is handed over"});
}

static int record_state_0(struct linear_state *s)
{
    const struct axis *k = recorded(s->r, s->k)->axis, *v = recorded(s->r, s->v)->axis;
    return record_filled(s->r,
                         (struct step_spec){.name = "state_0",
                                            .symbol = "S_0",
                                            .title = "the state before the first word",
                                            .meaning = "Empty: all zeros.",
                                            .axes = state_axes},
                         (struct axis[AXES]){k[AXIS_HEAD], k[AXIS_COL], v[AXIS_COL]}, 0);
}

static int record_key_sum_0(struct linear_state *s)
{
    const struct axis *k = recorded(s->r, s->k)->axis;
    return record_filled(s->r,
                         (struct step_spec){.name = "key_sum_0",
                                            .symbol = "z_0",
                                            .role = ROLE_KEY,
                                            .title = "the keys' sum before the first word",
                                            .meaning = "Empty: all zeros.",
                                            .axes = "column: a feature of the keys"},
                         (struct axis[AXES]){k[AXIS_HEAD], axis_numbered(1, "words"), k[AXIS_COL]}, 0);
}

/* One word joins the state. */
static void record_join(struct linear_state *s, size_t t, int *state, int *key_sum)
{
    struct recorder *r = s->r;
    *state =
        record_step(r, (struct step_spec){.name = record_numbered(r, "state", t),
                                          .symbol = record_numbered(r, "S", t),
                                          .stage = STAGE_STATE,
                                          .op = OP_ADD_OUTER,
                                          .in = {*state, s->k, s->v},
                                          .number = (double)t,
                                          .written = record_place(r, t),
                                          .title = "the state, with one more word",
                                          .meaning = "Each feature of this word's key times each number of its value "
                                                     "is **added**. What the state holds grows; its size does not.",
                                          .axes = state_axes});
    *key_sum =
        record_step(r, (struct step_spec){.name = record_numbered(r, "key_sum", t),
                                          .symbol = record_numbered(r, "z", t),
                                          .stage = STAGE_STATE,
                                          .role = ROLE_KEY,
                                          .op = OP_ADD_ROW,
                                          .in = {*key_sum, s->k},
                                          .number = (double)t,
                                          .written = record_place(r, t),
                                          .title = "the keys' sum, with one more word",
                                          .meaning = "This word's key features are added to those of the words "
                                                     "before: what the shares will be **shares of**.",
                                          .axes = "row: the word that came last; column: a feature of the keys"});
}

/* Token after token, as a recurrent network: the state grows by a word, then the word reads it. */
static int record_recurrent(struct linear_state *s, int *ret_sums)
{
    struct recorder *r = s->r;
    size_t n = recorded_size(r, s->q, AXIS_ROW), m = recorded_size(r, s->k, AXIS_ROW);
    int *reads = calloc(2 * n, sizeof *reads);
    if (!reads) {
        record_error(r, qkv_nomem("the state of every word"));
        return NO_STEP;
    }
    int *sums = reads + n;
    int state = record_state_0(s), key_sum = record_key_sum_0(s);
    for (size_t t = 1; !r->err.code && t <= n; t++) {
        if (t <= m)
            record_join(s, t, &state, &key_sum);
        sums[t - 1] = key_sum;
        reads[t - 1] = record_step(
            r, (struct step_spec){.name = record_numbered(r, "read", t),
                                  .symbol = record_numbered(r, "n", t),
                                  .stage = STAGE_AGGREGATE,
                                  .op = OP_ROW_MATMUL,
                                  .in = {s->q, state},
                                  .number = (double)t,
                                  .written = record_place(r, t),
                                  .title = "what this word reads from the state",
                                  .meaning = "The word's own features times the state as it is **now**: words "
                                             "that come later are not in it yet.",
                                  .axes = "row: the word that looks; column: what is handed over"});
    }
    static const char sum_axes[] = "row: up to this word; column: a feature of the keys";
    int all =
        record_gathered(r, sums, n,
                        (struct step_spec){.name = "key_sums",
                                           .symbol = "z",
                                           .stage = STAGE_NORMALISE,
                                           .role = ROLE_KEY,
                                           .title = "the keys' sums of all words",
                                           .meaning = "The sums that were made word after word, below one another.",
                                           .axes = sum_axes});
    int products =
        record_step(r, (struct step_spec){.name = "fits_by_feature",
                                          .symbol = "Z_φ",
                                          .stage = STAGE_NORMALISE,
                                          .op = OP_MULTIPLY,
                                          .in = {s->q, all},
                                          .title = "asked for, times offered",
                                          .meaning = "Each word's features meet the keys' sum **up to itself**.",
                                          .axes = sum_axes});
    *ret_sums =
        record_step(r, (struct step_spec){.name = "fits",
                                          .symbol = "Z_0",
                                          .stage = STAGE_NORMALISE,
                                          .op = OP_ROW_SUM,
                                          .in = {products},
                                          .title = "how well each word fits all keys so far",
                                          .meaning = "Added up over the features: what the products with single "
                                                     "keys would add up to.",
                                          .axes = "row: the word that looks; one number for all it looks at"});
    int numerators = record_gathered(
        r, reads, n,
        (struct step_spec){.name = "numerators",
                           .symbol = "N",
                           .stage = STAGE_AGGREGATE,
                           .title = "what the words read, below one another",
                           .meaning = "One row for each word, as they were read **one after the other**.",
                           .axes = "row: the word that looks; column: what is handed over"});
    free(reads);
    return numerators;
}

/* Divide what was collected by what it is a share of. */
static int record_shared(struct linear_state *s, int numerators, int sums)
{
    double eps = settings_get(s->r->settings, "eps")->number;
    int z =
        record_step(s->r, (struct step_spec){.name = "Z",
                                             .symbol = "Z",
                                             .stage = STAGE_NORMALISE,
                                             .op = OP_ADD_NUMBER,
                                             .in = {sums},
                                             .number = eps,
                                             .title = "what each row is divided by",
                                             .meaning = "A very small number is added, so that **nothing is divided by "
                                                        "0** where a word fits no key at all.",
                                             .axes = "row: the word that looks; one number for all it looks at"});
    return record_step(s->r,
                       (struct step_spec){
                           .name = "heads",
                           .symbol = "H",
                           .stage = STAGE_NORMALISE,
                           .op = OP_DIVIDE_ROWS,
                           .in = {numerators, z},
                           .title = "what each word collects",
                           .meaning = "Divided by the sum of all that fitted: a **mixture** of the values, in shares "
                                      "that sum to 1, without a single share having been written down.",
                           .axes = "row: the word that looked; column: what was handed to it",
                       });
}

static int record_linear_heads(struct linear_state *s)
{
    int sums = NO_STEP, similar = NO_STEP, numerators = NO_STEP;
    if (s->by_pairs) {
        numerators = record_pairs(s, &similar);
        if (!s->by_state)
            sums = record_step(s->r,
                               (struct step_spec){.name = "fits",
                                                  .symbol = "Z_0",
                                                  .stage = STAGE_NORMALISE,
                                                  .op = OP_ROW_SUM,
                                                  .in = {similar},
                                                  .title = "how well each word fits all keys together",
                                                  .meaning = "Each row added up: what its cells are **shares of**.",
                                                  .axes = "row: the word that looks; one number for all it looks at"});
    }
    if (s->by_state && !s->r->err.code)
        numerators = s->causal ? record_recurrent(s, &sums) : record_whole(s, &sums);
    return record_shared(s, numerators, sums);
}

/* Queries and keys are compared number by number. */
static void require_same_width(struct recorder *r, int queries, int keys)
{
    size_t q = recorded_size(r, queries, AXIS_COL), k = recorded_size(r, keys, AXIS_COL);
    if (!r->err.code && q != k)
        record_error(r, qkv_errf(QKV_ERR_SHAPE, "W_K: its %zu columns must be the %zu of W_Q (heads*d_k)", k, q));
}

static struct qkv_err linear_record(struct tape *tape, const struct settings *settings, struct named_tensors *inputs)
{
    struct recorder rec = {.tape = tape, .settings = settings, .inputs = inputs}, *r = &rec;
    size_t heads = (size_t)settings_get(settings, "heads")->number;
    int x = ends_words(r, "X", "X", "the words as numbers",
                       "One row for each word. Every column is a **feature**: read along a row to see what the word is "
                       "made of.",
                       "d_model", "[n, d_model]");
    int seen = x;
    if (record_has(r, "memory"))
        seen = ends_words(r, "memory", "X_memory", "the words that are looked at",
                          "A second sequence: queries come from the first, **keys and values from this one**.",
                          "d_memory", "[m, d_memory]");
    int queries = r->err.code ? NO_STEP : record_view(r, &query_view, x, heads);
    int keys = r->err.code ? NO_STEP : record_view(r, &key_view, seen, heads);
    int values = r->err.code ? NO_STEP : record_view(r, &value_view, seen, heads);
    require_same_width(r, queries, keys);
    queries = record_split(r, &query_view, queries, heads);
    keys = record_split(r, &key_view, keys, heads);
    values = record_split(r, &value_view, values, heads);
    int omega = r->err.code ? NO_STEP : record_omega(r, queries);
    bool both = settings_is(settings, "order", "both");
    struct linear_state s = {.r = r,
                             .v = values,
                             .causal = settings_is(settings, "causal", "true"),
                             .by_pairs = both || settings_is(settings, "order", "pairs"),
                             .by_state = both || settings_is(settings, "order", "state")};
    s.q = record_features(r, &query_side, queries, omega);
    s.k = record_features(r, &key_side, keys, omega);
    if (r->err.code)
        return r->err;
    int concat = ends_concat(r, record_linear_heads(&s));
    if (!r->err.code)
        ends_output(r, concat, &output_names);
    return r->err;
}

static const struct setting_info settings[] = {
    {.name = "heads",
     .kind = SETTING_WHOLE,
     .initial = "1",
     .min = 1,
     .max = 256,
     .meaning = "how many heads look at the words side by side"},
    {.name = "feature_map",
     .kind = SETTING_CHOICE,
     .initial = "elu1",
     .choices = (const char *const[]){"elu1", "relu", "favor", NULL},
     .meaning = "how queries and keys are made positive: elu(x)+1, max(x, 0), or random features (with omega)"},
    {.name = "causal",
     .kind = SETTING_CHOICE,
     .initial = "false",
     .choices = (const char *const[]){"false", "true", NULL},
     .meaning = "true: nobody looks ahead, and a running state is kept word after word"},
    {.name = "eps",
     .kind = SETTING_NUMBER,
     .initial = "1e-6",
     .min = 0,
     .max = 1e9,
     .meaning = "added to what is divided by, so that it is not 0"},
    {.name = "order",
     .kind = SETTING_CHOICE,
     .initial = "state",
     .choices = (const char *const[]){"state", "pairs", "both", NULL},
     .meaning =
         "which product comes first: state: phi(Q) (phi(K)^T V); pairs: (phi(Q) phi(K)^T) V, the same numbers at "
         "the price of every pair; both: one beside the other"},
};

static const struct tensor_info inputs[] = {
    {"X", "[n, d_model]", false, "always: the words that look"},
    {"memory", "[m, d_memory]", true, "optional: the words looked at; otherwise X"},
    {"W_Q", "[d_model, heads*d_k]", false, "always"},
    {"W_K", "[d_memory, heads*d_k]", false, "always"},
    {"W_V", "[d_memory, heads*d_v]", false, "always"},
    {"W_O", "[heads*d_v, d_out]", true, "optional: without it there is no output step"},
    {"b_Q", "[heads*d_k]", true, "optional"},
    {"b_K", "[heads*d_k]", true, "optional"},
    {"b_V", "[heads*d_v]", true, "optional"},
    {"b_O", "[d_out]", true, "optional: with W_O"},
    {"omega", "[features, d_k]", true, "feature_map=favor"},
};

static const struct tensor_info outputs[] = {
    {"Q", "[1, n, heads*d_k]", false, "always"},
    {"K", "[1, m, heads*d_k]", false, "always"},
    {"V", "[1, m, heads*d_v]", false, "always"},
    {"phi_Q", "[heads, n, f]", false, "always"},
    {"phi_K", "[heads, m, f]", false, "always"},
    {"KV", "[heads, f, d_v]", true, "causal=false, unless order=pairs"},
    {"state_1, ...", "[heads, f, d_v]", true, "causal=true, unless order=pairs: KV of the first words"},
    {"similarities", "[heads, n, m]", true, "order=pairs or both"},
    {"numerators", "[heads, n, d_v]", false, "always: heads before the division"},
    {"numerators_by_pairs", "[heads, n, d_v]", true, "order=both: the same by pairs"},
    {"Z", "[heads, n, 1]", false, "always"},
    {"heads", "[heads, n, d_v]", false, "always"},
    {"concat", "[1, n, heads*d_v]", false, "always"},
    {"output", "[1, n, d_out]", true, "with W_O"},
};

static const struct formula_part formula[] = {
    {STAGE_CONCAT, "concat("}, {STAGE_SCORE, "(φ(Q) φ(K)^T) V"},
    {STAGE_STATE, " = "},      {STAGE_STATE, "φ(Q) (φ(K)^T V)"},
    {STAGE_NORMALISE, " ÷ Z"}, {STAGE_CONCAT, ")"},
    {STAGE_OUTPUT, " W_O"},    {STAGE_INPUT, NULL},
};
static const struct formula_condition conditions[] = {
    {STAGE_STATE, " = ", "order", "both"},
    {STAGE_INPUT, NULL, NULL, NULL},
};

static const enum stage stages[] = {STAGE_EMBED, STAGE_PROJECT,   STAGE_FEATURES,  STAGE_SCORE,  STAGE_MASK,
                                    STAGE_STATE, STAGE_AGGREGATE, STAGE_NORMALISE, STAGE_CONCAT, STAGE_OUTPUT};

const struct mechanism mechanism_linear_attention = {
    .name = "linear_attention",
    .summary = "attention that costs as much per word however many words there are: phi(Q) (phi(K)^T V) / Z",
    .source = "Katharopoulos et al. 2020, Transformers are RNNs; random features: Choromanski et al. 2020, Performers",
    .formula = formula,
    .conditions = conditions,
    .settings = settings,
    .n_settings = COUNT_OF(settings),
    .inputs = inputs,
    .n_inputs = COUNT_OF(inputs),
    .outputs = outputs,
    .n_outputs = COUNT_OF(outputs),
    .record = linear_record,
    .stages = stages,
    .n_stages = COUNT_OF(stages),
};
