/* command_list.h: functions of the command table (commands.c), each a row there; `argument` is the row's. */
#ifndef QKV_APP_COMMAND_LIST_H
#define QKV_APP_COMMAND_LIST_H

#include "app/app.h"

/* ---- walking.c ---- */
void walking_forward(struct app *app, int argument);
void walking_back(struct app *app, int argument);
void walking_first(struct app *app, int argument);
void walking_last(struct app *app, int argument);
void walking_stride_next(struct app *app, int argument);
void walking_stride_set(struct app *app, int argument);
void walking_play_pause(struct app *app, int argument);
void walking_speed_set(struct app *app, int argument);
void walking_slower(struct app *app, int argument);
void walking_faster(struct app *app, int argument);
void walking_stage_go(struct app *app, int argument);
void walking_step_go(struct app *app, int argument);

/* ---- looking.c ---- */
void looking_head_set(struct app *app, int argument);
void looking_head_next(struct app *app, int argument);
void looking_cursor_up(struct app *app, int argument);
void looking_cursor_down(struct app *app, int argument);
void looking_cursor_left(struct app *app, int argument);
void looking_cursor_right(struct app *app, int argument);
void looking_lesson_go(struct app *app, int argument);
void looking_pin(struct app *app, int argument);
void looking_leave(struct app *app, int argument);
void looking_turn(struct app *app, int argument);
void looking_unfold(struct app *app, int argument);
void looking_compare(struct app *app, int argument);
void looking_read_on(struct app *app, int argument);
void looking_zoom_in(struct app *app, int argument);
void looking_zoom_out(struct app *app, int argument);
void looking_zoom_reset(struct app *app, int argument);

#endif
