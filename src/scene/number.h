/* number.h: how numbers are written. */
#ifndef QKV_SCENE_NUMBER_H
#define QKV_SCENE_NUMBER_H

enum { NUMBER_TEXT = 40 };

/* x with so many decimals; zero never has a sign; infinities are "∞" and "-∞"; what has more than six digits before
 * the point is written with a power of ten: "1.25e+07". Returns the buffer. */
const char *number_text(double x, int decimals, char buffer[NUMBER_TEXT]);

/* The same with a plus where it is not negative, for the terms of a sum. */
const char *number_signed(double x, int decimals, char buffer[NUMBER_TEXT]);

/* x with up to `decimals` decimals but without closing zeros beyond the second: 1.5 is "1.50", 0.125 is "0.125". */
const char *number_trimmed(double x, int decimals, char buffer[NUMBER_TEXT]);

/* x as it stands in arithmetic that is to be worked out: as number_trimmed(), but never with a power of ten that would
 * leave digits out; with NUMBER_EXACT decimals as many digits as tell it from every other number. */
enum { NUMBER_EXACT = 17 };
const char *number_written(double x, int decimals, char buffer[NUMBER_TEXT]);

#endif
