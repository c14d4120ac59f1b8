/* blocked_test.c: a cell that a mask has blocked stays blocked in what is made of it; another 0 is none. */
#include "support/check.h"

#include "core/blocked.h"

#include <string.h>

static int record(struct tape *tape, const char *name, enum op op, int left, int right)
{
    int step = -1;
    assert_ok(tape_record(tape, &(struct step_spec){.name = name, .op = op, .in = {left, right}}, &step));
    assert_ok(tape_run(tape, TAPE_ALL));
    return step;
}

static int input(struct tape *tape, const char *name, enum scale_kind scale, const double v[], size_t cols)
{
    struct tensor t;
    int step = -1;
    assert_ok(tensor_init_sizes(&t, 1, 3, cols));
    memcpy(t.v, v, 3 * cols * sizeof *v);
    assert_ok(tape_input(tape, &(struct step_spec){.name = name, .scale = scale}, &t, &step));
    return step;
}

/* Row 3 is blocked whole; the score of row 2 and column 1 is so low that its exponential is a true 0. */
static const double scores[] = {0, 1, 2, -2000, 5, 1, 1, 2, 3}, open[] = {1, 0, 1, 1, 1, 0, 0, 0, 0}, any[] = {1, 2, 3};

static void assert_blocked_as_the_mask(const struct tape *tape, int step)
{
    assert_true(tape_has_blocked(tape, step));
    for (size_t r = 0; r < 3; r++)
        for (size_t c = 0; c < 3; c++)
            if (tape_is_blocked(tape, step, 0, r, c) != (open[r * 3 + c] == 0))
                fail_msg("%s, row %zu, column %zu", tape->steps[step].spec.name, r + 1, c + 1);
}

TEST(a_blocked_cell_stays_blocked_up_to_the_weights)
{
    OWN(tape) tape = {0};
    int s = input(&tape, "S", SCALE_SIGNED, scores, 3), m = input(&tape, "M", SCALE_MASK, open, 3);
    int masked = record(&tape, "masked", OP_MASK, s, m), most = record(&tape, "m", OP_ROW_MAX, masked, 0);
    int e = record(&tape, "E", OP_EXP_SHIFTED, masked, most), z = record(&tape, "z", OP_ROW_SUM, e, 0);
    int a = record(&tape, "A", OP_DIVIDE_ROWS, e, z);
    const int steps[] = {m,
                         masked,
                         e,
                         a,
                         record(&tape, "hard", OP_ONE_HOT_ARGMAX, masked, 0),
                         record(&tape, "copy", OP_COPY, a, 0),
                         record(&tape, "after", OP_MULTIPLY, s, m)};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (i != 6 && i != 4)
            assert_blocked_as_the_mask(&tape, steps[i]);
    assert_true(tape.steps[a].value.v[3] == 0); /* a 0 that nobody blocked */
    /* A mask after the softmax: the zeros of the factor, not the 0 of S. */
    assert_true(tape_is_blocked(&tape, steps[6], 0, 0, 1) && !tape_is_blocked(&tape, steps[6], 0, 0, 0));
}

TEST(what_adds_up_rows_or_multiplies_matrices_is_not_blocked)
{
    OWN(tape) tape = {0};
    int s = input(&tape, "S", SCALE_SIGNED, scores, 3), m = input(&tape, "M", SCALE_MASK, open, 3);
    int v = input(&tape, "V", SCALE_SIGNED, any, 1);
    int masked = record(&tape, "masked", OP_MASK, s, m), most = record(&tape, "m", OP_ROW_MAX, masked, 0);
    int e = record(&tape, "E", OP_EXP_SHIFTED, masked, most);
    const int sums[] = {record(&tape, "z", OP_ROW_SUM, e, 0), record(&tape, "H", OP_MATMUL, e, v), s, v,
                        record(&tape, "square", OP_MATMUL, e, s)};
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        for (size_t r = 0; r < 3; r++)
            assert_false(tape_is_blocked(&tape, sums[i], 0, r, 0));
}
