/* page_overview.c: the whole computation as a flow of small heatmaps: the map of the walk. */
#include "lesson/language/language.h"
#include "scene/page_parts.h"

#include "scene/matrix.h"
#include "scene/text.h"

#include <math.h>
#include <string.h>

static const float tile_most = 200;

/* The heights of the texts above and below a tile's picture, the gap between tiles, and the least width and height of a
 * picture; the first that leaves room for the pictures is used. */
static const struct caption {
    float heading, symbol, title, gap, width, height;
} captions[] = {{22, 22, 18, 18, 50, 30}, {18, 20, 0, 18, 50, 30}, {0, 18, 0, 6, 46, 24}, {0, 0, 0, 8, 0, 0}};
enum { CAPTIONS = sizeof captions / sizeof captions[0] };

/* How the tiles are laid out: with as many columns as give the largest pictures. */
struct flow {
    const struct caption *caption;
    size_t columns;
    float width, height, gap;
};

static float fixed_height(const struct pen *pen, const struct caption *d)
{
    return (d->heading + d->symbol + d->title) * pen->scale;
}

static struct flow lay_out_with(const struct pen *pen, size_t n, struct rect box, const struct caption *caption)
{
    float u = pen->scale, fixed = fixed_height(pen, caption), most_seen = -1;
    struct flow best = {.caption = caption, .columns = 1, .gap = caption->gap * u};
    for (size_t columns = 1; columns <= n; columns++) {
        float rows = (float)((n + columns - 1) / columns);
        float w = fminf((box.w - best.gap * (float)(columns - 1)) / (float)columns, tile_most * u);
        float h = fminf((box.h - best.gap * (rows - 1)) / rows, tile_most * u), picture = h - fixed;
        /* Matrices are about square: of a long picture only a square, or two, is used. */
        float least = fminf(w, picture), seen = least <= 0 ? least : least * fminf(fmaxf(w, picture), 2 * least);
        if (seen > most_seen && w >= caption->width * u) {
            most_seen = seen;
            best.columns = columns, best.width = w, best.height = h;
        }
    }
    return best;
}

static struct flow lay_out(const struct pen *pen, size_t n, struct rect box)
{
    struct flow flow;
    for (int i = 0; i < CAPTIONS; i++) {
        flow = lay_out_with(pen, n, box, &captions[i]);
        if (flow.height - fixed_height(pen, &captions[i]) >= captions[i].height * pen->scale)
            break;
    }
    return flow;
}

static void draw_picture(struct pen *pen, const struct view *view, int step, struct rect box)
{
    struct matrix m = matrix_of(view, step, view_head(view), view->state->columns);
    float rows = (float)m.rows.n, cols = (float)m.cols.n;
    float cell = fminf(fminf(box.w / cols, box.h / rows), 20 * pen->scale);
    m.body = (struct rect){box.x, box.y + box.h - rows * cell, cols * cell, rows * cell};
    matrix_draw(pen, view, &m);
}

static void draw_formula(struct pen *pen, const struct view *view, int id, float x, float baseline, float width)
{
    const struct step *step = &view->lesson->tape.steps[id];
    struct str formula = {0}, symbol = {0};
    float u = pen->scale, size = 14 * u;
    transposed_step_formula(&view->lesson->tape, id, view->state->columns, &formula);
    while (size > 10 * u && formula_measure(pen, str_text(&formula), size, true).width > width)
        size -= 1;
    /* A fraction is too high for a caption; without room for the formula the symbol alone is written. */
    bool whole =
        formula_measure(pen, str_text(&formula), size, true).width <= width && !strchr(str_text(&formula), '/');
    const char *text =
        whole ? str_text(&formula) : transposed_symbol(&view->lesson->tape, id, view->state->columns, &symbol);
    size = whole ? size : 14 * u;
    while (size > 6 * u && formula_measure(pen, text, size, true).width > width)
        size -= 1;
    if (formula_measure(pen, text, size, true).width <= width)
        formula_draw(pen, "overview.formula", text, size, true, pen->theme->role[step->spec.role], x, baseline);
    pen->list->failed |= formula.failed || symbol.failed;
    str_finish(&formula);
    str_finish(&symbol);
}

/* A title may have a formula in it ("the root of d_k"), but no terms: a click goes to the step. */
static void draw_title(struct pen *pen, const struct view *view, struct ink ink, struct rect box, const char *title)
{
    struct spans s = {.view = NULL};
    spans_parse(&s, title);
    spans_find_terms(&s, view->lesson->language);
    s.n_terms = 0;
    while (ink.size - 1 >= ink.least && spans_width(pen, ink, &s) > box.w)
        ink.size -= 1;
    ink.size = roundf(ink.size);
    float y = box.y + (box.h - ink.size * TEXT_HEIGHT) / 2;
    if (spans_width(pen, ink, &s) <= box.w)
        spans_draw(pen, "overview.title", ink, &s, box.x, y);
    else
        pen_text_in(pen, "overview.title", ink, box, ALIGN_LEFT, str_text(&s.text));
    spans_done(pen, &s);
}

static void draw_tile(struct pen *pen, const struct view *view, const struct flow *flow, size_t i, struct rect tile)
{
    float u = pen->scale, around = fminf(8 * u, flow->gap / 2 - 1);
    const struct caption *d = flow->caption;
    int id = view->walk->steps[i].step;
    const struct step *step = &view->lesson->tape.steps[id];
    bool first = i == 0 || view->lesson->tape.steps[view->walk->steps[i - 1].step].spec.stage != step->spec.stage;
    if (view_place(view).at == i) {
        struct rect frame = {tile.x - around, tile.y - around / 2, tile.w + 2 * around, tile.h + around};
        pen_fill(pen, "overview.here", frame, pen->theme->panel, around);
        pen_frame(pen, "overview.here", frame, pen->theme->accent, fmaxf(2, 2 * u), around);
    }
    struct ink stage = {FACE_SANS_BOLD, 13 * u, 9 * u, pen->theme->text_secondary};
    /* The stage's name is above its first tile, and at the beginning of each row. */
    if (d->heading > 0 && (first || i % flow->columns == 0))
        pen_text_in(pen, "overview.stage", stage, (struct rect){tile.x, tile.y, tile.w, d->heading * u}, ALIGN_LEFT,
                    language_stage(view->lesson->language, step->spec.stage, "name"));
    draw_picture(pen, view, id, (struct rect){tile.x, tile.y + d->heading * u, tile.w, tile.h - fixed_height(pen, d)});
    float below = tile.y + tile.h - (d->symbol + d->title) * u;
    if (d->symbol > 0)
        draw_formula(pen, view, id, tile.x, below + 15 * u, tile.w);
    struct ink words = {FACE_SANS, 12 * u, 10 * u, pen->theme->text_secondary};
    /* The first words of a title alone would say nothing. */
    struct rect line = {tile.x, below + d->symbol * u, tile.w + flow->gap - 8 * u, d->title * u};
    if (d->title > 0 && pen_fits(pen, words, tile.w * 1.6f, view_title(view, step)))
        draw_title(pen, view, words, line, view_title(view, step));
    pen_hit(pen, tile, CMD_STEP, (int)i);
}

void overview_draw(struct pen *pen, const struct view *seen, struct rect body)
{
    struct view_state state;
    struct view plain = view_of_lesson(seen, &state), *view = &plain;
    state.cursor.on = false;
    float u = pen->scale;
    struct rect box = rect_inset(body, 24 * u);
    size_t n = view->walk->n;
    struct flow flow = lay_out(pen, n, box);
    for (size_t i = 0; i < n; i++) {
        float column = (float)(i % flow.columns), row = (float)(i / flow.columns);
        struct rect tile = {box.x + column * (flow.width + flow.gap), box.y + row * (flow.height + flow.gap),
                            flow.width, flow.height};
        draw_tile(pen, view, &flow, i, tile);
    }
    const char *means = display_has_means(pen->list)
                            ? " Squares of large ones are means of neighbouring cells; open a step to zoom in (Z)."
                            : "";
    pen_textf(pen, "overview.note", pen_ink(pen, FACE_SANS, 13, 9, pen->theme->text_secondary),
              (struct rect){box.x, body.y + body.h - 22 * u, box.w, 20 * u}, ALIGN_CENTRE,
              "Each matrix has its own colour scale.%s%s",
              display_has(pen->list, "hatch") ? " Hatched: blocked by the mask." : "", means);
}
