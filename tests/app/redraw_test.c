/* A window draws only what changed: after whatever a person did it has the picture that is drawn whole. */
#include "paint/paint.h"
#include "random_acts.h"

#include <stdlib.h>

enum { W = 1280, H = 800, ACTS = 250 };

struct drawn {
    struct painter *painter;
    struct raster raster;
};

static void drawn_finish(struct drawn *d)
{
    painter_free(d->painter);
    free(d->raster.v);
}

static struct drawn drawn_new(struct fonts *fonts)
{
    struct drawn d = {.raster = {calloc(W * H, 4), W, H, W}};
    assert_non_null(d.raster.v);
    assert_ok(painter_new(NULL, fonts, &d.painter));
    painter_aim(d.painter, d.raster);
    return d;
}

TEST(a_page_that_is_drawn_in_parts_is_the_whole_page)
{
    struct fonts *fonts = NULL;
    assert_ok(fonts_new(&fonts));
    {
        OWN(drawn) parts = drawn_new(fonts);
        OWN(drawn) whole = drawn_new(fonts);
        OWN(app) app;
        PAGE scratch = {0};
        double now = 0;
        size_t pixels = 0, frames = 0;
        assert_ok(app_init(&app, "several-heads", NULL, fonts_measure(fonts)));
        for (int i = 0; i < ACTS; i++) {
            struct damage damage = {0};
            if (chance(&luck, 2)) {
                act(&app);
            } else {
                float x = (float)chance(&luck, W), y = (float)chance(&luck, H);
                app_update(&app, (struct action){.kind = ACTION_POINT, .x = x, .y = y});
            }
            app_wait(&app);
            app_tick(&app, now += 1.0 / 30);
            const struct display_list *list = app_draw(&app, &scratch);
            assert_non_null(list);
            assert_ok(painter_update(parts.painter, list, &damage));
            assert_ok(painter_draw(whole.painter, list));
            for (int r = 0; r < damage.n; r++)
                pixels += (size_t)damage.rects[r].w * (size_t)damage.rects[r].h;
            frames++;
            if (memcmp(parts.raster.v, whole.raster.v, (size_t)W * H * 4) != 0)
                fail_msg("after act %d the picture is another", i);
        }
        /* And it is worth it. */
        assert_true(pixels < frames * W * H * 3 / 4);
        printf("%zu of %zu pixels were drawn\n", pixels, frames * W * H);
    }
    fonts_free(fonts);
}

TEST_GROUP(NULL, NULL)
