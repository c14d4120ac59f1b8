/* array.h: memory for arrays: those that grow, and those that are freed together. */
#ifndef QKV_BASE_ARRAY_H
#define QKV_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* Make capacity for at least n items of `size` bytes in *v, whose capacity is *capacity items; both are updated.
 * New items are zero. False, with nothing changed, when there is no memory. Release with free(*v). */
bool array_reserve(void *v, size_t *capacity, size_t n, size_t size);

/* n zeroed items of `size` bytes, or NULL: calloc, but that the system is asked for large pages where that many bytes are
 * wanted: it takes longer to give a matrix to a program in small ones than to multiply it. Release with free. */
void *array_zeros(size_t n, size_t size);

/* ---- an arena: arrays and texts that live exactly as long as their owner ----
 *
 * A lesson is hundreds of small texts and tables: one call frees them, and a reader that gives up halfway leaks nothing.
 * A zeroed arena is empty. */

struct arena_block;
struct arena {
    struct arena_block *blocks;
};

/* n zeroed items of `size` bytes, aligned for any type (64 bytes or more: to a line of the cache), or NULL when there is no memory. */
void *arena_array(struct arena *arena, size_t n, size_t size);

/* The same, but what it holds is not set. Large blocks of arenas that ended are used again. */
void *arena_space(struct arena *arena, size_t n, size_t size);

/* n bytes and a terminating NUL. */
char *arena_text(struct arena *arena, const char *bytes, size_t n);

/* The bytes that it has from the system. */
size_t arena_bytes(const struct arena *arena);

void arena_finish(struct arena *arena);

/* Give back the large blocks that are kept for the next arena: 96 MB at most. */
void arenas_trim(void);

#endif
