/* pool.h: memory that is given back all at once.
 *
 * A lesson is hundreds of small texts and tables that live exactly as long as it does: one owner, one call at the end,
 * and a reader that gives up halfway leaks nothing. */
#ifndef QKV_LESSON_POOL_H
#define QKV_LESSON_POOL_H

#include <stddef.h>

struct pool_block;
struct pool {
    struct pool_block *blocks;
};

/* n zeroed items of `size` bytes, aligned for any type, or NULL when there is no memory. */
void *pool_array(struct pool *pool, size_t n, size_t size);

/* n bytes and a closing 0. */
char *pool_text(struct pool *pool, const char *bytes, size_t n);

void pool_finish(struct pool *pool);

#endif
