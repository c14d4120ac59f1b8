/* timing.h: measuring how long the ways of untaped.h take on this machine: one after the other, length by length, in
 * processor time of the thread that does it. */
#ifndef QKV_APP_TIMING_H
#define QKV_APP_TIMING_H

#include "base/err.h"
#include "base/thread.h"
#include "core/untaped_times.h"

struct timing;

/* Of queries, keys and values of width d, at the first so many lengths. `progress` outlives it; its total is set here,
 * and its `cancel` stops a measurement within milliseconds. NULL: no memory. */
struct timing *timing_new(size_t d, size_t lengths, struct progress *progress);
void timing_free(struct timing *timing);

/* Measure one way at one length, or say why not. False: there is no more, it was cancelled, or memory ran out. */
bool timing_run(struct timing *timing);

/* What was measured. Errors: QKV_ERR_CANCELLED, QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err timing_end(const struct timing *timing, struct untaped_times *ret);

#endif
