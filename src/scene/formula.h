/* formula.h: setting formulas from one small notation.
 *
 *   Q K^T / sqrt(d_k)      a fraction: what stands between spaces around "/", up to = + - , or a bracket
 *   e^(S - m)              a superscript; a bracket after ^ or _ only groups
 *   W_Q                    a subscript: one word or a bracket
 *   sqrt(...)              a root
 *   phi, tau, gamma        Greek letters, by their names
 *
 * Q, K, V and what is named after them (W_Q, b_K) carry the colours of their roles. */
#ifndef QKV_SCENE_FORMULA_H
#define QKV_SCENE_FORMULA_H

#include "scene/pen.h"

/* How far a set formula reaches from its baseline. */
struct extent {
    float width, above, below;
};

struct extent formula_measure(const struct pen *pen, const char *text, float size, bool bold);

/* Set it with its baseline at y; `colour` for what has no role; bold: in the bold face. Returns the extent. */
struct extent formula_draw(struct pen *pen, const char *part, const char *text, float size, bool bold,
                           struct colour colour, float x, float y);

/* The role a symbol is coloured by: "Q" and "W_Q" are queries. */
enum role formula_role(const char *symbol, size_t n);

/* Write an op's formula with its operands' symbols for {0} {1}... and its constant for {n}. */
struct tape;
void formula_of_step(const struct tape *tape, int step, struct str *to);

#endif
