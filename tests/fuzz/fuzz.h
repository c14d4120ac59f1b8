/* fuzz.h: what a fuzz target is: LLVMFuzzerTestOneInput, given any bytes, ends the program where something is wrong. */
#ifndef QKV_TESTS_FUZZ_H
#define QKV_TESTS_FUZZ_H

#include "support/own.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static inline void require(bool fact)
{
    if (!fact)
        abort();
}

#endif
