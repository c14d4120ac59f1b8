/* A sound along its time: bars, veils and the window are where and as large as the numbers say. */
#include "scene/test_figure.h"

enum { MOMENTS = 6 };

static struct rect sound(void)
{
    size_t i = 0;
    return next("spectrogram.sound", &i)->box;
}

static const struct {
    const char *name, *lesson, *step;
    size_t row, bars;
} lanes[] = {{"a letter looks", "location-aware", "weights_2", 0, MOMENTS},
             {"two letters look", "location-aware", "weights", 0, 2 * MOMENTS},
             {"a frame looks", "conformer", "weights", 2, MOMENTS}};

TEST_ROWS(bars_under_a_sound_are_as_high_as_the_weights, lanes, lane)
{
    OWN(test_view) v;
    const struct tensor *weights = open_at(&v, lane->lesson, lane->step);
    size_t i = 0, n = 0, top = 0;
    double height = 0;
    v.state.heads.word = lane->row + 1;
    build_figure(&v);
    const double *number = tensor_at(weights, 0, lane->row, 0);
    for (size_t k = 0; k < lane->bars; k++)
        top = number[k] > number[top] ? k : top;
    for (const struct item *bar; (bar = next("spectrogram.bar", &i)); n++)
        height = n == top ? (double)bar->box.h : height;
    assert_int_equal(n, lane->bars);
    for (i = n = 0; n < lane->bars; n++) {
        const struct item *bar = next("spectrogram.bar", &i);
        assert_close((double)bar->box.h, fmax(1, height * number[n] / number[top]), 0.5);
        assert_close((double)(bar->box.x + bar->box.w / 2 - sound().x),
                     (double)sound().w * ((double)(n % MOMENTS) + 0.5) / MOMENTS, 0.5);
    }
    finish_page();
}

TEST(the_veil_over_a_sound_is_as_thick_as_the_weight_is_small)
{
    OWN(test_view) v;
    const struct tensor *weights = open_at(&v, "conformer", "weights");
    for (size_t row = 0; row < MOMENTS; row++) {
        double top = 0;
        v.state.heads.word = row + 1;
        build_figure(&v);
        for (size_t c = 0; c < MOMENTS; c++)
            top = fmax(top, *tensor_at(weights, 0, row, c));
        for (size_t i = 0, c = 0; c < MOMENTS; c++)
            assert_int_equal(next("spectrogram.veil", &i)->fill.a,
                             lround(PHOTOGRAPH_VEIL * (1 - *tensor_at(weights, 0, row, c) / top)));
    }
    finish_page();
}

/* A window of three lies over the moment before, the moment and the one after, as far as there are any. */
TEST(the_window_slides_with_the_row)
{
    static const char *const steps[][2] = {{"conformer", "convolved"}, {"location-aware", "location_2"}};
    for (size_t s = 0; s < 2; s++) {
        OWN(test_view) v;
        open_at(&v, steps[s][0], steps[s][1]);
        for (size_t row = 0; row < MOMENTS; row++) {
            size_t i = 0;
            v.state.heads.word = row + 1;
            build_figure(&v);
            const struct item *window = next("spectrogram.window", &i);
            const float edge = 7 * view_scale(&v.view), moment = sound().w / MOMENTS;
            const float left = row == 0 ? -edge : moment * (float)(row - 1),
                        right = row == MOMENTS - 1 ? sound().w + edge : moment * (float)(row + 2);
            assert_close((double)(window->box.x - sound().x), (double)left, 0.5);
            assert_close((double)window->box.w, (double)(right - left), 0.5);
            for (size_t k = i = 0; s == 0 && k < MOMENTS; k++)
                assert_int_equal(next("spectrogram.veil", &i)->fill.a,
                                 k + 1 >= row && k <= row + 1 ? 0 : PHOTOGRAPH_VEIL);
        }
    }
    finish_page();
}

/* What it says of a moment is above the line or below, as far as its number. */
TEST(what_the_window_says_has_its_number_s_sign)
{
    OWN(test_view) v;
    const struct tensor *says = open_at(&v, "location-aware", "location_2");
    size_t i = 0, base = 0;
    build_figure(&v);
    next("spectrogram.base", &base);
    const double zero = (double)next("spectrogram.base", &base)->box.y;
    for (size_t n = 0; n < MOMENTS; n++)
        next("spectrogram.bar", &i); /* where was looked before */
    for (size_t n = 0; n < MOMENTS; n++) {
        const struct item *bar = next("spectrogram.bar", &i);
        const double number = *tensor_at(says, 0, n, 0);
        assert_close((double)(number < 0 ? bar->box.y : bar->box.y + bar->box.h), zero, fabs(number) < 0.05 ? 1 : 0.5);
    }
    finish_page();
}
