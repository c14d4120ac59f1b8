#include "scene/text.h"

#include "base/array.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a text in stretches ---- */

static const float line_height = 1.5f;

void spans_close(struct spans *s, enum role role, bool bold)
{
    size_t at = s->n ? s->v[s->n - 1].at + s->v[s->n - 1].n : 0;
    s->failed |= s->text.failed;
    if (s->text.n == at || s->failed)
        return;
    if (!array_reserve(&s->v, &s->capacity, s->n + 1, sizeof *s->v)) {
        s->failed = true;
        return;
    }
    s->v[s->n++] = (struct span){.at = at, .n = s->text.n - at, .role = role, .bold = bold, .live = {.step = -1}};
}

void spans_add_n(struct spans *s, const char *text, size_t n, enum role role, bool bold)
{
    str_addn(&s->text, text, n);
    spans_close(s, role, bold);
}

void spans_add(struct spans *s, const char *text, enum role role, bool bold)
{
    spans_add_n(s, text, strlen(text), role, bold);
}

void spans_add_plain(struct spans *s, const char *text)
{
    spans_add(s, text, ROLE_NONE, false);
}

void spans_finish(struct spans *s)
{
    str_finish(&s->text);
    free(s->v);
    *s = (struct spans){0};
}

void spans_done(struct pen *pen, struct spans *s)
{
    pen->list->failed |= s->failed;
    spans_finish(s);
}

/* "{K^T}" at p: the bytes inside, or 0 where it names no role. */
static size_t role_mark(const char *p, enum role *ret)
{
    const char *end = strchr(p, '}');
    if (!end || end - p > 8)
        return 0;
    size_t n = (size_t)(end - p) - 1;
    *ret = formula_role(p + 1, n);
    if (*ret == ROLE_NONE && n == 3 && strncmp(p + 2, "^T", 2) == 0)
        *ret = formula_role(p + 1, 1);
    return *ret == ROLE_NONE ? 0 : n;
}

/* A mark's text as it is shown: "W_Q", "Kᵀ". */
static void add_mark(struct spans *s, const char *name, size_t n, enum role role)
{
    if (n == 3 && name[1] == '^') {
        spans_add_n(s, name, 1, role, true);
        spans_add(s, "ᵀ", role, true);
    } else {
        spans_add_n(s, name, n, role, true);
    }
}

/* "$d_k$" at p: the bytes inside, or 0: a price is no formula. */
static size_t formula_mark(const char *p)
{
    const char *end = p[0] == '$' ? strchr(p + 1, '$') : NULL;
    return end && p[1] != ' ' && end[-1] != ' ' ? (size_t)(end - p) - 1 : 0;
}

static void add_formula(struct spans *s, const char *text, size_t n, bool bold)
{
    size_t before = s->n;
    spans_add_n(s, text, n, ROLE_NONE, bold);
    if (s->n > before)
        s->v[before].formula = true;
}

void spans_parse(struct spans *s, const char *narration)
{
    bool bold = false;
    const char *start = narration, *p = narration, *says;
    while (*p) {
        enum role role;
        struct live_cell cell;
        size_t mark, n;
        if (p[0] == '*' && p[1] == '*' && (bold || strstr(p + 2, "**"))) {
            spans_add_n(s, start, (size_t)(p - start), ROLE_NONE, bold);
            bold = !bold;
            start = p += 2;
        } else if ((mark = live_read_mark(p, &cell, &says, &n)) > 0) {
            spans_add_n(s, start, (size_t)(p - start), ROLE_NONE, bold);
            spans_add_n(s, says, n, ROLE_NONE, bold);
            if (s->n && n)
                s->v[s->n - 1].live = cell;
            start = p += mark;
        } else if ((mark = formula_mark(p)) > 0) {
            spans_add_n(s, start, (size_t)(p - start), ROLE_NONE, bold);
            add_formula(s, p + 1, mark, bold);
            start = p += mark + 2;
        } else if (p[0] == '{' && (mark = role_mark(p, &role)) > 0) {
            spans_add_n(s, start, (size_t)(p - start), ROLE_NONE, bold);
            add_mark(s, p + 1, mark, role);
            start = p += mark + 2;
        } else if (p[0] == '\n') {
            spans_add_n(s, start, (size_t)(p - start), ROLE_NONE, bold);
            bool paragraph = p[1] == '\n';
            while (*p == '\n')
                p++;
            if (*p)
                spans_add(s, paragraph ? "\n" : " ", ROLE_NONE, bold);
            start = p;
        } else {
            p++;
        }
    }
    spans_add_n(s, start, (size_t)(p - start), ROLE_NONE, bold);
}

static struct ink span_ink(const struct pen *pen, struct ink ink, const struct span *span)
{
    if (span->bold)
        ink.face = ink.face == FACE_MONO ? FACE_MONO_BOLD : ink.face == FACE_SANS ? FACE_SANS_BOLD : ink.face;
    if (span->role != ROLE_NONE)
        ink.colour = pen->theme->role[span->role];
    return ink;
}

/* Write n bytes of a span with the top of their line at y; returns the width. */
static float piece_draw(struct pen *pen, const char *part, struct ink ink, const struct span *span, float x, float y,
                        const char *text, size_t n)
{
    ink = span_ink(pen, ink, span);
    if (!span->formula)
        return pen_text_n(pen, part, ink, x, y, text, n);
    float size = roundf(ink.size);
    return formula_draw_n(pen, part, text, n, size, ink.face == FACE_SANS_BOLD, ink.colour, x, y + TEXT_BASELINE * size)
        .width;
}

static float piece_width(const struct pen *pen, struct ink ink, const struct span *span, const char *text, size_t n)
{
    struct pen measuring = pen_measuring(pen);
    return span->formula ? piece_draw(&measuring, "", ink, span, 0, 0, text, n)
                         : pen_width(pen, span_ink(pen, ink, span).face, roundf(ink.size), text, n);
}

/* Underline the terms in a piece of a text at x; *open: the last of them that is underlined, -1: none. Where a term is
 * on the page already, it is not underlined again, but all of one place is. */
static void draw_terms(struct pen *pen, struct ink ink, const struct spans *s, const struct span *span, float x,
                       float y, const char *text, size_t n, int *open)
{
    size_t at = (size_t)(text - s->text.v);
    for (size_t i = 0; i < s->n_terms && !pen->measures; i++) {
        const struct term_place *t = &s->terms[i];
        if (t->at >= at + n || t->at + t->n <= at || (*open != (int)i && term_is_on(pen->list, t->term)))
            continue;
        size_t from = t->at > at ? t->at - at : 0, to = t->at + t->n < at + n ? t->at + t->n - at : n;
        float line = roundf(ink.size) * (span->formula ? 1.4f : TEXT_HEIGHT); /* below a subscript */
        float left = span->formula ? 0 : piece_width(pen, ink, span, text, from);
        float right = piece_width(pen, ink, span, text, span->formula ? n : to);
        term_draw(pen, (struct rect){x + left, y, right - left, line}, t->term);
        *open = (int)i;
    }
}

float spans_width(const struct pen *pen, struct ink ink, const struct spans *s)
{
    float width = 0;
    for (size_t i = 0; i < s->n; i++)
        width += piece_width(pen, ink, &s->v[i], s->text.v + s->v[i].at, s->v[i].n);
    return width;
}

float spans_draw(struct pen *pen, const char *part, struct ink ink, const struct spans *s, float x, float y)
{
    float start = x;
    int open = -1;
    for (size_t i = 0; i < s->n; i++) {
        const char *text = s->text.v + s->v[i].at;
        draw_terms(pen, ink, s, &s->v[i], x, y, text, s->v[i].n, &open);
        x += piece_draw(pen, part, ink, &s->v[i], x, y, text, s->v[i].n);
    }
    return x - start;
}

/* The state of wrapping: which line, how far along it. */
struct wrapping {
    struct pen *pen;
    const char *part;
    struct ink ink;
    struct rect box;
    size_t first, line;
    float x, bottom;
    const struct spans *spans;
    const struct span *span; /* the one being written */
    int open;                /* which of the terms is being underlined; -1: none */
    bool in_word;            /* what comes next belongs to the word before it: "**it**," is one word of two spans */
};

static void new_line(struct wrapping *w)
{
    w->line++;
    w->x = 0;
}

/* One unbroken piece; written where its line is shown and fits. */
static void put(struct wrapping *w, struct ink ink, const char *text, size_t n, float width)
{
    float height = roundf(w->ink.size * line_height);
    if (w->line >= w->first) {
        float top = w->box.y + (float)(w->line - w->first) * height;
        if (top + height <= w->box.y + w->box.h + 0.5f) {
            struct rect place = {w->box.x + w->x, top, width, ink.size * TEXT_HEIGHT};
            if (w->spans->view && w->span->live.step >= 0)
                live_draw(w->pen, w->spans->view, &w->span->live, place);
            draw_terms(w->pen, w->ink, w->spans, w->span, place.x, top, text, n, &w->open);
            piece_draw(w->pen, w->part, w->ink, w->span, place.x, top, text, n);
            w->bottom = fmaxf(w->bottom, top + height);
        }
    }
    w->x += width;
}

/* The bytes of a word that fit the width: at least one character, so that wrapping always ends. */
static size_t fitting(const struct wrapping *w, struct ink ink, const char *text, size_t n, float room)
{
    size_t fits = 0;
    for (size_t i = 1; i <= n; i++) {
        if (i < n && ((unsigned char)text[i] & 0xC0) == 0x80)
            continue;
        if (fits > 0 && pen_width(w->pen, ink.face, ink.size, text, i) > room)
            break;
        fits = i;
    }
    return fits;
}

static void wrap_word(struct wrapping *w, struct ink ink, const char *text, size_t n)
{
    float width = piece_width(w->pen, w->ink, w->span, text, n);
    if (w->x > 0 && w->x + width > w->box.w)
        new_line(w);
    while (width > w->box.w && n > 1 && !w->span->formula) {
        size_t part = fitting(w, ink, text, n, w->box.w);
        if (part == n)
            break;
        put(w, ink, text, part, w->box.w);
        new_line(w);
        text += part;
        n -= part;
        width = pen_width(w->pen, ink.face, ink.size, text, n);
    }
    put(w, ink, text, n, width);
}

/* The width of a word from this place in a span to the next blank, which may be in a later span. */
static float word_width(const struct wrapping *w, const struct spans *s, size_t span, const char *text)
{
    float width = 0;
    for (; span < s->n; text = s->text.v + s->v[++span].at) {
        const char *end = s->text.v + s->v[span].at + s->v[span].n;
        size_t n = 0;
        while (text + n < end && (s->v[span].formula || (text[n] != ' ' && text[n] != '\n')))
            n++;
        width += piece_width(w->pen, w->ink, &s->v[span], text, n);
        if (text + n < end || span + 1 == s->n)
            break;
    }
    return width;
}

static void wrap_span(struct wrapping *w, const struct spans *s, size_t span)
{
    struct ink ink = span_ink(w->pen, w->ink, &s->v[span]);
    const char *text = s->text.v + s->v[span].at;
    size_t n = s->v[span].n;
    w->spans = s;
    w->span = &s->v[span];
    float space = pen_width(w->pen, ink.face, ink.size, " ", 1);
    while (n > 0) {
        size_t word = 0;
        while (word < n && (w->span->formula || (text[word] != ' ' && text[word] != '\n')))
            word++;
        if (text[0] == '\n') {
            new_line(w);
        } else if (text[0] == ' ') {
            w->x += w->x > 0 ? space : 0;
        } else {
            if (!w->in_word && w->x > 0 && w->x + word_width(w, s, span, text) > w->box.w)
                new_line(w);
            wrap_word(w, ink, text, word);
        }
        w->in_word = word > 0;
        word += word == 0; /* the blank */
        text += word;
        n -= word;
    }
}

size_t spans_wrap_from(struct pen *pen, const char *part, struct ink ink, const struct spans *s, struct rect box,
                       size_t first, float *ret_bottom)
{
    ink.size = roundf(ink.size);
    struct wrapping w = {.pen = pen, .part = part, .ink = ink, .box = box, .first = first, .bottom = box.y, .open = -1};
    for (size_t i = 0; i < s->n; i++)
        wrap_span(&w, s, i);
    *ret_bottom = w.bottom;
    return w.line + 1;
}

float spans_height(const struct pen *pen, struct ink ink, const struct spans *s, float width)
{
    struct pen quiet = pen_measuring(pen);
    float bottom;
    size_t lines = spans_wrap_from(&quiet, "", ink, s, (struct rect){0, 0, width, 0}, 0, &bottom);
    return (float)lines * roundf(roundf(ink.size) * line_height);
}

float spans_wrap(struct pen *pen, const char *part, struct ink ink, const struct spans *s, struct rect box)
{
    float bottom;
    while (ink.least > 0 && ink.size > ink.least && spans_height(pen, ink, s, box.w) > box.h)
        ink.size -= 1;
    spans_wrap_from(pen, part, ink, s, box, 0, &bottom);
    return bottom - box.y;
}
