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
                     .role = {RGB(0x1A1F27), RGB(0x0B5CAD), RGB(0xA8156B), RGB(0x0A7355)},
                     .negative = RGB(0x3F1560),
                     .positive = RGB(0xDF7E10),
                     .share = RGB(0x1A1F27),
                     .head = {RGB(0x697000), RGB(0xB50CDF), RGB(0x173C45), RGB(0xCB0B24), RGB(0x915108), RGB(0x04441D),
                              RGB(0x442E56), RGB(0x493027)},
                     .curve = {RGB(0xCF4508), RGB(0x690A00), RGB(0x4D006E), RGB(0x58575C), RGB(0xBF04F5),
                               RGB(0x00000D)},
                     .blocked = RGB(0xE3E6EB),
                     .hatch = RGB(0xC3C8D0),
                     .warning = RGB(0xA8321F)},
    [THEME_DARK] = {.name = "dark",
                    .page = RGB(0x12161C),
                    .panel = RGB(0x1A2029),
                    .text = RGB(0xE8ECF2),
                    .text_secondary = RGB(0x9AA6B5),
                    .line = RGB(0x2F3946),
                    .accent = RGB(0x8C9BFF),
                    .on_accent = RGB(0x12161C),
                    .button_idle = RGB(0x262F3C),
                    .role = {RGB(0xE8ECF2), RGB(0x6CB6FF), RGB(0xFF8FC4), RGB(0x56D4A8)},
                    .negative = RGB(0xB43CF0),
                    .positive = RGB(0xE9940C),
                    .share = RGB(0xE8ECF2),
                    .head = {RGB(0xD9CB4A), RGB(0xC552FF), RGB(0x1D9CA5), RGB(0xEB7D00), RGB(0xDFD2C3), RGB(0x1DA553),
                             RGB(0x938B1A), RGB(0xB6E84A)},
                    .curve = {RGB(0xF74A02), RGB(0xDBFF00), RGB(0x59EAFE), RGB(0x738E8F), RGB(0xBF54FF), RGB(0xE3CFBA)},
                    .blocked = RGB(0x2A313C),
                    .hatch = RGB(0x465060),
                    .warning = RGB(0xFF9180)},
};
_Static_assert(sizeof theme_table / sizeof theme_table[0] == THEME_COUNT, "a theme has no row");

struct colour head_colour(const struct theme *theme, size_t head)
{
    return theme->head[head % HEAD_COLOURS];
}

/* Rounded, without a call: pages mix a colour for every square. */
static inline uint8_t mix_channel(uint8_t a, uint8_t b, float t)
{
    return (uint8_t)((float)a + ((float)b - (float)a) * t + 0.5f);
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

static uint8_t channel_of(double brightness)
{
    return (uint8_t)lround(255 * fmin(1, fmax(0, brightness)));
}

struct colour value_colour(const struct theme *theme, enum scale_kind scale, double most, double value)
{
    if (!isfinite(value))
        return theme->blocked;
    if (scale == SCALE_MASK)
        return value == 0 ? theme->blocked : theme->panel;
    if (scale == SCALE_SHARE)
        return colour_mix(theme->panel, theme->share, (float)value);
    if (scale == SCALE_BRIGHTNESS || scale == SCALE_RGB) {
        uint8_t grey = channel_of(value);
        return (struct colour){grey, grey, grey, 255};
    }
    /* Both signs share one scale: the same distance from zero is as strong in purple as in orange. */
    if (most == 0)
        return theme->panel;
    return colour_mix(theme->panel, value < 0 ? theme->negative : theme->positive,
                      (float)sqrt(fmin(1, fabs(value) / most)));
}

struct colour column_colour(const struct theme *theme, enum scale_kind scale, double most, double value, size_t col)
{
    struct colour grey = value_colour(theme, scale, most, value);
    if (scale != SCALE_RGB || !isfinite(value))
        return grey;
    return (struct colour){col % 3 == 0 ? grey.r : 0, col % 3 == 1 ? grey.g : 0, col % 3 == 2 ? grey.b : 0, 255};
}
