/* record.h: what mechanisms share: recording steps one after the other without asking after each whether it worked. */
#ifndef QKV_CORE_MECHANISMS_RECORD_H
#define QKV_CORE_MECHANISMS_RECORD_H

#include "core/mechanism.h"

enum { NO_STEP = -1 };

struct recorder {
    struct tape *tape;
    const struct settings *settings;
    struct named_tensors *inputs;
    struct qkv_err err; /* the first one; nothing is recorded after it */
};

/* Record a step and return its place, or NO_STEP after an error. */
int record_step(struct recorder *r, struct step_spec spec);

/* Move the input of the spec's name to the tape, with its axes so named; NO_STEP where there is none. */
int record_input(struct recorder *r, struct step_spec spec, const char *rows, const char *cols);

/* Put a tensor that the mechanism made on the tape. It is taken over, also on error. */
int record_made(struct recorder *r, struct step_spec spec, struct tensor *value);

/* "state" and 3 make "state_3", 0 leaves the name as it is; the text lives as long as the tape. */
const char *record_numbered(struct recorder *r, const char *name, size_t t);

/* The value of a step; NULL for NO_STEP. */
const struct tensor *recorded(const struct recorder *r, int step);

size_t recorded_size(const struct recorder *r, int step, int axis);

/* Note an error, unless there was one before. */
void record_error(struct recorder *r, struct qkv_err err);

/* Is this input there? */
bool record_has(const struct recorder *r, const char *name);

/* An input of one plane: else an error with the shape it should have. */
void require_plane(struct recorder *r, int step, const char *shape);

/* A vector of one number for each column of another input. */
void require_vector(struct recorder *r, int step, int of);

/* "W_K: its 7 rows must match the 6 columns of memory (d_memory)" */
void require_rows(struct recorder *r, int step, size_t wanted, const char *what);
void require_columns(struct recorder *r, int step, size_t wanted, const char *what);

/* Its columns must divide into `parts`, a number that has this name. */
void require_divides(struct recorder *r, int step, size_t parts, const char *parts_name);

#endif
