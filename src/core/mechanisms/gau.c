/* gau.c: the gated attention unit: one head whose result is gated by the word itself. U says what each word lets pass,
 * V what it hands over.
 * Source: Hua et al. 2022, "Transformer Quality in Linear Time", section 2.2 (form=squared_relu). */
#include "core/mechanisms/ends.h"
#include "core/mechanisms/learned.h"
#include "core/mechanisms/mask.h"
#include "core/mechanisms/norm.h"
#include "core/mechanisms/softmax.h"
#include "core/mechanisms/tables.h"

#include <math.h>

#define OWN_AXES "row: a word; column: a number of its own"

/* X W, for the matrices that make a word's own rows. */
static int record_own(struct recorder *r, int x, const char *name, enum role role, const char *title, const char *cols,
                      const struct step_spec *words)
{
    struct linear linear = {
        .w = {.name = name,
              .role = role,
              .title = title,
              .meaning = "Learned numbers: a row says what **one feature** of a word adds to the result.",
              .axes = MATRIX_AXES,
              .rows = x == NO_STEP ? "d_model" : recorded(r, x)->axis[AXIS_COL].name,
              .cols = cols}};
    return record_linear(r, x, &linear, words);
}

/* silu(x W): two steps. */
static int record_bent(struct recorder *r, int x, const char *name, enum role role, const char *title, const char *cols,
                       const char *before, const char *symbol_before, const struct step_spec *words)
{
    struct step_spec product = *words;
    product.name = before;
    product.symbol = symbol_before;
    product.title = "before it is bent";
    product.meaning = "Each word's row times the matrix: features become other numbers.";
    return record_op(r, words, OP_SILU, record_own(r, x, name, role, title, cols, &product));
}

static const struct step_spec scores_words = {
    .name = "scores",
    .symbol = "S",
    .stage = STAGE_SCORE,
    .title = "how well the words fit",
    .meaning =
        "Each cell is a row of one word times a row of another, number by number, added up: **large** where they "
        "agree.",
    .axes = PAIR_AXES,
};
static const struct step_spec masked_words = {
    .name = "masked",
    .symbol = "S_masked",
    .stage = STAGE_MASK,
    .title = "later words are blocked",
    .meaning = "Where the mask is 0 the score becomes **-∞**: its weight will be exactly 0.",
    .axes = PAIR_AXES,
};
static const struct step_spec context_words = {
    .name = "context",
    .symbol = "C",
    .stage = STAGE_AGGREGATE,
    .title = "what each word collects",
    .meaning = "The values of all words, each times its **weight** in this row, added up.",
    .axes = FOUND_AXES,
};

/* mask(Q K^T / number) */
static int record_scores(struct recorder *r, int q, int k, double number, const char *written, const char *meaning)
{
    struct step_spec smaller = {.name = "scaled",
                                .symbol = "S_scaled",
                                .stage = STAGE_SCALE,
                                .number = number,
                                .written = written,
                                .title = "scores made smaller",
                                .meaning = meaning,
                                .axes = PAIR_AXES};
    int scaled = record_op(r, &smaller, OP_DIVIDE, record_op(r, &scores_words, OP_MATMUL_T, q, k));
    if (!settings_is(r->settings, "causal", "true"))
        return scaled;
    return record_op(r, &masked_words, OP_MASK, scaled, record_causal(r, scaled));
}

static const struct step_spec asking_words = {
    .name = "U",
    .symbol = "U",
    .stage = STAGE_PROJECT,
    .role = ROLE_QUERY,
    .title = "what each word asks, keeps and lets pass",
    .meaning = "One row for **three** uses: it is compared with the others, it makes the gate, and it is what stays "
               "where the gate is shut.",
    .axes = OWN_AXES,
};
static const struct step_spec offering_words = {
    .name = "V",
    .symbol = "V",
    .stage = STAGE_PROJECT,
    .role = ROLE_VALUE,
    .title = "what each word offers and hands over",
    .meaning = "Offer and content are **the same** row here: what a word is found by is what it hands over.",
    .axes = OWN_AXES,
};
static const struct given base_given = {
    .name = "base",
    .title = "which numbers count how much",
    .meaning = "Learned numbers, one for each column of U.",
    .axes = "column: a number of each word; the same for all words",
    .rows = ALL_WORDS,
    .cols = "e",
};
static const struct step_spec weighed_words = {
    .name = "U_base",
    .symbol = "U_base",
    .stage = STAGE_SCORE,
    .role = ROLE_QUERY,
    .title = "what each word asks for",
    .meaning = "Each column of U times its number: what **counts more** in the comparison gets larger.",
    .axes = OWN_AXES,
};
static const struct step_spec gate_words = {
    .name = "gate",
    .symbol = "G",
    .stage = STAGE_GATE,
    .scale = SCALE_SHARE,
    .title = "how far each number is open",
    .meaning = "Between **0**, shut, and **1**, open: the word decides for itself, number by number.",
    .axes = OWN_AXES,
};
static const struct step_spec blended_words = {
    .name = "mixed",
    .symbol = "M",
    .stage = STAGE_GATE,
    .title = "what was found and what was there, mixed",
    .meaning = "Where the gate is open, what was **collected** passes; where it is shut, the word's **own** number "
               "stays.",
    .axes = FOUND_AXES,
};

/* softmax((U * base) V^T / e^(1/4)) V, mixed with U by the gate sigmoid(U). */
static int record_gated_softmax(struct recorder *r, int x, int memory)
{
    int u = record_own(r, x, "W_U", ROLE_QUERY, "how features become the word's own part", "e", &asking_words);
    int v = record_own(r, memory == NO_STEP ? x : memory, "W_V", ROLE_VALUE, "how features become contents", "e",
                       &offering_words);
    require_width(r, v, "W_V", u, "W_U (e)");
    int base = record_row(r, &base_given, u);
    int q = record_op(r, &weighed_words, OP_MULTIPLY, u, base);
    int scores = record_scores(r, q, v, pow((double)recorded_size(r, u, AXIS_COL), 0.25), "e^(1/4)",
                               "Divided by the root of the root of the width e: the longer the rows, the larger their "
                               "products can grow. The order within a row stays.");
    int context = record_op(r, &context_words, OP_MATMUL, record_shares(r, scores, 0), v);
    int gate = record_op(r, &gate_words, OP_SIGMOID, u);
    return record_op(r, &blended_words, OP_LERP, gate, context, u);
}

static const struct step_spec passing_words = {
    .name = "U",
    .symbol = "U",
    .stage = STAGE_PROJECT,
    .title = "what each word lets pass",
    .meaning = "Each number times its own sigmoid: large ones stay, those far below 0 **vanish**. This is the gate.",
    .axes = OWN_AXES,
};
static const struct step_spec giving_words = {
    .name = "V",
    .symbol = "V",
    .stage = STAGE_PROJECT,
    .role = ROLE_VALUE,
    .title = "what each word hands over",
    .meaning = "Each number times its own sigmoid: what the word gives to those who **look at it**.",
    .axes = OWN_AXES,
};
static const struct step_spec shared_words = {
    .name = "B",
    .symbol = "B",
    .stage = STAGE_PROJECT,
    .title = "what queries and keys are both made of",
    .meaning = "One short row for each word, **shared**: question and offer are made of the same numbers.",
    .axes = OWN_AXES,
};
static const struct step_spec positive_words = {
    .name = "positive",
    .symbol = "R",
    .stage = STAGE_NORMALISE,
    .title = "what is above 0",
    .meaning = "Scores below 0 become **0**: who does not fit is not looked at, at all.",
    .axes = PAIR_AXES,
};
static const struct step_spec squares_words = {
    .name = "weights",
    .symbol = "A",
    .stage = STAGE_NORMALISE,
    .title = "how much each word looks at each word",
    .meaning = "Each cell times **itself**: large scores stand out. These are no shares; a row may sum to anything.",
    .axes = PAIR_AXES,
};
static const struct step_spec passed_words = {
    .name = "mixed",
    .symbol = "M",
    .stage = STAGE_GATE,
    .title = "what was collected, through the gate",
    .meaning = "Number by number: what was collected times what the word **lets pass**.",
    .axes = FOUND_AXES,
};

/* Q or K: B * gamma + beta. */
static int record_side(struct recorder *r, int base, const char *gamma, const char *beta, const char *name,
                       enum role role)
{
    struct step_spec side = {.name = name,
                             .symbol = name,
                             .stage = STAGE_PROJECT,
                             .role = role,
                             .title = role == ROLE_QUERY ? "what each word asks for" : "what each word offers",
                             .meaning = "The shared row, each column **stretched and shifted**: two numbers for each "
                                        "column, not a whole matrix.",
                             .axes = OWN_AXES};
    return record_affine(r, base, gamma, beta, &side);
}

/* relu(Q K^T / n)^2 V, times U (Hua et al. 2022, equation 5). */
static int record_squared_relu(struct recorder *r, int x)
{
    int u =
        record_bent(r, x, "W_U", ROLE_NONE, "how features become the gate", "e", "U_projected", "U_0", &passing_words);
    int v =
        record_bent(r, x, "W_V", ROLE_VALUE, "how features become contents", "e", "V_projected", "V_0", &giving_words);
    require_width(r, v, "W_V", u, "W_U (e)");
    int b = record_bent(r, x, "W_Z", ROLE_NONE, "how features become what is compared", "s", "B_projected", "B_0",
                        &shared_words);
    int q = record_side(r, b, "gamma_Q", "beta_Q", "Q", ROLE_QUERY);
    int k = record_side(r, b, "gamma_K", "beta_K", "K", ROLE_KEY);
    int scores = record_scores(r, q, k, (double)recorded_size(r, x, AXIS_ROW), "n",
                               "Divided by the **number of words**: nothing here makes a row sum to 1, so longer texts "
                               "would give larger sums.");
    int positive = record_op(r, &positive_words, OP_RELU, scores);
    int weights = record_op(r, &squares_words, OP_MULTIPLY, positive, positive);
    int context = record_op(r, &context_words, OP_MATMUL, weights, v);
    return record_op(r, &passed_words, OP_MULTIPLY, u, context);
}

static const struct linear output_linear = {
    .w = {.name = "W_O",
          .title = "how the result is mixed",
          .meaning = "Learned numbers: a row says what **one column** adds to the result.",
          .axes = "row: what passed the gate; column: a feature of the result",
          .rows = "e",
          .cols = "d_out"},
};
static const struct step_spec output_words = {
    .name = "output",
    .symbol = "Y",
    .stage = STAGE_OUTPUT,
    .title = "each word after looking around",
    .meaning = "W_O turns what passed the gate into one row of **features** for each word.",
    .axes = "row: the word that looked; column: a feature of the result",
};

static void gau_record(struct recorder *r)
{
    bool squared = settings_is(r->settings, "form", "squared_relu");
    static const char *const of_squared[] = {"W_Z", "gamma_Q", "beta_Q", "gamma_K", "beta_K"};
    for (size_t i = 0; i < COUNT_OF(of_squared); i++)
        require_if(r, squared, of_squared[i], i == 0 ? "[d_model, s]" : "[s]", "form=squared_relu");
    require_if(r, !squared, "base", "[e]", "form=gated_softmax");
    if (squared && record_has(r, "memory"))
        record_error(r, qkv_errf(QKV_ERR_DOMAIN, "memory: only form=gated_softmax uses it"));
    struct sequence looked_at = words_looked_at;
    looked_at.meaning = "A second sequence: what is looked at comes from **this one**.";
    int x = record_sequence(r, &words_that_look), memory = record_sequence(r, &looked_at);
    int mixed = squared ? record_squared_relu(r, x) : record_gated_softmax(r, x, memory);
    record_linear(r, mixed, &output_linear, &output_words);
}

static const struct setting_info settings[] = {
    SETTING_ONE_OF(
        "form",
        "gated_softmax: softmax weights and a gate that mixes; squared_relu: squared scores above 0, times a "
        "gate",
        "gated_softmax", "squared_relu"),
    SETTING_SWITCH("causal", "true: nobody looks ahead"),
};

static const struct tensor_info inputs[] = {
    {"X", "[n, d_model]", false, "always"},
    {"memory", "[m, d_memory]", true, "optional, form=gated_softmax: V comes from it; otherwise from X"},
    {"W_U", "[d_model, e]", false, "always"},
    {"W_V", "[d_memory, e]", false, "always"},
    {"base", "[e]", true, "form=gated_softmax"},
    {"W_Z", "[d_model, s]", true, "form=squared_relu"},
    {"gamma_Q", "[s]", true, "form=squared_relu"},
    {"beta_Q", "[s]", true, "form=squared_relu"},
    {"gamma_K", "[s]", true, "form=squared_relu"},
    {"beta_K", "[s]", true, "form=squared_relu"},
    {"W_O", "[e, d_out]", false, "always"},
};

static const struct tensor_info outputs[] = {
    {"U", "[1, n, e]", false, "always"},
    {"V", "[1, m, e]", false, "always"},
    {"B", "[1, n, s]", true, "form=squared_relu"},
    {"Q", "[1, n, s]", true, "form=squared_relu"},
    {"K", "[1, n, s]", true, "form=squared_relu"},
    {"scores", "[1, n, m]", false, "always: before they are scaled"},
    {"scaled", "[1, n, m]", false, "always"},
    {"masked", "[1, n, m]", true, "causal=true; blocked cells are -inf"},
    {"weights", "[1, n, m]", false, "always"},
    {"context", "[1, n, e]", false, "always"},
    {"gate", "[1, n, e]", true, "form=gated_softmax"},
    {"mixed", "[1, n, e]", false, "always"},
    {"output", "[1, n, d_out]", false, "always"},
};

static const struct formula_part formula[] = {
    {STAGE_GATE, "(U * "}, {STAGE_AGGREGATE, "A V"}, {STAGE_GATE, ")"}, {STAGE_OUTPUT, " W_O"}, {STAGE_INPUT, NULL},
};

static const enum stage stages[] = {STAGE_EMBED,     STAGE_PROJECT,   STAGE_SCORE, STAGE_SCALE, STAGE_MASK,
                                    STAGE_NORMALISE, STAGE_AGGREGATE, STAGE_GATE,  STAGE_OUTPUT};

const struct mechanism mechanism_gau = {
    .name = "gau",
    .summary = "the gated attention unit: one head, and a gate that says what of its result passes",
    .source = "Hua et al. 2022, Transformer Quality in Linear Time",
    .record = gau_record,
    .formula = formula,
    MECHANISM_TABLE(settings),
    MECHANISM_TABLE(inputs),
    MECHANISM_TABLE(outputs),
    MECHANISM_TABLE(stages),
};
