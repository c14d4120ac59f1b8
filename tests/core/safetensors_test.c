/* safetensors_test.c: tensor files are read as they were meant, and refused with a reason when they are damaged. */
#include "support/check.h"
#include "support/scratch.h"

#include "base/file.h"
#include "core/record_run.h"
#include "core/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A file of this header and these data bytes. */
static struct str file_of(const char *header, const void *data, size_t n)
{
    struct str s = {0};
    char length[8] = {(char)(strlen(header) & 255), (char)(strlen(header) >> 8)};
    str_addn(&s, length, sizeof length);
    str_add(&s, header);
    str_addn(&s, data, n);
    assert_false(s.failed);
    return s;
}

static struct qkv_err parse(const struct str *file, struct named_tensors *ret)
{
    /* Memory of exactly that size, so that a read past the end is seen. */
    char *bytes = malloc(file->n ? file->n : 1);
    assert_non_null(bytes);
    memcpy(bytes, file->v, file->n);
    struct qkv_err err = safetensors_parse(bytes, file->n, ret);
    free(bytes);
    return err;
}

/* The number that x is read as, or why it is refused. */
static const struct reading {
    const char *dtype, *shape;
    unsigned char bytes[16];
    size_t n;
    double want;
    const char *message; /* NULL: it is read */
} readings[] = {
    {"F64", "[1]", {0x18, 0x2d, 0x44, 0x54, 0xfb, 0x21, 0x09, 0x40}, 8, 3.141592653589793, NULL},
    {"F32", "[1]", {0, 0, 0x20, 0xc0}, 4, -2.5, NULL},
    {"F32", "[1]", {1, 0, 0, 0}, 4, 1.401298464324817e-45, NULL},
    {"F16", "[1]", {0x00, 0x3c}, 2, 1, NULL},
    {"F16", "[1]", {0x00, 0xc1}, 2, -2.5, NULL},
    {"F16", "[1]", {0xff, 0x7b}, 2, 65504, NULL},
    {"F16", "[1]", {0x01, 0x00}, 2, 5.960464477539063e-08, NULL},
    {"F16", "[1]", {0xff, 0x03}, 2, 6.097555160522461e-05, NULL},
    {"F16", "[1]", {0x00, 0x80}, 2, 0, NULL},
    {"BF16", "[1]", {0x80, 0x3f}, 2, 1, NULL},
    {"BF16", "[1]", {0x20, 0xc0}, 2, -2.5, NULL},
    {"F32", "[2,2]", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x7f}, 16, 0, "x: its cell [0, 1, 0] is inf"},
    {"F32", "[1]", {0, 0, 0xc0, 0x7f}, 4, 0, "x: its cell [0, 0, 0] is nan"},
    {"F16", "[2]", {0, 0, 0, 0xfc}, 4, 0, "x: its cell [0, 0, 1] is -inf"},
    {"BF16", "[1]", {0x80, 0x7f}, 2, 0, "x: its cell [0, 0, 0] is inf"},
    {"F64", "[1]", {0, 0, 0, 0, 0, 0, 0xf0, 0xff}, 8, 0, "x: its cell [0, 0, 0] is -inf"},
};

TEST_ROWS_BY(every_dtype_is_read_to_the_bit_and_nan_and_infinity_are_refused_naming_the_cell, readings, r, dtype)
{
    char header[120];
    snprintf(header, sizeof header, "{\"x\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[0,%zu]}}", r->dtype,
             r->shape, r->n);
    OWN(str) file = file_of(header, r->bytes, r->n);
    OWN(named_tensors) t = {0};
    if (r->message) {
        assert_error(parse(&file, &t), QKV_ERR_DOMAIN, r->message);
    } else {
        assert_ok(parse(&file, &t));
        assert_true(named_tensors_find(&t, "x")->v[0] == r->want);
    }
}

TEST(missing_leading_axes_become_one_and_metadata_is_ignored)
{
    const float data[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    OWN(str) file = file_of("{\"__metadata__\":{\"format\":\"pt\"},"
                            "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]},"
                            "\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[32,36]},"
                            "\"W\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}   ",
                            data, sizeof data);
    OWN(named_tensors) t = {0};
    char shape[TENSOR_SHAPE_TEXT];
    assert_ok(parse(&file, &t));
    assert_int_equal(t.n, 3);
    assert_string_equal(tensor_shape_text(named_tensors_find(&t, "W"), shape), "[1, 2, 3]");
    assert_string_equal(tensor_shape_text(named_tensors_find(&t, "b"), shape), "[1, 1, 2]");
    assert_string_equal(tensor_shape_text(named_tensors_find(&t, "s"), shape), "[1, 1, 1]");
    assert_close(*tensor_at(named_tensors_find(&t, "s"), 0, 0, 0), 9, 0);
    assert_close(*tensor_at(named_tensors_find(&t, "W"), 0, 1, 0), 4, 0);
    assert_close(*tensor_at(named_tensors_find(&t, "b"), 0, 0, 1), 8, 0);
}

#define ENTRY(name, dtype, shape, offsets)                                                                             \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"
#define ONE(dtype, shape, offsets) "{" ENTRY("x", dtype, shape, offsets) "}"

/* Each stands before 16 bytes of zeros. */
static const struct damage {
    const char *header;
    enum qkv_code code;
    const char *message;
} damages[] = {
    {"", QKV_ERR_SYNTAX, "not a safetensors file"},
    {"[]", QKV_ERR_SYNTAX, "the header is not a JSON object"},
    {"{\"x\":", QKV_ERR_SYNTAX, "not a safetensors file: in its header"},
    {"{\"x\":1}", QKV_ERR_SYNTAX, "x: its entry in the header must be an object"},
    {"{} garbage", QKV_ERR_SYNTAX, "not a safetensors file"},
    {"{" ENTRY("x", "F32", "[1]", "[0,4]") "," ENTRY("x", "F32", "[1]", "[4,8]") "}", QKV_ERR_SYNTAX, "duplicate"},
    {"{" ENTRY("x", "F32", "[2]", "[0,8]") "," ENTRY("y", "F32", "[2]", "[4,12]") "}", QKV_ERR_SYNTAX,
     "y: its data overlap those of x"},
    {"{" ENTRY("x", "F32", "[1]", "[0,4]") "," ENTRY("y", "F32", "[1]", "[0,4]") "}", QKV_ERR_SYNTAX, "overlap"},
    {ONE("F8", "[4]", "[0,4]"), QKV_ERR_DOMAIN, "x: its dtype 'F8' is not read; wanted F64, F32, F16 or BF16"},
    {ONE("I32", "[1]", "[0,4]"), QKV_ERR_DOMAIN, "x: its dtype 'I32' is not read"},
    {"{\"x\":{\"shape\":[1],\"data_offsets\":[0,4]}}", QKV_ERR_SYNTAX, "x: its dtype is missing"},
    {"{\"x\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", QKV_ERR_SYNTAX, "x: its shape is missing"},
    {"{\"x\":{\"dtype\":\"F32\",\"shape\":[1]}}", QKV_ERR_SYNTAX, "x: its data_offsets must be two whole numbers"},
    {ONE("F32", "[1,1,1,1]", "[0,4]"), QKV_ERR_DOMAIN, "x: it has 4 axes; wanted at most 3"},
    {ONE("F32", "[0]", "[0,0]"), QKV_ERR_LIMIT, "x: a side of 0"},
    {ONE("F32", "[-1]", "[0,4]"), QKV_ERR_SYNTAX, "x: its shape must be whole numbers"},
    {ONE("F32", "[1.5]", "[0,4]"), QKV_ERR_SYNTAX, "x: its shape must be whole numbers"},
    {ONE("F32", "[65537]", "[0,4]"), QKV_ERR_LIMIT, "x: a side of 65537"},
    {ONE("F32", "[9223372036854775807]", "[0,4]"), QKV_ERR_LIMIT, "x: a side of"},
    {ONE("F32", "[65536,65536,65536]", "[0,4]"), QKV_ERR_LIMIT, "x: it has more than"},
    {ONE("F32", "[5]", "[0,20]"), QKV_ERR_SYNTAX, "x: its data_offsets [0, 20] lie outside the file's 16 bytes"},
    {ONE("F32", "[1]", "[-4,0]"), QKV_ERR_SYNTAX, "lie outside"},
    {ONE("F32", "[1]", "[8,4]"), QKV_ERR_SYNTAX, "lie outside"},
    {ONE("F32", "[1]", "[0,9223372036854775807]"), QKV_ERR_SYNTAX, "lie outside"},
    {ONE("F32", "[2]", "[0,4]"), QKV_ERR_SYNTAX, "x: its shape needs 8 bytes, its data_offsets hold 4"},
    {ONE("F32", "[1]", "[0,4,8]"), QKV_ERR_SYNTAX, "x: its data_offsets must be two whole numbers"},
    {"{" ENTRY("a-name-that-is-longer-than-any-tensor-of-ours-could-sensibly-ever-be", "F32", "[1]", "[0,4]") "}",
     QKV_ERR_LIMIT, "a tensor's name must have 1 to 63 bytes"},
};

TEST_ROWS_BY(a_damaged_header_is_refused_with_the_reason, damages, c, header)
{
    const char zeros[16] = {0};
    OWN(str) file = file_of(c->header, zeros, sizeof zeros);
    OWN(named_tensors) t = {0};
    assert_error(parse(&file, &t), c->code, c->message);
    assert_null(t.v);
}

TEST(a_file_cut_anywhere_is_refused)
{
    const float data[] = {1, 2};
    OWN(str) file = file_of(ONE("F32", "[2]", "[0,8]"), data, sizeof data);
    for (size_t n = 0; n < file.n; n++) {
        struct str cut = {.v = file.v, .n = n};
        OWN(named_tensors) t = {0};
        assert_error(parse(&cut, &t), QKV_ERR_SYNTAX, "");
    }
}

TEST(a_header_length_beyond_the_file_is_refused)
{
    OWN(named_tensors) t = {0};
    const struct str huge = {.v = (char[]){-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'}, .n = 10};
    assert_error(parse(&huge, &t), QKV_ERR_SYNTAX, "the header reaches beyond the end");
}

TEST(what_is_written_is_read_again_in_the_same_order)
{
    char shape[TENSOR_SHAPE_TEXT];
    const char *path = in_scratch("all.safetensors");
    OWN(named_tensors) out = {0}, in = {0};
    const char *names[] = {"zebra", "A", "m\"quo\\ted\"\n"};
    for (size_t i = 0; i < 3; i++) {
        struct tensor t;
        assert_ok(tensor_init_sizes(&t, i + 1, 2, 3));
        for (size_t k = 0; k < tensor_cells(&t); k++)
            t.v[k] = (double)k / 4 - (double)i;
        assert_ok(named_tensors_add(&out, names[i], &t));
    }
    out.v[0].tensor.v[1] = -INFINITY; /* as in a masked score */
    out.v[0].axes = 2;
    assert_ok(safetensors_write(path, &out));
    assert_error(safetensors_read(path, &in), QKV_ERR_DOMAIN, "zebra: its cell [0, 0, 1] is -inf");
    assert_ok(safetensors_read_any(path, &in));
    assert_int_equal(in.n, 3);
    assert_int_equal(in.v[0].axes, 2);
    assert_int_equal(in.v[1].axes, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(in.v[i].name, names[i]);
        snprintf(shape, sizeof shape, "[%zu, 2, 3]", i + 1);
        char found[TENSOR_SHAPE_TEXT];
        assert_string_equal(tensor_shape_text(&in.v[i].tensor, found), shape);
        for (size_t k = 0; k < tensor_cells(&in.v[i].tensor); k++)
            assert_close(in.v[i].tensor.v[k], out.v[i].tensor.v[k], 0);
    }
}

TEST(a_number_that_f32_cannot_hold_is_not_written)
{
    const char *path = in_scratch("big.safetensors");
    OWN(named_tensors) out = {0};
    struct tensor t;
    assert_ok(tensor_init_sizes(&t, 1, 1, 1));
    t.v[0] = 1e300;
    assert_ok(named_tensors_add(&out, "big", &t));
    assert_error(safetensors_write(path, &out), QKV_ERR_DOMAIN, "big: a cell is 1e+300");
    assert_int_equal(access(path, F_OK), -1);
}

TEST_GROUP(scratch_folder_make, scratch_folder_remove)
