/* walk.h: a lesson's walk as text, as it would be read aloud with a finger on the page. */
#ifndef QKV_CLI_WALK_H
#define QKV_CLI_WALK_H

#include "base/str.h"
#include "lesson/walk.h"

/* Add the whole walk to *to: every step with its formula, shapes and numbers, the script's words and the arithmetic of
 * the cells they point at. Matrices that were given stand before the step that uses them first. `columns`: with a token a column. Error:
 * QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err walk_print(const struct walk *walk, bool columns, struct str *to);

#endif
