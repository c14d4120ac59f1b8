#include "lesson/pool.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct pool_block {
    struct pool_block *next;
    size_t used, room;
    alignas(max_align_t) char bytes[];
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

void pool_finish(struct pool *pool)
{
    while (pool->blocks) {
        struct pool_block *next = pool->blocks->next;
        free(pool->blocks);
        pool->blocks = next;
    }
}
