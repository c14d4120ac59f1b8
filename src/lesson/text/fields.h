/* fields.h: YAML texts as trees of nodes that know their line and column, read by tables of fields; what is wrong
 * becomes diagnostics, all of them, in the order of the file's lines.
 *
 * YAML is the subset that an author needs: mappings, lists and texts. Anchors, aliases, tags and a second document are
 * refused, and so is a field that is given twice. Size, depth and the number of nodes meet their limits before they
 * cost anything; a byte order mark at the start is skipped. */
#ifndef QKV_LESSON_FIELDS_H
#define QKV_LESSON_FIELDS_H

#include "base/array.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- diagnostics ---- */

enum { LESSON_DIAGNOSTICS_MAX = 32 };

/* In the order of their lines and columns; those that are not about a place come first. */
struct diagnostics {
    struct qkv_err v[LESSON_DIAGNOSTICS_MAX];
    size_t n; /* counts on above the maximum: so many there were, of which those found first are kept */
};

void diagnostics_add(struct diagnostics *f, struct qkv_err err);

/* How many of them are in v. */
size_t diagnostics_kept(const struct diagnostics *f);

/* ---- trees (tree.c) ---- */

enum {
    YAML_BYTES_MAX = 256 * 1024,
    YAML_DEPTH_MAX = 16,
    YAML_NODES_MAX = 20000,
    YAML_MAPPING_MAX = 256 /* fields of one mapping: each is compared with those before it */
};

enum node_kind { NODE_TEXT = 1, NODE_LIST = 2, NODE_MAPPING = 4 };

struct node {
    enum node_kind kind;
    int line, column; /* both from 1; column in characters */
    const char *text; /* of a text; "" otherwise */
    size_t bytes;     /* of the text */
    bool quoted;
    struct node *key; /* in a mapping: the text before the colon */
    struct node *first, *next;
    size_t n; /* items, or fields */
};

/* Parse n bytes into a tree in the arena. NULL: diagnostics were added to *f. */
struct node *yaml_read(struct arena *arena, const char *text, size_t n, struct diagnostics *f);

/* The same with other limits than YAML_BYTES_MAX and YAML_NODES_MAX, for files that are not written by hand. */
struct yaml_limits {
    size_t bytes, nodes;
};
struct node *yaml_read_within(struct arena *arena, const char *text, size_t n, struct yaml_limits limits,
                              struct diagnostics *f);

/* Append "name: value" of a field on one line, as YAML that reads as the same again. */
void node_print_field(const struct node *field, struct str *to);

/* ---- fields ---- */

/* The value of a field; NULL: it is missing, or this is no mapping or NULL. */
const struct node *node_field(const struct node *mapping, const char *name);

/* Passed to every function that reads: the arena for what is read, and where diagnostics go. */
struct reader {
    struct arena *arena;
    struct diagnostics *f;
    const char *source; /* the file's text, n bytes, for places inside of a text; NULL: it is not there */
    size_t n;
};

struct field {
    const char *name;
    unsigned kinds; /* enum node_kind, or-ed */
    bool required;
    const char *help; /* what it holds, for messages: "the question it answers, as a heading" */
};

/* Add a diagnostic about a place in the file. False, for a reader that fails with it. */
bool diagnostic(struct reader *r, const struct node *at, enum qkv_code code, const char *format, ...) QKV_PRINTF(4, 5);

/* About the byte `offset` of a text. Its line and column are found in the source; without one: those of its start. */
void diagnostic_in(struct reader *r, const struct node *text, size_t offset, enum qkv_code code, const char *format,
                   ...) QKV_PRINTF(5, 6);

/* The same of an error. True: there is none. */
bool is_fine(struct reader *r, const struct node *at, struct qkv_err err);

/* Out of memory: also a diagnostic, so that a reader has one way to fail. False. */
bool diagnostic_nomem(struct reader *r, const char *what);

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

/* The texts of a list; `help` is the diagnostic about an item that is none. */
struct words; /* lesson/text/tokens.h */
bool node_texts(struct reader *r, const struct node *list, const char *help, struct words *ret);

#endif
