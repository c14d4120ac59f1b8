/* What each head of the glass model claims, on sentences that no lesson has: the model was made with those of
 * claims/fitted.txt in view; those of claims/held-out.txt were written after it was finished. claims/hard.txt and
 * claims/hard-held-out.txt are the same for the cases that a linguist tries, and claims/hard-third.txt was written before
 * the rules were made that the third part of claims/hard.txt is about. The figures are printed. */
#include "support/check.h"
#include "support/steps.h"

#include "lesson/lesson.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { FITTED, HELD_OUT, HARD, HARD_HELD_OUT, HARD_THIRD, FILES };
enum { HEADS = 8, LINE_BYTES = 1024 };

static const struct head {
    const char *name;
} heads[HEADS] = {{"pronoun"}, {"previous"}, {"adjective"}, {"verb"}, {"determiner"}, {"same"}, {"first"}, {"even"}};
static const char lesson_text[] =
    "title: t\nsummary: s\nsentence: x\n"
    "weights: {source: glass, heads: [pronoun, previous, adjective, verb, determiner, same, first, even]}\n";

static struct tally {
    size_t sentences, agree, all;
} tallies[FILES][HEADS];

/* ---- one sentence ---- */

static size_t most_looked_at(const struct lesson *lesson, size_t head, size_t from)
{
    const struct tensor *weights = value_of(&lesson->tape, "weights");
    size_t most = 0;
    for (size_t s = 0; s < lesson->sentence.words.n; s++)
        if (*tensor_at(weights, head, from, s) > *tensor_at(weights, head, from, most))
            most = s;
    return most;
}

/* Where `word` stands; "the#2" is the second "the". */
static size_t place_of(const struct lesson *lesson, const char *word)
{
    char text[LINE_BYTES];
    snprintf(text, sizeof text, "%s", word);
    char *mark = strchr(text, '#');
    long count = mark ? strtol(mark + 1, NULL, 10) : 1;
    if (mark)
        *mark = '\0';
    for (size_t i = 0; i < lesson->sentence.words.n; i++)
        if (strcasecmp(lesson->sentence.words.v[i], text) == 0 && --count == 0)
            return i;
    fail_msg("'%s' has no word '%s'", lesson->sentence.text, word);
    return 0;
}

static void count(struct tally *tally, const struct lesson *lesson, size_t head, size_t from, bool agrees)
{
    tally->all++;
    tally->agree += agrees;
    if (!agrees)
        print_message("  %s: %s: %s looks at %s\n", heads[head].name, lesson->sentence.text,
                      lesson->sentence.words.v[from], lesson->sentence.words.v[most_looked_at(lesson, head, from)]);
}

/* "it>dog they>cats/mice": each word named, against what it looks at most. */
static void count_looks(struct tally *tally, const struct lesson *lesson, size_t head, char *looks)
{
    char *rest = NULL;
    for (char *look = strtok_r(looks, " ", &rest); look; look = strtok_r(NULL, " ", &rest)) {
        char *to = strchr(look, '>'), *more = NULL;
        if (!to)
            fail_msg("'%s' is no look", look);
        *to++ = '\0';
        size_t from = place_of(lesson, look), found = most_looked_at(lesson, head, from);
        bool agrees = false;
        for (char *word = strtok_r(to, "/", &more); word; word = strtok_r(NULL, "/", &more))
            agrees = agrees || place_of(lesson, word) == found;
        count(tally, lesson, head, from, agrees);
    }
}

static size_t first_place(const struct lesson *lesson, size_t of)
{
    size_t i = 0;
    while (strcasecmp(lesson->sentence.words.v[i], lesson->sentence.words.v[of]) != 0)
        i++;
    return i;
}

static bool is_even(const struct lesson *lesson, size_t head, size_t from)
{
    const struct tensor *weights = value_of(&lesson->tape, "weights");
    for (size_t s = 0; s < lesson->sentence.words.n; s++)
        if (fabs(*tensor_at(weights, head, from, s) - 1 / (double)lesson->sentence.words.n) > 1e-12)
            return false;
    return true;
}

/* The heads that speak of every row. */
static void count_rows(struct tally *tally, const struct lesson *lesson, size_t head)
{
    tally->sentences++;
    for (size_t t = 0; t < lesson->sentence.words.n; t++) {
        size_t most = most_looked_at(lesson, head, t);
        bool agrees = strcmp(heads[head].name, "previous") == 0 ? most == (t ? t - 1 : 0)
                      : strcmp(heads[head].name, "same") == 0   ? most == first_place(lesson, t)
                      : strcmp(heads[head].name, "first") == 0  ? most == 0
                                                                : is_even(lesson, head, t);
        count(tally, lesson, head, t, agrees);
    }
}

static size_t head_of(const char *name)
{
    for (size_t h = 0; h < HEADS; h++)
        if (strcmp(heads[h].name, name) == 0)
            return h;
    return HEADS;
}

/* ---- a file of sentences ---- */

static char *trim(char *text)
{
    text += strspn(text, " ");
    size_t n = strlen(text);
    while (n && text[n - 1] == ' ')
        text[--n] = '\0';
    return text;
}

static void count_line(struct tally tally[HEADS], char *line)
{
    char *rest = NULL, *name = strtok_r(line, "|", &rest), *sentence = strtok_r(NULL, "|", &rest);
    char *looks = strtok_r(NULL, "|", &rest);
    OWN(lesson) lesson = {0};
    assert_non_null(name);
    assert_non_null(sentence);
    name = trim(name);
    const struct lesson_options options = {.overrides = &(struct overrides){.sentence = trim(sentence)}};
    assert_ok(lesson_parse("claims", lesson_text, strlen(lesson_text), &options, &lesson, NULL));
    size_t head = head_of(name);
    if (looks && head < HEADS) {
        tally[head].sentences++;
        count_looks(&tally[head], &lesson, head, looks);
    } else if (head < HEADS) {
        count_rows(&tally[head], &lesson, head);
    } else {
        assert_string_equal(name, "every");
    }
    count_rows(&tally[1], &lesson, 1);
    count_rows(&tally[6], &lesson, 6);
    count_rows(&tally[7], &lesson, 7);
}

static void count_file(const char *name, struct tally tally[HEADS])
{
    char path[64];
    snprintf(path, sizeof path, "lesson/claims/%s", name);
    OWN(str) text = tests_file(path);
    char *rest = NULL;
    for (char *line = strtok_r(text.v, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        if (line[0] != '#')
            count_line(tally, line);
}

static void count_all(void)
{
    static const char *const files[FILES] = {"fitted.txt", "held-out.txt", "hard.txt", "hard-held-out.txt",
                                             "hard-third.txt"};
    for (int file = 0; file < FILES; file++) {
        count_file(files[file], tallies[file]);
        for (size_t h = 0; h < HEADS; h++) {
            const struct tally *tally = &tallies[file][h];
            print_message("%-17s | %-10s | %zu of %zu rows, %zu sentences\n", files[file], heads[h].name, tally->agree,
                          tally->all, tally->sentences);
        }
    }
}

TEST_ROWS(nine_rows_of_ten_agree_with_the_claim, heads, claiming)
{
    const size_t head = (size_t)(claiming - heads);
    assert_true(tallies[0][head].sentences >= 20);
    assert_true(tallies[1][head].sentences >= 10);
    assert_true(tallies[HARD][head].sentences >= 40);
    assert_true(tallies[HARD_HELD_OUT][head].sentences >= 40);
    assert_true(tallies[HARD_THIRD][head].sentences >= 45);
    for (int file = 0; file < FILES; file++)
        assert_true((double)tallies[file][head].agree >= 0.9 * (double)tallies[file][head].all);
}

/* Does the file say of every head how many rows agree, in a table row that begins with this before its name? */
static void check_figures(const char *readme_path, const char *before)
{
    char row[256];
    OWN(str) readme = tests_file(readme_path);
    for (size_t h = 0; h < HEADS; h++) {
        snprintf(row, sizeof row, "| %s%s%s | ", before, heads[h].name, before);
        const char *line = strstr(str_text(&readme), row), *end = line ? strchr(line, '\n') : NULL;
        size_t n = (size_t)snprintf(row, sizeof row, "|");
        for (int file = 0; file < FILES; file++)
            n += (size_t)snprintf(row + n, sizeof row - n, " %zu of %zu |", tallies[file][h].agree,
                                  tallies[file][h].all);
        const char *found = line ? strstr(line, row) : NULL;
        if (!found || !end || found > end)
            fail_msg("%s does not say '%s' of head %s", readme_path, row, heads[h].name);
    }
}

TEST(readers_are_told_these_figures)
{
    check_figures("../lessons/README.md", "`");
    check_figures("../README.md", "");
}

TEST(previous_never_errs_and_is_sure_but_not_too_sure)
{
    enum { MANY = 1024 }; /* every step of all heads, for the most words there may be, takes gigabytes */
    OWN(lesson) lesson = {0};
    char sentence[3 * MANY + 1] = "";
    for (int i = 0; i < MANY; i++)
        strcat(sentence, i % 3 ? "a " : "zo ");
    for (int file = 0; file < FILES; file++)
        assert_int_equal(tallies[file][1].agree, tallies[file][1].all);
    const struct lesson_options options = {.overrides = &(struct overrides){.sentence = sentence}};
    assert_ok(lesson_parse("claims", lesson_text, strlen(lesson_text), &options, &lesson, NULL));
    const struct tensor *weights = value_of(&lesson.tape, "weights");
    assert_int_equal(lesson.sentence.words.n, MANY);
    for (size_t t = 0; t < MANY; t++)
        assert_in_range(*tensor_at(weights, 1, t, t ? t - 1 : 0) * 100, 75, 95);
}

TEST_GROUP(count_all, NULL)
