/* save.h: a whole computation as a file. */
#ifndef QKV_CORE_SAVE_H
#define QKV_CORE_SAVE_H

#include "core/tape.h"

/* Write everything on a tape, inputs included, as safetensors (core/safetensors.h) under the steps' names, whole or not
 * at all; "-" is standard output. Errors: QKV_ERR_DOMAIN (a number that F32 cannot hold), QKV_ERR_IO, QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err tape_save(const struct tape *tape, const char *path);

#endif
