/* scratch.h: where tests may write: names in the folder for temporary files. */
#ifndef QKV_TESTS_SCRATCH_H
#define QKV_TESTS_SCRATCH_H

#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* "/tmp/qkv-sources-XXXXXX", or in TMPDIR where that is set, for mkstemp and mkdtemp. */
static inline char *scratch_name(char *buffer, size_t size, const char *what)
{
    const char *folder = getenv("TMPDIR");
    snprintf(buffer, size, "%s/qkv-%s-XXXXXX", folder && folder[0] ? folder : "/tmp", what);
    return buffer;
}

/* An empty file of such a name, which the test removes. */
static inline char *scratch_file(char *buffer, size_t size, const char *what)
{
    int file = mkstemp(scratch_name(buffer, size, what));
    assert_true(file >= 0 && close(file) == 0);
    return buffer;
}

#endif
