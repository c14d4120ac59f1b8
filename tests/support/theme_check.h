/* theme_check.h: can the colours of a theme be told apart: data from roles, heads from roles and from each other? */
#ifndef QKV_TESTS_THEME_CHECK_H
#define QKV_TESTS_THEME_CHECK_H

#include "scene/theme.h"

/* False: `why` says which two colours are too near. */
bool theme_is_clear(const struct theme *t, char why[160]);

#endif
