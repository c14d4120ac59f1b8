/* input.h: what a person does: actions, and what is typed, pressed and pointed at meanwhile. */
#ifndef QKV_APP_INPUT_H
#define QKV_APP_INPUT_H

#include "scene/scene.h"

/* What a person did. */
enum action_kind {
    ACTION_COMMAND, /* a control: command and its argument */
    ACTION_KEY,     /* a key with a name: text ("Right", "F1"), with shift or control; control also with a letter */
    ACTION_TEXT,    /* text was typed or came from an input method */
    ACTION_COMPOSE, /* an input method is at work on this text */
    ACTION_POINT,   /* the pointer moved to x, y */
    ACTION_PRESS,   /* a press at x, y; argument: 2 for the second of a double click */
    ACTION_RELEASE, /* it ends */
    ACTION_CLICK,   /* both, at once */
    ACTION_AWAY,    /* the pointer left the window */
    ACTION_WHEEL,   /* argument: lines, positive is away from the person; x, y: where; with shift or control */
    ACTION_RESIZE   /* x, y: the page's new size in pixels */
};
struct action {
    enum action_kind kind;
    int command, argument;
    float x, y;
    const char *text;
    bool shift, ctrl;
};

/* A press of the pointer that goes on: on a number that is dragged, over cells that are painted, on the map of a large
 * matrix, or on a slider. */
struct press {
    enum { PRESS_NONE, PRESS_CELL, PRESS_DRAG, PRESS_PAINT, PRESS_MAP, PRESS_SLIDE } kind;
    struct cursor cell;
    bool across;        /* the number stands in a text: to the right is more */
    float per_x, per_y; /* of a part of a picture: what a pixel to the right, and one down, add */
    float x, y;         /* where it began */
    double value;       /* of the cell then; what is painted */
    struct rect track;  /* of the slider that is dragged */
};

/* What is typed, pressed and pointed at. */
struct input {
    struct text_field field;
    struct widget focus; /* reached with keys; Enter does what a click would */
    struct widget under; /* the control under the pointer */
    struct widget tip;   /* the same, when what it does is told */
    double tip_due;
    struct press press;
    bool hover;             /* the cursor is where the pointer is, not where keys put it */
    struct held_words held; /* while it hovers over a number in a text */
};

/* ---- editing one line of text, without a screen (field.c). Positions are bytes, always at the edge of a whole character
 * as people see it (a grapheme cluster: an accent or a joined emoji is never cut). ---- */

enum { FIELD_BYTES_MAX = 16 * 1024 };

/* Open it on a text, all of it selected. */
void field_open(struct text_field *field, const char *text);
void field_finish(struct text_field *field);

/* Put a text in the place of the selection; line breaks become spaces, characters that no sentence may hold
 * (controls, marks that turn the text around) are left out: nobody could see them, to take them out again. False,
 * with nothing changed: the field would hold more than FIELD_BYTES_MAX, the text is not UTF-8, or there is no
 * memory. */
bool field_insert(struct text_field *field, const char *text);

/* What an input method is composing, shown at the caret until it is inserted; "" ends it. */
void field_compose(struct text_field *field, const char *text);

/* A key by its name ("Left", "Backspace", "Home", "Delete", "End", "Right", "a" with control: select all). False: not
 * one that a field knows. */
bool field_key(struct text_field *field, const char *key, bool shift, bool control);

/* The selected bytes: from *ret_at, as many as are returned. */
size_t field_selection(const struct text_field *field, size_t *ret_at);

#endif
