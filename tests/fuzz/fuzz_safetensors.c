/* fuzz_safetensors.c: no bytes make reading a tensor file crash, leak, or give anything but finite numbers. */
#include "fuzz/fuzz.h"

#include "core/safetensors.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    OWN(named_tensors) tensors = {0};
    struct qkv_err err = safetensors_parse(bytes, n, &tensors);
    require(!err.code || tensors.n == 0); /* what failed must have left nothing behind */
    for (size_t i = 0; i < tensors.n; i++)
        for (size_t k = 0; k < tensor_cells(&tensors.v[i].tensor); k++)
            require(isfinite(tensors.v[i].tensor.v[k]));
    return 0;
}
