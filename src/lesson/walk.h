/* walk.h: the path through a lesson.
 *
 * The walk is one line of positions, 0 .. length-1. A step with c cells has c + 1 of them (nothing filled yet, one cell
 * filled, ... all filled), and one more for every stop of the script after its first: the step stands whole, and the
 * stop points at something else in it. Four sizes of stride share this line, so a position does not depend on how it
 * was reached.
 *
 *   step 3          step 4
 *   0 1 2 ... c s   0 1 2 ... c
 *             |  `- the second stop of step 3
 *             `- the whole matrix, with the first stop's words */
#ifndef QKV_LESSON_WALK_H
#define QKV_LESSON_WALK_H

#include "core/tape.h"

struct lesson;

enum stride { STRIDE_STAGE, STRIDE_STEP, STRIDE_ROW, STRIDE_CELL, STRIDE_COUNT };
extern const char *const stride_names[]; /* "stage", "step", "row", "cell"; closed by NULL */

/* A step of the walk: one of the tape that is no mere operand. */
struct walk_step {
    int step; /* on the tape */
    enum stage stage;
    size_t rows, cols;
    size_t start;   /* the position where nothing of it is filled */
    int first_stop; /* in the lesson's script; -1: none */
    int n_stops;
};

struct walk {
    struct walk_step *steps; /* owned */
    size_t n;
    size_t length; /* positions */
};

/* What a position shows. */
struct place {
    size_t at;     /* which of the walk's steps */
    size_t filled; /* cells of its matrix that are filled, in reading order */
    bool whole;    /* all are */
    int stop;      /* the stop whose words belong here; -1: none */
    bool at_stop;  /* whole, so that what the stop points at can be lit */
};

/* The walk of a lesson that has its tape and its script. */
QKV_CHECKED struct qkv_err walk_init(struct walk *walk, const struct lesson *lesson);
void walk_finish(struct walk *walk);

/* Do both lessons have the same steps of the same size, and as many stops? Then a position, and a cell of a step, of one
 * is that of the other. */
bool walk_same(const struct lesson *a, const struct lesson *b);

struct place walk_place(const struct walk *walk, size_t position);

/* The position at which a step stands whole, with its first stop. */
size_t walk_whole(const struct walk *walk, size_t at);

/* The position at which so many cells of a step are filled. */
size_t walk_filled(const struct walk *walk, size_t at, size_t filled);

/* The next position of this stride after / the last before; the ends of the walk stay where they are. A stage or step
 * stride stands where a step (the last step of a stage) is whole and at its stops; a row stride also at every whole
 * row and before the first. */
size_t walk_forward(const struct walk *walk, size_t position, enum stride stride);
size_t walk_back(const struct walk *walk, size_t position, enum stride stride);

/* The position from which on a mistake of the lesson is named: the second stop (or the only one) of the last step that it
 * is in; 0: there is none, or it is named from the beginning. */
size_t walk_mistake_told(const struct lesson *lesson);

/* The first of the walk's steps of this stage, or -1. */
int walk_stage(const struct walk *walk, enum stage stage);
/* Which of the walk's steps is this one of the tape, or -1. */
int walk_find(const struct walk *walk, int tape_step);

#endif
