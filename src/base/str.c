#include "base/str.h"

#include "base/array.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

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

void str_addf(struct str *s, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n > 0 && !s->failed) {
        s->failed = !array_reserve(&s->v, &s->capacity, s->n + (size_t)n + 1, 1);
        if (!s->failed)
            s->n += (size_t)vsnprintf(s->v + s->n, (size_t)n + 1, format, again);
    }
    va_end(again);
    va_end(args);
}

void str_add_number(struct str *s, double number)
{
    char text[32];
    if (number != number) {
        str_add(s, "nan"); /* whatever its sign */
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    str_add(s, text);
}

void str_add_quoted(struct str *s, const char *text)
{
    str_add(s, "\"");
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            str_addf(s, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            str_addf(s, "\\u%04x", (unsigned)*text);
        else
            str_addn(s, text, 1);
    str_add(s, "\"");
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

const char *str_keep(struct str *s, struct arena *arena)
{
    const char *kept = s->failed ? NULL : arena_text(arena, str_text(s), s->n);
    str_finish(s);
    return kept;
}

size_t utf8_next(const char *text, size_t n, int32_t *ret)
{
    utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)n, ret);
    if (length > 0 && *ret > 0)
        return (size_t)length;
    *ret = -1;
    return 0;
}

bool utf8_is_valid(const char *text, size_t n, size_t *ret_at)
{
    int32_t code;
    for (size_t at = 0, length; at < n; at += length) {
        length = utf8_next(text + at, n - at, &code);
        if (length == 0 && ret_at)
            *ret_at = at;
        if (length == 0)
            return false;
    }
    return true;
}

static size_t clean(char *text, size_t n, bool lines)
{
    char *to = text;
    for (size_t at = 0, length; at < n; at += length) {
        int32_t code;
        length = utf8_next(text + at, n - at, &code);
        if (code >= 0x20 && (code < 0x7F || code > 0x9F)) {
            memmove(to, text + at, length);
            to += length;
        } else if (code == '\n' || code == '\t') {
            *to++ = lines ? (char)code : ' ';
        } else {
            *to++ = '?';
        }
        length += length == 0;
    }
    return (size_t)(to - text);
}

void text_clean(char *text, bool lines)
{
    text[clean(text, strlen(text), lines)] = '\0';
}

void str_clean(struct str *s, bool lines)
{
    if (!s->v)
        return;
    s->n = clean(s->v, s->n, lines);
    s->v[s->n] = '\0';
}

bool text_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_ends(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n > m && strcmp(text + n - m, ending) == 0;
}
