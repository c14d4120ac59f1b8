#include "app/field.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

void field_open(struct text_field *f, const char *text)
{
    f->on = true;
    str_clear(&f->text);
    str_clear(&f->composing);
    f->caret = f->anchor = 0;
    field_insert(f, text);
    f->anchor = 0;
}

void field_finish(struct text_field *f)
{
    str_finish(&f->text);
    str_finish(&f->composing);
    *f = (struct text_field){0};
}

/* ---- edges of characters as people see them ---- */

/* The edge after position `at`, which is an edge itself. */
static size_t next_edge(const char *text, size_t n, size_t at)
{
    utf8proc_int32_t before, after, state = 0;
    if (at >= n)
        return n;
    at += (size_t)utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(n - at), &before);
    while (at < n) {
        size_t length =
            (size_t)utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(n - at), &after);
        if (utf8proc_grapheme_break_stateful(before, after, &state))
            return at;
        before = after;
        at += length;
    }
    return n;
}

static size_t previous_edge(const char *text, size_t n, size_t at)
{
    size_t edge = 0, next;
    while (edge < at && (next = next_edge(text, n, edge)) < at)
        edge = next;
    return edge;
}

/* The edge of the word before / after, for Control with an arrow. */
static size_t word_edge(const char *text, size_t n, size_t at, bool forward)
{
    if (forward) {
        while (at < n && text[at] == ' ')
            at++;
        while (at < n && text[at] != ' ')
            at++;
    } else {
        while (at > 0 && text[at - 1] == ' ')
            at--;
        while (at > 0 && text[at - 1] != ' ')
            at--;
    }
    return at;
}

/* ---- changing ---- */

size_t field_selection(const struct text_field *f, size_t *ret_at)
{
    *ret_at = f->caret < f->anchor ? f->caret : f->anchor;
    return (f->caret < f->anchor ? f->anchor : f->caret) - *ret_at;
}

static void erase(struct text_field *f, size_t at, size_t n)
{
    if (n == 0)
        return;
    memmove(f->text.v + at, f->text.v + at + n, f->text.n - at - n + 1);
    f->text.n -= n;
    f->caret = f->anchor = at;
}

/* What may stand in a line of text: control characters do not; a line break is a space. */
static void add_clean(struct str *to, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '\n' || *p == '\t')
            str_add(to, " ");
        else if (*p >= 0x20 && *p != 0x7F)
            str_addn(to, (const char *)p, 1);
    }
}

bool field_insert(struct text_field *f, const char *text)
{
    size_t at, selected = field_selection(f, &at), n = strlen(text);
    if (!utf8_is_valid(text, n, NULL) || f->text.n - selected + n > FIELD_BYTES_MAX)
        return false;
    struct str whole = {0};
    str_addn(&whole, str_text(&f->text), at);
    add_clean(&whole, text);
    size_t caret = whole.n;
    str_add(&whole, str_text(&f->text) + at + selected);
    if (whole.failed) {
        str_finish(&whole);
        return false;
    }
    str_finish(&f->text);
    f->text = whole;
    f->caret = f->anchor = caret;
    str_clear(&f->composing);
    return true;
}

void field_compose(struct text_field *f, const char *text)
{
    str_clear(&f->composing);
    if (utf8_is_valid(text, strlen(text), NULL) && strlen(text) <= FIELD_BYTES_MAX)
        add_clean(&f->composing, text);
}

static void move_to(struct text_field *f, size_t at, bool select)
{
    f->caret = at;
    if (!select)
        f->anchor = at;
}

static bool erase_key(struct text_field *f, bool back, bool word)
{
    size_t at, selected = field_selection(f, &at), n = f->text.n;
    const char *text = str_text(&f->text);
    if (selected > 0) {
        erase(f, at, selected);
    } else if (back) {
        size_t edge = word ? word_edge(text, n, at, false) : previous_edge(text, n, at);
        erase(f, edge, at - edge);
    } else {
        size_t edge = word ? word_edge(text, n, at, true) : next_edge(text, n, at);
        erase(f, at, edge - at);
    }
    return true;
}

bool field_key(struct text_field *f, const char *key, bool shift, bool control)
{
    const char *text = str_text(&f->text);
    size_t n = f->text.n, at, selected = field_selection(f, &at);
    bool left = strcmp(key, "Left") == 0, right = strcmp(key, "Right") == 0;
    if ((left || right) && selected > 0 && !shift)
        move_to(f, left ? at : at + selected, false);
    else if (left)
        move_to(f, control ? word_edge(text, n, f->caret, false) : previous_edge(text, n, f->caret), shift);
    else if (right)
        move_to(f, control ? word_edge(text, n, f->caret, true) : next_edge(text, n, f->caret), shift);
    else if (strcmp(key, "Home") == 0 || strcmp(key, "Up") == 0)
        move_to(f, 0, shift);
    else if (strcmp(key, "End") == 0 || strcmp(key, "Down") == 0)
        move_to(f, n, shift);
    else if (strcmp(key, "Backspace") == 0 || strcmp(key, "Delete") == 0)
        return erase_key(f, key[0] == 'B', control);
    else if (control && strcmp(key, "a") == 0) {
        f->anchor = 0;
        f->caret = n;
    } else
        return false;
    return true;
}
