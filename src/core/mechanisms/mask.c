#include "core/mechanisms/parts.h"

#include "core/random.h"

/* The patterns of the setting (Zaheer et al. 2020, "Big Bird", section 2): window, global and random are united, then
 * the causal mask is intersected with the result. */
struct pattern {
    const char *setting;                                        /* "window" */
    bool (*keeps)(size_t i, size_t j, const double numbers[2]); /* NULL: fill_random draws it */
    const char *name, *symbol;
    const char *formula; /* of the places i and j; {whole} is the first number; NULL: drawn, not computed */
};

static bool causal_keeps(size_t i, size_t j, UNUSED const double numbers[2])
{
    return j <= i;
}

static bool window_keeps(size_t i, size_t j, const double numbers[2])
{
    return (double)(i > j ? i - j : j - i) <= numbers[0];
}

static bool global_keeps(size_t i, size_t j, const double numbers[2])
{
    return (double)i < numbers[0] || (double)j < numbers[0];
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

static const struct pattern causal_pattern = {"causal", causal_keeps, "causal_mask", "M_causal",
                                              "{cell y}_ij = 1 if j <= i, else 0"};
static const struct pattern united[] = {
    {"window", window_keeps, "window_mask", "M_window", "{cell y}_ij = 1 if |i - j| <= {whole}, else 0"},
    {"global", global_keeps, "global_mask", "M_global", "{cell y}_ij = 1 if i <= {whole} or j <= {whole}, else 0"},
    {"random", NULL, "random_mask", "M_random", NULL},
};

static int record_pattern(struct recorder *r, const struct pattern *p, const struct step_spec *step,
                          const struct axis *rows, const struct axis *cols, const double numbers[2])
{
    struct tensor t = {0};
    record_error(r, tensor_init(&t, (struct axis[AXES]){axis_numbered(1, "heads"), *rows, *cols}));
    for (size_t i = 0; t.v && p->keeps && i < tensor_cells(&t); i++)
        t.v[i] = p->keeps(i / cols->size, i % cols->size, numbers);
    if (t.v && !p->keeps)
        fill_random(&t, numbers);
    return record_made(r, step, &t);
}

static int record_one_pattern(struct recorder *r, const struct pattern *p, const struct axis *rows,
                              const struct axis *cols)
{
    double numbers[2] = {0};
    if (r->err.code || !settings_list_has(r->settings, "mask", p->setting, numbers))
        return NO_STEP;
    return record_pattern(
        r, p, STEP(p->name, p->symbol, STAGE_INPUT, .scale = SCALE_MASK, .number = numbers[0], .formula = p->formula),
        rows, cols, numbers);
}

int record_causal(struct recorder *r, int scores)
{
    if (r->err.code)
        return NO_STEP;
    const struct axis rows = recorded(r, scores)->axis[AXIS_ROW], cols = recorded(r, scores)->axis[AXIS_COL];
    const struct pattern *p = &causal_pattern;
    return record_pattern(
        r, p, STEP(p->name, p->symbol, STAGE_INPUT, .scale = SCALE_SHARE, .variant = "factor", .formula = p->formula),
        &rows, &cols, NULL);
}

static int record_joined(struct recorder *r, enum op op, int left, int right, const char *name, const char *symbol)
{
    if (r->err.code || left == NO_STEP || right == NO_STEP)
        return left == NO_STEP ? right : left;
    return record_op(
        r,
        STEP(name, symbol, STAGE_MASK, .scale = SCALE_MASK, .words = op == OP_MULTIPLY ? "both_masks" : "either_mask"),
        op, left, right);
}

/* The union of the patterns; the second and the third union have different names. */
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
            refuse(r, QKV_ERR_DOMAIN, "mask: its cell [%zu, %zu, %zu] is %g; wanted 1 (keep) or 0 (block)",
                   i / cols / rows, i / cols % rows, i % cols, t->v[i]);
}

static int record_given_mask(struct recorder *r, size_t heads, const struct axis *rows, const struct axis *cols)
{
    const char *symbol = settings_is(r->settings, "mask", "none") ? "M" : "M_given";
    int mask = record_input(r, STEP("mask", symbol, STAGE_INPUT, .scale = SCALE_MASK), rows->name, cols->name);
    if (mask == NO_STEP)
        return mask;
    struct tensor *t = &r->tape->steps[mask].value;
    char found[TENSOR_SHAPE_TEXT];
    size_t planes = t->axis[AXIS_HEAD].size;
    if ((planes != 1 && planes != heads) || t->axis[AXIS_ROW].size != rows->size ||
        t->axis[AXIS_COL].size != cols->size)
        refuse(r, QKV_ERR_SHAPE, "mask: its shape %s must be [%zu, %zu] or [%zu, %zu, %zu]",
               tensor_shape_text(t, found), rows->size, cols->size, heads, rows->size, cols->size);
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
    int whole = record_joined(r, OP_MULTIPLY, given, pattern, "keep", "M");
    if (whole != NO_STEP)
        r->tape->steps[whole].spec.symbol = "M"; /* whatever it is made of */
    return whole;
}
