/* Matrices as text: what is written is read again to the last bit, and what people paste is read or refused with its
 * place. */
#include "support/check.h"

#include "lesson/text/csv.h"

#include <float.h>
#include <stdlib.h>

/* ---- reading ---- */

enum { MOST = 8 };

static struct read_case {
    const char *name, *text;
    size_t rows, cols;
    double want[MOST];
} reads[] = {
    {"commas", "1,2\n3,4\n", 2, 2, {1, 2, 3, 4}},
    {"commas with blanks after them", "1, 2\n 3 ,4", 2, 2, {1, 2, 3, 4}},
    {"semicolons", "1;2\n3;4", 2, 2, {1, 2, 3, 4}},
    {"tabs, as a spreadsheet copies", "1\t2\r\n3\t4\r\n", 2, 2, {1, 2, 3, 4}},
    {"blanks in columns", "  1   2\n -3 4.5  \n", 2, 2, {1, 2, -3, 4.5}},
    {"blanks and tabs that only indent", " 1 2\n 3 4", 2, 2, {1, 2, 3, 4}},
    {"ends of lines as old programs write them", "1,2\r3,4\r", 2, 2, {1, 2, 3, 4}},
    {"empty lines around", "\n\n1,2\n\n\n", 1, 2, {1, 2}},
    {"a byte order mark",
     "\xEF\xBB\xBF"
     "1,2",
     1,
     2,
     {1, 2}},
    {"one number", "7", 1, 1, {7}},
    {"a column", "1\n2\n3", 3, 1, {1, 2, 3}},
    {"numbers as programs write them", "+1e3,-2.5E-2,.5,5.", 1, 4, {1000, -0.025, 0.5, 5}},
    {"the minus of typesetters",
     "\xE2\x88\x92"
     "1.5,2",
     1,
     2,
     {-1.5, 2}},
    {"numbers in quotes", "\"1\",\"2.5\"", 1, 2, {1, 2.5}},
    {"labels above", "noun,verb\n1,2\n3,4", 2, 2, {1, 2, 3, 4}},
    {"labels at the left", "cat,1,2\nit,3,4", 2, 2, {1, 2, 3, 4}},
    {"labels above and at the left, with an empty corner", ",noun,verb\ncat,1,2\nit,3,4", 2, 2, {1, 2, 3, 4}},
    {"labels above and at the left, with a named corner", "words,noun,verb\ncat,1,2\nit,3,4", 2, 2, {1, 2, 3, 4}},
    {"labels that are numbers, under an empty corner", ",1,2\n1,10,20\n2,30,40", 2, 2, {10, 20, 30, 40}},
    {"labels that say nan, under an empty corner", ",nan,2\ninf,10,20", 1, 2, {10, 20}},
    {"a label above one column", "noun\n1\n2", 2, 1, {1, 2}},
    {"labels with separators, quotes and line ends in quotes", ",\"a,b\",\"c\"\"d\"\n\"e\nf\",1,2", 1, 2, {1, 2}},
    {"labels between tabs with blanks in them", "\tthe cat\tit\nsat, on\t1\t2", 1, 2, {1, 2}},
    {"labels between blanks", "cat 1 2\nit 3 4", 2, 2, {1, 2, 3, 4}},
    {"a tab in quotes parts nothing", "\"a\tb\",1\nc,2", 2, 1, {1, 2}},
    {"the smallest number there is", "4.9406564584124654e-324", 1, 1, {DBL_TRUE_MIN}},
};

TEST_ROWS(read_case, reads, c)
{
    OWN(tensor) t = {0};
    assert_ok(csv_read(c->text, strlen(c->text), &t));
    assert_int_equal(t.axis[AXIS_HEAD].size, 1);
    assert_int_equal(t.axis[AXIS_ROW].size, c->rows);
    assert_int_equal(t.axis[AXIS_COL].size, c->cols);
    for (size_t i = 0; i < c->rows * c->cols; i++)
        assert_close(t.v[i], c->want[i], 0);
}

static struct refused_case {
    const char *name, *text;
    enum qkv_code code;
    const char *message;
} refused[] = {
    {"nothing", "", QKV_ERR_DOMAIN, "there are no numbers"},
    {"empty lines", "\n\r\n  \n", QKV_ERR_DOMAIN, "there are no numbers"},
    {"labels alone", "a,b,c", QKV_ERR_DOMAIN, "there are no numbers"},
    {"an empty cell", "1,2\n3,", QKV_ERR_SYNTAX, "row 2, column 2: the cell is empty"},
    {"an empty cell between tabs", "1\t2\t3\n4\t\t6", QKV_ERR_SYNTAX, "row 2, column 2: the cell is empty"},
    {"an empty cell under labels", ",a,b\nc,1,", QKV_ERR_SYNTAX, "row 2, column 3: the cell is empty"},
    {"a short row", "1,2\n3", QKV_ERR_SYNTAX, "row 2 has 1 cell, row 1 has 2"},
    {"a long row", "1,2\n3,4\n5,6,7", QKV_ERR_SYNTAX, "row 3 has 3 cells, row 1 has 2"},
    {"an empty line between rows", "1,2\n\n3,4", QKV_ERR_SYNTAX, "row 2 has 1 cell"},
    {"a word among numbers", "1,2\n3,x4", QKV_ERR_SYNTAX, "row 2, column 2: 'x4' is no number"},
    {"a word among the numbers of a column", "1,2\nx,4", QKV_ERR_SYNTAX, "row 2, column 1: 'x' is no number"},
    {"a number and something", "1,2\n3,4 m", QKV_ERR_SYNTAX, "row 2, column 2: '4 m' is no number"},
    {"hexadecimal", "1,0x10", QKV_ERR_SYNTAX, "row 1, column 2: '0x10'"},
    {"a sign alone", "1,-", QKV_ERR_SYNTAX, "row 1, column 2: '-'"},
    {"NaN", "1,2\nNaN,4", QKV_ERR_DOMAIN, "row 2, column 1: not a number (NaN)"},
    {"a spreadsheet's missing value", "1,2\n3,#N/A", QKV_ERR_DOMAIN, "row 2, column 2: not a number"},
    {"an infinity", "1,-inf", QKV_ERR_DOMAIN, "row 1, column 2: infinity"},
    {"an infinity as it is shown", "1,∞", QKV_ERR_DOMAIN, "row 1, column 2: infinity"},
    {"a number beyond all doubles", "1,1e999", QKV_ERR_DOMAIN, "row 1, column 2: the number is too large"},
    {"decimal commas between semicolons", "1;2,5", QKV_ERR_SYNTAX, "row 1, column 2: a decimal comma"},
    {"decimal commas between tabs", "1,5\t2,5", QKV_ERR_SYNTAX, "row 1, column 1: a decimal comma"},
    {"decimal commas between blanks", "1,5 2,5", QKV_ERR_SYNTAX, "row 1, column 2: two numbers; if these are decimal"},
    {"a decimal comma in quotes", "1,\"2,5\"", QKV_ERR_SYNTAX, "row 1, column 2: a decimal comma"},
    {"a quote without its partner", "1,2\n3,\"4", QKV_ERR_SYNTAX, "row 2, column 2: a quote without"},
    {"something after a closing quote", "1,\"2\"3", QKV_ERR_SYNTAX, "row 1, column 2: something follows"},
    {"several heads", "head,,a,b\n1,c,1,2\n2,c,3,4", QKV_ERR_DOMAIN, "several heads"},
    {"bytes that are no text", "1,\xff", QKV_ERR_SYNTAX, "byte 3 is not UTF-8"},
};

TEST_ROWS(refused_case, refused, c)
{
    struct tensor t = {0};
    assert_error(csv_read(c->text, strlen(c->text), &t), c->code, c->message);
    assert_null(t.v);
}

TEST(a_table_too_large_is_refused)
{
    struct tensor t = {0};
    char *wide = calloc(CSV_BYTES_MAX + 1, 1);
    assert_non_null(wide);
    memset(wide, '1', CSV_BYTES_MAX + 1);
    assert_error(csv_read(wide, CSV_BYTES_MAX + 1, &t), QKV_ERR_LIMIT, "bytes");
    for (size_t i = 0; i < 2 * TENSOR_SIDE_MAX + 2; i += 2)
        wide[i + 1] = ',';
    assert_error(csv_read(wide, 2 * TENSOR_SIDE_MAX + 1, &t), QKV_ERR_LIMIT, "row 1 has more than");
    free(wide);
}

/* ---- writing ---- */

static const char *const words[] = {"The", "cat, she", "said \"no\""};
static const char *const features[] = {"noun", "plural", "a", "b"};
static const char *const formulas[] = {"=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "-1.5", "+2e3",
                                       "-",    "a=b"};
static const char *const controls[] = {"a\x1b[31m", "\302\23331m", "a\r\nb"};
static const char *const numbers[] = {"1", " 2 ", "nan"};

static struct write_case {
    const char *name;
    size_t heads, rows, cols;
    const char *const *row_labels, *const *col_labels;
    size_t labels_per_head;
    int head;
    const char *want;
} writes[] = {
    {"one head has labels around its numbers", 1, 2, 2, words, features, 0, -1,
     ",noun,plural\r\nThe,1,2\r\n\"cat, she\",3,4\r\n"},
    {"quotes in labels are doubled", 1, 3, 1, words, features, 0, -1,
     ",noun\r\nThe,1\r\n\"cat, she\",2\r\n\"said \"\"no\"\"\",3\r\n"},
    {"axes without labels are numbered from 1", 1, 1, 2, NULL, NULL, 0, -1, ",1,2\r\n1,1,2\r\n"},
    {"several heads have a column that says which", 2, 1, 2, words, features, 0, -1,
     "head,,noun,plural\r\n1,The,1,2\r\n2,The,3,4\r\n"},
    {"one of several heads is written alone, with its own labels", 2, 1, 2, words, features, 2, 1,
     ",a,b\r\nThe,3,4\r\n"},
    {"what a spreadsheet would compute is marked as text, and a number is not", 1, 9, 1, formulas, formulas, 0, -1,
     ",'=1+1\r\n'=1+1,1\r\n'@SUM(A1),2\r\n'+cmd|' /C "
     "calc'!A0,3\r\n'-2+3,4\r\n\"'\t=1\",5\r\n-1.5,6\r\n+2e3,7\r\n-,8\r\n"
     "a=b,9\r\n"},
    {"no control character is written", 1, 3, 1, controls, NULL, 0, -1, ",1\r\na?[31m,1\r\n?31m,2\r\n\"a?\nb\",3\r\n"},
    {"columns that are called differently in each head are numbered", 2, 1, 2, words, features, 2, -1,
     "head,,1,2\r\n1,The,1,2\r\n2,The,3,4\r\n"},
};

/* Numbers 1, 2, 3... with these axes. */
static struct tensor counting(const struct write_case *c)
{
    struct tensor t = {0};
    assert_ok(tensor_init_sizes(&t, c->heads, c->rows, c->cols));
    t.axis[AXIS_ROW].labels = c->row_labels;
    t.axis[AXIS_COL].labels = c->col_labels;
    t.axis[AXIS_COL].labels_per_head = c->labels_per_head;
    for (size_t i = 0; i < tensor_cells(&t); i++)
        t.v[i] = (double)i + 1;
    return t;
}

TEST_ROWS(write_case, writes, c)
{
    OWN(tensor) t = counting(c);
    OWN(str) csv = {0};
    csv_write(&t, c->head, ',', false, &csv);
    assert_string_equal(str_text(&csv), c->want);
}

TEST(a_blocked_score_is_minus_infinity)
{
    OWN(tensor) t = {0};
    OWN(str) csv = {0};
    assert_ok(tensor_init_sizes(&t, 1, 1, 2));
    t.v[0] = -INFINITY, t.v[1] = -NAN;
    csv_write(&t, -1, '\t', false, &csv);
    assert_string_equal(str_text(&csv), "\t1\t2\n1\t-inf\tnan\n");
}

/* Any bits of a finite double, in tables whose labels are as misleading as they can be. */
TEST(every_number_is_read_as_the_same_bits)
{
    uint64_t bits = 0x9E3779B97F4A7C15u;
    for (int round = 0; round < 2000; round++) {
        struct write_case c = {.heads = 1,
                               .rows = 1 + (size_t)round % 3,
                               .cols = 1 + (size_t)round / 3 % 3,
                               .row_labels = round & 1 ? numbers : words,
                               .col_labels = round & 2 ? numbers : NULL};
        OWN(tensor) t = counting(&c), back = {0};
        for (size_t i = 0; i < tensor_cells(&t); i++) {
            do {
                bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
                memcpy(&t.v[i], &bits, sizeof bits);
            } while (!isfinite(t.v[i]));
        }
        OWN(str) csv = {0};
        csv_write(&t, -1, ',', false, &csv);
        assert_ok(csv_read(csv.v, csv.n, &back));
        assert_int_equal(tensor_cells(&back), tensor_cells(&t));
        assert_memory_equal(back.v, t.v, tensor_cells(&t) * sizeof *t.v);
    }
}
