/* catalogue.h: what lists say of the built-in lessons. make_catalogue.c writes it while the program is built: reading all
 * lessons, and computing those whose summaries have live numbers, takes longer than opening one. */
#ifndef QKV_APP_CATALOGUE_H
#define QKV_APP_CATALOGUE_H

#include "scene/view.h"

/* In the order of the course; closed by a NULL name. */
extern const struct lesson_line catalogue[];

#endif
