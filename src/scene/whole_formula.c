/* whole_formula.c: the whole mechanism on one line, the part that is being made now lit. */
#include "core/mechanism.h"
#include "scene/formula.h"
#include "scene/parts.h"
#include "scene/turned.h"

#include <math.h>
#include <string.h>

static bool is_written(const struct view *view, const struct formula_part *p)
{
    return walk_stage(view->walk, p->stage) >= 0 &&
           formula_applies(view->lesson->mechanism, p, &view->lesson->settings);
}

/* All that is written, and for each of its bytes the stage that makes it, counted from 1: a mark is no end of text. */
struct whole {
    struct str text, stages;
};

static struct whole whole_of(const struct view *view)
{
    struct whole w = {0}, turned = {0};
    for (const struct formula_part *p = view->lesson->mechanism->formula; p && p->text; p++) {
        const char stage = (char)(p->stage + 1);
        for (size_t i = 0; is_written(view, p) && p->text[i]; i++) {
            str_addn(&w.text, &p->text[i], 1);
            str_addn(&w.stages, &stage, 1);
        }
    }
    if (!view->state->columns)
        return w;
    turned_marked(&view->lesson->tape, str_text(&w.text), str_text(&w.stages), &turned.text, &turned.stages);
    turned.text.failed |= w.text.failed || w.stages.failed;
    str_finish(&w.text);
    str_finish(&w.stages);
    return turned;
}

/* From byte `at` on, the bytes of one stage, as a text. */
static size_t next_part(const struct whole *w, size_t at, struct str *ret)
{
    size_t n = 1;
    while (at + n < w->text.n && w->stages.v[at + n] == w->stages.v[at])
        n++;
    str_clear(ret);
    str_addn(ret, w->text.v + at, n);
    return at + n;
}

/* Its width at a size; drawn, too, where `draw`. */
static float set_parts(struct pen *pen, const struct whole *w, enum stage stage, float size, float x, float y,
                       bool draw)
{
    struct str part = {0};
    float start = x;
    for (size_t at = 0, next; at < w->text.n; at = next) {
        bool lit = w->stages.v[at] == (char)(stage + 1);
        next = next_part(w, at, &part);
        x += draw ? formula_draw(pen, lit ? "formula.lit" : "formula.whole", str_text(&part), size, lit,
                                 lit ? pen->theme->accent : pen->theme->quiet, x, y)
                        .width
                  : formula_measure(pen, str_text(&part), size, lit).width;
        pen->list->failed |= part.failed;
    }
    str_finish(&part);
    return x - start;
}

/* Not before its first part is made: to someone who sees the words of the first step it would say nothing yet. */
float whole_formula_draw(struct pen *pen, const struct view *view, enum stage stage, struct rect line)
{
    float u = pen->scale, size = 15 * u;
    struct whole w = whole_of(view);
    bool failed = w.text.failed || w.stages.failed;
    bool begun = !failed && w.text.n > 0 && strchr(str_text(&w.stages), (char)(stage + 1));
    if (begun) {
        float width = set_parts(pen, &w, stage, size, line.x, 0, false);
        if (width > line.w)
            size = floorf(size * line.w / width);
        begun = size >= 10 * u;
    }
    if (begun)
        set_parts(pen, &w, stage, size, line.x, line.y + 20 * u, true);
    pen->list->failed |= failed;
    str_finish(&w.text);
    str_finish(&w.stages);
    return begun ? 36 * u : 0;
}
