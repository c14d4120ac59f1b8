/* csv_tables.h: matrices as tables of text, with their labels, and as JSON. */
#ifndef QKV_CLI_CSV_TABLES_H
#define QKV_CLI_CSV_TABLES_H

#include "base/str.h"
#include "lesson/lesson.h"

/* Columns of n bytes of UTF-8 on a terminal: two for a character of a wide script. */
int display_width(const char *text, size_t n);

/* Add the planes of a tensor, one below the other, each with its head's name; with `columns` every one on its side.
 * Error: QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err tables_add(const struct lesson *lesson, const struct tensor *t, bool columns,
                                      struct str *to);

/* Add the lesson's name, title and sentence, and the walk's steps from `first` to `last`, as JSON: name, stage,
 * title, formula, shape [heads, rows, columns], labels where there are some, and numbers that read as the same
 * doubles. A blocked cell is null. Error: QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err steps_json(const struct lesson *lesson, size_t first, size_t last, struct str *to);

#endif
