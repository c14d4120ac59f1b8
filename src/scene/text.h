/* text.h: how numbers, words with marks, and formulas are written. */
#ifndef QKV_SCENE_TEXT_H
#define QKV_SCENE_TEXT_H

#include "base/str.h"
#include "core/tape.h"
#include "lesson/language/language.h"
#include "lesson/live/live.h"
#include "lesson/text/number.h"
#include "scene/pen.h"

/* ---- spans: a text whose parts differ in colour and weight ---- */

struct span {
    size_t at, n; /* bytes of `text` */
    enum role role;
    bool bold, formula;    /* formula: written in the notation below */
    struct live_cell live; /* the cell whose number it is; its step is -1: it is none */
};

struct view;
enum { SPANS_TERMS_MOST = 64 };
struct spans {
    const struct view *view; /* its live numbers can be pointed at; NULL: they are written only */
    struct str text;
    struct span *v; /* owned */
    size_t n, capacity;
    struct term_place terms[SPANS_TERMS_MOST]; /* terms of the glossary in `text`; they can be pointed at */
    size_t n_terms;
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

/* Read narration: **bold**; $d_k$ for a formula (below); marks of live numbers; {Q}, {K}, {V} and names after them
 * ({W_Q}, {K^T}) in the colours of their roles. An unpaired mark is shown as it is. Line breaks are spaces, empty lines
 * are paragraphs ("\n"). */
void spans_parse(struct spans *s, const char *narration);

/* Let what is a term of the glossary be one: where a page writes a term for the first time it is underlined and a
 * target that has the term's line as its tip. A term with a "_" (d_k) is set as a formula wherever it stands. Call it
 * when the text is complete. */
void spans_find_terms(struct spans *s, const struct language *language);

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
/* What the pointer can do with it. */
void live_help(const struct view *view, const struct hit *hit, char ret[], size_t size);

/* Underline a part of a text that is this term, and make it a target (term.c). */
void term_draw(struct pen *pen, struct rect box, int term);

/* Is the term a target of this page already? */
bool term_is_on(const struct display_list *list, int term);

/* Write narration on one line inside a box, centred vertically: shrunk down to ink.least, then cut as by pen_text_in. */
struct rect spans_in(struct pen *pen, const char *part, struct ink ink, struct rect box, const struct view *view,
                     const char *narration);

/* The height it would take in a column of this width. */
float spans_height(const struct pen *pen, struct ink ink, const struct spans *s, float width);

/* ---- formulas, written in a small notation ----
 *
 * The only notation of formulas: ops, steps, mechanisms and pages write it, formula_draw sets it, and a test reads every
 * formula that a page can show, computes it, and compares (tests/scene/formulas_test.c).
 *
 *   Q K^T                  side by side: a matrix product, or a number times something
 *   R ⊙ R, v · w           cell by cell; the dot of two rows; what stands side by side belongs together more closely
 *   Q K^T / sqrt(d_k)      a fraction: what stands between spaces around "/", up to = + - , or a bracket
 *   Q K^T ÷ sqrt(d_k)      the same on the line
 *   e^(S_ij - m_i)         a superscript; a bracket after ^ or _ only groups
 *   W_Q, S_(scaled,2)      a subscript: one word or a bracket; S_(scaled,2) is one name
 *   S_ij, S_(scaled,ij)    a cell of S and of S_scaled; m_i: the number of row i
 *   q_i, q_(h,3), A_i      a row of Q and of Q_h, written small; of what has a small letter already, as it is
 *   K_(3,:), K_(1..2,:)    rows; L_(2,:,1..4): columns of L_2
 *   K_(1..3)               a name: the rows up to the third
 *   [A; B]                 rows one below the other
 *   sum_j, max_j, mean_j, argmax_j, sum_(j<=i), sum_(j: U_ij = 1)    over what follows, up to + - or a fraction
 *   x if M_ij = 1, else y  one or the other; also with < > <= and "or"
 *   |i - j|                without its sign
 *   concat(H), split_h(Q)  the heads side by side; columns of head h
 *   reshape(H, n, h d_v)   the same numbers in the order of memory
 *   R(j - i)               the rotation by so many places (rope); b_(h,clip(j - i)): a table of distances, inside -R..R
 *   sum, inf, <=           the sign of a sum, of infinity, of at most; phi, tau, gamma: Greek letters, by their names
 *
 * Letters count from 1, as numbers do and as words are counted: i is a row or a query, j and l are columns or keys, h
 * is a head, t a moment: h_3 is the state after the third. A small letter names a row of numbers, or one number for each
 * row; a row such as b_Q is added to every row of a matrix, and nothing else is spread. What is not defined, infinity
 * less infinity or 0 / 0, counts as 0: so a row in which all is blocked is 0.
 *
 * Q, K, V and what is named after them (W_Q, b_K, q_i) carry the colours of their roles. */

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

/* The formula of a step, with its symbol: that of its op, or its own (struct step_spec), in which stands for
 *
 *   {0} {1} {y}        the symbol of an operand, or the step's own; a formula with {y} is written with its left side
 *   {0}_ij             a cell of it: "S_(scaled,ij)"; an index that the name makes needless is left out
 *   {cell 0}_ij        the same, with all of its index
 *   {row 0}_i          a row of it, written small: "q_i"
 *   {made 0}_i         the same, by what it was made: row i of Q W is "q_i W"
 *   {n} {+n} {-n}      the constant; with its sign and blanks, or with the other sign: " + 2", and nothing for 0
 *   {whole}            the constant, which is a whole number
 *   {rows}             of the op that takes rows: "3..4"
 *   {first half} {second half}   of the columns: "1..4"
 *   {heads}            how many there are */
void formula_of_step(const struct tape *tape, int step, struct str *to);

/* The whole formula of the lesson's mechanism, of the pieces whose stage is on the walk, in which stands for
 *
 *   {Q_heads,Q}        the symbol of the first of these steps that is on the tape
 *   {row Q_heads,Q}_i  a row of it
 *   {scale}            a setting
 *
 * With `columns`, transposed. *ret_stages: for each byte the stage that makes it, plus 1 so that no byte is 0. */
void formula_of_mechanism(const struct lesson *lesson, const struct walk *walk, bool columns, struct str *to,
                          struct str *ret_stages);

/* ---- transposed formulas: the notation when a token is a column ----
 *
 * Lessons, mechanisms, files and the tape have a token a row: Q = X W_Q, S = Q K^T, and each row of the weights sums
 * to 1. Many papers and books (Bishop; Phuong and Hutter 2022) have a token a column.
 * Transposed, a symbol means this:
 *
 *   X, Q, K, S, A, b_Q...   what has a row for each token (or place, distance, head), and vectors, keep their names;
 *                           the name now means the matrix with a column for each
 *   W_Q, W_O, V_hh...       what turns features into features stays the matrix it is in files and is written W_Q^T;
 *                           so does what mixes words into fewer (E_low)
 *
 *   Q = X W_Q      becomes  Q = W_Q^T X
 *   S = Q K^T      becomes  S = K^T Q
 *   A V            becomes  V A
 *
 *   S_ij, K_(3,:)  become  S_ji, K_(:,3)
 *   [A; B]         becomes [A, B]
 *
 * A product's factors change places, and so do the two parts of an index; sums, fractions and functions of cells stay.
 * Nothing is computed anew. */

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
