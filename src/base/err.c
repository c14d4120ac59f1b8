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

/* ---- names that are unknown ---- */

enum { WORD_MAX = 63, WHOLE_MIN = 3 };

/* Edit distance in which swapping two neighbours counts as one edit (Damerau 1964, restricted). */
static size_t edit_distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
    size_t row[3][WORD_MAX + 1]; /* two rows back, one row back, this one */
    for (size_t j = 0; j <= n_b; j++)
        row[1][j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        row[2][0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t other = (row[1][j] < row[2][j - 1] ? row[1][j] : row[2][j - 1]) + 1;
            row[2][j] = row[1][j - 1] + (a[i - 1] != b[j - 1]);
            row[2][j] = other < row[2][j] ? other : row[2][j];
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && row[0][j - 2] + 1 < row[2][j])
                row[2][j] = row[0][j - 2] + 1;
        }
        memmove(row[0], row[1], 2 * sizeof row[0]);
    }
    return row[1][n_b];
}

/* The name that is one or two slips away, or that begins with the text; NULL: none is near. */
static const char *nearest(const char *text, const char *const *names, size_t n_names)
{
    const char *best = NULL, *begun = NULL;
    size_t n = strlen(text), least = n / 4 + 1;
    if (n == 0 || n > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < n_names; i++) {
        if (!begun && n >= WHOLE_MIN && strncmp(names[i], text, n) == 0)
            begun = names[i];
        size_t m = strcspn(names[i], ":"); /* of "window:W" only the word is compared */
        /* As many letters more or less are as many slips. */
        if (m > WORD_MAX || m > n + least || n > m + least)
            continue;
        size_t distance = edit_distance(text, n, names[i], m);
        if (distance > least || (best && distance == least) || distance >= m)
            continue;
        best = names[i];
        least = distance;
    }
    return best ? best : begun;
}

const char *names_listed(const char *const *names, size_t n, char buffer[NAMES_TEXT])
{
    size_t at = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        if (at + strlen(names[i]) + sizeof ", ..." > NAMES_TEXT) {
            snprintf(buffer + at, NAMES_TEXT - at, ", ...");
            break;
        }
        at += (size_t)snprintf(buffer + at, NAMES_TEXT - at, "%s%s", i ? ", " : "", names[i]);
    }
    return buffer;
}

struct hint hint_near(const char *text, const char *const *names, size_t n)
{
    char all[NAMES_TEXT];
    const char *near = nearest(text, names, n);
    struct hint hint = {.meant = near};
    if (near)
        snprintf(hint.text, sizeof hint.text, "; did you mean '%.60s'?", near);
    else if (n)
        snprintf(hint.text, sizeof hint.text, "; there are %s", names_listed(names, n, all));
    return hint;
}
