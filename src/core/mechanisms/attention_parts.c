#include "core/mechanisms/attention_parts.h"

#include <string.h>

/* "S_scaled" becomes "S_(scaled,2)": one subscript; "K_(1..)", what there is up to this part, "K_(1..4)". */
static const char *part_symbol(struct attention *a, const struct part *p, const char *symbol)
{
    const char *below = strchr(symbol, '_'), *open_range = strstr(symbol, "..)");
    size_t number = p->number;
    if (open_range)
        return tape_text(a->r->tape, "%.*s..%zu)", (int)(open_range - symbol), symbol, p->row + p->rows);
    if (!below)
        return tape_text(a->r->tape, "%s_%zu", symbol, number);
    return tape_text(a->r->tape, "%.*s_(%s,%zu)", (int)(below - symbol), symbol, below + 1, number);
}

int record_part_equation(struct attention *a, const struct part *p, const struct step_spec *step, enum op op,
                         const int operands[OP_INPUTS_MAX])
{
    struct step_spec spec = *step;
    if (p->what && !a->r->err.code) {
        spec = step_called(step, tape_text(a->r->tape, "%s_%s_%zu", step->name, p->what, p->number),
                           part_symbol(a, p, step->symbol));
        spec.part = p->what;
        spec.part_number = p->number;
        if (!spec.name || !spec.symbol)
            record_error(a->r, qkv_nomem("the name of a step"));
    }
    if (a->over_columns)
        spec.variant = "over_columns";
    return record_equation(a->r, &spec, 0, op, operands);
}

int record_rows(struct attention *a, const struct part *p, int step, size_t first, size_t n,
                const struct step_spec *rows)
{
    if (a->r->err.code || (first == 0 && n == recorded_size(a->r, step, AXIS_ROW)))
        return step;
    struct step_spec spec = *rows;
    spec.number = (double)first;
    spec.second = (double)n;
    return record_part(a, p, &spec, OP_ROWS, step);
}

/* The mistake: [n, heads*d] read as n planes of heads, with no number moved to its head. */
static int record_heads_not_words(struct attention *a, const struct projection *projection, int whole)
{
    return record_op(a->r,
                     STEP(projection->split, projection->split_symbol, STAGE_PROJECT, .role = projection->role,
                          .mistake = true, .number = (double)recorded_size(a->r, whole, AXIS_ROW),
                          .second = (double)a->heads, .formula = projection->split_as_rows),
                     OP_VIEW, whole);
}

/* Head i has the columns i*d .. (i+1)*d - 1 of a projection. */
int split_heads(struct attention *a, const struct projection *projection, int whole, size_t heads)
{
    if (is_set(a, "mistake", "heads_not_words"))
        return record_heads_not_words(a, projection, whole);
    return record_split_heads(a->r, projection, whole, heads, a->heads);
}

/* C = the heads side by side. */
int concat_heads(struct attention *a, int heads)
{
    bool mixed_up = is_set(a, "mistake", "concat_without_transpose");
    if (!mixed_up && !is_set(a, "mistake", "heads_not_words"))
        return record_concat(a->r, heads);
    return record_op(a->r,
                     STEP("concat", "C", STAGE_CONCAT, .number = 1, .second = (double)a->n_words, .mistake = mixed_up,
                          .formula = "reshape({0}, n, h d_v)"),
                     OP_VIEW, heads);
}
