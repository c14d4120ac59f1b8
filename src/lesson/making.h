/* making.h: making a mechanism's tensors by its own table: which are needed, how large each is, what its rows and columns
 * are called. Every source of weights ends here; only where the numbers come from differs. */
#ifndef QKV_LESSON_MAKING_H
#define QKV_LESSON_MAKING_H

#include "lesson/fields.h"
#include "lesson/lesson.h"
#include "lesson/shape.h"

enum {
    MAKING_FIELDS_MAX = 16 + SIZES_MAX + 96,
    SIDE_MAX = 1024,                  /* of a tensor that is drawn; what is so much a head, 16 times that */
    DRAWN_CELLS_MAX = 4 * 1024 * 1024 /* of one tensor: a feed-forward layer four times as wide as its rows */
};

struct making {
    struct reader *r;
    const struct node *weights;
    const struct lesson *lesson; /* mechanism, settings, words */
    struct named_tensors *ret;
    struct sizes sizes;
    /* The weights were written for another computation beside this one: what this one does not take is left out. */
    bool lenient;
};

/* Begin: the sizes that the lesson's words and settings give. */
void making_init(struct making *m, struct reader *r, const struct node *weights, const struct lesson *lesson,
                 bool lenient, struct named_tensors *ret);

/* The fields that a source may have: its `own` (closed by a row without a name), the mechanism's sizes, and its tensors:
 * with `tensors` all of them, else those that can be "pixels". */
void making_fields(const struct making *m, const struct field own[], bool tensors, struct field ret[MAKING_FIELDS_MAX]);

/* Read `names`, `features` and the sizes that are given. False: a diagnostic was added. */
bool making_read_sizes(struct making *m);

/* Read the tensors that are written out in this mapping (made in weights_numbers.c). */
bool making_numbers(struct making *m, const struct node *mapping);

/* Draw what is still missing and needed, or listed in `with` (made in weights_random.c). */
bool making_draw(struct making *m, long seed, bool output);

/* The axis of a dimension ("n", "heads*d_k") of this size, with its labels. */
bool making_axis(struct making *m, const char *dim, size_t n, struct axis *ret);

/* Put a tensor among those made and learn sizes and labels from it; *t is taken over. */
bool making_add(struct making *m, const struct node *at, const struct tensor_info *info, struct tensor *t);

/* Learn how many heads the lesson's settings say, when they have changed. */
void making_heads(struct making *m);

/* Learn sizes and labels from the tensors that are there already. */
void making_learn(struct making *m);

/* The mechanism's input of this name, or NULL. */
const struct tensor_info *making_input(const struct making *m, const char *name);

/* Is this dimension a sequence: the lesson's words (n, T), or those that are looked at (m)? */
const struct words *making_words(const struct making *m, const char *dim);

/* Does the mechanism's table say that the settings, as they are, need this tensor ("score=general")? */
bool making_asked_for(const struct making *m, const struct tensor_info *info);

#endif
