/* live_value.h: values of expressions (live.h), for the files that evaluate them: names and cells (live_names.c),
 * functions (live_functions.c), arithmetic and comparisons (live.c). */
#ifndef QKV_LESSON_LIVE_VALUE_H
#define QKV_LESSON_LIVE_VALUE_H

#include "lesson/live/live.h"

/* Numbers that differ by less are equal. */
#define LIVE_EQUAL_UP_TO 1e-9

/* A table of numbers, or a word. */
struct value {
    size_t rows, cols;
    const double *v;  /* row by row */
    const char *word; /* NULL: numbers */
    bool unknown;     /* a word that is no name of anything: what it may be is for a comparison to say */
    int decimals;     /* as one number of it is shown */
    double shown;     /* of 1 x 1: the number that its digits say */
    struct live_cell cell;
    const struct axis *axis; /* of a word: what it is a position on; NULL: none */
    size_t head, position;
    /* Of cells: where the table is taken from. */
    const struct step *step;
    size_t first_row, first_col;
    bool own; /* of the lesson's own tape */
};

struct evaluation {
    const struct live_scope *scope;
    struct arena arena; /* of trees and tables */
    const char *text;   /* the expression, and its bytes */
    size_t n;
    struct qkv_err err; /* the first */
};

/* The first thing that is wrong, at this byte of the expression. */
void live_refuse(struct evaluation *e, size_t at, const char *format, ...) QKV_PRINTF(3, 4);
/* No step, setting... of the tape has this name. */
void live_refuse_unknown(struct evaluation *e, size_t at, const char *name, const struct tape *tape);

/* Memory for a table of numbers, which lives as long as the evaluation; NULL: there is none, which is refused. */
double *live_table(struct evaluation *e, size_t rows, size_t cols);
struct value live_number(struct evaluation *e, double x, int decimals);
struct value live_word(const char *word);
bool live_is_one(const struct value *value); /* one number */
bool live_is_whole(double x);                /* but for what is lost in computing */
double live_rounded(double x, int decimals); /* the number as its digits say it */

/* What a node's name belongs to; NULL: refused. */
const struct tape *live_tape(struct evaluation *e, const struct live_node *node);
/* The value of a name: a setting, a size, a cost, cells of a step, or a word that is nothing of these. */
struct value live_name(struct evaluation *e, const struct live_node *node);
/* The value of a function. */
struct value live_call(struct evaluation *e, const struct live_node *node);
/* The value of a node that must be numbers. */
struct value live_numbers(struct evaluation *e, const struct live_node *node);
/* Two numbers added, compared...: 1 is true. */
double live_apply(enum live_op op, double a, double b);

#endif
