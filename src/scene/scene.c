#include "scene/scene.h"

#include "scene/figure.h"
#include "scene/page_parts.h"

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
    struct regions r = {.header = rect_cut_top(&page, header, 0),
                        .rail = rect_cut_top(&page, rail, 0),
                        .controls = rect_cut_bottom(&page, controls, 0)};
    r.body = page;
    return r;
}

/* Is a number written in every cell that was drawn since item `from`; *ret_numbers: in how many? */
static bool has_numbers(const struct display_list *list, size_t from, size_t *ret_numbers)
{
    size_t cells = 0, numbers = 0;
    for (size_t i = from; i < list->n; i++) {
        const struct item *item = &list->items[i];
        if (item->kind == ITEM_HEATMAP && strcmp(item->part, "matrix") == 0)
            cells += item->as.heatmap.rows * item->as.heatmap.cols;
        numbers += item->kind == ITEM_TEXT && strcmp(item->part, "cell") == 0;
    }
    *ret_numbers = numbers;
    return numbers >= cells;
}

/* The sentence, and the step below it. Where its room would cost the matrices their numbers, the sentence is left out. */
static void draw_step(struct pen *pen, const struct view *view, struct rect area)
{
    void (*draw)(struct pen *, const struct view *, struct rect) =
        view_shows_draws(view) ? draws_figure_draw : figure_walk_draw;
    const struct display_mark mark = display_mark(pen->list);
    struct rect below = area;
    size_t with, without;
    strip_draw(pen, view, &below);
    draw(pen, view, below);
    if (below.h >= area.h || has_numbers(pen->list, mark.items, &with))
        return;
    display_rewind(pen->list, mark);
    draw(pen, view, area);
    has_numbers(pen->list, mark.items, &without);
    if (without > with)
        return;
    display_rewind(pen->list, mark);
    below = area;
    strip_draw(pen, view, &below);
    draw(pen, view, below);
}

/* The matrices and the panel: side by side, or one below the other on a page that is high and narrow. */
static void draw_walk(struct pen *pen, const struct view *view, struct rect body)
{
    float u = pen->scale, edge = fminf(margin * u, body.w * 0.03f), gap = 12 * u;
    float height = fmaxf(200 * u, body.h * 0.4f);
    float width = fmaxf(panel_least * u, fminf(panel_most * u, body.w * panel_share));
    bool high = body.w < 900 * u && body.h > body.w * 0.8f;
    body = (struct rect){body.x + edge, body.y + gap, body.w - 2 * edge, body.h - 2 * gap};
    struct rect panel = high ? rect_cut_bottom(&body, height, gap) : rect_cut_right(&body, width, gap);
    draw_step(pen, view, body);
    panel_draw(pen, view, panel);
}

/* A dark screen: the background is all of it. */
void blank_draw(struct pen *pen, const struct view *view, struct rect box)
{
    (void)pen;
    (void)view;
    (void)box;
}

#define PAGE_ROW(id, function, name, keys, label, help, ...)                                                           \
    [PAGE_##id] = {.title = label, .command = CMD_##id, .draw = function, __VA_ARGS__},
const struct page_info page_table[] = {
    [PAGE_WALK] = {.title = "Walk", .command = -1, .draw = draw_walk, .chooses = CHOOSES_CELLS}, PAGE_LIST(PAGE_ROW)};

#define PAGE_NAME(id, function, name, keys, label, help, ...) name,
const char *const page_names[] = {"walk", PAGE_LIST(PAGE_NAME) NULL};

void scene_build(const struct view *view, const struct measure *measure, struct display_list *list)
{
    display_clear(list);
    struct pen pen = {
        .list = list, .measure = measure, .theme = &theme_table[view->state->theme], .scale = view_scale(view)};
    list->page = (struct rect){0, 0, view->width, view->height};
    list->background = pen.theme->page;
    const struct page_info *page = &page_table[view->state->page];
    if (page->blank) {
        /* Black in every theme. */
        list->background = (struct colour){0, 0, 0, 255};
        page->draw(&pen, view, list->page);
        return;
    }
    struct regions r = regions_of(&pen, list->page);
    if (!view->lesson) { /* the first is being computed */
        struct ink ink = {FACE_SANS, 20 * pen.scale, 11 * pen.scale, pen.theme->text};
        pen_text_in(&pen, "opening", ink, list->page, ALIGN_CENTRE, view->message ? view->message : "");
        transport_draw(&pen, view, r.controls);
        return;
    }
    page->draw(&pen, view, r.body);
    bool in_place = view->field.on && page->chooses == CHOOSES_CELLS &&
                    (display_has(list, "field") || field_draw_in_place(&pen, view, r.body));
    if (view->field.on && !in_place) {
        field_draw(&pen, view, r.header);
        field_hint_draw(&pen, view, r.rail);
    } else {
        header_draw(&pen, view, r.header);
        rail_draw(&pen, view, r.rail);
    }
    transport_draw(&pen, view, r.controls);
    overlay_draw(&pen, view);
}

/* ---- from one page to another ---- */

/* Ease in and out. */
static float eased(float t)
{
    return t * t * (3 - 2 * t);
}

static float lerp(float a, float b, float t)
{
    return t < 1 ? a + (b - a) * t : b; /* exactly there at the end */
}

/* The heatmap of a group on a page. */
static const struct item *heatmap_of(const struct display_list *list, int group)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].group == group && list->items[i].kind == ITEM_HEATMAP &&
            strcmp(list->items[i].part, "matrix") == 0)
            return &list->items[i];
    return NULL;
}

/* Does the matrix of this group move from one page to the other? Only with the same cells in the same orientation. */
static bool moves(const struct display_list *from, const struct display_list *to, int group,
                  const struct item **ret_here, const struct item **ret_there)
{
    const struct item *a = *ret_here = group ? heatmap_of(from, group) : NULL;
    const struct item *b = *ret_there = a ? heatmap_of(to, group) : NULL;
    return b && a->as.heatmap.transposed == b->as.heatmap.transposed && a->as.heatmap.rows == b->as.heatmap.rows &&
           a->as.heatmap.cols == b->as.heatmap.cols && a->as.heatmap.row == b->as.heatmap.row &&
           a->as.heatmap.col == b->as.heatmap.col && a->as.heatmap.block_rows == b->as.heatmap.block_rows &&
           a->as.heatmap.block_cols == b->as.heatmap.block_cols;
}

static struct rect moved(struct rect r, struct rect from, struct rect to)
{
    float sx = to.w / from.w, sy = to.h / from.h;
    return (struct rect){to.x + (r.x - from.x) * sx, to.y + (r.y - from.y) * sy, r.w * sx, r.h * sy};
}

static struct item *add_copy(struct display_list *list, const struct display_list *from, const struct item *item)
{
    struct pen pen = {.list = list};
    size_t rows = item->as.heatmap.rows, cols = item->as.heatmap.cols;
    struct colour *colours = NULL;
    if (item->kind == ITEM_CURVE) {
        pen.group = item->group;
        pen_curve(&pen, item->part, item->fill, item->stroke, item->as.curve.n, from->points + item->as.curve.at);
        return list->failed ? NULL : &list->items[list->n - 1];
    }
    struct item *copy = item->kind == ITEM_HEATMAP ? pen_heatmap(&pen, item->part, item->box, rows, cols, &colours)
                                                   : pen_item(&pen, item->kind, item->part, item->box);
    if (!copy)
        return NULL;
    *copy = *item;
    if (colours) {
        memcpy(colours, &from->colours[item->as.heatmap.at], rows * cols * sizeof *colours);
        copy->as.heatmap.at = (size_t)(colours - list->colours);
    }
    if (item->kind == ITEM_TEXT) {
        const char *text = display_item_text(from, item);
        copy->as.text.at = list->texts.n;
        str_addn(&list->texts, text, strlen(text) + 1);
        list->failed |= list->texts.failed;
    }
    return copy;
}

static void fade(struct display_list *list, struct item *item, float share)
{
    item->fill.a = (uint8_t)lroundf((float)item->fill.a * share);
    item->border.a = (uint8_t)lroundf((float)item->border.a * share);
    if (item->kind == ITEM_HEATMAP)
        for (size_t i = 0; i < item->as.heatmap.rows * item->as.heatmap.cols; i++) {
            struct colour *c = &list->colours[item->as.heatmap.at + i];
            c->a = (uint8_t)lroundf((float)c->a * share);
        }
}

/* Is this drawn the same on both pages? Then it does not fade. */
static bool stays(const struct display_list *a, const struct item *x, const struct display_list *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct item *y = &b->items[i];
        if (y->kind != x->kind || memcmp(&y->box, &x->box, sizeof x->box) != 0 ||
            memcmp(&y->fill, &x->fill, sizeof x->fill) != 0 || memcmp(&y->border, &x->border, sizeof x->border) != 0 ||
            strcmp(y->part, x->part) != 0)
            continue;
        if (x->kind == ITEM_TEXT && strcmp(display_item_text(a, x), display_item_text(b, y)) != 0)
            continue;
        return true;
    }
    return false;
}

/* Items of the old page that are not on the new one. */
static void add_leaving(const struct display_list *from, const struct display_list *to, float share,
                        struct display_list *list)
{
    const struct item *here, *there;
    for (size_t i = 0; i < from->n && share > 0; i++) {
        const struct item *item = &from->items[i];
        if (item->kind == ITEM_HIT || moves(from, to, item->group, &here, &there) ||
            (!item->group && stays(from, item, to)))
            continue;
        struct item *copy = add_copy(list, from, item);
        if (copy)
            fade(list, copy, share);
    }
}

static void add_arriving(const struct display_list *from, const struct display_list *to, float t,
                         struct display_list *list)
{
    float late = fmaxf(0, 2 * t - 1);
    const struct item *here, *there;
    for (size_t i = 0; i < to->n; i++) {
        const struct item *item = &to->items[i];
        struct item *copy = add_copy(list, to, item);
        if (!copy)
            continue;
        if (moves(from, to, item->group, &here, &there)) {
            struct rect body = {lerp(here->box.x, there->box.x, t), lerp(here->box.y, there->box.y, t),
                                lerp(here->box.w, there->box.w, t), lerp(here->box.h, there->box.h, t)};
            struct rect box = moved(item->box, there->box, body);
            /* Texts keep their size while their cells move. */
            if (item->kind == ITEM_TEXT)
                box = (struct rect){box.x + (box.w - item->box.w) / 2, box.y + (box.h - item->box.h) / 2, item->box.w,
                                    item->box.h};
            copy->box = box;
        } else if (item->group || !stays(to, item, from)) {
            fade(list, copy, late);
        }
    }
}

void scene_mix(const struct display_list *from, const struct display_list *to, float t, struct display_list *list)
{
    display_clear(list);
    list->page = to->page;
    list->background = to->background;
    float e = eased(t < 0 ? 0 : t > 1 ? 1 : t);
    add_arriving(from, to, e, list);
    add_leaving(from, to, fmaxf(0, 1 - 2 * e), list);
    list->failed |= from->failed || to->failed;
}
