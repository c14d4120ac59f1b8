/* pool.h: memory that is given back all at once.
 *
 * A lesson is hundreds of small texts and tables that live exactly as long as it does: one owner, one call at the end,
 * and a reader that gives up halfway leaks nothing. */
#ifndef QKV_LESSON_POOL_H
#define QKV_LESSON_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct pool_block;
struct pool_taken;
struct pool {
    struct pool_block *blocks;
    struct pool_block *first; /* counts who shares them */
    struct pool_taken *taken;
};

/* n zeroed items of `size` bytes, aligned for any type, or NULL when there is no memory. */
void *pool_array(struct pool *pool, size_t n, size_t size);

/* n bytes and a closing 0. */
char *pool_text(struct pool *pool, const char *bytes, size_t n);

/* Take over a block of malloc. False: no memory; it stays the caller's. */
bool pool_take(struct pool *pool, void *block);

/* Another owner of the same memory, which stays until both have finished; they may be on two threads. Neither may ask
 * for more from then on. */
struct pool pool_share(const struct pool *pool);

void pool_finish(struct pool *pool);

#endif
