/* overview.c: the whole computation as a flow of small heatmaps: the map of the walk. */
#include "scene/formula.h"
#include "scene/matrix.h"
#include "scene/parts.h"

#include <math.h>
#include <string.h>

static const float tile_most = 200, tile_gap = 18, heading = 22, caption = 40;

/* How the tiles are laid out: so many in a row that they are as large as can be. */
struct flow {
    size_t columns;
    float width, height;
};

static struct flow lay_out(const struct pen *pen, size_t n, struct rect box)
{
    float u = pen->scale, gap = tile_gap * u, fixed = (heading + caption) * u;
    struct flow best = {1, 0, 0};
    for (size_t columns = 1; columns <= n; columns++) {
        float rows = (float)((n + columns - 1) / columns);
        float w = fminf((box.w - gap * (float)(columns - 1)) / (float)columns, tile_most * u);
        float h = fminf((box.h - gap * (rows - 1)) / rows, tile_most * u);
        if (w * (h - fixed) > best.width * (best.height - fixed) || best.width == 0)
            best = (struct flow){columns, w, h};
    }
    return best;
}

static void draw_picture(struct pen *pen, const struct view *view, int step, struct rect box)
{
    const struct tensor *value = &view->lesson->tape.steps[step].value;
    struct matrix m = {.step = step, .head = value->axis[AXIS_HEAD].size > 1 ? view_head(view) : 0};
    if (m.head >= value->axis[AXIS_HEAD].size)
        m.head = value->axis[AXIS_HEAD].size - 1;
    float rows = (float)matrix_rows(view, &m), cols = (float)matrix_cols(view, &m);
    float cell = fminf(fminf(box.w / cols, box.h / rows), 20 * pen->scale);
    m.body = (struct rect){box.x, box.y + box.h - rows * cell, cols * cell, rows * cell};
    matrix_draw(pen, view, &m);
}

static void draw_tile(struct pen *pen, const struct view *view, size_t i, struct rect tile)
{
    float u = pen->scale;
    int id = view->walk->steps[i].step;
    const struct step *step = &view->lesson->tape.steps[id];
    bool here = walk_place(view->walk, view->position).at == i;
    bool first = i == 0 || view->lesson->tape.steps[view->walk->steps[i - 1].step].spec.stage != step->spec.stage;
    struct ink quiet = {FACE_SANS_BOLD, 13 * u, 9 * u, pen->theme->quiet};
    if (here) {
        struct rect around = {tile.x - 8 * u, tile.y, tile.w + 16 * u, tile.h + 6 * u};
        pen_fill(pen, "overview.here", around, pen->theme->panel, 8 * u);
        pen_frame(pen, "overview.here", around, pen->theme->accent, fmaxf(2, 2 * u), 8 * u);
    }
    if (first)
        pen_text_in(pen, "overview.stage", quiet, (struct rect){tile.x, tile.y, tile.w, heading * u}, ALIGN_LEFT,
                    stage_table[step->spec.stage].name);
    float picture_h = tile.h - (heading + caption) * u;
    draw_picture(pen, view, id, (struct rect){tile.x, tile.y + heading * u, tile.w, picture_h});
    float y = tile.y + tile.h - caption * u;
    struct str formula = {0};
    formula_of_step(&view->lesson->tape, id, &formula);
    float size = 14 * u;
    while (size > 8 * u && formula_measure(pen, str_text(&formula), size, true).width > tile.w)
        size -= 1;
    bool fits =
        formula_measure(pen, str_text(&formula), size, true).width <= tile.w && !strchr(str_text(&formula), '/');
    formula_draw(pen, "overview.formula", fits ? str_text(&formula) : step->spec.symbol, fits ? size : 14 * u, true,
                 pen->theme->role[step->spec.role], tile.x, y + 15 * u);
    pen->list->failed |= formula.failed;
    str_finish(&formula);
    struct ink words = {FACE_SANS, 12 * u, 10 * u, pen->theme->quiet};
    pen_text_in(pen, "overview.title", words, (struct rect){tile.x, y + 22 * u, tile.w, 16 * u}, ALIGN_LEFT,
                step->spec.title);
    pen_hit(pen, tile, CMD_STEP, (int)i);
}

void overview_draw(struct pen *pen, const struct view *seen, struct rect body)
{
    /* The map is of the walk, whatever is compared or pointed at in it. */
    struct view plain = *seen, *view = &plain;
    plain.compare = plain.cursor.on = false;
    float u = pen->scale;
    struct rect box = rect_inset(body, 24 * u);
    size_t n = view->walk->n;
    struct flow flow = lay_out(pen, n, box);
    float gap = tile_gap * u;
    for (size_t i = 0; i < n; i++) {
        float column = (float)(i % flow.columns), row = (float)(i / flow.columns);
        struct rect tile = {box.x + column * (flow.width + gap), box.y + row * (flow.height + gap), flow.width,
                            flow.height};
        draw_tile(pen, view, i, tile);
    }
}
