/* memory.h: wishes about memory. */
#ifndef QKV_BASE_MEMORY_H
#define QKV_BASE_MEMORY_H

#include <stddef.h>

/* This block, fresh from calloc, will be filled whole: a system that can should give it large pages, for which it is
 * interrupted less often. Only a wish: nothing is different without it. */
void memory_will_be_filled(void *block, size_t bytes);

#endif
