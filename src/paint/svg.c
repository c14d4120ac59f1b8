#include "paint/svg.h"
#include "paint/shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- shapes ---- */

static void add_rect(struct str *to, SDL_Rect rect, struct colour fill)
{
    str_addf(to, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", rect.x, rect.y, rect.w, rect.h);
    xml_add_colour(to, "fill", fill);
}

/* The edge lies inside the box; SVG strokes along the middle of the edge. */
static void add_edge(struct str *to, const struct box_form *form, struct colour fill, struct colour border)
{
    float inset = (float)form->stroke / 2, radius = (float)form->corner - inset;
    str_add(to, "<rect");
    xml_add_box(to, (struct rect){(float)form->box.x + inset, (float)form->box.y + inset,
                                  (float)form->box.w - 2 * inset, (float)form->box.h - 2 * inset});
    if (form->corner && radius > 0)
        xml_add_number(to, "rx", radius);
    if (fill.a)
        xml_add_colour(to, "fill", fill);
    else
        str_add(to, " fill=\"none\"");
    xml_add_colour(to, "stroke", border);
    xml_add_number(to, "stroke-width", (float)form->stroke);
    str_add(to, "/>\n");
}

static void add_box(struct str *to, const struct item *item)
{
    struct box_form form = shape_box_form(item);
    struct colour fill = form.solid ? item->border : item->fill;
    if (form.box.w == 0)
        return;
    bool edge = form.stroke && !form.solid;
    /* Through an edge that is not opaque the fill is seen, all of it: then it is a rectangle of its own. */
    if (fill.a && (!edge || item->border.a != 255)) {
        add_rect(to, form.box, fill);
        if (form.corner)
            str_addf(to, " rx=\"%d\"", form.corner);
        str_add(to, "/>\n");
        fill.a = 0;
    }
    if (edge)
        add_edge(to, &form, fill, item->border);
}

static void add_line(struct str *to, const struct item *item)
{
    const struct rect box = item->box;
    SDL_Rect rect;
    if (shape_line_level(item, &rect)) {
        if (rect.w == 0)
            return;
        add_rect(to, rect, item->fill);
        str_add(to, "/>\n");
        return;
    }
    if (!shape_line_is_sane(item))
        return;
    str_add(to, "<line");
    xml_add_number(to, "x1", box.x);
    xml_add_number(to, "y1", box.y);
    xml_add_number(to, "x2", box.x + box.w);
    xml_add_number(to, "y2", box.y + box.h);
    xml_add_colour(to, "stroke", item->fill);
    xml_add_number(to, "stroke-width", item->stroke);
    str_add(to, "/>\n");
}

static void add_polygon(struct str *to, const struct item *item)
{
    if (!shape_polygon_is_sane(item))
        return;
    str_add(to, "<polygon points=\"");
    for (int i = 0; i < item->as.polygon.n; i++) {
        str_add(to, i > 0 ? " " : "");
        xml_add_decimal(to, item->as.polygon.x[i]);
        str_add(to, ",");
        xml_add_decimal(to, item->as.polygon.y[i]);
    }
    str_add(to, "\"");
    xml_add_colour(to, "fill", item->fill);
    str_add(to, "/>\n");
}

static void add_curve(struct str *to, const struct display_list *list, const struct item *item)
{
    if (!shape_curve_is_sane(list, item))
        return;
    str_add(to, "<polyline fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\" points=\"");
    for (size_t i = 0; i < item->as.curve.n; i++) {
        str_add(to, i > 0 ? " " : "");
        xml_add_decimal(to, list->points[item->as.curve.at + i].x);
        str_add(to, ",");
        xml_add_decimal(to, list->points[item->as.curve.at + i].y);
    }
    str_add(to, "\"");
    xml_add_colour(to, "stroke", item->fill);
    xml_add_number(to, "stroke-width", fmaxf(item->stroke, 1));
    str_add(to, "/>\n");
}

/* ---- heatmaps ---- */

/* Cells of a row that touch and have one colour are one rectangle; what is drawn stays the same. */
static void add_cells(struct str *to, const struct item *item, const struct colour *colours)
{
    size_t rows = item->as.heatmap.rows, cols = item->as.heatmap.cols;
    str_add(to, "<g shape-rendering=\"crispEdges\">\n");
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0, n; c < cols; c += n) {
            struct colour colour = colours[r * cols + c];
            SDL_Rect cell = shape_snap(heatmap_cell(item, r, c));
            for (n = 1; c + n < cols && !memcmp(&colours[r * cols + c + n], &colour, sizeof colour); n++) {
                SDL_Rect next = shape_snap(heatmap_cell(item, r, c + n));
                if (cell.w == 0 || next.x != cell.x + cell.w || next.h != cell.h)
                    break;
                cell.w += next.w;
            }
            if (cell.w == 0 || colour.a == 0)
                continue;
            add_rect(to, cell, colour);
            str_add(to, "/>\n");
        }
    str_add(to, "</g>\n");
}

static void add_base64(struct str *to, const struct str *bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < bytes->n; at += 3) {
        size_t left = bytes->n - at;
        const unsigned char *p = (const unsigned char *)bytes->v + at;
        unsigned second = left > 1 ? p[1] : 0, third = left > 2 ? p[2] : 0;
        unsigned bits = (unsigned)p[0] << 16 | second << 8 | third;
        char four[] = {digits[bits >> 18], digits[bits >> 12 & 63], left > 1 ? digits[bits >> 6 & 63] : '=',
                       left > 2 ? digits[bits & 63] : '='};
        str_addn(to, four, 4);
    }
}

/* The pixels that are drawn, and not the cells: few renderers scale an image without smoothing it, whatever they are
 * asked, and one that needs no scaling is the same in all of them. */
static struct qkv_err add_image(struct str *to, const struct item *item, const struct colour *colours, SDL_Rect part)
{
    _Static_assert(sizeof(struct colour) == 4, "colours lie in memory as the pixels of an image do");
    struct colour *pixels = malloc((size_t)part.w * (size_t)part.h * sizeof *pixels);
    if (!pixels)
        return qkv_nomem("a picture");
    const struct rect whole = heatmap_whole(item);
    for (int y = 0; y < part.h; y++)
        for (int x = 0; x < part.w; x++) {
            size_t r = cell_under(part.y + y, whole.y, whole.h, item->as.heatmap.rows);
            size_t c = cell_under(part.x + x, whole.x, whole.w, item->as.heatmap.cols);
            pixels[(size_t)y * (size_t)part.w + (size_t)x] = colours[r * item->as.heatmap.cols + c];
        }
    struct str png = {0};
    struct qkv_err err = png_make((const unsigned char *)pixels, part.w, part.h, true, &png);
    free(pixels);
    if (err.code)
        return err;
    str_addf(to, "<image x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", part.x, part.y, part.w, part.h);
    str_add(to, " style=\"image-rendering:pixelated\" xlink:href=\"data:image/png;base64,");
    add_base64(to, &png);
    str_add(to, "\"/>\n");
    str_finish(&png);
    return err;
}

static struct qkv_err add_heatmap(struct str *to, const struct display_list *list, const struct item *item)
{
    size_t rows = item->as.heatmap.rows, cols = item->as.heatmap.cols, at = item->as.heatmap.at;
    if (!shape_heatmap_is_whole(list, item))
        return (struct qkv_err){0};
    bool picture = item->part && strcmp(item->part, "picture") == 0;
    if (!picture && rows * cols <= CELLS_DRAWN_MAX) {
        add_cells(to, item, list->colours + at);
        return (struct qkv_err){0};
    }
    SDL_Rect box = shape_snap(item->box), page = shape_snap(list->page), part;
    if (!SDL_IntersectRect(&box, &page, &part))
        return (struct qkv_err){0};
    return add_image(to, item, list->colours + at, part);
}

/* ---- the page ---- */

static struct qkv_err add_item(struct str *to, struct fonts *fonts, const struct display_list *list,
                               const struct item *item)
{
    switch (item->kind) {
    case ITEM_BOX:
        add_box(to, item);
        break;
    case ITEM_HEATMAP:
        return add_heatmap(to, list, item);
    case ITEM_TEXT:
        svg_add_text(to, fonts, list, item);
        break;
    case ITEM_LINE:
        add_line(to, item);
        break;
    case ITEM_POLYGON:
        add_polygon(to, item);
        break;
    case ITEM_CURVE:
        add_curve(to, list, item);
        break;
    case ITEM_HIT:
        break;
    }
    return (struct qkv_err){0};
}

static void add_head(struct str *to, int width, int height, const char *title, const char *description)
{
    str_addf(to,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"%d\" "
             "height=\"%d\" viewBox=\"0 0 %d %d\" xml:space=\"preserve\" role=\"img\">\n<title>",
             width, height, width, height);
    xml_add(to, title, strlen(title));
    str_add(to, "</title>\n<desc>");
    xml_add(to, description, strlen(description));
    str_add(to, "</desc>\n");
}

struct qkv_err page_svg(const struct display_list *list, struct fonts *fonts, const char *title,
                        const char *description, struct str *ret)
{
    int width = 0, height = 0;
    struct qkv_err err = page_size(list, &width, &height);
    if (err.code)
        return err;
    struct colour page = list->background;
    struct str svg = {0};
    add_head(&svg, width, height, title, description);
    add_rect(&svg, (SDL_Rect){0, 0, width, height}, (struct colour){page.r, page.g, page.b, 255});
    str_add(&svg, "/>\n");
    for (size_t i = 0; !err.code && i < list->n; i++)
        err = add_item(&svg, fonts, list, &list->items[i]);
    str_add(&svg, "</svg>\n");
    bool failed = fonts_take_failure(fonts) || svg.failed;
    if (!err.code && failed)
        err = qkv_nomem("an SVG page");
    if (err.code)
        str_finish(&svg);
    else
        *ret = svg;
    return err;
}
