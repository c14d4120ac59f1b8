/* draws.h: what other draws would have given. A lesson whose weights come from a seed shows one draw; beside it stand the
 * numbers of the same cell for many seeds, and for several sizes of what is drawn:
 *
 *   - at: heads
 *     cell: [it, animate]
 *     draws:
 *       seeds: 60                          1, 2, ... 60
 *       size: features                     of what is drawn; without it as the lesson has it
 *       called: directions                 what the size is called on the page; without it its name
 *       values: [8, 32, 128, 512]
 *       scale: powers                      1, 10, 100; without it 1, 2, 3
 *       marks:                             numbers to compare with
 *         softmax: beside.H[it, animate]   an expression (live.h)
 *         elu + 1: {feature_map: elu1}     the same cell with other settings
 *
 * All numbers are computed by the lesson's own mechanism, and are the same on every machine. */
#ifndef QKV_LESSON_DRAWS_H
#define QKV_LESSON_DRAWS_H

#include "lesson/live/live.h"

enum {
    DRAW_SEEDS_MAX = 200,
    DRAW_VALUES_MAX = 6,
    DRAW_MARKS_MAX = 4,
    DRAW_CELLS_MAX = 1 << 26 /* numbers that all draws of a stop compute: about a second */
};

/* What is said of the draws of one size; quartiles as in Hyndman and Fan 1996, type 7. */
enum draw_summary { DRAW_LOWEST, DRAW_QUARTER, DRAW_MEDIAN, DRAW_THREE_QUARTERS, DRAW_HIGHEST, DRAW_SUMMARIES };
extern const char *const draw_summary_names[]; /* "lowest", "quarter", "median", ...; closed by NULL */

struct draw_mark {
    const char *label;
    double value;
};

struct draws {
    int line; /* of the stop in the file */
    int step; /* the cell: on the lesson's tape */
    size_t head, row, col;
    const char *size, *called; /* its name, and what it is for people; NULL: values has one number, 0 */
    size_t value[DRAW_VALUES_MAX], n_values;
    size_t n_seeds;  /* the seeds are 1 .. n_seeds */
    bool by_powers;  /* on the page, equal steps are equal factors */
    const double *v; /* [n_values][n_seeds], in the lesson's arena */
    /* [1, n_values + n_marks, DRAW_SUMMARIES]: what is said of each value; a mark's row has its number everywhere. Numbers
     * and labels lie in the arena. */
    struct tensor table;
    struct draw_mark mark[DRAW_MARKS_MAX];
    size_t n_marks;
    size_t now_value; /* where the lesson's own draw is among them; n_values: nowhere */
    long now_seed;
};

struct draws_source {
    const struct node *weights; /* those that the lesson was computed with */
    const struct lesson_options *options;
};

/* Read the field `draws` of each stop of a script and compute them all: lesson->draws. A diagnostic: what is wrong with
 * a field. Where a person changed the lesson so that nothing is drawn any more, or a cell is not there, there are none
 * and that is no diagnostic. Cancellable by the options' progress (QKV_ERR_CANCELLED). */
void draws_make(struct reader *r, const struct node *script, const struct live_scope *scope,
                const struct draws_source *source, struct lesson *lesson);

/* The draws of the stop at this line of the file; NULL: it has none. */
const struct draws *draws_at(const struct lesson *lesson, int line);

/* The lowest, the quartiles, the median and the highest of n numbers, which are sorted. */
void draws_summarise(double v[], size_t n, double ret[DRAW_SUMMARIES]);

#endif
