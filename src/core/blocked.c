#include "core/blocked.h"

#include "core/op.h"

#include <math.h>

/* An operand that has a cell for each column of the result: not one number for a row of it. */
static bool has_its_columns(const struct tape *tape, const struct step *s, int operand)
{
    size_t cols = s->value.axis[AXIS_COL].size;
    return cols > 1 && tape->steps[s->spec.in[operand]].value.axis[AXIS_COL].size == cols;
}

bool tape_has_blocked(const struct tape *tape, int step)
{
    const struct step *s = &tape->steps[step];
    const struct op_info *op = op_table[s->spec.op];
    if (s->spec.scale == SCALE_MASK || op->blocks || s->spec.blocked_by)
        return true;
    if (s->spec.op == OP_INPUT || op->form != FORM_LINE)
        return false;
    for (int i = 0; i < op->n_inputs; i++)
        if (has_its_columns(tape, s, i) && tape_has_blocked(tape, s->spec.in[i]))
            return true;
    return false;
}

static bool is_blocked_operand(const struct tape *tape, const struct step *s, const struct cell *from, size_t c)
{
    return from->col == c && has_its_columns(tape, s, from->operand) &&
           tape_is_blocked(tape, s->spec.in[from->operand], from->head, from->row, from->col);
}

bool tape_is_blocked(const struct tape *tape, int step, size_t h, size_t r, size_t c)
{
    const struct step *s = &tape->steps[step];
    double value = *tensor_at(&s->value, h, r, c);
    if (isinf(value))
        return value < 0;
    if (s->spec.blocked_by)
        return *tensor_at(&tape->steps[s->spec.blocked_by - 1].value, h, r, c) == 0;
    if (value != 0 || s->spec.scale == SCALE_MASK || s->spec.op == OP_INPUT || !tape_has_blocked(tape, step))
        return value == 0 && s->spec.scale == SCALE_MASK;
    struct explanation e = {0};
    bool blocked = false, known = !tape_explain(tape, step, h, r, c, &e).code;
    for (int i = 0; known && e.n_terms == 1 && i < e.terms[0].n_cells; i++)
        blocked = blocked || is_blocked_operand(tape, s, &e.terms[0].cell[i], c);
    for (size_t i = 0; known && i < e.n_deciding; i++)
        blocked = blocked || (e.deciding[i].row == r && is_blocked_operand(tape, s, &e.deciding[i], c));
    explanation_finish(&e);
    return blocked;
}
