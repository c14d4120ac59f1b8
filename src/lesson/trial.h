/* trial.h: the change that a stop's `try` carries, so that what a person is invited to do is a button:
 *
 *     try:
 *       say: Let each word look at its neighbours only.
 *       set: {mask: window:3}
 *       sentence: The dogs slept                 another sentence, weights, mechanism
 *       edit:
 *         X[it, plural]: 1                       numbers of inputs, named as in live numbers
 *       then: "{A[it, cat]} is left for **cat**."      said in the place of the stop's words once it is done
 */
#ifndef QKV_LESSON_TRIAL_H
#define QKV_LESSON_TRIAL_H

#include "lesson/live/live.h"
#include "lesson/overrides.h"

struct reader;

struct trial {
    struct overrides change;
    const char *said;        /* the change on one line, for people: "mask=window:3, X[it, plural] = 1" */
    const struct node *then; /* the text in place of the stop's once it is done; NULL: none. Read while the file is */
    int line, column;        /* in the file */
    int stop_line;           /* of its stop */
};

/* Read the fields of a `try` that is a mapping. NULL: it carries no change, or a diagnostic was added. It is the
 * lesson's then. */
struct trial *trial_read(struct reader *r, const struct node *node, const struct live_scope *scope,
                         struct lesson *lesson);

/* Read those of a script whose stops are not: so that one that was done can be left again. */
void trials_read(const struct reader *r, const struct node *script, const struct live_scope *scope,
                 struct lesson *lesson);

/* Is all of it in what a person changed? */
bool trial_is_on(const struct trial *trial, const struct overrides *e);

/* Change all of it, or have all of it as the lesson has it. Errors: QKV_ERR_NOMEM, QKV_ERR_LIMIT. */
QKV_CHECKED struct qkv_err trial_do(const struct trial *trial, bool on, struct overrides *e);

/* The trial that is on, for a place with this stop (NULL: none); NULL: none is. Where draws are thrown only the stop's own
 * counts: a throw that gives another one's weights was not its try. */
struct stop;
const struct trial *trial_on(const struct lesson *lesson, const struct stop *stop, const struct overrides *e);

/* Compute each of a lesson's trials. A diagnostic: one cannot be computed, or what is said then is not so. `text`, `options`: what the lesson
 * was read from. */
void trials_check(const struct lesson *lesson, const char *text, size_t n, const struct lesson_options *options,
                  struct diagnostics *ret);

#endif
