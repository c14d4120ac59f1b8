/* contributions.h: what each head adds to the output, and which heads are switched off.
 *
 * The heads stand side by side before W_O, so head h meets only its own rows of it, h * d_v .. (h + 1) * d_v - 1:
 *
 *   output[t, c] = sum over h of (heads[h, t, :] . W_O[rows of h, c]) + b_O[c]
 *
 * A small tape holds these products for one word and one column, their sum and the output: so each number is shown,
 * explained and proven as every other number is. */
#ifndef QKV_LESSON_CONTRIBUTIONS_H
#define QKV_LESSON_CONTRIBUTIONS_H

#include "core/tape.h"

/* Where on a tape the heads become the output. */
struct heads_output {
    int heads;  /* [heads, n, d_v]: what the heads found */
    int w_o;    /* [1, heads*d_v, d_out], given */
    int bias;   /* [1, 1, d_out]; -1: there is none */
    int output; /* [1, n, d_out] */
};

/* NULL: *ret is set. Else why a tape has no such place: the key of a text (language_page). */
const char *heads_output_find(const struct tape *tape, struct heads_output *ret);

/* Are all of the head's rows of W_O zero, so that it adds nothing to any word? */
bool head_is_off(const struct tape *tape, const struct heads_output *at, size_t head);

struct contributions {
    struct tape tape;
    size_t heads;
    int found;  /* [heads, 1, d_v], given: what each head found for the word */
    int rows;   /* [heads, d_v, 1], given: each head's rows of the column */
    int shares; /* [heads, 1, 1]: their products */
    int sum;    /* [1, 1, 1] */
    int bias;   /* [1, 1, 1]; -1: there is none */
    int output; /* [1, 1, 1]: the sum, with the bias where there is one */
};

/* The contributions to one cell of the output. `names`: a text for each head, which outlive *ret; NULL: heads are
 * numbered. `tape` must outlive *ret, too. Errors: QKV_ERR_NOMEM; *ret is then empty. */
QKV_CHECKED struct qkv_err contributions_init(struct contributions *ret, const struct tape *tape,
                                              const struct heads_output *at, size_t word, size_t column,
                                              const char *const *names);
void contributions_finish(struct contributions *c);

#endif
