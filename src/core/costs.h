/* costs.h: what a whole computation costs on paper.
 *
 * Only what the result is made of counts, which is the tape's STEP_RESULT, else its last step: a lesson may compute a
 * thing in two ways to show that they agree, and who wants the result needs one of them. Numbers that were given (embeddings, weights, masks) are held
 * by every way of computing alike: they are read, but not counted among what is held. */
#ifndef QKV_CORE_COSTS_H
#define QKV_CORE_COSTS_H

#include "core/tape.h"

struct costs {
    double operations; /* as struct op_cost counts them */
    double read;       /* bytes of operands, each once in every step that computes with them */
    double held;       /* bytes, 8 for each number: the most that is there at once, from the first step to the last. A
                        * number is there from the step that computes it to the last one that needs it, and no step
                        * writes over its operands. Steps that only move numbers have none of their own. */
};

/* The step that is the result; the tape has steps. */
int tape_result(const struct tape *tape);

/* Of a recorded tape. What depends on numbers (rows that a mask blocks whole, the support of sparsemax) is only right
 * once they are computed. An empty tape costs nothing. Error: QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err tape_costs(const struct tape *tape, struct costs *ret);

#endif
