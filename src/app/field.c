#include "app/input.h"

#include "lesson/text/tokens.h"

#include <stdlib.h>
#include <string.h>

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

/* The first edge that is not before `at`. */
static size_t edge_from(const char *text, size_t n, size_t at)
{
    size_t edge = 0;
    while (edge < at)
        edge = text_next_edge(text, n, edge);
    return edge;
}

/* The last edge before `at`; 0 at the start. */
static size_t edge_before(const char *text, size_t n, size_t at)
{
    size_t edge = 0, next;
    while (edge < at && (next = text_next_edge(text, n, edge)) < at)
        edge = next;
    return edge;
}

/* The edge of the word before / after, for Control with an arrow. A blank may carry an accent: then the edge of the
 * word is none of a character. */
static size_t word_edge(const char *text, size_t n, size_t at, bool forward)
{
    if (forward) {
        while (at < n && text[at] == ' ')
            at++;
        while (at < n && text[at] != ' ')
            at++;
        return edge_from(text, n, at);
    }
    while (at > 0 && text[at - 1] == ' ')
        at--;
    while (at > 0 && text[at - 1] != ' ')
        at--;
    return edge_from(text, n, at) == at ? at : edge_before(text, n, at);
}

/* ---- changing ---- */

size_t field_selection(const struct text_field *f, size_t *ret_at)
{
    *ret_at = f->caret < f->anchor ? f->caret : f->anchor;
    return (f->caret < f->anchor ? f->anchor : f->caret) - *ret_at;
}

/* What is put or taken away may join what stood apart (an "e" before an accent): the caret goes to the end of it. */
static void put_caret(struct text_field *f, size_t at)
{
    f->caret = f->anchor = edge_from(str_text(&f->text), f->text.n, at);
}

static void erase(struct text_field *f, size_t at, size_t n)
{
    if (n == 0)
        return;
    memmove(f->text.v + at, f->text.v + at + n, f->text.n - at - n + 1);
    f->text.n -= n;
    put_caret(f, at);
}

static bool is_break(int32_t code)
{
    return (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2028 || code == 0x2029;
}

/* What may stand in a line of text. No more than it takes to see that the limit is passed. False: it is not UTF-8. */
static bool add_clean(struct str *to, const char *text)
{
    for (size_t at = 0, n = strlen(text); at < n && to->n <= FIELD_BYTES_MAX;) {
        int32_t code;
        size_t length = utf8_next(text + at, n - at, &code);
        if (length == 0)
            return false;
        bool half = code == '\r' && text[at + 1] == '\n'; /* two bytes, one line break */
        if (is_break(code) && !half)
            str_add(to, " ");
        else if (!is_break(code) && !character_is_refused(code))
            str_addn(to, text + at, length);
        at += length;
    }
    return true;
}

bool field_insert(struct text_field *f, const char *text)
{
    size_t at, selected = field_selection(f, &at);
    struct str whole = {0};
    str_addn(&whole, str_text(&f->text), at);
    bool valid = add_clean(&whole, text);
    size_t caret = whole.n;
    str_add(&whole, str_text(&f->text) + at + selected);
    if (!valid || whole.failed || whole.n > FIELD_BYTES_MAX) {
        str_finish(&whole);
        return false;
    }
    str_finish(&f->text);
    f->text = whole;
    put_caret(f, caret);
    str_clear(&f->composing);
    return true;
}

void field_compose(struct text_field *f, const char *text)
{
    str_clear(&f->composing);
    if (!add_clean(&f->composing, text) || f->composing.n > FIELD_BYTES_MAX)
        str_clear(&f->composing);
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
        size_t edge = word ? word_edge(text, n, at, false) : edge_before(text, n, at);
        erase(f, edge, at - edge);
    } else {
        size_t edge = word ? word_edge(text, n, at, true) : text_next_edge(text, n, at);
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
        move_to(f, control ? word_edge(text, n, f->caret, false) : edge_before(text, n, f->caret), shift);
    else if (right)
        move_to(f, control ? word_edge(text, n, f->caret, true) : text_next_edge(text, n, f->caret), shift);
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
