#include "support/colour_eyes.h"

#include <math.h>

const char *const eyes_names[] = {"all", "protan", "deutan", "tritan"};

static const double pi = 3.14159265358979323846;

/* Of linear light. */
static const double lacking[EYES_COUNT][3][3] = {
    [EYES_ALL] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    [EYES_PROTAN] = {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
    [EYES_DEUTAN] = {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
    [EYES_TRITAN] = {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
};

static double linear(uint8_t channel)
{
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double lightness_of(double t)
{
    return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

struct lab {
    double l, a, b;
};

static struct lab lab_of(struct colour c, enum eyes eyes)
{
    const double seen[] = {linear(c.r), linear(c.g), linear(c.b)};
    double rgb[3] = {0};
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 3; k++)
            rgb[i] += lacking[eyes][i][k] * seen[k];
        rgb[i] = fmin(1, fmax(0, rgb[i]));
    }
    double x = lightness_of((0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.95047);
    double y = lightness_of(0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]);
    double z = lightness_of((0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.08883);
    return (struct lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

static double degrees(double y, double x)
{
    double angle = atan2(y, x) * 180 / pi;
    return angle < 0 ? angle + 360 : angle;
}

static double cosine(double angle)
{
    return cos(angle * pi / 180);
}

/* The part of a chroma that greys lack. */
static double above_grey(double chroma)
{
    return sqrt(pow(chroma, 7) / (pow(chroma, 7) + pow(25, 7)));
}

double colour_distance(struct colour first, struct colour second, enum eyes eyes)
{
    struct lab p = lab_of(first, eyes), q = lab_of(second, eyes);
    double g = 1 + 0.5 * (1 - above_grey((hypot(p.a, p.b) + hypot(q.a, q.b)) / 2));
    double c1 = hypot(p.a * g, p.b), c2 = hypot(q.a * g, q.b), h1 = degrees(p.b, p.a * g), h2 = degrees(q.b, q.a * g);
    double dl = q.l - p.l, dc = c2 - c1, turn = h2 - h1, l = (p.l + q.l) / 2, c = (c1 + c2) / 2, h = h1 + h2;
    bool grey = c1 * c2 == 0, far = fabs(turn) > 180;
    turn = grey ? 0 : turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
    h = grey ? h : far ? (h < 360 ? h + 360 : h - 360) / 2 : h / 2;
    double dh = 2 * sqrt(c1 * c2) * sin(turn / 2 * pi / 180);
    double t = 1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h) + 0.32 * cosine(3 * h + 6) - 0.2 * cosine(4 * h - 63);
    double sl = 1 + 0.015 * (l - 50) * (l - 50) / sqrt(20 + (l - 50) * (l - 50)), sc = 1 + 0.045 * c,
           sh = 1 + 0.015 * c * t;
    double around_blue = 30 * exp(-pow((h - 275) / 25, 2));
    double r = -2 * above_grey(c) * sin(2 * around_blue * pi / 180);
    return sqrt(dl * dl / sl / sl + dc * dc / sc / sc + dh * dh / sh / sh + r * dc / sc * dh / sh);
}
