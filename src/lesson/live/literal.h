/* literal.h: digits in a lesson's texts that stand for a number of its walk, where a live number (live.h) should stand:
 * such a text is untrue as soon as somebody changes something.
 *
 * Which digits these are:
 *   - every number with a point (0.81), with a minus (-2) or in percent (81 %);
 *   - every whole number from 2 on, for what it counts may change, too. Not where it is a name (head 2, step 3, row 4,
 *     heads 1 and 3) or a year (2017).
 * Numbers in words, ordinals (2nd), 0 and 1, and what is in braces are none: {=0.81} is 0.81, meant as it is. */
#ifndef QKV_LESSON_LITERAL_H
#define QKV_LESSON_LITERAL_H

#include "lesson/lesson.h"

struct literal {
    size_t at, n; /* bytes of the text */
    double is;
    int decimals;
};

/* The first of them in a text from byte `from` on. False: there is none. */
bool literal_find(const char *text, size_t from, struct literal *ret);

/* Report those of a lesson, which was read from this text of n bytes as it is written, and open: each with its place
 * and what to write instead. Errors of the text itself are not told. */
void literals_check(const struct lesson *lesson, const char *text, size_t n, struct diagnostics *ret);

#endif
