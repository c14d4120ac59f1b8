#include "scene/theme.h"

#include <math.h>

#define RGB(hex)                                                                                                       \
    {                                                                                                                  \
        (hex) >> 16 & 255, (hex) >> 8 & 255, (hex)&255, 255                                                            \
    }

const struct theme theme_table[] = {
    [THEME_LIGHT] = {.name = "light",
                     .page = RGB(0xF6F7F9),
                     .panel = RGB(0xFFFFFF),
                     .text = RGB(0x1A1F27),
                     .text_secondary = RGB(0x57606A),
                     .line = RGB(0xD5DAE1),
                     .accent = RGB(0x3B4BC8),
                     .on_accent = RGB(0xFFFFFF),
                     .button_idle = RGB(0xE8EAF6),
                     .role = {RGB(0x1A1F27), RGB(0x0B5CAD), RGB(0xA8480A), RGB(0x0A7355)},
                     .negative = RGB(0x0F7A80),
                     .positive = RGB(0x96460F),
                     .share = RGB(0x2A3AB0),
                     .head = {RGB(0x3B4BC8), RGB(0xB0256F), RGB(0x6B5F00), RGB(0x0F7A80), RGB(0x7A3E9D), RGB(0xA8321F),
                              RGB(0x3F6B1F), RGB(0x4A5A6A)},
                     .blocked = RGB(0xE3E6EB)},
    [THEME_DARK] = {.name = "dark",
                    .page = RGB(0x12161C),
                    .panel = RGB(0x1A2029),
                    .text = RGB(0xE8ECF2),
                    .text_secondary = RGB(0x9AA6B5),
                    .line = RGB(0x2F3946),
                    .accent = RGB(0x8C9BFF),
                    .on_accent = RGB(0x12161C),
                    .button_idle = RGB(0x262F3C),
                    .role = {RGB(0xE8ECF2), RGB(0x6CB6FF), RGB(0xFFA657), RGB(0x56D4A8)},
                    .negative = RGB(0x3FC4C9),
                    .positive = RGB(0xF09642),
                    .share = RGB(0x9AA7FF),
                    .head = {RGB(0x8C9BFF), RGB(0xFF8FC4), RGB(0xD9CB4A), RGB(0x4FD0D6), RGB(0xC9A0F0), RGB(0xFF9180),
                             RGB(0xA3D977), RGB(0xB4C0CE)},
                    .blocked = RGB(0x2A313C)},
};
_Static_assert(sizeof theme_table / sizeof theme_table[0] == THEME_COUNT, "a theme has no row");

struct colour head_colour(const struct theme *theme, size_t head)
{
    return theme->head[head % HEAD_COLOURS];
}

static uint8_t mix_channel(uint8_t a, uint8_t b, float t)
{
    return (uint8_t)lroundf((float)a + ((float)b - (float)a) * t);
}

struct colour colour_mix(struct colour a, struct colour b, float t)
{
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return (struct colour){mix_channel(a.r, b.r, t), mix_channel(a.g, b.g, t), mix_channel(a.b, b.b, t),
                           mix_channel(a.a, b.a, t)};
}

static float linear(uint8_t channel)
{
    float c = (float)channel / 255;
    return c <= 0.04045f ? c / 12.92f : powf((c + 0.055f) / 1.055f, 2.4f);
}

static float luminance(struct colour c)
{
    return 0.2126f * linear(c.r) + 0.7152f * linear(c.g) + 0.0722f * linear(c.b);
}

float colour_contrast(struct colour a, struct colour b)
{
    float la = luminance(a), lb = luminance(b);
    return (fmaxf(la, lb) + 0.05f) / (fminf(la, lb) + 0.05f);
}

struct colour colour_readable(struct colour wanted, struct colour ground)
{
    const struct colour black = {0, 0, 0, 255}, white = {255, 255, 255, 255};
    if (colour_contrast(wanted, ground) >= 4.5f)
        return wanted;
    return colour_contrast(black, ground) > colour_contrast(white, ground) ? black : white;
}

struct value_range range_of(const double v[], size_t n)
{
    struct value_range range = {INFINITY, -INFINITY, true};
    for (size_t i = 0; i < n; i++)
        if (isfinite(v[i])) {
            range.min = fmin(range.min, v[i]);
            range.max = fmax(range.max, v[i]);
            range.empty = false;
        }
    if (range.empty)
        range.min = range.max = 0;
    return range;
}

struct colour value_colour(const struct theme *theme, enum scale_kind scale, double most, double value)
{
    if (!isfinite(value))
        return theme->blocked;
    if (scale == SCALE_MASK)
        return value == 0 ? theme->blocked : theme->panel;
    if (scale == SCALE_SHARE)
        return colour_mix(theme->panel, theme->share, (float)value);
    /* Both signs share one scale: the same distance from zero is as strong in teal as in brown. */
    if (most == 0)
        return theme->panel;
    return colour_mix(theme->panel, value < 0 ? theme->negative : theme->positive,
                      (float)sqrt(fmin(1, fabs(value) / most)));
}
