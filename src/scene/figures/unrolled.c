/* unrolled.c: a recurrent computation unrolled in time: its states one after the other as a film, as far as the walk has
 * come. Of linear attention what the current word adds to the state, and what it reads; of an encoder and a decoder the
 * one state through which everything goes. */
#include "scene/arithmetic.h"
#include "scene/figure.h"

#include <math.h>
#include <stdio.h>

/* Measures in units of the design's grid. */
static const float word_h = 24, slot_least = 44, thumb_most = 76, gap = 10, sign_w = 30, cell_most_w = 64,
                   cell_most_h = 34, number_w = 42, number_h = 18, caption_h = 24, labels_w = 76, arcs_h = 46,
                   note_h = 20;
enum { FRAMES_MOST = 256 };

struct film {
    struct pen *pen;
    const struct view *view;
    const struct tape *tape;
    int here;
    int frame[FRAMES_MOST]; /* on the tape: the states */
    size_t n, come;         /* how many there are, and how many the walk has come to */
    size_t read;            /* of an encoder and a decoder: how many are the encoder's; else n */
    const struct axis *words, *written;
    size_t head;
    double most; /* the largest magnitude of all states: the end of the colours */
};

static void add_frame(struct film *f, int step)
{
    const struct tensor *t = &f->tape->steps[step].value;
    if (f->n == FRAMES_MOST)
        return;
    f->frame[f->n++] = step;
    if (f->n == f->come + 1 && figure_has_come(f->view, step))
        f->come++;
    for (size_t i = 0; i < tensor_cells(t); i++)
        f->most = fmax(f->most, fabs(t->v[i]));
}

static void find_sums(struct film *f)
{
    for (size_t i = 0; i < f->tape->n; i++)
        if (f->tape->steps[i].spec.op == OP_ADD_OUTER) {
            add_frame(f, (int)i);
            f->words = &f->tape->steps[f->tape->steps[i].spec.in[1]].value.axis[AXIS_ROW];
        }
    f->read = f->n;
}

static void find_numbered(struct film *f, const char *format)
{
    char name[40];
    for (size_t i = 1; f->n < FRAMES_MOST; i++) {
        snprintf(name, sizeof name, "%s%zu", format, i);
        int step = tape_find(f->tape, name);
        if (step < 0)
            return;
        add_frame(f, step);
    }
}

static bool find(struct film *f)
{
    const int reads = tape_find(f->tape, "encoder_states"), writes = tape_find(f->tape, "decoder_states");
    find_sums(f);
    if (f->n == 0 && reads >= 0 && writes >= 0) {
        find_numbered(f, "encoder_state_");
        f->read = f->n;
        find_numbered(f, "decoder_state_");
        f->words = &f->tape->steps[reads].value.axis[AXIS_ROW];
        f->written = &f->tape->steps[writes].value.axis[AXIS_ROW];
    }
    return f->n > 0 && f->come > 0 && f->words->size == f->read;
}

static const char *word_of(const struct film *f, size_t i, char buffer[LABEL_TEXT])
{
    return i < f->read ? axis_position(f->words, f->head, i, buffer)
                       : axis_position(f->written, f->head, i - f->read, buffer);
}

/* ---- cells ---- */

/* A number as a coloured cell; `number`: written in it where it has room. */
static void draw_cell(const struct film *f, const struct cursor *cell, struct rect box, bool number)
{
    struct pen *pen = f->pen;
    const struct theme *t = pen->theme;
    const double value = *tensor_at(&f->tape->steps[cell->step].value, cell->head, cell->row, cell->col);
    float u = pen->scale;
    struct colour fill = value_colour(t, SCALE_SIGNED, f->most, value);
    pen_fill(pen, "unrolled.cell", box, fill, 0);
    pen_frame(pen, "unrolled.edge", box, t->line, fmaxf(1, roundf(u * 0.75f)), 0);
    if (number && box.w >= number_w * u && box.h >= number_h * u)
        figure_number(pen, f->view, pen_ink(pen, FACE_MONO, 14, 12, colour_readable(t->text, fill)), box, ALIGN_CENTRE,
                      cell);
    if (figure_is_lit(f->view, cell))
        pen_frame(pen, "figure.lit", box, t->accent, roundf(3 * u), 0);
    if (fminf(box.w, box.h) >= 5 * fmaxf(1, u))
        figure_cell(pen, box, cell, 0, 0);
}

/* Rows from .. from + rows - 1 of a step's plane; `down`: transposed. */
static void draw_grid(const struct film *f, int step, size_t from, size_t rows, bool down, struct rect box,
                      bool numbers)
{
    const size_t cols = f->tape->steps[step].value.axis[AXIS_COL].size;
    float w = box.w / (float)(down ? rows : cols), h = box.h / (float)(down ? cols : rows);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < cols; c++) {
            const struct cursor cell = {true, step, f->head, from + r, c};
            draw_cell(f, &cell,
                      (struct rect){box.x + w * (float)(down ? r : c), box.y + h * (float)(down ? c : r), w, h},
                      numbers);
        }
}

/* ---- the film ---- */

static void draw_place(const struct film *f, size_t i, struct rect slot, struct rect thumb)
{
    struct pen *pen = f->pen;
    const struct theme *t = pen->theme;
    char buffer[LABEL_TEXT];
    float u = pen->scale;
    struct rect word = {slot.x, thumb.y + thumb.h + (f->written ? 8 : 4) * u, slot.w, word_h * u};
    if (i >= f->come) { /* not there yet */
        pen_frame(pen, "unrolled.later", thumb, t->line, fmaxf(1, roundf(u)), 4 * u);
        return;
    }
    const struct tensor *value = &f->tape->steps[f->frame[i]].value;
    draw_grid(f, f->frame[i], 0, value->axis[AXIS_ROW].size, value->axis[AXIS_ROW].size == 1, thumb,
              f->written != NULL);
    const bool now = i + 1 == f->come;
    if (now)
        pen_frame(pen, "unrolled.now", rect_inset(thumb, -4 * u), t->accent, roundf(3 * u), 4 * u);
    pen_text_in(pen, "unrolled.word", pen_ink(pen, now ? FACE_SANS_BOLD : FACE_SANS, 15, 12, now ? t->accent : t->text),
                word, ALIGN_CENTRE, word_of(f, i, buffer));
}

/* Where frame i stands, of those shown from `from` on; between the encoder's and the decoder's a place is left free. */
static struct rect slot_of(const struct film *f, struct rect box, size_t from, size_t shown, size_t i)
{
    const size_t slots = shown + (f->written != NULL), at = i - from + (f->written && i >= f->read);
    float w = box.w / (float)slots;
    return (struct rect){box.x + w * (float)at, box.y, w, box.h};
}

static struct rect thumb_in(struct rect slot, float w, float h)
{
    return (struct rect){slot.x + (slot.w - w) / 2, slot.y, w, h};
}

static bool draw_film(const struct film *f, struct rect box, float w, float h)
{
    const struct theme *t = f->pen->theme;
    float u = f->pen->scale;
    size_t shown = (size_t)fmaxf(0, box.w / (slot_least * u)), from = 0;
    if (f->written && shown < f->n + 1)
        return false;
    shown = shown < f->n ? shown : f->n;
    if (shown < 2 && shown < f->n)
        return false;
    if (f->come > shown) /* the latest, and the one that comes next */
        from = f->come + 1 - shown + (f->come == f->n ? (size_t)-1 : 0);
    w = fminf(w, slot_of(f, box, from, shown, from).w * 0.72f);
    for (size_t i = from; i < from + shown && i < f->n; i++) {
        struct rect slot = slot_of(f, box, from, shown, i), thumb = thumb_in(slot, w, h);
        draw_place(f, i, slot, thumb);
        if (i == from || i >= f->come)
            continue;
        struct rect before = thumb_in(slot_of(f, box, from, shown, i - 1), w, h);
        struct point a = {before.x + w + 5 * u, slot.y + h / 2}, b = {thumb.x - 6 * u, slot.y + h / 2};
        figure_arrow(f->pen, "unrolled.arrow", t->text_secondary, 2.5f * u, a, b);
    }
    return true;
}

/* ---- what a word adds to the sum of all, and what it reads ---- */

static void draw_sign(const struct film *f, float x, struct rect like, const char *sign)
{
    float u = f->pen->scale;
    pen_text_in(f->pen, "unrolled.sign", pen_ink(f->pen, FACE_SANS_BOLD, 22, 14, f->pen->theme->text_secondary),
                (struct rect){x, like.y + like.h / 2 - 16 * u, sign_w * u, 32 * u}, ALIGN_CENTRE, sign);
}

/* The caption, or the shorter one where there is no room for it. */
static void draw_caption(const struct film *f, struct rect over, float y, const char *text, const char *shorter)
{
    float u = f->pen->scale;
    struct rect box = {over.x - 4 * u, y, over.w + 8 * u, caption_h * u};
    struct ink ink = pen_ink(f->pen, FACE_SANS, 15, 12, f->pen->theme->text_secondary), least = ink;
    least.size = ink.least;
    pen_text_in(f->pen, "unrolled.caption", ink, box, ALIGN_CENTRE,
                pen_fits(f->pen, least, box.w, text) ? text : shorter);
}

static void draw_row_names(const struct film *f, int step, struct rect grid, float cell_h)
{
    const struct axis *rows = &f->tape->steps[step].value.axis[AXIS_ROW];
    char buffer[LABEL_TEXT];
    float u = f->pen->scale;
    for (size_t i = 0; i < rows->size && cell_h >= 16 * u; i++)
        pen_text_in(f->pen, "unrolled.feature", pen_ink(f->pen, FACE_SANS, 15, 12, f->pen->theme->text_secondary),
                    (struct rect){grid.x - labels_w * u, grid.y + cell_h * (float)i, (labels_w - 8) * u, cell_h},
                    ALIGN_RIGHT, axis_position(rows, f->head, i, buffer));
}

/* The product of each feature of the key and each number of the value: coloured alike, and pointing at the sums. */
static void draw_added(const struct film *f, const struct step_spec *spec, size_t word, struct rect grid)
{
    const struct tensor *keys = &f->tape->steps[spec->in[1]].value, *values = &f->tape->steps[spec->in[2]].value;
    const size_t rows = keys->axis[AXIS_COL].size, cols = values->axis[AXIS_COL].size;
    float w = grid.w / (float)cols, h = grid.h / (float)rows;
    const struct theme *t = f->pen->theme;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < cols; c++) {
            const double product = *tensor_at(keys, f->head, word, r) * *tensor_at(values, f->head, word, c);
            struct rect box = {grid.x + w * (float)c, grid.y + h * (float)r, w, h};
            pen_fill(f->pen, "unrolled.added", box, value_colour(t, SCALE_SIGNED, f->most, product), 0);
            pen_frame(f->pen, "unrolled.edge", box, t->line, fmaxf(1, roundf(f->pen->scale * 0.75f)), 0);
        }
}

/* [before] + [key's column, value's row, their products] = [now] */
static void draw_sum(const struct film *f, struct rect box)
{
    struct pen *pen = f->pen;
    const size_t word = f->come - 1;
    const struct step_spec *spec = &f->tape->steps[f->frame[word]].spec;
    const struct axis *axis = f->tape->steps[f->frame[word]].value.axis;
    const size_t rows = axis[AXIS_ROW].size, cols = axis[AXIS_COL].size;
    char text[LABEL_TEXT + 16], buffer[LABEL_TEXT];
    float u = pen->scale, most_w = (box.w - (labels_w + 2 * sign_w + 8) * u) / (float)(3 * cols + 1),
          most_h = (box.h - (caption_h + 8) * u) / (float)(rows + 1);
    float w = fminf(cell_most_w * u, most_w), h = fminf(cell_most_h * u, most_h);
    if (w < 8 * u || h < 8 * u)
        return;
    float total = (labels_w + 2 * sign_w + 8) * u + w * (float)(3 * cols + 1);
    float x = box.x + (box.w - total) / 2 + labels_w * u, y = box.y + caption_h * u + h + 4 * u;
    struct rect before = {x, y, w * (float)cols, h * (float)rows};
    struct rect key = {before.x + before.w + sign_w * u, y, w, before.h};
    struct rect added = {key.x + w + 4 * u, y, before.w, before.h};
    struct rect now = {added.x + added.w + sign_w * u, y, before.w, before.h};
    draw_row_names(f, f->frame[word], before, h);
    draw_grid(f, spec->in[0], 0, rows, false, before, true);
    draw_sign(f, before.x + before.w, before, "+");
    draw_grid(f, spec->in[1], word, 1, true, key, true);
    draw_grid(f, spec->in[2], word, 1, false, (struct rect){added.x, y - h - 4 * u, added.w, h}, true);
    draw_added(f, spec, word, added);
    pen_frame(pen, "unrolled.key", key, pen->theme->role[ROLE_KEY], roundf(2 * u), 0);
    pen_frame(pen, "unrolled.value", (struct rect){added.x, y - h - 4 * u, added.w, h}, pen->theme->role[ROLE_VALUE],
              roundf(2 * u), 0);
    draw_sign(f, added.x + added.w, added, "=");
    draw_grid(f, f->frame[word], 0, rows, false, now, true);
    pen_frame(pen, "unrolled.now", rect_inset(now, -4 * u), pen->theme->accent, roundf(3 * u), 4 * u);
    draw_caption(f, before, y - caption_h * u - 4 * u, "the state before", "before");
    snprintf(text, sizeof text, "%s adds key times value", word_of(f, word, buffer));
    draw_caption(f, (struct rect){key.x, 0, added.x + added.w - key.x, 0}, box.y - 2 * u, text,
                 word_of(f, word, buffer));
    draw_caption(f, now, y - caption_h * u - 4 * u, "the state now", "now");
}

static bool draw_running(const struct film *f, struct rect box)
{
    char title[LABEL_TEXT + 48], buffer[LABEL_TEXT];
    float u = f->pen->scale;
    snprintf(title, sizeof title, "Word %zu of %zu: %s", f->come, f->n, word_of(f, f->come - 1, buffer));
    box = figure_title(f->pen, box, title, "each word is added into the same table; later ones are not there yet");
    rect_cut_top(&box, 6 * u, 0);
    float side = fminf(thumb_most * u, box.h - (word_h + 8) * u);
    const bool sum = box.h >= (thumb_most * 0.7f + word_h + gap + 110) * u;
    if (sum)
        side = fminf(side, (box.h - 110 * u) * 0.5f);
    if (side < 30 * u)
        return false;
    if (!draw_film(f, rect_cut_top(&box, side + (word_h + 4) * u, gap * u), side, side))
        return false;
    if (sum)
        draw_sum(f, box);
    return true;
}

/* ---- an encoder and a decoder ---- */

/* From the encoder's last state to each state that is shown it. */
static void draw_shown(const struct film *f, struct rect box, float w)
{
    const int shown = tape_find(f->tape, "shown");
    struct pen *pen = f->pen;
    float u = pen->scale;
    struct rect from = thumb_in(slot_of(f, box, 0, f->n, f->read - 1), w, 0);
    for (size_t i = f->read; i < f->come && shown >= 0; i++) {
        struct rect to = thumb_in(slot_of(f, box, 0, f->n, i), w, 0);
        float high = (arcs_h - 10) * u * (0.4f + 0.6f * (float)(i + 1 - f->read) / (float)(f->n - f->read));
        figure_arc(pen, "unrolled.shown", pen->theme->text, 2.5f * u, (struct point){from.x + w / 2, box.y - 5 * u},
                   (struct point){to.x + w / 2, box.y - 5 * u}, high);
    }
}

static bool draw_translator(const struct film *f, struct rect box)
{
    struct pen *pen = f->pen;
    const struct theme *t = pen->theme;
    const size_t numbers = f->tape->steps[f->frame[0]].value.axis[AXIS_COL].size;
    const bool writes = f->come > f->read, shown = tape_find(f->tape, "shown") >= 0;
    char title[LABEL_TEXT + 48], buffer[LABEL_TEXT];
    float u = pen->scale;
    if (!writes && f->tape->steps[f->here].spec.stage == STAGE_DECODE)
        snprintf(title, sizeof title, "All is read, writing begins");
    else if (writes)
        snprintf(title, sizeof title, "Writing: word %zu of %zu", f->come - f->read, f->n - f->read);
    else
        snprintf(title, sizeof title, "Reading: word %zu of %zu, %s", f->come, f->read,
                 word_of(f, f->come - 1, buffer));
    box = figure_title(pen, box, title, "each state takes the place of the one before; later ones are not there yet");
    rect_cut_top(&box, arcs_h * u, 0);
    float slot = box.w / (float)(f->n + 1), w = fminf(slot * 0.72f, cell_most_w * 1.2f * u),
          h = fminf(box.h - (word_h + note_h + 8) * u, cell_most_h * 1.4f * u * (float)numbers);
    if (h < 60 * u || w < 12 * u || !draw_film(f, box, w, h))
        return false;
    draw_shown(f, box, w);
    if (f->come >= f->read && shown) {
        struct rect last = slot_of(f, box, 0, f->n, f->read - 1), thumb = thumb_in(last, w, h);
        pen_frame(pen, "unrolled.neck", rect_inset(thumb, -7 * u), t->text, roundf(3 * u), 6 * u);
        struct rect note = {last.x - last.w * 1.5f, thumb.y + h + (word_h + 8) * u, last.w * 4, note_h * u};
        struct ink ink = pen_ink(pen, FACE_SANS_BOLD, 15, 12, t->text), least = ink;
        least.size = ink.least;
        snprintf(title, sizeof title, "the bottleneck: %zu numbers", numbers);
        pen_text_in(pen, "unrolled.note", ink, note, ALIGN_CENTRE,
                    pen_fits(pen, least, note.w, title) ? title : "the bottleneck");
    }
    return true;
}

bool unrolled_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct film f = {.pen = pen, .view = view, .tape = &view->lesson->tape};
    f.here = view->walk->steps[view_place(view).at].step;
    if (!find(&f))
        return false;
    const size_t heads = f.tape->steps[f.frame[0]].value.axis[AXIS_HEAD].size;
    f.head = heads > 1 && view_head(view) < heads ? view_head(view) : 0;
    const struct display_mark mark = display_mark(pen->list);
    if (f.written ? draw_translator(&f, box) : draw_running(&f, box))
        return true;
    display_rewind(pen->list, mark);
    return false;
}
