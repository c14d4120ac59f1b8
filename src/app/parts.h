/* parts.h: the pieces of the app, for one another: app.c sends each action to the piece it is for. */
#ifndef QKV_APP_PARTS_H
#define QKV_APP_PARTS_H

#include "app/app.h"

/* Say something at the foot of the page until the next action. */
void app_say(struct app *app, const char *format, ...) QKV_PRINTF(2, 3);

/* Run a command of the table, with its transition. */
void app_command(struct app *app, int command, int argument);

/* ---- open.c: compare with the lesson as written; empty where `baseline` is NULL ---- */
QKV_CHECKED struct qkv_err compare_before(struct comparison *ret, const struct walk *walk,
                                          const struct lesson *baseline);

/* ---- pointer.c ---- */
void pointer_move(struct app *app, float x, float y);
void pointer_press(struct app *app, const struct action *action);
void pointer_release(struct app *app);
void pointer_leave(struct app *app);
void pointer_wheel(struct app *app, const struct action *action);

/* ---- typing.c: keys and text while a field is open ---- */
enum typing { TYPING_SENTENCE, TYPING_CELL, TYPING_SETTING, TYPING_SAVE, TYPING_OPEN, TYPING_EXPORT };
/* Open the field on a text, all of it selected. */
void typing_open(struct app *app, enum typing use, const char *label, const char *text);
void typing_key(struct app *app, const struct action *action);
void typing_text(struct app *app, const char *text);
/* Is this the first character of a number for the cell that is pinned? Then its field is open now. */
bool typing_begins(struct app *app, const char *text);
/* The pointer goes elsewhere: a number is used, another text is left. False: the number is refused, the field stays. */
bool typing_ends(struct app *app);

/* ---- open.c ---- */
/* The comparison of a lesson with what it is beside of. */
QKV_CHECKED struct qkv_err compare_beside(struct comparison *ret, const struct walk *walk);
bool same_source(const struct lesson_source *a, const struct lesson_source *b);
/* Do two overrides have the same baseline: the same words and weights? */
bool same_ground(const struct overrides *a, const struct overrides *b);
/* Nothing is set and nothing edited: it is its own baseline. */
bool is_ground(const struct overrides *e);

/* ---- play.c ---- */
void transition_begin(struct app *app, size_t position_before, enum page page_before);
void play_on(struct app *app);

/* ---- history.c: what was undone can be done again until something else is changed ---- */
/* Remember the state as it is now, before a change. False, with a message: no memory. */
bool history_push(struct app *app);
/* The same of a state that was taken before, when it was not yet sure that anything would change. Takes the line over. */
char *history_line(const struct app *app);
bool history_push_line(struct app *app, char *line);
void history_finish(struct history *history);
/* Where the session began. */
QKV_CHECKED struct qkv_err history_begin(struct app *app);

#endif
