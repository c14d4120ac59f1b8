/* fuzz_safetensors.c: no bytes make reading a tensor file crash, leak, or give anything but finite numbers. */
#include "core/safetensors.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct named_tensors tensors = {0};
    struct qkv_err err = safetensors_parse(bytes, n, &tensors);
    if (err.code && tensors.n != 0)
        abort(); /* what failed must have left nothing behind */
    for (size_t i = 0; i < tensors.n; i++)
        for (size_t k = 0; k < tensor_cells(&tensors.v[i].tensor); k++)
            if (!isfinite(tensors.v[i].tensor.v[k]))
                abort();
    named_tensors_finish(&tensors);
    return 0;
}
