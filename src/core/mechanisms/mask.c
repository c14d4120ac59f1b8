#include "core/mechanisms/mask.h"

#include <string.h>

static const char axes_text[] = "row: the word that looks; column: the word looked at";

/* The patterns of the setting (Zaheer et al. 2020, "Big Bird", section 2): window and global are united, then the
 * causal mask is intersected with the result. */
struct pattern {
    bool causal, windowed, with_global;
    size_t window, global;
};

static struct pattern pattern_of(const struct settings *s)
{
    struct pattern p = {.causal = settings_list_has(s, "mask", "causal", NULL)};
    double numbers[2];
    if (settings_list_has(s, "mask", "window", numbers)) {
        p.windowed = true;
        p.window = (size_t)numbers[0];
    }
    if (settings_list_has(s, "mask", "global", numbers)) {
        p.with_global = true;
        p.global = (size_t)numbers[0];
    }
    return p;
}

static bool keeps(const struct pattern *p, size_t i, size_t j)
{
    bool open = !p->windowed && !p->with_global;
    size_t apart = i > j ? i - j : j - i;
    if (p->windowed && apart <= p->window)
        open = true;
    if (p->with_global && (i < p->global || j < p->global))
        open = true;
    return open && !(p->causal && j > i);
}

static int record_pattern(struct recorder *r, const struct axis *rows, const struct axis *cols)
{
    struct pattern p = pattern_of(r->settings);
    if (r->err.code || (!p.causal && !p.windowed && !p.with_global))
        return NO_STEP;
    struct tensor t = {0};
    record_error(r, tensor_init(&t, (struct axis[AXES]){axis_numbered(1, "heads"), *rows, *cols}));
    for (size_t i = 0; t.v && i < rows->size; i++)
        for (size_t j = 0; j < cols->size; j++)
            *tensor_at(&t, 0, i, j) = keeps(&p, i, j);
    bool only_causal = p.causal && !p.windowed && !p.with_global;
    struct step_spec spec = {
        .name = only_causal ? "causal_mask" : "pattern_mask",
        .symbol = only_causal ? "M_causal" : "M_pattern",
        .stage = STAGE_INPUT,
        .scale = SCALE_SHARE,
        .op = OP_INPUT,
        .title = only_causal ? "no word may look ahead" : "the pattern of words that may be looked at",
        .meaning = only_causal
                       ? "**1 keeps, 0 blocks.** A word may look at itself and at the words before it, never at a "
                         "later one: the ones fill the lower left triangle."
                       : "**1 keeps, 0 blocks.** The pattern says which words each word may look at; compare a row "
                         "with the row below it.",
        .axes = axes_text,
    };
    return record_made(r, spec, &t);
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

static int record_given(struct recorder *r, size_t heads, const struct axis *rows, const struct axis *cols)
{
    struct step_spec spec = {
        .name = "mask",
        .symbol = settings_is(r->settings, "mask", "none") ? "M" : "M_given",
        .stage = STAGE_INPUT,
        .scale = SCALE_SHARE,
        .op = OP_INPUT,
        .title = "who may look at whom",
        .meaning =
            "**1 keeps, 0 blocks.** A 0 means that the word of this row may not look at the word of this column.",
        .axes = axes_text,
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
    int given = record_given(r, heads, &row, &col);
    int pattern = record_pattern(r, &row, &col);
    if (given == NO_STEP || pattern == NO_STEP)
        return given == NO_STEP ? pattern : given;
    /* The given mask comes first: it may have a plane for each head. */
    return record_step(r, (struct step_spec){
                              .name = "keep",
                              .symbol = "M",
                              .stage = STAGE_MASK,
                              .scale = SCALE_SHARE,
                              .op = OP_MULTIPLY,
                              .in = {given, pattern},
                              .title = "both masks together",
                              .meaning = "A cell stays open only where **both** masks have a 1.",
                              .axes = axes_text,
                          });
}
