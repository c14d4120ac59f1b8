/* position.h: a position on an axis as lessons and state lines name it: by its label, or by its number. */
#ifndef QKV_LESSON_TEXT_POSITION_H
#define QKV_LESSON_TEXT_POSITION_H

#include "core/tensor.h"

/* The position of a label: "it", or "it#2" for the second of that label; -1: there is none. */
long axis_find(const struct axis *axis, size_t head, const char *text);

/* The same, or the position of that number from 1: *ret, from 0. Error: QKV_ERR_DOMAIN, with what there is: "there is no
 * row 'dog' in weights; there are The, cat". `what`: "row"; `where`: "weights". */
QKV_CHECKED struct qkv_err axis_locate(const struct axis *axis, size_t head, const char *what, const char *where,
                                       const char *text, size_t *ret);

#endif
