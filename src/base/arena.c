#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t used, capacity;
    alignas(max_align_t) char bytes[];
};

enum { BLOCK_BYTES = 16 * 1024 };

void *arena_array(struct arena *arena, size_t n, size_t size)
{
    if (size != 0 && n > (SIZE_MAX / 2) / size)
        return NULL;
    const size_t step = alignof(max_align_t);
    size_t wanted = (n * size + step - 1) / step * step;
    struct arena_block *block = arena->blocks;
    if (!block || block->capacity - block->used < wanted) {
        size_t capacity = wanted > BLOCK_BYTES ? wanted : BLOCK_BYTES;
        block = calloc(1, sizeof *block + capacity);
        if (!block)
            return NULL;
        block->capacity = capacity;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *given = block->bytes + block->used;
    block->used += wanted;
    return given;
}

char *arena_text(struct arena *arena, const char *bytes, size_t n)
{
    char *text = arena_array(arena, n + 1, 1);
    if (text && n > 0)
        memcpy(text, bytes, n);
    return text;
}

void arena_finish(struct arena *arena)
{
    for (struct arena_block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    *arena = (struct arena){0};
}
