/* A sentence as words, by Unicode's rules. */
#include "support/check.h"

#include "lesson/text/tokens.h"

#include <stdlib.h>
#include <utf8proc.h>

static bool knows_cat(const void *lexicon, const char *text, size_t n)
{
    (void)lexicon;
    return n == 6 && memcmp(text, "小猫", 6) == 0;
}

static const struct token_case {
    const char *name, *sentence, *words; /* words: with | between them */
} cases[] = {
    {"spaces separate", "The cat sat", "The|cat|sat"},
    {"any white space separates, however much of it", " The \t cat\n\nsat\u00A0down\u3000now ", "The|cat|sat|down|now"},
    {"punctuation stands apart", "“Stop!” she said, twice.", "“|Stop|!|”|she|said|,|twice|."},
    {"every mark is a word of its own", "Why?! ...", "Why|?|!|.|.|."},
    {"an apostrophe between letters belongs to the word", "don't it’s cats'", "don't|it’s|cats|'"},
    {"a hyphen between letters belongs to the word", "well-known - isn't it", "well-known|-|isn't|it"},
    {"a point between digits belongs to the number", "3.14 1,000 end.", "3.14|1,000|end|."},
    {"symbols stand apart", "2+2=4€", "2|+|2|=|4|€"},
    {"an accent stays on its letter, composed", "cafe\u0301 na\u0308h", "café|näh"},
    {"a letter with two accents stays whole", "x\u0301\u0327y z", "x\u0327\u0301y|z"},
    {"a family is one character", "a 👨\u200D👩\u200D👧\u200D👦 b", "a|👨\u200D👩\u200D👧\u200D👦|b"},
    {"emoji side by side are words of their own", "😀😀", "😀|😀"},
    {"flags are two letters each", "🇫🇷🇩🇪", "🇫🇷|🇩🇪"},
    {"a skin tone stays on its hand", "👍🏽!", "👍🏽|!"},
    {"Chinese is cut into characters", "我喜欢猫。", "我|喜|欢|猫|。"},
    {"Chinese words of the lexicon stay whole", "我的小猫睡着了", "我|的|小猫|睡|着|了"},
    {"words of Chinese that blanks separate stay whole", "机器 学习 很 有趣", "机器|学习|很|有趣"},
    {"so do those of Japanese", "猫 が 眠る", "猫|が|眠る"},
    {"and Chinese words among others", "I love 人工智能", "I|love|人工智能"},
    {"Latin letters and characters without a blank are one word there", "Python编程 很 有趣", "Python编程|很|有趣"},
    {"a blank beside a mark separates no words", "我的小猫睡着了 。", "我|的|小猫|睡|着|了|。"},
    {"a blank after a comma neither", "我的小猫， 小猫睡", "我|的|小猫|，|小猫|睡"},
    {"a clause that is too long for a word is cut",
     "睡 小猫睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡睡",
     "睡|小猫|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡|睡"},
    {"Chinese beside Latin letters", "我爱NLP吗", "我|爱|NLP|吗"},
    {"Japanese is cut into characters", "猫です", "猫|で|す"},
    {"Korean has spaces", "고양이가 잤다", "고양이가|잤다"},
    {"Hebrew is kept in the order it is read", "החתול ישן.", "החתול|ישן|."},
    {"Arabic keeps its vowel marks", "القِطّ نام؟", "القِطّ|نام|؟"},
    {"Devanagari keeps its joined letters", "बिल्ली सोई", "बिल्ली|सोई"},
    {"a full-width text is words and marks", "Ｈｅｌｌｏ，世界！", "Ｈｅｌｌｏ|，|世|界|！"},
    {"a character beyond the first plane", "𝒳 = 𝟙", "𝒳|=|𝟙"},
    {"a mark that stands alone is a word", "\u0301", "\u0301"},
};

static const struct refusal_case {
    const char *name, *sentence;
    enum qkv_code code;
    const char *says;
} refusals[] = {
    {"an empty sentence", "", QKV_ERR_SYNTAX, "no word"},
    {"a sentence of spaces", " \t\n", QKV_ERR_SYNTAX, "no word"},
    {"a bell", "a\x07z", QKV_ERR_SYNTAX, "U+0007"},
    {"an escape", "\x1B[31mred", QKV_ERR_SYNTAX, "U+001B"},
    {"a control character of the second kind", "a\xC2\x85z", QKV_ERR_SYNTAX, "U+0085"},
    {"text that turns what is around it", "abc\u202Ecba", QKV_ERR_SYNTAX, "U+202E"},
    {"a byte order mark", "\uFEFFThe", QKV_ERR_SYNTAX, "U+FEFF"},
    {"bytes that are not UTF-8", "caf\xE9", QKV_ERR_SYNTAX, "byte 4 is 0xE9"},
    {"half a character", "caf\xC3", QKV_ERR_SYNTAX, "byte 4 is 0xC3"},
    {"a surrogate", "\xED\xA0\x80", QKV_ERR_SYNTAX, "not UTF-8"},
};

static struct arena arena;

static void empty_arena(void)
{
    arena_finish(&arena);
}

TEST_ROWS_WITH(a_sentence_is_cut_into_these_words, cases, c, name, NULL, empty_arena)
{
    const struct lexicon_lookup lookup = {.knows = knows_cat};
    struct words words = {0};
    assert_ok(tokens_split(&arena, c->sentence, &lookup, &words));
    char joined[512] = "";
    for (size_t i = 0; i < words.n; i++) {
        strcat(joined, i ? "|" : "");
        strcat(joined, words.v[i]);
    }
    assert_string_equal(joined, c->words);
}

TEST_ROWS_WITH(this_is_refused, refusals, c, name, NULL, empty_arena)
{
    struct words words = {0};
    assert_error(tokens_split(&arena, c->sentence, NULL, &words), c->code, c->says);
    assert_int_equal(words.n, 0);
}

/* `piece` over and over: `times` of them. */
static void split_many(const char *piece, size_t times, enum qkv_code code, const char *says)
{
    size_t n = strlen(piece);
    char *text = calloc(n * times + 1, 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * n, piece, n);
    struct words words = {0};
    struct qkv_err err = tokens_split(&arena, text, NULL, &words);
    free(text);
    assert_int_equal(err.code, code);
    if (err.code && !strstr(err.what, says))
        fail_msg("'%s' does not say '%s'", err.what, says);
    if (!err.code)
        assert_int_equal(words.n, times);
}

TEST_WITH(limits_are_kept_and_told, NULL, empty_arena)
{
    split_many("w ", WORDS_MAX, QKV_OK, "");
    split_many("w ", WORDS_MAX + 1, QKV_ERR_LIMIT, "more than 4096 words");
    split_many("猫", WORDS_MAX + 1, QKV_ERR_LIMIT, "more than 4096 words");
    split_many("a", WORD_BYTES_MAX + 1, QKV_ERR_LIMIT, "word 1 of the sentence has 97 bytes");
    split_many("\u0301", WORD_BYTES_MAX, QKV_ERR_LIMIT, "word 1");
    static const char *const letters[] = {"a", "猫", "\u0301", "😀", "א", " "};
    split_many("a", 100000, QKV_ERR_LIMIT, "the sentence has 100000 bytes");
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        split_many(letters[i], 100000, QKV_ERR_LIMIT, "at most 65536 are taken");
}

TEST_WITH(random_code_points_never_crash_and_words_hold_no_space, NULL, empty_arena)
{
    unsigned long seed = 99;
    for (int round = 0; round < 500; round++) {
        char text[200] = "";
        size_t n = 0;
        while (n < sizeof text - 5) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            unsigned c = (unsigned)(seed >> 33) % (round % 3 == 0 ? 0x11000u : round % 3 == 1 ? 0x3000u : 0x20000u);
            if (c < 0x20 || (c >= 0xD800 && c < 0xE000))
                continue;
            n += (size_t)utf8proc_encode_char((int)c, (unsigned char *)text + n);
            if ((seed >> 7) % 3 == 0)
                text[n++] = ' ';
        }
        struct words words = {0};
        struct qkv_err err = tokens_split(&arena, text, NULL, &words);
        for (size_t i = 0; !err.code && i < words.n; i++) {
            assert_true(words.v[i][0] != '\0');
            assert_null(strchr(words.v[i], ' '));
        }
        arena_finish(&arena);
    }
}
