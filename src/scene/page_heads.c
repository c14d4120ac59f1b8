/* page_heads.c: the page of heads: each as a thumbnail with its name, what it does, and its switch. */
#include "scene/page_heads.h"

#include "scene/arithmetic.h"
#include "scene/matrix.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- what the parts share ---- */

const char *heads_name(const struct heads_page *page, size_t head, char buffer[64])
{
    const struct words *names = &page->view->lesson->head_names;
    /* Planes that are not heads have names (the mistake that takes words for heads). */
    const char *plane = axis_label(&page->step->value.axis[AXIS_HEAD], 0, head);
    if (plane)
        snprintf(buffer, 64, "%s", plane);
    else if (head < names->n && page->heads == names->n)
        snprintf(buffer, 64, "%zu %s", head + 1, names->v[head]);
    else
        snprintf(buffer, 64, "head %zu", head + 1);
    return buffer;
}

bool heads_is_off(const struct heads_page *page, size_t head)
{
    const struct tape *tape = &page->view->lesson->tape;
    return !page->no_output && head < tape->steps[page->output.heads].value.axis[AXIS_HEAD].size &&
           head_is_off(tape, &page->output, head);
}

bool heads_shows_word(const struct heads_page *page, size_t row)
{
    return !page->chosen || (page->view->state->heads.word > 0 && row == page->word) ||
           view_word_is_kept(page->view, row);
}

static bool any_kept(const struct view *view)
{
    for (size_t i = 0; i < sizeof view->state->heads.chosen / sizeof view->state->heads.chosen[0]; i++)
        if (view->state->heads.chosen[i])
            return true;
    return false;
}

static double largest(const struct view *view, int step)
{
    struct value_range range = lesson_range(view->lesson, step);
    return fmax(fabs(range.min), fabs(range.max));
}

static struct heads_page page_of(const struct view *view, int id)
{
    const struct step *step = &view->lesson->tape.steps[id];
    struct heads_page page = {.view = view,
                              .step = step,
                              .heads = step->value.axis[AXIS_HEAD].size,
                              .rows = step->value.axis[AXIS_ROW].size,
                              .cols = step->value.axis[AXIS_COL].size,
                              .focus = view_head(view),
                              .word = view_word(view, step),
                              .chosen = view->state->heads.word > 0 || any_kept(view)};
    page.most = step->spec.scale == SCALE_SHARE ? 1 : largest(view, id);
    page.focus = page.focus < page.heads ? page.focus : page.heads - 1;
    page.no_output = heads_output_find(&view->lesson->tape, &page.output);
    return page;
}

/* ---- thumbnails ---- */

/* How they are laid out: in columns, each a picture with words beside it. */
struct thumbs {
    size_t columns;
    float width, height, gap;
};

static struct thumbs lay_out(const struct pen *pen, size_t heads, struct rect box)
{
    float u = pen->scale, least = 52 * u;
    struct thumbs t = {.columns = 1, .gap = 6 * u};
    size_t rows = heads;
    while (rows > 1 && (box.h - t.gap * (float)(rows - 1)) / (float)rows < least &&
           box.w / (float)(t.columns + 1) >= 56 * u) {
        t.columns++;
        rows = (heads + t.columns - 1) / t.columns;
    }
    /* A strip that is wider than high has them side by side. */
    while (t.columns < heads && box.w > 2 * box.h && box.w / (float)(t.columns + 1) >= 150 * u)
        t.columns++;
    rows = (heads + t.columns - 1) / t.columns;
    t.width = (box.w - t.gap * (float)(t.columns - 1)) / (float)t.columns;
    t.height = fminf((box.h - t.gap * (float)(rows - 1)) / (float)rows, 200 * u);
    return t;
}

static void draw_picture(struct pen *pen, const struct heads_page *page, size_t head, struct rect box)
{
    int step = (int)(page->step - page->view->lesson->tape.steps);
    struct matrix m = matrix_of(page->view, step, head, page->view->state->columns);
    m.filled = SIZE_MAX;
    float rows = (float)m.rows.n, cols = (float)m.cols.n, cell = fminf(box.w / cols, box.h / rows);
    float w = cell * cols, h = cell * rows;
    struct rect body = {box.x + (box.w - w) / 2, box.y + (box.h - h) / 2, w, h};
    pen_frame(pen, "heads.frame", rect_inset(body, -1), pen->theme->line, 1, 0);
    m.body = body;
    const struct item *cells = matrix_draw_cells(pen, "heads.picture", &m, body);
    if (cells) {
        struct item heatmap = *cells; /* a copy: the list may be reallocated */
        matrix_draw_hatching(pen, page->view, &m, &heatmap);
    }
}

/* A switch: on with its handle at the right, so that not only the colour says so. */
static void draw_switch(struct pen *pen, const struct heads_page *page, size_t head, struct rect box)
{
    const struct theme *t = pen->theme;
    float u = pen->scale, w = 30 * u, h = 16 * u, y = box.y + (box.h - h) / 2, r = h / 2 - 2 * u;
    bool off = heads_is_off(page, head);
    pen_fill(pen, "heads.switch", (struct rect){box.x, y, w, h}, off ? t->text_secondary : t->accent, h / 2);
    float control = off ? box.x + 2 * u : box.x + w - 2 * u - 2 * r;
    pen_fill(pen, "heads.control", (struct rect){control, y + 2 * u, 2 * r, 2 * r}, t->panel, r);
    struct rect place = rect_cut_left(&box, w, 6 * u);
    if (box.w > 20 * u)
        pen_text_in(pen, "heads.switch.label", pen_ink(pen, FACE_SANS, 12, 10, t->text_secondary), box, ALIGN_LEFT,
                    off ? "off" : "on");
    pen_hit(pen, place, CMD_HEAD_SWITCH_SET, (int)head);
}

static void draw_thumb(struct pen *pen, const struct heads_page *page, size_t head, struct rect tile)
{
    const struct theme *t = pen->theme;
    float u = pen->scale;
    bool here = head == page->focus, off = heads_is_off(page, head);
    char name[64];
    if (here)
        pen_fill(pen, "heads.here", tile, t->page, 8 * u);
    pen_frame(pen, "heads.tile", tile, here ? t->accent : t->line, here ? fmaxf(2, 2 * u) : 1, 8 * u);
    pen_hit(pen, tile, CMD_HEAD_SET, (int)head);
    struct rect words = rect_inset(tile, fminf(6 * u, tile.h * 0.12f));
    float side = fminf(words.h, words.w - 60 * u >= words.h ? words.h : fmaxf(words.w * 0.45f, words.w - 76 * u));
    draw_picture(pen, page, head, rect_cut_left(&words, side, 8 * u));
    float line = fminf(20 * u, words.h), mark = 10 * u;
    bool has_switch = !page->no_output && words.h >= line + 24 * u && words.w >= 30 * u;
    struct rect title = rect_cut_top(&words, line, 2 * u);
    pen_fill(pen, "heads.mark", (struct rect){title.x, title.y + (line - mark) / 2, mark, mark}, head_colour(t, head),
             mark / 2);
    rect_cut_left(&title, mark, 5 * u);
    pen_text_in(pen, "heads.name", pen_ink(pen, FACE_SANS_BOLD, 14, 9, off ? t->text_secondary : t->text), title,
                ALIGN_LEFT, heads_name(page, head, name));
    if (has_switch)
        draw_switch(pen, page, head, rect_cut_bottom(&words, 24 * u, 0));
    const struct words *claims = &page->view->lesson->head_claims;
    /* What it does, where there is room for all of it; it is also beside the lines. */
    struct spans s = {0};
    struct ink quiet = {FACE_SANS, roundf(12 * u), 0, t->text_secondary};
    if (head < claims->n && page->heads == claims->n && words.w > 70 * u) {
        spans_parse(&s, claims->v[head]);
        if (spans_height(pen, quiet, &s, words.w) <= words.h)
            spans_wrap(pen, "heads.claim", quiet, &s, words);
        spans_done(pen, &s);
    }
}

static void draw_thumbs(struct pen *pen, const struct heads_page *page, struct rect box)
{
    struct rect inside = part_draw(pen, "heads.thumbs", box);
    struct thumbs t = lay_out(pen, page->heads, inside);
    for (size_t h = 0; h < page->heads; h++) {
        float column = (float)(h % t.columns), row = (float)(h / t.columns);
        struct rect tile = {inside.x + column * (t.width + t.gap), inside.y + row * (t.height + t.gap), t.width,
                            t.height};
        draw_thumb(pen, page, h, tile);
    }
}

/* ---- the page ---- */

/* The title, what is shown, and the switch between one head and all; after the pictures. */
static void draw_title(struct pen *pen, const struct heads_page *page, struct rect box)
{
    float u = pen->scale, button = 28 * u, x = box.x + box.w;
    struct ink title = {FACE_SANS_BOLD, 22 * u, 14 * u, pen->theme->text},
               quiet = {FACE_SANS, 15 * u, 10 * u, pen->theme->text_secondary};
    float y = box.y + (box.h - button) / 2 - 2 * u;
    bool all = page->view->state->heads.all;
    if (page->heads > 1) {
        x -= 96 * u;
        button_draw(pen, (struct rect){x, y, 96 * u, button}, "all heads", all, all ? CMD_NOTHING : CMD_HEADS_ALL, 0);
        x -= 96 * u;
        button_draw(pen, (struct rect){x, y, 90 * u, button}, "one head", !all, all ? CMD_HEADS_ALL : CMD_NOTHING, 0);
        x -= 12 * u;
    }
    struct rect at =
        pen_text_in(pen, "page.title", title, (struct rect){box.x, y, x - box.x, button}, ALIGN_LEFT, "Heads");
    float left = at.x + at.w + 14 * u;
    if (x - left > 80 * u)
        pen_textf(pen, "heads.what", quiet, (struct rect){left, y, x - left, button}, ALIGN_LEFT, "%s%s",
                  view_title(page->view, page->step),
                  display_has_means(pen->list)      ? " (small squares: means of neighbours)"
                  : display_has(pen->list, "hatch") ? " (hatched: blocked by the mask)"
                                                    : "");
}

static void draw_nothing(struct pen *pen, const struct view *view, struct rect box)
{
    const struct tape *tape = &view->lesson->tape;
    bool several = false;
    for (size_t i = 0; i < tape->n; i++)
        several = several || tape->steps[i].value.axis[AXIS_HEAD].size > 1;
    float u = pen->scale, top = page_title_draw(pen, view, box);
    words_draw(
        pen, view, "heads.none", pen->theme->text, 18 * u,
        (struct rect){box.x, box.y + top, fminf(box.w, 620 * u), box.h - top},
        several ? "No step of this lesson is a table of attention weights, and the step on the page has one head only. "
                  "Go to a step with several (the buttons below say **head** there), or choose another lesson."
                : "No step of this lesson is a table of attention weights, and none has several heads. Choose another "
                  "lesson.");
}

/* The pictures, the lines and the sum: side by side, or one below the other on a page that is high. */
static void draw_parts(struct pen *pen, const struct heads_page *page, struct rect box, float gap)
{
    const struct rect all = box;
    float u = pen->scale;
    bool high = box.h > 1.1f * box.w;
    struct rect thumbs =
        high ? rect_cut_top(&box, fmaxf(120 * u, all.h * 0.22f), gap) : rect_cut_left(&box, all.w * 0.26f, gap);
    struct rect sum =
        high ? rect_cut_bottom(&box, fmaxf(150 * u, all.h * 0.28f), gap) : rect_cut_right(&box, all.w * 0.31f, gap);
    draw_thumbs(pen, page, thumbs);
    heads_lines_draw(pen, page, box);
    heads_sum_draw(pen, page, sum);
}

void heads_draw(struct pen *pen, const struct view *seen, struct rect body)
{
    struct view_state state;
    struct view plain = view_of_lesson(seen, &state);
    float u = pen->scale, gap = 12 * u, edge = fminf(20 * u, body.w * 0.03f);
    struct rect box = {body.x + edge, body.y + gap * 0.8f, body.w - 2 * edge, body.h - 1.6f * gap};
    int id = view_heads_step(&plain);
    if (id < 0) {
        draw_nothing(pen, &plain, box);
        return;
    }
    struct heads_page page = page_of(&plain, id);
    struct rect title = rect_cut_top(&box, (view_is_tight(&plain) ? 30 : 40) * u, 0);
    draw_parts(pen, &page, box, gap);
    draw_title(pen, &page, title);
}
