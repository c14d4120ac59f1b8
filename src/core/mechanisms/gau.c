/* gau.c: attention and a gate in one unit. U says what each word lets pass, V what it hands over. */
#include "core/mechanisms/gau.h"

#include "core/mechanisms/ends.h"
#include "core/mechanisms/parts.h"
#include "core/mechanisms/softmax.h"

#include <math.h>

static const char word_axes[] = "row: a word; column: a number of its own";
static const char pair_axes[] = "row: the word that looks; column: the word looked at";
static const char found_axes[] = "row: the word that looked; column: what was handed to it";

static struct given weights_given(const char *name, enum role role, const char *title, const char *rows,
                                  const char *shape)
{
    return (struct given){.name = name,
                          .role = role,
                          .title = title,
                          .meaning = "Learned numbers: a row says what **one feature** of a word adds to the result.",
                          .axes = "row: a feature; column: a number of the result",
                          .rows = rows,
                          .cols = "e",
                          .shape = shape};
}

/* silu(x W): two steps. */
static int record_bent(struct recorder *r, int x, struct given w, const char *before, const char *symbol_before,
                       struct step_spec spec)
{
    struct step_spec product = spec;
    product.name = before;
    product.symbol = symbol_before;
    product.title = "before it is bent";
    product.meaning = "Each word's row times the matrix: features become other numbers.";
    struct linear linear = {.w = w};
    spec.op = OP_SILU;
    spec.in[0] = record_linear(r, x, &linear, product);
    return record_step(r, spec);
}

static int record_product(struct recorder *r, int left, int right)
{
    return record_step(r,
                       (struct step_spec){.name = "scores",
                                          .symbol = "S",
                                          .stage = STAGE_SCORE,
                                          .op = OP_MATMUL_T,
                                          .in = {left, right},
                                          .title = "how well the words fit",
                                          .meaning = "Each cell is a row of one word times a row of another, number by "
                                                     "number, added up: **large** where they agree.",
                                          .axes = pair_axes});
}

static int record_scaled(struct recorder *r, int scores, double number, const char *written, const char *meaning)
{
    return record_step(r, (struct step_spec){.name = "scaled",
                                             .symbol = "S_scaled",
                                             .stage = STAGE_SCALE,
                                             .op = OP_DIVIDE,
                                             .in = {scores},
                                             .number = number,
                                             .written = written,
                                             .title = "scores made smaller",
                                             .meaning = meaning,
                                             .axes = pair_axes});
}

static int record_blocked(struct recorder *r, int scores)
{
    if (!settings_is(r->settings, "causal", "true"))
        return scores;
    return record_step(r, (struct step_spec){.name = "masked",
                                             .symbol = "S_masked",
                                             .stage = STAGE_MASK,
                                             .op = OP_MASK,
                                             .in = {scores, record_causal(r, scores)},
                                             .title = "later words are blocked",
                                             .meaning =
                                                 "Where the mask is 0 the score becomes **-∞**: its weight will be "
                                                 "exactly 0.",
                                             .axes = pair_axes});
}

static int record_context(struct recorder *r, int weights, int values)
{
    return record_step(r,
                       (struct step_spec){.name = "context",
                                          .symbol = "C",
                                          .stage = STAGE_AGGREGATE,
                                          .op = OP_MATMUL,
                                          .in = {weights, values},
                                          .title = "what each word collects",
                                          .meaning = "The values of all words, each times its **weight** in this row, "
                                                     "added up.",
                                          .axes = found_axes});
}

static void record_result(struct recorder *r, int mixed)
{
    struct linear linear = {.w = {.name = "W_O",
                                  .title = "how the result is mixed",
                                  .meaning = "Learned numbers: a row says what **one column** adds to the result.",
                                  .axes = "row: what passed the gate; column: a feature of the result",
                                  .rows = "e",
                                  .cols = "d_out",
                                  .shape = "[e, d_out]"}};
    record_linear(r, mixed, &linear,
                  (struct step_spec){.name = "output",
                                     .symbol = "Y",
                                     .stage = STAGE_OUTPUT,
                                     .title = "each word after looking around",
                                     .meaning = "W_O turns what passed the gate into one row of **features** for each "
                                                "word.",
                                     .axes = "row: the word that looked; column: a feature of the result"});
}

/* U and V must be as wide as each other: they are multiplied number by number. */
static void require_equal_width(struct recorder *r, int u, int v)
{
    size_t wide = recorded_size(r, u, AXIS_COL), found = recorded_size(r, v, AXIS_COL);
    if (!r->err.code && wide != found)
        record_error(r, qkv_errf(QKV_ERR_SHAPE, "W_V: its %zu columns must be the %zu of W_U (e)", found, wide));
}

/* softmax((U * base) V^T / e^(1/4)) V, mixed with U by the gate sigmoid(U). */
static int record_gated_softmax(struct recorder *r, int x, int memory)
{
    struct linear to_u = {
        .w = weights_given("W_U", ROLE_QUERY, "how features become the word's own part", "d_model", "[d_model, e]")};
    int u =
        record_linear(r, x, &to_u,
                      (struct step_spec){.name = "U",
                                         .symbol = "U",
                                         .stage = STAGE_PROJECT,
                                         .role = ROLE_QUERY,
                                         .title = "what each word asks, keeps and lets pass",
                                         .meaning = "One row for **three** uses: it is compared with the others, it "
                                                    "makes the gate, and it is what stays where the gate is shut.",
                                         .axes = word_axes});
    struct linear to_v = {.w = weights_given("W_V", ROLE_VALUE, "how features become contents",
                                             memory == NO_STEP ? "d_model" : "d_memory",
                                             memory == NO_STEP ? "[d_model, e]" : "[d_memory, e]")};
    int v =
        record_linear(r, memory == NO_STEP ? x : memory, &to_v,
                      (struct step_spec){.name = "V",
                                         .symbol = "V",
                                         .stage = STAGE_PROJECT,
                                         .role = ROLE_VALUE,
                                         .title = "what each word offers and hands over",
                                         .meaning = "Offer and content are **the same** row here: what a word is found "
                                                    "by is what it hands over.",
                                         .axes = word_axes});
    require_equal_width(r, u, v);
    static const struct given base = {.name = "base",
                                      .title = "which numbers count how much",
                                      .meaning = "Learned numbers, one for each column of U.",
                                      .axes = "column: a number of each word; the same for all words",
                                      .rows = "all words",
                                      .cols = "e",
                                      .shape = "[e]"};
    int given = r->err.code ? NO_STEP : record_row(r, &base, u);
    int asked =
        record_step(r, (struct step_spec){.name = "U_base",
                                          .symbol = "U_base",
                                          .stage = STAGE_SCORE,
                                          .role = ROLE_QUERY,
                                          .op = OP_MULTIPLY,
                                          .in = {u, given},
                                          .title = "what each word asks for",
                                          .meaning = "Each column of U times its number: what **counts more** in "
                                                     "the comparison gets larger.",
                                          .axes = word_axes});
    int scores = record_product(r, asked, v);
    double root = pow((double)recorded_size(r, u, AXIS_COL), 0.25);
    int scaled = record_scaled(r, scores, root, "e^(1/4)",
                               "Divided by the root of the root of the width e: the longer the rows, the larger their "
                               "products can grow. The order within a row stays.");
    int weights = record_shares(r, record_blocked(r, scaled), 0);
    int context = record_context(r, weights, v);
    int gate =
        record_step(r, (struct step_spec){.name = "gate",
                                          .symbol = "G",
                                          .stage = STAGE_GATE,
                                          .scale = SCALE_SHARE,
                                          .op = OP_SIGMOID,
                                          .in = {u},
                                          .title = "how far each number is open",
                                          .meaning = "Between **0**, shut, and **1**, open: the word decides for "
                                                     "itself, number by number.",
                                          .axes = word_axes});
    return record_step(r, (struct step_spec){.name = "mixed",
                                             .symbol = "M",
                                             .stage = STAGE_GATE,
                                             .op = OP_BLEND,
                                             .in = {gate, context, u},
                                             .title = "what was found and what was there, mixed",
                                             .meaning =
                                                 "Where the gate is open, what was **collected** passes; where it is "
                                                 "shut, the word's **own** number stays.",
                                             .axes = found_axes});
}

static int record_side(struct recorder *r, int base, const char *gamma, const char *beta, const char *name,
                       enum role role)
{
    return record_affine(
        r, base, gamma, beta,
        (struct step_spec){.name = name,
                           .symbol = name,
                           .stage = STAGE_PROJECT,
                           .role = role,
                           .title = role == ROLE_QUERY ? "what each word asks for" : "what each word offers",
                           .meaning = "The shared row, each column **stretched and shifted**: two numbers "
                                      "for each column, not a whole matrix.",
                           .axes = word_axes});
}

/* relu(Q K^T / n)^2 V, times U (Hua et al. 2022, equation 5). */
static int record_squared_relu(struct recorder *r, int x)
{
    int u =
        record_bent(r, x, weights_given("W_U", ROLE_NONE, "how features become the gate", "d_model", "[d_model, e]"),
                    "U_projected", "U_0",
                    (struct step_spec){.name = "U",
                                       .symbol = "U",
                                       .stage = STAGE_PROJECT,
                                       .title = "what each word lets pass",
                                       .meaning = "Each number times its own sigmoid: large ones stay, those far below "
                                                  "0 **vanish**. This is the gate.",
                                       .axes = word_axes});
    int v =
        record_bent(r, x, weights_given("W_V", ROLE_VALUE, "how features become contents", "d_model", "[d_model, e]"),
                    "V_projected", "V_0",
                    (struct step_spec){.name = "V",
                                       .symbol = "V",
                                       .stage = STAGE_PROJECT,
                                       .role = ROLE_VALUE,
                                       .title = "what each word hands over",
                                       .meaning = "Each number times its own sigmoid: what the word gives to those who "
                                                  "**look at it**.",
                                       .axes = word_axes});
    require_equal_width(r, u, v);
    struct given w_z =
        weights_given("W_Z", ROLE_NONE, "how features become what is compared", "d_model", "[d_model, s]");
    w_z.cols = "s";
    int base =
        record_bent(r, x, w_z, "B_projected", "B_0",
                    (struct step_spec){.name = "B",
                                       .symbol = "B",
                                       .stage = STAGE_PROJECT,
                                       .title = "what queries and keys are both made of",
                                       .meaning = "One short row for each word, **shared**: question and offer are "
                                                  "made of the same numbers.",
                                       .axes = word_axes});
    int q = record_side(r, base, "gamma_Q", "beta_Q", "Q", ROLE_QUERY);
    int k = record_side(r, base, "gamma_K", "beta_K", "K", ROLE_KEY);
    int scores = record_product(r, q, k);
    int scaled = record_scaled(r, scores, (double)recorded_size(r, x, AXIS_ROW), "n",
                               "Divided by the **number of words**: nothing here makes a row sum to 1, so longer texts "
                               "would give larger sums.");
    int positive = record_step(r, (struct step_spec){.name = "positive",
                                                     .symbol = "R",
                                                     .stage = STAGE_NORMALISE,
                                                     .op = OP_RELU,
                                                     .in = {record_blocked(r, scaled)},
                                                     .title = "what is above 0",
                                                     .meaning = "Scores below 0 become **0**: who does not fit is not "
                                                                "looked at, at all.",
                                                     .axes = pair_axes});
    int weights =
        record_step(r, (struct step_spec){.name = "weights",
                                          .symbol = "A",
                                          .stage = STAGE_NORMALISE,
                                          .op = OP_MULTIPLY,
                                          .in = {positive, positive},
                                          .title = "how much each word looks at each word",
                                          .meaning = "Each cell times **itself**: large scores stand out. These are "
                                                     "no shares; a row may sum to anything.",
                                          .axes = pair_axes});
    int context = record_context(r, weights, v);
    return record_step(r,
                       (struct step_spec){.name = "mixed",
                                          .symbol = "M",
                                          .stage = STAGE_GATE,
                                          .op = OP_MULTIPLY,
                                          .in = {u, context},
                                          .title = "what was collected, through the gate",
                                          .meaning = "Number by number: what was collected times what the word **lets "
                                                     "pass**.",
                                          .axes = found_axes});
}

static struct qkv_err gau_record(struct tape *tape, const struct settings *settings, struct named_tensors *inputs)
{
    struct recorder rec = {.tape = tape, .settings = settings, .inputs = inputs}, *r = &rec;
    bool squared = settings_is(settings, "form", "squared_relu");
    static const char *const of_squared[] = {"W_Z", "gamma_Q", "beta_Q", "gamma_K", "beta_K"};
    for (size_t i = 0; i < COUNT_OF(of_squared); i++)
        require_if(r, squared, of_squared[i], i == 0 ? "[d_model, s]" : "[s]", "form=squared_relu");
    require_if(r, !squared, "base", "[e]", "form=gated_softmax");
    if (squared && record_has(r, "memory"))
        record_error(r, qkv_errf(QKV_ERR_DOMAIN, "memory: only form=gated_softmax uses it"));
    if (r->err.code)
        return r->err;
    int x = ends_words(r, "X", "X", "the words as numbers",
                       "One row for each word. Every column is a **feature**: read along a row to see what the word is "
                       "made of.",
                       "d_model", "[n, d_model]");
    int memory = NO_STEP;
    if (record_has(r, "memory"))
        memory =
            ends_words(r, "memory", "X_memory", "the words that are looked at",
                       "A second sequence: what is looked at comes from **this one**.", "d_memory", "[m, d_memory]");
    int mixed = squared ? record_squared_relu(r, x) : record_gated_softmax(r, x, memory);
    record_result(r, mixed);
    return r->err;
}

static const struct setting_info settings[] = {
    {.name = "form",
     .kind = SETTING_CHOICE,
     .initial = "gated_softmax",
     .choices = (const char *const[]){"gated_softmax", "squared_relu", NULL},
     .meaning =
         "gated_softmax: softmax weights and a gate that mixes; squared_relu: squared scores above 0, times a gate"},
    {.name = "causal",
     .kind = SETTING_CHOICE,
     .initial = "false",
     .choices = (const char *const[]){"false", "true", NULL},
     .meaning = "true: nobody looks ahead"},
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
    .formula = formula,
    .settings = settings,
    .n_settings = COUNT_OF(settings),
    .inputs = inputs,
    .n_inputs = COUNT_OF(inputs),
    .outputs = outputs,
    .n_outputs = COUNT_OF(outputs),
    .record = gau_record,
    .stages = stages,
    .n_stages = COUNT_OF(stages),
};
