/* words.h: changing the sentence word by word, and what a word may look at, from the cell under the cursor. */
#ifndef QKV_APP_WORDS_H
#define QKV_APP_WORDS_H

#include "app/app.h"

/* Commands: each is one change, or the message says why not. */
void word_remove(struct app *app, int argument);
void word_earlier(struct app *app, int argument);
void word_later(struct app *app, int argument);
void pair_block(struct app *app, int argument); /* block the pair of words under the cursor, or open it again */

#endif
