/* fold.h: computing a tape without keeping all of it.
 *
 * A step that is a numbered piece of a whole (a tile, a chunk of the queries) has its numbers only from when it is
 * computed until the last step that needs it is: so what is held at once does not grow with how many pieces there are.
 * All other steps are kept, with the same bits as tape_run gives. */
#ifndef QKV_CORE_FOLD_H
#define QKV_CORE_FOLD_H

#include "core/tape.h"

/* The most cells that are there at once while a tape is computed like that, inputs and all that is kept included.
 * Error: QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err fold_cells(const struct tape *tape, size_t *ret);

/* Compute a bare tape. The pieces are without numbers then (v is NULL). Errors: those of tape_run; QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err fold_run(struct tape *tape);

#endif
