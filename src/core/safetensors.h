/* safetensors.h: tensors in files (https://github.com/huggingface/safetensors, "Format").
 *
 * Eight bytes: the header's length, little-endian; a JSON header: name -> dtype, shape, data_offsets; then the numbers,
 * row-major. F64, F32, F16 and BF16 are read; F32 is written. */
#ifndef QKV_CORE_SAFETENSORS_H
#define QKV_CORE_SAFETENSORS_H

#include "core/tape.h"

/* A file whose tensors are read one by one: only those that are read are checked, so that a model's file opens
 * whatever else it holds (other dtypes, four axes, large sides, NaN). */
struct safetensors {
    struct json_t *header;     /* owned */
    const unsigned char *data; /* n bytes, the caller's */
    size_t n;
};

/* `bytes` must outlive *ret. Errors: QKV_ERR_SYNTAX (not this format), QKV_ERR_LIMIT, QKV_ERR_NOMEM; *ret is
 * untouched. */
QKV_CHECKED struct qkv_err safetensors_open(const void *bytes, size_t n, struct safetensors *ret);
void safetensors_close(struct safetensors *file);

/* The names of at most `max` tensors, valid until the file is closed. Returns how many. */
size_t safetensors_names(const struct safetensors *file, const char *names[], size_t max);

bool safetensors_has(const struct safetensors *file, const char *name);

/* Read one tensor that is there. Errors: as safetensors_parse. */
QKV_CHECKED struct qkv_err safetensors_take(const struct safetensors *file, const char *name, struct tensor *ret);

/* Read all tensors, of at most 3 axes: missing leading axes become 1 (a vector [d] is [1, 1, d]). Errors, naming the
 * tensor: QKV_ERR_SYNTAX (not this format, offsets outside the data, overlapping tensors), QKV_ERR_DOMAIN (a dtype
 * or number of axes that is not read; NaN or infinity), QKV_ERR_LIMIT, QKV_ERR_NOMEM. *ret is untouched on error. */
QKV_CHECKED struct qkv_err safetensors_parse(const void *bytes, size_t n, struct named_tensors *ret);
QKV_CHECKED struct qkv_err safetensors_read(const char *path, struct named_tensors *ret);

/* The same, but infinities and NaN are read as they are: for files that this program wrote (a masked score is -inf),
 * not for inputs. */
QKV_CHECKED struct qkv_err safetensors_read_any(const char *path, struct named_tensors *ret);

/* Write as F32, whole or not at all, in the order given, with as many axes as each one's `axes` says. */
QKV_CHECKED struct qkv_err safetensors_write(const char *path, const struct named_tensors *tensors);

/* Write everything on a tape, inputs included, as safetensors under the steps' names, whole or not
 * at all; "-" is standard output. Errors: QKV_ERR_DOMAIN (a number that F32 cannot hold), QKV_ERR_IO, QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err tape_save(const struct tape *tape, const char *path);

#endif
