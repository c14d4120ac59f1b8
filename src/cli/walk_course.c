/* walk_course.c: of a walk as text, what stands around the steps. */
#include "cli/walk_course.h"

#include "cli/csv_tables.h"
#include "lesson/language/language.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_WIDTH = 100 };

void walk_add_wrapped(struct str *to, const char *text)
{
    int column = 0;
    while (*text) {
        size_t n = strcspn(text, " \n");
        int width = display_width(text, n);
        bool first = column == 0;
        if (first || column + 1 + width > LINE_WIDTH) {
            str_add(to, first ? "  " : "\n  ");
            column = 2;
        } else {
            str_add(to, " ");
            column++;
        }
        str_addn(to, text, n);
        column += width;
        text += n;
        if (*text == '\n') {
            str_add(to, "\n");
            column = 0;
        }
        text += *text != '\0';
    }
    str_add(to, "\n");
}

/* "Builds on: one-head; sinusoids", with one of the page's words before it. */
static void add_list(const struct lesson *lesson, const char *key, const struct words *words, struct str *to)
{
    str_addf(to, "%s%s", words->n ? language_page(lesson->language, key) : "", words->n ? " " : "");
    for (size_t i = 0; i < words->n; i++)
        str_addf(to, "%s%s", i ? "; " : "", words->v[i]);
    str_add(to, words->n ? "\n" : "");
}

void walk_add_course(const struct lesson *lesson, struct str *to)
{
    add_list(lesson, "builds_on", &lesson->builds_on, to);
    add_list(lesson, "literature", &lesson->papers, to);
}

void walk_add_end(const struct lesson *lesson, bool columns, struct str *to)
{
    str_add(to, "\n");
    if (lesson->dissolves) {
        str_addf(to, "%s ", language_page(lesson->language, "dissolves"));
        language_add(lesson, lesson->dissolves, columns, to);
        str_add(to, "\n");
    }
    if (lesson->next)
        str_addf(to, "%s %s\n", language_page(lesson->language, "next"), lesson->next);
}

void walk_add_terms(const struct lesson *lesson, struct str *to)
{
    enum { FOUND_MOST = 4096, TERMS_MOST = 256 };
    static const char lead[] = "\nterms\n";
    bool told[TERMS_MOST] = {false};
    struct glossary_term term;
    struct term_place *found = calloc(FOUND_MOST, sizeof *found);
    size_t n_found = found ? language_find_terms(lesson->language, str_text(to), to->n, found, FOUND_MOST) : 0;
    to->failed |= !found;
    str_add(to, n_found ? lead : "");
    for (size_t i = 0; i < n_found; i++) {
        if (found[i].term >= TERMS_MOST || told[found[i].term])
            continue;
        told[found[i].term] = true;
        if (language_term(lesson->language, found[i].term, &term)) {
            struct str line = {0};
            str_addf(&line, "%s: %s", term.name, term.line);
            walk_add_wrapped(to, str_text(&line));
            to->failed |= line.failed;
            str_finish(&line);
        }
    }
    free(found);
}
