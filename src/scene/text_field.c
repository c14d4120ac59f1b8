/* text_field.c: a line of text while it is typed. */
#include "scene/page_parts.h"

#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The text as shown: what an input method composes stands in the place of the selection. */
struct shown {
    struct str text;
    size_t caret;          /* bytes */
    size_t marked, mark_n; /* the selection, or what is being composed */
};

static struct shown shown_text(const struct text_field *f)
{
    struct shown s = {0};
    size_t at = f->caret < f->anchor ? f->caret : f->anchor, end = f->caret < f->anchor ? f->anchor : f->caret;
    bool composing = f->composing.n > 0;
    str_addn(&s.text, str_text(&f->text), at);
    if (composing)
        str_add(&s.text, f->composing.v);
    else
        str_addn(&s.text, str_text(&f->text) + at, end - at);
    s.marked = at;
    s.mark_n = s.text.n - at;
    s.caret = composing ? s.text.n : f->caret;
    str_add(&s.text, str_text(&f->text) + end);
    return s;
}

/* The part of the line that has room in the box: bytes, at edges of characters. */
struct window {
    const struct pen *pen;
    struct ink ink;
    const char *text;
    size_t first, end;
    float left, room;
};

static bool fits(const struct window *w, size_t from, size_t to)
{
    return pen_width(w->pen, w->ink.face, w->ink.size, w->text + from, to - from) <= w->room;
}

/* The edges around byte `at`: the last one that is not after it, the first that is not before it. */
static void edges_around(const struct window *w, size_t n, size_t at, size_t *ret_before, size_t *ret_after)
{
    size_t edge = 0, next = 0;
    while (next < at) {
        edge = next;
        next = text_next_edge(w->text, n, edge);
    }
    *ret_before = next == at ? next : edge;
    *ret_after = next;
}

/* Choose the part of the line around the caret that fits. By bisection: measuring thousands of characters one by one
 * would be slower than typing. */
static void choose_window(struct window *w, const struct shown *s)
{
    size_t low = 0, high = s->caret, before, after;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        edges_around(w, s->text.n, middle, &before, &after);
        if (after >= s->caret || fits(w, after, s->caret))
            high = middle;
        else
            low = middle + 1;
    }
    edges_around(w, s->text.n, low, &before, &after);
    w->first = after < s->caret ? after : s->caret;
    low = s->caret;
    high = s->text.n;
    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;
        edges_around(w, s->text.n, middle, &before, &after);
        if (before <= s->caret || fits(w, w->first, before))
            low = middle;
        else
            high = middle - 1;
    }
    edges_around(w, s->text.n, low, &before, &after);
    w->end = before > s->caret ? before : s->caret;
}

/* The x of a byte of the line, clamped to the box: kerning can make a part wider than the whole. */
static float place_of(const struct window *w, size_t at)
{
    at = at < w->first ? w->first : at > w->end ? w->end : at;
    return w->left + fminf(w->room, pen_width(w->pen, w->ink.face, w->ink.size, w->text + w->first, at - w->first));
}

/* The line in its frame, with the caret. */
void field_line_draw(struct pen *pen, const struct view *view, struct ink ink, struct rect edge)
{
    float u = pen->scale;
    const struct theme *t = pen->theme;
    pen_fill(pen, "field", edge, t->page, 6 * u);
    pen_frame(pen, "field", edge, t->accent, fmaxf(2, roundf(2 * u)), 6 * u);
    struct rect inside = rect_inset(edge, 8 * u);
    struct shown s = shown_text(&view->field);
    struct window w = {.pen = pen, .ink = ink, .text = str_text(&s.text), .left = inside.x, .room = inside.w - 4 * u};
    choose_window(&w, &s);
    float y = edge.y + (edge.h - ink.size * TEXT_HEIGHT) / 2, height = ink.size * TEXT_HEIGHT;
    float from = place_of(&w, s.marked), to = place_of(&w, s.marked + s.mark_n);
    if (to > from) {
        bool composing = view->field.composing.n > 0;
        struct rect mark = {from, composing ? y + height - 2 * u : y, to - from, composing ? 2 * u : height};
        pen_fill(pen, "field.mark", mark, composing ? t->accent : t->button_idle, 0);
    }
    pen_text_n(pen, "field.text", ink, inside.x, y, w.text + w.first, w.end - w.first);
    struct rect caret = {roundf(place_of(&w, s.caret)), y, fmaxf(1, roundf(2 * u)), height};
    pen_fill(pen, "field.caret", caret, t->accent, 0);
    pen->list->failed |= s.text.failed;
    str_finish(&s.text);
}

void field_draw(struct pen *pen, const struct view *view, struct rect box)
{
    float u = pen->scale;
    struct ink label = {FACE_SANS_BOLD, 15 * u, 0, pen->theme->accent};
    pen_fill(pen, "header", box, pen->theme->panel, 0);
    struct rect line = {box.x + 24 * u, box.y, box.w - 48 * u, box.h};
    float label_w = fminf(box.w / 3, ink_width(pen, label, view->field.label) + 16 * u);
    pen_text_in(pen, "field.label", label, rect_cut_left(&line, label_w, 0), ALIGN_LEFT, view->field.label);
    struct rect edge = {line.x, box.y + 5 * u, line.w, box.h - 10 * u};
    field_line_draw(pen, view, (struct ink){FACE_SANS, roundf(17 * u), 0, pen->theme->text}, edge);
}

/* The place of the cell whose number is typed; false: it is not on the page. */
static bool find_cell(const struct pen *pen, const struct cursor *at, struct rect *ret, struct rect *ret_matrix)
{
    for (size_t i = pen->list->n; i-- > 0;) {
        const struct item *item = &pen->list->items[i];
        if (item->kind != ITEM_HEATMAP || item->as.heatmap.step != at->step || strcmp(item->part, "matrix") != 0)
            continue;
        bool turned = item->as.heatmap.transposed;
        *ret_matrix = item->box;
        *ret = heatmap_place(item, turned ? at->col : at->row, turned ? at->row : at->col);
        return true;
    }
    return false;
}

bool field_draw_in_place(struct pen *pen, const struct view *view, struct rect page)
{
    float u = pen->scale, width = 120 * u, height = 34 * u;
    struct rect cell, matrix;
    if (!view->field.at.on || !find_cell(pen, &view->field.at, &cell, &matrix))
        return false;
    struct rect edge = {cell.x + cell.w / 2 - width / 2, cell.y + cell.h / 2 - height / 2, width, height};
    /* The labels beside the matrix stay visible. */
    edge.x = fmaxf(matrix.x, fminf(page.x + page.w - width, edge.x));
    edge.y = fmaxf(page.y, fminf(page.y + page.h - height, edge.y));
    field_line_draw(pen, view, (struct ink){FACE_MONO, roundf(17 * u), 0, pen->theme->text}, edge);
    return true;
}

void field_hint_draw(struct pen *pen, const struct view *view, struct rect box)
{
    float u = pen->scale;
    const char *said = view->message;
    struct spans text = {0};
    spans_add_plain(&text, said ? said : view->field.hint);
    struct ink ink = {FACE_SANS, 16 * u, 0, said ? pen->theme->text : pen->theme->text_secondary};
    struct rect inside = {box.x + 24 * u, box.y, box.w - 48 * u, box.h};
    while (spans_height(pen, ink, &text, inside.w) > inside.h && ink.size > 9 * u)
        ink.size -= 1;
    float height = spans_height(pen, ink, &text, inside.w);
    inside.y += fmaxf(0, (inside.h - height) / 2);
    inside.h = fminf(inside.h, height + 1);
    pen_fill(pen, "field.hints", box, pen->theme->panel, 0);
    spans_wrap(pen, "field.hint", ink, &text, inside);
    pen_fill(pen, "header.line", (struct rect){box.x, box.y + box.h - 1, box.w, 1}, pen->theme->line, 0);
    spans_done(pen, &text);
}
