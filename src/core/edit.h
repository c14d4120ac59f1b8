/* edit.h: changing given numbers on a tape, and bringing every step that is made of them up to date.
 *
 * The tape is then, bit for bit, what recording everything anew with the changed numbers would give, in the time that
 * only the reached cells take. A changed setting, or another shape, records anew. */
#ifndef QKV_CORE_EDIT_H
#define QKV_CORE_EDIT_H

#include "core/tape.h"

/* Another number for one cell of an input. */
struct tape_change {
    int step;
    size_t head, row, col;
    double value;
};

/* What of one step has changed. */
struct step_edited {
    int step;
    size_t cells;       /* how many cells have other bits */
    double largest;     /* the largest difference; a cell that became or was -inf has none */
    struct reach where; /* of each row the stretch from its first to its last changed cell */
};
struct tape_edited {
    struct step_edited *v; /* in the tape's order; steps that did not change are not listed */
    size_t n;
};

/* Can cells of this step be changed on the tape? Not where it is computed, made by the mechanism itself (the causal
 * mask), or was read while recording other than by ops (a mask that evaluation by tiles cuts in pieces). */
bool tape_can_edit(const struct tape *tape, int step);

/* Make these changes, in their order. *ret (NULL: not wanted): what changed, for tape_edited_finish; empty after an
 * error. Axes, labels and the addresses of tensor cells stay.
 * Errors, after which the tape is as it was: QKV_ERR_DOMAIN (a step that cannot be edited, a cell that is not there, a
 * number that recording refuses, a result too large for a double: named as by recording), QKV_ERR_NOMEM,
 * QKV_ERR_CANCELLED (by tape->progress; going back takes about as long as the work until then took).
 * The tape must not be read by another thread meanwhile. */
QKV_CHECKED struct qkv_err tape_edit(struct tape *tape, const struct tape_change *changes, size_t n,
                                     struct tape_edited *ret);

void tape_edited_finish(struct tape_edited *edited);

/* What of a step has changed; NULL: nothing. */
const struct step_edited *tape_edited_find(const struct tape_edited *edited, int step);

#endif
