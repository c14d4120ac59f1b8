#include "app/focus.h"

#include "app/parts.h"

/* Seconds the pointer rests on a control before it is told what it does. */
static const double tip_after = 0.6;

static bool is_control(const struct item *item)
{
    return item->kind == ITEM_HIT && item->as.hit.command >= 0 && item->as.hit.command != CMD_NOTHING;
}

static bool same(const struct widget *widget, const struct item *item)
{
    return widget->on && widget->command == item->as.hit.command && widget->argument == item->as.hit.argument;
}

/* Go through the page's controls from the one in focus; at the end they begin anew. */
static void move(struct app *app, bool forward)
{
    struct widget *focus = &app->input.focus;
    const struct display_list *page = &app->page;
    size_t at = page->n;
    for (size_t i = 0; i < page->n && at == page->n; i++)
        if (is_control(&page->items[i]) && same(focus, &page->items[i]))
            at = i;
    for (size_t k = 1; k <= page->n; k++) {
        size_t start = at < page->n ? at : forward ? page->n - 1 : 0;
        const struct item *item = &page->items[(forward ? start + k : start + page->n - k) % page->n];
        if (!is_control(item) || same(focus, item))
            continue;
        *focus = (struct widget){true, item->as.hit.command, item->as.hit.argument};
        return;
    }
}

void focus_next(struct app *app, int argument)
{
    (void)argument;
    move(app, true);
}

void focus_previous(struct app *app, int argument)
{
    (void)argument;
    move(app, false);
}

bool focus_press(struct app *app)
{
    struct widget focus = app->input.focus;
    if (!focus.on || !widget_find(&app->page, &focus))
        return false;
    app->input.focus.on = false; /* it may be the control that Enter itself is */
    app_command(app, focus.command, focus.argument);
    app->input.focus = focus;
    return true;
}

void focus_point(struct app *app, float x, float y)
{
    struct widget *tip = &app->input.tip;
    const struct item *hit = app->input.press.kind == PRESS_NONE ? display_hit(&app->page, x, y) : NULL;
    if (hit && is_control(hit) && same(&app->input.under, hit))
        return;
    app->dirty = app->dirty || tip->on;
    tip->on = false;
    app->input.under = hit && is_control(hit) ? (struct widget){true, hit->as.hit.command, hit->as.hit.argument}
                                      : (struct widget){0};
    app->input.tip_due = app->now + tip_after;
}

double focus_tick(struct app *app)
{
    if (!app->input.under.on || app->input.tip.on)
        return -1;
    if (app->now < app->input.tip_due)
        return app->input.tip_due - app->now;
    app->input.tip = app->input.under;
    app->dirty = true;
    return -1;
}
