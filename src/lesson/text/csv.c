#include "lesson/text/csv.h"

#include "base/array.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- writing ---- */

/* Would a spreadsheet compute this text? "=2+3", "-1+2", "@SUM(A1)"; not "-1", which is a number, nor "-" alone. */
static bool is_formula(const char *text)
{
    char *end;
    if (!strchr("=+-@\t", text[0]) || !text[0] || !text[1])
        return false;
    (void)strtod(text, &end);
    return *end != '\0';
}

static void add_cell(struct str *to, const char *text)
{
    struct str cell = {0};
    str_add(&cell, is_formula(text) ? "'" : ""); /* as spreadsheets mark what is text */
    str_add(&cell, text);
    str_clean(&cell, true);
    /* Blanks at an end are quoted, too: many readers drop them. */
    bool plain = cell.n == 0 || (!strpbrk(cell.v, ",;\"\n\t") && cell.v[0] != ' ' && cell.v[cell.n - 1] != ' ');
    str_add(to, plain ? "" : "\"");
    for (const char *c = str_text(&cell); *c; c++)
        str_addn(to, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    str_add(to, plain ? "" : "\"");
    to->failed |= cell.failed;
    str_finish(&cell);
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

void csv_write(const struct tensor *t, int head, char separator, bool columns, struct str *to)
{
    const char between[] = {separator, '\0'}, *end = separator == ',' ? "\r\n" : "\n";
    const struct axis *down = &t->axis[columns ? AXIS_COL : AXIS_ROW],
                      *across = &t->axis[columns ? AXIS_ROW : AXIS_COL];
    size_t heads = t->axis[AXIS_HEAD].size;
    bool all = head < 0 && heads > 1;
    size_t first = head > 0 && heads > 1 ? (size_t)head : 0, last = all ? heads - 1 : first;
    str_add(to, all ? "head" : "");
    str_add(to, all ? between : "");
    for (size_t c = 0; c < across->size; c++) {
        str_add(to, between);
        add_label(to, across, first, c, all);
    }
    str_add(to, end);
    for (size_t h = first; h <= last; h++)
        for (size_t r = 0; r < down->size; r++) {
            if (all) {
                add_label(to, &t->axis[AXIS_HEAD], 0, h, true);
                str_add(to, between);
            }
            add_label(to, down, h, r, false);
            for (size_t c = 0; c < across->size; c++) {
                str_add(to, between);
                str_add_number(to, *tensor_at(t, h, columns ? c : r, columns ? r : c));
            }
            str_add(to, end);
        }
}

/* ---- reading: text to cells ---- */

/* A copy of the text, split in place into `cols` cells in each of `rows` rows. Of a cell it keeps what stands between
 * the blanks around it, of a quoted one what is between the quotes. */
struct table {
    char *at;       /* the rest of the text; ends at its NUL */
    char separator; /* ' ' stands for any number of blanks */
    char **v;       /* owned */
    size_t n, capacity;
    size_t rows, cols;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static char find_separator(const char *at)
{
    bool tab = false, semicolon = false, comma = false, quoted = false;
    for (; *at; at++) {
        quoted ^= *at == '"';
        tab |= !quoted && *at == '\t';
        semicolon |= !quoted && *at == ';';
        comma |= !quoted && *at == ',';
    }
    return tab ? '\t' : semicolon ? ';' : comma ? ',' : ' ';
}

static void skip_blanks(struct table *t)
{
    /* A tab that separates cells is no blank. */
    while (is_blank(*t->at) && (*t->at != '\t' || t->separator == ' '))
        t->at++;
}

static bool ends_cell(const struct table *t)
{
    return !*t->at || is_line_end(*t->at) || *t->at == t->separator || (t->separator == ' ' && is_blank(*t->at));
}

static struct qkv_err at_cell(enum qkv_code code, size_t row, size_t col, const char *what)
{
    return qkv_errf(code, "row %zu, column %zu: %s", row + 1, col + 1, what);
}

static struct qkv_err take_quoted(struct table *t, size_t col, char **ret_end)
{
    /* Doubled quotes stay as they are: labels are skipped, and numbers have none. */
    while (*t->at && (*t->at != '"' || t->at[1] == '"'))
        t->at += *t->at == '"' ? 2 : 1;
    if (!*t->at)
        return at_cell(QKV_ERR_SYNTAX, t->rows, col, "a quote without its partner");
    *ret_end = t->at++;
    skip_blanks(t);
    if (!ends_cell(t) && t->separator != ' ')
        return at_cell(QKV_ERR_SYNTAX, t->rows, col, "something follows the closing quote");
    return (struct qkv_err){0};
}

static void take_plain(struct table *t, char **ret_end)
{
    char *start = t->at;
    while (!ends_cell(t))
        t->at++;
    *ret_end = t->at;
    while (*ret_end > start && is_blank((*ret_end)[-1]))
        --*ret_end;
}

/* The next cell; *ret_stop is the character that ends it. */
static struct qkv_err take_cell(struct table *t, size_t col, char *ret_stop)
{
    static const char minus[] = "\xE2\x88\x92"; /* as typesetters write it */
    struct qkv_err err = {0};
    skip_blanks(t);
    bool quoted = *t->at == '"';
    char *start = t->at += quoted, *end = start;
    if (quoted)
        err = take_quoted(t, col, &end);
    else
        take_plain(t, &end);
    if (err.code)
        return err;
    if (t->separator == ' ')
        skip_blanks(t);
    *ret_stop = *t->at;
    *end = '\0';
    if (strncmp(start, minus, strlen(minus)) == 0)
        *(start += strlen(minus) - 1) = '-';
    if (!array_reserve(&t->v, &t->capacity, t->n + 1, sizeof *t->v))
        return qkv_nomem("a table");
    t->v[t->n++] = start;
    return err;
}

static struct qkv_err take_row(struct table *t)
{
    size_t cols = 0;
    char stop = t->separator;
    while (stop && !is_line_end(stop)) {
        struct qkv_err err = take_cell(t, cols, &stop);
        if (err.code)
            return err;
        if (++cols > TENSOR_SIDE_MAX)
            return qkv_errf(QKV_ERR_LIMIT, "row %zu has more than %d cells", t->rows + 1, TENSOR_SIDE_MAX);
        t->at += stop == t->separator;
    }
    /* A line may end in CR LF, LF or CR. */
    t->at += stop != '\0';
    t->at += stop == '\r' && *t->at == '\n';
    if (t->rows > 0 && cols != t->cols)
        return qkv_errf(QKV_ERR_SYNTAX, "row %zu has %zu cell%s, row 1 has %zu", t->rows + 1, cols,
                        cols == 1 ? "" : "s", t->cols);
    t->cols = cols;
    if (++t->rows > TENSOR_SIDE_MAX)
        return qkv_errf(QKV_ERR_LIMIT, "more than %d rows", TENSOR_SIDE_MAX);
    return (struct qkv_err){0};
}

static struct qkv_err take_table(struct table *t)
{
    struct qkv_err err = {0};
    /* Empty lines below and above are no rows; blanks that separate cells (tabs) are. */
    char *end = t->at + strlen(t->at);
    while (end > t->at && (is_line_end(end[-1]) || end[-1] == ' '))
        *--end = '\0';
    t->at += strspn(t->at, "\r\n");
    t->separator = find_separator(t->at);
    while (!err.code && *t->at)
        err = take_row(t);
    return err;
}

/* ---- cells to numbers ---- */

static char *cell_at(const struct table *t, size_t r, size_t c)
{
    return t->v[r * t->cols + c];
}

/* Is it written as a number? *ret may be infinite. */
static bool is_number(const char *cell, double *ret)
{
    char *end;
    *ret = strtod(cell, &end);
    /* strtod alone would take hexadecimal, "inf" and "nan" as well. */
    return end > cell && !*end && strspn(cell, "0123456789+-.eE") == strlen(cell);
}

/* Is it a number when what stands at `at` is another character? */
static bool is_number_with(char *cell, char *at, char other)
{
    double ignored;
    char was = *at;
    *at = other;
    bool is = is_number(cell, &ignored);
    *at = was;
    return is;
}

static bool has_decimal_comma(char *cell)
{
    char *comma = strchr(cell, ',');
    return comma && is_number_with(cell, comma, '.');
}

static bool is_word(const char *cell, const char *word)
{
    return strcasecmp(cell + (*cell == '-' || *cell == '+'), word) == 0;
}

static bool is_nan(const char *cell)
{
    return is_word(cell, "nan") || is_word(cell, "#n/a") || is_word(cell, "#num!");
}

static bool is_infinite(const char *cell)
{
    return is_word(cell, "inf") || is_word(cell, "infinity") || is_word(cell, "\xE2\x88\x9E");
}

/* Does it look like a number, valid or not, or is it empty? Then it is no label. */
static bool is_no_label(char *cell)
{
    double ignored;
    return !*cell || is_number(cell, &ignored) || has_decimal_comma(cell) || is_nan(cell) || is_infinite(cell);
}

/* "2 1,5" between commas: of 1,2 1,5 it is what commas leave when they were decimal ones and blanks part the cells. */
static bool is_two_numbers(char *cell)
{
    char *blank = strpbrk(cell, " \t");
    return blank && isdigit((unsigned char)blank[strlen(blank) - 1]) && is_number_with(cell, blank, '\0');
}

static struct qkv_err read_cell(const struct table *t, size_t r, size_t c, double *ret)
{
    char *cell = cell_at(t, r, c);
    if (!*cell)
        return at_cell(QKV_ERR_SYNTAX, r, c, "the cell is empty");
    if (is_nan(cell))
        return at_cell(QKV_ERR_DOMAIN, r, c, "not a number (NaN)");
    if (is_infinite(cell))
        return at_cell(QKV_ERR_DOMAIN, r, c, "infinity is no number to compute with");
    if (has_decimal_comma(cell))
        return at_cell(QKV_ERR_SYNTAX, r, c, "a decimal comma; write decimals with a point, such as 1.5");
    if (is_two_numbers(cell))
        return at_cell(QKV_ERR_SYNTAX, r, c, "two numbers; if these are decimal commas, write a point, such as 1.5");
    if (!is_number(cell, ret))
        return qkv_errf(QKV_ERR_SYNTAX, "row %zu, column %zu: '%.60s' is no number", r + 1, c + 1, cell);
    return isinf(*ret) ? at_cell(QKV_ERR_DOMAIN, r, c, "the number is too large") : (struct qkv_err){0};
}

/* ---- labels ---- */

static bool row_is_labels(const struct table *t)
{
    if (!*cell_at(t, 0, 0))
        return true;
    for (size_t c = 0; c < t->cols; c++)
        if (is_no_label(cell_at(t, 0, c)))
            return false;
    return true;
}

static bool column_is_labels(const struct table *t, size_t first_row)
{
    if (first_row > 0 && !*cell_at(t, 0, 0))
        return true;
    for (size_t r = first_row; r < t->rows; r++)
        if (is_no_label(cell_at(t, r, 0)))
            return false;
    return t->cols > 1 && first_row < t->rows;
}

static bool has_heads(const struct table *t)
{
    return t->cols > 1 && is_word(cell_at(t, 0, 0), "head") && !*cell_at(t, 0, 1);
}

static struct qkv_err read_numbers(const struct table *t, struct tensor *ret)
{
    if (t->rows == 0)
        return qkv_errf(QKV_ERR_DOMAIN, "there are no numbers: the text is empty");
    if (has_heads(t))
        return qkv_errf(QKV_ERR_DOMAIN, "row 1, column 1: these are the matrices of several heads; take those of one");
    size_t top = row_is_labels(t), left = column_is_labels(t, top);
    if (top == t->rows || left == t->cols)
        return qkv_errf(QKV_ERR_DOMAIN, "there are no numbers: row 1 is labels and nothing follows");
    struct tensor matrix = {0};
    struct qkv_err err = tensor_init_sizes(&matrix, 1, t->rows - top, t->cols - left);
    for (size_t r = top; !err.code && r < t->rows; r++)
        for (size_t c = left; !err.code && c < t->cols; c++)
            err = read_cell(t, r, c, tensor_at(&matrix, 0, r - top, c - left));
    if (err.code)
        tensor_finish(&matrix);
    else
        *ret = matrix;
    return err;
}

struct qkv_err csv_read(const char *text, size_t n, struct tensor *ret)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* some spreadsheets begin a file with it */
    size_t at = 0;
    if (n == 0)
        return qkv_errf(QKV_ERR_DOMAIN, "there are no numbers: the text is empty");
    if (n > CSV_BYTES_MAX)
        return qkv_errf(QKV_ERR_LIMIT, "more than %d bytes", CSV_BYTES_MAX);
    if (!utf8_is_valid(text, n, &at))
        return qkv_errf(QKV_ERR_SYNTAX, "this is no text: byte %zu is not UTF-8", at + 1);
    struct str copy = {0};
    str_addn(&copy, text, n);
    if (copy.failed)
        return qkv_nomem("a table");
    struct table table = {.at = copy.v + (strncmp(copy.v, mark, 3) == 0 ? 3 : 0)};
    struct qkv_err err = take_table(&table);
    if (!err.code)
        err = read_numbers(&table, ret);
    free(table.v);
    str_finish(&copy);
    return err;
}
