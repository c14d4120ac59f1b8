#include "core/mechanisms/mask.h"

#include "core/random.h"

/* The patterns of the setting (Zaheer et al. 2020, "Big Bird", section 2): window, global and random are united, then
 * the causal mask is intersected with the result. */
struct pattern {
    const char *setting; /* "window" */
    void (*fill)(struct tensor *t, const double numbers[2]);
    const char *name, *symbol, *title, *meaning;
};

static void fill_causal(struct tensor *t, const double numbers[2])
{
    (void)numbers;
    for (size_t i = 0; i < t->axis[AXIS_ROW].size; i++)
        for (size_t j = 0; j < t->axis[AXIS_COL].size; j++)
            *tensor_at(t, 0, i, j) = j <= i;
}

static void fill_window(struct tensor *t, const double numbers[2])
{
    for (size_t i = 0; i < t->axis[AXIS_ROW].size; i++)
        for (size_t j = 0; j < t->axis[AXIS_COL].size; j++)
            *tensor_at(t, 0, i, j) = (double)(i > j ? i - j : j - i) <= numbers[0];
}

static void fill_global(struct tensor *t, const double numbers[2])
{
    for (size_t i = 0; i < t->axis[AXIS_ROW].size; i++)
        for (size_t j = 0; j < t->axis[AXIS_COL].size; j++)
            *tensor_at(t, 0, i, j) = (double)i < numbers[0] || (double)j < numbers[0];
}

/* R different columns for each row: Floyd's way (1987), whose set is the row itself. */
static void fill_random(struct tensor *t, const double numbers[2])
{
    struct random random = {.state = (uint64_t)numbers[1]};
    size_t cols = t->axis[AXIS_COL].size, wanted = numbers[0] < (double)cols ? (size_t)numbers[0] : cols;
    for (size_t i = 0; i < t->axis[AXIS_ROW].size; i++)
        for (size_t last = cols - wanted; last < cols; last++) {
            size_t j = random_below(&random, last + 1);
            *tensor_at(t, 0, i, *tensor_at(t, 0, i, j) != 0 ? last : j) = 1;
        }
}

static const struct pattern causal_pattern = {
    .setting = "causal",
    .fill = fill_causal,
    .name = "causal_mask",
    .symbol = "M_causal",
    .title = "no word may look ahead",
    .meaning = "**1 keeps, 0 blocks.** A word may look at itself and at the words before it, never at a "
               "later one: the ones fill the lower left triangle.",
};

static const struct pattern united[] = {
    {.setting = "window",
     .fill = fill_window,
     .name = "window_mask",
     .symbol = "M_window",
     .title = "only the neighbourhood may be looked at",
     .meaning = "**1 keeps, 0 blocks.** Each word may look at the words near it, on both sides: a band along the "
                "diagonal, whatever the length."},
    {.setting = "global",
     .fill = fill_global,
     .name = "global_mask",
     .symbol = "M_global",
     .title = "some words see all and are seen by all",
     .meaning = "**1 keeps, 0 blocks.** The first words look at all words, and all words look at them: full rows and "
                "full columns. Through them, any word reaches any other in two steps."},
    {.setting = "random",
     .fill = fill_random,
     .name = "random_mask",
     .symbol = "M_random",
     .title = "a few words by chance",
     .meaning = "**1 keeps, 0 blocks.** Each word may look at a few others drawn by chance; the seed says which. "
                "They are short cuts through a long text."},
};

static int record_one_pattern(struct recorder *r, const struct pattern *p, const struct axis *rows,
                              const struct axis *cols)
{
    double numbers[2] = {0};
    if (r->err.code || !settings_list_has(r->settings, "mask", p->setting, numbers))
        return NO_STEP;
    struct tensor t = {0};
    record_error(r, tensor_init(&t, (struct axis[AXES]){axis_numbered(1, "heads"), *rows, *cols}));
    if (t.v)
        p->fill(&t, numbers);
    struct step_spec spec = {.name = p->name,
                             .symbol = p->symbol,
                             .stage = STAGE_INPUT,
                             .scale = SCALE_MASK,
                             .op = OP_INPUT,
                             .title = p->title,
                             .meaning = p->meaning,
                             .axes = PAIR_AXES};
    return record_made(r, spec, &t);
}

int record_causal(struct recorder *r, int scores)
{
    if (r->err.code)
        return NO_STEP;
    const struct axis *axis = recorded(r, scores)->axis;
    struct tensor t = {0};
    record_error(r, tensor_init(&t, (struct axis[AXES]){axis_numbered(1, "heads"), axis[AXIS_ROW], axis[AXIS_COL]}));
    if (t.v)
        fill_causal(&t, NULL);
    return record_made(r,
                       (struct step_spec){.name = causal_pattern.name,
                                          .symbol = causal_pattern.symbol,
                                          .stage = STAGE_INPUT,
                                          .scale = SCALE_SHARE,
                                          .title = causal_pattern.title,
                                          .meaning = "**1 keeps, 0 blocks.** A word may look at itself and at the "
                                                     "words before it, never at a later one.",
                                          .axes = PAIR_AXES},
                       &t);
}

static int record_joined(struct recorder *r, enum op op, int left, int right, const char *name, const char *symbol)
{
    if (r->err.code || left == NO_STEP || right == NO_STEP)
        return left == NO_STEP ? right : left;
    bool both = op == OP_MULTIPLY;
    return record_step(r, (struct step_spec){
                              .name = name,
                              .symbol = symbol,
                              .stage = STAGE_MASK,
                              .scale = SCALE_MASK,
                              .op = op,
                              .in = {left, right},
                              .title = both ? "both masks together" : "what one or the other opens",
                              .meaning = both ? "A cell stays open only where **both** masks have a 1."
                                              : "A cell is open where **either** mask has a 1: few cells of each row, "
                                                "however long the text.",
                              .axes = PAIR_AXES,
                          });
}

/* The union of the patterns; the second and the third union are told apart. */
static int record_united(struct recorder *r, const struct axis *rows, const struct axis *cols)
{
    int all = NO_STEP, unions = 0;
    for (size_t i = 0; i < sizeof united / sizeof united[0]; i++) {
        int one = record_one_pattern(r, &united[i], rows, cols);
        bool last = i + 1 == sizeof united / sizeof united[0] ||
                    !settings_list_has(r->settings, "mask", united[i + 1].setting, NULL);
        unions += all != NO_STEP && one != NO_STEP;
        all = record_joined(r, OP_LOGICAL_OR, all, one, last || unions > 1 ? "pattern_mask" : "near_mask",
                            last || unions > 1 ? "M_pattern" : "M_near");
    }
    return all;
}

static void require_zero_or_one(struct recorder *r, int mask)
{
    const struct tensor *t = recorded(r, mask);
    size_t rows = recorded_size(r, mask, AXIS_ROW), cols = recorded_size(r, mask, AXIS_COL);
    for (size_t i = 0; t && i < tensor_cells(t); i++)
        if (t->v[i] != 0 && t->v[i] != 1)
            record_error(r,
                         qkv_errf(QKV_ERR_DOMAIN, "mask: its cell [%zu, %zu, %zu] is %g; wanted 1 (keep) or 0 (block)",
                                  i / cols / rows, i / cols % rows, i % cols, t->v[i]));
}

static int record_given_mask(struct recorder *r, size_t heads, const struct axis *rows, const struct axis *cols)
{
    struct step_spec spec = {
        .name = "mask",
        .symbol = settings_is(r->settings, "mask", "none") ? "M" : "M_given",
        .stage = STAGE_INPUT,
        .scale = SCALE_MASK,
        .op = OP_INPUT,
        .title = "who may look at whom",
        .meaning =
            "**1 keeps, 0 blocks.** A 0 means that the word of this row may not look at the word of this column.",
        .axes = PAIR_AXES,
    };
    int mask = record_input(r, spec, rows->name, cols->name);
    if (mask == NO_STEP)
        return mask;
    struct tensor *t = &r->tape->steps[mask].value;
    char found[TENSOR_SHAPE_TEXT];
    size_t planes = t->axis[AXIS_HEAD].size;
    if ((planes != 1 && planes != heads) || t->axis[AXIS_ROW].size != rows->size ||
        t->axis[AXIS_COL].size != cols->size)
        record_error(r, qkv_errf(QKV_ERR_SHAPE, "mask: its shape %s must be [%zu, %zu] or [%zu, %zu, %zu]",
                                 tensor_shape_text(t, found), rows->size, cols->size, heads, rows->size, cols->size));
    require_zero_or_one(r, mask);
    if (r->err.code)
        return NO_STEP;
    t->axis[AXIS_ROW] = *rows;
    t->axis[AXIS_COL] = *cols;
    return mask;
}

int record_mask(struct recorder *r, size_t heads, const struct axis *rows, const struct axis *cols)
{
    /* The axes are copied: recording a step moves the tape's steps. */
    const struct axis row = *rows, col = *cols;
    int given = record_given_mask(r, heads, &row, &col);
    int pattern = record_united(r, &row, &col);
    int causal = record_one_pattern(r, &causal_pattern, &row, &col);
    bool all_three = given != NO_STEP && pattern != NO_STEP && causal != NO_STEP;
    pattern = record_joined(r, OP_MULTIPLY, pattern, causal, all_three ? "pattern_causal" : "keep",
                            all_three ? "M_(pattern,causal)" : "M");
    /* The given mask comes first: it may have a plane for each head. */
    return record_joined(r, OP_MULTIPLY, given, pattern, "keep", "M");
}
