/* edit.h: changing single numbers where they stand. Every change can be undone. */
#ifndef QKV_APP_EDIT_H
#define QKV_APP_EDIT_H

#include "app/app.h"

/* Can this cell be given another number: is it of an input? One of a comparison is none. */
bool edit_is_possible(const struct app *app, const struct cursor *cell);
bool edit_is_mask(const struct app *app, const struct cursor *cell);
double edit_value(const struct app *app, const struct cursor *cell);

/* Begin to change numbers: *ret is what is changed so far. If of the mask, one that a setting made becomes one of single
 * cells. */
QKV_CHECKED struct qkv_err edit_start(const struct app *app, bool mask, struct overrides *ret);
/* The edit that gives a cell another number. */
struct edit edit_of(const struct app *app, const struct cursor *cell, double value);

/* Give it this number (finite). A mask that a setting made becomes one of single cells. False: the message says why
 * not. */
bool edit_cell(struct app *app, const struct cursor *cell, double value);

/* Open or block the pair at this cell's row and column, whether there is a mask already or not. */
bool edit_pair_is_open(const struct app *app, const struct cursor *cell);
bool edit_mask(struct app *app, const struct cursor *cell, bool open);

/* Change the number under the cursor by so much; a mask's cell opens or closes. */
void edit_nudge(struct app *app, double by);

/* ---- commands ---- */
void edit_begin(struct app *app, int argument); /* open a field on the number under the cursor */
void edit_up(struct app *app, int argument);
void edit_down(struct app *app, int argument);
void edit_reset(struct app *app, int argument);     /* the matrix under the cursor */
void edit_reset_all(struct app *app, int argument); /* the whole lesson */

#endif
