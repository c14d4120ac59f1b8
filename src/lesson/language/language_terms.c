/* language_terms.c: the glossary: the terms of the field, and where a text uses them. */
#include "lesson/language/language_parts.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

/* The terms are numbered as the last fallback lists them, so that a number means the same in every language. */
static const struct node *terms_of(const struct language *l)
{
    while (l->fallback)
        l = l->fallback;
    return section(l, "terms");
}

bool language_term(const struct language *language, int number, struct glossary_term *ret)
{
    const struct node *terms = terms_of(language), *item = terms && number >= 0 ? terms->first : NULL;
    for (int i = 0; item && i < number; i++)
        item = item->next;
    if (!item)
        return false;
    const struct node *forms = in_section(language, "terms", item->key->text, "forms");
    *ret = (struct glossary_term){.key = item->key->text,
                                  .name = forms && forms->first ? found(forms->first) : "",
                                  .line = found(in_section(language, "terms", item->key->text, "line"))};
    return true;
}

/* The term's forms as the language has them, or what it falls back on. */
static const struct node *forms_of(const struct language *language, const struct node *term)
{
    const struct node *forms = in_section(language, "terms", term->key->text, "forms");
    return forms ? forms->first : NULL;
}

/* A form belongs to its first byte; one without a byte, to none. */
static size_t *count_of(struct forms *forms, const struct node *form)
{
    return form->bytes > 0 ? &forms->from[(unsigned char)form->text[0] + 1] : &forms->from[0];
}

bool language_gather_forms(struct language *language)
{
    struct forms *forms = &language->forms;
    const struct node *terms = terms_of(language), *first = terms ? terms->first : NULL;
    size_t next[256];
    int term = 0;
    for (const struct node *item = first; item; item = item->next)
        for (const struct node *f = forms_of(language, item); f; f = f->next)
            ++*count_of(forms, f);
    forms->from[0] = 0;
    for (size_t byte = 0; byte < 256; byte++) {
        next[byte] = forms->from[byte];
        forms->from[byte + 1] += forms->from[byte];
    }
    forms->v = arena_array(&language->arena, forms->from[256], sizeof *forms->v);
    if (!forms->v)
        return false;
    for (const struct node *item = first; item; item = item->next, term++)
        for (const struct node *f = forms_of(language, item); f; f = f->next)
            if (f->bytes > 0)
                forms->v[next[(unsigned char)f->text[0]]++] = (struct form){f->text, f->bytes, term};
    return true;
}

/* Does a word go on over this place? Not between characters of a script that writes no spaces. */
static bool inside_word(const char *text, size_t n, size_t at)
{
    utf8proc_int32_t before = 0, after = 0;
    size_t back = at;
    if (at == 0 || at >= n)
        return false;
    do
        back--;
    while (back > 0 && ((unsigned char)text[back] & 0xC0) == 0x80);
    utf8proc_iterate((const utf8proc_uint8_t *)text + back, (utf8proc_ssize_t)(at - back), &before);
    utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(n - at), &after);
    if (after == 0x1D40) /* the T of W_Oᵀ: the symbol ends before it */
        return false;
    return (before == '_' || character_is_of_word(before)) && (after == '_' || character_is_of_word(after));
}

/* Of the forms that begin with this byte, the longest that stands here, if it is longer than the one that is known. Its
 * first byte is not compared: it may be a capital at the beginning of a sentence. */
static const struct form *longest_at(const struct forms *forms, unsigned char first, const char *text, size_t n,
                                     size_t at, const struct form *known)
{
    for (const struct form *form = forms->v + forms->from[first]; form < forms->v + forms->from[first + 1]; form++)
        if ((!known || form->n > known->n) && form->n <= n - at &&
            memcmp(text + at + 1, form->text + 1, form->n - 1) == 0 && !inside_word(text, n, at + form->n))
            known = form;
    return known;
}

size_t language_find_terms(const struct language *language, const char *text, size_t n, struct term_place ret[],
                           size_t most)
{
    size_t found_n = 0;
    for (size_t at = 0, taken; at < n && found_n < most; at += taken) {
        unsigned char here = (unsigned char)text[at], small = (unsigned char)tolower(here);
        const struct form *longest = longest_at(&language->forms, here, text, n, at, NULL);
        if (small != here)
            longest = longest_at(&language->forms, small, text, n, at, longest);
        if (longest && inside_word(text, n, at))
            longest = NULL;
        taken = longest ? longest->n : 1;
        if (longest)
            ret[found_n++] = (struct term_place){at, longest->n, longest->term};
        while (at + taken < n && ((unsigned char)text[at + taken] & 0xC0) == 0x80)
            taken++;
    }
    return found_n;
}

/* ---- what is wrong with a glossary ---- */

static void check_forms(const struct node *terms, const struct node *item, struct reader *r)
{
    const struct node *forms = node_field(item, "forms");
    for (const struct node *f = forms ? forms->first : NULL; f; f = f->next)
        for (const struct node *other = terms->first; other; other = other->next) {
            const struct node *others = node_field(other, "forms");
            for (const struct node *g = others ? others->first : NULL; g && g != f; g = g->next)
                if (strcmp(f->text, g->text) == 0) {
                    diagnostic(r, f, QKV_ERR_DOMAIN, "'%.60s' is a form of the term %.60s already", f->text,
                               other->key->text);
                    return;
                }
            if (other == item)
                break;
        }
}

void language_check_terms(const struct language *language, struct reader *r)
{
    const struct node *terms = section(language, "terms");
    size_t n_forms = 0;
    for (const struct node *item = terms ? terms->first : NULL; item; item = item->next) {
        const struct node *forms = node_field(item, "forms"), *line = node_field(item, "line");
        size_t n = 0;
        for (const char *at = found(line); *at; at++)
            n += ((unsigned char)*at & 0xC0) != 0x80;
        if (!forms || forms->kind != NODE_LIST || forms->n == 0)
            diagnostic(r, item, QKV_ERR_DOMAIN,
                       "the term %.60s needs 'forms': how texts write it, the name of it first", item->key->text);
        if (n == 0 || n > TERM_LINE_MAX)
            diagnostic(r, line ? line : item, QKV_ERR_LIMIT,
                       "the term %.60s needs a 'line' of 1 to %d characters, not %zu", item->key->text, TERM_LINE_MAX,
                       n);
        n_forms += forms ? forms->n : 0;
        check_forms(terms, item, r);
    }
    if (n_forms > TERM_FORMS_MOST)
        diagnostic(r, terms, QKV_ERR_LIMIT, "the terms have %zu forms; at most %d", n_forms, TERM_FORMS_MOST);
}
