/* tape.h: the record of a computation, step by step.
 *
 * A mechanism records named steps; everything else (the window, the text walk, saved tensors, gradients, cost figures,
 * "where does this number come from?") reads the tape and knows no mechanism.
 * Pure: no files, clock or globals; the same inputs give the same bits.
 *
 * Recording and computing are two things. Recording a step finds its shape and its memory; tape_run computes the steps
 * that have no numbers yet, in the tape's order, all at once or some at a time:
 *
 *     mechanism_begin(m, settings, inputs, &tape);       what is computed from what: quick, allocates everything
 *     while (!err.code && !tape_is_computed(&tape))
 *         err = tape_run(&tape, amount);                 slices of about `amount`; or TAPE_ALL
 *
 * A computed tape can be replayed: tape_replay puts other numbers into its inputs, and tape_run computes the steps made
 * of those that changed, in place and without allocating. The result is, bit for bit, what recording everything anew
 * with these numbers gives. Where numbers decided what was recorded, tape_replay says so, and the caller records anew.
 * A tape must not be read while it runs. */
#ifndef QKV_CORE_TAPE_H
#define QKV_CORE_TAPE_H

#include "base/array.h"
#include "core/compute.h"

#include <stdint.h>

/* The stages of the walk, in the words of the field. Their order on the rail is that of their first steps. */
/* clang-format off */
#define STAGES(STAGE) /* INPUT: weights, biases, masks: operands, never a step of the walk */ \
    STAGE(INPUT, "Input") STAGE(EMBED, "Embed") STAGE(POSITION, "Position") STAGE(PROJECT, "Project") \
    STAGE(SCORE, "Score") STAGE(SCALE, "Scale") STAGE(BIAS, "Bias") STAGE(MASK, "Mask") \
    STAGE(NORMALISE, "Normalise") STAGE(DROPOUT, "Dropout") STAGE(AGGREGATE, "Aggregate") \
    STAGE(CONCAT, "Concat") STAGE(OUTPUT, "Output") STAGE(FEATURES, "Features") STAGE(STATE, "State") \
    STAGE(GATE, "Gate") STAGE(ENCODE, "Encode") STAGE(DECODE, "Decode") STAGE(LOCATE, "Locate") \
    STAGE(NORM, "Norm") STAGE(FEED_FORWARD, "Feed-forward") STAGE(CONVOLVE, "Convolve") \
    STAGE(RESIDUAL, "Residual")
/* clang-format on */
#define STAGE_ID(id, name) STAGE_##id,
enum stage { STAGES(STAGE_ID) STAGE_COUNT };
#undef STAGE_ID
extern const char *const stage_names[]; /* "Score"; STAGE_COUNT of them */

/* Decides the colour of a matrix on every page. */
enum role { ROLE_NONE, ROLE_QUERY, ROLE_KEY, ROLE_VALUE, ROLE_COUNT };

/* How a matrix's numbers are to be coloured. */
enum scale_kind {
    SCALE_SIGNED, /* diverging, zero in the middle */
    SCALE_SHARE,  /* 0..1: weights */
    SCALE_MASK,   /* 1: open, 0: blocked */
    /* Of inputs that hold pixels (tensor.h), whatever the mechanism says of them: */
    SCALE_BRIGHTNESS, /* 0 (black) .. 1 (white) */
    SCALE_RGB         /* the same of red, green and blue, in every three columns */
};

/* Steps that other code finds by kind, not by name. Parts of one, and the row of a single token, are STEP_ANY. */
enum step_what {
    STEP_ANY,
    STEP_WEIGHTS, /* of queries and keys: [heads, n, m] */
    STEP_CONCAT,  /* the heads' columns side by side; its operand is the heads */
    STEP_OUTPUT,  /* concat W_O, or its sum with b_O */
    STEP_RESULT   /* what the computation is done for, where that is not the tape's last step */
};

/* What a mechanism says of a step. All texts are literals, of tape_text, or outlive the tape. What is said to people
 * stands in the language files (assets/words), under the mechanism's name and the key given here. */
struct step_spec {
    const char *name;    /* the contract's tensor name: "scores"; unique on a tape */
    const char *symbol;  /* in formulas: "S", "W_Q", "A" */
    const char *formula; /* how it is written, where that says more than the op's formula; NULL: that one */
    enum stage stage;
    enum role role;
    enum scale_kind scale;
    enum step_what what;
    const char *words;   /* the key of its texts; NULL: its name */
    const char *variant; /* which of the texts under that key; NULL: the plain ones */
    const char *part;    /* "chunk": what is computed is a numbered piece of the whole; NULL: it is the whole */
    size_t part_number;  /* from 1 */
    bool mistake;        /* here something is done wrong on purpose */
    int blocked_by;      /* of a copy: the step with its mask, plus 1; 0: no cell of it is blocked (blocked.h) */
    bool distribution;   /* each row is one whole, shared out among its cells: pages say what it adds up to */
    enum op op;
    int in[OP_INPUTS_MAX]; /* steps on the same tape */
    double number, second;
    const char *written;
    bool gathered; /* only rows of earlier steps, which others used too: their gradients are its own */
};

/* All steps of a tape take 4 GiB at most where who begins it says nothing else: a small file can ask for scores of every
 * pair of many words, step after step, and a machine that runs out of memory kills the program. footprint.h has a limit that
 * asks the machine. */
enum { TAPE_CELLS_MAX = 1 << 29 };

struct step_text; /* lesson/language/language.h: what is said of a step */

struct step {
    struct step_spec spec;
    struct tensor value;
    const struct step_text *text; /* not owned, not read by the core; NULL: nothing is said */
    struct computed computed;     /* how many rows of the value hold numbers; of an input, all */
    bool made;                    /* an input that was not given: the mechanism made it, from settings and shapes */
    bool read;                    /* its numbers decided what was recorded, by other ways than ops */
    bool changed;                 /* by the last tape_replay or tape_put: its numbers, or those of what it is made of */
};

struct tape {
    struct step *steps;
    size_t n, capacity;
    size_t cells;      /* of all steps together */
    size_t cells_most; /* set by who begins the tape: steps beyond so many are recorded, and counted, but the tape is
                         * then bare; 0: with more than TAPE_CELLS_MAX recording is an error */
    bool
        bare; /* steps that are recorded get no memory for their numbers, until tape_furnish; set by who begins it, too */
    struct arena arena; /* the steps' numbers, but the inputs', and what tape_text wrote */
    int *names;         /* owned; the places of the steps by their names: a hash table, -1 where it is empty */
    size_t names_capacity;
    struct progress *progress; /* not owned; progress and cancellation of computing, or NULL */
};

/* A text of less than TAPE_TEXT bytes that lives as long as the tape, for the words of steps that come in numbers
 * ("scores_tile_3"). NULL: no memory. */
enum { TAPE_TEXT = 512 };
__attribute__((format(printf, 2, 3))) const char *tape_text(struct tape *tape, const char *format, ...);

/* Put a given tensor on the tape (spec.op is OP_INPUT); the tape takes it over and *value is zeroed. Refuses NaN and
 * infinities (QKV_ERR_DOMAIN, naming the tensor and the cell). On error the tape is as it was and *value still the
 * caller's. */
QKV_CHECKED struct qkv_err tape_input(struct tape *tape, const struct step_spec *spec, struct tensor *value, int *ret);

/* Record a step, which tape_run computes. Errors: QKV_ERR_SHAPE (the step's name, the operands' names and shapes),
 * QKV_ERR_LIMIT (too many numbers on the tape; see cells_most), QKV_ERR_NOMEM. On error the tape is as it was. */
QKV_CHECKED struct qkv_err tape_record(struct tape *tape, const struct step_spec *spec, int *ret);

/* Compute what is not computed yet of a tape that is not bare: about `amount` of it, in the units of struct progress, and
 * at least some rows of a step; TAPE_ALL: everything. Splitting the work changes no bit. Errors: QKV_ERR_DOMAIN (a result too large for a
 * double, naming the step; computing goes no further), QKV_ERR_CANCELLED (by tape->progress; a later call goes on). */
#define TAPE_ALL SIZE_MAX
QKV_CHECKED struct qkv_err tape_run(struct tape *tape, size_t amount);

bool tape_is_computed(const struct tape *tape);

/* Give all steps of a bare tape their memory. Errors: QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err tape_furnish(struct tape *tape);

/* Compute all of one step, whose operands are computed and which has its memory: for who decides what is kept
 * (fold.h). Errors: those of tape_run. */
QKV_CHECKED struct qkv_err tape_run_step(struct tape *tape, int step);

/* Put other numbers into the given inputs: those of the same name among `inputs`, where there are any that differ. The
 * steps made of them wait for tape_run. False, and the tape is as it was, where it must be recorded anew: an input is
 * missing there, has another shape or other labels, has a number that recording refuses, or its numbers decided what
 * was recorded and now differ (a mask that was cut into tiles). */
bool tape_replay(struct tape *tape, const struct named_tensors *inputs);

/* The same for one given input: the others keep their numbers. False: it must be recorded anew. */
bool tape_put(struct tape *tape, int step, const struct tensor *value);

/* The step of that name, or -1; the first step of that kind, or -1. */
int tape_find(const struct tape *tape, const char *name);
int tape_find_what(const struct tape *tape, enum step_what what);

/* The call that made a step: its operands and its constant. An input's only operand is itself. */
struct op_call tape_call(const struct tape *tape, int step);

/* Where the number at [h, r, c] of a step comes from; for an input: one term, itself. The caller finishes *ret. */
QKV_CHECKED struct qkv_err tape_explain(const struct tape *tape, int step, size_t h, size_t r, size_t c,
                                        struct explanation *ret);

struct op_cost tape_cost(const struct tape *tape, int step);

/* How much work computing all of the tape, or a step, is, in the units of struct progress: an estimate while it is not
 * computed, for what is blocked is not known. */
size_t tape_amount(const struct tape *tape);
size_t tape_step_amount(const struct tape *tape, int step);

/* For mechanisms that read a step's numbers other than by an op (copy them, look at them to decide what to record):
 * computes what they are made of. Other numbers there cannot be replayed. Errors: those of tape_run. */
QKV_CHECKED struct qkv_err tape_read(struct tape *tape, int step);

/* Gradients by reverse accumulation: `seeds` names steps ("output") and holds dL/dstep; *ret gets d_NAME for every
 * step and input, zero where nothing flows; a step that only gathers rows has the gradients of these rows. Errors:
 * QKV_ERR_DOMAIN (a seed for a step that is not there), QKV_ERR_SHAPE, QKV_ERR_NOMEM.
 * *ret must be empty, or an earlier result for this tape, whose memory is used again; it is empty after an error. */
QKV_CHECKED struct qkv_err tape_backward(const struct tape *tape, const struct named_tensors *seeds,
                                         struct named_tensors *ret);

void tape_finish(struct tape *tape);

#endif
