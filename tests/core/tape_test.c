/* tape_test.c: the tape keeps what was recorded, and refuses what it cannot keep. */
#include "core/explained.h"
#include "support/check.h"
#include "support/scratch.h"

#include "core/record_run.h"
#include "core/safetensors.h"

static const char *const row_labels[] = {"the", "cat"};
static const char *const col_labels[] = {"noun", "verb", "plural", "end"};

static void matrix(struct tensor *t, size_t rows, size_t cols, const double *v)
{
    assert_ok(tensor_init_sizes(t, 1, rows, cols));
    memcpy(t->v, v, rows * cols * sizeof *v);
}

static int input(struct tape *tape, const char *name, size_t rows, size_t cols, const double *v)
{
    struct tensor t;
    int step = -1;
    matrix(&t, rows, cols, v);
    assert_ok(tape_input(tape, &(struct step_spec){.name = name, .symbol = name}, &t, &step));
    assert_null(t.v);
    return step;
}

static void add_tensor(struct named_tensors *all, const char *name, size_t rows, size_t cols, const double *v)
{
    struct tensor t;
    matrix(&t, rows, cols, v);
    assert_ok(named_tensors_add(all, name, &t));
    assert_null(t.v);
}

static int record(struct tape *tape, const char *name, enum op op, int left, int right, double number)
{
    struct step_spec spec = {.name = name, .op = op, .in = {left, right}, .number = number};
    int step = -1;
    assert_ok(tape_record(tape, &spec, &step));
    assert_ok(tape_run(tape, TAPE_ALL));
    return step;
}

static const double one_to_eight[] = {1, 2, 3, 4, 5, 6, 7, 8};

TEST(a_recorded_step_is_computed_and_found_by_name)
{
    OWN(tape) tape = {0};
    int a = input(&tape, "A", 2, 2, one_to_eight), b = input(&tape, "B", 2, 2, one_to_eight + 4);
    int y = record(&tape, "Y", OP_MATMUL, a, b, 0);
    assert_int_equal(tape_find(&tape, "Y"), y);
    assert_int_equal(tape_find(&tape, "Z"), -1);
    const double want[] = {19, 22, 43, 50};
    for (size_t i = 0; i < 4; i++)
        assert_close(tape.steps[y].value.v[i], want[i], 0);
    struct op_cost cost = tape_cost(&tape, y);
    assert_close(cost.flops, 12, 0);
    assert_close(cost.read, 64, 0);
    assert_close(cost.written, 32, 0);
    assert_close(tape_cost(&tape, a).flops, 0, 0);
}

TEST(a_saved_tape_has_every_input_and_step)
{
    OWN(tape) tape = {0};
    int a = input(&tape, "A", 2, 2, one_to_eight), b = input(&tape, "B", 2, 2, one_to_eight + 4);
    int y = record(&tape, "Y", OP_MATMUL, a, b, 0);
    tape.steps[y].value.v[0] = -INFINITY; /* as a blocked score is */
    OWN(named_tensors) read = {0};
    assert_ok(tape_save(&tape, in_scratch("saved")));
    assert_ok(safetensors_read_any(in_scratch("saved"), &read));
    assert_int_equal(read.n, tape.n);
    for (size_t i = 0; i < tape.n; i++) {
        assert_string_equal(read.v[i].name, tape.steps[i].spec.name);
        for (size_t cell = 0; cell < 4; cell++)
            assert_close(read.v[i].tensor.v[cell], tape.steps[i].value.v[cell], 0);
    }
}

TEST(an_input_explains_itself)
{
    OWN(tape) tape = {0};
    int a = input(&tape, "A", 2, 2, one_to_eight);
    OWN(explanation) e = {0};
    assert_ok(tape_explain(&tape, a, 0, 1, 0, &e));
    struct op_call call = tape_call(&tape, a);
    assert_int_equal(e.n_terms, 1);
    assert_close(explanation_value(&e, call.in, -1), 3, 0);
}

TEST(a_failed_step_leaves_the_tape_as_it_was)
{
    OWN(tape) tape = {0};
    int a = input(&tape, "A", 2, 3, one_to_eight), b = input(&tape, "B", 2, 3, one_to_eight), y = 77;
    struct step_spec spec = {.name = "Y", .op = OP_MATMUL, .in = {a, b}};
    assert_error(tape_record(&tape, &spec, &y), QKV_ERR_SHAPE,
                 "Y, from A and B: [1, 2, 3] and [1, 2, 3]: the 3 columns of the left must match the 2 rows");
    spec.name = "A";
    spec.op = OP_MATMUL_T;
    assert_error(tape_record(&tape, &spec, &y), QKV_ERR_DOMAIN, "A: there is a step of that name already");
    assert_int_equal(tape.n, 2);
    assert_int_equal(y, 77);
}

TEST(an_input_with_nan_or_infinity_is_refused_and_stays_the_callers)
{
    const double bad[] = {NAN, INFINITY, -INFINITY};
    const char *message[] = {"A: its cell [0, 1, 2] is nan", "A: its cell [0, 1, 2] is inf",
                             "A: its cell [0, 1, 2] is -inf"};
    for (size_t i = 0; i < 3; i++) {
        OWN(tape) tape = {0};
        OWN(tensor) t;
        int step = 77;
        matrix(&t, 2, 4, one_to_eight);
        *tensor_at(&t, 0, 1, 2) = bad[i];
        assert_error(tape_input(&tape, &(struct step_spec){.name = "A"}, &t, &step), QKV_ERR_DOMAIN, message[i]);
        assert_non_null(t.v);
        assert_int_equal(tape.n, 0);
        assert_int_equal(step, 77);
    }
}

TEST(a_result_too_large_to_hold_is_an_error_not_an_infinity_or_nan)
{
    const struct {
        double a[2], b[2];
        const char *message;
    } rows[] = {{{1e200, 0}, {1e200, 0}, "Y, from A and B: the numbers grow too large"},
                {{-1e200, 0}, {1e200, 0}, "Y, from A and B: the numbers grow too large"},
                {{1e200, 1e200}, {1e200, -1e200}, "a cell is nan"}};
    for (size_t i = 0; i < 3; i++) {
        OWN(tape) tape = {0};
        int a = input(&tape, "A", 1, 2, rows[i].a), b = input(&tape, "B", 1, 2, rows[i].b);
        struct step_spec spec = {.name = "Y", .op = OP_MATMUL_T, .in = {a, b}};
        assert_ok(tape_record(&tape, &spec, NULL));
        assert_error(tape_run(&tape, TAPE_ALL), QKV_ERR_DOMAIN, rows[i].message);
    }
}

TEST(a_tape_that_would_grow_too_long_is_an_error)
{
    OWN(tape) tape = {0};
    const double numbers[] = {1, 2};
    int a = input(&tape, "A", 1, 2, numbers);
    struct step_spec spec = {.name = "Y", .op = OP_COPY, .in = {a}};
    tape.cells = TAPE_CELLS_MAX - 1;
    assert_error(tape_record(&tape, &spec, NULL), QKV_ERR_LIMIT,
                 "Y, from A: with its 2 cells all steps have more than 536870912");
    assert_int_equal(tape.n, 1);
    tape.cells = TAPE_CELLS_MAX - 2;
    assert_ok(tape_record(&tape, &spec, NULL));
}

TEST(gathered_rows_have_the_gradients_that_came_to_them_by_every_way)
{
    OWN(tape) tape = {0};
    OWN(named_tensors) seeds = {0}, grads = {0};
    int first = input(&tape, "first", 1, 2, one_to_eight), second = record(&tape, "second", OP_ADD, first, first, 0);
    struct step_spec all = {.name = "all", .op = OP_APPEND_ROWS, .in = {first, second}, .gathered = true};
    assert_ok(tape_record(&tape, &all, NULL));
    assert_ok(tape_run(&tape, TAPE_ALL));
    add_tensor(&seeds, "second", 1, 2, (double[]){3, 0});
    assert_ok(tape_backward(&tape, &seeds, &grads));
    const struct tensor *got = named_tensors_find(&grads, "d_all");
    assert_close(*tensor_at(got, 0, 0, 0), 6, 0); /* of the first row, through the second */
    assert_close(*tensor_at(got, 0, 0, 1), 0, 0);
    assert_close(*tensor_at(got, 0, 1, 0), 3, 0);
}

TEST(labels_follow_the_numbers_through_the_heads)
{
    OWN(tape) tape = {0};
    struct tensor x;
    int a = -1;
    matrix(&x, 2, 4, one_to_eight);
    x.axis[AXIS_ROW].labels = row_labels;
    x.axis[AXIS_COL].labels = col_labels;
    x.axis[AXIS_COL].name = "heads*d_k";
    assert_ok(tape_input(&tape, &(struct step_spec){.name = "A"}, &x, &a));
    int split = record(&tape, "split", OP_SPLIT_HEADS, a, 0, 2),
        both = record(&tape, "both", OP_MATMUL_T, split, split, 0);
    int concat = record(&tape, "concat", OP_CONCAT_HEADS, split, 0, 0);
    const struct axis *cols = &tape.steps[split].value.axis[AXIS_COL];
    assert_string_equal(cols->name, "d_k");
    assert_string_equal(axis_label(cols, 0, 1), "verb");
    assert_string_equal(axis_label(cols, 1, 0), "plural");
    assert_string_equal(axis_label(&tape.steps[both].value.axis[AXIS_COL], 1, 1), "cat");
    assert_string_equal(tape.steps[concat].value.axis[AXIS_COL].name, "heads*d_k");
    assert_string_equal(axis_label(&tape.steps[concat].value.axis[AXIS_COL], 0, 3), "end");
    assert_null(axis_label(&tape.steps[split].value.axis[AXIS_HEAD], 0, 0));
    /* The terms of head 2's products run along head 2's columns. */
    OWN(explanation) e = {0};
    assert_ok(tape_explain(&tape, both, 1, 0, 1, &e));
    assert_string_equal(axis_label(&e.along, 0, 1), "end");
}

TEST(a_gradient_for_what_is_not_there_is_an_error)
{
    OWN(tape) tape = {0};
    OWN(named_tensors) unknown = {0}, wide = {0}, got = {0};
    input(&tape, "A", 2, 2, one_to_eight);
    add_tensor(&unknown, "B", 2, 2, one_to_eight);
    assert_error(tape_backward(&tape, &unknown, &got), QKV_ERR_DOMAIN, "a gradient for 'B': there is no such step");
    add_tensor(&wide, "A", 2, 4, one_to_eight);
    assert_error(tape_backward(&tape, &wide, &got), QKV_ERR_SHAPE,
                 "the gradient for A: its shape [1, 2, 4] must be [1, 2, 2]");
    assert_null(got.v);
}

TEST(gradients_come_for_every_step_and_add_up_where_it_is_used_twice)
{
    OWN(tape) tape = {0};
    OWN(named_tensors) seeds = {0}, got = {0};
    int a = input(&tape, "A", 1, 2, one_to_eight);
    input(&tape, "unused", 1, 2, one_to_eight);
    record(&tape, "sum", OP_ADD, a, a, 0);
    add_tensor(&seeds, "sum", 1, 2, one_to_eight + 2);
    assert_ok(tape_backward(&tape, &seeds, &got));
    assert_int_equal(got.n, 3);
    assert_close(named_tensors_find(&got, "d_A")->v[1], 8, 0);
    assert_close(named_tensors_find(&got, "d_sum")->v[1], 4, 0);
    assert_close(named_tensors_find(&got, "d_unused")->v[1], 0, 0);
}

TEST(gradients_are_computed_again_in_the_memory_of_an_earlier_result)
{
    OWN(tape) tape = {0}, other = {0};
    OWN(named_tensors) seeds = {0}, got = {0};
    int a = input(&tape, "A", 2, 2, one_to_eight), b = input(&tape, "B", 2, 2, one_to_eight + 4);
    input(&tape, "unused", 1, 2, one_to_eight);
    record(&tape, "product", OP_MATMUL, a, b, 0);
    assert_ok(tape_run(&tape, TAPE_ALL));
    add_tensor(&seeds, "product", 2, 2, one_to_eight);
    assert_ok(tape_backward(&tape, &seeds, &got));
    double first = named_tensors_find(&got, "d_A")->v[0], *memory = named_tensors_find(&got, "d_A")->v;
    assert_close(first, 1 * 5 + 2 * 6, 0);
    for (size_t i = 0; i < got.n; i++)
        for (size_t k = 0; k < tensor_cells(&got.v[i].tensor); k++)
            got.v[i].tensor.v[k] = NAN;
    assert_ok(tape_backward(&tape, &seeds, &got));
    assert_ptr_equal(named_tensors_find(&got, "d_A")->v, memory);
    assert_close(named_tensors_find(&got, "d_A")->v[0], first, 0);
    assert_close(named_tensors_find(&got, "d_unused")->v[1], 0, 0);
    /* Those of another tape are not taken for it. */
    input(&other, "product", 2, 2, one_to_eight);
    assert_ok(tape_backward(&other, &seeds, &got));
    assert_int_equal(got.n, 1);
    assert_close(named_tensors_find(&got, "d_product")->v[3], 4, 0);
}

static const struct {
    size_t size[AXES];
    enum qkv_code code;
} sizes[] = {
    {{1, 1, 1}, QKV_OK},
    {{0, 1, 1}, QKV_ERR_LIMIT},
    {{1, 1, 0}, QKV_ERR_LIMIT},
    {{1, TENSOR_SIDE_MAX, 1}, QKV_OK},
    {{1, TENSOR_SIDE_MAX + 1, 1}, QKV_ERR_LIMIT},
    {{1, TENSOR_SIDE_MAX, TENSOR_SIDE_MAX}, QKV_ERR_LIMIT},
    {{(size_t)-1, (size_t)-1, (size_t)-1}, QKV_ERR_LIMIT},
};

TEST(a_tensor_has_cells_and_not_too_many)
{
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        OWN(tensor) t;
        struct qkv_err err = tensor_init_sizes(&t, sizes[i].size[0], sizes[i].size[1], sizes[i].size[2]);
        assert_int_equal(err.code, sizes[i].code);
    }
}

TEST(a_name_given_again_replaces_the_tensor)
{
    OWN(named_tensors) all = {0};
    add_tensor(&all, "A", 1, 1, one_to_eight);
    add_tensor(&all, "A", 1, 2, one_to_eight + 4);
    assert_int_equal(all.n, 1);
    assert_close(named_tensors_find(&all, "A")->v[1], 6, 0);
    assert_null(named_tensors_find(&all, "a"));
}

TEST_GROUP(scratch_folder_make, scratch_folder_remove)
