/* tree.h: a YAML text as a tree of nodes that know their line and column.
 *
 * The subset an author needs: mappings, lists and texts. Anchors, aliases, tags and a second document are refused with
 * a diagnostic, and so is a field that is given twice. Size, depth and the number of nodes meet their limits before they
 * cost anything. */
#ifndef QKV_LESSON_TREE_H
#define QKV_LESSON_TREE_H

#include "base/str.h"
#include "lesson/arena.h"
#include "lesson/diagnostics.h"

#include <stdbool.h>

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

/* Read n bytes. What is wrong goes to `f`; NULL when no tree came of it. The tree lives in the arena. */
struct node *yaml_read(struct arena *arena, const char *text, size_t n, struct diagnostics *f);

/* The same of files that may be larger than an author's: not YAML_BYTES_MAX and YAML_NODES_MAX, but these. */
struct yaml_limits {
    size_t bytes, nodes;
};
struct node *yaml_read_within(struct arena *arena, const char *text, size_t n, struct yaml_limits limits,
                              struct diagnostics *f);

/* Append "name: value" of a field on one line, as YAML that reads as the same again. */
void node_print_field(const struct node *field, struct str *to);

/* The value of a field, or NULL. */
const struct node *node_field(const struct node *mapping, const char *name);

#endif
