/* number.h: how numbers are written, in cells, in arithmetic and in texts: each place writes a number alike. */
#ifndef QKV_LESSON_NUMBER_H
#define QKV_LESSON_NUMBER_H

#include "core/tensor.h"

enum { NUMBER_TEXT = 40 };

/* x with so many decimals; zero never has a sign; infinities are "∞" and "-∞"; what has more than six digits before
 * the point is written with a power of ten: "1.25e+07". Returns the buffer. */
const char *number_text(double x, int decimals, char buffer[NUMBER_TEXT]);

/* The same with a plus where it is not negative, for the terms of a sum. */
const char *number_signed(double x, int decimals, char buffer[NUMBER_TEXT]);

/* x with up to `decimals` decimals but without closing zeros beyond the second: 1.5 is "1.50", 0.125 is "0.125". */
const char *number_trimmed(double x, int decimals, char buffer[NUMBER_TEXT]);

/* x as an operand in arithmetic: as number_trimmed(), but without a power of ten where that would lose digits; with
 * NUMBER_EXACT decimals as many digits as identify the double. */
enum { NUMBER_EXACT = 17 };
const char *number_written(double x, int decimals, char buffer[NUMBER_TEXT]);

/* ---- cells ---- */

enum { CELL_DECIMALS = 2 };

/* The decimals that numbers up to this magnitude are written with: CELL_DECIMALS or, where all would be rounded to 0, as
 * many as the largest needs for two digits. */
int magnitude_decimals(double largest);

/* The decimals that the cells of a plane are written with: those, or none where all its numbers are whole and below
 * 1000. */
int plane_decimals(const struct tensor *t, size_t head);

/* A cell of such a plane: an exact zero is "0", so that the pattern of the others can be seen. */
const char *cell_number(double value, int decimals, char buffer[NUMBER_TEXT]);

#endif
