/* heads.h: what a person does on the page of heads and under the microscope. */
#ifndef QKV_APP_HEADS_H
#define QKV_APP_HEADS_H

#include "app/app.h"

/* Open a page, or close it. */
void page_toggle(struct app *app, enum page page);

/* ---- commands ---- */
void heads_all(struct app *app, int argument);
void heads_keep(struct app *app, int argument);
void heads_word(struct app *app, int argument);
void heads_word_add(struct app *app, int argument);
/* Switch the head looked at / that head off, as a router does: its rows of W_O become 0; or on again: they become what
 * the lesson has there. One change, and so one undo. */
void heads_switch(struct app *app, int argument);
void heads_switch_set(struct app *app, int argument);
void microscope_factor(struct app *app, int argument);
void microscope_factor_set(struct app *app, int argument);
void microscope_maximum(struct app *app, int argument);
void microscope_temperature(struct app *app, int argument);

/* An arrow on one of these pages: words up and down; across, the output's column or the temperature. False: it is
 * another page. */
bool heads_arrow(struct app *app, int down, int across);

/* Let go of the words that are chosen on the page of heads. False: none is, or it is another page. */
bool heads_let_go(struct app *app);

#endif
