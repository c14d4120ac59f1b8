/* position.c: operations that depend on the positions of rows and columns. */
#include "core/ops/ops.h"

#include <stdio.h>

/* The wavelengths of sinusoids and rotations grow from 2 pi to this times 2 pi (Vaswani et al. 2017; Su et al.
 * 2021). */
static const double base = 10000;

/* Column c belongs to the pair (c & ~1, c | 1), and makes one rotation in 2 pi * base^(pair / width) rows. */
INLINE double angle(size_t r, size_t c, size_t width)
{
    return (double)r / pow(base, (double)(c & ~(size_t)1) / (double)width);
}

static void angle_text(size_t r, size_t c, size_t width, char *buffer, size_t size)
{
    snprintf(buffer, size, "%u / 10000^(%u / %u)", (unsigned)r, (unsigned)c & ~1u, (unsigned)width);
}

/* ---- sinusoids: sin at even columns, cos at odd ones; of A only the shape matters ---- */

/* The columns have not the names of A's. */
SHAPE(sinusoids, false, "any shape fits", ret[AXIS_COL] = axis_numbered(cols_of(a), "waves"))

EXPLAIN(sinusoids)
{
    char theta[48];
    angle_text(at.r, at.c, cols_of(call->in[0]), theta, sizeof theta);
    explain_text(ret, "%s(%s)", at.c % 2 == 0 ? "sin" : "cos", theta);
    explain_note(ret, NOTE_FROM_POSITION, "%zu", at.r);
}

INLINE double angle_of(const struct op_call *call, struct term_place at)
{
    return angle(at.r, at.c, cols_of(call->in[0]));
}

VALUE(sinusoids, at.c % 2 == 0 ? sin(angle_of(call, at)) : cos(angle_of(call, at)))
NO_SLOPES(sinusoids)
OP_OF_TERMS(sinusoids, 1, "waves(n, d)", sinusoids_shape, .explain = sinusoids_says);

/* ---- rope: each pair of columns is rotated by its row's angle: (x, y) becomes (x cos - y sin, y cos + x sin) ---- */

SHAPE_UNLESS(rope, cols_of(a) % 2 != 0, "pairs of columns are rotated: their number must be even")

EXPLAIN(rope)
{
    char theta[48];
    angle_text(at.r, at.c, cols_of(call->in[0]), theta, sizeof theta);
    explain_text(ret, "a * cos(%s) %c b * sin(%s)", theta, at.c % 2 == 0 ? '-' : '+', theta);
    explain_note(ret, NOTE_PAIR_ROTATED, "%zu %zu %zu", (at.c & ~(size_t)1) + 1, (at.c | 1) + 1, at.r);
}

INLINE double rotated(double own, double partner, double theta, bool first)
{
    return first ? own * cos(theta) - partner * sin(theta) : own * cos(theta) + partner * sin(theta);
}

CELLS(rope_cells, {0, at.h, at.r, at.c}, {0, at.h, at.r, at.c ^ 1})
VALUE(rope, rotated(x[0], x[1], angle_of(call, at), at.c % 2 == 0))
SLOPES(rope, double theta = angle_of(call, at); d[0] = g * cos(theta);
       d[1] = at.c % 2 == 0 ? -g * sin(theta) : g * sin(theta))
OP_OF_TERMS(rope, 1, "{row y}_i = {row 0}_i R(i - 1)^T", rope_shape, .n = 2, .operands = 1, .cells = rope_cells,
            .operations = 3, .explain = rope_says);

/* ---- tables read by distance ---- */

/* The table's column for a cell: j - i, held inside -R..R. `number` is how many more columns than rows stand before
 * this part of the scores. */
INLINE size_t distance_column(const struct op_call *call, size_t r, size_t c)
{
    double reach = (double)(cols_of(call->in[0]) / 2), apart = (double)c + call->number - (double)r;
    return (size_t)(fmin(fmax(apart, -reach), reach) + reach);
}

static void explain_distance(const struct op_call *call, size_t r, size_t c, struct explanation *e)
{
    double apart = (double)c + call->number - (double)r, reach = (double)(cols_of(call->in[0]) / 2);
    explain_note(e,
                 apart == 0       ? NOTE_SAME_POSITION
                 : apart < -reach ? NOTE_FAR_BEFORE
                 : apart < 0      ? NOTE_BEFORE
                 : apart > reach  ? NOTE_FAR_AFTER
                                  : NOTE_AFTER,
                 "%g %g", apart, fabs(apart));
}

/* How many columns of the table row r meets. */
static double columns_met(const struct op_call *call, size_t first_row, size_t last_row)
{
    size_t last = cols_of(call->in[1]) - 1;
    return (double)(distance_column(call, first_row, last) - distance_column(call, last_row, 0) + 1);
}

/* A table [1, heads, 2R+1]: a row for each head. */
SHAPE(relative_bias, heads_of(a) != 1 || rows_of(a) != heads_of(b) || cols_of(a) % 2 == 0,
      "the left must have 2R+1 columns, distances -R to R, and one row for each head of the right", axes_of(b, ret))

EXPLAIN(relative_bias)
{
    explain_distance(call, at.r, at.c, ret);
}

COST(relative_bias)
{
    struct op_cost cost = cost_of(call, 0, out, 0);
    cost.read = 8 * (double)heads_of(out) * columns_met(call, 0, rows_of(out) - 1);
    return cost;
}

CELLS(relative_bias_cells, {0, 0, at.h, distance_column(call, at.r, at.c)})
VALUE(relative_bias, x[0])
SLOPES(relative_bias, d[0] = g)
OP_OF_TERMS_AND_COST(relative_bias, 2, "{cell y}_ij = {0}_(h,clip(j - i{+n}))", relative_bias_shape, .n = 1,
                     .cells = relative_bias_cells, .text = "a", .explain = relative_bias_says);

/* A table [heads, n, 2R+1]: a row for each query. */
SHAPE(by_distance, heads_of(a) != heads_of(b) || rows_of(a) != rows_of(b) || cols_of(a) % 2 == 0,
      "heads and rows must be as many, and the left must have 2R+1 columns: distances -R to R", axes_of(b, ret))

COST(by_distance)
{
    struct op_cost cost = cost_of(call, 0, out, 0);
    for (size_t r = 0; r < rows_of(out); r++)
        cost.read += 8 * (double)heads_of(out) * columns_met(call, r, r);
    return cost;
}

CELLS(by_distance_cells, {0, at.h, at.r, distance_column(call, at.r, at.c)})
VALUE(by_distance, x[0])
SLOPES(by_distance, d[0] = g)
OP_OF_TERMS_AND_COST(by_distance, 2, "{cell y}_ij = {0}_(i,clip(j - i{+n}))", by_distance_shape, .n = 1,
                     .cells = by_distance_cells, .text = "a", .explain = relative_bias_says);

/* ---- alibi: -slope * |i - j|, slope_h = 2^(-8 h / heads); of A only the shape matters ---- */

INLINE double distance(const struct op_call *call, struct term_place at)
{
    return fabs((double)at.r - ((double)at.c + call->number));
}

EXPLAIN(alibi)
{
    double apart = distance(call, at);
    explain_text(ret, "-%g * 2^(-8 * %zu / %zu)", apart, at.h + 1, heads_of(call->in[0]));
    explain_note(ret, apart == 1 ? NOTE_ONE_APART : NOTE_APART, "%g %zu", apart, at.h + 1);
}

VALUE(alibi, -distance(call, at) * pow(2, -8 * (double)(at.h + 1) / (double)heads_of(call->in[0])))
NO_SLOPES(alibi)
OP_OF_TERMS(alibi, 1, "{cell y}_ij = -|i - j{-n}| / 2^(8 h / {heads})", shape_first, .explain = alibi_says);
