#include "core/safetensors.h"

#include "base/array.h"
#include "base/file.h"

#include <jansson.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_MAX = 16 * 1024 * 1024, /* a header of a large model is about 0.1 MB */
    TENSORS_MAX = 65536,           /* far above any model */
    FILE_MAX = 1024 * 1024 * 1024  /* TENSOR_CELLS_MAX numbers of 8 bytes */
};

static const char metadata[] = "__metadata__"; /* the header's one key that is no tensor */

struct dtype {
    const char *name;
    size_t bytes;
    double (*read)(const unsigned char *at);
};

/* One tensor of the header, checked. */
struct entry {
    const char *name;
    const struct dtype *dtype;
    size_t axes, size[AXES]; /* as many axes as the file has, and the leading ones that it left out */
    size_t begin, end;       /* in the data */
};

struct entries {
    struct entry *v;
    size_t n, capacity;
};

static uint64_t little_endian(const unsigned char *at, int n)
{
    uint64_t x = 0;
    for (int i = n - 1; i >= 0; i--)
        x = x << 8 | at[i];
    return x;
}

static double read_f64(const unsigned char *at)
{
    uint64_t bits = little_endian(at, 8);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static double float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return (double)x;
}

static double read_f32(const unsigned char *at)
{
    return float_of((uint32_t)little_endian(at, 4));
}

/* BF16 is the upper half of an F32. */
static double read_bf16(const unsigned char *at)
{
    return float_of((uint32_t)little_endian(at, 2) << 16);
}

/* IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
static double read_f16(const unsigned char *at)
{
    unsigned bits = (unsigned)little_endian(at, 2);
    int exponent = bits >> 10 & 31;
    double fraction = bits & 1023, size;
    if (exponent == 31)
        size = fraction != 0 ? (double)NAN : (double)INFINITY;
    else if (exponent == 0)
        size = ldexp(fraction, -24);
    else
        size = ldexp(fraction + 1024, exponent - 25);
    return bits >> 15 ? -size : size;
}

static const struct dtype dtypes[] = {
    {"F64", 8, read_f64}, {"F32", 4, read_f32}, {"F16", 2, read_f16}, {"BF16", 2, read_bf16}};

static struct qkv_err read_dtype(const json_t *of, struct entry *e)
{
    const char *name = json_string_value(json_object_get(of, "dtype"));
    if (!name)
        return qkv_errf(QKV_ERR_SYNTAX, "%s: its dtype is missing", e->name);
    for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0]; i++)
        if (strcmp(dtypes[i].name, name) == 0)
            e->dtype = &dtypes[i];
    if (!e->dtype)
        return qkv_errf(QKV_ERR_DOMAIN, "%s: its dtype '%.20s' is not read; wanted F64, F32, F16 or BF16", e->name,
                        name);
    return (struct qkv_err){0};
}

static struct qkv_err read_shape(const json_t *of, struct entry *e)
{
    const json_t *shape = json_object_get(of, "shape");
    size_t n = json_array_size(shape);
    if (!json_is_array(shape))
        return qkv_errf(QKV_ERR_SYNTAX, "%s: its shape is missing", e->name);
    if (n > AXES)
        return qkv_errf(QKV_ERR_DOMAIN, "%s: it has %zu axes; wanted at most %d", e->name, n, (int)AXES);
    e->axes = n;
    for (size_t a = 0; a < AXES; a++)
        e->size[a] = 1;
    for (size_t a = 0; a < n; a++) {
        const json_t *side = json_array_get(shape, a);
        json_int_t size = json_integer_value(side);
        if (!json_is_integer(side) || size < 0)
            return qkv_errf(QKV_ERR_SYNTAX, "%s: its shape must be whole numbers", e->name);
        if (size < 1 || size > TENSOR_SIDE_MAX)
            return qkv_errf(QKV_ERR_LIMIT, "%s: a side of %lld; wanted 1 to %d", e->name, (long long)size,
                            TENSOR_SIDE_MAX);
        e->size[AXES - n + a] = (size_t)size;
    }
    /* Sides are at most 2^16, so that three of them fit 64 bits. */
    if ((uint64_t)e->size[0] * e->size[1] * e->size[2] > TENSOR_CELLS_MAX)
        return qkv_errf(QKV_ERR_LIMIT, "%s: it has more than %d cells", e->name, TENSOR_CELLS_MAX);
    return (struct qkv_err){0};
}

static struct qkv_err read_offsets(const json_t *of, size_t data, struct entry *e)
{
    const json_t *offsets = json_object_get(of, "data_offsets");
    const json_t *begin = json_array_get(offsets, 0), *end = json_array_get(offsets, 1);
    if (json_array_size(offsets) != 2 || !json_is_integer(begin) || !json_is_integer(end))
        return qkv_errf(QKV_ERR_SYNTAX, "%s: its data_offsets must be two whole numbers", e->name);
    json_int_t from = json_integer_value(begin), to = json_integer_value(end);
    if (from < 0 || to < from || (uint64_t)to > data)
        return qkv_errf(QKV_ERR_SYNTAX, "%s: its data_offsets [%lld, %lld] lie outside the file's %zu bytes of data",
                        e->name, (long long)from, (long long)to, data);
    e->begin = (size_t)from;
    e->end = (size_t)to;
    size_t wanted = e->size[0] * e->size[1] * e->size[2] * e->dtype->bytes;
    if (e->end - e->begin != wanted)
        return qkv_errf(QKV_ERR_SYNTAX, "%s: its shape needs %zu bytes, its data_offsets hold %zu", e->name, wanted,
                        e->end - e->begin);
    return (struct qkv_err){0};
}

static struct qkv_err read_entry(const char *name, const json_t *of, size_t data, struct entry *ret)
{
    struct entry e = {.name = name};
    if (!json_is_object(of))
        return qkv_errf(QKV_ERR_SYNTAX, "%.60s: its entry in the header must be an object", name);
    struct qkv_err err = read_dtype(of, &e);
    if (!err.code)
        err = read_shape(of, &e);
    if (!err.code)
        err = read_offsets(of, data, &e);
    if (!err.code)
        *ret = e;
    return err;
}

static int by_offset(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    return (left->begin > right->begin) - (left->begin < right->begin);
}

/* In this format every byte belongs to one tensor. Gaps are accepted, overlaps are not. */
static struct qkv_err check_overlaps(const struct entries *all)
{
    for (size_t i = 1; i < all->n; i++)
        if (all->v[i].begin < all->v[i - 1].end)
            return qkv_errf(QKV_ERR_SYNTAX, "%s: its data overlap those of %s", all->v[i].name, all->v[i - 1].name);
    return (struct qkv_err){0};
}

static struct qkv_err read_entries(json_t *header, size_t data, struct entries *all)
{
    const char *name;
    json_t *of;
    struct qkv_err err = {0};
    json_object_foreach(header, name, of)
    {
        if (err.code || strcmp(name, metadata) == 0)
            continue;
        if (strlen(name) == 0 || strlen(name) >= sizeof((struct named_tensor *)0)->name) {
            err = qkv_errf(QKV_ERR_LIMIT, "'%.60s': a tensor's name must have 1 to %zu bytes", name,
                           sizeof((struct named_tensor *)0)->name - 1);
            continue;
        }
        if (!array_reserve(&all->v, &all->capacity, all->n + 1, sizeof *all->v))
            return qkv_nomem("the tensors of a file");
        err = read_entry(name, of, data, &all->v[all->n]);
        all->n += !err.code;
    }
    if (err.code || all->n == 0)
        return err;
    qsort(all->v, all->n, sizeof *all->v, by_offset);
    return check_overlaps(all);
}

static struct qkv_err read_numbers(const struct entry *e, const unsigned char *data, bool any, struct tensor *ret)
{
    struct tensor t;
    struct qkv_err err = tensor_init_sizes(&t, e->size[0], e->size[1], e->size[2]);
    size_t cells = e->size[0] * e->size[1] * e->size[2], rows = e->size[1], cols = e->size[2];
    for (size_t i = 0; !err.code && i < cells; i++) {
        t.v[i] = e->dtype->read(data + e->begin + i * e->dtype->bytes);
        if (!any && !isfinite(t.v[i]))
            err = qkv_errf(QKV_ERR_DOMAIN, "%s: its cell [%zu, %zu, %zu] is %g; wanted a finite number", e->name,
                           i / cols / rows, i / cols % rows, i % cols, t.v[i]);
    }
    if (err.code)
        tensor_finish(&t);
    else
        *ret = t;
    return err;
}

static struct qkv_err read_tensors(const struct entries *all, const unsigned char *data, bool any,
                                   struct named_tensors *ret)
{
    struct named_tensors named = {0};
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < all->n; i++) {
        struct tensor t = {0};
        err = read_numbers(&all->v[i], data, any, &t);
        if (!err.code)
            err = named_tensors_append(&named, all->v[i].name, &t); /* the header's names differ */
        if (!err.code)
            named.v[named.n - 1].axes = all->v[i].axes;
        tensor_finish(&t);
    }
    if (err.code)
        named_tensors_finish(&named);
    else
        *ret = named;
    return err;
}

struct qkv_err safetensors_open(const void *bytes, size_t n, struct safetensors *ret)
{
    uint64_t header_bytes = n < 8 ? 0 : little_endian(bytes, 8);
    if (n < 8 || header_bytes > n - 8)
        return qkv_errf(QKV_ERR_SYNTAX, "not a safetensors file: the header reaches beyond the end of the file");
    if (header_bytes > HEADER_MAX)
        return qkv_errf(QKV_ERR_LIMIT, "a header of more than %d bytes", HEADER_MAX);
    json_error_t where;
    struct safetensors file = {.data = (const unsigned char *)bytes + 8 + header_bytes,
                               .n = n - 8 - (size_t)header_bytes};
    file.header = json_loadb((const char *)bytes + 8, (size_t)header_bytes, JSON_REJECT_DUPLICATES, &where);
    /* Where memory ran out, Jansson often has nothing to say. */
    if (!file.header)
        return where.text[0] && json_error_code(&where) != json_error_out_of_memory
                   ? qkv_errf(QKV_ERR_SYNTAX, "not a safetensors file: in its header, %.120s", where.text)
                   : qkv_nomem("the header of a safetensors file");
    struct qkv_err err = {0};
    if (!json_is_object(file.header))
        err = qkv_errf(QKV_ERR_SYNTAX, "not a safetensors file: the header is not a JSON object");
    else if (json_object_size(file.header) > TENSORS_MAX)
        err = qkv_errf(QKV_ERR_LIMIT, "more than %d tensors", TENSORS_MAX);
    if (err.code)
        safetensors_close(&file);
    else
        *ret = file;
    return err;
}

void safetensors_close(struct safetensors *file)
{
    json_decref(file->header);
    *file = (struct safetensors){0};
}

size_t safetensors_names(const struct safetensors *file, const char *names[], size_t max)
{
    const char *name;
    json_t *of;
    size_t n = 0;
    json_object_foreach(file->header, name, of) if (n < max && strcmp(name, metadata) != 0) names[n++] = name;
    return n;
}

bool safetensors_has(const struct safetensors *file, const char *name)
{
    return json_object_get(file->header, name) != NULL;
}

/* Of the other tensors only the offsets are checked: they may have dtypes and shapes that are not read. */
static struct qkv_err check_alone(const struct safetensors *file, const struct entry *e)
{
    const char *name;
    json_t *of;
    json_object_foreach(file->header, name, of)
    {
        const json_t *offsets = json_object_get(of, "data_offsets");
        json_int_t from = json_integer_value(json_array_get(offsets, 0)),
                   to = json_integer_value(json_array_get(offsets, 1));
        if (strcmp(name, e->name) != 0 && from < to && from < (json_int_t)e->end && to > (json_int_t)e->begin)
            return qkv_errf(QKV_ERR_SYNTAX, "%.60s: its data overlap those of %.60s", e->name, name);
    }
    return (struct qkv_err){0};
}

struct qkv_err safetensors_take(const struct safetensors *file, const char *name, struct tensor *ret)
{
    struct entry e;
    struct qkv_err err = read_entry(name, json_object_get(file->header, name), file->n, &e);
    if (!err.code)
        err = check_alone(file, &e);
    return err.code ? err : read_numbers(&e, file->data, false, ret);
}

static struct qkv_err parse(const unsigned char *bytes, size_t n, bool any, struct named_tensors *ret)
{
    struct safetensors file;
    struct entries all = {0};
    struct qkv_err err = safetensors_open(bytes, n, &file);
    if (err.code)
        return err;
    err = read_entries(file.header, file.n, &all);
    if (!err.code)
        err = read_tensors(&all, file.data, any, ret);
    free(all.v);
    safetensors_close(&file);
    return err;
}

struct qkv_err safetensors_parse(const void *bytes, size_t n, struct named_tensors *ret)
{
    return parse(bytes, n, false, ret);
}

static struct qkv_err read_file(const char *path, bool any, struct named_tensors *ret)
{
    struct str text = {0};
    struct qkv_err err = file_read(path, FILE_MAX, &text);
    if (err.code)
        return err;
    err = parse((const unsigned char *)str_text(&text), text.n, any, ret);
    str_finish(&text);
    if (!err.code)
        return err;
    return qkv_errf(err.code, "%.80s: %s", path, err.what);
}

struct qkv_err safetensors_read(const char *path, struct named_tensors *ret)
{
    return read_file(path, false, ret);
}

struct qkv_err safetensors_read_any(const char *path, struct named_tensors *ret)
{
    return read_file(path, true, ret);
}
