/* Wherever memory runs out while a lesson is opened, that is said, nothing leaks, and the next time it opens. */
#include "support/check.h"
#include "support/fail_alloc.h"
#include "support/sample.h"

#include "lesson/glass/glass.h"
#include "lesson/lesson.h"
#include "lesson/text/builtin.h"

/* What a lesson amounts to, to see that one is whole. */
struct size {
    size_t words, steps, stops;
};

static struct qkv_err open_and_close(const char *name, const struct lesson_options *options, struct size *ret)
{
    OWN(lesson) lesson = {0};
    struct qkv_err err = lesson_open(name, options, &lesson, NULL);
    *ret = (struct size){lesson.sentence.words.n, lesson.tape.n, lesson.n_stops};
    return err;
}

/* One allocation in SAMPLE_EVERY, or all of them. The handcrafted model is read with the first lesson that has its
 * words, and stays. */
enum { SAMPLE_EVERY = 13 };
static void allocations_fail_once(const char *name, const struct lesson_options *options)
{
    struct size whole, size;
    fail_alloc_at(0);
    assert_ok(open_and_close(name, options, &whole));
    long allocations = fail_alloc_count();
    print_message("%s: %ld allocations\n", name, allocations);
    assert_true(allocations > 20);
    for (long n = 1; n <= allocations; n += test_all() ? 1 : SAMPLE_EVERY) {
        fail_alloc_at(n);
        struct qkv_err err = open_and_close(name, options, &size);
        fail_alloc_at(0);
        /* utf8proc does without the memory when it only wanted to give some back; then the lesson must be whole. */
        bool made_do = !err.code && memcmp(&size, &whole, sizeof size) == 0;
        /* Jansson takes some of its own failures for a mistake in the header that it reads. */
        bool misread = err.code == QKV_ERR_SYNTAX && strstr(err.what, "not a safetensors file: in its header") != NULL;
        if (err.code != QKV_ERR_NOMEM && !made_do && !misread)
            fail_msg("allocation %ld of %ld failed, but opening says: %s (%d)", n, allocations, err.what,
                     (int)err.code);
    }
    assert_ok(open_and_close(name, options, &size));
}

static bool read_model(void)
{
    const struct builtin_file *file = builtin_find("assets/glass.yaml");
    OWN(arena) arena = {0};
    struct diagnostics diagnostics = {0};
    struct glass *model = glass_read(&(struct reader){.arena = &arena, .f = &diagnostics}, file->text, file->n);
    assert_int_equal(model == NULL, diagnostics.n > 0);
    for (size_t i = 0; i < diagnostics_kept(&diagnostics); i++)
        assert_int_equal(diagnostics.v[i].code, QKV_ERR_NOMEM);
    return model && model->n_words > 900;
}

TEST(the_handcrafted_model)
{
    fail_alloc_at(0);
    assert_true(read_model());
    long allocations = fail_alloc_count();
    for (long n = 1; n <= allocations; n += test_all() ? 1 : SAMPLE_EVERY) {
        fail_alloc_at(n);
        read_model();
        fail_alloc_at(0);
    }
}

static const struct memory_case {
    const char *name, *lesson, *sentence; /* a lesson in the folder of the tests has a slash */
} memory_cases[] = {
    {"a built-in lesson", "several-heads", NULL},
    {"a sentence of one's own", "one-head", "Every café’s zorgle 睡着了!"},
    {"a file with numbers", "fuzz/corpus/lesson/numbers.yaml", NULL},
    {"a file with random weights", "fuzz/corpus/lesson/random.yaml", NULL},
    {"a file with tensors beside it", "lesson/data/two-heads.yaml", NULL},
    {"identity weights", "fuzz/corpus/lesson/identity.yaml", NULL},
    {"a file with two sequences", "fuzz/corpus/lesson/cross.yaml", NULL},
    {"a file with two computations", "fuzz/corpus/lesson/beside.yaml", NULL},
    {"a file with pictures", "fuzz/corpus/lesson/pictures.yaml", NULL},
};

TEST_ROWS(each_allocation_fails_once, memory_cases, c)
{
    allocations_fail_once(strchr(c->lesson, '/') ? tests_path("%s", c->lesson) : c->lesson,
                          &(struct lesson_options){.overrides = &(struct overrides){.sentence = c->sentence}});
}
