/* strip.c: the sentence over the matrices: the word that looks, and arcs as wide as its weights. With a second sequence
 * the words looked at stand above those that look. */
#include "scene/figure.h"

#include "scene/arithmetic.h"
#include "scene/token_picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Measures in units of the design's grid. */
static const float chip_h = 28, picture_h = 40, padding = 10, chip_gap = 8, arcs_h = 44, between = 40, below_gap = 10,
                   body_least = 400, size_most = 15, size_least = 11;
static const double seen_least = 0.005, told_least = 0.095;
enum { WORDS_MOST = 128 };

/* Words side by side. */
struct line {
    const struct axis *axis;
    struct rect box;
    float size;                 /* of their letters */
    bool pictured;              /* drawn as parts of the picture */
    bool crowded;               /* there is room for the labels of few */
    float from[WORDS_MOST + 1]; /* where word i begins; the last entry: where the line ends */
};

struct strip {
    struct pen *pen;
    const struct view *view;
    int weights; /* on the tape; -1: no step says how much each word looks at each */
    size_t head, word;
    bool looks; /* the weights are computed, where the walk stands, and there is a word to look from */
    struct line looking, looked_at; /* looked_at.axis is NULL: they are the same words */
    struct rect told[WORDS_MOST];   /* where numbers are written */
    size_t n_told;
};

static const char *label_of(const struct strip *s, const struct line *line, size_t i, char buffer[TOKEN_LABEL])
{
    return token_label(s->view, line->axis, s->head, i, buffer);
}

static double weight_of(const struct strip *s, size_t col)
{
    return *tensor_at(&s->view->lesson->tape.steps[s->weights].value, s->head, s->word, col);
}

/* ---- which words ---- */

/* Rows that are the words of the sentence; NULL: no step has such. */
static const struct axis *words_axis(const struct lesson *lesson)
{
    for (size_t i = 0; i < lesson->tape.n; i++)
        if (lesson->tape.steps[i].value.axis[AXIS_ROW].labels == lesson->sentence.words.v)
            return &lesson->tape.steps[i].value.axis[AXIS_ROW];
    return NULL;
}

static bool same_words(const struct axis *a, const struct axis *b)
{
    return a->size == b->size && (a->labels == b->labels || (!a->labels && !b->labels));
}

/* Is there a word that the page looks from? One that was chosen, or that of the row pointed at, whose rows are words
 * that look. */
static bool is_looking(const struct view *view, const struct step *weights)
{
    struct cursor cell;
    const struct stop *stop = view_stop(view);
    const struct axis *rows = &weights->value.axis[AXIS_ROW];
    if (view->state->heads.word > 0)
        return true;
    if (view_cell(view, &cell))
        return same_words(&view_tape(view)->steps[cell.step].value.axis[AXIS_ROW], rows);
    return stop && stop->row >= 0 && same_words(&view_tape(view)->steps[view_step(view)].value.axis[AXIS_ROW], rows);
}

/* The colour of the word that looks: before there are weights, of what the step makes of it. */
static struct colour looking_colour(const struct strip *s)
{
    enum role role = view_tape(s->view)->steps[view_step(s->view)].spec.role;
    return s->pen->theme->role[s->weights < 0 && role ? role : ROLE_QUERY];
}

static struct strip strip_of(struct pen *pen, const struct view *view)
{
    const struct lesson *lesson = view->lesson;
    struct strip s = {.pen = pen, .view = view, .weights = tape_find_what(&lesson->tape, STEP_WEIGHTS)};
    s.looking.axis = words_axis(lesson);
    if (s.weights < 0)
        return s;
    const struct step *step = &lesson->tape.steps[s.weights];
    const struct axis *rows = &step->value.axis[AXIS_ROW], *cols = &step->value.axis[AXIS_COL];
    size_t heads = step->value.axis[AXIS_HEAD].size;
    s.head = heads > 1 && view_head(view) < heads ? view_head(view) : 0;
    s.word = view_word(view, step);
    s.looking.axis = rows;
    s.looked_at.axis = same_words(rows, cols) ? NULL : cols;
    s.looks = !view_comparing(view) && is_looking(view, step);
    if (!figure_has_come(view, s.weights))
        s.weights = -1;
    return s;
}

/* ---- where they stand ---- */

static float wanted(const struct strip *s, const struct line *line, size_t i, float size)
{
    char buffer[TOKEN_LABEL];
    struct ink ink = {.face = FACE_SANS_BOLD, .size = size};
    return ink_width(s->pen, ink, label_of(s, line, i, buffer)) + 2 * padding * s->pen->scale;
}

/* As wide as each wants to be, with what is left between them; in a crowd all alike. */
static void lay_out(const struct strip *s, struct line *line)
{
    float u = s->pen->scale, sum = 0, width[WORDS_MOST], height = line->box.h;
    size_t n = line->axis->size;
    line->pictured = token_is_pictured(s->view, line->axis);
    line->size = size_most * u;
    for (; line->size >= size_least * u; line->size -= u) {
        sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += width[i] = line->pictured ? height : wanted(s, line, i, line->size);
        if (sum + chip_gap * u * (float)n <= line->box.w)
            break;
    }
    line->crowded = line->size < size_least * u;
    line->size = fmaxf(line->size, size_least * u);
    float rest = fminf((line->box.w - sum) / (float)n, 56 * u), x = line->box.x;
    if (!line->crowded)
        x += (line->box.w - sum - rest * (float)n) / 2;
    for (size_t i = 0; i < n; i++) {
        line->from[i] = x;
        x += line->crowded ? line->box.w / (float)n : width[i] + rest;
    }
    line->from[n] = x;
    if (line->crowded)
        return;
    for (size_t i = 0; i < n; i++)
        line->from[i] += rest / 2;
    line->from[n] = x + rest / 2;
}

static struct rect chip_of(const struct strip *s, const struct line *line, size_t i)
{
    float x = line->from[i], w = line->pictured  ? line->box.h
                                 : line->crowded ? line->from[i + 1] - x
                                                 : wanted(s, line, i, line->size);
    return (struct rect){x, line->box.y, w, line->box.h};
}

static float middle_of(const struct strip *s, const struct line *line, size_t i)
{
    struct rect chip = chip_of(s, line, i);
    return chip.x + chip.w / 2;
}

/* ---- drawing ---- */

static bool is_told(const struct strip *s, const struct line *line, size_t i)
{
    const bool looked_at = line == &s->looked_at || !s->looked_at.axis;
    return s->weights >= 0 && s->looks && looked_at && weight_of(s, i) >= told_least;
}

static void draw_chip(const struct strip *s, const struct line *line, size_t i)
{
    struct pen *pen = s->pen;
    const struct theme *t = pen->theme;
    char buffer[TOKEN_LABEL];
    float u = pen->scale;
    struct rect chip = chip_of(s, line, i);
    bool looks = s->looks && line == &s->looking && i == s->word, told = is_told(s, line, i);
    struct colour fill = looks ? looking_colour(s) : t->panel;
    /* A finger needs more than a narrow word has; but the middle of a word is always its own. */
    const float target = fmaxf(chip.w, 24 * u);
    if (line == &s->looking && chip.w >= target / 2)
        pen_hit(pen, (struct rect){chip.x + (chip.w - target) / 2, chip.y, target, chip.h}, CMD_LOOK, (int)i);
    if (line->pictured) {
        token_draw(pen, s->view, line->axis, i, chip);
        if (looks || told)
            pen_frame(pen, "strip.frame", chip, looks ? looking_colour(s) : t->text, roundf(2 * u), 2 * u);
        return;
    }
    if (line->crowded && !looks && !told) {
        pen_fill(pen, "strip.tick", (struct rect){chip.x + 1, chip.y + chip.h * 0.4f, chip.w - 2, chip.h * 0.2f},
                 t->line, 0);
        return;
    }
    if (line->crowded) { /* what is named takes the place of its neighbours */
        float w = wanted(s, line, i, line->size);
        chip.x = fminf(fmaxf(line->box.x, chip.x + chip.w / 2 - w / 2), line->box.x + line->box.w - w), chip.w = w;
    }
    pen_fill(pen, looks ? "strip.looks" : "strip.word", chip, fill, chip.h / 2);
    if (!looks)
        pen_frame(pen, "strip.edge", chip, told ? t->text_secondary : t->line, fmaxf(1, roundf(u)), chip.h / 2);
    struct ink ink = {looks || told ? FACE_SANS_BOLD : FACE_SANS, line->size, line->size * 0.8f,
                      looks ? colour_readable(t->on_accent, fill) : t->text};
    pen_text_in(pen, "strip.label", ink, chip, ALIGN_CENTRE, label_of(s, line, i, buffer));
}

static bool overlap(struct rect a, struct rect b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/* The weight in a box around this place, where no other number stands; pointing at it is pointing at its cell. */
static void draw_number(struct strip *s, size_t i, float x, float y)
{
    float u = s->pen->scale;
    const struct cursor cell = {true, s->weights, s->head, s->word, i};
    struct rect box = {x - 20 * u, y - 9 * u, 40 * u, 18 * u};
    for (size_t k = 0; k < s->n_told; k++)
        if (overlap(box, s->told[k]))
            return;
    s->told[s->n_told++] = box;
    struct ink ink = pen_ink(s->pen, FACE_MONO_BOLD, 13, 0, s->pen->theme->role[ROLE_QUERY]);
    figure_number(s->pen, s->view, ink, box, ALIGN_CENTRE, &cell);
    figure_cell(s->pen, (struct rect){box.x, y - 12 * u, box.w, 24 * u}, &cell, 0, 0);
}

/* The arc from the word that looks to word i; with `number`, its weight instead. */
static void draw_arc(struct strip *s, size_t i, float longest, bool number)
{
    const struct line *to = s->looked_at.axis ? &s->looked_at : &s->looking;
    const double weight = weight_of(s, i);
    const bool above = to != &s->looking;
    /* A weight that is no share may be above 1, without bound: twice as wide as 1 is all there is room for. */
    float u = s->pen->scale, stroke = fmaxf((float)fmin(weight, 2) * STRIP_ARC * u, 0.75f);
    struct colour colour = s->pen->theme->role[ROLE_QUERY];
    colour.a = 150;
    struct point a = {middle_of(s, &s->looking, s->word), s->looking.box.y},
                 b = {middle_of(s, to, i), above ? to->box.y + to->box.h : to->box.y};
    float reach = fabsf(b.x - a.x), height = (arcs_h - 10) * u * (0.35f + 0.65f * (longest > 0 ? reach / longest : 0));
    /* Its upper edge, and the number over it, stay where an arc of weight 1 has them. */
    height -= fmaxf(0, stroke - STRIP_ARC * u) / 2;
    if (number && above)
        draw_number(s, i, b.x + (a.x - b.x) * 0.3f + 24 * u, b.y + (a.y - b.y) * 0.3f);
    else if (number && i != s->word)
        draw_number(s, i, (a.x + b.x) / 2, a.y - height - stroke / 2 - 9 * u);
    else if (above)
        pen_curve(s->pen, "strip.arc", colour, stroke, 2, (struct point[]){a, b});
    else if (!number && i == s->word)
        figure_arc(s->pen, "strip.arc", colour, stroke, (struct point){a.x - 9 * u, a.y},
                   (struct point){a.x + 9 * u, a.y}, 16 * u);
    else if (!number)
        figure_arc(s->pen, "strip.arc", colour, stroke, a, b, height);
}

static void draw_arcs(struct strip *s)
{
    const struct line *to = s->looked_at.axis ? &s->looked_at : &s->looking;
    const size_t n = to->axis->size;
    float longest = 0;
    for (size_t i = 0; i < n; i++)
        if (weight_of(s, i) >= seen_least)
            longest = fmaxf(longest, fabsf(middle_of(s, to, i) - middle_of(s, &s->looking, s->word)));
    for (size_t i = 0; i < n; i++)
        if (weight_of(s, i) >= seen_least)
            draw_arc(s, i, longest, false);
    /* The larger the weight, the earlier its number finds a place. */
    for (int tenths = 9; tenths >= 0; tenths--)
        for (size_t i = 0; i < n; i++)
            if (weight_of(s, i) >= told_least && (int)fmin(9, weight_of(s, i) * 10) == tenths)
                draw_arc(s, i, longest, true);
}

static void draw_line(const struct strip *s, const struct line *line)
{
    for (int named = 0; named < 2; named++)
        for (size_t i = 0; i < line->axis->size; i++) {
            bool is_named = (s->looks && line == &s->looking && i == s->word) || is_told(s, line, i);
            if (is_named == (named == 1))
                draw_chip(s, line, i);
        }
}

void strip_draw(struct pen *pen, const struct view *view, struct rect *area)
{
    struct strip s = strip_of(pen, view);
    float u = pen->scale;
    if (!s.looking.axis || s.looking.axis->size < 2 || s.looking.axis->size > WORDS_MOST ||
        (s.looked_at.axis && s.looked_at.axis->size > WORDS_MOST) || area->h < body_least * u ||
        view_comparing(view)) /* there are no arcs, and three matrices need the room for their digits */
        return;
    /* The room does not depend on what is pointed at: nothing moves then. */
    float room = s.looked_at.axis ? between * u : s.weights >= 0 ? arcs_h * u : 0;
    if (s.looked_at.axis) {
        float h = token_is_pictured(view, s.looked_at.axis) ? picture_h : chip_h;
        s.looked_at.box = rect_cut_top(area, h * u, 0);
        lay_out(&s, &s.looked_at);
    }
    rect_cut_top(area, room, 0);
    float h = token_is_pictured(view, s.looking.axis) ? picture_h : chip_h;
    s.looking.box = rect_cut_top(area, h * u, below_gap * u);
    lay_out(&s, &s.looking);
    if (s.weights >= 0 && s.looks)
        draw_arcs(&s);
    if (s.looked_at.axis)
        draw_line(&s, &s.looked_at);
    draw_line(&s, &s.looking);
}
