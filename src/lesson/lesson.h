/* lesson.h: a lesson: a sentence, a mechanism with its settings, where the numbers come from, and a script of stops.
 *
 * A lesson is a YAML text (see lessons/README.md). It comes from the program itself (built in, by name) or from a path.
 * Reading never prints: what is wrong is a list of findings, each with its line and column. */
#ifndef QKV_LESSON_LESSON_H
#define QKV_LESSON_LESSON_H

#include "base/str.h"
#include "core/mechanism.h"

/* Limits, checked before anything is paid for. */
enum {
    LESSON_BYTES_MAX = 256 * 1024,
    LESSON_DEPTH_MAX = 16,
    LESSON_NODES_MAX = 20000,
    LESSON_FINDINGS_MAX = 32,
    LESSON_WORDS_MAX = 64,
    LESSON_STOPS_MAX = 256
};

/* What is wrong with a file, in the order of its lines. */
struct findings {
    struct qkv_err v[LESSON_FINDINGS_MAX];
    size_t n; /* counts on above the maximum: so many there were */
};
void findings_add(struct findings *f, struct qkv_err err);

/* A text owned by a lesson: labels of axes and names. */
struct words {
    const char **v; /* n texts, owned */
    size_t n, room;
};

/* One stop of the script. Places are resolved against the tape when the lesson is opened. */
struct stop {
    int step;      /* on the tape */
    int head;      /* from 0; -1: none named */
    int row, col;  /* from 0; -1: none named; a row alone lights the row */
    char *say;     /* narration: **bold**, and {Q} {K} {V} in the colours of their roles; owned */
    char *try_this; /* something to try; owned; NULL: nothing */
    int line;      /* in the file */
};

struct lesson {
    char *name;    /* "one-head": as `qkv list` has it; of a path: the file's name without its ending; owned */
    char *tab;     /* two or three words for a tab; owned */
    char *title;   /* owned */
    char *summary; /* owned */
    char *sentence;
    struct words words;      /* the sentence's tokens */
    struct words head_names; /* what each head does, in a few words; empty: numbered */
    const struct mechanism *mechanism;
    struct settings settings;
    struct stop *stops; /* owned; in the order of the walk */
    size_t n_stops;
    struct tape tape;      /* the whole computation */
    struct words labels;   /* names of dimensions; the tape's axes point here */
    const char **axis_labels; /* owned arrays the tape's axes point to; see lesson.c */
    void *owned;           /* whatever else lives as long as the lesson; opaque */
};

/* What the command line may change in a lesson. */
struct lesson_options {
    const char *sentence;         /* NULL: the lesson's own */
    const char *const *set;       /* "KEY=VALUE" settings that override the lesson's */
    size_t n_set;
};

/* Open a built-in lesson by name, or a file when `name` has a '/' or ends in .yaml or .yml or there is such a file.
 * On failure the first finding is returned (and all are in *ret_findings, which may be NULL); *ret is untouched.
 * Errors: QKV_ERR_IO (no such file; no such lesson: "did you mean"), QKV_ERR_SYNTAX, QKV_ERR_DOMAIN, QKV_ERR_SHAPE,
 * QKV_ERR_LIMIT, QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err lesson_open(const char *name, const struct lesson_options *options, struct lesson *ret,
                                       struct findings *ret_findings);

/* The same from text in memory; `name` is for messages. This is what the fuzz target calls. */
QKV_CHECKED struct qkv_err lesson_parse(const char *name, const char *text, size_t n,
                                        const struct lesson_options *options, struct lesson *ret,
                                        struct findings *ret_findings);

void lesson_finish(struct lesson *lesson);

#endif
