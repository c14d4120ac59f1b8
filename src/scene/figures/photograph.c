/* photograph.c: the picture whole. At the weights they lie on it: what the row looks at is bright, the rest is under a
 * veil; where parts of the picture look at words, ribbons lead to these. Where the numbers are pixels (the input, the
 * values, what was collected) they are drawn as a picture again. */
#include "scene/arithmetic.h"
#include "scene/figure.h"
#include "scene/token_picture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Measures in units of the design's grid. */
static const float caption_h = 24, pill_h = 20, panel_gap = 24, side_least = 72, row_most = 44, frame_w = 3;
/* A weight of at least so much has its number on the picture, whatever the others have. */
static const double told_least = 0.095;

struct photograph {
    struct pen *pen;
    const struct view *view;
    const struct tape *tape;
    int here, weights, pixels; /* on the tape: the step; the weights that it is or is made with, or -1; what its numbers
                                * are pixels of, or -1 */
    size_t head, row;
};

/* ---- what the step is ---- */

static const struct axis *axis_of(const struct photograph *p, int step, int axis)
{
    return &p->tape->steps[step].value.axis[axis];
}

static int weights_of(const struct tape *tape, int step)
{
    const struct step_spec *spec = &tape->steps[step].spec;
    const struct op_info *op = op_table[spec->op];
    if (spec->distribution)
        return step;
    if (op->form == FORM_PRODUCT && tape->steps[spec->in[0]].spec.distribution)
        return spec->in[0];
    return op->moves && op->n_inputs == 1 ? weights_of(tape, spec->in[0]) : -1;
}

/* The pixels that the numbers of a step are, or are mixtures of: the step itself, one with the same numbers, or what the
 * weights took. -1: its numbers are something else. */
static int pixels_of(const struct tape *tape, int step)
{
    const struct tensor *t = &tape->steps[step].value;
    const struct step_spec *spec = &tape->steps[step].spec;
    const struct op_info *op = op_table[spec->op];
    if (t->axis[AXIS_HEAD].size > 1)
        return -1;
    for (size_t i = 0; i < tape->n; i++) {
        const struct tensor *of = &tape->steps[i].value;
        if (of->pixels && tensor_same_shape(of, t) && memcmp(of->v, t->v, tensor_cells(t) * sizeof *t->v) == 0)
            return (int)i;
    }
    if (op->form == FORM_PRODUCT && tape->steps[spec->in[0]].spec.distribution)
        return pixels_of(tape, spec->in[1]);
    return op->moves && op->n_inputs == 1 ? pixels_of(tape, spec->in[0]) : -1;
}

static double weight_at(const struct photograph *p, size_t col)
{
    return *tensor_at(&p->tape->steps[p->weights].value, p->head, p->row, col);
}

static struct cursor weight_cell(const struct photograph *p, size_t col)
{
    return (struct cursor){true, p->weights, p->head, p->row, col};
}

/* ---- parts ---- */

static void draw_caption(const struct photograph *p, struct rect *box, const char *text)
{
    pen_text_in(p->pen, "photograph.caption", pen_ink(p->pen, FACE_SANS, 15, 10, p->pen->theme->text_secondary),
                rect_cut_top(box, caption_h * p->pen->scale, 0), ALIGN_CENTRE, text);
}

/* A number in a box of its own, that can be read on any picture. */
static void draw_pill(const struct photograph *p, const struct cursor *cell, struct rect part)
{
    struct pen *pen = p->pen;
    char number[NUMBER_TEXT];
    float u = pen->scale, h = fminf(pill_h * u, part.h);
    const double value = *tensor_at(&p->tape->steps[cell->step].value, cell->head, cell->row, cell->col);
    struct ink ink = pen_ink(pen, FACE_MONO_BOLD, 15, 0, pen->theme->text);
    const char *text = number_text(value, CELL_DECIMALS, number);
    if (!pen_fits(pen, ink, part.w - 6 * u, text))
        ink.size = 12 * u;
    float w = ink_width(pen, ink, text) + 8 * u;
    if (w > part.w || h < 14 * u)
        return;
    struct rect pill = {part.x + (part.w - w) / 2, part.y + (part.h - h) / 2, w, h};
    pen_fill(pen, "photograph.pill", pill, pen->theme->panel, h / 2);
    figure_number(pen, p->view, ink, pill, ALIGN_CENTRE, cell);
}

/* The frame of the part that looks. */
static void draw_looking(const struct photograph *p, const struct placed_picture *place, bool tag)
{
    struct pen *pen = p->pen;
    const struct theme *t = pen->theme;
    float u = pen->scale, stroke = roundf(frame_w * u);
    struct rect part = picture_part(place, p->row);
    pen_frame(pen, "photograph.edge", rect_inset(part, -stroke - roundf(u)), t->panel, roundf(u), 0);
    pen_frame(pen, "photograph.looking", rect_inset(part, -stroke), t->role[ROLE_QUERY], stroke, 0);
    struct ink ink = pen_ink(pen, FACE_SANS_BOLD, 12, 0, colour_readable(t->on_accent, t->role[ROLE_QUERY]));
    float w = ink_width(pen, ink, "looks") + 8 * u, h = 17 * u;
    if (!tag || w > part.w || part.h < h + pill_h * u)
        return;
    struct rect box = {part.x, part.y, w, h};
    pen_fill(pen, "photograph.tag", box, t->role[ROLE_QUERY], 0);
    pen_text_in(pen, "photograph.tag", ink, box, ALIGN_CENTRE, "looks");
}

static void draw_lit(const struct photograph *p, const struct cursor *cell, struct rect box)
{
    if (figure_is_lit(p->view, cell))
        pen_frame(p->pen, "figure.lit", box, p->pen->theme->accent, roundf(3 * p->pen->scale), 0);
}

static void draw_target(const struct photograph *p, const struct cursor *cell, struct rect box)
{
    if (fminf(box.w, box.h) >= 5 * fmaxf(1, p->pen->scale))
        figure_cell(p->pen, box, cell, 0, 0);
}

/* ---- the weights on the picture ---- */

static void draw_weights(const struct photograph *p, struct rect box)
{
    struct placed_picture place;
    const struct axis *cols = axis_of(p, p->weights, AXIS_COL);
    double top = 0;
    if (!picture_place(p->view, cols, box, &place))
        return;
    for (size_t i = 0; i < cols->size; i++)
        top = fmax(top, weight_at(p, i));
    picture_draw(p->pen, "photograph.picture", &place, figure_veil(0));
    for (size_t i = 0; i < cols->size; i++) {
        const double share = top > 0 ? weight_at(p, i) / top : 0;
        pen_fill(p->pen, "photograph.veil", picture_part(&place, i), figure_veil(share), 0);
    }
    if (token_is_pictured(p->view, axis_of(p, p->weights, AXIS_ROW)))
        draw_looking(p, &place, true);
    for (size_t i = 0; i < cols->size; i++) {
        const struct cursor cell = weight_cell(p, i);
        const double weight = weight_at(p, i);
        draw_lit(p, &cell, picture_part(&place, i));
        if (weight >= fmin(top, told_least) || figure_is_lit(p->view, &cell))
            draw_pill(p, &cell, picture_part(&place, i));
        draw_target(p, &cell, picture_part(&place, i));
    }
}

/* ---- numbers as a picture ---- */

/* The pixels of one row, in a box as wide and high as its part of the picture. */
static void draw_pixels(const struct photograph *p, size_t row, struct rect box)
{
    struct pen *pen = p->pen;
    const struct tensor *t = &p->tape->steps[p->here].value, *of = &p->tape->steps[p->pixels].value;
    const size_t colours = of->pixels == PIXELS_RGB ? 3 : 1, n = t->axis[AXIS_COL].size / colours;
    const size_t across = of->pixels_across ? of->pixels_across : 1, down = n / across;
    float u = pen->scale;
    for (size_t i = 0; i < n; i++) {
        float left = roundf(box.w * (float)(i % across) / (float)across),
              right = roundf(box.w * (float)(i % across + 1) / (float)across),
              top = roundf(box.h * (float)(i / across) / (float)down),
              bottom = roundf(box.h * (float)(i / across + 1) / (float)down);
        struct rect pixel = {box.x + left, box.y + top, right - left, bottom - top};
        double v[3];
        for (size_t c = 0; c < 3; c++)
            v[c] = fmin(1, fmax(0, *tensor_at(t, 0, row, i * colours + c % colours)));
        struct colour fill = {(uint8_t)lround(255 * v[0]), (uint8_t)lround(255 * v[1]), (uint8_t)lround(255 * v[2]),
                              255};
        pen_fill(pen, "photograph.pixel", pixel, fill, 0);
        for (size_t c = 0; c < colours; c++) {
            const struct cursor cell = {true, p->here, 0, row, i * colours + c};
            struct rect part = {pixel.x + pixel.w * (float)c / (float)colours, pixel.y, pixel.w / (float)colours,
                                pixel.h};
            struct ink ink = pen_ink(pen, FACE_MONO, 13, 12, colour_readable(pen->theme->text, fill));
            if (part.w >= 36 * u && part.h >= 16 * u)
                figure_number(pen, p->view, ink, part, ALIGN_CENTRE, &cell);
            draw_lit(p, &cell, part);
            draw_target(p, &cell, part);
        }
    }
}

static void draw_mosaic(const struct photograph *p, struct rect box)
{
    struct placed_picture place;
    const struct axis *rows = axis_of(p, p->here, AXIS_ROW);
    if (!picture_place(p->view, rows, box, &place))
        return;
    pen_fill(p->pen, "photograph.ground", place.box, p->pen->theme->panel, 0);
    for (size_t i = 0; i < rows->size; i++)
        draw_pixels(p, i, picture_part(&place, i));
    draw_looking(p, &place, false);
}

/* Of words, a line for each: the word, and the colour it has. */
static void draw_swatches(const struct photograph *p, struct rect box)
{
    struct pen *pen = p->pen;
    const struct axis *rows = axis_of(p, p->here, AXIS_ROW);
    char buffer[LABEL_TEXT];
    const bool stacked = p->tape->steps[p->pixels].value.pixels_across == 1 && axis_of(p, p->here, AXIS_COL)->size > 3;
    float u = pen->scale, h = fminf((stacked ? 3 : 1) * row_most * u, box.h / (float)rows->size);
    if (h < 16 * u)
        return;
    for (size_t i = 0; i < rows->size; i++) {
        struct rect line = rect_cut_top(&box, h, 0);
        struct rect word = rect_cut_left(&line, line.w * 0.4f, 10 * u);
        const bool looks = i == p->row;
        struct ink ink = pen_ink(pen, looks ? FACE_SANS_BOLD : FACE_SANS, 15, 12,
                                 looks ? pen->theme->role[ROLE_QUERY] : pen->theme->text);
        pen_text_in(pen, "photograph.word", ink, word, ALIGN_RIGHT, axis_position(rows, 0, i, buffer));
        line = (struct rect){line.x, line.y + 2 * u, fminf(line.w, 160 * u), line.h - 4 * u};
        draw_pixels(p, i, line);
        if (looks)
            pen_frame(pen, "photograph.looking", rect_inset(line, -2 * u), pen->theme->role[ROLE_QUERY],
                      roundf(frame_w * u), 0);
    }
}

/* ---- parts of the picture that look at words ---- */

static bool draw_plain(const struct photograph *p, const struct axis *axis, struct rect box, struct placed_picture *ret)
{
    if (!picture_place(p->view, axis, box, ret))
        return false;
    picture_draw(p->pen, "photograph.picture", ret, (struct colour){0});
    return true;
}

/* Words at the right, and a ribbon to each as wide as its weight. */
static void draw_to_words(const struct photograph *p, struct rect left, struct rect right)
{
    struct pen *pen = p->pen;
    const struct axis *cols = axis_of(p, p->weights, AXIS_COL);
    const struct theme *t = pen->theme;
    struct placed_picture place;
    char buffer[LABEL_TEXT];
    float u = pen->scale, h = fminf(row_most * u, right.h / (float)cols->size);
    if (!draw_plain(p, axis_of(p, p->weights, AXIS_ROW), left, &place) || h < 16 * u)
        return;
    struct rect from = picture_part(&place, p->row);
    float y = from.y + from.h / 2 - PHOTOGRAPH_RIBBON * u / 2;
    right.x += right.w * 0.2f, right.w = fminf(right.w * 0.8f, 220 * u);
    for (size_t i = 0; i < cols->size; i++) {
        const struct cursor cell = weight_cell(p, i);
        const double weight = weight_at(p, i);
        const struct rect word = rect_cut_top(&right, h, 0);
        const float width = PHOTOGRAPH_RIBBON * u * (float)weight;
        const bool strong = weight >= told_least, lit = figure_is_lit(p->view, &cell);
        struct colour ribbon = t->share;
        ribbon.a = lit ? 255 : 170;
        pen_curve(pen, "photograph.ribbon", ribbon, fmaxf(width, 0.75f), 2,
                  (struct point[]){{from.x + from.w, y + width / 2}, {word.x - 8 * u - width / 2, word.y + h / 2}});
        y += width;
        struct ink ink =
            pen_ink(pen, strong ? FACE_SANS_BOLD : FACE_SANS, 15, 12, strong ? t->text : t->text_secondary);
        pen_text_in(pen, "photograph.word", ink, (struct rect){word.x, word.y, word.w - 52 * u, word.h}, ALIGN_LEFT,
                    axis_position(cols, p->head, i, buffer));
        struct ink number = pen_ink(pen, strong ? FACE_MONO_BOLD : FACE_MONO, 15, 12, ink.colour);
        struct rect at = {word.x + word.w - 48 * u, word.y, 48 * u, word.h};
        figure_number(pen, p->view, number, at, ALIGN_RIGHT, &cell);
        draw_lit(p, &cell, rect_inset(word, -2 * u));
        draw_target(p, &cell, word);
    }
    draw_looking(p, &place, true);
}

/* The numbers that a part of the picture has got, as bars. */
static void draw_got(const struct photograph *p, struct rect left, struct rect right)
{
    struct pen *pen = p->pen;
    const struct theme *t = pen->theme;
    const struct tensor *value = &p->tape->steps[p->here].value;
    const struct axis *cols = &value->axis[AXIS_COL];
    struct placed_picture place;
    char buffer[LABEL_TEXT];
    double most = 0;
    float u = pen->scale, h = fminf(row_most * u, right.h / (float)cols->size);
    if (!draw_plain(p, &value->axis[AXIS_ROW], left, &place) || h < 16 * u)
        return;
    draw_looking(p, &place, false);
    for (size_t i = 0; i < cols->size; i++)
        most = fmax(most, fabs(*tensor_at(value, p->head, p->row, i)));
    for (size_t i = 0; i < cols->size; i++) {
        const struct cursor cell = {true, p->here, p->head, p->row, i};
        const double number = *tensor_at(value, p->head, p->row, i);
        struct rect line = rect_cut_top(&right, h, 0), all = line, word = rect_cut_left(&line, line.w * 0.4f, 10 * u);
        float length = most > 0 ? (line.w - 56 * u) * (float)(fabs(number) / most) : 0;
        pen_text_in(pen, "photograph.word", pen_ink(pen, FACE_SANS, 15, 12, t->text), word, ALIGN_RIGHT,
                    axis_position(cols, p->head, i, buffer));
        pen_fill(pen, "photograph.bar", (struct rect){line.x, line.y + h * 0.2f, fmaxf(length, 1), h * 0.6f},
                 number < 0 ? t->negative : t->positive, 0);
        figure_number(pen, p->view, pen_ink(pen, FACE_MONO_BOLD, 15, 12, t->text),
                      (struct rect){line.x + length + 6 * u, line.y, 50 * u, h}, ALIGN_LEFT, &cell);
        draw_lit(p, &cell, all);
        draw_target(p, &cell, all);
    }
}

/* ---- the figure ---- */

struct panels {
    struct rect left, right;
};

/* Side by side, or one below the other where that gives larger pictures. */
static struct panels split(const struct photograph *p, struct rect box)
{
    float u = p->pen->scale, gap = panel_gap * u;
    struct panels ret = {.left = box};
    if (box.w >= box.h * 1.1f)
        ret.right = rect_cut_right(&ret.left, (box.w - gap) / 2, gap);
    else
        ret.right = rect_cut_bottom(&ret.left, (box.h - 8 * u) / 2, 8 * u);
    return ret;
}

static void draw_titles(const struct photograph *p, struct rect *box)
{
    char title[LABEL_TEXT + 64], buffer[LABEL_TEXT];
    const char *name = axis_position(axis_of(p, p->here, AXIS_ROW), p->head, p->row, buffer), *note = NULL;
    /* A word is quoted, a part of the picture is not. */
    const bool word = !token_is_pictured(p->view, axis_of(p, p->here, AXIS_ROW));
    const char *open = word ? "“" : "", *close = word ? "”" : "";
    if (p->weights < 0)
        snprintf(title, sizeof title, "The picture as numbers");
    else if (p->here == p->weights)
        snprintf(title, sizeof title, "Where %s%s%s looks", open, name, close);
    else
        snprintf(title, sizeof title, "What %s%s%s has collected", open, name, close);
    if (p->here == p->weights)
        note = token_is_pictured(p->view, axis_of(p, p->weights, AXIS_COL)) ? "the larger the share, the clearer"
                                                                            : "the larger the share, the wider";
    *box = figure_title(p->pen, *box, title, note);
}

static void draw_panels(const struct photograph *p, struct panels panels, bool rows_pictured, bool cols_pictured)
{
    struct placed_picture place;
    if (p->pixels >= 0) {
        draw_caption(p, &panels.left, p->weights < 0 ? "the picture" : "where it looks");
        draw_caption(p, &panels.right, p->weights < 0 ? "out of its numbers" : "what was collected, as a picture");
    }
    if (p->weights < 0) {
        if (draw_plain(p, axis_of(p, p->here, AXIS_ROW), panels.left, &place))
            draw_looking(p, &place, false);
    } else if (cols_pictured)
        draw_weights(p, panels.left);
    else if (p->here == p->weights)
        draw_to_words(p, panels.left, panels.right);
    else
        draw_got(p, panels.left, panels.right);
    if (p->pixels >= 0 && rows_pictured)
        draw_mosaic(p, panels.right);
    else if (p->pixels >= 0)
        draw_swatches(p, panels.right);
}

bool photograph_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct photograph p = {.pen = pen, .view = view, .tape = &view->lesson->tape};
    p.here = view->walk->steps[view_place(view).at].step;
    p.weights = weights_of(p.tape, p.here);
    p.pixels = pixels_of(p.tape, p.here);
    const struct step *step = &p.tape->steps[p.here];
    const size_t heads = step->value.axis[AXIS_HEAD].size;
    p.head = view_head(view) < heads ? view_head(view) : 0;
    p.row = view_word(view, step);
    const bool rows = token_is_pictured(view, axis_of(&p, p.here, AXIS_ROW)),
               cols = p.weights >= 0 && token_is_pictured(view, axis_of(&p, p.weights, AXIS_COL));
    const float least = side_least * pen->scale;
    if (!(p.weights >= 0 ? rows || cols : rows && p.pixels >= 0))
        return false;
    const struct display_mark mark = display_mark(pen->list);
    draw_titles(&p, &box);
    struct panels panels = split(&p, box);
    if (fminf(panels.left.w, panels.left.h - caption_h * pen->scale) < least) {
        display_rewind(pen->list, mark);
        return false;
    }
    if (p.here == p.weights && cols)
        draw_weights(&p, box);
    else
        draw_panels(&p, panels, rows, cols);
    return true;
}
