#include "base/str.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void str_addn(struct str *s, const char *bytes, size_t n)
{
    if (s->failed || n == 0)
        return;
    if (!array_reserve(&s->v, &s->capacity, s->n + n + 1, 1)) {
        s->failed = true;
        return;
    }
    memcpy(s->v + s->n, bytes, n);
    s->n += n;
    s->v[s->n] = '\0';
}

void str_add(struct str *s, const char *text)
{
    str_addn(s, text, strlen(text));
}

void str_addv(struct str *s, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n > 0 && !s->failed) {
        if (array_reserve(&s->v, &s->capacity, s->n + (size_t)n + 1, 1)) {
            vsnprintf(s->v + s->n, (size_t)n + 1, format, again);
            s->n += (size_t)n;
        } else {
            s->failed = true;
        }
    }
    va_end(again);
}

void str_addf(struct str *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str_addv(s, format, args);
    va_end(args);
}

void str_add_number(struct str *s, double number)
{
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    str_add(s, text);
}

void str_clear(struct str *s)
{
    s->n = 0;
    s->failed = false;
    if (s->v)
        s->v[0] = '\0';
}

const char *str_text(const struct str *s)
{
    return s->v ? s->v : "";
}

void str_finish(struct str *s)
{
    free(s->v);
    *s = (struct str){0};
}

/* How many bytes the character that starts with `first` takes, and the least code point that needs so many. */
static size_t utf8_length(unsigned char first, unsigned *ret_least, unsigned *ret_bits)
{
    static const struct {
        unsigned char mask, lead;
        unsigned least;
    } forms[] = {{0x80, 0x00, 1}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if ((first & forms[i].mask) == forms[i].lead) {
            *ret_least = forms[i].least;
            *ret_bits = first & (unsigned char)~forms[i].mask;
            return i + 1;
        }
    return 0;
}

bool utf8_is_valid(const char *text, size_t n, size_t *ret_at)
{
    size_t at = 0;
    while (at < n) {
        unsigned least = 0, code = 0;
        size_t length = utf8_length((unsigned char)text[at], &least, &code);
        bool whole = length > 0 && length <= n - at;
        for (size_t i = 1; whole && i < length; i++) {
            unsigned char next = (unsigned char)text[at + i];
            whole = (next & 0xC0) == 0x80;
            code = code << 6 | (next & 0x3F);
        }
        if (!whole || code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
            if (ret_at)
                *ret_at = at;
            return false;
        }
        at += length;
    }
    return true;
}
