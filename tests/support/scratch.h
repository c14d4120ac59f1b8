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

/* A folder of such a name for TEST_GROUP(scratch_folder_make, scratch_folder_remove), which goes with all that lies in
 * it; and the path of something in it, until the fourth call from now. */
static inline char *scratch_folder(void)
{
    static char path[256];
    return path;
}

static inline void scratch_folder_make(void)
{
    assert_non_null(mkdtemp(scratch_name(scratch_folder(), 256, "tests")));
}

static inline void scratch_folder_remove(void)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch_folder());
    assert_int_equal(system(command), 0);
}

static inline const char *in_scratch(const char *name)
{
    static char path[4][700];
    static size_t turn;
    char *to = path[turn++ % 4];
    snprintf(to, sizeof path[0], "%s/%s", scratch_folder(), name);
    return to;
}

#endif
