/* page_heads_lines.c: attention as lines: from the words that look, at the left, to those looked at, at the right. */
#include "scene/page_heads.h"

#include "scene/arithmetic.h"
#include "scene/text.h"
#include "scene/token_picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Weaker lines cannot be seen. Of more cells than CELLS_MOST only those of chosen words are drawn. */
static const double seen_least = 1.0 / 256;
enum { CELLS_MOST = 4096, NUMBERS_MOST = 8 };

/* One side: the words of an axis, one below the other. */
struct side {
    const struct axis *axis;
    size_t n;
    struct rect box;      /* of the labels */
    float size;           /* of their letters */
    size_t every;         /* only every n-th is written */
    float picture;        /* the side of the pictures between labels and lines; 0: the words have none */
    unsigned char *marks; /* owned; [n]: 2: chosen, 1: looked at much; these are written first */
};

/* A column of numbers beside the words looked at: what one word gives them in one head. */
struct number_column {
    size_t head, row;
};

struct lines {
    const struct heads_page *page;
    struct pen *pen;
    struct side left, right;
    struct number_column columns[NUMBERS_MOST];
    size_t n_columns, columns_left; /* shown, and those there is no room for */
    float number_width;
};

static float side_y(const struct side *s, size_t i)
{
    return s->box.y + s->box.h * ((float)i + 0.5f) / (float)s->n;
}

static double value_at(const struct heads_page *page, size_t head, size_t row, size_t col)
{
    return *tensor_at(&page->step->value, head, row, col);
}

static double strength(const struct heads_page *page, size_t head, size_t row, size_t col)
{
    double value = value_at(page, head, row, col);
    return isfinite(value) && page->most > 0 ? fabs(value) / page->most : 0;
}

/* ---- layout ---- */

static float widest_label(const struct pen *pen, const struct heads_page *page, const struct side *s)
{
    char buffer[TOKEN_LABEL];
    float widest = 0;
    for (size_t i = 0; i < s->n; i++) {
        const char *label = token_label(page->view, s->axis, page->focus, i, buffer);
        widest = fmaxf(widest, pen_width(pen, FACE_SANS_BOLD, s->size, label, strlen(label)));
    }
    return widest + 12 * pen->scale;
}

static struct side side_of(struct pen *pen, const struct heads_page *page, int axis, struct rect area)
{
    float u = pen->scale, least = 13 * u;
    struct side s = {.axis = &page->step->value.axis[axis], .n = page->step->value.axis[axis].size};
    area.h = fmaxf(area.h, 1);
    float row = area.h / (float)s.n;
    s.size = roundf(fminf(15 * u, fmaxf(row, least) / 1.3f));
    s.every = row >= least ? 1 : (size_t)ceilf(least / row);
    s.marks = calloc(s.n, 1);
    s.box = area;
    s.picture = s.every == 1 && token_is_pictured(page->view, s.axis) ? floorf(fminf(30 * u, row - 2)) : 0;
    s.box.w = fminf(widest_label(pen, page, &s) + s.picture, area.w * 0.3f);
    pen->list->failed |= !s.marks;
    return s;
}

/* Chosen words, and those that they look at most. */
static void mark(struct lines *l)
{
    const struct heads_page *page = l->page;
    if (!page->chosen || !l->left.marks || !l->right.marks)
        return;
    for (size_t r = 0; r < page->rows; r++)
        if (heads_shows_word(page, r))
            l->left.marks[r] = 2;
    for (size_t i = 0; i < l->n_columns; i++)
        for (size_t c = 0; c < page->cols; c++)
            if (strength(page, l->columns[i].head, l->columns[i].row, c) >= 0.05)
                l->right.marks[c] = 1;
}

static void add_column(struct lines *l, size_t head, size_t row, size_t room)
{
    if (l->n_columns < room && l->n_columns < NUMBERS_MOST)
        l->columns[l->n_columns++] = (struct number_column){head, row};
    else
        l->columns_left++;
}

/* Of all heads the numbers of the word looked at; of one head those of all words chosen. */
static void choose_numbers(struct lines *l, float room)
{
    const struct heads_page *page = l->page;
    float u = l->pen->scale;
    char text[NUMBER_TEXT] = "0.00";
    if (page->step->spec.scale != SCALE_SHARE)
        number_text(-page->most, 2, text);
    l->number_width = ink_width(l->pen, (struct ink){.face = FACE_MONO, .size = 13 * u}, text) + 10 * u;
    size_t most = room < l->number_width ? 1 : (size_t)(room / l->number_width);
    if (!page->chosen)
        return;
    const struct heads_view *heads = &page->view->state->heads;
    for (size_t h = 0; heads->all && h < page->heads; h++)
        add_column(l, h, page->word, most);
    if (!heads->all && heads->word > 0)
        add_column(l, page->focus, page->word, most);
    for (size_t r = 0; !heads->all && r < page->rows; r++)
        if (view_word_is_kept(page->view, r) && (r != page->word || heads->word == 0))
            add_column(l, page->focus, r, most);
}

/* ---- drawing ---- */

static void draw_line(struct lines *l, size_t head, size_t row, size_t col, double share)
{
    float u = l->pen->scale, x = l->left.box.x + l->left.box.w + 4 * u, end = l->right.box.x - 4 * u;
    float y = side_y(&l->left, row), to = side_y(&l->right, col);
    struct item *item = pen_item(l->pen, ITEM_LINE, "heads.line", (struct rect){x, y, end - x, to - y});
    if (!item)
        return;
    item->stroke = (0.7f + 5.3f * (float)share) * u;
    item->fill = head_colour(l->pen->theme, head);
    item->fill.a = (uint8_t)(40 + 215 * fmin(1, share));
}

/* Thin ones first, so that thick ones lie above them. */
static void draw_lines(struct lines *l)
{
    static const double from[] = {seen_least, 0.15, 0.5, INFINITY};
    const struct heads_page *page = l->page;
    bool all = page->view->state->heads.all;
    size_t first = all ? 0 : page->focus, end = all ? page->heads : first + 1;
    for (int pass = 0; pass < 3; pass++)
        for (size_t r = 0; r < page->rows; r++)
            for (size_t h = first; h < end && heads_shows_word(page, r); h++)
                for (size_t c = 0; c < page->cols; c++) {
                    double share = strength(page, h, r, c);
                    if (share >= from[pass] && share < from[pass + 1])
                        draw_line(l, h, r, c, share);
                }
}

/* Is the label of word i written? Marked ones are, and displace those around them. */
static bool is_written(const struct side *s, size_t i)
{
    size_t reach = s->every - 1, from = i > reach ? i - reach : 0, end = i + reach < s->n ? i + reach + 1 : s->n;
    if (s->every == 1)
        return true;
    for (size_t k = from; k < end && s->marks; k++)
        if (s->marks[k] > s->marks[i] || (k < i && s->marks[k] && s->marks[k] == s->marks[i]))
            return false;
    return (s->marks && s->marks[i]) || i % s->every == 0;
}

static void draw_label(struct lines *l, const struct side *s, size_t i, enum align align)
{
    const struct theme *t = l->pen->theme;
    float u = l->pen->scale, height = s->size * 1.4f;
    char buffer[TOKEN_LABEL];
    bool looks = s == &l->left;
    struct rect box = {s->box.x + (looks ? 0 : s->picture), side_y(s, i) - height / 2, s->box.w - s->picture, height};
    bool here = looks && l->page->view->state->heads.word > 0 && i == l->page->word;
    bool kept = looks && view_word_is_kept(l->page->view, i);
    token_draw(l->pen, l->page->view, s->axis, i,
               (struct rect){looks ? box.x + box.w : s->box.x, side_y(s, i) - s->picture / 2, s->picture, s->picture});
    if (here || kept)
        pen_fill(l->pen, here ? "heads.word.here" : "heads.word.kept", box, here ? t->accent : t->button_idle,
                 height / 2);
    struct ink ink = {here || kept ? FACE_SANS_BOLD : FACE_SANS, s->size, s->size * 0.7f,
                      here   ? t->on_accent
                      : kept ? colour_readable(t->text, t->button_idle)
                             : t->text};
    pen_text_in(l->pen, looks ? "heads.looks" : "heads.looked", ink,
                (struct rect){box.x + 6 * u, box.y, box.w - 12 * u, height}, align,
                token_label(l->page->view, s->axis, l->page->focus, i, buffer));
}

static void draw_numbers(struct lines *l, size_t col)
{
    float u = l->pen->scale, x = l->right.box.x + l->right.box.w, height = l->right.size * 1.4f;
    char text[NUMBER_TEXT];
    for (size_t i = 0; i < l->n_columns; i++, x += l->number_width) {
        const struct number_column *c = &l->columns[i];
        double value = value_at(l->page, c->head, c->row, col);
        bool little = strength(l->page, c->head, c->row, col) < 0.005;
        struct colour colour = colour_readable(head_colour(l->pen->theme, c->head), l->pen->theme->panel);
        struct ink ink = {FACE_MONO, fminf(13 * u, l->right.size), 8 * u,
                          little ? l->pen->theme->text_secondary : colour};
        pen_text_in(l->pen, "heads.weight", ink,
                    (struct rect){x, side_y(&l->right, col) - height / 2, l->number_width - 2 * u, height}, ALIGN_RIGHT,
                    number_text(value, 2, text));
    }
}

/* What each column of numbers adds up to, where it is a whole that is shared out. */
static void draw_sums(struct lines *l, struct rect line)
{
    float x = l->right.box.x + l->right.box.w;
    char text[NUMBER_TEXT], number[NUMBER_TEXT];
    for (size_t i = 0; i < l->n_columns && l->page->step->spec.distribution; i++, x += l->number_width) {
        double sum = 0;
        for (size_t c = 0; c < l->page->cols; c++)
            sum += value_at(l->page, l->columns[i].head, l->columns[i].row, c);
        snprintf(text, sizeof text, "Σ %.20s", number_text(sum, CELL_DECIMALS, number));
        pen_text_in(l->pen, "heads.column.sum", pen_ink(l->pen, FACE_MONO, 13, 8, l->pen->theme->text),
                    (struct rect){x, line.y, l->number_width - 2 * l->pen->scale, line.h}, ALIGN_RIGHT, text);
    }
}

/* Which head, or which word, a column of numbers is of. */
static void draw_number_heads(struct lines *l, float y, float height)
{
    float u = l->pen->scale, x = l->right.box.x + l->right.box.w;
    char buffer[LABEL_TEXT];
    for (size_t i = 0; i < l->n_columns && l->n_columns + l->columns_left > 1; i++, x += l->number_width) {
        const struct number_column *c = &l->columns[i];
        const char *label = axis_position(l->left.axis, c->head, c->row, buffer);
        if (l->page->view->state->heads.all)
            snprintf(buffer, sizeof buffer, "%zu", c->head + 1), label = buffer;
        struct ink ink = {FACE_SANS_BOLD, 12 * u, 9 * u,
                          colour_readable(head_colour(l->pen->theme, c->head), l->pen->theme->panel)};
        pen_text_in(l->pen, "heads.column", ink, (struct rect){x + 2 * u, y, l->number_width - 4 * u, height},
                    ALIGN_RIGHT, label);
    }
}

/* The head's name and what it does, or that all are drawn. */
static void draw_heading(struct pen *pen, const struct heads_page *page, struct rect *box)
{
    float u = pen->scale, claim = fminf(58 * u, box->h * 0.2f);
    char name[64];
    bool all = page->view->state->heads.all, off = !all && heads_is_off(page, page->focus);
    struct colour colour = colour_readable(head_colour(pen->theme, page->focus), pen->theme->panel);
    pen_textf(pen, "heads.heading", pen_ink(pen, FACE_SANS_BOLD, 17, 11, all ? pen->theme->text : colour),
              rect_cut_top(box, 22 * u, 0), ALIGN_LEFT, "%s%s",
              all ? "All heads at once" : heads_name(page, page->focus, name), off ? " (off)" : "");
    const struct words *claims = &page->view->lesson->head_claims;
    if (!all && page->focus < claims->n && claims->n == page->heads)
        rect_cut_top(box,
                     words_draw(pen, page->view, "heads.does", pen->theme->text_secondary, 14 * u,
                                (struct rect){box->x, box->y, box->w, claim}, claims->v[page->focus]),
                     0);
    rect_cut_top(box, 4 * u, 0);
}

/* What is left out, or which keys choose words. */
static void draw_note(struct lines *l, bool too_many, struct rect box)
{
    char text[160] = "";
    const struct heads_page *page = l->page;
    if (too_many)
        snprintf(text, sizeof text, "%zu × %zu lines are too many at once: choose one at the left.", page->rows,
                 page->cols);
    else if (l->columns_left)
        snprintf(text, sizeof text, "There is room for the numbers of %zu of %zu.", l->n_columns,
                 l->n_columns + l->columns_left);
    else if (!page->chosen)
        snprintf(text, sizeof text, "Click at the left (or ↑ ↓): its numbers.");
    else
        snprintf(text, sizeof text, "%sCtrl and click, or &: more at once. Esc: all.",
                 page->step->spec.distribution ? "Σ adds the exact numbers. " : "");
    if (l->n_columns)
        box.w = fmaxf(0, l->right.box.x + l->right.box.w - box.x);
    pen_text_in(l->pen, "heads.note", pen_ink(l->pen, FACE_SANS, 12, 9, l->pen->theme->text_secondary), box, ALIGN_LEFT,
                text);
}

void heads_lines_draw(struct pen *pen, const struct heads_page *page, struct rect box)
{
    float u = pen->scale;
    struct rect area = part_draw(pen, "heads.lines", box);
    draw_heading(pen, page, &area);
    struct rect captions = rect_cut_top(&area, 18 * u, 0), note = rect_cut_bottom(&area, 20 * u, 0);
    struct lines l = {.page = page, .pen = pen};
    l.left = side_of(pen, page, AXIS_ROW, area);
    l.right = side_of(pen, page, AXIS_COL, area);
    choose_numbers(&l, area.w * 0.6f - l.left.box.w - l.right.box.w);
    l.right.box.x = area.x + area.w - l.right.box.w - (float)l.n_columns * l.number_width;
    mark(&l);
    bool too_many = !page->chosen && page->rows * page->cols > CELLS_MOST;
    if (!too_many)
        draw_lines(&l);
    for (size_t i = 0; i < l.left.n; i++)
        if (is_written(&l.left, i))
            draw_label(&l, &l.left, i, ALIGN_RIGHT);
    for (size_t i = 0; i < l.right.n; i++)
        if (is_written(&l.right, i)) {
            draw_label(&l, &l.right, i, ALIGN_LEFT);
            draw_numbers(&l, i);
        }
    struct ink quiet = {FACE_SANS, 12 * u, 8 * u, pen->theme->text_secondary};
    captions.w = l.right.box.x + l.right.box.w - captions.x;
    struct rect looks = rect_cut_left(&captions, area.w * 0.5f - 8 * u, 8 * u);
    pen_text_in(pen, "heads.caption", quiet, looks, ALIGN_LEFT, "looks");
    pen_text_in(pen, "heads.caption", quiet, captions, ALIGN_RIGHT, "looked at");
    draw_number_heads(&l, captions.y, captions.h);
    draw_sums(&l, note);
    draw_note(&l, too_many, note);
    struct rect words = {l.left.box.x, area.y, fmaxf(l.left.box.w, 24 * u), area.h};
    pen_hit(pen, words, CMD_WORD, (int)page->rows);
    free(l.left.marks);
    free(l.right.marks);
}
