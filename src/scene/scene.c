#include "scene/scene.h"

#include "scene/equation.h"
#include "scene/parts.h"

#include <math.h>
#include <string.h>

/* Measures in units of the design's grid. */
static const float panel_least = 220, panel_most = 400, panel_share = 0.32f, margin = 24;

/* Where the parts of the page are. */
struct regions {
    struct rect header, rail, body, controls;
};

static struct regions regions_of(const struct pen *pen, struct rect page)
{
    float u = pen->scale, tight = page.h < 640 * u ? 0.8f : 1;
    float header = roundf(48 * u * tight), rail = roundf(60 * u * tight), controls = roundf(52 * u * tight);
    struct regions r = {
        .header = {0, 0, page.w, header},
        .rail = {0, header, page.w, rail},
        .controls = {0, page.h - controls, page.w, controls},
    };
    float top = header + rail;
    r.body = (struct rect){0, top, page.w, page.h - controls - top};
    return r;
}

/* The matrices and the panel: side by side, or one below the other on a page that is high and narrow. */
static void draw_walk(struct pen *pen, const struct view *view, struct rect body)
{
    float u = pen->scale, edge = fminf(margin * u, body.w * 0.03f), gap = 12 * u;
    struct rect equation = {body.x + edge, body.y + gap, 0, 0}, panel;
    if (body.w < 900 * u && body.h > body.w * 0.8f) {
        float height = fmaxf(200 * u, body.h * 0.4f);
        panel = (struct rect){body.x + edge, body.y + body.h - height - gap, body.w - 2 * edge, height};
        equation.w = panel.w;
        equation.h = body.h - height - 3 * gap;
    } else {
        float width = fmaxf(panel_least * u, fminf(panel_most * u, body.w * panel_share));
        panel = (struct rect){body.x + body.w - edge - width, body.y + gap, width, body.h - 2 * gap};
        equation.w = panel.x - equation.x - gap;
        equation.h = panel.h;
    }
    equation_draw(pen, view, equation);
    panel_draw(pen, view, panel);
}

typedef void draw_page(struct pen *pen, const struct view *view, struct rect box);
static draw_page *const page_table[PAGE_COUNT] = {
    [PAGE_WALK] = draw_walk, [PAGE_OVERVIEW] = overview_draw, [PAGE_LESSONS] = lessons_draw,
    [PAGE_KEYS] = keys_draw, [PAGE_HEADS] = heads_draw,       [PAGE_MICROSCOPE] = microscope_draw,
};

/* Did a part of the page draw what is typed where it belongs? */
static bool has_field(const struct display_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->items[i].part, "field") == 0)
            return true;
    return false;
}

void scene_build(const struct view *view, const struct measure *measure, struct display_list *list)
{
    display_clear(list);
    struct pen pen = {list, measure, &theme_table[view->state->theme], view_scale(view), 0};
    list->page = (struct rect){0, 0, view->width, view->height};
    list->background = pen.theme->page;
    if (view->state->page == PAGE_BLANK) {
        /* A dark screen draws no eyes, whatever the theme. */
        list->background = (struct colour){0, 0, 0, 255};
        return;
    }
    struct regions r = regions_of(&pen, list->page);
    page_table[view->state->page](&pen, view, r.body);
    bool in_place = view->field.on && view->state->page == PAGE_WALK &&
                    (has_field(list) || field_draw_in_place(&pen, view, r.body));
    if (view->field.on && !in_place) {
        field_draw(&pen, view, r.header);
        field_hint_draw(&pen, view, r.rail);
    } else {
        header_draw(&pen, view, r.header);
        if (view->offer)
            offer_draw(&pen, view, r.rail);
        else
            rail_draw(&pen, view, r.rail);
    }
    transport_draw(&pen, view, r.controls);
    overlay_draw(&pen, view);
}

bool scene_cell_at(const struct display_list *list, float x, float y, struct cursor *ret)
{
    for (size_t i = list->n; i-- > 0;) {
        const struct item *item = &list->items[i];
        struct rect b = item->box;
        if (item->kind != ITEM_HEATMAP || strcmp(item->part, "matrix") != 0 || x < b.x || y < b.y || x >= b.x + b.w ||
            y >= b.y + b.h)
            continue;
        size_t row, col;
        heatmap_at(item, x, y, &row, &col);
        bool turned = item->as.heatmap.transposed;
        *ret = (struct cursor){.on = true,
                               .step = item->as.heatmap.step,
                               .head = item->as.heatmap.head,
                               .row = turned ? col : row,
                               .col = turned ? row : col};
        return true;
    }
    return false;
}
