/* attention_parts.h: what the files of attention share: its state while it is recorded, and its parts. */
#ifndef QKV_CORE_MECHANISMS_ATTENTION_PARTS_H
#define QKV_CORE_MECHANISMS_ATTENTION_PARTS_H

#include "core/mechanisms/attention.h"

struct attention {
    struct recorder *r;
    size_t heads, kv_heads, d_k;
    size_t n_words;    /* rows of x: with the mistake heads_not_words, n is the number of heads */
    size_t n, m;       /* words that look, words looked at (low rank: rows of E) */
    int x, memory;     /* steps: the words; memory may be NO_STEP */
    int q, k, v;       /* steps per head: [heads, n, d_k], [kv_heads, m, d_k], [kv_heads, m, d_v] */
    int ask, offer;    /* steps: what is compared: q and k, or what the score makes of them */
    int v_A;           /* of the additive score */
    int distances;     /* the table of a relative bias, or q times that of relative keys */
    int keep;          /* the mask */
    int dropout;       /* what dropout multiplies with */
    bool asked_keep;   /* keep is known, if only to be NO_STEP */
    bool made_bias;    /* distances is on the tape */
    bool over_columns; /* by the mistake softmax_over_columns: rows are words looked at */
};

/* A rectangle of the scores, and how the steps that are made of it are told from those of other rectangles. */
struct part {
    size_t row, rows, col, cols;
    const char *what; /* "chunk", "tile", "token"; NULL: the whole */
    size_t number;    /* from 1 */
};

struct part part_whole(const struct attention *a);

/* Record op(operands) as this step, with the part's number behind its name and its symbol. */
#define record_part(a, p, step, op, ...) record_part_equation(a, p, step, op, (const int[OP_INPUTS_MAX]){__VA_ARGS__})
int record_part_equation(struct attention *a, const struct part *p, const struct step_spec *step, enum op op,
                         const int operands[OP_INPUTS_MAX]);

/* Rows of a step, for a part; all of them: the step itself. */
int record_rows(struct attention *a, const struct part *p, int step, size_t first, size_t n,
                const struct step_spec *rows);

bool attention_is(const struct attention *a, const char *setting, const char *choice);

/* attention_check.c: settings that contradict each other, and tensors that they miss. */
void check_settings(struct attention *a);
void check_shapes(struct attention *a); /* once q, k and v are known */

/* attention_position.c: q and k turned by their positions. */
int record_turned(struct attention *a, int step, const char *name, const char *symbol, enum role role);

/* attention_score.c: what is compared, and the scores up to the normaliser. */
void prepare_scores(struct attention *a);
int record_normaliser_input(struct attention *a, const struct part *p, int ask, int offer);

/* attention_bias.c */
int record_relative_keys(struct attention *a, const struct part *p, int scores);
int record_bias(struct attention *a, const struct part *p, int scores);

/* attention_mask.c: the scores with what is blocked; drop: the kept weights. */
int record_masked(struct attention *a, const struct part *p, int scores);
int record_masked_after(struct attention *a, int weights);
int record_dropped(struct attention *a, const struct part *p, int weights);

/* attention_normalise.c: from the scores to the weights. */
int record_weights(struct attention *a, const struct part *p, int scores);

/* attention_evaluate.c: heads: weights times values, whole or in parts. */
int record_evaluation(struct attention *a);

/* attention_tiles.c */
int record_tiles(struct attention *a);

/* attention_output.c: the router, the heads side by side. */
int record_routed(struct attention *a, int heads);
bool attention_is_routed(const struct attention *a);
int record_concat(struct attention *a, int heads);

#endif
