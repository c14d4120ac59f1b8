/* Golden pages: what every step of every lesson shows, in short: its formula, the titles, how the words begin, how many
 * items of each part there are, and a hash of the whole page printed as text. One file a lesson, golden/NAME.txt.
 *
 * A page that was changed on purpose: run this test with QKV_GOLDEN=write and look at the difference before you commit
 * it. A lesson without a file fails until it has one. */
#include "test_view.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>

enum { WORDS_SHOWN = 8, PARTS_MAX = 96, GOLDEN_BYTES_MAX = 1 << 20 };

static struct display_list list;

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

/* The texts of a part one after the other, at most `most` of them; 0: all. */
static void add_texts(const char *part, size_t most, struct str *to)
{
    str_addf(to, "  %s:", part);
    for (size_t i = 0, n = 0; i < list.n && (most == 0 || n < most); i++)
        if (list.items[i].kind == ITEM_TEXT && strcmp(list.items[i].part, part) == 0) {
            str_addf(to, " %s", display_item_text(&list, &list.items[i]));
            n++;
        }
    str_add(to, "\n");
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_counts(struct str *to)
{
    const char **parts = calloc(list.n + 1, sizeof *parts);
    assert_non_null(parts);
    for (size_t i = 0; i < list.n; i++)
        parts[i] = list.items[i].part;
    qsort(parts, list.n, sizeof *parts, by_text);
    str_add(to, "  items:");
    for (size_t i = 0, n; i < list.n; i += n) {
        for (n = 1; i + n < list.n && strcmp(parts[i], parts[i + n]) == 0;)
            n++;
        str_addf(to, " %s %zu", parts[i], n);
    }
    str_add(to, "\n");
    free(parts);
}

static void add_page(const struct test_view *v, struct str *to)
{
    struct place place = walk_place(&v->walk, v->state.position);
    struct str page = {0};
    scene_build(&v->view, &fake_measure, &list);
    /* Which number a command has is nothing that can be seen. */
    for (size_t i = 0; i < list.n; i++)
        if (list.items[i].kind == ITEM_HIT)
            list.items[i].as.hit.command = 0;
    display_print(&list, &page);
    str_addf(to, "%s", v->lesson.tape.steps[v->walk.steps[place.at].step].spec.name);
    if (place.stop >= 0)
        str_addf(to, ", stop %d", place.stop + 1);
    str_add(to, "\n");
    add_texts("formula", 0, to);
    add_texts("title", 0, to);
    add_texts("narration", WORDS_SHOWN, to);
    add_counts(to);
    str_addf(to, "  hash: %016llx\n", (unsigned long long)hash_of(str_text(&page)));
    str_finish(&page);
}

static void add_lesson(struct test_view *v, struct str *to)
{
    for (size_t p = walk_whole(&v->walk, 0), before = p + 1; p != before;
         before = p, p = walk_forward(&v->walk, p, STRIDE_STEP)) {
        v->state.position = p;
        add_page(v, to);
    }
}

/* The lines in which they differ, the first few. */
static void tell_difference(const char *name, const char *want, const char *got)
{
    int told = 0;
    char step[128] = "";
    for (int line = 1; (*want || *got) && told < 12; line++) {
        size_t w = strcspn(want, "\n"), g = strcspn(got, "\n");
        if (got[0] != ' ')
            snprintf(step, sizeof step, "%.*s", (int)g, got);
        if (w != g || strncmp(want, got, w) != 0) {
            print_error("%s.txt:%d (%s)\n  -%.*s\n  +%.*s\n", name, line, step, (int)w, want, (int)g, got);
            told++;
        }
        want += w + (want[w] == '\n');
        got += g + (got[g] == '\n');
    }
}

/* The pages of a lesson are those of the file of this name, or become them. */
static bool is_as_it_was(struct test_view *v, const char *name)
{
    const char *folder = getenv("QKV_TESTS"), *mode = getenv("QKV_GOLDEN");
    bool same = true;
    struct str got = {0}, want = {0};
    char path[1024];
    assert_non_null(folder);
    snprintf(path, sizeof path, "%s/scene/golden/%s.txt", folder, name);
    add_lesson(v, &got);
    if (mode && strcmp(mode, "write") == 0) {
        assert_ok(file_write(path, str_text(&got), got.n));
    } else {
        struct qkv_err err = file_read(path, GOLDEN_BYTES_MAX, &want);
        same = !err.code && strcmp(str_text(&want), str_text(&got)) == 0;
        if (!same)
            tell_difference(name, str_text(&want), str_text(&got));
    }
    str_finish(&got);
    str_finish(&want);
    return same;
}

static const char changed[] = "pages changed; if that is meant: QKV_GOLDEN=write";

static void every_page_is_as_it_was(void **state)
{
    (void)state;
    bool same = true;
    for (size_t i = 0; builtin_lesson_name(i); i++) {
        struct test_view v;
        test_view_open(&v, builtin_lesson_name(i));
        same = is_as_it_was(&v, v.lesson.name) && same;
        test_view_finish(&v);
    }
    if (!same)
        fail_msg("%s", changed);
}

static void so_are_pages_with_tokens_as_columns(void **state)
{
    (void)state;
    static const char *const names[][2] = {{"several-heads", "several-heads-columns"},
                                           {"linear-attention", "linear-attention-columns"}};
    bool same = true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct test_view v;
        test_view_open(&v, names[i][0]);
        v.state.columns = true;
        same = is_as_it_was(&v, names[i][1]) && same;
        test_view_finish(&v);
    }
    if (!same)
        fail_msg("%s", changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_page_is_as_it_was),
                                       cmocka_unit_test(so_are_pages_with_tokens_as_columns)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    display_finish(&list);
    return failed;
}
