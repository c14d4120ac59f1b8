/* position.c: operations that know where a row and a column stand. */
#include "core/ops/ops.h"

#include <math.h>
#include <stdio.h>

/* The wavelengths of sinusoids and rotations grow from 2 pi to this times 2 pi (Vaswani et al. 2017; Su et al. 2021). */
static const double base = 10000;

/* Column c belongs to the pair (c & ~1, c | 1), and turns once in 2 pi * base^(pair / width) rows. */
static double angle(size_t r, size_t c, size_t width)
{
    return (double)r / pow(base, (double)(c & ~(size_t)1) / (double)width);
}

static void angle_text(size_t r, size_t c, size_t width, char *buffer, size_t size)
{
    snprintf(buffer, size, "%u / 10000^(%u / %u)", (unsigned)r, (unsigned)c & ~1u, (unsigned)width);
}

/* ---- sinusoids: sin at even columns, cos at odd ones; of A only the shape matters ---- */

struct qkv_err sinusoids_shape(const struct op_call *call, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    ret[AXIS_COL] = axis_numbered(cols_of(call->in[0]), "waves"); /* a wave is no feature of a word */
    return (struct qkv_err){0};
}

void sinusoids_forward(const struct op_call *call, struct tensor *out)
{
    (void)call;
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = c % 2 == 0 ? sin(angle(r, c, cols_of(out))) : cos(angle(r, c, cols_of(out)));
}

static void no_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                        struct tensor *const grad_in[])
{
    (void)call, (void)out, (void)grad_out, (void)grad_in;
}

void sinusoids_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                        struct tensor *const grad_in[])
{
    no_backward(call, out, grad_out, grad_in);
}

struct qkv_err sinusoids_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)h;
    char turn[48], text[EXPLAIN_TERM_TEXT], note[EXPLAIN_NOTE_TEXT];
    angle_text(r, c, cols_of(call->in[0]), turn, sizeof turn);
    snprintf(text, sizeof text, "%s(%s)", c % 2 == 0 ? "sin" : "cos", turn);
    snprintf(note, sizeof note, "made of the position %zu (the first is 0) and the column alone", r);
    return explain_one(ret, text, note, 0, NULL);
}

struct op_cost sinusoids_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 0, out, 0);
}

/* ---- rope: each pair of columns is turned by its row's angle ---- */

struct qkv_err rope_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (cols_of(call->in[0]) % 2 != 0)
        return shapes_disagree(call, "pairs of columns are turned: their number must be even");
    axes_of(call->in[0], ret);
    return (struct qkv_err){0};
}

/* (x, y) becomes (x cos - y sin, y cos + x sin). The cell itself comes first, its partner second. */
void rope_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    {
        double turn = angle(r, c, cols_of(out)), own = *tensor_at(call->in[0], h, r, c);
        double partner = *tensor_at(call->in[0], h, r, c ^ 1);
        *tensor_at(out, h, r, c) =
            c % 2 == 0 ? own * cos(turn) - partner * sin(turn) : own * cos(turn) + partner * sin(turn);
    }
}

void rope_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                   struct tensor *const grad_in[])
{
    (void)call;
    FOR_CELLS(out, h, r, c)
    {
        double turn = angle(r, c, cols_of(out)), g = *tensor_at(grad_out, h, r, c);
        if (!grad_in[0])
            continue;
        *tensor_at(grad_in[0], h, r, c) += g * cos(turn);
        *tensor_at(grad_in[0], h, r, c ^ 1) += c % 2 == 0 ? -g * sin(turn) : g * sin(turn);
    }
}

struct qkv_err rope_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    char turn[48], text[EXPLAIN_TERM_TEXT], note[EXPLAIN_NOTE_TEXT];
    angle_text(r, c, cols_of(call->in[0]), turn, sizeof turn);
    snprintf(text, sizeof text, "a * cos(%s) %c b * sin(%s)", turn, c % 2 == 0 ? '-' : '+', turn);
    snprintf(note, sizeof note, "columns %zu and %zu are turned together, by the angle of position %zu",
             (c & ~(size_t)1) + 1, (c | 1) + 1, r);
    return explain_one(ret, text, note, 2, (struct cell[]){{0, h, r, c}, {0, h, r, c ^ 1}});
}

struct op_cost rope_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, 3 * (double)tensor_cells(out));
}

/* ---- tables read by distance ---- */

/* The table's column for a cell: j - i, held inside -R..R. `number` is how many more columns than rows stand before
 * this part of the scores. */
static size_t distance_column(const struct op_call *call, size_t r, size_t c)
{
    double reach = (double)(cols_of(call->in[0]) / 2), apart = (double)c + call->number - (double)r;
    return (size_t)(fmin(fmax(apart, -reach), reach) + reach);
}

static void distance_note(const struct op_call *call, size_t r, size_t c, char note[EXPLAIN_NOTE_TEXT])
{
    double apart = (double)c + call->number - (double)r, reach = (double)(cols_of(call->in[0]) / 2);
    const char *which = apart < 0 ? "before" : "after";
    if (apart == 0)
        snprintf(note, EXPLAIN_NOTE_TEXT, "distance 0: the same position");
    else
        snprintf(note, EXPLAIN_NOTE_TEXT, "distance %g: the word looked at stands %g %s%s", apart, fabs(apart), which,
                 fabs(apart) > reach ? "; the table ends earlier, its last number counts" : "");
}

/* How many columns of the table row r meets. */
static double columns_met(const struct op_call *call, size_t first_row, size_t last_row)
{
    size_t last = cols_of(call->in[1]) - 1;
    return (double)(distance_column(call, first_row, last) - distance_column(call, last_row, 0) + 1);
}

static struct qkv_err check_odd(const struct op_call *call)
{
    if (cols_of(call->in[0]) % 2 == 0)
        return shapes_disagree(call, "the left must have 2R+1 columns: distances -R to R");
    return (struct qkv_err){0};
}

/* A table [1, heads, 2R+1]: a row for each head. */
struct qkv_err relative_bias_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (heads_of(call->in[0]) != 1 || rows_of(call->in[0]) != heads_of(call->in[1]))
        return shapes_disagree(call, "the left must have one row for each head of the right");
    axes_of(call->in[1], ret);
    return check_odd(call);
}

void relative_bias_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = *tensor_at(call->in[0], 0, h, distance_column(call, r, c));
}

void relative_bias_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                            struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    if (grad_in[0])
        *tensor_at(grad_in[0], 0, h, distance_column(call, r, c)) += *tensor_at(grad_out, h, r, c);
}

struct qkv_err relative_bias_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    char note[EXPLAIN_NOTE_TEXT];
    distance_note(call, r, c, note);
    return explain_one(ret, "a", note, 1, &(struct cell){0, 0, h, distance_column(call, r, c)});
}

struct op_cost relative_bias_cost(const struct op_call *call, const struct tensor *out)
{
    struct op_cost cost = cost_of(call, 0, out, 0);
    cost.read = 8 * (double)heads_of(out) * columns_met(call, 0, rows_of(out) - 1);
    return cost;
}

/* A table [heads, n, 2R+1]: a row for each word that looks. */
struct qkv_err by_distance_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (heads_of(call->in[0]) != heads_of(call->in[1]) || rows_of(call->in[0]) != rows_of(call->in[1]))
        return shapes_disagree(call, "heads and rows must be as many");
    axes_of(call->in[1], ret);
    return check_odd(call);
}

void by_distance_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = *tensor_at(call->in[0], h, r, distance_column(call, r, c));
}

void by_distance_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                          struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    if (grad_in[0])
        *tensor_at(grad_in[0], h, r, distance_column(call, r, c)) += *tensor_at(grad_out, h, r, c);
}

struct qkv_err by_distance_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    char note[EXPLAIN_NOTE_TEXT];
    distance_note(call, r, c, note);
    return explain_one(ret, "a", note, 1, &(struct cell){0, h, r, distance_column(call, r, c)});
}

struct op_cost by_distance_cost(const struct op_call *call, const struct tensor *out)
{
    struct op_cost cost = cost_of(call, 0, out, 0);
    for (size_t r = 0; r < rows_of(out); r++)
        cost.read += 8 * (double)heads_of(out) * columns_met(call, r, r);
    return cost;
}

/* ---- alibi: -slope * |i - j|, slope_h = 2^(-8 (h + 1) / heads); of A only the shape matters ---- */

struct qkv_err alibi_shape(const struct op_call *call, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    return (struct qkv_err){0};
}

void alibi_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) =
        -fabs((double)r - ((double)c + call->number)) * pow(2, -8 * (double)(h + 1) / (double)heads_of(out));
}

void alibi_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                    struct tensor *const grad_in[])
{
    no_backward(call, out, grad_out, grad_in);
}

struct qkv_err alibi_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    char text[EXPLAIN_TERM_TEXT], note[EXPLAIN_NOTE_TEXT];
    double apart = fabs((double)r - ((double)c + call->number));
    size_t heads = heads_of(call->in[0]);
    snprintf(text, sizeof text, "-%g * 2^(-8 * %zu / %zu)", apart, h + 1, heads);
    snprintf(note, sizeof note, "%g %s apart, times the slope of head %zu", apart, apart == 1 ? "word" : "words",
             h + 1);
    return explain_one(ret, text, note, 0, NULL);
}

struct op_cost alibi_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 0, out, 0);
}
