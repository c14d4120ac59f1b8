/* focus.c: which control of the page keys have reached, and which the pointer rests on, so that what it does is told. */
#include "app/app_parts.h"

/* Seconds the pointer rests on a control before it is told what it does. */
static const double tip_after = 0.6;

static bool is_control(const struct item *item)
{
    const int asked = item->as.hit.command;
    return item->kind == ITEM_HIT && asked >= 0 && asked != CMD_NOTHING && asked != CMD_CELL;
}

static bool same_widget(const struct widget *widget, const struct item *item)
{
    return widget->on && widget->command == item->as.hit.command && widget->argument == item->as.hit.argument;
}

/* Go through the page's controls from the one in focus; at the end they begin anew. */
void focus_move(struct app *app, int by)
{
    const bool forward = by > 0;
    struct widget *focus = &app->input.focus;
    const struct display_list *page = &app->page;
    size_t at = page->n;
    for (size_t i = 0; i < page->n && at == page->n; i++)
        if (is_control(&page->items[i]) && same_widget(focus, &page->items[i]))
            at = i;
    for (size_t k = 1; k <= page->n; k++) {
        size_t start = at < page->n ? at : forward ? page->n - 1 : 0;
        const struct item *item = &page->items[(forward ? start + k : start + page->n - k) % page->n];
        if (!is_control(item) || same_widget(focus, item))
            continue;
        *focus = (struct widget){true, item->as.hit.command, item->as.hit.argument};
        return;
    }
}

void focus_rest(struct app *app, const struct item *hit)
{
    struct widget *tip = &app->input.tip;
    bool control = hit && is_control(hit);
    if (control && same_widget(&app->input.under, hit))
        return;
    app->dirty = app->dirty || tip->on;
    tip->on = false;
    app->input.under = control ? (struct widget){true, hit->as.hit.command, hit->as.hit.argument} : (struct widget){0};
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

void focus_term(struct app *app, int term)
{
    app->input.tip = app->input.under = (struct widget){true, CMD_TERM, term};
}
