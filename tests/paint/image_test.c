/* Pictures from files: what is none, is broken, or would cost too much is refused before it costs anything. */
#include "support/check.h"
#include "support/fail_alloc.h"

#include "paint/paint.h"

#include <stdlib.h>

static struct str jpeg; /* 8x8, one grey, quality 1: written by ImageMagick */

TEST(a_jpeg_becomes_pixels)
{
    unsigned char *rgba = NULL;
    int width = 0, height = 0;
    assert_ok(image_decode(jpeg.v, jpeg.n, &rgba, &width, &height));
    int grey = rgba[0], opaque = rgba[3], last = rgba[8 * 8 * 4 - 4];
    free(rgba);
    assert_int_equal(width, 8);
    assert_int_equal(height, 8);
    assert_in_range(grey, 120, 136);
    assert_in_range(last, 120, 136);
    assert_int_equal(opaque, 255);
}

enum { FRAME = 89, SCAN = 146 }; /* where the markers SOF0 and SOS are */

/* The picture with other bytes from `at` on. */
static struct str changed(size_t at, const char *bytes, size_t n)
{
    struct str s = {0};
    str_addn(&s, jpeg.v, at);
    str_addn(&s, bytes, n);
    if (at + n < jpeg.n)
        str_addn(&s, jpeg.v + at + n, jpeg.n - at - n);
    return s;
}

/* Nothing is allocated for it: the decoder never sees it. */
static void assert_refused(struct str *s, enum qkv_code code, const char *text)
{
    unsigned char *rgba = NULL;
    int width = -1, height = -1;
    fail_alloc_at(0);
    struct qkv_err err = image_decode(str_text(s), s->n, &rgba, &width, &height);
    long allocations = fail_alloc_count();
    assert_error(err, code, text);
    assert_int_equal(allocations, 0);
    assert_null(rgba);
    assert_int_equal(width, -1);
    str_finish(s);
}

TEST(what_is_no_picture_is_refused)
{
    static const char *const none[] = {"", "GIF89a", "BM not for us", "\x89PNG\r\n\x1a\n", "\xFF\xD8"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        struct str s = {0};
        str_add(&s, none[i]);
        assert_refused(&s, QKV_ERR_SYNTAX, "neither PNG nor JPEG");
    }
    for (size_t n = 3; n < FRAME + 2; n++) {
        struct str s = {0};
        str_addn(&s, jpeg.v, n);
        assert_refused(&s, QKV_ERR_SYNTAX, "it has no header");
    }
}

TEST(sizes_are_read_from_the_header)
{
    static const struct {
        const char *bytes, *text;
    } sizes[] = {{"\xFF\xC0\0\x0b\x08\x08\x01\0\x08", "8x2049; at most 2048x2048"},
                 {"\xFF\xC0\0\x0b\x08\0\x08\x08\x01", "2049x8; at most 2048x2048"},
                 {"\xFF\xC2\0\x0b\x08\xB3\xB0\xB3\xB0", "46000x46000; at most"},
                 {"\xFF\xC0\0\x0b\x08\0\0\0\x08", "8x0; at most"}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct str s = changed(FRAME, sizes[i].bytes, 9);
        assert_refused(&s, QKV_ERR_LIMIT, sizes[i].text);
    }
    struct str twice = {0};
    str_addn(&twice, jpeg.v, SCAN);
    str_addn(&twice, jpeg.v + FRAME, jpeg.n - FRAME);
    assert_refused(&twice, QKV_ERR_SYNTAX, "it has two headers");
}

/* Each is drawn over the whole picture. */
TEST(a_picture_has_so_many_scans_and_no_more)
{
    for (int scans = 64; scans <= 65; scans++) {
        OWN(str) s = {0};
        str_addn(&s, jpeg.v, SCAN);
        for (int i = 0; i < scans; i++)
            str_addn(&s, jpeg.v + SCAN, jpeg.n - 2 - SCAN);
        str_addn(&s, "\xFF\xD9", 2);
        unsigned char *rgba = NULL;
        int width, height;
        if (scans > 64) {
            assert_refused(&s, QKV_ERR_LIMIT, "in more than 64 scans");
            continue;
        }
        struct qkv_err err = image_decode(s.v, s.n, &rgba, &width, &height);
        assert_int_not_equal(err.code, QKV_ERR_LIMIT);
        free(rgba);
    }
}

/* Every byte wrong in turn, and every length: an error or a picture. */
TEST(a_broken_picture_is_an_error_or_a_picture)
{
    for (size_t at = 3; at < jpeg.n; at++)
        for (int cut = 0; cut < 2; cut++) {
            unsigned char *rgba = NULL;
            int width = 0, height = 0;
            OWN(str) s = changed(at, "\xA5", 1);
            struct qkv_err err = image_decode(s.v, cut ? at : s.n, &rgba, &width, &height);
            assert_true(err.code ? !rgba && err.what[0] : rgba && width > 0 && height > 0);
            free(rgba);
        }
    struct str large = {0};
    for (int i = 0; i <= IMAGE_BYTES_MAX; i += 1024)
        str_addf(&large, "%-1024s", i ? "" : "\xFF\xD8\xFF");
    assert_refused(&large, QKV_ERR_LIMIT, "more than 4194304 bytes");
}

static void read_jpeg(void)
{
    jpeg = tests_file("paint/eight.jpg");
}

static void forget_jpeg(void)
{
    str_finish(&jpeg);
}

TEST_GROUP(read_jpeg, forget_jpeg)
