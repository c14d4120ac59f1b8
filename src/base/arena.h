/* arena.h: memory that is given back all at once.
 *
 * A lesson is hundreds of small texts and tables that live exactly as long as it does: one owner, one call at the end,
 * and a reader that gives up halfway leaks nothing. */
#ifndef QKV_BASE_ARENA_H
#define QKV_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *blocks;
};

/* n zeroed items of `size` bytes, aligned for any type, or NULL when there is no memory. */
void *arena_array(struct arena *arena, size_t n, size_t size);

/* n bytes and a closing 0. */
char *arena_text(struct arena *arena, const char *bytes, size_t n);

void arena_finish(struct arena *arena);

#endif
