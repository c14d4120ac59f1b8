/* field.c: a line of text while it is typed. */
#include "scene/parts.h"

#include <math.h>
#include <string.h>

/* The text as it stands on the screen: with what is being composed in the place of the selection. */
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

static size_t next_character(const char *text, size_t n, size_t at)
{
    at++;
    while (at < n && ((unsigned char)text[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* The first byte shown, so that the caret is inside; the last, so that nothing leaves the box. */
static void choose_window(const struct pen *pen, struct ink ink, const struct shown *s, float room, size_t *first,
                          size_t *end)
{
    const char *text = str_text(&s->text);
    while (*first < s->caret && pen_width(pen, ink.face, ink.size, text + *first, s->caret - *first) > room)
        *first = next_character(text, s->text.n, *first);
    *end = s->caret;
    while (*end < s->text.n) {
        size_t next = next_character(text, s->text.n, *end);
        if (pen_width(pen, ink.face, ink.size, text + *first, next - *first) > room)
            break;
        *end = next;
    }
}

void field_draw(struct pen *pen, const struct view *view, struct rect box)
{
    float u = pen->scale, label_w = 84 * u;
    const struct theme *t = pen->theme;
    pen_fill(pen, "header", box, t->panel, 0);
    struct ink label = {FACE_SANS_BOLD, 15 * u, 0, t->accent};
    pen_text_in(pen, "field.label", label, (struct rect){box.x + 24 * u, box.y, label_w, box.h}, ALIGN_LEFT,
                "Sentence");
    struct rect edge = {box.x + 24 * u + label_w, box.y + 5 * u, box.w - 48 * u - label_w, box.h - 10 * u};
    pen_fill(pen, "field", edge, t->page, 6 * u);
    pen_frame(pen, "field", edge, t->accent, fmaxf(2, roundf(2 * u)), 6 * u);

    struct ink ink = {FACE_SANS, roundf(17 * u), 0, t->text};
    struct rect inside = rect_inset(edge, 8 * u);
    struct shown s = shown_text(&view->field);
    const char *text = str_text(&s.text);
    size_t first = 0, end = 0;
    choose_window(pen, ink, &s, inside.w - 4 * u, &first, &end);
    float y = edge.y + (edge.h - ink.size * TEXT_HEIGHT) / 2, height = ink.size * TEXT_HEIGHT;
    size_t from = s.marked < first ? first : s.marked, to = s.marked + s.mark_n > end ? end : s.marked + s.mark_n;
    if (to > from) {
        float x = inside.x + pen_width(pen, ink.face, ink.size, text + first, from - first);
        float w = pen_width(pen, ink.face, ink.size, text + from, to - from);
        bool composing = view->field.composing.n > 0;
        struct rect mark = {x, composing ? y + height - 2 * u : y, w, composing ? 2 * u : height};
        pen_fill(pen, "field.mark", mark, composing ? t->accent : t->soft, 0);
    }
    pen_text_n(pen, "field.text", ink, inside.x, y, text + first, end - first);
    float caret = inside.x + pen_width(pen, ink.face, ink.size, text + first, s.caret - first);
    pen_fill(pen, "field.caret", (struct rect){roundf(caret), y, fmaxf(1, roundf(2 * u)), height}, t->accent, 0);
    pen->list->failed |= s.text.failed;
    str_finish(&s.text);
}
