#include "scene/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Below this a double has a decimal to show, and all of its digits before the point fit the buffer. */
static const double plain_most = 1e15;

static bool is_zero(const char *text)
{
    return strspn(text, "-0.") == strlen(text);
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
        snprintf(buffer, NUMBER_TEXT, "%.*f", decimals, x);
    if (buffer[0] == '-' && is_zero(buffer))
        memmove(buffer, buffer + 1, strlen(buffer));
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
        snprintf(buffer, NUMBER_TEXT, "%.*f", decimals, x);
        if (buffer[0] == '-' && is_zero(buffer))
            memmove(buffer, buffer + 1, strlen(buffer));
        return trim(buffer);
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(buffer, NUMBER_TEXT, "%.*g", digits, x);
        if (strtod(buffer, NULL) == x)
            break;
    }
    return buffer;
}
