#include "lesson/text/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Below this a double has decimals, and its digits before the point fit the buffer. */
static const double plain_most = 1e15;

/* With so many decimals; zero has no sign. */
static void write_fixed(double x, int decimals, char buffer[NUMBER_TEXT])
{
    snprintf(buffer, NUMBER_TEXT, "%.*f", decimals, x);
    if (buffer[0] == '-' && strspn(buffer, "-0.") == strlen(buffer))
        memmove(buffer, buffer + 1, strlen(buffer));
}

const char *number_text(double x, int decimals, char buffer[NUMBER_TEXT])
{
    if (isnan(x))
        snprintf(buffer, NUMBER_TEXT, "NaN");
    else if (isinf(x))
        snprintf(buffer, NUMBER_TEXT, x < 0 ? "-∞" : "∞");
    else if (fabs(x) >= 1e6)
        snprintf(buffer, NUMBER_TEXT, "%.*e", decimals, x);
    else
        write_fixed(x, decimals, buffer);
    return buffer;
}

const char *number_signed(double x, int decimals, char buffer[NUMBER_TEXT])
{
    number_text(x, decimals, buffer);
    if (buffer[0] != '-' && strlen(buffer) + 2 <= NUMBER_TEXT) {
        memmove(buffer + 1, buffer, strlen(buffer) + 1);
        buffer[0] = '+';
    }
    return buffer;
}

static const char *trim(char buffer[NUMBER_TEXT])
{
    const char *point = strchr(buffer, '.');
    if (!point || strchr(buffer, 'e'))
        return buffer;
    size_t n = strlen(buffer), least = (size_t)(point - buffer) + 3;
    while (n > least && buffer[n - 1] == '0')
        buffer[--n] = '\0';
    return buffer;
}

const char *number_trimmed(double x, int decimals, char buffer[NUMBER_TEXT])
{
    number_text(x, decimals, buffer);
    return trim(buffer);
}

const char *number_written(double x, int decimals, char buffer[NUMBER_TEXT])
{
    if (!isfinite(x))
        return number_text(x, decimals, buffer);
    if (fabs(x) < plain_most && decimals < NUMBER_EXACT) {
        write_fixed(x, decimals, buffer);
        return trim(buffer);
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(buffer, NUMBER_TEXT, "%.*g", digits, x);
        if (strtod(buffer, NULL) == x)
            break;
    }
    return buffer;
}

/* Numbers of which one is as large as this have CELL_DECIMALS. */
static double usual_from(void)
{
    return 0.5 * pow(10, -CELL_DECIMALS);
}

int magnitude_decimals(double largest)
{
    enum { SIGNIFICANT = 2, DECIMALS_MOST = 9 };
    if (largest >= usual_from() || largest == 0)
        return CELL_DECIMALS;
    int decimals = SIGNIFICANT - 1 - (int)floor(log10(largest));
    return decimals < DECIMALS_MOST ? decimals : DECIMALS_MOST;
}

int plane_decimals(const struct tensor *t, size_t head)
{
    const size_t cells = t->axis[AXIS_ROW].size * t->axis[AXIS_COL].size;
    const double *v = tensor_at(t, head, 0, 0), enough = usual_from();
    bool whole = true;
    double largest = 0;
    /* Of a large plane the first numbers decide most of the time. */
    for (size_t i = 0; i < cells && (whole || largest < enough); i++) {
        if (!isfinite(v[i]))
            continue;
        whole = whole && v[i] == floor(v[i]) && fabs(v[i]) < 1000;
        largest = fmax(largest, fabs(v[i]));
    }
    return whole ? 0 : magnitude_decimals(largest);
}

const char *cell_number(double value, int decimals, char buffer[NUMBER_TEXT])
{
    return number_text(value, value == 0 ? 0 : decimals, buffer);
}
