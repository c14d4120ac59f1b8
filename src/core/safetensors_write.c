#include "core/safetensors.h"

#include "base/file.h"

#include <jansson.h>

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct qkv_err check_fits(const struct named_tensor *named)
{
    const struct tensor *t = &named->tensor;
    for (size_t i = 0; i < tensor_cells(t); i++)
        if (isnan(t->v[i]) || (isfinite(t->v[i]) && fabs(t->v[i]) > (double)FLT_MAX))
            return qkv_errf(QKV_ERR_DOMAIN, "%s: a cell is %g, which F32 cannot hold", named->name, t->v[i]);
    return (struct qkv_err){0};
}

/* The JSON header, padded so that the numbers begin at a multiple of 8 bytes. */
static struct qkv_err header_text(const struct named_tensors *tensors, struct str *to)
{
    json_t *header = json_object();
    size_t at = 0;
    bool failed = !header;
    for (size_t i = 0; !failed && i < tensors->n; i++) {
        const struct tensor *t = &tensors->v[i].tensor;
        size_t end = at + 4 * tensor_cells(t);
        json_t *entry = json_pack("{s:s, s:[I,I,I], s:[I,I]}", "dtype", "F32", "shape", (json_int_t)t->axis[0].size,
                                  (json_int_t)t->axis[1].size, (json_int_t)t->axis[2].size, "data_offsets",
                                  (json_int_t)at, (json_int_t)end);
        failed = json_object_set_new(header, tensors->v[i].name, entry) != 0;
        at = end;
    }
    char *text = failed ? NULL : json_dumps(header, JSON_COMPACT);
    json_decref(header);
    if (!text)
        return qkv_nomem("the header of a tensor file");
    str_add(to, text);
    free(text);
    while (to->n % 8 != 0 && !to->failed)
        str_add(to, " ");
    return to->failed ? qkv_nomem("the header of a tensor file") : (struct qkv_err){0};
}

static void add_bytes(struct str *to, uint64_t x, int n)
{
    char bytes[8];
    for (int i = 0; i < n; i++)
        bytes[i] = (char)(x >> 8 * i & 255);
    str_addn(to, bytes, (size_t)n);
}

static void add_numbers(struct str *to, const struct tensor *t)
{
    for (size_t i = 0; i < tensor_cells(t); i++) {
        float x = (float)t->v[i];
        uint32_t bits;
        memcpy(&bits, &x, sizeof bits);
        add_bytes(to, bits, 4);
    }
}

struct qkv_err safetensors_write(const char *path, const struct named_tensors *tensors)
{
    struct str header = {0}, file = {0};
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < tensors->n; i++)
        err = check_fits(&tensors->v[i]);
    if (!err.code)
        err = header_text(tensors, &header);
    if (!err.code) {
        add_bytes(&file, header.n, 8);
        str_addn(&file, str_text(&header), header.n);
        for (size_t i = 0; i < tensors->n; i++)
            add_numbers(&file, &tensors->v[i].tensor);
        err = file.failed ? qkv_nomem("a tensor file") : file_write(path, file.v, file.n);
    }
    str_finish(&header);
    str_finish(&file);
    return err;
}
