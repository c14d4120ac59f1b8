/* session.h: what is on the screen as a file: the keys of keys.h as YAML that can be read and written by hand.
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
 *     theme: dark */
#ifndef QKV_APP_SESSION_H
#define QKV_APP_SESSION_H

#include "app/keys.h"

enum { SESSION_BYTES_MAX = 8 * 1024 * 1024, SESSION_NODES_MAX = 400000, SESSION_VERSION = 1 };

/* Does a text say that it is one? It has a line that begins with "qkv session:". */
bool session_is(const char *text, size_t n);

/* The text of a plain file that is one; else *ret stays empty. A built-in lesson of that name comes first. Errors:
 * QKV_ERR_LIMIT: it is larger than a session can be; QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err session_file(const char *path, struct str *ret);

/* Ask for what a name or path stands for: the session in that file, whose absolute path becomes *ret_path, or a lesson;
 * then *ret_path stays empty. */
QKV_CHECKED struct qkv_err request_lesson_or_session(struct request *r, const char *name, struct str *ret_path,
                                                     struct diagnostics *ret_diagnostics);

/* Read it into the request as a new source. On failure the first diagnostic is returned, and all are in *ret_diagnostics
 * (which may be NULL). */
QKV_CHECKED struct qkv_err session_read(const char *text, size_t n, struct request *r,
                                        struct diagnostics *ret_diagnostics);

/* Append the session that reads as this request again. Errors: QKV_ERR_DOMAIN: a path that is no UTF-8; QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err session_print(struct request *r, struct str *to);

#endif
