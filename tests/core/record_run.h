/* record_run.h: any mechanism on random tensors, for tests. Tensors are named with their rows and columns, "X 5
 * 4,W_Q 4 6,", and where they have several planes with these: "mask 2*5 5,". A mask is 1 everywhere. Before them may
 * stand names of whole sets of tensors, "SMALL VARIANTS mask 5 5,". */
#ifndef QKV_TESTS_RECORD_RUN_H
#define QKV_TESTS_RECORD_RUN_H

#include "core/mechanism.h"
#include "support/steps.h"

/* In -1..1, the same in every run. */
double random_number(void);

/* Random numbers; a name that comes again takes the place of the first. */
struct named_tensors run_tensors(const char *text);
void run_add(struct named_tensors *in, const char *text);

/* The input of that name, which must be there; and the same number in all of its cells. */
struct tensor *run_input(struct named_tensors *in, const char *name);
void run_fill(struct named_tensors *in, const char *name, double number);

struct named_tensors copy_tensors(const struct named_tensors *in);

/* Record from a copy of the inputs and compute in slices of this amount. */
QKV_CHECKED struct qkv_err record_copy(const struct mechanism *m, const struct settings *s,
                                       const struct named_tensors *in, size_t slice, struct tape *ret);

/* Computing in slices and all at once, and recording with other numbers and replaying the tape with them, give the same
 * bits and the same errors; a replay allocates nothing. Called for whatever is recorded here. */
void check_replay(const struct mechanism *m, const struct settings *s, const struct named_tensors *in);

/* Settings as "KEY=VALUE" separated by blanks. */
struct settings run_settings(const struct mechanism *m, const char *settings);

/* Record from a copy of the inputs, with settings "KEY=VALUE" separated by blanks; run_mechanism: it must succeed. */
QKV_CHECKED struct qkv_err run_try(const char *mechanism, const char *settings, const struct named_tensors *in,
                                   struct tape *ret);
struct tape run_mechanism(const char *mechanism, const char *settings, const struct named_tensors *in);

#endif
