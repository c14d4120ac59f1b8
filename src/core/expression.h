/* expression.h: the small notation in which ops write their arithmetic.
 *
 *   sum     = product { ("+" | "-") product }
 *   product = power { ("*" | "/") power }
 *   power   = unary [ "^" power ]
 *   unary   = "-" unary | atom
 *   atom    = NUMBER | "inf" | LETTER | FUNCTION "(" sum { "," sum } ")" | "(" sum ")"
 *   LETTER  = a single letter a..z standing alone: a variable; FUNCTION: sqrt exp log tanh sigmoid abs max sin cos erf relu
 */
#ifndef QKV_CORE_EXPRESSION_H
#define QKV_CORE_EXPRESSION_H

#include "base/err.h"

/* Evaluate `text`; variables[0] is a, variables[1] is b... *ret_operations (may be NULL) counts the
 * operators and functions that a variable has a part in: sqrt(4) alone is a constant, known beforehand, and a minus
 * sign before a value is written, not computed. Error: QKV_ERR_SYNTAX with the place in the text. */
QKV_CHECKED struct qkv_err expression_eval(const char *text, const double variables[], int n_variables, double *ret,
                                           double *ret_operations);

#endif
