#define _DEFAULT_SOURCE /* madvise */

#include "base/memory.h"

#ifdef __linux__

#include <stdint.h>
#include <sys/mman.h>

/* Smaller blocks hold hardly a large page. */
enum { PAGE = 4096, WORTH_ASKING = 1 << 22 };

void memory_will_be_filled(void *block, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    if (bytes < WORTH_ASKING)
        return;
    size_t before = (PAGE - (uintptr_t)block % PAGE) % PAGE;
    (void)madvise((char *)block + before, bytes - before, MADV_HUGEPAGE);
#else
    (void)block, (void)bytes;
#endif
}

#else

void memory_will_be_filled(void *block, size_t bytes)
{
    (void)block, (void)bytes;
}

#endif
