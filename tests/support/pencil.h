/* pencil.h: written arithmetic as a reader with a pencil takes it.
 *
 * It knows the signs people write and nothing of the program: whoever shows "3.00 × 2.00 ÷ √(4)" must have meant 3.
 *
 *   text    = sum [ ", mask " product ]              what the mask leaves of it: all, or -∞
 *   sum     = product { ("+" | "-" | "−") product }
 *   product = power { ("×" | "·" | "*" | "÷" | "/") power }
 *   power   = sign [ "^" power ]
 *   sign    = ("-" | "−" | "+" | "√") sign | atom
 *   atom    = NUMBER | "∞" | "e" | ("exp" | "sqrt" | "max") "(" sum { "," sum } ")" | "(" sum ")"
 *
 * Words in square brackets, "[5 more]", are remarks that a reader skips. */
#ifndef QKV_TESTS_PENCIL_H
#define QKV_TESTS_PENCIL_H

#include <stdbool.h>
#include <stddef.h>

/* What the arithmetic comes to. False: it cannot be read. */
bool pencil_eval(const char *text, double *ret);

/* A number as it is shown: "-0.25" stands for everything from -0.255 to -0.245. */
struct shown_number {
    size_t at, n;       /* its bytes in the text, the sign included */
    double value, half; /* half a unit of its last digit; 0 for an infinity */
};

/* The numbers of a text from left to right; a minus before a number belongs to it where it cannot be an operator.
 * Returns how many there are, of which the first `room` are in ret[]. */
size_t pencil_numbers(const char *text, struct shown_number ret[], size_t room);

/* Is the text one number, and nothing else? */
bool pencil_number(const char *text, struct shown_number *ret);

/* Could x be what is shown as this number? Half a unit may go either way. */
bool pencil_agrees(const struct shown_number *shown, double x);

#endif
