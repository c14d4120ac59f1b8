/* matrix_notes.c: what is said below the matrices of a page about their colours and digits, where it is of use. */
#include "scene/matrix.h"

#include "core/blocked.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- scales ---- */

static bool has_scale(const struct matrix *m)
{
    return m->of->spec.scale == SCALE_SIGNED || m->of->spec.scale == SCALE_SHARE;
}

/* Can the colours of the result's legend be read in it? Shares up to 1 need no legend. */
static bool needs_range(const struct matrix *m, const struct matrix *result)
{
    bool usual = m->of->spec.scale == SCALE_SHARE && m->most == 1;
    bool same = m->of->spec.scale == result->of->spec.scale && m->most == result->most;
    return has_scale(m) && !usual && !same && m->most > 0;
}

void notes_scales(struct equation *eq)
{
    const struct matrix *result = &eq->m[eq->n];
    for (int i = 0; i <= eq->n; i++) {
        struct matrix *m = &eq->m[i];
        m->says_range = needs_range(m, result);
        for (int k = 0; k < i; k++)
            eq->own_scales = eq->own_scales || (m->of->spec.scale == SCALE_SIGNED && m->most > 0 && eq->m[k].most > 0 &&
                                                eq->m[k].of->spec.scale == SCALE_SIGNED && m->most != eq->m[k].most);
    }
}

/* ---- digits ---- */

/* Can its numbers be read? Before it is drawn it may have room for them. */
static bool may_be_read(const struct matrix *m)
{
    return m->squares.block_rows == 0 || m->numbered;
}

/* Do an exact 0 and a number that is rounded to 0 stand in one matrix? */
static bool mixes_zeros(const struct matrix *m)
{
    enum { READABLE_MOST = 4096 };
    const double rounded = 0.5 * pow(10, -CELL_DECIMALS);
    const struct axis *axis = m->of->value.axis;
    size_t n = axis[AXIS_ROW].size * axis[AXIS_COL].size;
    const double *v = tensor_at(&m->of->value, m->head, 0, 0);
    bool exact = false, small = false, rest = false;
    if (n > READABLE_MOST || !may_be_read(m))
        return false;
    for (size_t i = 0; i < n; i++) {
        exact = exact || v[i] == 0;
        small = small || (v[i] != 0 && fabs(v[i]) < rounded);
        rest = rest || fabs(v[i]) >= rounded;
    }
    return exact && small && rest;
}

/* Where a token is a column, the sum stands here, as there is no room for it below the columns. */
static bool is_turned(const struct view *view, const struct matrix *m)
{
    return m->of->spec.distribution && m->transposed && m->rows.n <= MATRIX_UNNUMBERED_MOST &&
           !view_hides_mistake(view, m->of);
}

/* "Row in bold: the rounded numbers give 0.98, the exact ones 1.00": of the row (or column) that is looked at. */
static bool say_sum(const struct view *view, const struct matrix *m, char *text, size_t size)
{
    size_t row;
    if (!may_be_read(m) || (!matrix_says_sums(view, m) && !is_turned(view, m)) || !matrix_row_looked_at(m, &row))
        return false;
    struct row_sum sum = matrix_row_sum(m, row);
    char exact[NUMBER_TEXT], rounded[NUMBER_TEXT];
    number_text(sum.sum, CELL_DECIMALS, exact);
    if (sum.adds_up && !m->transposed)
        return false;
    if (sum.adds_up && sum.decimals == CELL_DECIMALS)
        snprintf(text, size, "Column in bold: Σ %s.", exact);
    else
        snprintf(text, size, "%s in bold: the rounded numbers give %s, the exact ones %s.",
                 m->transposed ? "Column" : "Row", number_text(sum.rounded, CELL_DECIMALS, rounded), exact);
    return true;
}

/* ---- the lines ---- */

static const float note_size = 12, note_least = 11, note_least_tight = 9, note_line = 17;
enum { NOTES_MAX = 7, NOTE_TEXT = 160, LINES_MOST = 3 };

struct notes {
    char text[NOTES_MAX][NOTE_TEXT];
    int n;
};

static void add(struct notes *notes, const char *text)
{
    snprintf(notes->text[notes->n++], NOTE_TEXT, "%s", text);
}

/* Is this true of any matrix of the page? */
static bool any(const struct equation *eq, bool is(const struct matrix *m))
{
    bool found = false;
    for (int i = 0; i <= eq->n; i++)
        found = found || is(&eq->m[i]);
    return found;
}

static bool is_bright(const struct matrix *m)
{
    return m->of->spec.scale == SCALE_BRIGHTNESS;
}

static bool is_coloured(const struct matrix *m)
{
    return m->of->spec.scale == SCALE_RGB;
}

/* Are there blocked cells, and are they hatched? Without room for lines a blocked number is grey. */
static bool has_blocked(const struct view *view, const struct matrix *m)
{
    const struct axis *axis = m->of->value.axis;
    /* Before it is drawn it may have room for lines. */
    bool drawn = m->squares.block_rows > 0,
         itself = m->of->spec.scale == SCALE_MASK || op_table[m->of->spec.op]->blocks;
    if (!tape_has_blocked(view_tape(view), m->step) || (drawn && !itself && !matrix_shows_blocked(m)))
        return false;
    for (size_t r = 0; r < axis[AXIS_ROW].size; r++)
        for (size_t c = 0; c < axis[AXIS_COL].size; c++)
            if (tape_is_blocked(view_tape(view), m->step, m->head, r, c))
                return true;
    return false;
}

static const char *say_blocked(const struct view *view, const struct equation *eq)
{
    bool blocked = false, hatched = false;
    for (int i = 0; i <= eq->n; i++)
        if (has_blocked(view, &eq->m[i])) {
            blocked = true;
            hatched = hatched || matrix_is_hatched(&eq->m[i]);
        }
    return hatched ? "Hatched: blocked by the mask." : blocked ? "Grey: blocked by the mask." : NULL;
}

/* The most useful ones first. `sum`: of the row that is looked at, as it would be at its longest. */
static struct notes notes_of(const struct view *view, const struct equation *eq, const char *sum)
{
    struct notes notes = {.n = 0};
    if (eq->own_scales)
        add(&notes, "Each matrix has its own colour scale.");
    const char *blocked = say_blocked(view, eq);
    if (blocked)
        add(&notes, blocked);
    if (*sum)
        add(&notes, sum);
    if (any(eq, mixes_zeros))
        add(&notes, "0 is exactly 0; 0.00 is small, rounded.");
    if (any(eq, is_bright))
        add(&notes, "As in the picture: 0 is black, 1 is white.");
    if (any(eq, is_coloured))
        add(&notes, "As in the picture: 0 is black, 1 is full red, green or blue.");
    if (eq->m[eq->n].of->spec.scale == SCALE_SIGNED && eq->m[eq->n].most > 0 && !view_is_tight(view))
        add(&notes, "Twice as strong a colour: a number four times as large.");
    return notes;
}

static bool has_many_rows(const struct matrix *m)
{
    enum { MANY_ROWS = 12 };
    return m->rows.n > MANY_ROWS;
}

/* On a low page, and where there are many rows, the matrices need the room of a second line. */
static struct ink note_ink(const struct pen *pen, const struct view *view, const struct equation *eq)
{
    bool many = any(eq, has_many_rows);
    float least = many || view_is_tight(view) ? note_least_tight : note_least;
    return pen_ink(pen, FACE_SANS, note_size, least, pen->theme->text_secondary);
}

/* The notes broken into lines; a note is not broken. */
static int break_lines(const struct pen *pen, struct ink ink, const struct notes *notes, float width,
                       struct str lines[LINES_MOST])
{
    int n = 0;
    for (int i = 0; i < notes->n; i++) {
        char more[NOTE_TEXT + 8];
        snprintf(more, sizeof more, "%s%s", n && lines[n - 1].n ? "  " : "", notes->text[i]);
        if (n && pen_add_fitting(pen, ink, width, &lines[n - 1], more))
            continue;
        if (n == LINES_MOST)
            break;
        str_add(&lines[n++], notes->text[i]);
    }
    return n;
}

static void finish_lines(struct str lines[LINES_MOST])
{
    for (int i = 0; i < LINES_MOST; i++)
        str_finish(&lines[i]);
}

/* With two decimals, as most rows are written, some add up to something else. The pointer does not move the page: room
 * is kept for the longest of what may be said. `rounded`: only where rows have sums beside them. */
static bool may_say_sum(const struct view *view, const struct equation *eq, bool rounded)
{
    for (int i = 0; i <= eq->n; i++) {
        const struct matrix *m = &eq->m[i];
        if (is_turned(view, m) && !rounded)
            return true;
        for (size_t r = 0; may_be_read(m) && matrix_says_sums(view, m) && r < matrix_rows_axis(m)->size; r++)
            if (matrix_row_sum(m, r).decimals != CELL_DECIMALS || !matrix_row_sum(m, r).adds_up)
                return true;
    }
    return false;
}

float notes_height(const struct pen *pen, const struct view *view, const struct equation *eq, float width)
{
    static const char longest[] = "Column in bold: the rounded numbers give 0.98, the exact ones 1.00.";
    struct notes notes = notes_of(view, eq, may_say_sum(view, eq, false) ? longest : "");
    struct str lines[LINES_MOST] = {0};
    int n = break_lines(pen, note_ink(pen, view, eq), &notes, width, lines);
    finish_lines(lines);
    return (float)n * note_line * pen->scale;
}

void notes_draw(struct pen *pen, const struct view *view, const struct equation *eq, struct rect box)
{
    char sum[NOTE_TEXT] = "";
    bool said = false;
    for (int i = 0; i <= eq->n && !said; i++)
        said = say_sum(view, &eq->m[i], sum, sizeof sum);
    if (!said && may_say_sum(view, eq, true))
        snprintf(sum, sizeof sum, "Σ adds the exact numbers, not the rounded ones.");
    struct notes notes = notes_of(view, eq, sum);
    struct str lines[LINES_MOST] = {0};
    struct ink ink = note_ink(pen, view, eq);
    int n = break_lines(pen, ink, &notes, box.w, lines);
    for (int i = 0; i < n; i++) {
        pen->list->failed |= lines[i].failed;
        struct rect line = {box.x, box.y + (float)i * note_line * pen->scale, box.w, note_line * pen->scale};
        if (line.y + line.h <= box.y + box.h + 1)
            pen_text_in(pen, "note", ink, line, ALIGN_CENTRE, str_text(&lines[i]));
    }
    finish_lines(lines);
}
