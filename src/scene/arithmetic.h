/* arithmetic.h: where a number comes from, written so that it can be checked by hand.
 *
 * A sum of rounded products need not round to the rounded sum. So the operands are written with as few decimals as
 * possible, but with enough that calculating with them gives the value shown to its last digit. */
#ifndef QKV_SCENE_ARITHMETIC_H
#define QKV_SCENE_ARITHMETIC_H

#include "lesson/lesson.h"
#include "scene/text.h"

/* One term: "animate  1.80 × 1.00 = +1.80". */
struct arithmetic_line {
    const char *label; /* what the term belongs to: a word, a feature; "" : none. Lives as long as the tape */
    char number[24];   /* the label where positions are numbered */
    struct spans work; /* "1.80 × 1.00"; empty where the term is a number as it stands */
    char value[NUMBER_TEXT];
    size_t folded; /* > 0: this line stands for so many terms that are not shown one by one */
};

struct arithmetic {
    enum fold fold;
    struct arithmetic_line *lines; /* owned */
    size_t n;
    char value[NUMBER_TEXT]; /* the cell's number */
    const char *gives;       /* " = "; " → " where the work is no calculation: "3.50, mask 0" */
    struct str note;         /* why the number is what it is, where the terms do not say so */
};

/* Both with `turned`: tokens are columns, and the factors of a product have changed places (text.h).
 *
 * The arithmetic of a cell, in at most `most` lines (the largest terms, of equals the first; the rest folded into
 * one line; 0: all of them), its value with `decimals` decimals. Error: QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err arithmetic_make(const struct lesson *lesson, const struct tape *tape, int step, size_t h,
                                           size_t r, size_t c, size_t most, int decimals, bool turned,
                                           struct arithmetic *ret);
void arithmetic_finish(struct arithmetic *a);

/* The same on one line, as text: "1.50 × 1.00 + 1.80 × 1.00 = 3.30"; at most `most` terms are written (0: all), the
 * rest folded into "... 5 more ...": their sum. */
QKV_CHECKED struct qkv_err arithmetic_text(const struct lesson *lesson, const struct tape *tape, int step, size_t h,
                                           size_t r, size_t c, size_t most, int decimals, bool turned, struct str *to);

/* "it" or "3": how position i of an axis is called. */
enum { LABEL_TEXT = 24 };
const char *axis_position(const struct axis *axis, size_t h, size_t i, char buffer[LABEL_TEXT]);

/* "head 2, it, cat": how a cell is called, without what there is one of only. */
enum { CELL_NAME = 128 };
const char *cell_name(const struct tensor *t, size_t h, size_t r, size_t c, bool turned, char buffer[CELL_NAME]);

#endif
