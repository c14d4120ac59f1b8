/* ruler.c: a table of distances as a ruler under the sentence: what each distance adds to the scores of the word that
 * looks, which stands at 0. Beyond its ends the last number goes on. Its numbers can be dragged. */
#include "scene/arithmetic.h"
#include "scene/figure.h"

#include <math.h>
#include <stdio.h>

/* Measures in units of the design's grid. */
static const float word_h = 30, mark_h = 20, ends_h = 20, slot_least = 26, slot_most = 110, number_h = 20,
                   number_least = 40, height_least = 70;

struct ruler {
    struct pen *pen;
    const struct view *view;
    int table; /* on the tape: [1, heads, 2R + 1] */
    size_t head, row, n, reach;
    const struct axis *words;
    long from, to; /* the distances drawn */
    float slot, left;
};

static bool find(struct ruler *r)
{
    const struct tape *tape = &r->view->lesson->tape;
    const int here = r->view->walk->steps[view_place(r->view).at].step;
    int bias = -1;
    for (size_t i = 0; i < tape->n && bias < 0; i++)
        if (tape->steps[i].spec.op == OP_RELATIVE_BIAS && ((int)i == here || figure_has_come(r->view, (int)i)))
            bias = (int)i;
    if (bias < 0)
        return false;
    const struct step *step = &tape->steps[bias];
    r->table = step->spec.in[0];
    const struct tensor *table = &tape->steps[r->table].value;
    r->words = &step->value.axis[AXIS_COL];
    r->n = r->words->size;
    r->row = view_word(r->view, step);
    r->head = view_head(r->view) < table->axis[AXIS_ROW].size ? view_head(r->view) : 0;
    r->reach = table->axis[AXIS_COL].size / 2;
    r->from = -(long)(r->row > r->reach ? r->row : r->reach);
    r->to = (long)(r->n - 1 - r->row > r->reach ? r->n - 1 - r->row : r->reach);
    return true;
}

/* The cell of the table that counts for a distance. */
static struct cursor cell_of(const struct ruler *r, long distance)
{
    const long reach = (long)r->reach, at = distance < -reach ? -reach : distance > reach ? reach : distance;
    return (struct cursor){true, r->table, 0, r->head, (size_t)(at + reach)};
}

static double value_of(const struct ruler *r, long distance)
{
    const struct cursor cell = cell_of(r, distance);
    return *tensor_at(&r->view->lesson->tape.steps[r->table].value, 0, cell.row, cell.col);
}

static float middle_of(const struct ruler *r, long distance)
{
    return r->left + r->slot * ((float)(distance - r->from) + 0.5f);
}

/* ---- the sentence ---- */

static bool is_word(const struct ruler *r, long distance)
{
    return distance >= -(long)r->row && distance < (long)(r->n - r->row);
}

static void draw_words(const struct ruler *r, struct rect line)
{
    struct pen *pen = r->pen;
    const struct theme *t = pen->theme;
    char buffer[LABEL_TEXT];
    float u = pen->scale;
    for (long d = r->from; d <= r->to; d++) {
        struct rect chip = {middle_of(r, d) - r->slot / 2 + 2 * u, line.y, r->slot - 4 * u, line.h};
        if (!is_word(r, d))
            continue;
        const char *word = axis_position(r->words, 0, (size_t)((long)r->row + d), buffer);
        struct ink ink = pen_ink(pen, d == 0 ? FACE_SANS_BOLD : FACE_SANS, 15, 12, t->text);
        if (d == 0)
            pen_fill(pen, "ruler.looks", chip, t->role[ROLE_QUERY], chip.h / 2),
                ink.colour = colour_readable(t->on_accent, t->role[ROLE_QUERY]);
        pen_text_in(pen, "ruler.word", ink, chip, ALIGN_CENTRE, word);
    }
}

/* ---- the ruler ---- */

/* Its edge, with a tick under each distance, and the distances it has a number for. */
static void draw_marks(const struct ruler *r, struct rect line)
{
    const struct theme *t = r->pen->theme;
    float u = r->pen->scale, thin = fmaxf(1, roundf(1.5f * u)), edge = line.y + line.h;
    pen_fill(r->pen, "ruler.edge", (struct rect){r->left, edge, r->slot * (float)(r->to - r->from + 1), thin},
             t->text_secondary, 0);
    for (long d = r->from; d <= r->to; d++) {
        float x = middle_of(r, d);
        pen_fill(r->pen, "ruler.tick", (struct rect){x - thin / 2, edge, thin, 7 * u}, t->text_secondary, 0);
        if (d >= -(long)r->reach && d <= (long)r->reach)
            pen_textf(r->pen, "ruler.distance", pen_ink(r->pen, FACE_MONO_BOLD, 14, 12, t->text),
                      (struct rect){x - r->slot / 2, line.y, r->slot, line.h}, ALIGN_CENTRE, d > 0 ? "+%ld" : "%ld", d);
    }
}

static void draw_bars(const struct ruler *r, struct rect box)
{
    struct pen *pen = r->pen;
    const struct theme *t = pen->theme;
    double least = -1, most = 1;
    for (long d = -(long)r->reach; d <= (long)r->reach; d++)
        least = fmin(least, floor(value_of(r, d))), most = fmax(most, ceil(value_of(r, d)));
    float u = pen->scale, unit = (box.h - 2 * number_h * u) / (float)(most - least),
          zero = box.y + number_h * u + unit * (float)most, w = fminf(r->slot * 0.6f, 48 * u);
    for (long d = r->from; d <= r->to; d++) {
        const double value = value_of(r, d);
        const struct cursor cell = cell_of(r, d);
        const bool inside = d >= -(long)r->reach && d <= (long)r->reach;
        float x = middle_of(r, d), h = fabsf((float)value) * unit;
        struct rect bar = {x - w / 2, value > 0 ? zero - h : zero, w, fmaxf(h, 1)};
        struct colour colour = value < 0 ? t->negative : t->positive;
        pen_fill(pen, inside ? "ruler.bar" : "ruler.beyond", bar, inside ? colour : colour_mix(t->panel, colour, 0.3f),
                 0);
        if (!inside)
            continue;
        if (figure_is_lit(r->view, &cell))
            pen_frame(pen, "figure.lit", rect_inset(bar, -3 * u), t->accent, roundf(2 * u), 2 * u);
        struct rect number = {x - r->slot / 2, value > 0 ? bar.y - number_h * u : bar.y + bar.h, r->slot, number_h * u};
        if (r->slot >= number_least * u)
            figure_number(pen, r->view, pen_ink(pen, FACE_MONO_BOLD, 14, 12, t->text), number, ALIGN_CENTRE, &cell);
        figure_cell(pen, (struct rect){x - r->slot / 2, box.y, r->slot, box.h}, &cell, 0, -1 / unit);
    }
    pen_fill(pen, "ruler.zero",
             (struct rect){r->left, zero - 0.5f, r->slot * (float)(r->to - r->from + 1), fmaxf(1, u)},
             t->text_secondary, 0);
}

bool ruler_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct ruler r = {.pen = pen, .view = view};
    char buffer[LABEL_TEXT], title[96];
    float u = pen->scale;
    if (!find(&r))
        return false;
    r.slot = fminf(box.w / (float)(r.to - r.from + 1), slot_most * u);
    r.left = box.x;
    snprintf(title, sizeof title, "What distance adds for “%s”", axis_position(r.words, 0, r.row, buffer));
    box = figure_title(pen, box, title, "the ruler has its 0 under the word that looks; drag a bar");
    struct rect words = rect_cut_top(&box, word_h * u, 2 * u), marks = rect_cut_top(&box, mark_h * u, 10 * u),
                ends = rect_cut_bottom(&box, ends_h * u, 4 * u);
    if (r.slot < slot_least * u || box.h < (height_least + 2 * number_h) * u)
        return false;
    ends.w = r.slot * (float)(r.to - r.from + 1);
    draw_words(&r, words);
    draw_marks(&r, marks);
    draw_bars(&r, box);
    struct ink ink = pen_ink(pen, FACE_SANS, 14, 12, pen->theme->text_secondary);
    pen_textf(pen, "ruler.end", ink, (struct rect){ends.x, ends.y, ends.w / 2, ends.h}, ALIGN_LEFT,
              "%zu back, and further", r.reach);
    pen_textf(pen, "ruler.end", ink, (struct rect){ends.x + ends.w / 2, ends.y, ends.w / 2, ends.h}, ALIGN_RIGHT,
              "%zu ahead, and further", r.reach);
    return true;
}
