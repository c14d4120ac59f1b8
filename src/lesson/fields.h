/* fields.h: reading a tree of nodes by tables: one row per field that a kind of mapping may have. */
#ifndef QKV_LESSON_FIELDS_H
#define QKV_LESSON_FIELDS_H

#include "lesson/tree.h"

/* What reading needs everywhere: where memory comes from and where diagnostics go. */
struct reader {
    struct arena *arena;
    struct diagnostics *f;
};

struct field {
    const char *name;
    unsigned kinds; /* enum node_kind, or-ed */
    bool required;
    const char *help; /* what it holds, for messages: "the question it answers, as a heading" */
};

/* Add a diagnostic about a place in the file. */
void diagnostic(struct reader *r, const struct node *at, enum qkv_code code, const char *format, ...) QKV_PRINTF(4, 5);

/* Out of memory: also a diagnostic, so that a reader has one way to fail. */
void diagnostic_nomem(struct reader *r, const char *what);

/* Is this a mapping with fields of this table only (closed by a row without a name), of their kinds, none missing?
 * Unknown: "unknown field 'sentense'; did you mean 'sentence'?". `whose` is "a lesson", "a stop". */
bool fields_check(struct reader *r, const struct node *mapping, const struct field fields[], const char *whose);

/* A number as an author writes it: 2, -0.5, 1e-3. */
bool text_is_number(const char *text, double *ret);
bool text_is_whole(const char *text, long *ret);

/* The same of a node; a diagnostic when it is something else. `what` names it in the message. */
bool node_number(struct reader *r, const struct node *node, const char *what, double *ret);
bool node_whole(struct reader *r, const struct node *node, const char *what, long min, long max, long *ret);
bool node_bool(struct reader *r, const struct node *node, const char *what, bool *ret);

/* "a, b, c", cut with "..." where it is too long. Returns the buffer. */
enum { NAMES_TEXT = 160 };
const char *names_listed(const char *const *names, size_t n, char buffer[NAMES_TEXT]);

/* "; did you mean 'near'?", or where none is near "; there are a, b, c", from `names` (n texts; none: ""). */
struct hint {
    bool meant; /* one is near */
    char text[NAMES_TEXT + 16];
};
struct hint hint_near(const char *text, const char *const *names, size_t n);

#endif
