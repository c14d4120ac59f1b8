/* job.h: a lesson that takes longer than a frame or two is computed beside the window.
 *
 * The page that is shown stays, and can be walked and pointed at; a bar tells how far the work is, Escape stops it. When
 * it is done, what asked for it (a change, undo, redo) is asked again and finds it ready: so there is one way to show a
 * lesson. Nothing is shown under a hand that types or drags.
 *
 * A change while another one is on its way stops that and starts from both; undo takes the one that is on its way back,
 * and waits for an undo or redo. Whatever else opens a lesson stops the work first. */
#ifndef QKV_APP_JOB_H
#define QKV_APP_JOB_H

#include "app/app.h"

enum job_use { JOB_CHANGE, JOB_UNDO, JOB_REDO };

/* If this takes long, begin computing it: then true. False: it is quick, or it is ready, or it cannot be begun. */
bool job_begins(struct app *app, enum job_use use, const struct lesson_source *source, const struct overrides *e);

/* Something is being computed, or is ready and waits for its moment. */
bool job_is_on(const struct app *app);
bool job_is_ready(const struct app *app);
/* For this? */
bool job_is_for(const struct app *app, enum job_use use);

/* Take what is ready, if it is this; *ret_err: what came of it. `fits` as in struct lesson_options. */
bool job_take(struct app *app, const struct lesson_source *source, const struct overrides *e, struct opened *ret,
              bool *fits, struct qkv_err *ret_err);

/* Changes that were made from what is on the screen are made to what is on its way, which stops. */
void job_join(struct app *app, struct overrides *next);

/* Look how far it is; show it when it is done. */
void job_poll(struct app *app);

void job_cancel(struct app *app);

/* state.c: does the lesson that a line of history is about take long? Then computing it has begun. */
bool state_begins(struct app *app, const char *line, enum job_use use);

#endif
