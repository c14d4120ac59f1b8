/* tokens.h: a sentence as words, by Unicode's rules (utf8proc).
 *
 * The text is normalised (NFC) and cut between graphemes only: an accent stays on its letter, a family emoji is one
 * character. White space separates; a punctuation mark or symbol is a word of its own, except an apostrophe or hyphen
 * between letters (don't, well-known) and a point between digits (3.14). Chinese and Japanese, which write no spaces,
 * are cut by the longest word that a lexicon knows, else character by character; but in a sentence where a space stands
 * between two words, spaces separate words in every script. */
#ifndef QKV_LESSON_TOKENS_H
#define QKV_LESSON_TOKENS_H

#include "base/array.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SENTENCE_BYTES_MAX = 64 * 1024,
    WORD_BYTES_MAX = 96, /* an emoji of a family of four takes 25 */
    WORDS_MAX = 4096 /* a matrix of all words with all words is 134 MB; footprint.h says how many such there may be */
};

/* Texts that a lesson owns: words, labels, names. */
struct words {
    const char **v;
    size_t n;
};

/* Is this text a word of the lexicon? */
struct lexicon_lookup {
    bool (*knows)(const void *lexicon, const char *text, size_t n);
    const void *lexicon;
};

/* Cut `sentence`; `lookup` may be NULL. Errors: QKV_ERR_SYNTAX (not UTF-8, a control character, no word at all),
 * QKV_ERR_LIMIT (which limit), QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err tokens_split(struct arena *arena, const char *sentence, const struct lexicon_lookup *lookup,
                                        struct words *ret);

/* The edge after position `at` of a valid text of n bytes: where the character as people see it (a grapheme cluster: an
 * accent or a joined emoji is never cut) that begins at `at` ends. `at` is such an edge itself. */
size_t text_next_edge(const char *text, size_t n, size_t at);

/* Is it a letter or a digit of a script that puts spaces between words? */
bool character_is_of_word(int32_t code);

/* Is this character refused in a sentence: is it invisible, or does it reverse the text around it on the screen? Tabs
 * and line breaks are not: they are white space. */
bool character_is_refused(int32_t code);

/* Is this word of a script that writes no spaces between words: does it begin with a Chinese character or kana? */
bool text_is_unspaced(const char *text);

/* The text in lower case and NFC, as the lexicon has its words; in the arena; NULL: no memory. */
const char *text_folded(struct arena *arena, const char *text);

#endif
