#include "paint/shapes.h"

#include <math.h>

enum { SAMPLES = 8 }; /* a side: 64 samples tell as many shades as an edge needs */

static float sample_at(int pixel, int sample)
{
    return (float)pixel + ((float)sample + 0.5f) / SAMPLES;
}

static uint8_t ring_coverage(int x, int y, float middle, float outer, float inner)
{
    float far = hypotf((float)x + 0.5f - middle, (float)y + 0.5f - middle);
    /* Only pixels that an edge may cross need counting. */
    if (far > outer + 1 || far < inner - 1)
        return 0;
    if (far < outer - 1 && far > inner + 1)
        return 255;
    int hits = 0;
    for (int i = 0; i < SAMPLES; i++)
        for (int j = 0; j < SAMPLES; j++) {
            float dx = sample_at(x, j) - middle, dy = sample_at(y, i) - middle, d = dx * dx + dy * dy;
            hits += d <= outer * outer && (inner <= 0 || d > inner * inner);
        }
    return (uint8_t)(hits * 255 / (SAMPLES * SAMPLES));
}

void mask_ring(uint8_t *coverage, int side, float outer, float inner)
{
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            coverage[y * side + x] = ring_coverage(x, y, (float)side / 2, outer, inner);
}

/* Even-odd rule: right for any order of the corners. */
static bool inside(float px, float py, const float *x, const float *y, int n)
{
    bool in = false;
    for (int i = 0, j = n - 1; i < n; j = i++)
        if ((y[i] > py) != (y[j] > py) && px < (x[j] - x[i]) * (py - y[i]) / (y[j] - y[i]) + x[i])
            in = !in;
    return in;
}

void mask_polygon(uint8_t *coverage, int w, int h, const float *x, const float *y, int n)
{
    for (int row = 0; row < h; row++)
        for (int col = 0; col < w; col++) {
            int hits = 0;
            for (int i = 0; i < SAMPLES; i++)
                for (int j = 0; j < SAMPLES; j++)
                    hits += inside(sample_at(col, j), sample_at(row, i), x, y, n);
            coverage[row * w + col] = (uint8_t)(hits * 255 / (SAMPLES * SAMPLES));
        }
}
