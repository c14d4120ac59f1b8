/* kernels_test.c: the inner loops give the same bits whatever the width of the registers: those of the plain loops
 * written here, on all that this machine has. */
#include "support/check.h"

#include "core/kernels.h"
#include "core/record_run.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static double *numbers(size_t n)
{
    double *v = malloc((n + 1) * sizeof *v);
    assert_non_null(v);
    for (size_t i = 0; i < n; i++)
        v[i] = random_number() > 0.9 ? -0.0 : random_number();
    return v;
}

static void check_same(const struct kernels *k, const char *what, const double *got, const double *want, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(&got[i], &want[i], sizeof *got) != 0)
            fail_msg("%s, %s: number %zu is %a, wanted %a", k->name, what, i, got[i], want[i]);
}

/* ---- products ---- */

static void product_by_hand(const struct product *p, double *out)
{
    for (size_t r = 0; r < p->rows; r++)
        for (size_t c = 0; c < p->cols; c++) {
            double sum = p->add ? out[r * p->out_row + c] : 0; /* with from_zero, 0 + -0 is 0 */
            for (size_t i = 0; i < p->inner; i++) {
                double term =
                    p->left[r * p->left_row + i * p->left_inner] * p->right[i * p->right_inner + c * p->right_col];
                sum = i == 0 && !p->add && !p->from_zero ? term : sum + term;
            }
            out[r * p->out_row + c] = sum;
        }
}

/* The left, the right or both transposed; what lies beside the result stays as it is. */
static void check_product(const struct kernels *k, size_t rows, size_t cols, size_t inner, unsigned way)
{
    bool left_turned = way & 1, right_turned = way & 2;
    size_t out_row = cols + (way & 4 ? 3 : 0);
    double *left = numbers(rows * inner), *right = numbers(inner * cols), *out = numbers(rows * out_row),
           *want = numbers(rows * out_row);
    memcpy(want, out, rows * out_row * sizeof *out);
    struct product p = {.rows = rows,
                        .cols = cols,
                        .inner = inner,
                        .left = left,
                        .left_row = left_turned ? 1 : inner,
                        .left_inner = left_turned ? rows : 1,
                        .right = right,
                        .right_inner = right_turned ? 1 : cols,
                        .right_col = right_turned ? inner : 1,
                        .out = out,
                        .out_row = out_row,
                        .add = way >= 8 && way < 16,
                        .from_zero = way >= 16};
    k->product(&p);
    product_by_hand(&p, want);
    check_same(k, "a product", out, want, rows * out_row);
    free(left);
    free(right);
    free(out);
    free(want);
}

TEST(a_product_of_any_shape_has_the_same_bits_in_every_variant)
{
    static const size_t sides[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 33};
    enum { SIDES = sizeof sides / sizeof sides[0] };
    const struct kernels *k;
    for (size_t v = 0; (k = kernels_variant(v)); v++)
        for (size_t i = 0; i < SIDES * SIDES * SIDES; i++)
            check_product(k, sides[i % SIDES], sides[i / SIDES % SIDES], sides[i / SIDES / SIDES], (unsigned)(i % 24));
}

TEST(a_product_whose_inner_axis_is_long_has_the_same_bits_in_every_variant)
{
    static const size_t shapes[][3] = {{9, 130, 257}, {10, 200, 600}, {2, 300, 512}, {17, 129, 1025},
                                       {1, 1, 3000},  {70, 300, 40},  {130, 5, 300}};
    const struct kernels *k;
    for (size_t v = 0; (k = kernels_variant(v)); v++)
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
            for (unsigned way = 0; way < 24; way++)
                check_product(k, shapes[i][0], shapes[i][1], shapes[i][2], way);
}

/* ---- the exponential ---- */

TEST(the_exponential_has_the_same_bits_in_every_variant_and_is_within_one_unit_of_the_last_place)
{
    enum { N = 1003 };
    static double x[N], plain[N], y[N];
    const struct kernels *k;
    for (int round = 0; round < 100; round++) {
        for (size_t i = 0; i < N; i++)
            x[i] = random_number() * (round < 60 ? 10 : 740);
        kernels_variant(0)->exp_shifted(x, 0.25, plain, N);
        for (size_t v = 1; (k = kernels_variant(v)); v++) {
            k->exp_shifted(x, 0.25, y, N);
            check_same(k, "e^x", y, plain, N);
        }
        for (size_t i = 0; i < N; i++) {
            double want = exp(x[i] - 0.25); /* itself within one unit */
            if (isfinite(want) && !(fabs(plain[i] - want) <= 2 * (nextafter(want, INFINITY) - want)))
                fail_msg("e^%a is %a, wanted %a", x[i] - 0.25, plain[i], want);
        }
    }
}

TEST(the_exponential_keeps_its_limits)
{
    static const struct {
        double x, want;
    } rows[] = {{0, 1},
                {-0.0, 1},
                {-INFINITY, 0},
                {INFINITY, INFINITY},
                {-746, 0},
                {-1e300, 0},
                {710, INFINITY},
                {1e300, INFINITY},
                {-745, 0x1p-1074},
                {709.782712893384, 0x1.fffffffffff2ap+1023}};
    const struct kernels *k;
    for (size_t v = 0; (k = kernels_variant(v)); v++) {
        double y[9];
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            double x[9] = {rows[i].x, rows[i].x, rows[i].x, rows[i].x, rows[i].x,
                           rows[i].x, rows[i].x, rows[i].x, rows[i].x};
            k->exp_shifted(x, 0, y, 9);
            for (size_t n = 0; n < 9; n++)
                if (!(y[n] == rows[i].want) && !(fabs(y[n] / rows[i].want - 1) < 2 * DBL_EPSILON))
                    fail_msg("%s: e^%g is %a", k->name, rows[i].x, y[n]);
        }
        k->exp_shifted(&(double){NAN}, 0, y, 1);
        assert_true(isnan(y[0]));
    }
}

/* ---- cell by cell, and along rows ---- */

TEST(quotients_have_the_bits_of_a_division)
{
    static const double divisors[] = {3, 1, 2, -8, 0.25, 0x1p-1022, 0x1p1023, 7e-310, 1e300, 11.313708498984761};
    enum { N = 37 };
    const struct kernels *k;
    for (size_t v = 0; (k = kernels_variant(v)); v++)
        for (size_t d = 0; d < sizeof divisors / sizeof divisors[0]; d++) {
            double *x = numbers(N), y[N], want[N];
            x[3] = -INFINITY;
            x[4] = 0x1p-1070;
            for (size_t i = 0; i < N; i++)
                want[i] = x[i] / divisors[d];
            k->divide(x, divisors[d], y, N);
            check_same(k, "a quotient", y, want, N);
            for (size_t i = 0; i < N; i++)
                want[i] += 0; /* -0 becomes 0 */
            k->add_quotients(x, divisors[d], true, y, N);
            check_same(k, "0 + a quotient", y, want, N);
            for (size_t i = 0; i < N; i++)
                want[i] += x[i] / divisors[d];
            k->add_quotients(x, divisors[d], false, y, N);
            check_same(k, "a quotient added", y, want, N);
            free(x);
        }
}

TEST(rows_are_added_in_their_order_and_the_first_largest_is_found)
{
    const struct kernels *k;
    for (size_t v = 0; (k = kernels_variant(v)); v++)
        for (size_t rows = 1; rows < 20; rows++)
            for (size_t n = 1; n < 40; n += 1 + n / 5) {
                double *x = numbers(rows * n), sum[20], top[20], got[20];
                for (size_t r = 0; r < rows; r++) {
                    sum[r] = top[r] = x[r * n];
                    for (size_t i = 1; i < n; i++) {
                        sum[r] += x[r * n + i];
                        top[r] = x[r * n + i] > top[r] ? x[r * n + i] : top[r];
                    }
                }
                k->row_sums(x, rows, n, got);
                check_same(k, "a sum", got, sum, rows);
                k->row_maxima(x, rows, n, got);
                check_same(k, "a maximum", got, top, rows);
                double *y = numbers(rows * n);
                for (size_t i = 0; i < rows * n; i++)
                    sum[i / n] -= x[i] * y[i];
                k->row_sums(x, rows, n, got);
                k->subtract_products(x, y, rows, n, got);
                check_same(k, "a sum less products", got, sum, rows);
                free(x);
                free(y);
            }
}

TEST(a_number_that_is_not_finite_is_seen_wherever_it_stands)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY};
    const struct kernels *k;
    for (size_t v = 0; (k = kernels_variant(v)); v++)
        for (size_t n = 1; n < 40; n++) {
            double *x = numbers(n);
            x[0] = DBL_MAX;
            assert_true(k->all_finite(x, n));
            for (size_t i = 0; i < n; i++) {
                double kept = x[i];
                x[i] = odd[i % 3];
                assert_false(k->all_finite(x, n));
                x[i] = kept;
            }
            free(x);
        }
}
