#include "support/formula_value.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void formula_wrong(struct formula_work *w, const char *format, ...)
{
    va_list args;
    if (w->why[0])
        return;
    va_start(args, format);
    vsnprintf(w->why, 200, format, args);
    va_end(args);
}

struct formula_value formula_matrix(struct formula_work *w, size_t rows, size_t cols)
{
    static double nothing[1];
    if (w->used + rows * cols > w->size) {
        formula_wrong(w, "too large for the reader's memory");
        return (struct formula_value){1, 1, nothing, .number = true};
    }
    struct formula_value m = {rows, cols, &w->memory[w->used], .number = false};
    w->used += rows * cols;
    for (size_t i = 0; i < rows * cols; i++)
        m.v[i] = 0;
    return m;
}

struct formula_value formula_number(struct formula_work *w, double x)
{
    struct formula_value n = formula_matrix(w, 1, 1);
    n.v[0] = x;
    n.number = true;
    return n;
}

struct formula_value formula_transposed(struct formula_work *w, struct formula_value a)
{
    struct formula_value t = formula_matrix(w, a.cols, a.rows);
    for (size_t r = 0; !w->why[0] && r < a.rows; r++)
        for (size_t c = 0; c < a.cols; c++)
            t.v[c * a.rows + r] = a.v[r * a.cols + c];
    t.number = a.number;
    t.width = a.width;
    return t;
}

static struct formula_value product(struct formula_work *w, struct formula_value a, struct formula_value b)
{
    if (a.number || b.number) {
        struct formula_value of = a.number ? b : a, ret = formula_matrix(w, of.rows, of.cols);
        for (size_t i = 0; !w->why[0] && i < of.rows * of.cols; i++)
            ret.v[i] = (a.number ? a.v[0] : b.v[0]) * of.v[i];
        ret.number = a.number && b.number;
        return ret;
    }
    if (a.cols != b.rows)
        formula_wrong(w, "a product of %zu x %zu and %zu x %zu", a.rows, a.cols, b.rows, b.cols);
    struct formula_value ret = formula_matrix(w, a.rows, b.cols);
    for (size_t r = 0; !w->why[0] && r < a.rows; r++)
        for (size_t c = 0; c < b.cols; c++)
            for (size_t i = 0; i < a.cols; i++)
                ret.v[r * b.cols + c] += a.v[r * a.cols + i] * b.v[i * b.cols + c];
    return ret;
}

static struct formula_value dot(struct formula_work *w, struct formula_value a, struct formula_value b)
{
    double sum = 0;
    if ((a.rows != 1 && a.cols != 1) || (b.rows != 1 && b.cols != 1) || a.rows * a.cols != b.rows * b.cols)
        formula_wrong(w, "a dot between %zu x %zu and %zu x %zu", a.rows, a.cols, b.rows, b.cols);
    for (size_t i = 0; !w->why[0] && i < a.rows * a.cols; i++)
        sum += a.v[i] * b.v[i];
    return formula_number(w, sum);
}

static double cell(enum formula_kind kind, double a, double b)
{
    switch (kind) {
    case F_SUM:
        return a + b;
    case F_DIFFERENCE:
        return a - b;
    case F_CELLWISE:
        return a * b;
    case F_QUOTIENT:
        return b != 0 ? a / b : NAN; /* not defined */
    case F_LESS:
        return a < b;
    case F_MORE:
        return a > b;
    case F_AT_MOST:
        return a <= b;
    case F_EQUAL:
        return a == b;
    case F_OR:
        return a != 0 || b != 0;
    default:
        return pow(a, b);
    }
}

/* One row for every row: a small letter's. */
static bool is_shared(const struct formula_work *w, struct formula_value one, struct formula_value by)
{
    return one.vector && !by.number &&
           (w->columns ? one.cols == 1 && one.rows == by.rows : one.rows == 1 && one.cols == by.cols);
}

static size_t place_in(const struct formula_work *w, struct formula_value of, struct formula_value whole, size_t r,
                       size_t c)
{
    if (of.rows == whole.rows && of.cols == whole.cols)
        return r * of.cols + c;
    return of.rows * of.cols == 1 ? 0 : w->columns ? r : c;
}

struct formula_value formula_binary(struct formula_work *w, enum formula_kind kind, struct formula_value a,
                                    struct formula_value b)
{
    if (kind == F_PRODUCT)
        return product(w, a, b);
    if (kind == F_DOT)
        return dot(w, a, b);
    bool alike = a.rows == b.rows && a.cols == b.cols;
    bool by_number = (kind == F_QUOTIENT || kind == F_MORE || b.literal) && b.number;
    if (kind == F_POWER && !(a.number && b.number))
        formula_wrong(w, "a power of a matrix");
    if (!alike && !by_number && !(a.literal && a.number) && !is_shared(w, a, b) && !is_shared(w, b, a))
        formula_wrong(w, "%s of %zu x %zu and %zu x %zu", kind == F_QUOTIENT ? "a quotient" : "a sum", a.rows, a.cols,
                      b.rows, b.cols);
    bool first = alike || by_number || is_shared(w, b, a);
    struct formula_value whole = first ? a : b, ret = formula_matrix(w, whole.rows, whole.cols);
    for (size_t r = 0; !w->why[0] && r < whole.rows; r++)
        for (size_t c = 0; c < whole.cols; c++)
            ret.v[r * whole.cols + c] = cell(kind, a.v[place_in(w, a, whole, r, c)], b.v[place_in(w, b, whole, r, c)]);
    ret.number = a.number && b.number;
    ret.literal = a.literal && b.literal;
    ret.vector = a.vector && b.vector;
    return ret;
}

/* ---- functions cell by cell ---- */

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static double relu(double x)
{
    return fmax(x, 0);
}

static double silu(double x)
{
    return x / (1 + exp(-x));
}

static double gelu(double x)
{
    return x / 2 * erfc(-x / sqrt(2));
}

static double elu(double x)
{
    return x > 0 ? x : expm1(x);
}

/* ---- functions row by row ---- */

static double largest(const double *row, size_t n)
{
    double top = -INFINITY;
    for (size_t i = 0; i < n; i++)
        top = fmax(top, row[i]);
    return top;
}

static void softmax(const double *row, size_t n, double *to)
{
    double sum = 0, top = largest(row, n);
    for (size_t i = 0; i < n && top > -INFINITY; i++)
        sum += exp(row[i] - top);
    for (size_t i = 0; i < n; i++)
        to[i] = top > -INFINITY ? exp(row[i] - top) / sum : 0;
}

/* The threshold by bisection: what is above it sums to 1. */
static void sparsemax(const double *row, size_t n, double *to)
{
    double top = largest(row, n);
    double low = top - 1, high = top;
    for (int step = 0; top > -INFINITY && step < 200; step++) {
        double middle = low + (high - low) / 2, sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += fmax(row[i] - middle, 0);
        if (sum > 1)
            low = middle;
        else
            high = middle;
    }
    for (size_t i = 0; i < n; i++)
        to[i] = top > -INFINITY ? fmax(row[i] - high, 0) : 0;
}

static void standardised(const double *row, size_t n, double *to)
{
    double mean = 0, variance = 0;
    for (size_t i = 0; i < n; i++)
        mean += row[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        variance += (row[i] - mean) * (row[i] - mean) / (double)n;
    for (size_t i = 0; i < n; i++)
        to[i] = (row[i] - mean) / sqrt(variance + 1e-5);
}

/* 1 at the first of the largest. */
static void hardmax(const double *row, size_t n, double *to)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (row[i] > -INFINITY && (best == n || row[i] > row[best]))
            best = i;
    for (size_t i = 0; i < n; i++)
        to[i] = i == best;
}

bool formula_function(struct formula_work *w, const char *name, struct formula_value a, struct formula_value *ret)
{
    static const struct {
        const char *name;
        double (*of)(double);
    } cells[] = {{"tanh", tanh}, {"sigmoid", sigmoid}, {"relu", relu}, {"silu", silu},
                 {"gelu", gelu}, {"elu", elu},         {"sqrt", sqrt}};
    static const struct {
        const char *name;
        void (*of)(const double *row, size_t n, double *to);
    } rows[] = {{"softmax", softmax}, {"sparsemax", sparsemax}, {"standardised", standardised}, {"hardmax", hardmax}};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        if (strcmp(cells[i].name, name) == 0) {
            *ret = formula_matrix(w, a.rows, a.cols);
            for (size_t k = 0; !w->why[0] && k < a.rows * a.cols; k++)
                ret->v[k] = cells[i].of(a.v[k]);
            ret->number = a.number;
            return true;
        }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, name) == 0) {
            struct formula_value from = w->columns ? formula_transposed(w, a) : a;
            *ret = formula_matrix(w, from.rows, from.cols);
            for (size_t r = 0; !w->why[0] && r < from.rows; r++)
                rows[i].of(&from.v[r * from.cols], from.cols, &ret->v[r * from.cols]);
            if (w->columns)
                *ret = formula_transposed(w, *ret);
            return true;
        }
    return false;
}

/* ---- masks, windows, places ---- */

static struct formula_value mask(struct formula_work *w, struct formula_value a, struct formula_value m)
{
    if (a.rows != m.rows || a.cols != m.cols)
        formula_wrong(w, "a mask of %zu x %zu on %zu x %zu", m.rows, m.cols, a.rows, a.cols);
    struct formula_value ret = formula_matrix(w, a.rows, a.cols);
    for (size_t i = 0; !w->why[0] && i < a.rows * a.cols; i++)
        ret.v[i] = m.v[i] == 1 ? a.v[i] : -INFINITY;
    return ret;
}

/* The window's middle stands at `at`; beyond the ends there is nothing. */
static double slide(const double *line, size_t n, size_t stride, const double *window, size_t width, size_t at)
{
    double sum = 0;
    for (size_t k = 0; k < width; k++)
        if (at + k >= (width - 1) / 2 && at + k - (width - 1) / 2 < n)
            sum += window[k] * line[(at + k - (width - 1) / 2) * stride];
    return sum;
}

/* A line by several windows, [c, width]: [places, c]. */
static struct formula_value conv(struct formula_work *w, struct formula_value a, struct formula_value f)
{
    size_t n = a.cols;
    if (a.rows != 1)
        formula_wrong(w, "a window slides over one row, not %zu", a.rows);
    struct formula_value ret = formula_matrix(w, n, f.rows);
    for (size_t i = 0; !w->why[0] && i < n; i++)
        for (size_t c = 0; c < f.rows; c++)
            ret.v[i * f.rows + c] = slide(a.v, n, 1, &f.v[c * f.cols], f.cols, i);
    return ret;
}

/* Each column by its own window, a row of d. */
static struct formula_value depthwise(struct formula_work *w, struct formula_value a, struct formula_value d)
{
    if (a.cols != d.rows)
        formula_wrong(w, "%zu windows for %zu columns", d.rows, a.cols);
    struct formula_value ret = formula_matrix(w, a.rows, a.cols);
    for (size_t i = 0; !w->why[0] && i < a.rows; i++)
        for (size_t c = 0; c < a.cols; c++)
            ret.v[i * a.cols + c] = slide(&a.v[c], a.rows, a.cols, &d.v[c * d.cols], d.cols, i);
    return ret;
}

bool formula_function_of_two(struct formula_work *w, const char *name, struct formula_value a, struct formula_value b,
                             struct formula_value *ret)
{
    bool line = strcmp(name, "conv") == 0, deep = strcmp(name, "depthwise") == 0;
    if (!line && !deep) {
        if (strcmp(name, "mask") == 0)
            *ret = mask(w, a, b);
        return strcmp(name, "mask") == 0;
    }
    a = w->columns ? formula_transposed(w, a) : a;
    b = w->columns ? formula_transposed(w, b) : b;
    *ret = line ? conv(w, a, b) : depthwise(w, a, b);
    if (w->columns)
        *ret = formula_transposed(w, *ret);
    return true;
}

struct formula_value formula_rotation(struct formula_work *w, double turns, size_t d)
{
    struct formula_value ret = formula_matrix(w, d, d);
    for (size_t i = 0; !w->why[0] && i + 1 < d; i += 2) {
        double angle = turns * pow(10000, -(double)i / (double)d);
        ret.v[i * d + i] = ret.v[(i + 1) * d + i + 1] = cos(angle);
        ret.v[(i + 1) * d + i] = sin(angle);
        ret.v[i * d + i + 1] = -sin(angle);
    }
    return ret;
}

struct formula_value formula_waves(struct formula_work *w, size_t rows, size_t cols)
{
    struct formula_value ret = formula_matrix(w, rows, cols);
    for (size_t r = 0; !w->why[0] && r < rows; r++)
        for (size_t c = 0; c < cols; c++) {
            double angle = (double)r * pow(10000, -(double)(c - c % 2) / (double)cols);
            ret.v[r * cols + c] = c % 2 ? cos(angle) : sin(angle);
        }
    return ret;
}
