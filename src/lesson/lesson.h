/* lesson.h: a lesson: a sentence, a mechanism with its settings, where the numbers come from, and a script of stops.
 *
 * A lesson is a YAML text (see lessons/README.md). It comes from the program itself (built in, by name) or from a path.
 * Reading never prints: errors are a list of diagnostics, each with its line and column. */
#ifndef QKV_LESSON_LESSON_H
#define QKV_LESSON_LESSON_H

#include "base/array.h"
#include "base/str.h"
#include "core/footprint.h"
#include "core/mechanism.h"
#include "lesson/figure.h"
#include "lesson/overrides.h"
#include "lesson/text/fields.h"
#include "lesson/text/tokens.h"
#include "lesson/walk.h"

#include <stdatomic.h>

/* Limits, checked before memory or time is spent; fields.h and tokens.h have those of files and sentences. */
enum {
    NOUN_BYTES_MAX = 24,
    LESSON_BYTES_MAX = 256 * 1024,
    LESSON_WORDS_MAX = WORDS_MAX,
    LESSON_STOPS_MAX = 256,
    LESSON_TAB_MAX = 24,        /* characters: a tab is narrow */
    LESSON_TITLE_MAX = 80,      /* characters: one line above the matrices */
    LESSON_SUMMARY_MAX = 400,   /* characters */
    LESSON_GROUP_MAX = 40,      /* characters: a heading in the list of lessons */
    LESSON_DISSOLVES_MAX = 160, /* characters: one sentence */
    LESSON_PAPERS_MAX = 4,      /* papers that a lesson names */
    LESSON_PAPER_MAX = 120,     /* characters: authors, year, title */
    STOP_TITLE_MAX = 60,        /* characters: two lines above the words */
    LESSON_SAY_MAX = 480,       /* characters: what fits next to the matrices */
    PICTURE_SIDE_MAX = 2048,
    PICTURE_BYTES_MAX = 4 * 1024 * 1024,
    LESSON_TENSORS_BYTES_MAX = 64 * 1024 * 1024 /* a file of tensors: every head of one layer of a model fits */
};

/* What a page compares the lesson with. */
enum compare {
    COMPARE_BY_STOP, /* what the stop says, which may be nothing: this one */
    COMPARE_NONE,
    COMPARE_SECOND, /* its second computation */
    COMPARE_BEFORE  /* itself as it was before a person changed it */
};

/* One stop of the script. Places are resolved against the tape when the lesson is opened. */
struct stop {
    int step;             /* on the tape */
    int head;             /* from 0; -1: none named */
    enum compare compare; /* what is shown there without being asked for */
    int row, col;         /* from 0; -1: none named; a row alone lights the row */
    const char
        *say[2]; /* narration with tokens as rows, as columns: **bold**, {Q} {K} {V} in the colours of their roles */
    const char *title[2];    /* what is to be seen here, above the words; NULL: the stage's name stands there */
    const char *try_this[2]; /* something to try, written the same way; NULL: nothing */
    /* Its words were written for the lesson as it is written, and something they speak of is not so here: what. `say` is
     * then this and the step's own words. NULL: they are true. With tokens as rows, as columns. */
    const char *lost[2];
    const struct trial *trial; /* the change that `try_this` carries (trial.h); NULL: none */
    enum figure figure;        /* the picture beside the step; FIGURE_NONE: none */
    const struct draws *draws; /* shown in the place of the step; NULL: none */
    int line;                  /* in the file */
};

/* A picture, and a part of it: what a token is when it is no word. */
struct picture {
    const unsigned char *rgba; /* width * height * 4, row by row; NULL: there is no picture */
    int width, height;
};
struct region {
    int x, y, w, h; /* pixels */
};

/* A sequence of tokens: the words of a text, or parts of a picture. */
struct sequence {
    const char *text;    /* the tokens with blanks between them where it was given as none */
    struct words words;  /* its tokens */
    const bool *guessed; /* [words.n]: the word is in no lexicon, its features are guessed; NULL: none is */
    const struct words
        *written;           /* those that the lesson has, where a person typed others; n is 0 where they are parts of
                                   * a picture; NULL: they are its own */
    struct picture picture; /* what it is cut from */
    const struct region *regions; /* [words.n]: which part of it each token is; NULL: they are words */
    const char *noun;             /* what a token is called: "word", "patch" */
};

/* A second computation, to compare the lesson's with. */
struct second_computation {
    bool on;
    const char *label; /* "full attention" */
    const struct mechanism *mechanism;
    struct settings settings;
    struct tape tape;
    int step, other_step; /* the compared tensor, of one name and shape: on the lesson's tape and on this one */
    bool again;           /* its costs are those of doing it again for every word */
    bool equal;           /* the lesson says that both are the same; a larger difference than 1e-9 is a diagnostic */
    double difference;    /* the largest absolute difference of that tensor; infinity where only one is blocked; 0 where
                           * rows or columns are of other kinds */
};

struct comparison;

struct language; /* lesson/language/language.h */
struct trial;    /* lesson/trial.h */
struct memo;     /* lesson/memo.h */
struct draws;    /* lesson/analysis/draws.h */

struct lesson {
    atomic_uint users; /* of a shared one */
    const char *name;  /* "one-head": as `qkv list` has it; of a path: the file's name without its ending */
    const char *tab;   /* two or three words for a tab */
    const char *title;
    const char *summary[2]; /* with tokens as rows, as columns */
    const char *folder;     /* where files are that the lesson names; NULL: it is in none, and may name none */
    struct sequence sentence;
    struct sequence memory;          /* a second sequence, which keys and values come from; without words: none */
    const struct language *language; /* of the texts of its steps */
    struct words head_names;         /* "pronoun": what each head is called; n is 0 where heads are only numbered */
    struct words head_claims;        /* "A pronoun looks for the noun it can stand for", and how many words are guessed:
                                      * as many, or 0 */
    const struct mechanism *mechanism;
    const struct mechanism *written; /* what the lesson has, where a person chose another; else the same */
    struct settings settings;
    const struct weights_choice *chosen;  /* the weights that a person chose (weights.h); NULL: the lesson's own */
    const struct weights_choice *redrawn; /* another seed and other sizes than the lesson's weights say; NULL: none */
    /* Of weights that are drawn: the seed they come from, and the one that the lesson has. -1: nothing is drawn. */
    long seed, written_seed;
    const struct sizes *sizes; /* those of the inputs (shape.h) */
    struct second_computation second;
    /* The course: a group of lessons, those this one builds on (names), the next one, the misconception it dissolves.
     * NULL or n = 0 where the lesson does not say. */
    const char *group, *next, *dissolves;
    struct words builds_on;
    struct words papers; /* where it comes from: "Vaswani et al. 2017, Attention Is All You Need" */
    struct stop *stops;  /* in the order of the walk */
    size_t n_stops;
    struct trial *trials; /* what can be tried, also where the stop has no place */
    size_t n_trials;
    struct draws *draws; /* what other seeds would have given, of the stops that show it (draws.h) */
    size_t n_draws;
    struct tape tape; /* the whole computation; its axes' labels live in the arena */
    struct walk walk;
    struct summaries *summaries;   /* owned; of the steps (summary.h); NULL: nothing is kept */
    struct comparison *comparison; /* owned; with its second computation (compare.h); NULL: it has none */
    struct arena arena;            /* owns every text and table above */
};

/* How a lesson is read. With anything overridden, a script whose texts have live numbers (live.h) stays, and each stop
 * says when what it was written for is no longer so. Another script speaks about the lesson's own sentence and numbers:
 * then, and with another mechanism, there are no stops, and the walk shows the texts of the steps. */
struct lesson_options {
    const struct overrides *overrides; /* what a person changed; with another mechanism there is no second computation.
                                        * Cells of `mask` may be changed where there is none: the others are then 1.
                                        * NULL: nothing */
    bool *fits; /* for each edit, set: is there such a cell? One that is not there changes nothing. NULL: then it is
                 * QKV_ERR_DOMAIN */
    const struct language *language; /* NULL: English */
    struct progress *progress;       /* counts the work and may cancel it, and says what it will keep; NULL: none */
    size_t held; /* bytes of numbers that its caller keeps meanwhile: the lesson may keep the less */
    struct memo
        *memo; /* what was computed before of the same source (memo.h), which gets more; NULL: nothing is kept */
    bool heading_only;  /* its texts and its place in the course, without computing anything: for lists of lessons */
    const char *folder; /* where a text in memory belongs; lesson_open knows it from the path. NULL: nowhere */
    /* Decode a picture other than PNG (JPEG): 4 bytes a pixel, row by row, which the caller frees. It must refuse sides
     * above PICTURE_SIDE_MAX before it decodes. NULL: only PNG is read. */
    struct qkv_err (*decode_image)(const void *bytes, size_t n, unsigned char **ret_rgba, int *ret_w, int *ret_h);
};

/* How many words have guessed features, and whether word t has. */
size_t sequence_guessed(const struct sequence *sequence);
bool sequence_is_guessed(const struct sequence *sequence, size_t t);

/* ---- where a lesson is read from: a value that is shared, so that it can be computed again with other options,
 * whatever became of the file ---- */

struct lesson_source {
    atomic_uint users;
    struct str given;                    /* as given: a lesson's name or a path */
    struct str name;                     /* "one-head" */
    const struct builtin_file *built_in; /* NULL: a file, whose text and folder follow */
    struct str text, folder;
};
/* Errors: QKV_ERR_IO, QKV_ERR_LIMIT, QKV_ERR_NOMEM; *ret is then NULL. */
QKV_CHECKED struct qkv_err lesson_source_read(const char *name, const struct lesson_source **ret);
const struct lesson_source *lesson_source_ref(const struct lesson_source *source); /* one more owner */
void lesson_source_unref(const struct lesson_source *source);
bool lesson_source_same(const struct lesson_source *a, const struct lesson_source *b);
QKV_CHECKED struct qkv_err lesson_source_parse(const struct lesson_source *source, const struct lesson_options *options,
                                               struct lesson *ret, struct diagnostics *ret_diagnostics);

/* ---- computing in slices ---- */

struct lesson_work;

/* Read the lesson and record its steps without computing them: that is left to lesson_work_run. `source` and what
 * `options` point to outlive the work; options->progress->total becomes what is done so far plus this work's amount.
 * Errors are reported by lesson_work_end. NULL: no memory. */
struct lesson_work *lesson_work_new(const struct lesson_source *source, const struct lesson_options *options);
/* What it will keep when it is computed (nothing, where it is refused): both its computations and their comparison. */
const struct footprint *lesson_work_footprint(const struct lesson_work *work);
/* About so much more, in the units of struct progress, and at least some rows of a step. False: it is complete. The
 * amounts change no bit of the result. */
bool lesson_work_run(struct lesson_work *work, size_t amount);
/* When it is complete: the lesson, or its first error, and all diagnostics in *ret_diagnostics (which may be NULL).
 * Frees the work. */
QKV_CHECKED struct qkv_err lesson_work_end(struct lesson_work *work, struct lesson *ret,
                                           struct diagnostics *ret_diagnostics);
void lesson_work_free(struct lesson_work *work);

/* Open a built-in lesson by name, or a file when `name` has a '/', ends in .yaml or .yml, is "-" (standard input), or
 * is no lesson's name but a file's.
 * On failure the first diagnostic is returned (and all are in *ret_diagnostics, which may be NULL); *ret is untouched.
 * Errors: QKV_ERR_IO (no such file; no such lesson: "did you mean"), QKV_ERR_SYNTAX, QKV_ERR_DOMAIN, QKV_ERR_SHAPE,
 * QKV_ERR_LIMIT (footprint.h says what a lesson may keep), QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err lesson_open(const char *name, const struct lesson_options *options, struct lesson *ret,
                                       struct diagnostics *ret_diagnostics);

/* The same from text in memory; `name` becomes the lesson's name. This is what the fuzz target calls. Without a folder
 * in the options no other file is read. */
QKV_CHECKED struct qkv_err lesson_parse(const char *name, const char *text, size_t n,
                                        const struct lesson_options *options, struct lesson *ret,
                                        struct diagnostics *ret_diagnostics);

void lesson_finish(struct lesson *lesson);

/* A computed lesson as a value that several owners share, on any thread; none changes it. Takes *lesson over; NULL: no
 * memory, and it is finished. */
const struct lesson *lesson_share(struct lesson *lesson);
const struct lesson *lesson_ref(const struct lesson *lesson); /* one more owner; NULL stays NULL */
void lesson_unref(const struct lesson *lesson);

/* The folder of a lesson's path ("." when it has none, or is standard input) into buffer[size]; returns it. */
const char *lesson_folder(const char *path, char buffer[], size_t size);

#endif
