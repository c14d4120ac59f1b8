/* docs_test.c: what README.md and the files of docs/ name is in the tree: every path, file, function, type, macro and
 * quoted piece of code. What stands between backquotes counts; a word in capitals within a path (NAME) is to be filled
 * in. */
#include "support/check.h"

#include <ctype.h>
#include <stdio.h>

enum { PATH_BYTES = 1024 };

/* The whole of src/, tests/ and assets/words: file names, a line each, and texts. */
static struct str names, sources;

/* A file of the tree, which the caller finishes. */
static struct str read_root(const char *name)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "../%s", name);
    return tests_file(path);
}

static void read_tree(void)
{
    char command[PATH_BYTES + 100], path[PATH_BYTES];
    snprintf(command, sizeof command,
             "cd \"%s\" && find src tests lessons assets docs README.md dev meson.build -type f | sort",
             tests_path(".."));
    FILE *find = popen(command, "r");
    assert_non_null(find);
    while (fgets(path, sizeof path, find)) {
        size_t n = strcspn(path, "\n");
        path[n] = '\0';
        str_addf(&names, "/%s\n", path);
        const char *ending = strrchr(path, '.');
        if (strncmp(path, "docs/", 5) == 0 || strncmp(path, "tests/docs/", 11) == 0 || strcmp(path, "README.md") == 0 ||
            !ending || !strstr(".c .h .inc .sh .build .yaml", ending))
            continue;
        OWN(str) text = read_root(path);
        str_addn(&sources, str_text(&text), text.n);
        str_add(&sources, "\n");
    }
    pclose(find);
    assert_false(names.failed || sources.failed);
    assert_true(sources.n > 1 << 20);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Does the tree have it as a whole word? */
static bool in_sources(const char *word, size_t n)
{
    char text[PATH_BYTES];
    snprintf(text, sizeof text, "%.*s", (int)n, word);
    for (const char *at = str_text(&sources); (at = strstr(at, text)); at += n)
        if ((at == str_text(&sources) || !is_word(at[-1])) && !is_word(at[n]))
            return true;
    return false;
}

/* Is there such a path, or a file of this name, or a folder? What is in capitals fits anything. */
static bool in_names(const char *name, size_t n)
{
    char text[PATH_BYTES];
    size_t fixed = 0;
    while (fixed < n &&
           !(isupper((unsigned char)name[fixed]) && fixed + 1 < n && isupper((unsigned char)name[fixed + 1])))
        fixed++;
    if (strncmp(name, "README", 6) == 0)
        fixed = n;
    bool folder =
        fixed == n && snprintf(text, sizeof text, "/%.*s/", (int)n, name) > 0 && strstr(str_text(&names), text) != NULL;
    snprintf(text, sizeof text, "/%.*s%s", (int)fixed, name, fixed == n && name[n - 1] != '/' ? "\n" : "");
    return folder || strstr(str_text(&names), text) != NULL;
}

/* What a quoted piece is. "NAME", "--all", "a, b" and other things of people are nothing. */
enum quoted { QUOTED_NOTHING, QUOTED_PATH, QUOTED_WORD };

/* A path from the root of the tree, or the name of a source file. */
static bool is_of_tree(const char *text, size_t n)
{
    static const char *const folders[] = {"src/", "tests/", "docs/", "lessons/", "assets/"};
    static const char *const endings[] = {".c", ".h", ".inc", ".sh"};
    bool of_tree = false;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        of_tree = of_tree || strncmp(text, folders[i], strlen(folders[i])) == 0;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t length = strlen(endings[i]);
        of_tree = of_tree || (n > length && strncmp(text + n - length, endings[i], length) == 0);
    }
    return of_tree;
}

static enum quoted kind_of(const char *text, size_t *n)
{
    size_t words = 0, upper = 0;
    bool path = false, underscore = false;
    for (size_t i = 0; i < *n; i++) {
        words += is_word(text[i]);
        upper += isupper((unsigned char)text[i]) != 0;
        path = path || text[i] == '/' || (text[i] == '.' && i > 0 && is_word(text[i - 1]));
        underscore = underscore || text[i] == '_';
        if (!is_word(text[i]) && !strchr("/.-()", text[i]))
            return QUOTED_NOTHING;
    }
    if (path && is_of_tree(text, *n))
        return QUOTED_PATH;
    if (*n > 2 && strncmp(text + *n - 2, "()", 2) == 0)
        return *n -= 2, QUOTED_WORD;
    return underscore && words == *n && !(upper == *n - 1 && isupper((unsigned char)text[*n - 1]) && *n < 4)
               ? QUOTED_WORD
               : QUOTED_NOTHING;
}

static size_t faults;
#define fault(...) (print_error(__VA_ARGS__), print_error("\n"), faults++)

/* Every quoted piece of a document; returns how many were looked up. */
static size_t check_quotes(const char *document, const char *text)
{
    size_t checked = 0;
    const char *fence;
    for (const char *at = text; (at = strchr(at, '`')); at++) {
        if (strncmp(at, "```", 3) == 0) {
            fence = strstr(at + 3, "```");
            assert_non_null(fence);
            const char *code = strchr(at, '\n') + 1;
            OWN(str) quote = {0};
            str_addn(&quote, code, (size_t)(fence - code));
            if (strncmp(at, "```c\n", 5) == 0 && !strstr(str_text(&sources), str_text(&quote)))
                fault("%s quotes code that is in no file:\n%s", document, str_text(&quote));
            at = fence + 2;
            continue;
        }
        size_t whole = strcspn(at + 1, "`"), n = whole;
        const char *struct_name = strncmp(at + 1, "struct ", 7) == 0 ? at + 8 : NULL;
        enum quoted kind = struct_name ? QUOTED_WORD : kind_of(at + 1, &n);
        const char *name = struct_name ? struct_name : at + 1;
        n -= struct_name ? 7 : 0;
        if ((kind == QUOTED_PATH && !in_names(name, n)) || (kind == QUOTED_WORD && !in_sources(name, n)))
            fault("%s names `%.*s`, which is not in the tree", document, (int)n, name);
        checked += kind != QUOTED_NOTHING;
        at += whole + 1;
    }
    return checked;
}

/* Every link to a file; in docs/ they begin there. Returns how many there were. */
static size_t check_links(const char *document, const char *text)
{
    size_t checked = 0;
    for (const char *at = text; (at = strstr(at, "]("));) {
        char path[PATH_BYTES];
        size_t n = strcspn(at += 2, ")#");
        if (n == 0 || strncmp(at, "http", 4) == 0)
            continue;
        snprintf(path, sizeof path, "%s%.*s", strncmp(document, "docs/", 5) == 0 ? "docs/" : "", (int)n, at);
        if (!in_names(path, strlen(path)))
            fault("%s links to %s, which is not in the tree", document, path);
        checked++;
    }
    return checked;
}

TEST(what_documents_name_is_in_the_tree)
{
    static const struct {
        const char *name;
        size_t least; /* things to look up */
    } documents[] = {{"README.md", 6}, {"docs/architecture.md", 40}, {"docs/adding.md", 40}, {"docs/glossary.md", 10}};
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        OWN(str) text = read_root(documents[i].name);
        size_t checked =
            check_quotes(documents[i].name, str_text(&text)) + check_links(documents[i].name, str_text(&text));
        if (checked < documents[i].least)
            fail_msg("%s names %zu things, %zu were expected", documents[i].name, checked, documents[i].least);
    }
    assert_int_equal(faults, 0);
}

/* A room has its page in the architecture, and a thing that is often added its list of places. */
static const struct {
    const char *document, *part;
} parts[] = {
    {"docs/architecture.md", "## base"},     {"docs/architecture.md", "## core"},
    {"docs/architecture.md", "## lesson"},   {"docs/architecture.md", "## scene"},
    {"docs/architecture.md", "## paint"},    {"docs/architecture.md", "## app"},
    {"docs/architecture.md", "## cli"},      {"docs/architecture.md", "](data-flow.svg)"},
    {"docs/adding.md", "## An op"},          {"docs/adding.md", "## A score"},
    {"docs/adding.md", "## A mechanism"},    {"docs/adding.md", "## A page"},
    {"docs/adding.md", "## A command"},      {"docs/adding.md", "## A setting"},
    {"docs/adding.md", "## A lesson"},       {"docs/adding.md", "## A language"},
    {"README.md", "](docs/architecture.md"}, {"README.md", "](docs/adding.md"},
};

TEST_ROWS_BY(every_room_and_everything_that_is_added_has_its_part, parts, row, part)
{
    OWN(str) text = read_root(row->document);
    assert_non_null(strstr(str_text(&text), row->part));
}

static const struct {
    const char *text;
    enum quoted kind;
    bool there;
} quotes[] = {
    {"src/base/str.h", QUOTED_PATH, true},
    {"src/base/strings.h", QUOTED_PATH, false},
    {"str.h", QUOTED_PATH, true},
    {"stx.h", QUOTED_PATH, false},
    {"src/core/ops/", QUOTED_PATH, true},
    {"src/score/", QUOTED_PATH, false},
    {"lessons/NAME.yaml", QUOTED_PATH, true},
    {"tests/NAME_test.c", QUOTED_PATH, true},
    {"str_add", QUOTED_WORD, true},
    {"str_ad", QUOTED_WORD, false},
    {"str_add()", QUOTED_WORD, true},
    {"main()", QUOTED_WORD, true},
    {"NAME", QUOTED_NOTHING, false},
    {"--all", QUOTED_NOTHING, false},
    {"lessons/none/NAME.c", QUOTED_PATH, false},
    {"build/qkv", QUOTED_NOTHING, false},
};

TEST_ROWS_BY(what_is_not_in_the_tree_is_found_out, quotes, c, text)
{
    size_t n = strlen(c->text);
    enum quoted kind = kind_of(c->text, &n);
    bool there = kind == QUOTED_PATH ? in_names(c->text, n) : kind == QUOTED_WORD && in_sources(c->text, n);
    assert_int_equal(kind, c->kind);
    assert_int_equal(there, c->there);
}

static void forget_tree(void)
{
    str_finish(&names);
    str_finish(&sources);
}

TEST_GROUP(read_tree, forget_tree)
