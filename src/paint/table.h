/* table.h: a hash table from a short key (a number and some bytes) to a block of memory. */
#ifndef QKV_PAINT_TABLE_H
#define QKV_PAINT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_slot;

/* A zeroed table is empty. */
struct table {
    struct table_slot *slots; /* a power of two of them, or none */
    size_t capacity, n;
};

/* What was put under this key, or NULL. */
void *table_find(const struct table *table, uint64_t head, const void *bytes, size_t n);

/* Put a block from malloc() under a key that is not in the table; the table then owns it. False, and the block stays
 * the caller's, when there is no memory. */
bool table_put(struct table *table, uint64_t head, const void *bytes, size_t n, void *value);

/* Free everything; the table is empty and usable. */
void table_clear(struct table *table);

#endif
