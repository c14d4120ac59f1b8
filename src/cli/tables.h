/* tables.h: matrices as tables of text, with their labels. */
#ifndef QKV_CLI_TABLES_H
#define QKV_CLI_TABLES_H

#include "base/str.h"
#include "lesson/lesson.h"

/* Add the planes of a tensor, one below the other, each with its head's name; with `columns` every one on its side.
 * Error: QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err tables_add(const struct lesson *lesson, const struct tensor *t, bool columns,
                                      struct str *to);

#endif
