#include "core/save.h"

#include "core/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct qkv_err tape_save(const struct tape *tape, const char *path)
{
    /* The tensors stay the tape's: they are only lent to the writer. */
    struct named_tensors lent = {.v = calloc(tape->n + 1, sizeof *lent.v), .n = tape->n};
    if (!lent.v)
        return qkv_nomem("a list of tensors");
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < tape->n; i++) {
        const char *name = tape->steps[i].spec.name;
        if (strlen(name) >= sizeof lent.v[i].name)
            err = qkv_errf(QKV_ERR_LIMIT, "%.80s: a tensor's name is shorter than %zu bytes", name,
                           sizeof lent.v[i].name);
        else
            snprintf(lent.v[i].name, sizeof lent.v[i].name, "%s", name);
        lent.v[i].tensor = tape->steps[i].value;
    }
    if (!err.code)
        err = safetensors_write(path, &lent);
    free(lent.v);
    return err;
}
