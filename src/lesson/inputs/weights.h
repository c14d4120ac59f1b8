/* weights.h: where a lesson's embeddings and weights come from: `weights: {source: glass, ...}`, where the source is
 * glass, identity, random, numbers or tensors. */
#ifndef QKV_LESSON_WEIGHTS_H
#define QKV_LESSON_WEIGHTS_H

#include "lesson/glass/glass.h"
#include "lesson/inputs/normals.h"
#include "lesson/inputs/shape.h"
#include "lesson/lesson.h"

enum weights_source {
    WEIGHTS_LESSON, /* the lesson's own: nothing was chosen */
    WEIGHTS_RANDOM,
    WEIGHTS_GLASS,
    WEIGHTS_IDENTITY,
    WEIGHTS_NUMBERS,
    WEIGHTS_TENSORS,
    WEIGHTS_SOURCES
};
extern const char *const weights_source_names[]; /* closed by NULL */

enum { SEED_MAX = 2147483647 };

/* Weights that a person chose in place of a lesson's: "{source: random, seed: 7, d_k: 4}"; or the lesson's own with
 * another seed or other sizes of what is drawn: "{source: lesson, seed: 7, features: 128}". */
struct weights_choice {
    enum weights_source source;
    bool seeded;
    long seed;
    size_t size[SIZE_COUNT]; /* 0: not chosen */
};
struct weights_choice weights_choice_of(const struct node *weights);

/* Read a choice; what is neither source, seed nor a size is appended to *rest as it was written: ", heads: [pronoun]".
 * Errors: QKV_ERR_SYNTAX (no YAML), QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err weights_choice_read(const char *text, struct weights_choice *ret, struct str *rest);
void weights_choice_print(const struct weights_choice *choice, const char *rest, struct str *to);

/* The glass model that is built in, when the words come from it; NULL otherwise or when a diagnostic was added. Called
 * before the sentence is split, because its lexicon knows where Chinese words end. */
const struct glass *weights_model(struct reader *r, const struct node *weights);

/* Begin the computation of a lesson that has words, mechanism and settings: make the mechanism's inputs, put
 * the edits of the overrides into them, and record the steps with their texts on the lesson's empty tape, for tape_run.
 *
 * Sets the inputs' sizes as lesson->sizes, `heads` in the lesson's settings and the lesson's head_names, head_claims and
 * guessed. options->fits is filled where it is not NULL. A mask is made where an edit changes one and the mechanism
 * takes one. `lenient`: the weights were written for another computation; tensors that this one does not take are left
 * out. `at`: the place of what the mechanism refuses. False: a diagnostic was added. */
bool computation_begin(struct reader *r, const struct node *at, const struct node *weights, const struct glass *model,
                       bool lenient, const struct lesson_options *options, struct lesson *lesson);

/* The inputs of a computation that is done again and again, of which only the seed changes. A zeroed one is empty. */
struct inputs;
struct redraw {
    struct inputs *in; /* in the reader's arena */
    struct named_tensors inputs;
    struct normals normals; /* where nobody else keeps them */
    bool made;              /* `inputs` has them all */
};
void redraw_finish(struct redraw *again);

/* Compute once more on the lesson's tape, which is empty or was made by this function, with lesson->redrawn as it is now;
 * with other sizes there, *again is finished before. The steps have no texts. False: a diagnostic was added. */
bool computation_redraw(struct redraw *again, struct reader *r, const struct node *weights, const struct glass *model,
                        const struct lesson_options *options, struct lesson *lesson);

#endif
