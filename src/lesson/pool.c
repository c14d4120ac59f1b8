#include "lesson/pool.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct pool_block {
    struct pool_block *next;
    size_t used, room;
    atomic_size_t users; /* of the pool's first block: how many share the pool */
    alignas(max_align_t) char bytes[];
};

struct pool_taken {
    struct pool_taken *next;
    void *block;
};

enum { POOL_BLOCK = 16 * 1024 };

void *pool_array(struct pool *pool, size_t n, size_t size)
{
    if (size != 0 && n > (SIZE_MAX / 2) / size)
        return NULL;
    const size_t step = alignof(max_align_t);
    size_t wanted = (n * size + step - 1) / step * step;
    struct pool_block *block = pool->blocks;
    if (!block || block->room - block->used < wanted) {
        size_t room = wanted > POOL_BLOCK ? wanted : POOL_BLOCK;
        block = calloc(1, sizeof *block + room);
        if (!block)
            return NULL;
        block->room = room;
        block->next = pool->blocks;
        pool->blocks = block;
        if (!pool->first) {
            pool->first = block;
            atomic_init(&block->users, 1);
        }
    }
    void *given = block->bytes + block->used;
    block->used += wanted;
    return given;
}

char *pool_text(struct pool *pool, const char *bytes, size_t n)
{
    char *text = pool_array(pool, n + 1, 1);
    if (text && n > 0)
        memcpy(text, bytes, n);
    return text;
}

bool pool_take(struct pool *pool, void *block)
{
    struct pool_taken *taken = pool_array(pool, 1, sizeof *taken);
    if (!taken)
        return false;
    *taken = (struct pool_taken){pool->taken, block};
    pool->taken = taken;
    return true;
}

struct pool pool_share(const struct pool *pool)
{
    if (pool->first)
        atomic_fetch_add(&pool->first->users, 1);
    return *pool;
}

void pool_finish(struct pool *pool)
{
    bool last = pool->first && atomic_fetch_sub(&pool->first->users, 1) == 1;
    for (struct pool_taken *t = last ? pool->taken : NULL; t; t = t->next)
        free(t->block);
    for (struct pool_block *block = last ? pool->blocks : NULL, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    *pool = (struct pool){0};
}
