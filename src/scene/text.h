/* text.h: how numbers, words with marks, and formulas are written. */
#ifndef QKV_SCENE_TEXT_H
#define QKV_SCENE_TEXT_H

#include "base/str.h"
#include "core/tape.h"
#include "lesson/live.h"
#include "lesson/number.h"
#include "scene/pen.h"

/* ---- spans: a text whose parts differ in colour and weight ---- */

struct span {
    size_t at, n; /* bytes of `text` */
    enum role role;
    bool bold;
    struct live_cell live; /* the cell whose number it is; its step is -1: it is none */
};

struct view;
struct spans {
    const struct view *view; /* its live numbers can be pointed at; NULL: they are written only */
    struct str text;
    struct span *v; /* owned */
    size_t n, capacity;
    bool failed;
};

void spans_add(struct spans *s, const char *text, enum role role, bool bold);
void spans_add_n(struct spans *s, const char *text, size_t n, enum role role, bool bold);
void spans_add_plain(struct spans *s, const char *text);

/* What was added to s->text after the last span is one. */
void spans_close(struct spans *s, enum role role, bool bold);
void spans_finish(struct spans *s);

/* The same; the page fails where the text did. */
void spans_done(struct pen *pen, struct spans *s);

/* Read narration: **bold**; marks of live numbers; {Q}, {K}, {V} and names after them ({W_Q}, {K^T}) in the colours of their roles. An
 * unpaired mark is shown as it is. Line breaks are spaces, empty lines are paragraphs ("\n"). */
void spans_parse(struct spans *s, const char *narration);

/* Write on one line; returns the width. */
float spans_draw(struct pen *pen, const char *part, struct ink ink, const struct spans *s, float x, float y);
float spans_width(const struct pen *pen, struct ink ink, const struct spans *s);

/* Write wrapped into a box, shrunk down to ink.least where it does not fit; lines that do not fit then are left out.
 * Returns the height of what was written. */
float spans_wrap(struct pen *pen, const char *part, struct ink ink, const struct spans *s, struct rect box);

/* The same from line `first` on, not shrunk. Returns the number of lines of the whole text; *ret_bottom is where the
 * last written line ends. */
size_t spans_wrap_from(struct pen *pen, const char *part, struct ink ink, const struct spans *s, struct rect box,
                       size_t first, float *ret_bottom);

/* A number of a text that stands for a cell: lit where this is the cell that is looked at, underlined, with dashes where
 * it can be dragged, and a target of the pointer (live_number.c). */
void live_draw(struct pen *pen, const struct view *view, const struct live_cell *cell, struct rect box);

/* The height it would take in a column of this width. */
float spans_height(const struct pen *pen, struct ink ink, const struct spans *s, float width);

/* ---- formulas, written in a small notation ----
 *
 *   Q K^T / sqrt(d_k)      a fraction: what stands between spaces around "/", up to = + - , or a bracket
 *   e^(S - m)              a superscript; a bracket after ^ or _ only groups
 *   W_Q                    a subscript: one word or a bracket
 *   sqrt(...)              a root
 *   phi, tau, gamma        Greek letters, by their names
 *
 * Q, K, V and what is named after them (W_Q, b_K) carry the colours of their roles. */

/* How far a set formula reaches from its baseline. */
struct extent {
    float width, above, below;
};

struct extent formula_measure(const struct pen *pen, const char *text, float size, bool bold);

/* Set it with its baseline at y; `colour` for what has no role; bold: in the bold face. Returns the extent. */
struct extent formula_draw(struct pen *pen, const char *part, const char *text, float size, bool bold,
                           struct colour colour, float x, float y);

/* The same of n bytes. */
struct extent formula_draw_n(struct pen *pen, const char *part, const char *text, size_t n, float size, bool bold,
                             struct colour colour, float x, float y);

/* The bytes of the bracket that opens at text[0], with both brackets; of the name or number at text[0]. */
size_t formula_bracket_length(const char *text, size_t n);
size_t formula_word_length(const char *text, size_t n);

/* The role a symbol is coloured by: "Q" and "W_Q" are queries. */
enum role formula_role(const char *symbol, size_t n);

/* Write an op's formula with its operands' symbols for {0} {1}... and its constant for {n}. */
void formula_of_step(const struct tape *tape, int step, struct str *to);

/* ---- transposed formulas: the notation when a token is a column ----
 *
 * Lessons, mechanisms, files and the tape have a token a row: Q = X W_Q, S = Q K^T, and each row of the weights sums
 * to 1. Many papers and books (Bishop; Phuong and Hutter 2022) have a token a column.
 * Transposed, a symbol means this:
 *
 *   X, Q, K, S, A, b_Q...   what has a row for each token (or place, distance, head), and vectors, keep their names;
 *                           the name now means the matrix with a column for each
 *   W_Q, W_O, V_hh...       what turns features into features stays the matrix it is in files and is written W_Q^T
 *
 *   Q = X W_Q      becomes  Q = W_Q^T X
 *   S = Q K^T      becomes  S = K^T Q
 *   A V            becomes  V A
 *
 * A product's factors change places; sums, fractions and functions of cells stay. Nothing is computed anew. */

/* A formula or a symbol in the notation of formulas; the tape knows which symbols are given. */
void transposed_formula(const struct tape *tape, const char *text, struct str *to);

/* The same where every byte of the text has a mark (not 0): *ret_marks gets the marks of the bytes written; an added
 * byte has the mark of the byte it is added to. */
void transposed_marked(const struct tape *tape, const char *text, const char *marks, struct str *to,
                       struct str *ret_marks);

/* A step's formula; with `columns`, transposed. */
void transposed_step_formula(const struct tape *tape, int step, bool columns, struct str *to);

/* A step's symbol, the same way; transposed, it is in the buffer, which the caller finishes. */
const char *transposed_symbol(const struct tape *tape, int step, bool columns, struct str *buffer);

#endif
