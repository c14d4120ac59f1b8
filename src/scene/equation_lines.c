/* equation_lines.c: operands and result in lines. */
#include "scene/matrix.h"

#include "scene/arithmetic.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* How the plates (operands, then the result) are broken into lines, as text is. */
enum breaks {
    BREAK_NONE,          /* all in one line */
    BREAK_BEFORE_RESULT, /* the operands in one, the result below */
    BREAK_IN_TWO,        /* the operands in two, the result below */
    BREAK_ALL,           /* one below the other */
    BREAK_COUNT
};

struct plate {
    struct matrix *matrix;
    int line;
    float labels; /* width of its row labels with their gap; 0: the plate before has the same */
    float least;  /* its width, so that its title has room for what it must say */
    float sums;   /* of the sums beside its rows, in units */
};

/* What is left out where the numbers of a small page cannot be read otherwise. */
enum spared {
    SPARED_NOTHING,
    SPARED_HEADERS, /* column labels that stand above in the same places */
    SPARED_SUMS,    /* these, and the sums beside the rows */
    SPARED_COUNT
};

struct line_layout {
    enum breaks breaks;
    enum spared spared;
    struct plate plates[OPERANDS_MAX + 1];
    int n, lines;
    float cell_w, cell_h;
    float header[OPERANDS_MAX + 1]; /* of each line: room for its column labels */
    float rows[OPERANDS_MAX + 1];   /* of each line: the most rows of its plates */
    float title, plate_least, width, height;
    float notes; /* the height of what is said below */
};

/* So far the title of a plate reaches into the gap behind it. */
static const float plate_gap = 44, title_beyond = 32;

/* Are these parts of two axes called alike, position by position? */
static bool same_labels(const struct matrix *a, const struct axis *x, struct section in_a, const struct matrix *b,
                        const struct axis *y, struct section in_b)
{
    char here[24], there[24];
    if (x->size != y->size || in_a.from != in_b.from || in_a.n != in_b.n)
        return false;
    /* Labels may differ per head. */
    bool alike = x->labels == y->labels && (x->labels_per_head == 0 || a->head == b->head);
    for (size_t i = 0; i < x->size && !alike; i++)
        if (strcmp(axis_position(x, a->head, i, here), axis_position(y, b->head, i, there)) != 0)
            return false;
    return true;
}

static bool same_rows(const struct matrix *a, const struct matrix *b)
{
    return same_labels(a, matrix_rows_axis(a), a->rows, b, matrix_rows_axis(b), b->rows);
}

static bool same_cols(const struct matrix *a, const struct matrix *b)
{
    return same_labels(a, matrix_cols_axis(a), a->cols, b, matrix_cols_axis(b), b->cols);
}

static float plate_width(const struct line_layout *l, int i)
{
    const struct matrix *m = l->plates[i].matrix;
    return fmaxf((float)m->cols.n * l->cell_w, fmaxf(l->plate_least, l->plates[i].least));
}

static bool begins_line(const struct line_layout *l, int i)
{
    return i == 0 || l->plates[i].line != l->plates[i - 1].line;
}

static void break_lines(const struct pen *pen, const struct view *view, struct equation *eq, enum breaks breaks,
                        float most_labels, struct line_layout *l)
{
    for (int i = 0; i <= eq->n; i++) {
        struct plate *p = &l->plates[l->n++];
        p->matrix = &eq->m[i];
        p->sums = matrix_sums_width(view, p->matrix);
        p->least = matrix_title_least(pen, view, p->matrix);
        bool broken = i > 0 && (breaks == BREAK_ALL || (breaks != BREAK_NONE && i == eq->n) ||
                                (breaks == BREAK_IN_TWO && i == (eq->n + 1) / 2));
        p->line = i == 0 ? 0 : l->plates[i - 1].line + broken;
        bool shared = i > 0 && !broken && same_rows(l->plates[i - 1].matrix, p->matrix);
        if (!shared)
            p->labels = matrix_row_labels_width(pen, view, p->matrix, most_labels) + LABEL_GAP * pen->scale;
        l->rows[p->line] = fmaxf(l->rows[p->line], (float)p->matrix->rows.n);
        l->lines = p->line + 1;
    }
    /* All lines begin at the same x, so that equal columns are aligned. */
    float widest = 0;
    for (int i = 0; i < l->n; i++)
        widest = begins_line(l, i) ? fmaxf(widest, l->plates[i].labels) : widest;
    for (int i = 0; i < l->n; i++)
        l->plates[i].labels = begins_line(l, i) ? widest : l->plates[i].labels;
    for (int i = 0; i < l->n; i++) /* at the end of a line there is no gap, but the result has its legend there */
        if (i + 1 == l->n || !begins_line(l, i + 1))
            l->plates[i].least -= title_beyond * pen->scale;
}

/* The width of a line's parts that do not grow with the cells, and its columns. */
static float line_width(const struct pen *pen, const struct line_layout *l, int line, float *ret_cols)
{
    float width = 0;
    *ret_cols = 0;
    for (int i = 0; i < l->n; i++) {
        if (l->plates[i].line != line)
            continue;
        width += plate_width(l, i) + l->plates[i].labels;
        width += begins_line(l, i) ? 0 : plate_gap * pen->scale;
        width += (l->plates[i].sums + (i + 1 == l->n ? EQ_LEGEND_W : 0)) * pen->scale;
        *ret_cols += (float)l->plates[i].matrix->cols.n;
    }
    return width;
}

/* The widest cells with which every line fits. Narrow plates are as wide as their titles; the others give them room. */
static void fit_width(const struct pen *pen, struct line_layout *l, float room)
{
    l->cell_w = EQ_CELL_W * pen->scale;
    l->width = 0;
    for (int line = 0; line < l->lines; line++)
        for (int pass = 0; pass < 8; pass++) {
            float cols, width = line_width(pen, l, line, &cols);
            if (width > room)
                l->cell_w *= fmaxf(0.1f, 1 - (width - room) / (cols * l->cell_w));
        }
    for (int line = 0; line < l->lines; line++) {
        float cols;
        l->width = fmaxf(l->width, line_width(pen, l, line, &cols));
    }
}

/* The plate in the line before that has the same columns at the same place as the only plate of this line; -1: none. */
static int plate_above(const struct line_layout *l, int i)
{
    bool alone = begins_line(l, i) && (i + 1 == l->n || begins_line(l, i + 1));
    int above = i - 1;
    while (above > 0 && !begins_line(l, above))
        above--;
    return alone && above >= 0 && same_cols(l->plates[above].matrix, l->plates[i].matrix) ? above : -1;
}

static struct line_layout layout_lines(const struct pen *pen, const struct view *view, struct equation *eq,
                                       struct rect area, enum breaks breaks, enum spared spared)
{
    struct line_layout l = {.breaks = breaks, .spared = spared};
    for (int i = 0; i <= eq->n; i++)
        eq->m[i].no_sums = spared >= SPARED_SUMS;
    float u = pen->scale, lg = LABEL_GAP * u, rows = 0;
    break_lines(pen, view, eq, breaks, area.w / 5, &l);
    /* A plate alone in its line has room for its title beside the symbol. */
    l.title = (breaks == BREAK_ALL || view_is_tight(view) ? 24 : 48) * u;
    /* Plates wide enough for whole titles, unless that would make the cells smaller. */
    static const float leasts[] = {210, 176, 132, 84, 40};
    for (int i = 0; i < 3 + view_is_tight(view) + (view_is_tight(view) && spared >= SPARED_HEADERS); i++) {
        l.plate_least = leasts[i] * u;
        fit_width(pen, &l, area.w);
        if (l.cell_w >= EQ_CELL_W * u)
            break;
    }
    l.notes = notes_height(pen, view, eq, area.w);
    l.height = EQ_AXES_H * u + large_foot_height(pen, eq) + l.notes;
    for (int i = 0; i < l.n; i++)
        if (spared < SPARED_HEADERS || plate_above(&l, i) < 0)
            l.header[l.plates[i].line] = fmaxf(
                l.header[l.plates[i].line], matrix_col_labels_height(pen, view, l.plates[i].matrix, l.cell_w) + lg / 2);
    for (int line = 0; line < l.lines; line++) {
        l.height += l.title + l.header[line] + lg;
        rows += l.rows[line];
    }
    l.cell_h = fminf(EQ_CELL_H * u, (area.h - l.height) / rows);
    l.height += l.cell_h * rows;
    return l;
}

/* How well numbers can be read in cells of this size, 0 to 1. */
static float legibility(const struct pen *pen, const struct line_layout *l)
{
    const float label = 11 * TEXT_HEIGHT * pen->scale;
    /* A large matrix is a picture: both sides count. */
    for (int line = 0; line < l->lines; line++)
        if (l->rows[line] >= MEANS_FROM)
            return fminf(1, sqrtf(fmaxf(l->cell_w, 0) * fmaxf(l->cell_h, 0)) / (24 * pen->scale));
    float numbers = fminf(1, fminf(l->cell_w / (48 * pen->scale), l->cell_h / (24 * pen->scale)));
    /* Cells too small for row labels count half, too narrow for column labels 0.7. */
    return numbers * (l->cell_h < label ? 0.5f : 1) * (l->cell_w < label ? 0.7f : 1);
}

/* The op's formula without indices: "{1} {0} + {2}". */
static void without_indices(const char *formula, char ret[128])
{
    size_t n = 0;
    for (const char *at = formula; *at && n + 1 < 128; at++) {
        if (strncmp(at, "}_i", 3) == 0) {
            ret[n++] = '}';
            at += 1 + strspn(at + 2, "ijl");
        } else {
            ret[n++] = *at;
        }
    }
    ret[n] = '\0';
}

/* The sign between two operands: what the formula has there, if that is one sign; else "". */
static const char *sign_between(const char *formula, int left, int right)
{
    static const struct {
        const char *written, *sign;
    } signs[] = {{"{a} + {b}", "+"}, {"{a} - {b}", "−"}, {"{a} / {b}", "÷"}, {"{a} ⊙ {b}", "⊙"},
                 {"{b} ⊙ {a}", "⊙"}, {"{b} {a}", "×"},   {"+ {b}", "+"}};
    for (size_t s = 0; s < sizeof signs / sizeof signs[0]; s++) {
        char between[32];
        snprintf(between, sizeof between, "%s", signs[s].written);
        for (char *c = between; *c; c++)
            *c = *c == 'a' ? (char)('0' + left) : *c == 'b' ? (char)('0' + right) : *c;
        if (strstr(formula, between))
            return signs[s].sign;
    }
    return "";
}

/* The sign before a plate; before the result "=", unless something more is done to the operands (e^(S - m): S - m alone
 * would be another number). */
static const char *sign_before(const struct equation *eq, int i)
{
    char formula[128];
    without_indices(op_table[eq->step->spec.op]->formula, formula);
    if (i < eq->n)
        return eq->m[i].all_planes ? "" : sign_between(formula, i - 1, i);
    bool more = eq->n == 1 || eq->m[0].all_planes || strchr(formula, '(');
    for (int k = 1; k < eq->n; k++)
        more = more || !sign_between(formula, k - 1, k)[0];
    return more ? "→" : "=";
}

/* Where the matrix below has the same ones, a column that is lit there is lit here. */
static void draw_col_labels(struct pen *pen, const struct view *view, const struct line_layout *l, int i)
{
    struct matrix m = *l->plates[i].matrix;
    if (l->spared >= SPARED_HEADERS && plate_above(l, i) >= 0)
        return;
    for (int below = i + 1; l->spared >= SPARED_HEADERS && below < l->n; below++)
        if (plate_above(l, below) >= 0 && !m.lit_cols.n)
            m.lit_cols = l->plates[below].matrix->lit_cols;
    matrix_draw_col_labels(pen, view, &m, l->header[l->plates[i].line] - LABEL_GAP * pen->scale / 2);
}

static void draw_plate(struct pen *pen, const struct view *view, const struct line_layout *l, int i, float y,
                       float right)
{
    const struct plate *p = &l->plates[i];
    struct matrix *m = p->matrix;
    float u = pen->scale, lg = LABEL_GAP * u;
    bool last_of_line = i + 1 == l->n || l->plates[i + 1].line != p->line;
    matrix_draw(pen, view, m);
    matrix_draw_sums(pen, view, m);
    if (p->labels > 0)
        matrix_draw_row_labels(pen, view, m, p->labels - lg);
    draw_col_labels(pen, view, l, i);
    float title_w = last_of_line ? right - m->body.x : plate_width(l, i) + title_beyond * u;
    matrix_draw_title(pen, view, m, (struct rect){m->body.x, y, title_w, l->title});
    if (i + 1 == l->n) {
        struct rect box = {m->body.x + m->body.w + (p->sums + 14) * u, m->body.y, (EQ_LEGEND_W - 14) * u, m->body.h};
        matrix_draw_legend(pen, view, m, large_draw_beside(pen, m, box));
    }
    large_draw_edges(pen, m);
}

/* The length of a side of few cells that would be too thin to see: as long as there is room. */
static float few(float n, float cell, float room)
{
    const float readable = 10;
    return n <= 8 && cell < readable ? fmaxf(n * cell, fminf(n * readable, room)) : n * cell;
}

static void draw_sign(struct pen *pen, const struct equation *eq, int i, struct rect box, enum align align)
{
    struct ink ink = {FACE_SANS, 22 * pen->scale, 0, pen->theme->text_secondary};
    const char *sign = sign_before(eq, i);
    if (sign[0] && pen_fits(pen, ink, box.w, sign))
        pen_text_in(pen, "sign", ink, box, align, sign);
}

static void draw_lines(struct pen *pen, const struct view *view, struct equation *eq, struct rect area,
                       struct line_layout *l)
{
    float u = pen->scale, lg = LABEL_GAP * u, gap = plate_gap * u;
    float left = area.x + fmaxf(0, (area.w - l->width) / 2), x = left;
    float y = area.y + fmaxf(0, (area.h - l->height) / 2);
    for (int i = 0; i < l->n; i++) {
        struct plate *p = &l->plates[i];
        float cells_y = y + l->title + l->header[p->line];
        if (i > 0 && begins_line(l, i)) {
            y += l->title + l->header[l->plates[i - 1].line] + l->rows[l->plates[i - 1].line] * l->cell_h + lg;
            cells_y = y + l->title + l->header[p->line];
            x = left;
            /* At the beginning of a line it stands before the symbol, above the row labels. */
            draw_sign(pen, eq, i, (struct rect){area.x, y, x + p->labels - 8 * u - area.x, 24 * u}, ALIGN_RIGHT);
        } else if (i > 0) {
            float middle = cells_y + l->rows[p->line] * l->cell_h / 2;
            draw_sign(pen, eq, i, (struct rect){x, middle - 20 * u, gap - 6 * u, 40 * u}, ALIGN_CENTRE);
            x += gap;
        }
        x += p->labels;
        p->matrix->body = (struct rect){x, cells_y, few((float)p->matrix->cols.n, l->cell_w, l->plate_least),
                                        few((float)p->matrix->rows.n, l->cell_h, l->rows[p->line] * l->cell_h)};
        draw_plate(pen, view, l, i, y, area.x + area.w);
        x += plate_width(l, i) + p->sums * u;
    }
    float below = y + l->title + l->header[l->lines - 1] + l->rows[l->lines - 1] * l->cell_h + lg;
    equation_draw_axes(pen, view, eq, (struct rect){area.x, below, area.w, EQ_AXES_H * u});
    below += EQ_AXES_H * u;
    float foot = large_foot_height(pen, eq);
    large_draw_foot(pen, view, eq, (struct rect){area.x, below, area.w, foot});
    notes_draw(pen, view, eq, (struct rect){area.x, below + foot, area.w, l->notes});
}

static bool layout_fits(const struct line_layout *l, struct rect area)
{
    return l->width <= area.w + 1 && l->height <= area.h + 1 && l->cell_h > 0;
}

/* The fewest lines, unless more give clearly larger cells, or fewer do not fit. */
static struct line_layout best_layout(const struct pen *pen, const struct view *view, struct equation *eq,
                                      struct rect area)
{
    struct line_layout best = layout_lines(pen, view, eq, area, BREAK_NONE, SPARED_NOTHING);
    for (enum breaks breaks = BREAK_BEFORE_RESULT; breaks < BREAK_COUNT; breaks++) {
        struct line_layout other = layout_lines(pen, view, eq, area, breaks, SPARED_NOTHING);
        bool clearer = legibility(pen, &other) > legibility(pen, &best) * 1.05f;
        if (layout_fits(&other, area) ? clearer || !layout_fits(&best, area) : clearer && !layout_fits(&best, area))
            best = other;
    }
    return best;
}

/* ---- where numbers cannot be read so ---- */

/* The cells in which its numbers can be read: those of the usual numbers. */
static struct rect readable_cell(const struct pen *pen, const struct view *view, const struct equation *eq)
{
    float size = CELL_NUMBER_LEAST * view_base(view);
    const char *usual = "-0";
    for (int i = 0; i <= eq->n; i++)
        usual = plane_decimals(&eq->m[i].of->value, eq->m[i].head) > 0 ? "-0.00" : usual;
    return (struct rect){.w = pen_width(pen, FACE_MONO, ceilf(size), usual, strlen(usual)) + 6,
                         .h = ceilf(size) * TEXT_HEIGHT + 2};
}

/* 2 and more: numbers can be read; else the labels of rows count more than those of columns, and these more than size. */
static float readability(const struct pen *pen, const struct view *view, const struct line_layout *l,
                         struct rect readable)
{
    float share = fminf(1, fminf(l->cell_w / (48 * pen->scale), l->cell_h / (24 * pen->scale)));
    if (l->cell_h >= readable.h && l->cell_w >= readable.w)
        return 2 + share;
    bool rows = l->cell_h >= ROW_LABEL_LEAST * view_base(view) * TEXT_HEIGHT,
         columns = l->cell_w >= COL_LABEL_LEAST * pen->scale * TEXT_HEIGHT;
    for (int i = 0; i < l->n; i++) { /* of many, some are written anyway */
        rows = rows || l->plates[i].matrix->rows.n >= LABELS_MANY;
        columns = columns || l->plates[i].matrix->cols.n >= LABELS_MANY;
    }
    return 0.5f * share + (rows ? 0.9f : 0) + (columns ? 0.6f : 0);
}

/* A layout in which numbers, or at least the labels of rows, can be read, where `best` is none and there is one. */
static struct line_layout more_readable(const struct pen *pen, const struct view *view, struct equation *eq,
                                        struct rect area, struct line_layout best)
{
    for (int i = 0; i <= eq->n; i++)
        if (eq->m[i].rows.n >= MEANS_FROM || eq->m[i].cols.n >= MEANS_FROM)
            return best; /* a picture */
    const struct rect readable = readable_cell(pen, view, eq);
    if (readability(pen, view, &best, readable) >= 2 && layout_fits(&best, area))
        return best;
    for (enum spared spared = SPARED_NOTHING; spared < SPARED_COUNT; spared++)
        for (enum breaks breaks = BREAK_NONE; breaks < BREAK_COUNT; breaks++) {
            struct line_layout other = layout_lines(pen, view, eq, area, breaks, spared);
            bool clearer = readability(pen, view, &other, readable) > readability(pen, view, &best, readable) + 0.05f;
            if (layout_fits(&other, area) && (clearer || !layout_fits(&best, area)))
                best = other;
        }
    return best;
}

bool equation_draw_lines(struct pen *pen, const struct view *view, struct equation *eq, struct rect area, bool force)
{
    struct line_layout layout = best_layout(pen, view, eq, area);
    layout = more_readable(pen, view, eq, area, layout);
    layout = layout_lines(pen, view, eq, area, layout.breaks, layout.spared); /* of these the matrices know */
    bool flat = layout.cell_h < ROW_LABEL_LEAST * view_base(view) * TEXT_HEIGHT;
    if (!force && (!layout_fits(&layout, area) || flat))
        return false;
    draw_lines(pen, view, eq, area, &layout);
    return true;
}
