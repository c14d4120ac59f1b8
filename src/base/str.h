/* str.h: a text that grows, and what is asked of texts.
 *
 * A zeroed struct str is an empty text. When memory runs out, `failed` is set and stays set, later additions do
 * nothing, and the text so far stays readable: a caller adds freely and asks once, at the end. */
#ifndef QKV_BASE_STR_H
#define QKV_BASE_STR_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    char *v;  /* owned; n bytes and a terminating NUL; NULL while nothing was added: read it through str_text() */
    size_t n; /* bytes, without the terminating NUL */
    size_t capacity;
    bool failed; /* an addition found no memory: the text is not whole */
};

void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const char *bytes, size_t n);
void str_addf(struct str *s, const char *format, ...) QKV_PRINTF(2, 3);
/* A number in the fewest digits that strtod reads back as the same double: 0.1, 1e+300, -0, -inf; nan. */
void str_add_number(struct str *s, double number);
void str_add_quoted(struct str *s, const char *text); /* as JSON has it: in quotes, marks and controls escaped */
void str_clear(struct str *s);                        /* empties the text and keeps its memory; `failed` is cleared */
const char *str_text(const struct str *s);
void str_finish(struct str *s);
/* Move the text into an arena: *s is finished. NULL: no memory, now or at an addition. */
struct arena;
const char *str_keep(struct str *s, struct arena *arena);

/* The code point of the first character of n bytes, 1 or more; returns its bytes. 0, and *ret is -1: that is not UTF-8,
 * or a zero byte. */
size_t utf8_next(const char *text, size_t n, int32_t *ret);

/* Are both the same text, or both NULL? */
bool text_same(const char *a, const char *b);
/* Does the text end so, and is there more of it? */
bool text_ends(const char *text, const char *ending);

/* Is this UTF-8 as RFC 3629 defines it (no overlong form, no surrogate, at most U+10FFFF) without a zero byte?
 * *ret_at (may be NULL) is the offset of the first byte that is not. */
bool utf8_is_valid(const char *text, size_t n, size_t *ret_at);

/* Make text safe for a terminal, in place: each control character (U+0001 to U+001F, U+007F to U+009F) and each byte
 * that is not UTF-8 becomes '?'. Newlines and tabs stay where `lines` is true, else they become blanks. */
void text_clean(char *text, bool lines);
/* The same for a whole text, which may only become shorter. */
void str_clean(struct str *s, bool lines);

#endif
