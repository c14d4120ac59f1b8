/* record.h: what mechanisms share: recording steps one after the other without asking after each whether it worked.
 * A mechanism then reads as the equations of its paper:
 *
 *     int scores = record_op(r, STEP("scores", "S", STAGE_SCORE), OP_MATMUL_T, q, k); */
#ifndef QKV_CORE_MECHANISMS_RECORD_H
#define QKV_CORE_MECHANISMS_RECORD_H

#include "core/mechanism.h"

enum { NO_STEP = -1 };

/* A step's name, its symbol in formulas, its stage, and any other field of struct step_spec. */
#define STEP(step, in_formulas, ...)                                                                                   \
    (&(const struct step_spec){.name = step, .symbol = in_formulas, .stage = __VA_ARGS__})

struct recorder {
    struct tape *tape;
    const struct settings *settings;
    struct named_tensors *inputs;
    struct qkv_err err; /* the first one; nothing is recorded after it */
};

/* Record op(operands) as this step, which holds the constant where the op has one. Returns its place on the tape, or
 * NO_STEP after an error, as all that begin with record_ do. */
#define record_op(r, step, op, ...) record_op_at(r, step, 0, op, __VA_ARGS__)

/* The same for what comes once for every token: t, from 1, stands behind the name and the symbol ("state_3", "S_3"),
 * and is the row that is meant by ops that pick one. t = 0: it comes once. */
#define record_op_at(r, step, t, op, ...) record_equation(r, step, t, op, (const int[OP_INPUTS_MAX]){__VA_ARGS__})
int record_equation(struct recorder *r, const struct step_spec *step, size_t t, enum op op,
                    const int operands[OP_INPUTS_MAX]);

/* Move the input of the spec's name to the tape, with its axes so named; NO_STEP where there is none. */
int record_input(struct recorder *r, const struct step_spec *spec, const char *rows, const char *cols);

/* Put a tensor that the mechanism made on the tape. It is taken over, also on error. */
int record_made(struct recorder *r, const struct step_spec *spec, struct tensor *value);

/* The same step under another name: its texts stay, and it is STEP_ANY. */
struct step_spec step_called(const struct step_spec *step, const char *name, const char *symbol);

/* "ffn" and "wide" make "ffn_wide"; the text lives as long as the tape. */
const char *record_named(struct recorder *r, const char *name, const char *part);

/* The value of a step; NULL for NO_STEP. */
const struct tensor *recorded(const struct recorder *r, int step);

size_t recorded_size(const struct recorder *r, int step, int axis);

/* Note an error, unless there was one before; the same as qkv_errf writes it. */
void record_error(struct recorder *r, struct qkv_err err);
#define refuse(r, code, ...) record_error(r, qkv_errf(code, __VA_ARGS__))

/* Is this input there? */
bool record_has(const struct recorder *r, const char *name);

/* An input of one plane: else an error with the shape it should have. */
void require_plane(struct recorder *r, int step, const char *shape);

/* A vector of one number for each column of another input. */
void require_vector(struct recorder *r, int step, int of);

/* "W_K: its 7 rows must match the 6 columns of memory (d_memory)" */
#define require_rows(r, step, wanted, what)    require_side(r, step, AXIS_ROW, wanted, what)
#define require_columns(r, step, wanted, what) require_side(r, step, AXIS_COL, wanted, what)
void require_side(struct recorder *r, int step, int axis, size_t wanted, const char *what);

/* The columns of what `input` made must be as many as those of `of`, which are called `sizes`: "W_O: its 5 columns must
 * be the 4 of X (d_model)". */
void require_width(struct recorder *r, int made, const char *input, int of, const char *sizes);

/* Windows have a middle: "D: its width 4 must be odd, so that a window has a middle". */
void require_odd_width(struct recorder *r, int windows);

/* Its columns must divide into `parts`, a number that has this name. */
void require_divides(struct recorder *r, int step, size_t parts, const char *parts_name);

/* ---- what is computed token after token: what there is before the first, and the rows of all, gathered ---- */

/* Zeros, or another number everywhere, to begin with: an operand. */
int record_filled(struct recorder *r, const struct step_spec *step, const struct axis axes[AXES], double number);

/* A row of them, with these columns. */
int record_filled_row(struct recorder *r, const struct step_spec *step, const char *rows, struct axis cols,
                      double number);

/* Room for the steps of `n` tokens; NULL: no memory, and the error is noted. */
int *record_capacity(struct recorder *r, size_t n, const char *what);

/* One row for each of n steps, put below one another. Parts on the way are operands. With n = 1 it is a copy. */
int record_gathered(struct recorder *r, const int rows[], size_t n, const struct step_spec *step);

/* What was made row by row belongs to words: its rows get the names of those from the `first` on. */
void record_row_names(struct recorder *r, int step, int words, size_t first);

#endif
