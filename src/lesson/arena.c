#include "lesson/arena.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t used, capacity;
    atomic_size_t users; /* of the arena's first block: how many share the arena */
    alignas(max_align_t) char bytes[];
};

struct arena_taken {
    struct arena_taken *next;
    void *block;
};

enum { POOL_BLOCK = 16 * 1024 };

void *arena_array(struct arena *arena, size_t n, size_t size)
{
    if (size != 0 && n > (SIZE_MAX / 2) / size)
        return NULL;
    const size_t step = alignof(max_align_t);
    size_t wanted = (n * size + step - 1) / step * step;
    struct arena_block *block = arena->blocks;
    if (!block || block->capacity - block->used < wanted) {
        size_t capacity = wanted > POOL_BLOCK ? wanted : POOL_BLOCK;
        block = calloc(1, sizeof *block + capacity);
        if (!block)
            return NULL;
        block->capacity = capacity;
        block->next = arena->blocks;
        arena->blocks = block;
        if (!arena->first) {
            arena->first = block;
            atomic_init(&block->users, 1);
        }
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

bool arena_take(struct arena *arena, void *block)
{
    struct arena_taken *taken = arena_array(arena, 1, sizeof *taken);
    if (!taken)
        return false;
    *taken = (struct arena_taken){arena->taken, block};
    arena->taken = taken;
    return true;
}

struct arena arena_share(const struct arena *arena)
{
    if (arena->first)
        atomic_fetch_add(&arena->first->users, 1);
    return *arena;
}

void arena_finish(struct arena *arena)
{
    bool last = arena->first && atomic_fetch_sub(&arena->first->users, 1) == 1;
    for (struct arena_taken *t = last ? arena->taken : NULL; t; t = t->next)
        free(t->block);
    for (struct arena_block *block = last ? arena->blocks : NULL, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    *arena = (struct arena){0};
}
