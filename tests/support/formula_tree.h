/* formula_tree.h: formulas read as a person reads them, by a reader of their own: it shares nothing with the program but
 * the text on the page.
 *
 *   formula  = equation { ", " equation }
 *   equation = choice { "=" choice }
 *   choice   = sum [ "if" relation ", else" sum ]
 *   relation = sum { ("<" | ">" | "<=" | "=") sum } [ "or" relation ]
 *   sum      = ["-"] term { ("+" | "-") term }
 *   term     = product { ("⊙" | "·" | "/" | "÷") product }
 *   product  = power { power }                     side by side: a matrix product, or a number times something
 *   power    = atom { "^" ("T" | atom) | "_" index }
 *   atom     = NUMBER | NAME [ "_" index ] [ "'" ] | FUNCTION "(" choice { "," choice } ")" | "(" choice ")"
 *            | "[" relation "]" | "[" choice ";" choice "]" | "|" sum "|" | OPERATOR "_" bound product
 *   OPERATOR = sum | max | mean | argmax ; bound = LETTER | "(" LETTER "<=" LETTER ")" | "(" LETTER ":" relation ")" */
#ifndef QKV_TESTS_FORMULA_TREE_H
#define QKV_TESTS_FORMULA_TREE_H

#include <stdbool.h>
#include <stddef.h>

enum formula_kind {
    F_NUMBER,   /* number */
    F_NAME,     /* text; parts of its subscript */
    F_CALL,     /* text; arguments a, b, c */
    F_OPERATOR, /* text; a: what it runs over, b: the condition or -1; letter */
    F_INDEXED,  /* a with parts */
    F_NEGATIVE,
    F_SUM,
    F_DIFFERENCE,
    F_PRODUCT,
    F_CELLWISE, /* ⊙ */
    F_DOT,      /* · */
    F_QUOTIENT,
    F_POWER,
    F_TRANSPOSED,
    F_SIZE,    /* |a| */
    F_TRUTH,   /* [a] */
    F_STACKED, /* [a; b] */
    F_BESIDE,  /* [a, b] */
    F_LESS,
    F_MORE,
    F_AT_MOST,
    F_EQUAL,
    F_OR,
    F_CHOICE /* a if b, else c */
};

enum { FORMULA_NODES = 200, FORMULA_PARTS = 6, FORMULA_TEXT = 48 };

/* A part of a subscript: "scaled", "ij", "3..4", ":", "clip(j - i)", "t-1". */
struct formula_part {
    char text[FORMULA_TEXT];
};

struct formula_node {
    enum formula_kind kind;
    int a, b, c; /* nodes; -1: none */
    double number;
    char text[FORMULA_TEXT];
    char letter;
    bool applied; /* a name inside "φ(...)" */
    bool primed;  /* "S'": of the other side of a comparison */
    struct formula_part part[FORMULA_PARTS];
    int n_parts;
};

struct formula_tree {
    struct formula_node node[FORMULA_NODES];
    int n;
    int left, right[3]; /* of one equation: left of the first "=", and what it is equal to; left -1: there is no "=" */
    int n_right;
};

/* Read the equation at *text, which is moved behind it. False: it cannot be read; `why` says where. */
bool formula_read(const char **text, struct formula_tree *ret, char why[200]);

/* Read an expression by itself, into the same tree: the index of a subscript. -1: it cannot be read. */
int formula_read_part(struct formula_tree *tree, const char *text);

#endif
