/* err.h: errors as values that carry their place and their own text.
 *
 * No function below app/ prints, logs or exits: it returns a struct qkv_err and the caller decides what the learner
 * sees. The struct holds its text, so reporting an error needs no memory. QKV_OK is 0: `if (err.code)` reads "if it
 * failed", and (struct qkv_err){0} is success. */
#ifndef QKV_BASE_ERR_H
#define QKV_BASE_ERR_H

#include <stddef.h>

#if defined(__GNUC__)
#define QKV_CHECKED           __attribute__((warn_unused_result))
#define QKV_PRINTF(at, first) __attribute__((format(printf, at, first)))
#define UNUSED                __attribute__((unused))
#else
#define QKV_CHECKED
#define QKV_PRINTF(at, first)
#define UNUSED
#endif

enum qkv_code {
    QKV_OK,
    QKV_ERR_NOMEM,    /* the system has no memory left */
    QKV_ERR_IO,       /* a file or stream could not be read or written */
    QKV_ERR_SYNTAX,   /* a text does not follow its format */
    QKV_ERR_SHAPE,    /* dimensions that do not fit one another */
    QKV_ERR_DOMAIN,   /* a value outside what is allowed: an unknown name, NaN, a negative width */
    QKV_ERR_LIMIT,    /* larger than a named limit */
    QKV_ERR_CANCELLED /* it was asked to stop */
};

struct qkv_err {
    enum qkv_code code;
    int line;       /* 1-based line in the file the message is about; 0: not about a place in a file */
    int column;     /* 1-based column (in characters) in that line; 0: the line as a whole */
    char what[240]; /* for the learner: what was wanted, what was found; one line, no full stop at the end */
};

/* Make an error whose text is printed from `format`. A text that is too long is cut at a whole UTF-8 character; what a
 * terminal would obey (a quoted name may hold anything) becomes '?'. */
#define qkv_errf(code, ...) qkv_err_at(0, 0, code, __VA_ARGS__)

/* The same, for a place in a file. */
QKV_CHECKED struct qkv_err qkv_err_at(int line, int column, enum qkv_code code, const char *format, ...)
    QKV_PRINTF(4, 5);

/* "no memory for WHAT": the same text wherever an allocation fails. */
QKV_CHECKED struct qkv_err qkv_nomem(const char *what);

/* What an unknown name may have been meant as, for the text of an error. */

/* "a, b, c", cut with "..." where it is too long. Returns the buffer. */
enum { NAMES_TEXT = 160 };
const char *names_listed(const char *const *names, size_t n, char buffer[NAMES_TEXT]);

/* "; did you mean 'near'?", or where none is near "; there are a, b, c", from `names` (n texts; none: ""). */
struct hint {
    const char *meant; /* the one that is near, of `names`, or NULL */
    char text[NAMES_TEXT + 16];
};
struct hint hint_near(const char *text, const char *const *names, size_t n);

#endif
