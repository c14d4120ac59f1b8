/* arena.h: memory that is given back all at once.
 *
 * A lesson is hundreds of small texts and tables that live exactly as long as it does: one owner, one call at the end,
 * and a reader that gives up halfway leaks nothing. */
#ifndef QKV_LESSON_ARENA_H
#define QKV_LESSON_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;
struct arena_taken;
struct arena {
    struct arena_block *blocks;
    struct arena_block *first; /* counts who shares them */
    struct arena_taken *taken;
};

/* n zeroed items of `size` bytes, aligned for any type, or NULL when there is no memory. */
void *arena_array(struct arena *arena, size_t n, size_t size);

/* n bytes and a closing 0. */
char *arena_text(struct arena *arena, const char *bytes, size_t n);

/* Take over a block of malloc. False: no memory; it stays the caller's. */
bool arena_take(struct arena *arena, void *block);

/* Another owner of the same memory, which stays until both have finished; they may be on two threads. Neither may ask
 * for more from then on. */
struct arena arena_share(const struct arena *arena);

void arena_finish(struct arena *arena);

#endif
