/* experiment.h: what a person changed in a lesson: another sentence, other weights, settings, single numbers. A value:
 * it can be copied, compared, written as a few words of text and read again; an empty one is the lesson as written. */
#ifndef QKV_LESSON_EXPERIMENT_H
#define QKV_LESSON_EXPERIMENT_H

#include "base/str.h"
#include "lesson/lesson.h"

struct experiment {
    struct str sentence;  /* empty: the lesson's own */
    struct str weights;   /* "{source: random, seed: 7}"; empty: the lesson's own */
    struct str mechanism; /* its name; empty: the lesson's own */
    char **set;           /* owned texts "KEY=VALUE", one a key */
    size_t n_set, set_room;
    struct edit *edits; /* by tensor, head, row and column: one a cell */
    size_t n_edits, edits_room;
};

void experiment_finish(struct experiment *e);
/* *ret is overwritten, not finished. Errors: QKV_ERR_NOMEM; *ret is then empty. */
QKV_CHECKED struct qkv_err experiment_copy(struct experiment *ret, const struct experiment *from);
/* What the command line asks for, as an experiment. Settings that are not KEY=VALUE: QKV_ERR_DOMAIN. */
QKV_CHECKED struct qkv_err experiment_of(struct experiment *ret, const struct lesson_options *options);

/* The order of cells: by tensor, head, row and column; 0: it is the same cell. */
int edit_order(const struct edit *a, const struct edit *b);

bool experiment_is_empty(const struct experiment *e);
bool experiment_same(const struct experiment *a, const struct experiment *b);

/* Ask for it: fills the fields of *options that an experiment is about. They point into *e. */
void experiment_options(const struct experiment *e, struct lesson_options *options);

/* Each replaces what was there. Errors: QKV_ERR_NOMEM, QKV_ERR_LIMIT (above EDITS_MAX); nothing is changed then. */
QKV_CHECKED struct qkv_err experiment_say(struct experiment *e, const char *sentence);
QKV_CHECKED struct qkv_err experiment_draw(struct experiment *e, const char *weights);
QKV_CHECKED struct qkv_err experiment_compute(struct experiment *e, const char *mechanism);
QKV_CHECKED struct qkv_err experiment_set(struct experiment *e, const char *key, const char *value);
QKV_CHECKED struct qkv_err experiment_edit(struct experiment *e, const struct edit *edit);
/* Many cells at once, in their order (tensor, head, row, column), each once. */
QKV_CHECKED struct qkv_err experiment_edit_all(struct experiment *e, const struct edit *edits, size_t n);
/* As the lesson has it again: a setting; every cell of one tensor, or all cells (NULL). */
void experiment_unset(struct experiment *e, const char *key);
void experiment_unedit(struct experiment *e, const char *tensor);
/* What leads from `base` to *e, done to `onto` instead; *e becomes the result. Errors: as above; *e is then as it was. */
QKV_CHECKED struct qkv_err experiment_rebase(struct experiment *e, const struct experiment *base,
                                             const struct experiment *onto);
/* Forget the cells that are not there any more: edit i stays where keep[i]. */
void experiment_keep(struct experiment *e, const bool keep[]);

/* ---- as words of a line: sentence="the dogs slept" set=mask=causal edit=W_Q,1,3,2:0.5,-1 ---- */

/* Append " word word ...". Cells beside each other in a row share a word. Numbers come back exactly. */
void experiment_print(const struct experiment *e, struct str *to);
/* Take one word, taken apart and unquoted. *ret_known: it is one of an experiment's. Errors: QKV_ERR_DOMAIN (what the
 * word should look like), QKV_ERR_NOMEM, QKV_ERR_LIMIT. */
QKV_CHECKED struct qkv_err experiment_read(struct experiment *e, const char *key, const char *value, bool *ret_known);

/* ---- words of a line, in general ---- */

/* Append " key=value", quoted where the value has blanks, quotes, backslashes or controls: "say \"so\"\n"; an
 * apostrophe is written \q, so that the line can stand between a shell's single quotes. */
void word_print(struct str *to, const char *key, const char *value);
/* The next word of *line, unquoted, into *word (cleared first); false at the end of the line. A quote that is never
 * closed ends with the line. */
bool word_next(const char **line, struct str *word);

#endif
