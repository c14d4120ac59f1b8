#include "scene/display.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void display_clear(struct display_list *list)
{
    list->n = 0;
    list->n_colours = list->n_points = 0;
    list->failed = false;
    str_clear(&list->texts);
}

void display_finish(struct display_list *list)
{
    free(list->items);
    free(list->colours);
    free(list->points);
    str_finish(&list->texts);
    *list = (struct display_list){0};
}

struct display_mark display_mark(const struct display_list *list)
{
    return (struct display_mark){list->n, list->texts.n, list->n_colours, list->n_points};
}

void display_rewind(struct display_list *list, struct display_mark mark)
{
    list->n = mark.items;
    list->texts.n = mark.texts;
    list->n_colours = mark.colours;
    list->n_points = mark.points;
}

const char *display_item_text(const struct display_list *list, const struct item *item)
{
    /* A list that ran out of memory may hold the item and not its text. */
    if (item->kind != ITEM_TEXT || item->as.text.at >= list->texts.n)
        return "";
    return str_text(&list->texts) + item->as.text.at;
}

/* Along one axis: from where the box's side begins, and how long it is, to all of its squares. */
static void make_whole(float *from, float *length, size_t squares, size_t block, size_t first, size_t shown)
{
    if (block <= 1 || shown == 0)
        return;
    float cell = *length / (float)shown;
    *from -= (float)(first % block) * cell;
    *length = (float)(squares * block) * cell;
}

struct rect heatmap_whole(const struct item *heatmap)
{
    struct rect box = heatmap->box;
    make_whole(&box.y, &box.h, heatmap->as.heatmap.rows, heatmap->as.heatmap.block_rows, heatmap->as.heatmap.row,
               heatmap->as.heatmap.row_n);
    make_whole(&box.x, &box.w, heatmap->as.heatmap.cols, heatmap->as.heatmap.block_cols, heatmap->as.heatmap.col,
               heatmap->as.heatmap.col_n);
    return box;
}

/* What is seen of a square; nothing where none of it is. */
static struct rect seen_of(struct rect square, struct rect box)
{
    float right = fminf(square.x + square.w, box.x + box.w), foot = fminf(square.y + square.h, box.y + box.h);
    square.x = fmaxf(square.x, box.x);
    square.y = fmaxf(square.y, box.y);
    square.w = fmaxf(0, right - square.x);
    square.h = fmaxf(0, foot - square.y);
    return square;
}

struct rect heatmap_cell(const struct item *heatmap, size_t row, size_t col)
{
    const struct rect box = heatmap_whole(heatmap);
    float rows = (float)heatmap->as.heatmap.rows, cols = (float)heatmap->as.heatmap.cols, gap = heatmap->as.heatmap.gap;
    float h = (box.h - gap * (rows - 1)) / rows, w = (box.w - gap * (cols - 1)) / cols;
    float x = box.x + (float)col * (w + gap), y = box.y + (float)row * (h + gap);
    if (gap > 0)
        return (struct rect){x, y, w, h};
    /* A cell ends exactly where the next begins: else rounding leaves a line between two of them here and there. */
    struct rect cell = {x, y, box.x + (float)(col + 1) * w - x, box.y + (float)(row + 1) * h - y};
    bool whole = heatmap->as.heatmap.block_rows <= 1 && heatmap->as.heatmap.block_cols <= 1;
    return whole ? cell : seen_of(cell, heatmap->box);
}

bool cursor_same(const struct cursor *a, const struct cursor *b)
{
    return a->on == b->on && a->step == b->step && a->head == b->head && a->row == b->row && a->col == b->col;
}

/* How many of the matrix's rows, and columns, the box shows. */
static size_t rows_shown(const struct item *heatmap)
{
    return heatmap->as.heatmap.row_n ? heatmap->as.heatmap.row_n : heatmap->as.heatmap.rows;
}

static size_t cols_shown(const struct item *heatmap)
{
    return heatmap->as.heatmap.col_n ? heatmap->as.heatmap.col_n : heatmap->as.heatmap.cols;
}

struct rect heatmap_place(const struct item *heatmap, size_t row, size_t col)
{
    const struct rect box = heatmap->box;
    row -= heatmap->as.heatmap.row;
    col -= heatmap->as.heatmap.col;
    if (heatmap->as.heatmap.gap > 0)
        return heatmap_cell(heatmap, row, col);
    float h = box.h / (float)rows_shown(heatmap), w = box.w / (float)cols_shown(heatmap);
    float x = box.x + (float)col * w, y = box.y + (float)row * h;
    return (struct rect){x, y, box.x + (float)(col + 1) * w - x, box.y + (float)(row + 1) * h - y};
}

static size_t place_along(float share, size_t n)
{
    size_t at = share > 0 ? (size_t)(share * (float)n) : 0;
    return at < n ? at : n - 1;
}

bool display_has(const struct display_list *list, const char *part)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->items[i].part, part) == 0)
            return true;
    return false;
}

bool display_has_means(const struct display_list *list)
{
    bool means = false;
    for (size_t i = 0; i < list->n; i++)
        means = means || (list->items[i].kind == ITEM_HEATMAP &&
                          (list->items[i].as.heatmap.block_rows > 1 || list->items[i].as.heatmap.block_cols > 1));
    return means;
}

/* Half open, so that of two boxes that share an edge only one is hit. */
static bool is_in(struct rect box, float x, float y)
{
    return x >= box.x && x < box.x + box.w && y >= box.y && y < box.y + box.h;
}

static struct cursor cell_of(const struct item *heatmap, float x, float y)
{
    const struct rect b = heatmap->box;
    size_t row = heatmap->as.heatmap.row + place_along((y - b.y) / b.h, rows_shown(heatmap));
    size_t col = heatmap->as.heatmap.col + place_along((x - b.x) / b.w, cols_shown(heatmap));
    bool transposed = heatmap->as.heatmap.transposed;
    return (struct cursor){.on = true,
                           .step = heatmap->as.heatmap.step,
                           .head = heatmap->as.heatmap.head,
                           .row = transposed ? col : row,
                           .col = transposed ? row : col};
}

struct pointed display_at(const struct display_list *list, float x, float y)
{
    struct pointed at = {0};
    for (size_t i = list->n; i-- > 0 && !at.hit;)
        if (list->items[i].kind == ITEM_HIT && is_in(list->items[i].box, x, y))
            at.hit = &list->items[i];
    if (at.hit)
        at.cell = at.hit->as.hit.cell;
    for (size_t i = list->n; i-- > 0 && !at.cell.on;) {
        const struct item *item = &list->items[i];
        if (item->kind == ITEM_HEATMAP && strcmp(item->part, "matrix") == 0 && is_in(item->box, x, y))
            at.cell = cell_of(item, x, y);
    }
    return at;
}
