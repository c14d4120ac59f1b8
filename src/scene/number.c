#include "scene/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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

const char *number_trimmed(double x, int decimals, char buffer[NUMBER_TEXT])
{
    number_text(x, decimals, buffer);
    const char *point = strchr(buffer, '.');
    if (!point || strchr(buffer, 'e'))
        return buffer;
    size_t n = strlen(buffer), least = (size_t)(point - buffer) + 3;
    while (n > least && buffer[n - 1] == '0')
        buffer[--n] = '\0';
    return buffer;
}
