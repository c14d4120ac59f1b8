/* controls.h: all that can be set in a lesson, one row each: the settings of its mechanism, as the mechanism's table
 * has them, and before them where its numbers come from. They are made from what a lesson holds, without reading any
 * text, and know no setting by name. */
#ifndef QKV_LESSON_CONTROLS_H
#define QKV_LESSON_CONTROLS_H

#include "lesson/lesson.h"

enum { CONTROL_NAME = 40, CONTROL_TITLE = 96, CONTROL_MEANING = 320, CONTROLS_MAX = 96 };

enum control_kind {
    CONTROL_MECHANISM, /* which computation */
    CONTROL_SOURCE,    /* of the weights: the lesson's own, drawn at random, ... */
    CONTROL_SEED,      /* of weights that are drawn */
    CONTROL_SIZE,      /* of weights that are drawn: d_k */
    CONTROL_SETTING,   /* a setting of the mechanism */
    CONTROL_ITEM,      /* one item of a setting that is a list: on, off or its number */
};

struct control {
    enum control_kind kind;
    char name[CONTROL_NAME];       /* "mask", "mask.window", "d_k" */
    char title[CONTROL_TITLE];     /* what people read in its place: "mask: window"; may hold a $formula$ */
    char meaning[CONTROL_MEANING]; /* of this row alone; may hold $formulas$ */
    struct setting_info info;      /* how it is set; its name and meaning are those above */
    struct setting now;
    struct setting own; /* what the lesson has; an empty text: it sets none, a default stands */
    bool changed;
    size_t setting; /* of a setting or an item: its row in the mechanism's table */
    int item, part; /* of an item: which of the choices, and which of its numbers */
};

struct controls {
    struct control v[CONTROLS_MAX];
    size_t n;
    bool columns; /* for which orientation the meanings are written */
};

/* `baseline`: the lesson without what was set; NULL: nothing was. `columns`: tokens are columns. */
void controls_of(struct controls *ret, const struct lesson *lesson, const struct lesson *baseline, bool columns);

/* The index of a name, or -1. */
int controls_find(const struct controls *controls, const char *name);

/* Set one, in overrides that will be tried: to the value of this text, or (NULL) to what the lesson has. A
 * value that the lesson has is removed from the overrides. Errors: QKV_ERR_DOMAIN (no such value: what there is),
 * QKV_ERR_LIMIT, QKV_ERR_NOMEM; *e may then hold a part of it. */
QKV_CHECKED struct qkv_err control_set(const struct controls *controls, size_t at, const char *text,
                                       const struct lesson *lesson, struct overrides *e);

/* ---- names for people (control_names.c) ---- */

/* Fill in the title; the rest of the row is there. */
void control_name(struct control *control, const struct lesson *lesson, bool columns);

/* A value of this text as people call it: "the largest alone" for "hard"; numbers, on and off as they are. */
void control_value_name(const struct control *control, const struct lesson *lesson, bool columns, const char *text,
                        char ret[CONTROL_TITLE]);

/* Append a message with the lesson's settings as people call them, where it has them as they are written: "low_rank=true
 * does not go with mask=window:2" says "low rank “few mixtures” does not go with mask “window 2”". */
void control_names_in(const struct lesson *lesson, bool columns, const char *message, struct str *to);

#endif
