/* hint.h: what a name that is unknown may have been meant as. */
#ifndef QKV_BASE_HINT_H
#define QKV_BASE_HINT_H

#include <stddef.h>

/* "a, b, c", cut with "..." where it is too long. Returns the buffer. */
enum { NAMES_TEXT = 160 };
const char *names_listed(const char *const *names, size_t n, char buffer[NAMES_TEXT]);

/* "; did you mean 'near'?", or where none is near "; there are a, b, c", from `names` (n texts; none: ""). */
struct hint {
    const char *meant; /* the one that is near, of `names`, or NULL */
    char text[NAMES_TEXT + 16];
};
struct hint hint_near(const char *text, const char *const *names, size_t n);

#endif
