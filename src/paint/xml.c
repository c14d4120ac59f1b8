#include "paint/svg.h"

#include <math.h>
#include <stdlib.h>
#include <utf8proc.h>

/* The production Char of XML 1.0, less the controls that it allows and nobody can see. */
static bool is_character(int32_t c)
{
    return (c >= 0x20 && c < 0x7F) || (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
           (c >= 0x10000 && c <= 0x10FFFF);
}

static const char *entity_of(int32_t c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void xml_add(struct str *to, const char *text, size_t n)
{
    for (size_t at = 0; at < n;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(n - at), &c);
        if (length <= 0 || !is_character(c))
            str_add(to, c == '\n' || c == '\t' ? " " : "\xEF\xBF\xBD");
        else if (entity_of(c))
            str_add(to, entity_of(c));
        else
            str_addn(to, text + at, (size_t)length);
        at += length > 0 ? (size_t)length : 1;
    }
}

void xml_add_decimal(struct str *to, float number)
{
    long hundredths = lroundf(number * 100), rest = labs(hundredths) % 100;
    str_addf(to, "%s%ld", hundredths < 0 ? "-" : "", labs(hundredths) / 100);
    if (rest)
        str_addf(to, rest % 10 ? ".%02ld" : ".%ld", rest % 10 ? rest : rest / 10);
}

void xml_add_number(struct str *to, const char *name, float number)
{
    str_addf(to, " %s=\"", name);
    xml_add_decimal(to, number);
    str_add(to, "\"");
}

void xml_add_colour(struct str *to, const char *name, struct colour colour)
{
    str_addf(to, " %s=\"#%02X%02X%02X\"", name, colour.r, colour.g, colour.b);
    if (colour.a != 255)
        /* Thousandths tell all 256 levels apart. */
        str_addf(to, " %s-opacity=\"0.%03d\"", name, (colour.a * 1000 + 127) / 255);
}
