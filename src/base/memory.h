/* memory.h: how much memory there is, and how much of it one computation may take. */
#ifndef QKV_BASE_MEMORY_H
#define QKV_BASE_MEMORY_H

#include "base/err.h"

#include <stdbool.h>

/* Bytes: the machine's, or fewer where this process may not have all of them; 0: the system does not say. */
size_t memory_physical(void);

/* What the numbers of all computations together may take: one part in MEMORY_SHARE of what there is, for a change is
 * computed while what it changes is still shown; or the size in the environment's QKV_MEMORY ("4G", "500M"). */
enum { MEMORY_SHARE = 2 };
struct memory_limit {
    size_t bytes;
    bool given; /* by QKV_MEMORY */
};
/* Error: QKV_ERR_DOMAIN, QKV_MEMORY is no size. */
QKV_CHECKED struct qkv_err memory_limit(struct memory_limit *ret);

/* "4G", "500M", "65536": bytes, or thousands, millions, thousand millions of them. False: it is no size above 0. */
bool bytes_read(const char *text, size_t *ret);

/* "1.2 GB", "640 MB", "12 kB". Returns the buffer. */
enum { BYTES_TEXT = 32 };
const char *bytes_text(size_t bytes, char buffer[BYTES_TEXT]);

/* "4,096". Returns the buffer. */
enum { COUNT_TEXT = 32 };
const char *count_text(size_t n, char buffer[COUNT_TEXT]);

#endif
