/* compare.h: a lesson's second computation (other settings, another mechanism or other weights), and the comparison of
 * a lesson with it, or with any other.
 *
 * For every step of the walk that the other computation has too (the same name and shape), a tape holds both values as
 * inputs and their difference as a step: so it is shown, explained and proven as every other number is. */
#ifndef QKV_LESSON_COMPARE_H
#define QKV_LESSON_COMPARE_H

#include "lesson/analysis/growth.h"
#include "lesson/lesson.h"

struct glass;

/* Record lesson->second from `beside: {...}` for a lesson whose tape is recorded; tape_run computes it. `weights` and
 * `model` are the lesson's. Changed cells are changed here too. After a diagnostic there is no second computation. */
void second_begin(struct reader *r, const struct node *beside, const struct node *weights, const struct glass *model,
                  const struct lesson_options *options, struct lesson *lesson);

/* Compare the two after tape_run, which returned `err`. A claimed equality that does not hold is an error, too. */
void second_end(struct reader *r, const struct node *beside, struct qkv_err err, struct lesson *lesson);
void second_finish(struct second_computation *second);

/* What a lesson is compared with. */
struct other {
    const struct tape *tape; /* read during comparison_init only: its numbers are copied; NULL: nothing */
    const struct lesson *of; /* whose tape that is, for what it costs: the lesson's own or another's; NULL: not told */
    const char *label;       /* "full attention"; outlives the comparison, as `here` does */
    const char *here;        /* what the lesson's own side is called */
};

struct comparison {
    struct tape tape;
    struct summaries *summaries; /* owned; of its steps (summary.h); NULL: nothing is kept */
    struct largest *largest;     /* of its steps, in the arena: what comparison_largest has found */
    int *step;                   /* owned; for each step of the walk its difference on that tape, or -1 */
    bool *alike;                 /* owned; is that step computed in both alike, from the beginning on? */
    const char *label;
    struct growth here[COST_KINDS], there[COST_KINDS]; /* what both computations cost; a lesson with itself: nothing */
    struct arena arena;                                /* names of the tape's steps */
};

/* Compare a lesson with another computation; empty where that has no tape. Steps are the same that have one name; they
 * have a difference where nothing is blocked (infinite) and rows and columns are called alike. Error: QKV_ERR_NOMEM; *ret is then
 * empty. */
QKV_CHECKED struct qkv_err comparison_init(struct comparison *ret, const struct lesson *lesson,
                                           const struct other *other);
/* What it will keep, known once both are recorded: at most so many bytes. */
size_t comparison_bytes(const struct lesson *lesson, const struct tape *other);

void comparison_finish(struct comparison *c);

/* The largest absolute difference of two tensors of one shape, infinity where only one is blocked, and the first cell
 * that has it. */
struct largest_difference {
    double largest;
    size_t head, row, col;
};
/* Of a step of its tape. Found once; to be asked by one thread at a time. */
struct largest_difference comparison_largest(const struct comparison *c, int step);

/* Find out now what frames will ask for. */
void comparison_prepare(const struct comparison *c);

/* May the difference at this step of the walk be told at this position? Not where both still compute alike, and not
 * before a mistake is told: it would give the mistake away. */
bool comparison_tells(const struct lesson *lesson, size_t at, size_t position);

/* ---- an earlier state of the lesson ---- */

/* The step of `tape` (NULL: none) that has this one's name and shape, or NULL. */
const struct step *step_like(const struct tape *tape, const struct step *step);

/* Does a cell of the step differ from that of `then` (NULL: none)? If so, *ret is the number in `then`. */
bool cell_differs(const struct step *now, const struct step *then, size_t h, size_t r, size_t c, double *ret);

/* The largest change of the last step. */
struct moved {
    bool on;          /* both have a last step of one name and shape */
    const char *name; /* the step's */
    struct largest_difference by;
};
struct moved lesson_moved(const struct lesson *now, const struct lesson *then);

#endif
