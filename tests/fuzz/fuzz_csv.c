/* fuzz_csv.c: no text makes reading a matrix crash or leak; what is read is finite, and written and read again it has
 * the same bits. */
#include "fuzz/fuzz.h"

#include "lesson/text/csv.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    OWN(tensor) read = {0}, again = {0};
    OWN(str) text = {0};
    struct qkv_err err = csv_read((const char *)bytes, n, &read);
    require(!err.code == (read.v != NULL));
    require(err.code || tensor_cells(&read) <= n);
    for (size_t i = 0; !err.code && i < tensor_cells(&read); i++)
        require(isfinite(read.v[i]));
    if (!err.code) {
        csv_write(&read, -1, ',', false, &text);
        require(csv_read(text.v, text.n, &again).code == QKV_OK);
        require(tensor_cells(&again) == tensor_cells(&read) && again.axis[AXIS_ROW].size == read.axis[AXIS_ROW].size);
        require(memcmp(again.v, read.v, tensor_cells(&read) * sizeof *read.v) == 0);
    }
    return 0;
}
