/* Memory that runs out while a page is measured and drawn: an error, or the very page that it would have been. */
#include "sketch.h"
#include "support/check.h"
#include "support/fail_alloc.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static struct display_list page;

struct drawn {
    struct str png, svg;
    float width;
};

static void drawn_finish(struct drawn *d)
{
    str_finish(&d->png);
    str_finish(&d->svg);
}

static struct qkv_err draw(struct fonts *fonts, struct drawn *ret)
{
    struct measure measure = fonts_measure(fonts);
    ret->width = 0;
    for (size_t i = 0; i < page.n; i++)
        if (page.items[i].kind == ITEM_TEXT) {
            const char *text = display_item_text(&page, &page.items[i]);
            ret->width += measure.width(measure.context, page.items[i].as.text.face, 11, text, strlen(text));
        }
    struct qkv_err err = page_png(&page, fonts, &ret->png);
    return err.code ? err : page_svg(&page, fonts, "title", "description", &ret->svg);
}

static bool is_same(const struct drawn *a, const struct drawn *b)
{
    return a->width == b->width && a->png.n == b->png.n && a->svg.n == b->svg.n &&
           memcmp(a->png.v, b->png.v, a->png.n) == 0 && memcmp(a->svg.v, b->svg.v, a->svg.n) == 0;
}

static struct qkv_err start_and_draw(struct drawn *ret)
{
    struct fonts *fonts = NULL;
    struct qkv_err err = fonts_new(&fonts);
    if (!err.code)
        err = draw(fonts, ret);
    fonts_free(fonts);
    return err;
}

TEST(every_allocation_of_ours_may_fail)
{
    OWN(drawn) wanted = {0};
    long refused = 0, n = 1;
    assert_ok(start_and_draw(&wanted));
    for (bool reached = true; reached; n++) {
        OWN(drawn) got = {0};
        fail_alloc_ours_at(n);
        struct qkv_err err = start_and_draw(&got);
        reached = fail_alloc_count() >= n;
        fail_alloc_at(0);
        refused += err.code != QKV_OK;
        if (err.code && err.code != QKV_ERR_NOMEM)
            fail_msg("allocation %ld: code %d, \"%s\"", n, (int)err.code, err.what);
        if (!err.code && !is_same(&got, &wanted))
            fail_msg("allocation %ld failed, the page differs and nobody said so", n);
        assert_true(reached || !err.code);
    }
    printf("%ld of %ld were refused\n", refused, n);
    assert_true(refused > 50);
}

/* After the failure the same fonts draw the page as ever. */
TEST(fonts_that_failed_draw_again)
{
    OWN(drawn) wanted = {0};
    assert_ok(start_and_draw(&wanted));
    for (long n = 1; n < 60; n += 3) {
        struct fonts *fonts = NULL;
        OWN(drawn) failed = {0}, got = {0};
        assert_ok(fonts_new(&fonts));
        fail_alloc_ours_at(n);
        struct qkv_err err = draw(fonts, &failed);
        fail_alloc_at(0);
        assert_int_equal(err.code, QKV_ERR_NOMEM);
        assert_ok(draw(fonts, &got));
        assert_true(is_same(&got, &wanted));
        fonts_free(fonts);
    }
}

/* A raster is updated while memory is short: an error, or the page; and the next update is the page. */
TEST(an_update_that_failed_is_made_up_for)
{
    enum { W = 200, H = 120 };
    static uint32_t wanted[W * H], got[W * H];
    struct display_list other = white_page(W, H);
    struct painter *painter;
    struct fonts *fonts = NULL;
    struct damage damage;
    long refused = 0, n = 1;
    sketch_text(&other, 8, 8, FACE_SANS, 15, 0, "another page");
    assert_ok(fonts_new(&fonts));
    assert_ok(painter_new(NULL, fonts, &painter));
    painter_aim(painter, (struct raster){wanted, W, H, W});
    assert_ok(painter_update(painter, &page, &damage));
    painter_free(painter);
    for (bool reached = true; reached; n++) {
        assert_ok(painter_new(NULL, fonts, &painter));
        painter_aim(painter, (struct raster){got, W, H, W});
        assert_ok(painter_update(painter, &other, &damage));
        fail_alloc_ours_at(n);
        struct qkv_err err = painter_update(painter, &page, &damage);
        reached = fail_alloc_count() >= n;
        fail_alloc_at(0);
        refused += err.code != QKV_OK;
        if (!err.code && memcmp(got, wanted, sizeof got) != 0)
            fail_msg("allocation %ld failed, the page differs and nobody said so", n);
        assert_ok(painter_update(painter, &page, &damage));
        assert_memory_equal(got, wanted, sizeof got);
        painter_free(painter);
    }
    assert_true(refused > 5 && refused < n - 2); /* what is only remembered may fail unseen */
    fonts_free(fonts);
    display_finish(&other);
}

enum { SAME_OR_REFUSED, DIFFERENT = 77 };

/* fontconfig and SDL crash on some failures of their own, so each is tried in a process of its own and may end it;
 * but a page that was written is the right one. Ours are told apart by where the call comes from: see
 * fail_alloc_ours_at. */
TEST(what_libraries_leave_out_is_seen)
{
    enum { TRIES = 60 };
    struct fonts *fonts = NULL;
    OWN(drawn) wanted = {0}, counted = {0};
    int crashes = 0;
    assert_ok(start_and_draw(&wanted));
    assert_ok(fonts_new(&fonts));
    fail_alloc_at(0);
    assert_ok(draw(fonts, &counted));
    long n = fail_alloc_count();
    fonts_free(fonts);
    assert_ok(fonts_new(&fonts));
    for (long i = 1; i <= n; i += 1 + n / TRIES) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            struct drawn got = {0};
            alarm(20);
            signal(SIGSEGV, SIG_DFL);
            signal(SIGABRT, SIG_DFL);
            fail_alloc_at(i);
            struct qkv_err err = draw(fonts, &got);
            fail_alloc_at(0);
            _exit(!err.code && !is_same(&got, &wanted) ? DIFFERENT : SAME_OR_REFUSED);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        if (WIFEXITED(status) && WEXITSTATUS(status) == DIFFERENT)
            fail_msg("allocation %ld of %ld failed, the page differs and nobody said so", i, n);
        crashes += !WIFEXITED(status) || WEXITSTATUS(status) != SAME_OR_REFUSED;
    }
    printf("%d libraries' failures ended the process\n", crashes);
    assert_true(crashes < TRIES / 3);
    fonts_free(fonts);
}

static void make_page(void)
{
    sketch_everything(&page);
}

static void forget_page(void)
{
    display_finish(&page);
}

TEST_GROUP(make_page, forget_page)
