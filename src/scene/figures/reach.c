/* reach.c: a mask as reach: who can be heard after one, two, three layers. Words stand in lines, a line for each layer;
 * where the mask is a table of who knows whom, they stand around a circle, with the lines of the table between them. */
#include "scene/arithmetic.h"
#include "scene/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LAYERS_MOST = 3, PLACES_MOST = 64 };

/* Measures in units of the design's grid. */
static const float count_w = 84, label_h = 24, level_most = 120, level_least = 40, slot_least = 11, slot_most = 120,
                   target_least = 24, node = 15, name_w = 96, name_h = 40, radius_least = 50, radius_most = 230;
static const double turn = 6.283185307179586;

struct reach {
    struct pen *pen;
    const struct view *view;
    int mask; /* on the tape */
    size_t head, looker, n;
    const struct axis *axis;
    size_t layers;                              /* so many are drawn: until nothing is new, LAYERS_MOST at most */
    bool all;                                   /* everybody is reached */
    bool settled;                               /* the last layer reached nobody else */
    bool reached[LAYERS_MOST + 1][PLACES_MOST]; /* after so many layers */
    size_t via[LAYERS_MOST + 1][PLACES_MOST];   /* through whom it is reached first */
};

static bool sees(const struct reach *r, size_t from, size_t to)
{
    return *tensor_at(&r->view->lesson->tape.steps[r->mask].value, r->head, from, to) != 0;
}

static bool is_new(const struct reach *r, size_t layer, size_t place)
{
    return r->reached[layer][place] && (layer == 1 || !r->reached[layer - 1][place]);
}

/* The mask that the walk has come to: the step itself, or what it blocks with; -1: none. */
static int mask_of(const struct view *view)
{
    const struct tape *tape = &view->lesson->tape;
    const int here = view->walk->steps[view_place(view).at].step;
    if (tape->steps[here].spec.scale == SCALE_MASK)
        return here;
    for (size_t i = 0; i < tape->n; i++)
        if (tape->steps[i].spec.op == OP_MASK && ((int)i == here || figure_has_come(view, (int)i)))
            return tape->steps[i].spec.in[1];
    return -1;
}

static void follow(struct reach *r)
{
    r->reached[0][r->looker] = true;
    while (r->layers < LAYERS_MOST && !r->all && !r->settled) {
        const size_t k = ++r->layers;
        size_t before = 0, after = 0;
        for (size_t j = 0; j < r->n; j++) {
            for (size_t i = r->n; i-- > 0;)
                if (r->reached[k - 1][i] && sees(r, i, j))
                    r->reached[k][j] = true, r->via[k][j] = i;
            before += r->reached[k - 1][j];
            after += r->reached[k][j];
        }
        r->all = after == r->n;
        r->settled = k > 1 && after == before;
    }
}

static bool find(struct reach *r)
{
    r->mask = mask_of(r->view);
    if (r->mask < 0)
        return false;
    const struct step *mask = &r->view->lesson->tape.steps[r->mask];
    const struct axis *rows = &mask->value.axis[AXIS_ROW];
    const size_t heads = mask->value.axis[AXIS_HEAD].size;
    r->axis = &mask->value.axis[AXIS_COL];
    r->n = r->axis->size;
    if (rows->size != r->n || r->n < 2 || r->n > PLACES_MOST)
        return false;
    r->head = heads > 1 && view_head(r->view) < heads ? view_head(r->view) : 0;
    r->looker = view_word(r->view, mask);
    follow(r);
    return true;
}

static const char *name_of(const struct reach *r, size_t place, char buffer[LABEL_TEXT])
{
    return axis_position(r->axis, r->head, place, buffer);
}

static struct cursor cell_of(const struct reach *r, size_t place)
{
    return (struct cursor){true, r->mask, r->head, r->looker, place};
}

/* Those who are reached in this layer are dark, those who were before are lighter, the others empty. */
static struct colour colour_of(const struct reach *r, size_t layer, size_t place)
{
    const struct theme *t = r->pen->theme;
    return layer == 0 ? t->role[ROLE_QUERY] : is_new(r, layer, place) ? t->share : colour_mix(t->panel, t->share, 0.4f);
}

static void draw_dot(const struct reach *r, struct point middle, float radius, size_t layer, size_t place)
{
    const struct theme *t = r->pen->theme;
    const struct cursor cell = cell_of(r, place);
    float u = r->pen->scale;
    struct rect dot = {middle.x - radius, middle.y - radius, 2 * radius, 2 * radius};
    const bool reached = r->reached[layer][place];
    if (layer == 1 && figure_is_lit(r->view, &cell))
        pen_frame(r->pen, "figure.lit", rect_inset(dot, -4 * u), t->accent, roundf(2 * u), radius + 4 * u);
    pen_fill(r->pen, reached ? "reach.reached" : "reach.other", dot, reached ? colour_of(r, layer, place) : t->panel,
             radius);
    if (!reached)
        pen_frame(r->pen, "reach.edge", dot, t->line, fmaxf(1, roundf(1.5f * u)), radius);
}

/* ---- words in lines ---- */

struct levels {
    struct rect box;       /* of the dots */
    float slot, gap, size; /* how far words, and layers, lie apart; the radius of a dot */
};

static struct point place_at(const struct levels *l, size_t layer, size_t place)
{
    return (struct point){l->box.x + l->slot * ((float)place + 0.5f), l->box.y + l->size + l->gap * (float)layer};
}

static void draw_ways(const struct reach *r, const struct levels *l, bool first)
{
    const struct theme *t = r->pen->theme;
    float u = r->pen->scale;
    struct colour faint = colour_mix(t->panel, t->text_secondary, 0.3f);
    for (size_t k = 1; k <= r->layers; k++)
        for (size_t i = 0; i < r->n; i++)
            for (size_t j = 0; r->reached[k - 1][i] && j < r->n; j++) {
                const bool way = is_new(r, k, j) && r->via[k][j] == i;
                struct point ends[] = {place_at(l, k - 1, i), place_at(l, k, j)};
                if (sees(r, i, j) && way == first)
                    pen_curve(r->pen, way ? "reach.way" : "reach.line", way ? t->share : faint,
                              way ? 2.5f * u : fmaxf(1, u), 2, ends);
            }
}

static void write_count(const struct reach *r, const struct levels *l, size_t layer)
{
    const struct theme *t = r->pen->theme;
    float u = r->pen->scale, y = place_at(l, layer, 0).y;
    size_t count = 0;
    for (size_t j = 0; j < r->n; j++)
        count += r->reached[layer][j];
    struct rect line = {l->box.x + l->box.w + 10 * u, y - 19 * u, count_w * u - 10 * u, 20 * u};
    pen_textf(r->pen, "reach.layer", pen_ink(r->pen, FACE_SANS_BOLD, 15, 12, t->text), line, ALIGN_LEFT, "%zu layer%s",
              layer, layer == 1 ? "" : "s");
    line.y += 19 * u;
    pen_textf(r->pen, "reach.count", pen_ink(r->pen, FACE_SANS, 14, 12, t->text_secondary), line, ALIGN_LEFT,
              "%zu of %zu", count, r->n);
}

/* The words below the last layer: side by side, or upwards where they are too wide. */
static void write_words(const struct reach *r, const struct levels *l, struct rect line, bool upwards)
{
    char buffer[LABEL_TEXT];
    const struct theme *t = r->pen->theme;
    for (size_t j = 0; j < r->n; j++) {
        const bool heard = r->reached[r->layers][j];
        struct ink ink = pen_ink(r->pen, heard ? FACE_SANS_BOLD : FACE_SANS, 15, 12,
                                 j == r->looker ? t->role[ROLE_QUERY]
                                 : heard        ? t->text
                                                : t->text_secondary);
        struct rect word = {l->box.x + l->slot * (float)j, line.y, l->slot, line.h};
        if (upwards)
            pen_text_upwards(r->pen, "reach.word", ink, word, ALIGN_RIGHT, name_of(r, j, buffer));
        else
            pen_text_in(r->pen, "reach.word", ink, word, ALIGN_CENTRE, name_of(r, j, buffer));
    }
}

static float widest_name(const struct reach *r)
{
    char buffer[LABEL_TEXT];
    float ret = 0;
    for (size_t j = 0; j < r->n; j++)
        ret = fmaxf(ret, ink_width(r->pen, pen_ink(r->pen, FACE_SANS_BOLD, 15, 12, r->pen->theme->text),
                                   name_of(r, j, buffer)));
    return ret;
}

/* The word that looks, above its dot. */
static void write_looker(const struct reach *r, const struct levels *l, struct rect line)
{
    char buffer[LABEL_TEXT];
    struct ink ink = pen_ink(r->pen, FACE_SANS_BOLD, 15, 12, r->pen->theme->role[ROLE_QUERY]);
    float w = ink_width(r->pen, ink, name_of(r, r->looker, buffer)), x = place_at(l, 0, r->looker).x - w / 2;
    x = fmaxf(line.x, fminf(x, line.x + line.w - w));
    pen_text_in(r->pen, "reach.looker", ink, (struct rect){x, line.y, w + 1, line.h}, ALIGN_LEFT,
                name_of(r, r->looker, buffer));
}

static void add_targets(const struct reach *r, const struct levels *l)
{
    float u = r->pen->scale, w = fminf(l->slot, 40 * u), h = fminf(l->gap, 40 * u);
    for (size_t j = 0; w >= target_least * u && j < r->n; j++) {
        struct point top = place_at(l, 0, j), first = place_at(l, 1, j);
        const struct cursor cell = cell_of(r, j);
        pen_hit(r->pen, (struct rect){top.x - w / 2, top.y - h / 2, w, h}, CMD_LOOK, (int)j);
        figure_cell(r->pen, (struct rect){first.x - w / 2, first.y - h / 2, w, h}, &cell, 0, 0);
    }
}

static bool draw_levels(const struct reach *r, struct rect box)
{
    struct pen *pen = r->pen;
    float u = pen->scale, widest = widest_name(r);
    struct rect foot = rect_cut_bottom(&box, 20 * u, 6 * u), top = rect_cut_top(&box, label_h * u, 2 * u);
    struct levels l = {.slot = fminf((box.w - count_w * u) / (float)r->n, slot_most * u)};
    const bool upwards = widest > l.slot - 8 * u;
    if (upwards && l.slot < 18 * u)
        return false; /* two words would lie on each other */
    struct rect words = rect_cut_bottom(&box, (upwards ? fminf(widest + 4 * u, 90 * u) : label_h * u), 8 * u);
    l.size = fminf(11 * u, l.slot * 0.34f);
    l.box = (struct rect){box.x, box.y, l.slot * (float)r->n, box.h};
    l.gap = fminf((box.h - 2 * l.size) / (float)r->layers, level_most * u);
    words.y -= box.h - 2 * l.size - l.gap * (float)r->layers;
    if (l.gap < level_least * u || l.slot < slot_least * u)
        return false;
    draw_ways(r, &l, false);
    draw_ways(r, &l, true);
    for (size_t k = 0; k <= r->layers; k++)
        for (size_t j = 0; j < r->n; j++)
            draw_dot(r, place_at(&l, k, j), l.size, k, j);
    for (size_t k = 1; k <= r->layers; k++)
        write_count(r, &l, k);
    write_looker(r, &l, top);
    write_words(r, &l, words, upwards);
    add_targets(r, &l);
    foot.y = words.y + words.h + 6 * u;
    pen_text_in(pen, "reach.foot", pen_ink(pen, FACE_SANS, 14, 12, pen->theme->text_secondary), foot, ALIGN_LEFT,
                r->all       ? "every word arrives"
                : r->settled ? "no number of layers reaches the others"
                             : "the others need more layers");
    return true;
}

/* ---- a graph around a circle ---- */

struct circle {
    struct point middle;
    float radius;
};

static struct point direction_of(const struct reach *r, size_t place)
{
    const double a = turn * (double)place / (double)r->n - turn / 4;
    return (struct point){(float)cos(a), (float)sin(a)};
}

static struct point node_at(const struct reach *r, const struct circle *c, size_t place)
{
    struct point d = direction_of(r, place);
    return (struct point){c->middle.x + c->radius * d.x, c->middle.y + c->radius * d.y};
}

/* After how many layers it is heard; 0: not in those that are drawn. */
static size_t layer_of(const struct reach *r, size_t place)
{
    for (size_t k = 1; k <= r->layers; k++)
        if (r->reached[k][place])
            return k;
    return 0;
}

static void draw_edges(const struct reach *r, const struct circle *c)
{
    const struct theme *t = r->pen->theme;
    float u = r->pen->scale;
    for (int lit = 0; lit < 2; lit++)
        for (size_t i = 0; i < r->n; i++)
            for (size_t j = 0; j < r->n; j++) {
                const size_t layer = layer_of(r, j);
                const bool way = j != r->looker && layer > 0 && r->via[layer][j] == i && sees(r, i, j);
                if (i == j || (lit ? !way : !(sees(r, i, j) || (i < j && sees(r, j, i)))))
                    continue;
                struct point ends[] = {node_at(r, c, i), node_at(r, c, j)};
                pen_curve(r->pen, lit ? "reach.way" : "reach.line", lit ? t->share : t->line, lit ? 4 * u : 2 * u, 2,
                          ends);
            }
}

static void draw_node(const struct reach *r, const struct circle *c, size_t place)
{
    struct pen *pen = r->pen;
    const struct theme *t = pen->theme;
    const size_t layer = layer_of(r, place);
    char buffer[LABEL_TEXT], says[24];
    float u = pen->scale, size = node * u;
    struct point at = node_at(r, c, place), d = direction_of(r, place);
    struct rect dot = {at.x - size, at.y - size, 2 * size, 2 * size};
    struct cursor cell = cell_of(r, place);
    const bool looks = place == r->looker;
    struct colour fill = looks       ? t->role[ROLE_QUERY]
                         : layer > 0 ? colour_mix(t->panel, t->share, 1.15f - 0.3f * (float)layer)
                                     : t->panel;
    if (figure_is_lit(r->view, &cell))
        pen_frame(pen, "figure.lit", rect_inset(dot, -4 * u), t->accent, roundf(3 * u), size + 4 * u);
    pen_fill(pen, layer > 0 || looks ? "reach.reached" : "reach.other", dot, fill, size);
    pen_frame(pen, "reach.edge", dot, layer > 0 || looks ? fill : t->text_secondary, fmaxf(1, roundf(1.5f * u)), size);
    const bool beside = fabsf(d.x) > 0.35f;
    struct rect name = {at.x - name_w * u / 2, d.y < 0 ? at.y - size - name_h * u - 2 * u : at.y + size + 2 * u,
                        name_w * u, name_h * u};
    if (beside)
        name.x = d.x > 0 ? at.x + size + 7 * u : at.x - size - 7 * u - name_w * u, name.y = at.y - name_h * u / 2;
    const enum align align = !beside ? ALIGN_CENTRE : d.x > 0 ? ALIGN_LEFT : ALIGN_RIGHT;
    snprintf(says, sizeof says, "%zu layer%s", layer, layer == 1 ? "" : "s");
    struct rect line = rect_cut_top(&name, name.h / 2, 0);
    pen_text_in(pen, "reach.word", pen_ink(pen, FACE_SANS_BOLD, 16, 12, looks ? fill : t->text), line, align,
                name_of(r, place, buffer));
    pen_text_in(pen, "reach.layer", pen_ink(pen, FACE_SANS, 14, 12, t->text_secondary), name, align,
                looks        ? "listens"
                : layer > 0  ? says
                : r->settled ? "never"
                             : "further");
    figure_cell(pen, rect_inset(dot, -3 * u), &cell, 0, 0);
}

static bool draw_circle(const struct reach *r, struct rect box)
{
    /* The lowest have their names beside them where their number is odd. */
    float u = r->pen->scale, above = (node + name_h + 4) * u, below = r->n % 2 == 0 ? above : name_h * u / 2,
          lowest = r->n % 2 == 0 ? 1 : cosf((float)turn / 2 / (float)r->n);
    float radius = fminf(box.w / 2 - (node + name_w) * u, (box.h - above - below) / (1 + lowest));
    struct circle c = {.radius = fminf(radius, radius_most * u)};
    c.middle = (struct point){box.x + box.w / 2, box.y + above + c.radius};
    /* Neighbours on the circle must not touch, nor their names. */
    if (radius < radius_least * u || c.radius * (float)sin(turn / 2 / (double)r->n) < name_h * u * 0.6f)
        return false;
    draw_edges(r, &c);
    for (size_t i = 0; i < r->n; i++)
        draw_node(r, &c, i);
    return true;
}

bool reach_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct reach r = {.pen = pen, .view = view};
    char buffer[LABEL_TEXT], title[96];
    if (!find(&r))
        return false;
    const struct sequence *sentence = &view->lesson->sentence;
    const bool given = !view->lesson->tape.steps[r.mask].made && view->lesson->tape.steps[r.mask].spec.op == OP_INPUT,
               graph = given && strcmp(sentence->noun, "word") != 0;
    snprintf(title, sizeof title, "Who reaches “%s”", name_of(&r, r.looker, buffer));
    /* What is made of patterns is not painted in one of them. */
    const bool painted = view->lesson->tape.steps[r.mask].spec.op == OP_INPUT;
    box = figure_title(pen, box, title,
                       !painted ? "the same mask in each layer; dark: the first way"
                       : graph  ? "the same lines in each layer; click a friend to add or cut one"
                                : "the same mask in each layer; click a dot to open or close it");
    return graph ? draw_circle(&r, box) : draw_levels(&r, box);
}
