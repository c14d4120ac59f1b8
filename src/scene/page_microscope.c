/* page_microscope.c: softmax of one row, step by step, and what can be asked about it. */
#include "lesson/analysis/microscope.h"
#include "scene/arithmetic.h"
#include "scene/page_parts.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 5 };

struct table {
    const struct view *view;
    struct pen *pen;
    const struct step *step;
    size_t head, row;
    struct microscope m;
    struct microscope_how how;
    float left, edge[COLUMNS + 1]; /* where the words begin, and the columns; the last edge is where they end */
    float bar;                     /* the width of the bar at the right */
    float line, size;
};

/* ---- what can be switched ---- */

static float draw_factors(struct pen *pen, const struct view *view, float x, struct rect bar, bool wide)
{
    float u = pen->scale, width = 54 * u;
    char text[16];
    x = label_draw(pen, "microscope.label", "scores", x, bar) + 8 * pen->scale;
    for (int i = 0; i < FACTOR_COUNT; i++) {
        if (!wide && i != view->state->microscope.factor)
            continue;
        snprintf(text, sizeof text, "× %g", factor_table[i]);
        int command = wide ? CMD_MICROSCOPE_FACTOR_SET : CMD_MICROSCOPE_FACTOR;
        button_draw(pen, (struct rect){x, bar.y, width, bar.h}, text, i == view->state->microscope.factor, command, i);
        x += width + 4 * u;
    }
    return x + 12 * u;
}

/* A slider; on a narrow page a button at each side of the number. */
static float draw_temperature(struct pen *pen, const struct view *view, float x, struct rect bar, bool wide)
{
    int at = TEMPERATURE_NORMAL + view->state->microscope.temperature_offset;
    float u = pen->scale, track = 24 * u * (TEMPERATURE_COUNT - 1), value = 44 * u;
    struct ink mono = pen_ink(pen, FACE_MONO, 14, 0, pen->theme->text);
    x = label_draw(pen, "microscope.label", wide ? "temperature" : "T", x, bar) + 8 * pen->scale;
    if (!wide) {
        button_draw(pen, (struct rect){x, bar.y, bar.h, bar.h}, "←", false, CMD_CURSOR_LEFT, 0);
        pen_textf(pen, "microscope.temperature", mono, (struct rect){x + bar.h, bar.y, value, bar.h}, ALIGN_CENTRE,
                  "%g", temperature_table[at]);
        button_draw(pen, (struct rect){x + bar.h + value, bar.y, bar.h, bar.h}, "→", false, CMD_CURSOR_RIGHT, 0);
        return x + 2 * bar.h + 56 * u;
    }
    float first = x + 7 * u;
    slider_draw_places(pen, (struct rect){first, bar.y, track, bar.h}, at, TEMPERATURE_COUNT,
                       CMD_MICROSCOPE_TEMPERATURE);
    pen_textf(pen, "microscope.temperature", mono, (struct rect){first + track + 14 * u, bar.y, value, bar.h},
              ALIGN_LEFT, "%g", temperature_table[at]);
    return first + track + 70 * u;
}

static void draw_switches(struct pen *pen, const struct view *view, struct rect bar)
{
    float u = pen->scale, x = bar.x;
    bool wide = bar.w > 880 * u, raw = view->state->microscope.raw;
    x = label_draw(pen, "microscope.label", "maximum", x, bar) + 8 * pen->scale;
    float width = 96 * u;
    button_draw(pen, (struct rect){x, bar.y, width, bar.h}, raw ? "not taken off" : "taken off", !raw,
                CMD_MICROSCOPE_MAXIMUM, 0);
    x = draw_factors(pen, view, x + width + 16 * u, bar, wide);
    draw_temperature(pen, view, x, bar, wide);
}

/* ---- the table ---- */

/* Few digits; large and small numbers have a power of ten. */
static const char *cell_text(double x, char buffer[NUMBER_TEXT])
{
    if (!isfinite(x) || x == 0 || (fabs(x) >= 0.001 && fabs(x) < 100000))
        return number_text(x, fabs(x) < 10 ? 3 : 2, buffer);
    snprintf(buffer, NUMBER_TEXT, "%.2g", x);
    return buffer;
}

static struct rect cell_box(const struct table *t, int column, float y)
{
    float left = t->edge[column];
    return (struct rect){left, y, t->edge[column + 1] - left - 4 * t->pen->scale, t->line};
}

static void write_cell(struct table *t, int column, float y, double x, bool bold)
{
    char text[NUMBER_TEXT];
    /* Overflow stands out. */
    bool broken = isnan(x) || (isinf(x) && x > 0);
    struct ink ink = {bold || broken ? FACE_MONO_BOLD : FACE_MONO, t->size, 8 * t->pen->scale,
                      broken ? t->pen->theme->warning : t->pen->theme->text};
    pen_text_in(t->pen, "microscope.cell", ink, cell_box(t, column, y), ALIGN_RIGHT, cell_text(x, text));
}

/* "S_scaled × 10 / 0.5": what the second column holds. */
static void scaled_title(const struct table *t, char *buffer, size_t size)
{
    char factor[24] = "", warmth[20] = "";
    if (t->how.factor != 1)
        snprintf(factor, sizeof factor, " × %g", t->how.factor);
    if (t->how.temperature != 1)
        snprintf(warmth, sizeof warmth, " / %g", t->how.temperature);
    snprintf(buffer, size, "%s%s", factor, warmth);
    if (!*buffer)
        snprintf(buffer, size, "as it is");
}

static void write_titles(struct table *t, float y)
{
    char scaled[48];
    scaled_title(t, scaled, sizeof scaled);
    const char *const titles[COLUMNS] = {"score", scaled, t->how.raw ? "as it is" : "− max", "eˣ", "weight"};
    struct ink ink = pen_ink(t->pen, FACE_SANS_BOLD, 13, 8, t->pen->theme->text_secondary);
    pen_text_in(t->pen, "microscope.title", ink, (struct rect){t->left, y, t->edge[0] - t->left, t->line}, ALIGN_LEFT,
                "looked at");
    for (int i = 0; i < COLUMNS; i++) {
        struct rect box = cell_box(t, i, y);
        pen_text_in(t->pen, "microscope.title", ink, (struct rect){box.x + 2, y, box.w - 2, t->line}, ALIGN_RIGHT,
                    titles[i]);
    }
}

static void draw_weight_bar(struct table *t, float y, double weight)
{
    float u = t->pen->scale, x = t->edge[COLUMNS] + 6 * u, w = t->bar - 6 * u;
    if (w <= 8 * u || !isfinite(weight))
        return;
    pen_fill(t->pen, "microscope.track", (struct rect){x, y + t->line * 0.3f, w, t->line * 0.4f}, t->pen->theme->line,
             0);
    pen_fill(t->pen, "microscope.bar", (struct rect){x, y + t->line * 0.2f, w * (float)fmin(weight, 1), t->line * 0.6f},
             t->pen->theme->share, 0);
}

/* A line of the table: its label, and its numbers from column `first` on. */
static void write_row(struct table *t, float y, const char *label, int first, const double cells[COLUMNS], bool bold)
{
    struct ink ink = {bold ? FACE_SANS_BOLD : FACE_SANS, t->size, 8 * t->pen->scale, t->pen->theme->text};
    pen_text_in(t->pen, "microscope.word", ink, (struct rect){t->left, y, t->edge[first] - t->left, t->line},
                ALIGN_LEFT, label);
    for (int c = first; c < COLUMNS; c++)
        write_cell(t, c, y, cells[c], bold || (first == 0 && c == COLUMNS - 1));
}

/* Columns of equal widths, beside the words and before the bars. */
static void lay_out(struct table *t, struct rect box, size_t lines)
{
    float u = t->pen->scale;
    t->line = fminf(38 * u, fmaxf(box.h / (float)lines, 14 * u));
    t->size = roundf(fminf(15 * u, t->line / 1.25f));
    float word = fminf(120 * u, box.w * 0.2f);
    t->bar = box.w > 420 * u ? box.w * 0.2f : 0;
    t->left = box.x;
    for (int i = 0; i <= COLUMNS; i++)
        t->edge[i] = box.x + word + (box.w - word - t->bar) * (float)i / COLUMNS;
}

/* Returns where it ends. */
static float draw_table(struct table *t, struct rect box)
{
    float u = t->pen->scale;
    size_t room = (size_t)fmaxf(box.h / (14 * u), 4) - 2, lines = t->m.n;
    if (lines > room) {
        lines = room - 1; /* one line is for the rest */
        microscope_show(&t->m, lines);
    }
    lay_out(t, box, lines + 2 + (t->m.rest > 0));
    float y = box.y;
    write_titles(t, y);
    y += t->line;
    for (size_t i = 0; i < t->m.n; i++) {
        const struct microscope_line *line = &t->m.lines[i];
        const double cells[] = {line->score, line->scaled, line->exponent, line->power, line->weight};
        char word[24];
        if (!line->shown)
            continue;
        write_row(t, y, axis_position(&t->step->value.axis[AXIS_COL], t->head, i, word), 0, cells, false);
        draw_weight_bar(t, y, line->weight);
        y += t->line;
    }
    if (t->m.rest > 0) {
        char others[48];
        snprintf(others, sizeof others, "%zu others, none larger", t->m.rest);
        write_row(t, y, others, 3, (const double[]){0, 0, 0, t->m.rest_power, t->m.rest_weight}, false);
        y += t->line;
    }
    pen_fill(t->pen, "microscope.rule", (struct rect){box.x, y, t->edge[COLUMNS] - box.x, fmaxf(1, u)},
             t->pen->theme->text_secondary, 0);
    write_row(t, y, "exact sum", 3, (const double[]){0, 0, 0, t->m.sum, t->m.weights}, true);
    return y + t->line;
}

/* ---- what can be asked about the row ---- */

static void draw_answer(struct pen *pen, struct rect box, const char *question, double answer, const char *unit)
{
    char number[NUMBER_TEXT];
    pen_fill(pen, "microscope.answer", box, pen->theme->page, 8 * pen->scale);
    struct rect inside = rect_inset(box, 6 * pen->scale), upper = rect_cut_top(&inside, inside.h * 0.45f, 0);
    pen_text_in(pen, "microscope.question", pen_ink(pen, FACE_SANS, 12, 8, pen->theme->text_secondary), upper,
                ALIGN_LEFT, question);
    pen_textf(pen, "microscope.value", pen_ink(pen, FACE_MONO_BOLD, 17, 10, pen->theme->text), inside, ALIGN_LEFT,
              "%s%s", number_text(answer, 2, number), unit);
}

static void draw_answers(struct table *t, struct rect box)
{
    float gap = 8 * t->pen->scale, w = (box.w - 2 * gap) / 3;
    draw_answer(t->pen, rect_cut_left(&box, w, gap), "largest score", t->m.largest, "");
    draw_answer(t->pen, rect_cut_left(&box, w, gap), "entropy", t->m.entropy, " bits");
    draw_answer(t->pen, box, "words attended", t->m.effective, "");
}

/* Why there is no result; else what the numbers mean. */
static void draw_verdict(struct table *t, const char *instead, struct rect box)
{
    char text[240];
    const struct microscope *m = &t->m;
    if (m->largest == -INFINITY)
        snprintf(text, sizeof text, "Everything is blocked: nobody gets anything.");
    else if (isinf(m->sum))
        snprintf(text, sizeof text,
                 "$e^x$ is **too large to be held**: above 709 it is ∞, and ∞ / ∞ is no number (NaN). Take the maximum "
                 "off.");
    else if (m->sum == 0)
        snprintf(text, sizeof text,
                 "Every $e^x$ is **too small to be held**, and 0 / 0 is no number (NaN). Take the maximum off.");
    else if (instead)
        snprintf(text, sizeof text,
                 "This lesson's weights are **%s**; here is what **softmax** would make of these scores.",
                 language_choice(t->view->lesson->language, t->view->lesson->mechanism, "normaliser", instead, "name"));
    else
        snprintf(text, sizeof text,
                 "Entropy: 0 bits is one word alone, %.2f all %zu alike. 2 to that power: **so many words** share the "
                 "weight.",
                 log2((double)m->n), m->n);
    words_draw(t->pen, t->view, "microscope.verdict", t->pen->theme->text, 14 * t->pen->scale, box, text);
}

/* "S_scaled[it]: head 2" and the buttons to the rows around. */
static void draw_name(struct table *t, struct rect box)
{
    float u = t->pen->scale;
    char row[24], head[48] = "";
    if (t->step->value.axis[AXIS_HEAD].size > 1)
        snprintf(head, sizeof head, ", head %zu", t->head + 1);
    pen_textf(t->pen, "microscope.row", pen_ink(t->pen, FACE_SANS_BOLD, 17, 10, t->pen->theme->text),
              (struct rect){box.x, box.y, box.w - 2 * box.h - 12 * u, box.h}, ALIGN_LEFT, "%s “%s” of %s%s",
              t->view->state->columns ? "Column" : "Row",
              axis_position(&t->step->value.axis[AXIS_ROW], t->head, t->row, row), t->step->spec.name, head);
    struct rect down = rect_cut_right(&box, box.h, 6 * u);
    button_draw(t->pen, rect_cut_right(&box, box.h, 0), "↑", false, CMD_CURSOR_UP, 0);
    button_draw(t->pen, down, "↓", false, CMD_CURSOR_DOWN, 0);
}

static void draw_row(struct table *t, const char *instead, struct rect box)
{
    float u = t->pen->scale, name = 26 * u;
    bool tight = view_is_tight(t->view);
    struct rect inside = part_draw(t->pen, "microscope.part", box);
    float answers = (tight ? 42 : 54) * u, verdict = (tight ? 34 : 44) * u, gap = 6 * u;
    draw_name(t, rect_cut_top(&inside, name, gap));
    struct rect table = {inside.x, inside.y, inside.w, inside.h - answers - verdict - 2 * gap};
    inside.y = fminf(draw_table(t, table) + 2 * gap, inside.y + inside.h - answers - verdict - gap);
    draw_answers(t, rect_cut_top(&inside, answers, gap));
    draw_verdict(t, instead, rect_cut_top(&inside, verdict, 0));
}

static void draw_softmax(struct pen *pen, const struct view *view, struct rect box)
{
    const char *instead;
    const struct tape *tape = &view->lesson->tape;
    int id = microscope_find(tape, view->walk->steps[view_place(view).at].step, &instead);
    if (id < 0) {
        words_draw(pen, view, "microscope.none", pen->theme->text, 16 * pen->scale,
                   part_draw(pen, "microscope.part", box),
                   "There is **no softmax** in this lesson: its weights are made otherwise. Choose another lesson to "
                   "see one step by step.");
        return;
    }
    struct table t = {.view = view, .pen = pen, .step = &tape->steps[id]};
    size_t heads = t.step->value.axis[AXIS_HEAD].size;
    t.head = view_head(view) < heads ? view_head(view) : heads - 1;
    t.row = view_word(view, t.step);
    t.how = (struct microscope_how){factor_table[view->state->microscope.factor],
                                    temperature_table[TEMPERATURE_NORMAL + view->state->microscope.temperature_offset],
                                    view->state->microscope.raw};
    struct qkv_err err =
        microscope_init(&t.m, tensor_at(&t.step->value, t.head, t.row, 0), t.step->value.axis[AXIS_COL].size, &t.how);
    if (err.code) {
        pen->list->failed = true;
        return;
    }
    draw_row(&t, instead, box);
    microscope_finish(&t.m);
}

/* ---- why scores are divided by sqrt(d_k) ---- */

enum { BARS = 4 };

/* A number, and under it a bar that is as long as it is large. */
static void draw_bar(struct pen *pen, struct rect cell, double value, double most, bool scaled)
{
    float u = pen->scale, high = roundf(fmaxf(2, 0.18f * cell.h));
    const struct theme *t = pen->theme;
    char number[NUMBER_TEXT];
    struct colour fill = colour_mix(t->panel, scaled ? t->role[ROLE_VALUE] : t->positive, 0.6f);
    struct rect above = {cell.x, cell.y, cell.w - 2 * u, cell.h - high - roundf(0.1f * cell.h)};
    struct rect bar = {cell.x, above.y + above.h, fmaxf(cell.w * (float)(value / most), 1), high};
    struct ink ink = {FACE_MONO, fminf(14 * u, above.h / 1.25f), 8 * u, t->text};
    pen_text_in(pen, "saturation.number", ink, above, ALIGN_LEFT, number_text(value, 2, number));
    pen_fill(pen, "saturation.bar", bar, fill, 0);
}

static void draw_heads(struct pen *pen, const struct view *view, struct rect box, float x, float w, float line)
{
    static const char *const groups[] = {"variance of q · k", "mean largest weight"};
    static const char *const kinds[] = {"as it is", "÷ $sqrt(d_k)$"};
    float u = pen->scale, size = fminf(13 * u, line / 1.3f);
    struct ink bold = {FACE_SANS_BOLD, size, 8 * u, pen->theme->text},
               quiet = {FACE_SANS, size, 8 * u, pen->theme->text_secondary};
    for (int g = 0; g < 2; g++)
        pen_text_in(pen, "saturation.group", bold, (struct rect){x + w * 2 * (float)g, box.y, w * 2 - 4 * u, line},
                    ALIGN_LEFT, groups[g]);
    for (int i = 0; i < BARS; i++)
        spans_in(pen, "saturation.kind", quiet, (struct rect){x + w * (float)i, box.y + line, w - 4 * u, line}, view,
                 kinds[i % 2]);
    spans_in(pen, "saturation.kind", quiet, (struct rect){box.x, box.y + line, x - box.x - 4 * u, line}, view, "d_k");
}

static void draw_saturation(struct pen *pen, const struct view *view, struct rect box)
{
    const struct saturation *s = saturation_known();
    float u = pen->scale, heading = 24 * u;
    struct rect inside = part_draw(pen, "saturation", box);
    float words = fminf((view_is_tight(view) ? 66 : 110) * u, inside.h * 0.3f);
    float line = fminf(36 * u, (inside.h - heading - words) / (SATURATION_POINTS + 2));
    spans_in(pen, "saturation.title", pen_ink(pen, FACE_SANS_BOLD, 17, 10, pen->theme->text),
             rect_cut_top(&inside, heading, 0), view, "Saturation: why divide by $sqrt(d_k)$");
    struct rect table = rect_cut_top(&inside, line * (SATURATION_POINTS + 2), 8 * u);
    float first = fminf(44 * u, table.w * 0.14f), w = (table.w - first) / BARS;
    draw_heads(pen, view, table, table.x + first, w, line);
    for (int i = 0; i < SATURATION_POINTS; i++) {
        float y = table.y + line * (float)(i + 2);
        struct ink ink = {FACE_MONO, fminf(14 * u, line / 1.3f), 8 * u, pen->theme->text};
        pen_textf(pen, "saturation.d_k", ink, (struct rect){table.x, y, first - 6 * u, line}, ALIGN_LEFT, "%d",
                  s[i].d_k);
        const double values[BARS] = {s[i].variance, s[i].variance_scaled, s[i].largest, s[i].largest_scaled};
        for (int k = 0; k < BARS; k++)
            draw_bar(pen, (struct rect){table.x + first + w * (float)k, y, w - 4 * u, line}, values[k],
                     k < 2 ? s[SATURATION_POINTS - 1].variance : 1, k % 2);
    }
    char text[240];
    snprintf(
        text, sizeof text,
        "%d random queries, %d keys each, components of variance 1. Wider vectors give **wilder scores**, until one "
        "word gets nearly all the weight and hardly anything can be learned; dividing by $sqrt(d_k)$ holds them.",
        SATURATION_QUERIES, SATURATION_KEYS);
    words_draw(pen, view, "saturation.words", pen->theme->text_secondary, 13 * u, inside, text);
}

/* ---- the page ---- */

void microscope_draw(struct pen *pen, const struct view *seen, struct rect body)
{
    struct view_state state;
    struct view plain = view_of_lesson(seen, &state);
    bool tight = view_is_tight(seen);
    float u = pen->scale, gap = 12 * u, edge = fminf(20 * u, body.w * 0.03f), button = 28 * u;
    struct rect box = {body.x + edge, body.y + gap * 0.8f, body.w - 2 * edge, body.h - 1.6f * gap};
    if (!tight)
        pen_text_in(pen, "page.title", pen_ink(pen, FACE_SANS_BOLD, 22, 14, pen->theme->text),
                    rect_cut_top(&box, 32 * u, 6 * u), ALIGN_LEFT, "Softmax under the microscope");
    draw_switches(pen, &plain, rect_cut_top(&box, button, gap * 0.8f));
    struct rect other = box.h > 0.95f * box.w ? rect_cut_bottom(&box, fmaxf(240 * u, box.h * 0.36f), gap)
                                              : rect_cut_right(&box, box.w * 0.4f, gap);
    draw_softmax(pen, &plain, box);
    draw_saturation(pen, &plain, other);
}
