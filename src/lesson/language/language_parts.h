/* language_parts.h: look-up of nodes in the file of a language, and the rendering of their
 * texts, for the files of this folder. */
#ifndef QKV_LESSON_LANGUAGE_PARTS_H
#define QKV_LESSON_LANGUAGE_PARTS_H

#include "lesson/language/language.h"

enum { LIKE_MAX = 4 };

/* All forms of all terms: those that begin with a byte b are v[from[b]] to v[from[b + 1] - 1]. */
struct form {
    const char *text;
    size_t n;
    int term;
};
struct forms {
    struct form *v;
    size_t from[257];
};

struct language {
    struct arena arena;
    const struct node *root;
    const struct language *fallback; /* NULL: none */
    struct forms forms;              /* its own, and those that it takes from its fallback */
};

/* Where a mechanism's texts are looked for, one after the other; the last is `shared`. */
struct levels {
    const char *name[LIKE_MAX + 1]; /* NULL: shared */
    size_t n;
};
struct levels levels_of(const struct language *l, const struct mechanism *m);
const struct node *level(const struct language *l, const char *name);

/* A section of the file; a node's text: NULL where there is none. */
const struct node *section(const struct language *l, const char *name);
const char *text_of(const struct node *node);
/* The same; "" where there is none. */
const char *found(const struct node *node);

/* The first node at KIND, NAME and FIELD (NULL: not as deep) of any level, in the language or what it falls back on. */
const struct node *find_node(const struct language *language, const struct mechanism *m, const char *kind,
                             const char *name, const char *field);
/* The same of a section that is no mechanism's. */
const struct node *in_section(const struct language *l, const char *name, const char *key, const char *field);

/* ---- language_render.c ---- */

/* What names in braces stand for. */
struct rendering {
    const struct language *language;
    const struct settings *settings;
    const struct tape *tape;             /* of a whole formula; else NULL */
    const char *looker, *target, *token; /* what tokens are called */
    bool columns;
    const struct step_spec *step; /* NULL: none */
    struct levels levels;
    const char *title;                   /* of {title} */
    const struct explanation *explained; /* its numbers are {1} {2} ...; NULL: none */
    const char *condition, *value;       /* of {condition} and {value}; NULL: none */
    const char *whole;                   /* the text being rendered, where it may hold live numbers */
    struct live_text *live;              /* NULL: none */
    struct arena *arena;                 /* of what its expressions say */
};

struct rendering rendering_of(const struct lesson *lesson);
/* Into the arena; NULL: there is no text, or no memory. */
const char *render(const struct rendering *t, struct arena *arena, const char *text);
/* What stands in braces: n bytes of a text that is itself within `depth` others. */
void render_name(const struct rendering *t, const char *text, size_t n, int depth, struct str *to);

/* ---- language_terms.c ---- */

/* Report terms without a form or a line, and forms of two terms. */
void language_check_terms(const struct language *language, struct reader *r);

/* Put the forms of a language that was just read in order. False: memory ran out. */
bool language_gather_forms(struct language *language);

#endif
