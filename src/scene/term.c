/* term.c: terms of the glossary in a text: what can be pointed at, to be told its line. */
#include "scene/text.h"
#include "scene/view.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool term_is_on(const struct display_list *list, int term)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].kind == ITEM_HIT && list->items[i].as.hit.command == CMD_TERM &&
            list->items[i].as.hit.argument == term)
            return true;
    return false;
}

void term_draw(struct pen *pen, struct rect box, int term)
{
    const float dot = fmaxf(1, roundf(1.25f * pen->scale)), apart = 3 * dot;
    if (pen->measures)
        return;
    for (float x = box.x; x + dot <= box.x + box.w; x += apart)
        pen_fill(pen, "term", (struct rect){x, box.y + box.h - dot, dot, dot}, pen->theme->text_secondary, 0);
    pen_hit(pen, box, CMD_TERM, term);
}

/* Of the span that has these bytes of the text, make them one of its own, which is a formula. */
static void set_formula(struct spans *s, size_t at, size_t n)
{
    size_t i = 0, end = at + n;
    while (i < s->n && s->v[i].at + s->v[i].n < end)
        i++;
    if (i == s->n || s->v[i].at > at || s->v[i].formula)
        return;
    const struct span whole = s->v[i];
    const bool before = at > whole.at, after = whole.at + whole.n > end;
    if (!array_reserve(&s->v, &s->capacity, s->n + before + after, sizeof *s->v)) {
        s->failed = true;
        return;
    }
    memmove(&s->v[i + before + after], &s->v[i], (s->n - i) * sizeof *s->v);
    s->n += before + after;
    if (before) {
        s->v[i] = whole;
        s->v[i++].n = at - whole.at;
    }
    s->v[i] = whole;
    s->v[i].at = at, s->v[i].n = n, s->v[i].formula = true;
    if (after) {
        s->v[i + 1] = whole;
        s->v[i + 1].at = end, s->v[i + 1].n = whole.at + whole.n - end;
    }
}

void spans_find_terms(struct spans *s, const struct language *language)
{
    const char *text = str_text(&s->text);
    s->n_terms = s->failed ? 0 : language_find_terms(language, text, s->text.n, s->terms, SPANS_TERMS_MOST);
    for (size_t i = 0; i < s->n_terms; i++)
        if (memchr(text + s->terms[i].at, '_', s->terms[i].n))
            set_formula(s, s->terms[i].at, s->terms[i].n);
}

static void read_line(struct spans *s, const struct view *view, const char *narration)
{
    spans_finish(s);
    spans_parse(s, narration);
    spans_find_terms(s, view->lesson->language);
}

/* Leave out words at the end until it is narrow enough with "…"; false: not even the first word is. */
static bool cut_line(const struct pen *pen, struct ink ink, float width, const struct view *view, const char *narration,
                     struct spans *s)
{
    char cut[256];
    size_t n = strlen(narration);
    while (n > 0) {
        while (n > 0 && narration[n - 1] != ' ')
            n--;
        while (n > 0 && narration[n - 1] == ' ')
            n--;
        if (n == 0 || n + sizeof "…" > sizeof cut)
            continue;
        snprintf(cut, sizeof cut, "%.*s…", (int)n, narration);
        read_line(s, view, cut);
        if (spans_width(pen, ink, s) <= width)
            return true;
    }
    return false;
}

struct rect spans_in(struct pen *pen, const char *part, struct ink ink, struct rect box, const struct view *view,
                     const char *narration)
{
    struct spans s = {.view = NULL};
    struct rect ret;
    float least = ink.least > 0 ? ink.least : ink.size;
    read_line(&s, view, narration);
    ink.size = roundf(ink.size);
    while (spans_width(pen, ink, &s) > box.w && ink.size - 1 >= least)
        ink.size -= 1;
    if (spans_width(pen, ink, &s) <= box.w || cut_line(pen, ink, box.w, view, narration, &s)) {
        float height = ink.size * TEXT_HEIGHT;
        ret = (struct rect){box.x, box.y + (box.h - height) / 2, 0, height};
        ret.w = spans_draw(pen, part, ink, &s, ret.x, ret.y);
    } else {
        read_line(&s, view, narration);
        ret = pen_text_in(pen, part, ink, box, ALIGN_LEFT, str_text(&s.text));
    }
    spans_done(pen, &s);
    return ret;
}
