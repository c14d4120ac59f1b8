/* alignment.c: who looks at whom, for all words at once: every word that looks gives out a whole 1, as long as its bar,
 * in ribbons as wide as the weights; how much arrives at a word is the length of its own bar. */
#include "scene/arithmetic.h"
#include "scene/figure.h"

#include <math.h>
#include <stdio.h>

/* Measures in units of the design's grid. */
static const float word_h = 26, bar_h = 10, number_h = 20, gap_least = 10, ribbons_least = 50;
/* Weights from here on have their number, in the row looked at. */
static const double told_least = 0.095;

struct alignment {
    struct pen *pen;
    const struct view *view;
    const struct tape *tape;
    int weights;
    size_t head, row, rows, cols;
    float whole;              /* pixels of a weight of 1, along the bars */
    float from_y, to_y;       /* the ends of the ribbons: below at those that look, above at those looked at */
    struct rect below, above; /* the words of each side */
};

static double weight(const struct alignment *a, size_t row, size_t col)
{
    return *tensor_at(&a->tape->steps[a->weights].value, a->head, row, col);
}

/* What arrives at a word. */
static double arrives(const struct alignment *a, size_t col)
{
    double sum = 0;
    for (size_t i = 0; i < a->rows; i++)
        sum += weight(a, i, col);
    return sum;
}

/* Where the bar of a word that looks begins: all in slots of one width. */
static float from_x(const struct alignment *a, size_t row)
{
    float slot = a->below.w / (float)a->rows;
    return a->below.x + slot * (float)row + (slot - a->whole) / 2;
}

/* And that of a word looked at. What arrives can be as much as all give: then the bars touch, but lie in order. */
static float to_x(const struct alignment *a, size_t col)
{
    float rest = a->above.w - a->whole * (float)a->rows, x = a->above.x, gap = rest / (float)a->cols;
    for (size_t i = 0; i < col; i++)
        x += (float)arrives(a, i) * a->whole + gap;
    return x + gap / 2;
}

/* ---- ribbons ---- */

static void draw_ribbon(const struct alignment *a, size_t row, size_t col, float x, float to)
{
    const struct theme *t = a->pen->theme;
    const struct cursor cell = {true, a->weights, a->head, row, col};
    const bool looks = row == a->row, lit = figure_is_lit(a->view, &cell);
    float w = (float)weight(a, row, col) * a->whole;
    struct colour colour = lit ? t->accent : t->share;
    colour.a = lit ? 255 : looks ? 200 : 60;
    pen_polygon(a->pen, "alignment.ribbon", colour, 4, (float[]){x, x + w, to + w, to},
                (float[]){a->from_y, a->from_y, a->to_y, a->to_y});
}

/* The rows that do not look first, so that the one that does lies above them. */
static void draw_ribbons(const struct alignment *a)
{
    for (int looking = 0; looking < 2; looking++)
        for (size_t row = 0; row < a->rows; row++) {
            float x = from_x(a, row);
            for (size_t col = 0; col < a->cols; col++) {
                double before = 0;
                for (size_t i = 0; i < row; i++)
                    before += weight(a, i, col);
                if ((row == a->row) == (looking == 1))
                    draw_ribbon(a, row, col, x, to_x(a, col) + (float)before * a->whole);
                x += (float)weight(a, row, col) * a->whole;
            }
        }
}

/* ---- words ---- */

static void draw_looking(const struct alignment *a, size_t row)
{
    struct pen *pen = a->pen;
    const struct theme *t = pen->theme;
    char buffer[LABEL_TEXT];
    const bool looks = row == a->row;
    float u = pen->scale, slot = a->below.w / (float)a->rows, x = from_x(a, row);
    struct rect bar = {x, a->from_y, a->whole, bar_h * u},
                word = {a->below.x + slot * (float)row + 2 * u, a->below.y, slot - 4 * u, word_h * u};
    pen_fill(pen, looks ? "alignment.looks" : "alignment.gives", bar,
             looks ? t->role[ROLE_QUERY] : colour_mix(t->panel, t->share, 0.45f), 0);
    pen_text_in(pen, "alignment.word",
                pen_ink(pen, looks ? FACE_SANS_BOLD : FACE_SANS, 17, 12, looks ? t->role[ROLE_QUERY] : t->text), word,
                ALIGN_CENTRE, axis_position(&a->tape->steps[a->weights].value.axis[AXIS_ROW], a->head, row, buffer));
    if (slot >= 24 * u)
        pen_hit(pen, (struct rect){word.x, fminf(bar.y, word.y), word.w, word_h * u + bar.h}, CMD_LOOK, (int)row);
}

/* A word looked at, and above it what the row looked at gives it. */
static void draw_looked_at(const struct alignment *a, size_t col, struct rect numbers)
{
    struct pen *pen = a->pen;
    const struct theme *t = pen->theme;
    char buffer[LABEL_TEXT];
    const struct cursor cell = {true, a->weights, a->head, a->row, col};
    float u = pen->scale, x = to_x(a, col), w = (float)arrives(a, col) * a->whole;
    float left = col > 0 ? (to_x(a, col - 1) + (float)arrives(a, col - 1) * a->whole + x) / 2 : a->above.x,
          right = col + 1 < a->cols ? (x + w + to_x(a, col + 1)) / 2 : a->above.x + a->above.w;
    struct rect slot = {left + 2 * u, a->above.y, right - left - 4 * u, word_h * u};
    const bool told = weight(a, a->row, col) >= told_least || figure_is_lit(a->view, &cell);
    pen_fill(pen, "alignment.gets", (struct rect){x, a->to_y - bar_h * u, fmaxf(w, 1), bar_h * u},
             colour_mix(t->panel, t->share, 0.45f), 0);
    pen_text_in(pen, "alignment.word", pen_ink(pen, told ? FACE_SANS_BOLD : FACE_SANS, 17, 12, t->text), slot,
                ALIGN_CENTRE, axis_position(&a->tape->steps[a->weights].value.axis[AXIS_COL], a->head, col, buffer));
    struct rect number = {slot.x, numbers.y, slot.w, numbers.h};
    struct ink ink = pen_ink(pen, FACE_MONO_BOLD, 15, 12, t->role[ROLE_QUERY]);
    if (told && pen_fits(pen, (struct ink){ink.face, ink.least, ink.least, ink.colour}, slot.w, "0.00"))
        figure_number(pen, a->view, ink, number, ALIGN_CENTRE, &cell);
    if (slot.w >= 5 * fmaxf(1, u))
        figure_cell(pen, (struct rect){slot.x, numbers.y, slot.w, a->to_y - numbers.y}, &cell, 0, 0);
}

/* Is each row one whole that is shared out? */
static bool is_shared_out(const struct tape *tape, int step)
{
    const struct tensor *t = &tape->steps[step].value;
    const size_t cols = t->axis[AXIS_COL].size;
    for (size_t i = 0; i < tensor_cells(t); i += cols) {
        double sum = 0;
        for (size_t c = 0; c < cols; c++) {
            if (!(t->v[i + c] >= 0))
                return false;
            sum += t->v[i + c];
        }
        if (fabs(sum - 1) > 1e-9)
            return false;
    }
    return true;
}

/* The weights of the step, or those that it is made with: given ones, too. */
static int weights_of(const struct tape *tape, int step)
{
    const struct step_spec *spec = &tape->steps[step].spec;
    if (spec->distribution)
        return step;
    return op_table[spec->op]->form == FORM_PRODUCT && is_shared_out(tape, spec->in[0]) ? spec->in[0] : -1;
}

bool alignment_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct alignment a = {.pen = pen, .view = view, .tape = &view->lesson->tape};
    float u = pen->scale;
    char note[LABEL_TEXT + 64], buffer[LABEL_TEXT];
    a.weights = weights_of(a.tape, view->walk->steps[view_place(view).at].step);
    if (a.weights < 0)
        return false;
    const struct step *step = &a.tape->steps[a.weights];
    const size_t heads = step->value.axis[AXIS_HEAD].size;
    a.head = heads > 1 && view_head(view) < heads ? view_head(view) : 0;
    a.rows = step->value.axis[AXIS_ROW].size, a.cols = step->value.axis[AXIS_COL].size;
    a.row = view_word(view, step);
    float widest = 0;
    const struct ink word = {.face = FACE_SANS_BOLD, .size = 12 * u};
    for (size_t i = 0; i < a.rows; i++)
        widest = fmaxf(widest, ink_width(pen, word, axis_position(&step->value.axis[AXIS_ROW], a.head, i, buffer)));
    if (box.h < (50 + 2 * (word_h + bar_h) + number_h + ribbons_least) * u || a.rows > 64 || a.cols > 64 ||
        box.w < (gap_least * u + 24 * u) * (float)fmax((double)a.rows, (double)a.cols))
        return false;
    snprintf(note, sizeof note, "%s gives out a whole 1, the wider the more",
             axis_position(&step->value.axis[AXIS_ROW], a.head, a.row, buffer));
    box = figure_title(pen, box, "Who looks at whom", note);
    struct rect numbers = rect_cut_top(&box, number_h * u, 0);
    box.h = fminf(box.h, 420 * u);
    a.above = rect_cut_top(&box, word_h * u, 0);
    a.below = rect_cut_bottom(&box, word_h * u, 0);
    a.to_y = box.y + bar_h * u;
    a.from_y = box.y + box.h - bar_h * u;
    float slot = box.w / (float)a.rows;
    a.whole = fminf(fminf(slot * 0.6f, 130 * u), (box.w - (float)a.cols * gap_least * u) / (float)a.rows);
    draw_ribbons(&a);
    for (size_t i = 0; i < a.rows; i++)
        draw_looking(&a, i);
    for (size_t i = 0; i < a.cols; i++)
        draw_looked_at(&a, i, numbers);
    return true;
}
