#include "lesson/csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *csv_number(double x, char buffer[CSV_NUMBER_TEXT])
{
    if (isnan(x) || isinf(x))
        return strcpy(buffer, isnan(x) ? "nan" : x < 0 ? "-inf" : "inf");
    /* 17 digits always are enough; 15 nearly always. */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, CSV_NUMBER_TEXT, "%.*g", digits, x);
        if (strtod(buffer, NULL) == x)
            break;
    }
    char *comma = strchr(buffer, ','); /* a locale's */
    if (comma)
        *comma = '.';
    return buffer;
}

static void add_cell(struct str *to, const char *text)
{
    /* Blanks at an end are quoted, too: many readers drop them. */
    size_t n = strlen(text);
    bool plain = !strpbrk(text, ",;\"\r\n\t") && (n == 0 || (text[0] != ' ' && text[n - 1] != ' '));
    if (plain) {
        str_add(to, text);
        return;
    }
    str_add(to, "\"");
    for (const char *c = text; *c; c++)
        str_addn(to, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    str_add(to, "\"");
}

/* All heads together have one header, so labels that differ between them cannot be in it. */
static void add_label(struct str *to, const struct axis *axis, size_t h, size_t i, bool shared)
{
    const char *label = axis->labels && (!shared || axis->labels_per_head == 0) ? axis_label(axis, h, i) : NULL;
    if (label)
        add_cell(to, label);
    else
        str_addf(to, "%zu", i + 1);
}

/* What stands between two cells, and after a row. */
struct form {
    const char *between, *end;
};

static void add_row(struct str *to, const struct form *form, const struct tensor *t, size_t h, size_t r)
{
    char number[CSV_NUMBER_TEXT];
    add_label(to, &t->axis[AXIS_ROW], h, r, false);
    for (size_t c = 0; c < t->axis[AXIS_COL].size; c++) {
        str_add(to, form->between);
        str_add(to, csv_number(*tensor_at(t, h, r, c), number));
    }
    str_add(to, form->end);
}

static void write_as(const struct form *form, const struct tensor *t, int head, struct str *to)
{
    size_t heads = t->axis[AXIS_HEAD].size;
    bool all = head < 0 && heads > 1;
    size_t first = head > 0 && heads > 1 ? (size_t)head : 0, end = all ? heads : first + 1;
    str_add(to, all ? "head" : "");
    str_add(to, all ? form->between : "");
    for (size_t c = 0; c < t->axis[AXIS_COL].size; c++) {
        str_add(to, form->between);
        add_label(to, &t->axis[AXIS_COL], first, c, all);
    }
    str_add(to, form->end);
    for (size_t h = first; h < end; h++)
        for (size_t r = 0; r < t->axis[AXIS_ROW].size; r++) {
            if (all) {
                add_label(to, &t->axis[AXIS_HEAD], 0, h, true);
                str_add(to, form->between);
            }
            add_row(to, form, t, h, r);
        }
}

void csv_write(const struct tensor *t, int head, struct str *to)
{
    write_as(&(struct form){",", "\r\n"}, t, head, to);
}

void csv_write_tabs(const struct tensor *t, int head, struct str *to)
{
    write_as(&(struct form){"\t", "\n"}, t, head, to);
}
