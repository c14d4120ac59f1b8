/* live.h: live numbers: what a lesson's texts say of its own numbers, as expressions over the tape.
 *
 * In a text, `{A[it, cat]}` is the number that stands in that cell, `{argmax A[it]}` the word that the row has its
 * largest number at. `holds: argmax A[it] == cat` is a condition. lessons/README.md describes the notation for authors:
 *
 *     condition   comparison { "and" | "or" comparison }, "not" before one
 *     comparison  sum [ == != < <= > >= ~= sum ]
 *     sum         product { + - product }
 *     product     factor { * / factor }
 *     factor      number, "word", name, cell, ( condition ), - factor, function factor, count factor [ == factor ]
 *     cell        [beside. | written.] name [ [head;] row, column ]      without column: a row; * for all
 *     name        a step's name or symbol, a setting, a size, a cost
 *
 * An expression is read to a tree (live_parse.c) and evaluated against a lesson that is computed (live.c); nothing is
 * kept between the two. Values are tables of numbers (a cell is one of 1 x 1) or a word. */
#ifndef QKV_LESSON_LIVE_H
#define QKV_LESSON_LIVE_H

#include "lesson/lesson.h"

/* ---- what an expression is evaluated in ---- */

struct live_scope {
    const struct lesson *lesson;  /* with its tape and second computation computed */
    const struct lesson *written; /* the same without what a person changed; NULL: it is not there */
    int head; /* of expressions that name none, from 0; -1: they must name one where there are two */
    /* The same lesson with so many words, computed, for costs; valid until the next call. NULL: it cannot be made. The
     * function is NULL where none can. */
    const struct lesson *(*at_length)(void *context, size_t words);
    void *context;
    struct memo *memo;         /* the costs of such lessons that were asked for before (memo.h); NULL: none are kept */
    const struct draws *draws; /* those of the stop (draws.h), as the table `draws`; NULL: it has none */
};

/* Where a number of a text stands. */
struct live_cell {
    int step; /* on the lesson's tape; -1: it is no cell, or one of several */
    size_t head, row, col;
};

/* All errors have the expression's own text as their place: `column` counts its bytes from 1, `line` is 0. They are
 * QKV_ERR_SYNTAX (what is written makes no sense), QKV_ERR_DOMAIN (there is no such step, row, head...: what there is
 * instead), QKV_ERR_NOMEM. */

/* Append what an expression of n bytes says: a number in the digits that its cell is shown with, or a word. */
QKV_CHECKED struct qkv_err live_print(const struct live_scope *scope, const char *text, size_t n, struct str *to,
                                      struct live_cell *ret);

/* The number that an expression of n bytes is, with all its digits. */
QKV_CHECKED struct qkv_err live_compute(const struct live_scope *scope, const char *text, size_t n, double *ret);

/* Is the condition true? Of a table, every number must be. `found`: what its left side is, for a person; "" where that
 * is no comparison. */
QKV_CHECKED struct qkv_err live_holds(const struct live_scope *scope, const char *text, size_t n, bool *ret,
                                      struct str *found);

/* ---- live numbers in a rendered text ----
 *
 * What an expression says is marked there, by characters that no text of a file can hold, so that a page knows where it
 * stands. */
#define LIVE_MARKS "\x01\x02\x03" /* before the place, between place and number, behind the number */

void live_mark(const struct live_cell *cell, const char *says, struct str *to);

/* At a mark (text[0] is the first of LIVE_MARKS): the place, what stands there (*ret_says, *ret_n), and the bytes of it
 * all; 0: it is none. */
size_t live_read_mark(const char *text, struct live_cell *ret, const char **ret_says, size_t *ret_n);

/* What an expression of a text says, with its mark: it is the same for tokens as rows and as columns. */
struct live_said {
    const char *at, *marked; /* the expression; what stands in its place */
    const struct live_said *next;
};

/* A text whose braces may hold expressions, while it is rendered (language.h). */
struct live_text {
    const struct live_scope *scope; /* NULL: expressions stay as they are written */
    const struct live_said *said;   /* the expressions evaluated so far, in the arena of the rendered texts */
    size_t n;                       /* expressions found in it so far */
    struct qkv_err err;             /* the first that has no value; its column counts the text's bytes from 1 */
};

/* ---- the tree (live_parse.c) ---- */

enum live_op {
    LIVE_NUMBER,
    LIVE_WORD, /* "cat" in quotes */
    LIVE_NAME, /* with or without brackets */
    LIVE_NEGATE,
    LIVE_ADD,
    LIVE_SUBTRACT,
    LIVE_MULTIPLY,
    LIVE_DIVIDE,
    LIVE_EQUAL,
    LIVE_UNEQUAL,
    LIVE_LESS,
    LIVE_AT_MOST,
    LIVE_MORE,
    LIVE_AT_LEAST,
    LIVE_ALIKE, /* equal in the digits shown */
    LIVE_AND,
    LIVE_OR,
    LIVE_NOT,
    LIVE_FUNCTION
};

enum live_function {
    LIVE_ARGMAX,
    LIVE_ARGMIN,
    LIVE_MAX,
    LIVE_MIN,
    LIVE_SUM,
    LIVE_MEAN,
    LIVE_COUNT,
    LIVE_RANK,
    LIVE_ROWS,
    LIVE_COLUMNS,
    LIVE_EXP,
    LIVE_LOG,
    LIVE_SQRT,
    LIVE_ABS,
    LIVE_ROUND,
    LIVE_SPELL, /* "seven" */
    LIVE_TRANSPOSE,
    LIVE_FUNCTIONS
};
extern const char *const live_functions[]; /* their names, closed by NULL */

/* Which computation a name belongs to. */
enum live_whose { LIVE_HERE, LIVE_BESIDE, LIVE_WRITTEN };

struct live_node {
    enum live_op op;
    enum live_function function;
    size_t at;     /* the byte of the expression where it begins */
    double number; /* of LIVE_NUMBER */
    int decimals;  /* as it is written */
    enum live_whose whose;
    const char *name;                /* of LIVE_NAME, LIVE_WORD */
    const char *head, *row, *column; /* as they are written; NULL: not there; "*": all */
    const char *of;                  /* operations of STEP; NULL: of all */
    double words;                    /* operations at 512; 0: for the lesson's own */
    bool brackets;                   /* there are some behind the name */
    struct live_node *left, *right;
};

/* Is it the name of a cost: operations, bytes_read, bytes_held, or bytes of a step? */
bool live_is_cost(const char *name);

/* Read n bytes into the arena; NULL and an error: see above. */
QKV_CHECKED struct qkv_err live_parse(struct arena *arena, const char *text, size_t n, struct live_node **ret);

#endif
