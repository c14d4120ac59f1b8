/* live_number.c: numbers in a text that stand for cells. */
#include "scene/text.h"
#include "scene/view.h"

#include <math.h>
#include <stdio.h>

bool view_is_given(const struct view *view, int step)
{
    const struct step *s = &view->lesson->tape.steps[step];
    return s->spec.op == OP_INPUT && mechanism_input(view->lesson->mechanism, s->spec.name);
}

/* How many there are on the page already. */
static int count_live(const struct display_list *list)
{
    int n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += list->items[i].kind == ITEM_HIT && list->items[i].as.hit.command == CMD_LIVE;
    return n;
}

void live_draw(struct pen *pen, const struct view *view, const struct live_cell *cell, struct rect box)
{
    const struct cursor at = {true, cell->step, cell->head, cell->row, cell->col};
    const float u = pen->scale, thick = fmaxf(1, roundf(u)), dash = 3 * thick;
    bool looked_at = cursor_same(&view->state->cursor, &at);
    if (pen->measures || view_comparing(view))
        return;
    if (looked_at)
        pen_fill(pen, "live.lit", (struct rect){box.x - 2 * u, box.y, box.w + 4 * u, box.h}, pen->theme->button_idle,
                 3 * u);
    struct rect line = {box.x, box.y + box.h - thick, box.w, thick};
    if (view_is_given(view, cell->step))
        for (; line.x < box.x + box.w; line.x += 2 * dash) {
            line.w = fminf(dash, box.x + box.w - line.x);
            pen_fill(pen, "live.given", line, pen->theme->accent, 0);
        }
    else
        pen_fill(pen, "live", line, looked_at ? pen->theme->accent : pen->theme->line, 0);
    pen_hit(pen, box, CMD_LIVE, count_live(pen->list));
    if (pen->list->failed)
        return;
    pen->list->items[pen->list->n - 1].as.hit.cell = at;
}

void live_help(const struct view *view, const struct hit *hit, char ret[], size_t size)
{
    bool pinned = view->state->pinned && cursor_same(&view->state->cursor, &hit->cell);
    bool given = view_is_given(view, hit->cell.step) && view_tape(view)->steps[hit->cell.step].spec.scale != SCALE_MASK;
    snprintf(ret, size, "The cell of this number: click to %s it%s", pinned ? "let go of" : "pin",
             given ? "; drag left or right to change it" : "");
}
