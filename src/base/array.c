#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
