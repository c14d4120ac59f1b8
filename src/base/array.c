#if defined(__linux__)
#define _DEFAULT_SOURCE /* madvise */
#include <sys/mman.h>
#endif

#include "base/array.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- arrays that grow ---- */

bool array_reserve(void *v, size_t *capacity, size_t n, size_t size)
{
    if (n <= *capacity)
        return true;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < n) {
        if (wanted > SIZE_MAX / 2)
            return false;
        wanted *= 2;
    }
    if (wanted > SIZE_MAX / size)
        return false;
    /* The caller's pointer has its own type; memcpy reads and writes it without breaking the aliasing rules. */
    void *old;
    memcpy(&old, v, sizeof old);
    char *grown = realloc(old, wanted * size);
    if (!grown)
        return false;
    memset(grown + *capacity * size, 0, (wanted - *capacity) * size);
    memcpy(v, &grown, sizeof grown);
    *capacity = wanted;
    return true;
}

void *array_zeros(size_t n, size_t size)
{
    char *v = calloc(n, size);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    const size_t page = 2 * 1024 * 1024;
    if (v && n * size >= 2 * page) {
        size_t before = -(uintptr_t)v % page, pages = (n * size - before) / page;
        (void)madvise(v + before, pages * page, MADV_HUGEPAGE); /* only advice: without it all works */
    }
#endif
    return v;
}

/* ---- arenas ---- */

struct arena_block {
    struct arena_block *next;
    size_t used, capacity;
    alignas(max_align_t) char bytes[];
};

enum {
    BLOCK_BYTES = 16 * 1024,
    FIRST_BYTES = BLOCK_BYTES / 8, /* the first block: many arenas hold no more than an expression */
    LARGE_BYTES = BLOCK_BYTES / 4, /* has a block of its own, and leaves the rest of the newest one to what is small */
    LINE_BYTES = 64                /* of the cache: what is as long begins with one */
};

/* Some large blocks are kept for the next arena that wants as much: the system takes their pages one by one, and clears
 * each before it gives it again, which takes longer than most of what is computed into them. */
enum { KEPT_LEAST = 1024 * 1024, KEPT_MOST = 96 * 1024 * 1024, KEPT_BLOCKS = 32 };
static _Atomic(struct arena_block *) kept[KEPT_BLOCKS];
static atomic_size_t kept_bytes;

static void free_kept(size_t i)
{
    struct arena_block *block = atomic_exchange(&kept[i], NULL);
    if (block)
        atomic_fetch_sub(&kept_bytes, block->capacity);
    free(block);
}

static bool is_kept(struct arena_block *block)
{
    for (size_t i = 0; i < KEPT_BLOCKS; i++) {
        struct arena_block *none = NULL;
        if (atomic_compare_exchange_strong(&kept[i], &none, block))
            return true;
    }
    return false;
}

/* The newest are kept: what is wanted next is as large as what was wanted last. */
static void free_or_keep(struct arena_block *block)
{
    size_t bytes = block->capacity;
    bool keep = bytes >= KEPT_LEAST && bytes <= KEPT_MOST;
    if (keep && atomic_fetch_add(&kept_bytes, bytes) + bytes > KEPT_MOST)
        for (size_t i = 0; i < KEPT_BLOCKS && atomic_load(&kept_bytes) > KEPT_MOST; i++)
            free_kept(i);
    if (keep && is_kept(block))
        return;
    if (keep)
        atomic_fetch_sub(&kept_bytes, bytes);
    free(block);
}

/* A kept block of just this capacity; NULL: there is none. What it holds is not zero. */
static struct arena_block *take_kept(size_t capacity)
{
    for (size_t i = 0; i < KEPT_BLOCKS && capacity >= KEPT_LEAST; i++) {
        struct arena_block *block = atomic_exchange(&kept[i], NULL);
        if (!block)
            continue;
        atomic_fetch_sub(&kept_bytes, block->capacity);
        if (block->capacity == capacity)
            return block;
        free_or_keep(block); /* somebody else may have its place by now */
    }
    return NULL;
}

void arenas_trim(void)
{
    for (size_t i = 0; i < KEPT_BLOCKS; i++)
        free_kept(i);
}

/* A block of its own for something large; *ret_zero: it holds zeros. */
static struct arena_block *large_block(size_t capacity, bool *ret_zero)
{
    struct arena_block *block = take_kept(capacity);
    *ret_zero = !block;
    if (block)
        return block;
    block = array_zeros(1, sizeof *block + capacity);
    if (!block && atomic_load(&kept_bytes) > 0) {
        arenas_trim();
        block = array_zeros(1, sizeof *block + capacity);
    }
    if (block)
        block->capacity = capacity;
    return block;
}

/* The bytes from what is used to the next multiple of `align` in memory. */
static size_t padding(const struct arena_block *block, size_t align)
{
    return -(uintptr_t)(block->bytes + block->used) % align;
}

static void *arena_take(struct arena *arena, size_t n, size_t size, bool zeros)
{
    if (size != 0 && n > (SIZE_MAX / 2) / size)
        return NULL;
    const size_t step = alignof(max_align_t);
    size_t wanted = (n * size + step - 1) / step * step, align = wanted < LINE_BYTES ? step : LINE_BYTES;
    struct arena_block *block = arena->blocks;
    bool zero = false;
    if (!block || wanted > LARGE_BYTES || block->capacity - block->used < wanted + padding(block, align)) {
        size_t usual = arena->blocks ? BLOCK_BYTES : FIRST_BYTES,
               capacity = usual < wanted + LINE_BYTES || wanted > LARGE_BYTES ? wanted + LINE_BYTES : usual;
        block = wanted > LARGE_BYTES ? large_block(capacity, &zero) : malloc(sizeof *block + capacity);
        if (!block)
            return NULL;
        block->used = 0;
        block->capacity = wanted > LARGE_BYTES ? block->capacity : capacity;
        /* The first of the list is the one with room for what is small. */
        struct arena_block **at = wanted > LARGE_BYTES && arena->blocks ? &arena->blocks->next : &arena->blocks;
        block->next = *at;
        *at = block;
    }
    block->used += padding(block, align);
    void *given = block->bytes + block->used;
    block->used += wanted;
    return zero || !zeros ? given : memset(given, 0, wanted);
}

void *arena_array(struct arena *arena, size_t n, size_t size)
{
    return arena_take(arena, n, size, true);
}

void *arena_space(struct arena *arena, size_t n, size_t size)
{
    return arena_take(arena, n, size, false);
}

char *arena_text(struct arena *arena, const char *bytes, size_t n)
{
    char *text = arena_array(arena, n + 1, 1);
    if (text && n > 0)
        memcpy(text, bytes, n);
    return text;
}

size_t arena_bytes(const struct arena *arena)
{
    size_t bytes = 0;
    for (const struct arena_block *block = arena->blocks; block; block = block->next)
        bytes += sizeof *block + block->capacity;
    return bytes;
}

void arena_finish(struct arena *arena)
{
    for (struct arena_block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free_or_keep(block);
    }
    *arena = (struct arena){0};
}
