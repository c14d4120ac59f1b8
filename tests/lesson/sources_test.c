/* Where weights come from: a file of tensors, identity, a seed. The file is one that PyTorch's MultiheadAttention made
 * (tests/reference), as it is and packed the way models pack theirs. */
#include "lesson/opened.h"
#include "support/scratch.h"

#include "base/file.h"
#include "core/safetensors.h"
#include "lesson/inputs/weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#define FRAME "title: t\nsummary: s\nsentence: one two three four five six seven eight nine ten\n"
#define PLAIN                                                                                                          \
    "weights:\n  source: tensors\n  file: torch_multihead_10x128.in.safetensors\n"                                     \
    "  map: {X: X, W_Q: W_Q, W_K: W_K, W_V: W_V, b_Q: b_Q, b_K: b_K, b_V: b_V, W_O: W_O, b_O: b_O}\n"

/* The text of a lesson in a folder. */
static const struct lesson *open_in(const char *text, const char *folder)
{
    return open_text(text, &(struct lesson_options){.folder = folder});
}

#define assert_refused_in(text, in, code, says)                                                                        \
    assert_refused(text, (&(struct lesson_options){.folder = (in)}), code, says)

static void read_reference(const char *name, struct named_tensors *ret)
{
    assert_ok(safetensors_read(tests_path("reference/torch_multihead_10x128.%s.safetensors", name), ret));
}

TEST(a_layer_that_pytorch_saved_gives_pytorchs_weights_and_output)
{
    OWN(named_tensors) out = {0};
    const struct lesson *lesson = open_in(FRAME "settings: {heads: 8}\n" PLAIN, tests_path("reference"));
    read_reference("out", &out);
    const char *const names[] = {"weights", "output"};
    for (size_t i = 0; i < 2; i++) {
        const struct tensor *is = value_of(&lesson->tape, names[i]), *wanted = named_tensors_find(&out, names[i]);
        assert_int_equal(tensor_cells(is), tensor_cells(wanted));
        for (size_t cell = 0; cell < tensor_cells(is); cell++)
            assert_close(is->v[cell], wanted->v[cell], 1e-5);
    }
}

static void write_file(const char *name, const void *bytes, size_t n)
{
    assert_ok(file_write(in_scratch(name), bytes, n));
}

/* GPT-2's way: queries, keys and values beside each other in one matrix; Linear's way: transposed. */
static void write_packed(void)
{
    OWN(named_tensors) in = {0}, packed = {0};
    struct tensor qkv = {0}, bias = {0}, linear = {0}, x = {0};
    read_reference("in", &in);
    assert_ok(tensor_init_sizes(&qkv, 1, 128, 384));
    assert_ok(tensor_init_sizes(&bias, 1, 1, 384));
    assert_ok(tensor_init_sizes(&linear, 1, 128, 128));
    assert_ok(tensor_copy(&x, named_tensors_find(&in, "X")));
    const char *const w[] = {"W_Q", "W_K", "W_V"}, *const b[] = {"b_Q", "b_K", "b_V"};
    for (size_t c = 0; c < 384; c++) {
        *tensor_at(&bias, 0, 0, c) = *tensor_at(named_tensors_find(&in, b[c / 128]), 0, 0, c % 128);
        for (size_t i = 0; i < 128; i++)
            *tensor_at(&qkv, 0, i, c) = *tensor_at(named_tensors_find(&in, w[c / 128]), 0, i, c % 128);
    }
    for (size_t c = 0; c < 128; c++)
        for (size_t i = 0; i < 128; i++)
            *tensor_at(&linear, 0, c, i) = *tensor_at(named_tensors_find(&in, "W_Q"), 0, i, c);
    assert_ok(named_tensors_add(&packed, "hidden", &x));
    assert_ok(named_tensors_add(&packed, "attn.c_attn.weight", &qkv));
    assert_ok(named_tensors_add(&packed, "attn.c_attn.bias", &bias));
    assert_ok(named_tensors_add(&packed, "q_proj.weight", &linear));
    assert_ok(safetensors_write(in_scratch("packed.safetensors"), &packed));
}

TEST(one_head_of_a_packed_layer_is_walked_alone)
{
    static const char text[] = FRAME "weights:\n"
                                     "  source: tensors\n"
                                     "  file: packed.safetensors\n"
                                     "  words: ['[CLS]', Ġthe, \"##ing\", d, e, f, g, h, i, '[SEP]']\n"
                                     "  map:\n"
                                     "    X: hidden\n"
                                     "    W_Q: {name: q_proj.weight, transpose: true, columns: [32, 48]}\n"
                                     "    W_K: {name: attn.c_attn.weight, columns: [160, 176]}\n"
                                     "    W_V: {name: attn.c_attn.weight, columns: [288, 304]}\n"
                                     "    b_Q: {name: attn.c_attn.bias, columns: [32, 48]}\n"
                                     "    b_K: {name: attn.c_attn.bias, columns: [160, 176]}\n"
                                     "    b_V: {name: attn.c_attn.bias, columns: [288, 304]}\n";
    OWN(named_tensors) out = {0};
    write_packed();
    const struct lesson *lesson = open_in(text, scratch_folder());
    read_reference("out", &out);
    for (size_t t = 0; t < 10; t++)
        for (size_t s = 0; s < 10; s++)
            assert_close(*tensor_at(value_of(&lesson->tape, "weights"), 0, t, s),
                         *tensor_at(named_tensors_find(&out, "weights"), 2, t, s), 1e-5);
    assert_string_equal(lesson->sentence.words.v[0], "[CLS]");
    assert_string_equal(axis_label(&value_of(&lesson->tape, "weights")->axis[AXIS_COL], 0, 9), "[SEP]");
}

#define WITH_FILE(file) FRAME "weights: {source: tensors, file: " file ", map: {X: X, W_Q: W_Q, W_K: W_K, W_V: W_V}}\n"
#define WITH_X(x)                                                                                                      \
    FRAME "weights: {source: tensors, file: torch_multihead_10x128.in.safetensors, map: {X: " x                        \
          ", W_Q: W_Q, W_K: W_K, W_V: W_V}}\n"

static const struct refusal {
    const char *name, *text;
    enum qkv_code code;
    const char *says;
} refusals[] = {
    {"a file above the lesson's folder", WITH_FILE("../reference/x.safetensors"), QKV_ERR_DOMAIN,
     "in the lesson's folder"},
    {"a file that climbs out further on", WITH_FILE("a/../../x"), QKV_ERR_DOMAIN, "in the lesson's folder"},
    {"a file at a place of its own", WITH_FILE("/dev/zero"), QKV_ERR_DOMAIN, "in the lesson's folder"},
    {"a file that is not there", WITH_FILE("none.safetensors"), QKV_ERR_IO, "none.safetensors"},
    {"a file of another kind", WITH_FILE("cases.tsv"), QKV_ERR_SYNTAX, ""},
    {"a tensor that is not there", WITH_X("X_"), QKV_ERR_DOMAIN, "no tensor 'X_'"},
    {"rows past the end", WITH_X("{name: X, rows: [0, 11]}"), QKV_ERR_DOMAIN, "rows"},
    {"no rows at all", WITH_X("{name: X, rows: [3, 3]}"), QKV_ERR_DOMAIN, "rows"},
    {"one number for two", WITH_X("{name: X, columns: [3]}"), QKV_ERR_SYNTAX, "columns is [from, to]"},
    {"fewer rows than words", WITH_X("{name: X, rows: [0, 9]}"), QKV_ERR_SHAPE, "X has 9 rows, but there are 10 words"},
    {"widths that do not fit", WITH_X("{name: X, columns: [0, 64]}"), QKV_ERR_SHAPE, ""},
    {"an input that attention has not",
     FRAME "weights: {source: tensors, file: a, map: {X: X, W_Q: W_Q, W_K: k, W_V: v, b_q: b}}\n", QKV_ERR_DOMAIN,
     "unknown field 'b_q'"},
    {"tokens that cannot be shown", FRAME "weights: {source: tensors, file: a, words: [\"a\\ab\"], map: {}}\n",
     QKV_ERR_SYNTAX, "U+0007"},
    {"identity with a head that divides nothing",
     FRAME "settings: {heads: 3}\nweights: {source: identity, features: [noun, verb]}\n", QKV_ERR_SHAPE, ""},
};

TEST_ROWS(this_is_refused, refusals, c)
{
    assert_refused_in(c->text, tests_path("reference"), c->code, c->says);
}

TEST(a_text_without_a_folder_reads_no_file)
{
    assert_refused_in(FRAME PLAIN, NULL, QKV_ERR_IO, "no folder");
}

TEST(with_identity_scores_are_products_of_the_words_rows)
{
    static const char text[] = "title: t\nsummary: s\nsentence: The cats saw a zorgle\nweights: {source: identity}\n";
    const struct lesson *lesson = open_in(text, NULL);
    const struct tensor *x = value_of(&lesson->tape, "X"), *scores = value_of(&lesson->tape, "scores");
    for (size_t t = 0; t < 5; t++)
        for (size_t s = 0; s < 5; s++) {
            double sum = 0;
            for (size_t i = 0; i < x->axis[AXIS_COL].size; i++)
                sum += *tensor_at(x, 0, t, i) * *tensor_at(x, 0, s, i);
            assert_close(*tensor_at(scores, 0, t, s), sum, 1e-12);
        }
    assert_close(*tensor_at(scores, 0, 1, 1), 3, 1e-12); /* cats: noun, animate, plural */
    assert_true(lesson->sentence.guessed[4] && !lesson->sentence.guessed[1]);
    assert_string_equal(axis_label(&value_of(&lesson->tape, "Q")->axis[AXIS_COL], 0, 0), "noun");
}

static double first_weight(const char *weights)
{
    char text[256];
    snprintf(text, sizeof text, FRAME "weights: %s\n", weights);
    double w = *tensor_at(value_of(&open_in(text, NULL)->tape, "weights"), 0, 0, 1);
    close_lessons();
    return w;
}

TEST(without_a_memory_keys_are_made_of_columns_called_like_those_of_x)
{
    static const char text[] = "title: t\nsummary: s\nsentence: a b\nweights:\n  source: numbers\n"
                               "  features: [red, round]\n  X: [[1, 0], [0, 1]]\n  W_Q: [[1], [0]]\n"
                               "  W_K: [[1], [0]]\n  W_V: [[1], [0]]\n";
    const struct lesson *lesson = open_in(text, NULL);
    static const char *const of_words[] = {"W_Q", "W_K", "W_V"};
    for (size_t i = 0; i < sizeof of_words / sizeof of_words[0]; i++)
        assert_string_equal(axis_label(&value_of(&lesson->tape, of_words[i])->axis[AXIS_ROW], 0, 1), "round");
}

TEST(a_choice_of_weights_is_read_once_and_printed_with_all_that_it_said)
{
    static const struct {
        const char *text, *printed;
    } rows[] = {
        {"{source: random, seed: 7}", "{source: random, seed: 7}"},
        {"{d_k: 4, seed: 0, source: random, d_model: 8}", "{source: random, seed: 0, d_model: 8, d_k: 4}"},
        {"{source: glass, heads: [pronoun, 'a, b'], seed: 3, numbers: {mask: [[1, 0], [1, 1]]}}",
         "{source: glass, seed: 3, heads: [pronoun, \"a, b\"], numbers: {mask: [[1, 0], [1, 1]]}}"},
        {"{source: random, seed: seven, d_k: [a, b]}", "{source: random, seed: seven, d_k: [a, b]}"},
    };
    struct weights_choice choice;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        OWN(str) rest = {0}, text = {0};
        assert_ok(weights_choice_read(rows[i].text, &choice, &rest));
        weights_choice_print(&choice, str_text(&rest), &text);
        assert_string_equal(str_text(&text), rows[i].printed);
    }
    OWN(str) rest = {0};
    assert_error(weights_choice_read("{source: [", &choice, &rest), QKV_ERR_SYNTAX, "");
}

TEST(every_shape_of_every_mechanism_is_read_into_data)
{
    for (size_t m = 0; mechanism_table[m]; m++)
        for (size_t i = 0; i < mechanism_table[m]->n_inputs; i++) {
            struct shape shapes[SHAPE_ALTERNATIVES];
            OWN(str) text = {0};
            char dim[DIM_TEXT];
            assert_true(shape_read(mechanism_table[m]->inputs[i].shape, shapes));
            for (int k = 0; k < SHAPE_ALTERNATIVES && shapes[k].depth; k++) {
                str_add(&text, k ? " or [" : "[");
                for (int d = 0; d < shapes[k].depth; d++)
                    str_addf(&text, "%s%s", d ? ", " : "", dim_text(shapes[k].dim[d], dim));
                str_add(&text, "]");
            }
            assert_string_equal(str_text(&text), mechanism_table[m]->inputs[i].shape);
        }
}

TEST(one_seed_gives_one_set_of_numbers)
{
    assert_close(first_weight("{source: random, seed: 5}"), first_weight("{source: random, seed: 5}"), 0);
    assert_true(first_weight("{source: random, seed: 5}") != first_weight("{source: random, seed: 6}"));
}

TEST(a_lesson_at_a_path_finds_the_file_beside_it)
{
    static const char text[] = FRAME "weights: {source: tensors, file: packed.safetensors, map: {X: hidden, "
                                     "W_Q: q_proj.weight, W_K: q_proj.weight, W_V: q_proj.weight}}\n";
    char buffer[64];
    OWN(lesson) lesson = {0};
    write_packed();
    write_file("beside.yaml", text, sizeof text - 1);
    struct qkv_err err = lesson_open(in_scratch("beside.yaml"), NULL, &lesson, NULL);
    assert_ok(err);
    assert_string_equal(lesson_folder("a/b.yaml", buffer, sizeof buffer), "a");
    assert_string_equal(lesson_folder("b.yaml", buffer, sizeof buffer), ".");
    assert_string_equal(lesson_folder("-", buffer, sizeof buffer), ".");
    assert_string_equal(lesson_folder("/b.yaml", buffer, sizeof buffer), "/");
}

/* What models' files hold besides what a lesson takes from them. */
#define LONG "model.decoder.layers.0.self_attention.query_key_value.lora_embedding_A.default.weight"
static const struct bystander {
    const char *name, *dtype, *shape;
    size_t bytes;
    int byte; /* all of them */
    enum qkv_code code;
    const char *says; /* when it is taken all the same */
} bystanders[] = {
    {"attn.bias", "F32", "[1, 1, 2, 2]", 16, 0, QKV_ERR_DOMAIN, "it has 4 axes"},
    {"position_ids", "I64", "[1, 2]", 16, 0, QKV_ERR_DOMAIN, "its dtype 'I64' is not read"},
    {"wte", "F16", "[128256, 1]", 256512, 0, QKV_ERR_LIMIT, "a side of 128256"},
    {"ln.weight", "F32", "[1, 2]", 8, 0xFF, QKV_ERR_DOMAIN, "nan; wanted a finite number"},
    {LONG, "I64", "[1]", 8, 0, QKV_ERR_DOMAIN, "its dtype 'I64' is not read"},
};

TEST_ROWS(a_tensor_that_no_input_takes_may_be_anything, bystanders, b)
{
    static const char map[] = "title: t\nsummary: s\nsentence: a b\nweights: {source: tensors, file: m.safetensors, "
                              "map: {X: \"%s\", W_Q: w, W_K: w, W_V: w}}\n";
    char header[512] = "", text[512];
    snprintf(header + 8, sizeof header - 8,
             "{\"w\": {\"dtype\": \"F32\", \"shape\": [2, 2], \"data_offsets\": [0, 16]}, \"%s\": {\"dtype\": \"%s\", "
             "\"shape\": %s, \"data_offsets\": [16, %zu]}}",
             b->name, b->dtype, b->shape, 16 + b->bytes);
    size_t length = strlen(header + 8), n = 8 + length + 16 + b->bytes;
    header[0] = (char)(length % 256), header[1] = (char)(length / 256);
    char *bytes = calloc(n, 1);
    assert_non_null(bytes);
    memcpy(bytes, header, 8 + length);
    memset(bytes + n - b->bytes, b->byte, b->bytes);
    write_file("m.safetensors", bytes, n);
    free(bytes);
    snprintf(text, sizeof text, map, "w");
    open_in(text, scratch_folder());
    close_lessons();
    snprintf(text, sizeof text, map, b->name);
    assert_refused_in(text, scratch_folder(), b->code, b->says);
}

static size_t put_chunk(unsigned char *to, const char *kind, const unsigned char *data, size_t n)
{
    const unsigned char length[] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16), (unsigned char)(n >> 8),
                                    (unsigned char)n};
    memcpy(to, length, 4);
    memcpy(to + 4, kind, 4);
    if (n)
        memcpy(to + 8, data, n);
    unsigned long crc = crc32(0, to + 4, (unsigned)n + 4);
    for (int i = 0; i < 4; i++)
        to[8 + n + (size_t)i] = (unsigned char)(crc >> (24 - 8 * i));
    return n + 12;
}

/* A grey PNG whose compressed part holds so many zeros. */
static void write_png(const char *name, unsigned side, size_t zeros)
{
    unsigned char header[13] = {0, 0, (unsigned char)(side >> 8), (unsigned char)side,
                                0, 0, (unsigned char)(side >> 8), (unsigned char)side,
                                8};
    unsigned char *raw = calloc(zeros, 1);
    uLong packed = compressBound((uLong)zeros);
    unsigned char *data = malloc(packed), *file = malloc(packed + 100);
    assert_true(raw && data && file);
    assert_int_equal(compress(data, &packed, raw, (uLong)zeros), Z_OK);
    memcpy(file, "\x89PNG\r\n\x1a\n", 8);
    size_t n = 8 + put_chunk(file + 8, "IHDR", header, sizeof header);
    n += put_chunk(file + n, "IDAT", data, packed);
    n += put_chunk(file + n, "IEND", NULL, 0);
    write_file(name, file, n);
    free(file);
    free(data);
    free(raw);
}

TEST(a_picture_is_measured_before_it_is_unpacked)
{
    static const char text[] = "title: t\nsummary: s\nsentence: {image: p.png, patch: 8}\n"
                               "weights: {source: random, seed: 1, X: pixels}\n";
    write_png("p.png", 16, 16 * 17);
    const struct lesson *lesson = open_in(text, scratch_folder());
    assert_int_equal(lesson->sentence.words.n, 4);
    write_png("p.png", 16, 64 * 1024 * 1024);
    assert_refused_in(text, scratch_folder(), QKV_ERR_LIMIT, "unpacks to more than its");
    write_png("p.png", 46000, 1000);
    assert_refused_in(text, scratch_folder(), QKV_ERR_LIMIT, "46000x46000; at most 2048x2048");
}

TEST_GROUP(scratch_folder_make, scratch_folder_remove)
