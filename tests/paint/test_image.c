/* Pictures from files: what is none, is broken or is too large gives nothing. */
#include "support/check.h"

#include "paint/paint.h"

#include <stdlib.h>
#include <string.h>

/* 8x8, one grey, quality 1: written by ImageMagick. */
static const unsigned char jpeg[] = {
    255, 216, 255, 224, 0,   16,  74,  70,  73,  70,  0,   1,   1,   0,   0,   1,   0,   1,   0,   0,   255, 219, 0,
    67,  0,   255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 192, 0,
    11,  8,   0,   8,   0,   8,   1,   1,   17,  0,   255, 196, 0,   20,  0,   1,   0,   0,   0,   0,   0,   0,   0,
    0,   0,   0,   0,   0,   0,   0,   0,   0,   255, 196, 0,   20,  16,  1,   0,   0,   0,   0,   0,   0,   0,   0,
    0,   0,   0,   0,   0,   0,   0,   0,   255, 218, 0,   8,   1,   1,   0,   0,   63,  0,   63,  255, 217};

static void a_jpeg_becomes_pixels(void **state)
{
    unsigned char *rgba = NULL;
    int width = 0, height = 0;
    (void)state;
    assert_true(image_decode(jpeg, sizeof jpeg, &rgba, &width, &height));
    int grey = rgba[0], opaque = rgba[3], last = rgba[8 * 8 * 4 - 4];
    free(rgba);
    assert_int_equal(width, 8);
    assert_int_equal(height, 8);
    assert_in_range(grey, 120, 136);
    assert_in_range(last, 120, 136);
    assert_int_equal(opaque, 255);
}

static void what_is_no_picture_gives_nothing(void **state)
{
    static const char *const none[] = {"", "GIF89a", "BM not for us", "\x89PNG\r\n\x1a\n"};
    unsigned char *rgba = NULL;
    int width = -1, height = -1;
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_false(image_decode(none[i], strlen(none[i]), &rgba, &width, &height));
    assert_false(image_decode(jpeg, 40, &rgba, &width, &height));
    assert_null(rgba);
    assert_int_equal(width, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jpeg_becomes_pixels),
        cmocka_unit_test(what_is_no_picture_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
