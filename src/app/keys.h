/* keys.h: all that can be said about a document and how it is looked at: one table, a row a key ("lesson", "set",
 * "at", "theme", ...). The state line, the session's file and the options of the command line are ways to write it.
 *
 *   lesson=one-head sentence="the dogs slept" set=mask=causal edit=W_Q,1,3,2:0.5,-1 at=scores head=2 theme=dark
 *
 * Text becomes a request: keys with values, each with the place where it stands. A request is resolved in two steps:
 * its overrides before the lesson is computed, the view state after it. What is printed is a request, too. */
#ifndef QKV_APP_KEYS_H
#define QKV_APP_KEYS_H

#include "lesson/text/fields.h"
#include "scene/view.h"

enum key_group { KEYS_DOCUMENT = 1, KEYS_PLACE = 2, KEYS_SCREEN = 4, KEYS_ALL = 7 };

/* The keys, a line each: name, what can stand there, what it is. */
void keys_explain(struct str *to);

/* The view state in which no key is printed: the start of the walk, everything default. */
extern const struct view_state view_state_default;

/* A step of the walk by its name; *ret is its index in the walk. Error: QKV_ERR_DOMAIN, with the names that there
 * are. */
QKV_CHECKED struct qkv_err walk_step_named(const struct lesson *lesson, const char *name, size_t *ret);

/* How many heads the step with the most has. */
size_t lesson_head_count(const struct lesson *lesson);

/* Give a key that is a field of the view state the value-th of its values, from 0; one that is not there changes
 * nothing. Or go on by so many values: `around`, from the last to the first, or at most to the last. */
void state_choose(struct view_state *state, const char *key, long value);
void state_turn(struct view_state *state, const char *key, long by, bool around);

/* ---- a request ---- */

/* Where a key was written; errors name it so: "at=score: ...", "LINE:COLUMN: at: ...", "--at score: ...". */
enum key_origin { ORIGIN_LINE, ORIGIN_FILE, ORIGIN_OPTION, ORIGIN_ARGUMENT };

struct key_value {
    int key;           /* row of the table */
    char *text;        /* owned; of an edit in its shortest form */
    size_t cell[AXES]; /* of an edit, from 1: its first cell */
    int line, column;  /* ORIGIN_FILE */
    int source;
    size_t order; /* among those of its key */
    enum key_origin origin;
};

/* A zeroed request asks for nothing. */
struct request {
    struct key_value *v; /* owned */
    size_t n, capacity;
    int source;       /* the one that is being read */
    bool usage_error; /* the last error is about a key of a line or an option, not about one in a file or a lesson */
};

void request_finish(struct request *r);

/* A new source begins. Within a source a key is given once (set: once a setting; edit: once a cell); a later source
 * wins over those before. Its `lesson`, if it is another, replaces all that they say of document and place, its `at`
 * all that they say of the place. */
void request_source(struct request *r);

/* Add a key. Errors: QKV_ERR_DOMAIN (no such key, given twice, not what can stand there), QKV_ERR_NOMEM. Keys of the
 * place are understood only when they are resolved. */
QKV_CHECKED struct qkv_err request_add(struct request *r, enum key_origin origin, const char *key, const char *text,
                                       int line, int column);

/* An error of a value, with the place where that was written. QKV_ERR_SYNTAX: it says "wants THIS, not THAT". */
QKV_CHECKED struct qkv_err request_error(struct request *r, const struct key_value *v, struct qkv_err err);

/* Read a state line as a new source: words KEY=VALUE with blanks between, quoted where the value has blanks: "say
 * \"so\"\n" (an apostrophe is written \q, so that a line can stand between a shell's single quotes). */
QKV_CHECKED struct qkv_err request_read_line(struct request *r, const char *line);
/* Print it, in the order of the table; edits by tensor and cell. What is printed reads as the same request. */
struct qkv_err request_print_line(struct request *r, struct str *to);

/* What is on the screen as a request: those groups of keys, where they are not default. `lesson` may be NULL. */
QKV_CHECKED struct qkv_err request_of(struct request *r, const struct view *view, const char *lesson, unsigned groups);

/* ---- what it asks for ---- */

/* The last value of a key; NULL: it is not given. */
const struct key_value *request_value(const struct request *r, const char *name);
/* The lesson's name or path; NULL: the one that is open. */
const char *request_lesson(const struct request *r);
/* The file that an error's line is in: `session`, where the lesson was named there, else the lesson. */
const char *request_file(const struct request *r, const char *session);

/* Change *e, which may be empty, as it is asked for. */
QKV_CHECKED struct qkv_err request_overrides(struct request *r, struct overrides *e);

enum {
    RESOLVE_SCREEN = 1,  /* what the request does not say of the screen goes back to its default, too; else it stays */
    RESOLVE_LENIENT = 2, /* what is not there in this lesson is left out; the only error is QKV_ERR_NOMEM */
};
/* The view state for the documents of *view (lesson, walk, overrides, baseline, comparison). What is not said of
 * document and place is default. Error: QKV_ERR_DOMAIN: what is not there, with what there is. */
QKV_CHECKED struct qkv_err request_resolve(struct request *r, const struct view *view, unsigned how,
                                           struct view_state *ret, struct widget *ret_focus);

/* The lesson `source` could not be read (then it is NULL) or not be computed as the request wants, which gave `err`: say
 * which key is to blame, and which error it makes. A lesson that is wrong by itself is an error at the key `lesson`, with
 * line and column in the lesson's file unless that was named in a file. `options` has what reading a lesson needs. */
QKV_CHECKED struct qkv_err request_blame(struct request *r, const struct lesson_source *source,
                                         const struct lesson_options *options, struct qkv_err err);

/* ---- session files (session.c): a request as YAML that can be read and written by hand ----
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

enum { SESSION_BYTES_MAX = 8 * 1024 * 1024, SESSION_NODES_MAX = 400000, SESSION_VERSION = 1 };

/* Does a text say that it is one? It has a line that begins with "qkv session:". */
bool session_is(const char *text, size_t n);

/* Ask for what a name or path stands for: the session in that file, whose absolute path becomes *ret_path, or a lesson;
 * then *ret_path stays empty. */
QKV_CHECKED struct qkv_err request_lesson_or_session(struct request *r, const char *name, struct str *ret_path,
                                                     struct diagnostics *ret_diagnostics);

/* Read it into the request as a new source. On failure the first diagnostic is returned, and all are in
 * *ret_diagnostics (which may be NULL). */
QKV_CHECKED struct qkv_err session_read(const char *text, size_t n, struct request *r,
                                        struct diagnostics *ret_diagnostics);

/* Append the session that reads as this request again. Errors: QKV_ERR_DOMAIN: a path that is no UTF-8;
 * QKV_ERR_NOMEM. */
struct qkv_err session_print(struct request *r, struct str *to);
typedef struct qkv_err session_printer(struct request *r, struct str *to); /* either of them */

/* ---- the table, for its readers and printers ---- */

enum { KEY_COUNT = 39 };

/* A request while its keys are read: the documents, and what comes of it. */
struct reading {
    struct view_state state;
    struct view view;         /* its state is the one above */
    struct comparison before; /* with the baseline; made when it is asked for */
};

/* False where all is default, whatever it added. */
typedef bool key_printer(const struct view *view, struct str *to);
typedef struct qkv_err key_reader(struct reading *r, const char *text);

struct key {
    const char *name;
    enum key_group group;
    const char *wanted, *meaning; /* what can stand there (NULL: derived from names, least and most), what it is */
    /* A field of the view state, by its place and size: one of names, or a number from least to most; what is written
     * is the field's value plus `shift`. */
    size_t offset, bytes;
    const char *const *names;
    long shift, least, most;
    bool repeats; /* may be given more than once in a source */
    /* A text of struct overrides at `offset`. */
    struct qkv_err (*replace)(struct overrides *e, const char *text);
    /* Other keys. */
    key_printer *print;
    key_reader *read;
};
extern const struct key key_table[KEY_COUNT];

/* Of keys that are more than a field (key_places.c). */
key_printer key_print_at, key_print_filled, key_print_stop, key_print_head, key_print_cell, key_print_word,
    key_print_words, key_print_zoom, key_print_row_zoom, key_print_col_zoom, key_print_focus, key_print_control,
    key_print_times;
key_reader key_read_at, key_read_filled, key_read_stop, key_read_head, key_read_cell, key_read_word, key_read_words,
    key_read_zoom, key_read_row_zoom, key_read_col_zoom, key_read_focus, key_read_control, key_read_compare,
    key_read_times;

/* Digits only, so that a number is written in one way. */
bool read_count(const char *text, size_t *ret);

int key_find(const char *name); /* row of the table, or -1 */
/* Of keys about place and screen. */
bool key_print(const struct key *k, const struct view *view, struct str *to);
QKV_CHECKED struct qkv_err key_read(const struct key *k, struct reading *r, const char *text);
/* The same of a key that needs no lesson: it is of the screen, or only a field. */
QKV_CHECKED struct qkv_err key_read_alone(const struct key *k, const char *text, struct view_state *ret);

/* In the order of the table, edits by tensor and cell. */
void request_sort(struct request *r);

#endif
