#include "core/safetensors.h"

#include "base/file.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number beyond F32 would be written as an infinity that nobody computed; -inf is a blocked score. */
static struct qkv_err check_fits(const struct named_tensor *named)
{
    const struct tensor *t = &named->tensor;
    for (size_t i = 0; i < tensor_cells(t); i++)
        if (!(fabs(t->v[i]) <= (double)FLT_MAX) && t->v[i] != -INFINITY)
            return qkv_errf(QKV_ERR_DOMAIN, "%s: a cell is %g, which F32 cannot hold", named->name, t->v[i]);
    return (struct qkv_err){0};
}

/* The JSON header, padded so that the numbers begin at a multiple of 8 bytes. */
static void add_header(struct str *to, const struct named_tensors *tensors)
{
    size_t at = 0;
    str_add(to, "{");
    for (size_t i = 0; i < tensors->n; i++) {
        const struct axis *axis = tensors->v[i].tensor.axis;
        size_t axes = tensors->v[i].axes > 0 ? tensors->v[i].axes : AXES;
        size_t end = at + 4 * tensor_cells(&tensors->v[i].tensor);
        str_add(to, i ? "," : "");
        str_add_quoted(to, tensors->v[i].name);
        str_add(to, ":{\"dtype\":\"F32\",\"shape\":[");
        for (size_t a = AXES - axes; a < AXES; a++)
            str_addf(to, "%s%zu", a > AXES - axes ? "," : "", axis[a].size);
        str_addf(to, "],\"data_offsets\":[%zu,%zu]}", at, end);
        at = end;
    }
    str_add(to, "}");
    while (to->n % 8 != 0 && !to->failed)
        str_add(to, " ");
}

/* The n lowest bytes of x, the lowest first. Returns what follows them. */
static char *put_bytes(char *to, uint64_t x, int n)
{
    for (int i = 0; i < n; i++)
        *to++ = (char)(x >> 8 * i & 255);
    return to;
}

static char *put_numbers(char *to, const struct tensor *t)
{
    for (size_t i = 0; i < tensor_cells(t); i++) {
        float x = (float)t->v[i];
        uint32_t bits;
        memcpy(&bits, &x, sizeof bits);
        to = put_bytes(to, bits, 4);
    }
    return to;
}

/* All of the file in memory, no more than it needs: it may be large. */
static struct qkv_err write_whole(const char *path, const struct str *header, const struct named_tensors *tensors)
{
    size_t n = 8 + header->n;
    for (size_t i = 0; i < tensors->n; i++)
        n += 4 * tensor_cells(&tensors->v[i].tensor);
    char *bytes = malloc(n);
    if (!bytes)
        return qkv_nomem("a tensor file");
    char *to = put_bytes(bytes, header->n, 8);
    memcpy(to, header->v, header->n);
    to += header->n;
    for (size_t i = 0; i < tensors->n; i++)
        to = put_numbers(to, &tensors->v[i].tensor);
    struct qkv_err err = file_write(path, bytes, n);
    free(bytes);
    return err;
}

struct qkv_err safetensors_write(const char *path, const struct named_tensors *tensors)
{
    struct str header = {0};
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < tensors->n; i++)
        err = check_fits(&tensors->v[i]);
    if (!err.code)
        add_header(&header, tensors);
    if (!err.code)
        err = header.failed ? qkv_nomem("a tensor file") : write_whole(path, &header, tensors);
    str_finish(&header);
    return err;
}

struct qkv_err tape_save(const struct tape *tape, const char *path)
{
    /* The tensors remain owned by the tape. */
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
