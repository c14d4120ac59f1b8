/* field.h: editing one line of text: what every text field does, without a screen. Positions are bytes, always at the
 * edge of a whole character as people see them (a grapheme cluster: an accent or a joined emoji is never cut). */
#ifndef QKV_APP_FIELD_H
#define QKV_APP_FIELD_H

#include "scene/view.h"

enum { FIELD_BYTES_MAX = 16 * 1024 };

/* Open it on a text, all of it selected. */
void field_open(struct text_field *field, const char *text);
void field_finish(struct text_field *field);

/* Put a text in the place of the selection; line breaks become spaces, characters that no sentence may hold (controls,
 * marks that turn the text around) are left out: nobody could see them, to take them out again. False, with nothing changed: the field would hold more than FIELD_BYTES_MAX, the text is not UTF-8, or there is no memory. */
bool field_insert(struct text_field *field, const char *text);

/* What an input method is composing, shown at the caret until it is inserted; "" ends it. */
void field_compose(struct text_field *field, const char *text);

/* A key by its name ("Left", "Backspace", "Home", "Delete", "End", "Right", "a" with control: select all). False: not
 * one that a field knows. */
bool field_key(struct text_field *field, const char *key, bool shift, bool control);

/* The selected bytes: from *ret_at, as many as are returned. */
size_t field_selection(const struct text_field *field, size_t *ret_at);

#endif
