/* typed.h: sentences as people type them, for tests: of so many words, or of anything that a keyboard, an input
 * method or the clipboard may bring. */
#ifndef QKV_TESTS_TYPED_H
#define QKV_TESTS_TYPED_H

#include <stdint.h>
#include <string.h>

/* A line for each would be pages: */
/* clang-format off */
static const char *const typed_pieces[] = {
    /* In sentences that are taken; more blanks than anything, or all would be one word: */
    "a", "the", "cat", "zorgle", " ", " ", " ", ".", "?!", "don't", "’", "\u0301", "\u0308", "\u20DD", "é", "ñ",
    "ß", "İ", "ﬁ", "猫", "小猫", "睡着了", "的", "。", "が", "\u3099", "한국", "ᄒ", "ᅡ", "שלום", "ִּ", "مرحبا", "ـ", "ที่",
    "नी", "ক্ষ", "😀", "👍🏽", "👨\u200D👩\u200D👧", "🇫🇷", "🇩", "\u200D", "\u200C", "\u200F", "\uFFFD", "𝒳", "\t", "\n",
    "-", "--", "3.14", "1,000", "\u00A0", "\u00AD", "{", "}", ": ", "#", "\"", "'", "\\", "%s", " ", " ", " ",
    "\u0308\u0323\u0301", "\uE000", "\U0001D573", "﷽", "Donaudampfschifffahrtsgesellschaftskapitän",
    "llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    /* Characters that no sentence may have: */
    "\x01", "\u202E", "\uFEFF", "\u2066", "\x1B[", "\x7F", "\xC2\x85", "\uFFFF", "\U0010FFFF",
    /* Bytes that are no text: */
    "\xC3", "\xE2\x80", "\xFF", "\xED\xA0\x80",
};
/* clang-format on */

/* How many pieces make sentences that are taken; are text; there are. */
enum {
    TYPED_ALL = sizeof typed_pieces / sizeof typed_pieces[0],
    TYPED_TEXT = TYPED_ALL - 4,
    TYPED_TAKEN = TYPED_TEXT - 9
};

/* Add n of the first `choice` pieces by chance. */
static inline void typed_add(char *sentence, int n, size_t choice, uint64_t *seed)
{
    for (; n > 0; n--) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        strcat(sentence, typed_pieces[(*seed >> 33) % choice]);
    }
}

/* The nth word of a long sentence of plain words; with a blank behind it, TYPED_WORD bytes hold it. */
enum { TYPED_WORD = 8 };
static inline const char *typed_word(size_t n)
{
    static const char *const vocabulary[] = {"the", "dog", "they", "zorgle", "sleeps", "old", ",", "小猫"};
    return vocabulary[(n * n + n / 3) % 8];
}

#endif
