/* attention_parts.h: what the files of attention share: its state while it is recorded, and the variants. */
#ifndef QKV_CORE_MECHANISMS_ATTENTION_PARTS_H
#define QKV_CORE_MECHANISMS_ATTENTION_PARTS_H

#include "core/mechanisms/parts.h"

struct attention;
struct part;

/* What the last step of a normaliser computes, the weights. */
struct last {
    enum op op;
    int left, right;
};
typedef struct last normaliser(struct attention *a, const struct part *p, int scores);

struct attention {
    struct recorder *r;
    size_t heads, kv_heads; /* of queries; of keys and values */
    normaliser *normalise;  /* of the setting */
    size_t d_k;
    size_t n_words;             /* rows of x: with the mistake heads_not_words, n is the number of heads */
    size_t n, m;                /* queries, keys (low rank: rows of E) */
    int x, memory;              /* steps: the words; memory may be NO_STEP */
    int q, k, v;                /* steps per head: [heads, n, d_k], [kv_heads, m, d_k], [kv_heads, m, d_v] */
    int score_of_q, score_of_k; /* steps: what is compared: q and k, or what the score makes of them */
    enum op comparison;         /* the op that compares them */
    int v_A;                    /* of the additive score */
    int distances;              /* the table of a relative bias, or q times that of relative keys */
    int mask;
    int dropout;         /* the factors of dropout */
    bool mask_is_known;  /* `mask` is set; NO_STEP: nothing is masked */
    bool compares_heads; /* mistake=heads_not_words: the product compares heads, not tokens */
    bool over_columns;   /* mistake=softmax_over_columns: rows are keys */
};

/* A rectangle of the scores; its steps have its kind and number in their names. */
struct part {
    size_t row, rows, col, cols;
    const char *what; /* "chunk", "tile", "token"; NULL: the whole */
    size_t number;    /* from 1 */
};

/* Record op(operands) as this step, with the part's number behind its name and its symbol. */
#define record_part(a, p, step, op, ...) record_part_equation(a, p, step, op, (const int[OP_INPUTS_MAX]){__VA_ARGS__})
int record_part_equation(struct attention *a, const struct part *p, const struct step_spec *step, enum op op,
                         const int operands[OP_INPUTS_MAX]);

/* Rows of a step, for a part; all of them: the step itself. */
int record_rows(struct attention *a, const struct part *p, int step, size_t first, size_t n,
                const struct step_spec *rows);

/* [1, n, heads*d] to [heads, n, d] and back, or what one of the mistakes makes of it. */
int split_heads(struct attention *a, const struct projection *projection, int whole, size_t heads);
int concat_heads(struct attention *a, int heads);

/* attention_settings.c: has the setting this value; refuse those that contradict each other or the tensors that there
 * are. */
bool is_set(const struct attention *a, const char *setting, const char *value);
double set_number(const struct attention *a, const char *setting);
void check_settings(struct attention *a);
void check_shapes(struct attention *a); /* once q, k and v are known */

/* attention_scores.c */
void prepare_scores(struct attention *a); /* sets score_of_q, score_of_k and comparison */
int record_relative_keys(struct attention *a, const struct part *p, int scores);
int record_bias(struct attention *a, const struct part *p, int scores);
void record_low_rank(struct attention *a); /* K and V become fewer rows */

/* attention_weights.c */
int record_part_mask(struct attention *a, const struct part *p); /* NO_STEP: it blocks nothing */
#define NORMALISER_DECLARED(name) normaliser normaliser_##name;
ATTENTION_NORMALISERS(NORMALISER_DECLARED) /* that of softmax is in attention.c */
int record_weights(struct attention *a, const struct part *p, int scores);
int record_dropped(struct attention *a, const struct part *p, int weights);
struct step_spec heads_step(const struct attention *a, bool whole);
int record_routed(struct attention *a, int heads);

/* attention_evaluate.c: the heads, computed in one part or in several, one after the other. Zeroed at first. */
struct part_iterator {
    struct part part;
    int queries, keys;    /* steps: what this part compares */
    int values;           /* of incremental: the values of the tokens so far */
    size_t done;          /* rows of queries (tiles: of keys) up to this part's end */
    int heads;            /* step: what the parts so far have found */
    int max, sum, output; /* steps of tiles so far: [heads, n, 1], the same, [heads, n, d_v] */
};
bool next_part(struct attention *a, struct part_iterator *it);     /* false: that was the last, or an error */
int values_of_part(struct attention *a, struct part_iterator *it); /* what it mixes (tiles: add_tile takes them) */
void add_heads(struct attention *a, struct part_iterator *it, int heads);
void add_tile(struct attention *a, struct part_iterator *it, int scores);

#endif
