/* safetensors.h: tensors in files (https://github.com/huggingface/safetensors, "Format").
 *
 * Eight bytes: the header's length, little-endian; a JSON header: name -> dtype, shape, data_offsets; then the numbers,
 * row-major. F64, F32, F16 and BF16 are read; F32 is written. */
#ifndef QKV_CORE_SAFETENSORS_H
#define QKV_CORE_SAFETENSORS_H

#include "core/tensor.h"

/* Read tensors of at most 3 axes: missing leading axes become 1 (a vector [d] is [1, 1, d]). Errors, naming the tensor:
 * QKV_ERR_SYNTAX (not this format, offsets outside the data, overlapping tensors), QKV_ERR_DOMAIN (a dtype or number
 * of axes that is not read; NaN or infinity), QKV_ERR_LIMIT, QKV_ERR_NOMEM. *ret is untouched on error. */
QKV_CHECKED struct qkv_err safetensors_parse(const void *bytes, size_t n, struct named_tensors *ret);
QKV_CHECKED struct qkv_err safetensors_read(const char *path, struct named_tensors *ret);

/* The same, but infinities and NaN are read as they are: for what a program wrote (a masked score is -inf), never for
 * what a person brings. */
QKV_CHECKED struct qkv_err safetensors_read_any(const char *path, struct named_tensors *ret);

/* Write as F32, whole or not at all, in the order given, with as many axes as each one's `axes` says. */
QKV_CHECKED struct qkv_err safetensors_write(const char *path, const struct named_tensors *tensors);

#endif
