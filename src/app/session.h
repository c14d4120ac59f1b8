/* session.h: what is on the screen as a file: the words of a state line (app.h) as YAML that can be read and written by
 * hand.
 *
 *   qkv session: 1
 *   lesson: several-heads            a lesson's name, or an absolute path
 *   sentence: "the dogs slept"       in place of the lesson's; like weights, as --weights has them
 *   settings:
 *     mask: causal
 *   edits:                           head,row,column, from 1: the number there and those to the right of it
 *     W_Q:
 *       - 1,3,2: 0.5,-1
 *   place:
 *     at: scores
 *   screen:
 *     theme: dark
 *
 * Pure text to text: whether the lesson has such a step is for state_apply_session to find out. */
#ifndef QKV_APP_SESSION_H
#define QKV_APP_SESSION_H

#include "app/app.h"

enum { SESSION_BYTES_MAX = 8 * 1024 * 1024, SESSION_NODES_MAX = 400000, SESSION_VERSION = 1 };

/* A session that was read: its state line, and where in the file each word of the line stands. */
struct session {
    struct str line;
    struct session_place {
        int line, column;
    } * places; /* owned */
    size_t n, capacity;
};

/* Does a text say that it is one? It has a line that begins with "qkv session:". */
bool session_is(const char *text, size_t n);

/* Is there a plain file that is one? Then *ret is its text; a built-in lesson of that name comes first. */
bool session_file(const char *path, struct str *ret);

/* On failure the first diagnostic is returned, all are in *ret_diagnostics (which may be NULL), and *ret is empty. */
QKV_CHECKED struct qkv_err session_read(const char *text, size_t n, struct session *ret, struct diagnostics *ret_diagnostics);
void session_finish(struct session *session);

/* Append the session that reads as this state line again, bit for bit. The line is one of state_print's.
 * Errors: QKV_ERR_DOMAIN: a path that is no UTF-8; QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err session_write(const char *line, struct str *to);

/* Add what is asked for besides; later words win. */
QKV_CHECKED struct qkv_err session_add(struct session *session, const struct lesson_options *options);

/* Bring the app there. What is wrong with the session has its place in the file. */
QKV_CHECKED struct qkv_err session_apply(struct app *app, const struct session *session);

/* The lesson of a session, and what is changed in it, for whoever needs no app. */
QKV_CHECKED struct qkv_err session_work(const struct session *session, struct str *ret_lesson,
                                        struct overrides *ret_overrides);

/* What the app shows, with a path that holds from anywhere. Error: QKV_ERR_DOMAIN: the lesson came from standard input. */
QKV_CHECKED struct qkv_err session_line(const struct app *app, struct str *to);

/* The same as a file's text. */
QKV_CHECKED struct qkv_err session_of(const struct app *app, struct str *to);

#endif
