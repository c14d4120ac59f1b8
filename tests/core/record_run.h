/* record_run.h: any mechanism on random tensors, for tests. Tensors are named with their rows and columns, "X 5
 * 4,W_Q 4 6,", and where they have several planes with these: "mask 2*5 5,". A mask is 1 everywhere. */
#ifndef QKV_TESTS_RECORD_RUN_H
#define QKV_TESTS_RECORD_RUN_H

#include "core/mechanism.h"

/* Inputs of five words. */
#define WORDS  "X 5 4,W_Q 4 6,W_K 4 6,W_V 4 8,W_O 8 3,"
#define MEMORY "X 5 4,memory 3 5,W_Q 4 6,W_K 5 6,W_V 5 8,W_O 8 3,"
#define LAYER                                                                                                          \
    "X 5 4,W_Q 4 6,W_K 4 6,W_V 4 8,W_O 8 4,gamma_1 1 4,beta_1 1 4,gamma_2 1 4,beta_2 1 4,W_F1 4 7,b_F1 1 7,W_F2 7 4,"  \
    "b_F2 1 4,"
#define SPEECH                                                                                                         \
    "gamma_A 1 4,beta_A 1 4,gamma_F1 1 4,beta_F1 1 4,gamma_F2 1 4,beta_F2 1 4,gamma_C 1 4,beta_C 1 4,gamma_out 1 4,"   \
    "beta_out 1 4,W_11 4 6,b_11 1 6,W_12 6 4,b_12 1 4,W_21 4 7,b_21 1 7,W_22 7 4,b_22 1 4,W_P1 4 8,b_P1 1 8,b_D 1 4,"  \
    "gamma_N 1 4,beta_N 1 4,W_P2 4 4,b_P2 1 4,"
#define WHOLE    "X 5 6,W_Q 6 6,W_K 6 6,W_V 6 8,W_O 8 3,b_Q 1 6,"
#define SMALL    "X 5 4,W_Q 4 8,W_K 4 8,W_V 4 8,W_O 8 3,b_K 1 8,b_O 1 3,"
#define VARIANTS "W_A 4 4,W_1 4 3,W_2 4 3,v_A 1 3,relative_bias 2 5,relative_keys 5 4,W_R 4 2,b_R 1 2,E 3 5,F 3 5,"
#define ATTENDED "X 5 4,W_Q 4 6,W_K 4 6,W_V 4 8,W_O 8 4,"
#define SQUARED  "X 5 4,W_U 4 6,W_V 4 6,W_Z 4 3,gamma_Q 1 3,beta_Q 1 3,gamma_K 1 3,beta_K 1 3,W_O 6 4,"
#define HEARD    "W_Q 4 5,W_K 6 5,U 2 5,b_A 1 5,v_A 1 5,"
#define READ     "W_xh 4 3,W_hh 3 3,b_h 1 3,V_xh 5 3,V_hh 3 3,V_ch 3 3,b_s 1 3,"

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

/* The value of a step, which must be there. */
const struct tensor *run_value(const struct tape *tape, const char *name);

double largest_difference(const struct tensor *a, const struct tensor *b);

#endif
