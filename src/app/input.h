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
    float x, y;        /* where it began */
    double value;      /* of the cell then; what is painted */
    struct rect track; /* of the slider that is dragged */
};

/* What is typed, pressed and pointed at. */
struct input {
    struct text_field field;
    struct widget focus; /* reached with keys; Enter does what a click would */
    struct widget under; /* the control under the pointer */
    struct widget tip;   /* the same, when what it does is told */
    double tip_due;
    struct press press;
    bool hover; /* the cursor is where the pointer is, not where keys put it */
};

#endif
