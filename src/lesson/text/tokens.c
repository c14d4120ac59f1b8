#include "lesson/text/tokens.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { LEXICON_WORD_MAX = 4 /* characters of the longest word tried in a script without spaces */ };

enum sort { SORT_SPACE, SORT_LETTER, SORT_MARK, SORT_CHARACTER };

/* One user-perceived character: its place in the text and its first code point. */
struct grapheme {
    size_t at, n;
    utf8proc_int32_t code;
    enum sort sort;
};

/* Scripts that write no spaces between words: kana, Chinese characters. */
static bool is_unspaced(utf8proc_int32_t c)
{
    static const utf8proc_int32_t ranges[][2] = {
        {0x3005, 0x3007}, {0x3040, 0x30FF}, {0x31F0, 0x31FF},   {0x3400, 0x4DBF},
        {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x323AF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

static enum sort sort_of(utf8proc_int32_t c)
{
    if (c == '\t' || c == '\n' || c == '\r')
        return SORT_SPACE;
    if (is_unspaced(c))
        return SORT_CHARACTER;
    /* The categories stand in this order: letters, numbers, then punctuation and symbols, then separators. */
    utf8proc_category_t category = utf8proc_category(c);
    if (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP)
        return SORT_SPACE;
    return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_SO ? SORT_MARK : SORT_LETTER;
}

bool character_is_of_word(int32_t c)
{
    return sort_of(c) == SORT_LETTER;
}

bool character_is_refused(int32_t c)
{
    if (c == '\t' || c == '\n' || c == '\r')
        return false;
    return utf8proc_category(c) == UTF8PROC_CATEGORY_CC || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c & 0xFFFE) == 0xFFFE;
}

/* In NFC, and with `fold` in lower case; *ret is for free(). The number of bytes, or utf8proc's error. */
static utf8proc_ssize_t normalise(const char *text, utf8proc_option_t fold, char **ret)
{
    utf8proc_uint8_t *out = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text, 0, &out,
                                      UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | fold);
    *ret = (char *)out;
    return n;
}

/* Cut into graphemes; *ret_n of them into `list`, which has room for one per byte. */
static struct qkv_err find_graphemes(const char *text, struct grapheme *list, size_t *ret_n)
{
    utf8proc_int32_t state = 0, before = 0;
    size_t n = 0, size = strlen(text);
    for (size_t at = 0; at < size;) {
        int32_t code;
        size_t step = utf8_next(text + at, size - at, &code);
        if (step == 0)
            return qkv_errf(QKV_ERR_SYNTAX, "the sentence is not UTF-8");
        if (character_is_refused(code))
            return qkv_errf(QKV_ERR_SYNTAX, "the sentence holds the control character U+%04X, which shows nothing",
                            (unsigned)code);
        if (at == 0 || utf8proc_grapheme_break_stateful(before, code, &state))
            list[n++] = (struct grapheme){.at = at, .code = code, .sort = sort_of(code)};
        list[n - 1].n += step;
        before = code;
        at += step;
    }
    *ret_n = n;
    return (struct qkv_err){0};
}

static bool is_digit(utf8proc_int32_t c)
{
    return utf8proc_category(c) == UTF8PROC_CATEGORY_ND;
}

/* A mark inside a word: don't, well-known, 3.14, 1,000. */
static bool joins(const struct grapheme *list, size_t n, size_t i)
{
    if (i == 0 || i + 1 >= n || list[i - 1].sort != SORT_LETTER || list[i + 1].sort != SORT_LETTER)
        return false;
    switch (list[i].code) {
    case '\'':
    case 0x2019:
    case '-':
    case 0x2010:
    case 0x2011:
        return true;
    case '.':
    case ',':
        return is_digit(list[i - 1].code) && is_digit(list[i + 1].code);
    default:
        return false;
    }
}

static bool is_of_word(const struct grapheme *g)
{
    return g->sort == SORT_LETTER || g->sort == SORT_CHARACTER;
}

/* Does a blank stand between two words? Then blanks say where words end, in every script. */
static bool is_spaced(const struct grapheme *list, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        size_t next = i;
        while (next < n && list[next].sort == SORT_SPACE)
            next++;
        if (next > i && next < n && is_of_word(&list[i - 1]) && is_of_word(&list[next]))
            return true;
    }
    return false;
}

/* The end of the run of letters, and with `characters` of Chinese ones, that begins at `from`. */
static size_t run_end(const struct grapheme *list, size_t n, size_t from, bool characters)
{
    size_t end = from;
    while (end < n && (list[end].sort == SORT_LETTER || (characters && list[end].sort == SORT_CHARACTER) ||
                       (list[end].sort == SORT_MARK && joins(list, n, end))))
        end++;
    return end;
}

static size_t bytes_between(const struct grapheme *list, size_t from, size_t end)
{
    return end > from ? list[end - 1].at + list[end - 1].n - list[from].at : 0;
}

/* How many graphemes the word that starts at `from` has. */
static size_t word_length(const char *text, const struct grapheme *list, size_t n, size_t from, bool spaced,
                          const struct lexicon_lookup *lookup)
{
    if (list[from].sort == SORT_MARK)
        return 1;
    if (spaced || list[from].sort != SORT_CHARACTER)
        return run_end(list, n, from, spaced) - from;
    for (size_t length = LEXICON_WORD_MAX; lookup && length > 1; length--) {
        size_t last = from + length - 1;
        if (last < n &&
            lookup->knows(lookup->lexicon, text + list[from].at, list[last].at + list[last].n - list[from].at))
            return length;
    }
    return 1;
}

static struct qkv_err cut(struct arena *arena, const char *text, const struct grapheme *list, size_t n,
                          const struct lexicon_lookup *lookup, struct words *words)
{
    const bool spaced = is_spaced(list, n);
    size_t too_long = 0; /* the end of a run that is a sentence, which blanks separate from another */
    for (size_t at = 0; at < n;) {
        if (list[at].sort == SORT_SPACE) {
            at++;
            continue;
        }
        const size_t end = run_end(list, n, at, spaced);
        if (at >= too_long && list[at].sort == SORT_CHARACTER && bytes_between(list, at, end) > WORD_BYTES_MAX)
            too_long = end;
        size_t length = word_length(text, list, n, at, spaced && at >= too_long, lookup), last = at + length - 1;
        size_t bytes = list[last].at + list[last].n - list[at].at;
        if (bytes > WORD_BYTES_MAX)
            return qkv_errf(QKV_ERR_LIMIT, "word %zu of the sentence has %zu bytes; at most %d can be shown",
                            words->n + 1, bytes, WORD_BYTES_MAX);
        if (words->n == WORDS_MAX)
            return qkv_errf(QKV_ERR_LIMIT, "the sentence has more than %d words", WORDS_MAX);
        words->v[words->n] = arena_text(arena, text + list[at].at, bytes);
        if (!words->v[words->n++])
            return qkv_nomem("the sentence's words");
        at += length;
    }
    return words->n ? (struct qkv_err){0} : qkv_errf(QKV_ERR_SYNTAX, "the sentence holds no word");
}

struct qkv_err tokens_split(struct arena *arena, const char *sentence, const struct lexicon_lookup *lookup,
                            struct words *ret)
{
    size_t size = strlen(sentence), bad = 0, n = 0;
    if (size > SENTENCE_BYTES_MAX)
        return qkv_errf(QKV_ERR_LIMIT, "the sentence has %zu bytes; at most %d are taken", size, SENTENCE_BYTES_MAX);
    if (!utf8_is_valid(sentence, size, &bad))
        return qkv_errf(QKV_ERR_SYNTAX, "the sentence is not UTF-8 (byte %zu is 0x%02X)", bad + 1,
                        (unsigned)(unsigned char)sentence[bad]);
    char *text = NULL;
    struct qkv_err err = {0};
    utf8proc_ssize_t length = normalise(sentence, 0, &text);
    if (length < 0)
        return length == UTF8PROC_ERROR_NOMEM
                   ? qkv_nomem("the sentence")
                   : qkv_errf(QKV_ERR_SYNTAX, "the sentence is no valid text: %s", utf8proc_errmsg(length));
    struct words words = {.v = arena_array(arena, WORDS_MAX, sizeof *words.v)};
    struct grapheme *list = calloc(strlen(text) + 1, sizeof *list);
    if (!words.v || !list)
        err = qkv_nomem("the sentence's words");
    if (!err.code)
        err = find_graphemes(text, list, &n);
    if (!err.code)
        err = cut(arena, text, list, n, lookup, &words);
    if (!err.code)
        *ret = words;
    free(list);
    free(text);
    return err;
}

size_t text_next_edge(const char *text, size_t n, size_t at)
{
    utf8proc_int32_t before = 0, after = 0, state = 0;
    for (size_t from = at; at < n; before = after) {
        size_t length = utf8_next(text + at, n - at, &after);
        if (at > from && utf8proc_grapheme_break_stateful(before, after, &state))
            return at;
        at += length > 0 ? length : 1;
    }
    return n;
}

bool text_is_unspaced(const char *text)
{
    utf8proc_int32_t code = 0;
    return utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)strlen(text), &code) > 0 &&
           is_unspaced(code);
}

/* A typographic apostrophe is written in the lexicon as the plain one: don’t, don't. */
static void straighten(char *text)
{
    static const char curly[] = "\xE2\x80\x99";
    for (char *at; (at = strstr(text, curly)) != NULL; text = at + 1) {
        *at = '\'';
        memmove(at + 1, at + 3, strlen(at + 3) + 1);
    }
}

const char *text_folded(struct arena *arena, const char *text)
{
    char *out = NULL;
    utf8proc_ssize_t n = normalise(text, UTF8PROC_CASEFOLD, &out);
    char *folded = n >= 0 ? arena_text(arena, out, (size_t)n) : NULL;
    if (folded)
        straighten(folded);
    free(out);
    return folded;
}
