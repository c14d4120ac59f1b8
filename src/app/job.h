/* job.h: a document that is computed in the background, or time that is measured there.
 *
 * The page that is shown stays, and can be walked and pointed at; a bar tells how far the work is, Escape stops it.
 * There is one at a time, the newest that was asked for. With threads it runs by itself; without, job_go_on does a
 * slice. */
#ifndef QKV_APP_JOB_H
#define QKV_APP_JOB_H

#include "app/document.h"
#include "app/keys.h"
#include "app/timing.h"

/* What the document is wanted for, and what has to be known when it is there. */
enum ask_use { ASK_CHANGE, ASK_UNDO, ASK_REDO, ASK_OPEN, ASK_TIMES /* no document: how long attention takes */ };
struct ask {
    enum ask_use use;
    struct document document; /* its lesson is computed, whatever it is here */
    struct request request;   /* ASK_OPEN: where to go in it */
    struct str session;       /* ASK_OPEN: the file it is in; empty: a lesson, which leaves the screen as it is */
    unsigned gesture;         /* the one it was asked for in; 0: none */
    size_t held;              /* bytes that what is shown keeps meanwhile: there is so much less for it */
    bool first;               /* ASK_OPEN: nothing is added to what can be undone */
    size_t width, lengths;    /* ASK_TIMES: of queries and keys; and of how many lengths of text */
};
void ask_finish(struct ask *ask);

/* What comes of it. */
struct computed_document {
    struct document document;
    const struct lesson *baseline; /* the lesson without settings and edits; NULL: it has none */
    struct untaped_times times;    /* ASK_TIMES */
    size_t lost;                   /* edits whose cell is not there any more: they are left out */
};
void computed_document_finish(struct computed_document *computed);

struct job;

/* The one way in which a document is computed. Takes *ask over; copies what it needs of the cache; uses the memo, which
 * may be NULL, as long as it is there. Edits of cells that are not there are lost in a change, else an error. NULL: no
 * memory; then *ask stays the caller's. */
struct job *job_new(struct ask *ask, const struct lesson_cache *cache, struct memo *memo);
/* Cancels it and waits for its thread. */
void job_free(struct job *job);

/* Wait until it is done, but no longer than so many seconds; INFINITY: wait to the end, and
 * start no thread. Else the first wait starts one at once, where the system has threads. True: it is done. */
bool job_wait(struct job *job, double seconds);
/* To be called once a frame by the thread that made it; without threads it computes a slice. True: it is done. */
bool job_go_on(struct job *job);
bool job_is_done(const struct job *job);
/* How much of it is done: 0..1. */
float job_progress(const struct job *job);

/* Bytes that the numbers of what is computed now will take; 0: not known yet. */
size_t job_keeps(const struct job *job);

const struct ask *job_ask(const struct job *job);
/* Take what came of a job that is done, and what it was for; the job is freed. The error names what is to blame. */
QKV_CHECKED struct qkv_err job_end(struct job *job, struct ask *ret_ask, struct computed_document *ret);

#endif
