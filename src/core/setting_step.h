/* setting_step.h: changing a setting by a step, to the next value, or to a position on a slider. Typed text may be any
 * value that the table allows; steps and sliders give round numbers. */
#ifndef QKV_CORE_SETTING_STEP_H
#define QKV_CORE_SETTING_STEP_H

#include "core/settings.h"

/* The value after (by = 1) or before (by = -1) this one: the choices in their order, then the numbers. A whole number
 * goes by one, a number in a small range by a twentieth of it, any other through 1, 2, 5, 10, ... Not for a list.
 * False: it is the last one. */
bool setting_step(const struct setting_info *info, const char *text, int by, char ret[SETTING_TEXT]);

/* The first number after the choices, for a setting that takes both. */
void setting_first_number(const struct setting_info *info, char ret[SETTING_TEXT]);

/* Is it a number that lies on a slider: not a whole one? */
bool setting_has_slider(const struct setting_info *info);

/* Where a number lies on its slider, 0..1; numbers beyond its ends lie at them. */
double setting_place(const struct setting_info *info, double number);
/* The number at a place of the slider, rounded to the precision of a slider. */
void setting_at_place(const struct setting_info *info, double place, char ret[SETTING_TEXT]);

#endif
