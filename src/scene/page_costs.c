/* page_costs.c: what the step and the whole walk cost, and how that grows with the length of a text. */
#include "scene/page_costs.h"

#include "lesson/analysis/growth.h"
#include "scene/page_parts.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the table ---- */

enum { COLUMN_OPERATIONS, COLUMN_READ, COLUMN_HELD, COLUMN_CELLS, COLUMN_CACHE, COLUMNS };

/* A row; what is below 0 is not known, or there is none. */
struct costs_row {
    double v[COLUMNS];
};

static size_t cells_of(const struct tape *tape, const char *step)
{
    int at = tape_find(tape, step);
    return at < 0 ? 0 : tensor_cells(&tape->steps[at].value);
}

/* What a model that writes keeps of the words gone by: of linear attention its state, else keys and values. */
static const char *const kept[][2] = {{"KV", "key_sum"}, {"state_1", "key_sum_1"}, {"K", "V"}};
enum { KEPT = sizeof kept / sizeof kept[0] };

static double cache_of(const struct tape *tape)
{
    for (size_t i = 0; i < KEPT; i++)
        if (cells_of(tape, kept[i][0]) && cells_of(tape, kept[i][1]))
            return 8 * (double)(cells_of(tape, kept[i][0]) + cells_of(tape, kept[i][1]));
    return -1;
}

/* The step's own part of it. */
static double cache_of_step(const struct tape *tape, const struct step *step)
{
    for (size_t i = 0; i < KEPT; i++) {
        if (!cells_of(tape, kept[i][0]) || !cells_of(tape, kept[i][1]))
            continue;
        bool is = strcmp(step->spec.name, kept[i][0]) == 0 || strcmp(step->spec.name, kept[i][1]) == 0;
        return is ? 8 * (double)tensor_cells(&step->value) : 0;
    }
    return -1;
}

static struct costs_row row_of_step(const struct view *view, int id)
{
    const struct tape *tape = &view->lesson->tape;
    const struct step *step = &tape->steps[id];
    struct op_cost cost = step->spec.op == OP_INPUT ? (struct op_cost){0} : tape_cost(tape, id);
    double cells = (double)tensor_cells(&step->value);
    return (struct costs_row){{cost.flops, cost.read, 8 * cells, cells, cache_of_step(tape, step)}};
}

static struct costs_row row_of_walk(const struct view *view, const struct growth growth[COST_KINDS])
{
    const struct tape *tape = &view->lesson->tape;
    double cells = 0;
    for (size_t i = 0; i < view->walk->n; i++)
        cells += (double)tensor_cells(&tape->steps[view->walk->steps[i].step].value);
    return (struct costs_row){
        {growth[COST_OPERATIONS].value, growth[COST_READ].value, growth[COST_HELD].value, cells, cache_of(tape)}};
}

struct table_place {
    struct pen *pen;
    struct rect name;  /* of the line's name */
    float left, width; /* of the first column; all are as wide */
    float line;
};

static struct rect column_box(const struct table_place *t, int column)
{
    return (struct rect){t->left + t->width * (float)column, t->name.y, t->width - 4 * t->pen->scale, t->line};
}

static void next_line(struct table_place *t)
{
    t->name.y += t->line;
}

static void draw_heads(struct table_place *t)
{
    static const char *const titles[COLUMNS] = {"operations", "bytes read", "bytes held", "cells", "cache (bytes)"};
    for (int i = 0; i < COLUMNS; i++)
        pen_text_in(t->pen, "costs.head", pen_ink(t->pen, FACE_SANS, 13, 9, t->pen->theme->text_secondary),
                    column_box(t, i), ALIGN_RIGHT, titles[i]);
    next_line(t);
}

static void draw_row(struct table_place *t, const char *name, const struct costs_row *row)
{
    char text[FIGURE_TEXT];
    pen_text_in(t->pen, "costs.name", pen_ink(t->pen, FACE_SANS_BOLD, 14, 9, t->pen->theme->text), t->name, ALIGN_LEFT,
                name);
    for (int i = 0; i < COLUMNS; i++)
        pen_text_in(t->pen, "costs.cell", pen_ink(t->pen, FACE_MONO, 14, 8, t->pen->theme->text), column_box(t, i),
                    ALIGN_RIGHT, row->v[i] < 0 ? "–" : count_text((size_t)row->v[i], text));
    next_line(t);
}

/* As polynomials in n, where they are known and have room. */
static void draw_growth(struct table_place *t, const struct growth growth[COST_KINDS])
{
    static const enum cost_kind kinds[] = {COST_OPERATIONS, COST_READ, COST_HELD};
    struct pen *pen = t->pen;
    float size = roundf(13 * pen->scale);
    bool any = false;
    for (int i = 0; i < 3; i++) {
        struct str text = {0};
        struct rect box = column_box(t, i);
        growth_formula(&growth[kinds[i]], &text);
        float width = formula_measure(pen, str_text(&text), size, false).width;
        if (text.n && width <= box.w) {
            formula_draw(pen, "costs.formula", str_text(&text), size, false, pen->theme->text_secondary,
                         box.x + box.w - width, box.y + 0.7f * t->line);
            any = true;
        }
        pen->list->failed |= text.failed;
        str_finish(&text);
    }
    if (any)
        pen_text_in(pen, "costs.name", pen_ink(pen, FACE_SANS, 13, 9, pen->theme->text_secondary), t->name, ALIGN_LEFT,
                    "for n words");
}

int costs_table_lines(const struct view *view)
{
    return view_is_tight(view) ? 3 : 4;
}

void costs_table_draw(struct pen *pen, const struct view *view, struct rect box)
{
    struct growth growth[COST_KINDS];
    char name[96];
    if (lesson_growth(view->lesson, false, growth).code) {
        pen->list->failed = true;
        return;
    }
    int id = view->walk->steps[view_place(view).at].step;
    float first = fminf(box.w * 0.26f, 260 * pen->scale);
    struct table_place t = {.pen = pen,
                            .name = {box.x, box.y, first, box.h / (float)costs_table_lines(view)},
                            .left = box.x + first,
                            .width = (box.w - first) / COLUMNS,
                            .line = box.h / (float)costs_table_lines(view)};
    struct costs_row step = row_of_step(view, id), walk = row_of_walk(view, growth);
    draw_heads(&t);
    snprintf(name, sizeof name, "This step: %s", view->lesson->tape.steps[id].spec.name);
    draw_row(&t, name, &step);
    snprintf(name, sizeof name, "The whole: %zu words", view->lesson->sentence.words.n);
    draw_row(&t, name, &walk);
    if (costs_table_lines(view) > 3)
        draw_growth(&t, growth);
}

/* ---- the page ---- */

/* The page's title, how long vectors are, and the button that measures. */
static void draw_bar(struct pen *pen, const struct view *view, struct rect bar)
{
    char label[48], key[24];
    float u = pen->scale, gap = 6 * u;
    const struct command_info *measure = view->command(CMD_COSTS_MEASURE);
    snprintf(label, sizeof label, "%s  %s", view->state->costs.times.here ? "Measure again" : "Measure",
             key_text(measure->keys, key));
    button_draw(pen, rect_cut_right(&bar, button_width(pen, label, 24), 16 * u), label, false, CMD_COSTS_MEASURE, 0);
    for (int i = COST_WIDTHS; i-- > 0;) {
        char text[24];
        snprintf(text, sizeof text, "%zu", cost_width_table[i]);
        button_draw(pen, rect_cut_right(&bar, 44 * u, gap), text,
                    i == COST_WIDTH_USUAL + view->state->costs.width_offset, CMD_COSTS_WIDTH_SET, i);
    }
    struct ink quiet = pen_ink(pen, FACE_SANS, 14, 10, pen->theme->text_secondary);
    const char *widths = bar.w > 520 * u ? "numbers in a query, d:" : "d:";
    pen_text_in(pen, "costs.widths", quiet, rect_cut_right(&bar, ink_width(pen, quiet, widths) + 2, 8 * u), ALIGN_RIGHT,
                widths);
    pen_text_in(pen, "page.title", pen_ink(pen, FACE_SANS_BOLD, 22, 12, pen->theme->text), bar, ALIGN_LEFT,
                "What it costs");
}

static void draw_foot(struct pen *pen, const struct view *view, struct rect box)
{
    char bytes[FIGURE_TEXT], text[400];
    bytes_text(UNTAPED_BYTES_MOST, bytes);
    if (view_is_tight(view))
        snprintf(text, sizeof text, "One head. Not measured: longer than %d s, more than %s.", UNTAPED_SECONDS_MOST,
                 bytes);
    else
        snprintf(
            text, sizeof text,
            "One head from queries, keys and values on. Tiles of %d keys; a window of %d words to each side (w); "
            "low rank: %d rows (k); cached: n words written one by one. Time of one thread, the median of several "
            "runs; not what takes longer than %d s or works in more than %s. Cache: what a model that writes keeps "
            "of words gone by.",
            UNTAPED_TILE, UNTAPED_WINDOW_EACH, UNTAPED_RANK, UNTAPED_SECONDS_MOST, bytes);
    words_draw(pen, view, "costs.foot", pen->theme->text_secondary, 12 * pen->scale, box, text);
}

void costs_draw(struct pen *pen, const struct view *seen, struct rect body)
{
    struct view_state state;
    struct view view = view_of_lesson(seen, &state);
    bool tight = view_is_tight(seen);
    float u = pen->scale, gap = (tight ? 6 : 10) * u, edge = fminf(20 * u, body.w * 0.03f);
    struct rect box = {body.x + edge, body.y + gap, body.w - 2 * edge, body.h - 2 * gap};
    draw_bar(pen, &view, rect_cut_top(&box, 28 * u, gap));
    float line = (tight ? 15 : 20) * u, pad = 8 * u;
    struct rect table = rect_cut_top(&box, line * (float)costs_table_lines(&view) + 2 * pad, gap);
    pen_fill(pen, "costs.part", table, pen->theme->panel, 10 * u);
    costs_table_draw(pen, &view, rect_inset(table, pad));
    draw_foot(pen, &view, rect_cut_bottom(&box, (tight ? 16 : 34) * u, gap * 0.6f));
    struct rect other = box.h > 1.1f * box.w ? rect_cut_bottom(&box, (box.h - gap) / 2, gap)
                                             : rect_cut_right(&box, (box.w - gap) / 2, gap);
    costs_chart_draw(pen, &view, CHART_OPERATIONS, box);
    costs_chart_draw(pen, &view, CHART_SECONDS, other);
}
