#include "lesson/edit.h"

#include "core/edit.h"
#include "lesson/beside.h"
#include "lesson/overrides.h"

#include <stdlib.h>
#include <string.h>

/* ---- a copy ---- */

struct qkv_err lesson_copy(const struct lesson *lesson, struct lesson *ret)
{
    struct lesson copy = *lesson;
    struct tape tape, beside = {0};
    *ret = (struct lesson){0};
    struct edited *edits = calloc(lesson->edits.n + 1, sizeof *edits);
    if (!edits)
        return qkv_nomem("a copy of the lesson");
    struct qkv_err err = tape_copy(&lesson->tape, &tape);
    if (!err.code && lesson->beside.on)
        err = tape_copy(&lesson->beside.tape, &beside);
    if (err.code) {
        tape_finish(&tape);
        free(edits);
        return err;
    }
    if (lesson->edits.n)
        memcpy(edits, lesson->edits.v, lesson->edits.n * sizeof *edits);
    copy.tape = tape;
    copy.beside.tape = beside;
    copy.edits.v = edits;
    copy.arena = arena_share(&lesson->arena);
    *ret = copy;
    return err;
}

/* ---- edits ---- */

/* From one list of edits to another: what the tapes are told. */
struct editing {
    struct lesson *lesson;
    struct edited *next; /* owned, until it becomes the lesson's */
    size_t n_next;
    struct tape_change *here, *beside; /* owned */
    struct tape_change *back;          /* owned; for the second computation, what undoes it */
    size_t n_here, n_beside;
};

static struct qkv_err read_again(const char *why)
{
    return qkv_errf(QKV_ERR_DOMAIN, "the lesson has to be read again: %s", why);
}

static bool in_order(const struct edit *edits, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (edit_order(&edits[i - 1], &edits[i]) >= 0)
            return false;
    return true;
}

static bool old_in_order(const struct edits *edits)
{
    for (size_t i = 1; i < edits->n; i++)
        if (edit_order(&edits->v[i - 1].edit, &edits->v[i].edit) >= 0)
            return false;
    return true;
}

static bool is_mask(const struct edit *edit)
{
    return strcmp(edit->tensor, "mask") == 0;
}

/* A mask that was only made for cells that were edited goes with the last of them, one comes with the first. */
static bool mask_goes(const struct edits *old, const struct edit *edits, size_t n)
{
    bool was = false, is = false;
    for (size_t i = 0; i < old->n; i++)
        was = was || is_mask(&old->v[i].edit);
    for (size_t i = 0; i < n; i++)
        is = is || is_mask(&edits[i]);
    return was && !is;
}

static bool takes(const struct mechanism *mechanism, const char *name)
{
    for (size_t i = 0; i < mechanism->n_inputs; i++)
        if (strcmp(mechanism->inputs[i].name, name) == 0)
            return true;
    return false;
}

/* The step and the place on a tape that an edit is about; step -1: there is none. */
static struct tape_change place_of(const struct tape *tape, const struct edit *edit)
{
    struct tape_change c = {tape_find(tape, edit->tensor), edit->at[AXIS_HEAD], edit->at[AXIS_ROW], edit->at[AXIS_COL],
                            edit->value};
    for (int i = 0; c.step >= 0 && i < AXES; i++)
        if (edit->at[i] >= tape->steps[c.step].value.axis[i].size)
            c.step = -1;
    if (c.step >= 0 && !tape_can_edit(tape, c.step))
        c.step = -1;
    return c;
}

static double value_at(const struct tape *tape, const struct tape_change *c)
{
    return *tensor_at(&tape->steps[c->step].value, c->head, c->row, c->col);
}

static struct qkv_err change(const struct tape *tape, const struct edit *edit, double value, struct tape_change *ret)
{
    *ret = place_of(tape, edit);
    ret->value = value;
    return ret->step < 0 ? read_again("an input that is used otherwise") : (struct qkv_err){0};
}

/* A change of the second computation, and what goes back. */
static struct qkv_err change_beside(struct editing *e, const struct edit *edit, double value)
{
    const struct tape *tape = &e->lesson->beside.tape;
    struct tape_change *c = &e->beside[e->n_beside];
    struct qkv_err err = change(tape, edit, value, c);
    if (err.code)
        return err;
    e->back[e->n_beside] = *c;
    e->back[e->n_beside++].value = value_at(tape, c);
    return err;
}

/* The second computation has no such input on its tape; is it one that it does not take, or has no use for? */
static struct qkv_err missing_beside(const struct editing *e, const struct edit *edit)
{
    const struct beside *b = &e->lesson->beside;
    int step = tape_find(&b->tape, edit->tensor);
    bool other_shape = step >= 0 && tape_can_edit(&b->tape, step);
    bool comes = is_mask(edit) && step < 0 && takes(b->mechanism, "mask");
    bool read = step >= 0 && b->tape.steps[step].spec.op == OP_INPUT && !other_shape;
    return comes || read ? read_again("an input that its second computation uses otherwise") : (struct qkv_err){0};
}

static struct qkv_err add_cell(struct editing *e, const struct edit *edit)
{
    struct lesson *lesson = e->lesson;
    struct edited *next = &e->next[e->n_next++];
    *next = (struct edited){.edit = *edit};
    struct qkv_err err = change(&lesson->tape, edit, edit->value, &e->here[e->n_here]);
    if (err.code)
        return err;
    next->here = (struct original){true, value_at(&lesson->tape, &e->here[e->n_here++])};
    if (!lesson->beside.on)
        return err;
    struct tape_change there = place_of(&lesson->beside.tape, edit);
    if (there.step < 0)
        return missing_beside(e, edit);
    next->beside = (struct original){true, value_at(&lesson->beside.tape, &there)};
    return change_beside(e, edit, edit->value);
}

/* A cell that was edited before gets another number: the lesson's own again, or a new one. */
static struct qkv_err change_cell(struct editing *e, const struct edited *was, const struct edit *to)
{
    struct qkv_err err = {0};
    if (to) {
        e->next[e->n_next] = *was;
        e->next[e->n_next++].edit = *to;
        if (memcmp(&was->edit.value, &to->value, sizeof to->value) == 0)
            return err;
    }
    if (was->here.on) {
        err = change(&e->lesson->tape, &was->edit, to ? to->value : was->here.value, &e->here[e->n_here]);
        e->n_here += !err.code;
    }
    if (!err.code && was->beside.on && e->lesson->beside.on)
        err = change_beside(e, &was->edit, to ? to->value : was->beside.value);
    return err;
}

/* Both lists are in one order: walk them together. */
static struct qkv_err find_changes(struct editing *e, const struct edit *edits, size_t n)
{
    const struct edits *old = &e->lesson->edits;
    struct qkv_err err = {0};
    for (size_t i = 0, k = 0; (i < old->n || k < n) && !err.code;) {
        int order = i == old->n ? 1 : k == n ? -1 : edit_order(&old->v[i].edit, &edits[k]);
        if (order > 0)
            err = add_cell(e, &edits[k]);
        else
            err = change_cell(e, &old->v[i], order == 0 ? &edits[k] : NULL);
        i += order <= 0;
        k += order >= 0;
    }
    return err;
}

static struct qkv_err edit_tape(struct tape *tape, const struct tape_change *changes, size_t n, struct progress *progress)
{
    if (n == 0)
        return (struct qkv_err){0};
    tape->progress = progress;
    struct qkv_err err = tape_edit(tape, changes, n, NULL);
    tape->progress = NULL;
    return err;
}

static void lose_beside(struct lesson *lesson)
{
    tape_finish(&lesson->beside.tape);
    lesson->beside = (struct beside){0};
    lesson->edits.beside_lost = true;
}

/* The second computation goes first: when it cannot follow, the lesson has none; but a lesson whose own numbers cannot
 * be, stays as it was. */
static struct qkv_err edit_tapes(struct editing *e, struct progress *progress)
{
    struct lesson *lesson = e->lesson;
    struct qkv_err err = edit_tape(&lesson->beside.tape, e->beside, e->n_beside, progress);
    bool lost = err.code == QKV_ERR_DOMAIN;
    if (err.code && !lost)
        return err;
    err = edit_tape(&lesson->tape, e->here, e->n_here, progress);
    if (err.code) {
        if (!lost && edit_tape(&lesson->beside.tape, e->back, e->n_beside, NULL).code)
            lose_beside(lesson); /* no memory to go back: less is shown, nothing that is wrong */
        return err;
    }
    if (lesson->beside.on && (lost || !beside_compare(&lesson->beside, &lesson->tape)))
        lose_beside(lesson);
    return err;
}

static void show_script(struct lesson *lesson, bool as_written)
{
    struct edits *edits = &lesson->edits;
    if (as_written && edits->stops) {
        lesson->stops = edits->stops;
        lesson->n_stops = edits->n_stops;
        edits->stops = NULL;
        edits->n_stops = 0;
    } else if (!as_written && lesson->stops) {
        edits->stops = lesson->stops;
        edits->n_stops = lesson->n_stops;
        lesson->stops = NULL;
        lesson->n_stops = 0;
    }
}

static struct qkv_err check(const struct lesson *lesson, const struct edit *edits, size_t n)
{
    const struct edits *old = &lesson->edits;
    if (old->beside_lost)
        return read_again("its second computation may come back");
    if (!in_order(edits, n) || !old_in_order(old))
        return read_again("its edits are in no order");
    if (mask_goes(old, edits, n))
        return read_again("its mask goes");
    if (n == 0 && !old->elsewhere && !old->script_known)
        return read_again("its script was left out");
    return (struct qkv_err){0};
}

struct qkv_err lesson_edit(struct lesson *lesson, const struct edit *edits, size_t n, struct progress *progress)
{
    struct qkv_err err = check(lesson, edits, n);
    if (err.code)
        return err;
    size_t most = lesson->edits.n + n + 1;
    struct editing e = {.lesson = lesson,
                        .next = calloc(n + 1, sizeof *e.next),
                        .here = calloc(most, sizeof *e.here),
                        .beside = calloc(most, sizeof *e.beside),
                        .back = calloc(most, sizeof *e.back)};
    if (!e.next || !e.here || !e.beside || !e.back)
        err = qkv_nomem("an edit");
    if (!err.code)
        err = find_changes(&e, edits, n);
    if (!err.code)
        err = edit_tapes(&e, progress);
    if (!err.code) {
        free(lesson->edits.v);
        lesson->edits.v = e.next;
        lesson->edits.n = n;
        e.next = NULL;
        show_script(lesson, n == 0 && !lesson->edits.elsewhere);
    }
    free(e.next);
    free(e.here);
    free(e.beside);
    free(e.back);
    return err;
}
