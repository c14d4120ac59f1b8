#include "base/err.h"

#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cut in the middle of a multi-byte character would print as rubbish: step back to its first byte. */
static void cut_at_character(char *text, size_t size)
{
    size_t n = size - 1;
    while (n > 0 && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
        n--;
    if (n > 0 && ((unsigned char)text[n - 1] & 0x80))
        n--;
    text[n] = '\0';
}

struct qkv_err qkv_err_at(int line, int column, enum qkv_code code, const char *format, ...)
{
    struct qkv_err err = {.code = code, .line = line, .column = column};
    va_list args;
    va_start(args, format);
    int n = vsnprintf(err.what, sizeof err.what, format, args);
    va_end(args);
    if (n >= (int)sizeof err.what)
        cut_at_character(err.what, sizeof err.what);
    text_clean(err.what, false); /* what it quotes may come from anybody's file */
    return err;
}

struct qkv_err qkv_nomem(const char *what)
{
    return qkv_errf(QKV_ERR_NOMEM, "no memory for %s", what);
}
