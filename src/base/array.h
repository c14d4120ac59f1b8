/* array.h: growing an array. */
#ifndef QKV_BASE_ARRAY_H
#define QKV_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* Make capacity for at least n items of `size` bytes in *v, whose capacity is *capacity items; both are updated.
 * New items are zero. False, with nothing changed, when there is no memory. Release with free(*v). */
bool array_reserve(void *v, size_t *capacity, size_t n, size_t size);

#endif
