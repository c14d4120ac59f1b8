/* language.h: the texts for learners on mechanisms, steps, settings, tensors and stages, in one language.
 *
 * The texts are in assets/words/CODE.yaml. The head of that file describes its format: the keys of texts, the choice of
 * a variant, and the names in braces. The C code has no texts of its own. A language is read once and never changes;
 * any thread may use it. A text that a language lacks is taken from its fallback. */
#ifndef QKV_LESSON_LANGUAGE_H
#define QKV_LESSON_LANGUAGE_H

#include "lesson/live/live.h"

struct language;

/* The texts of one step, with tokens as rows or as columns. */
struct step_text {
    const char *title;   /* a few words: "what each word asks for" */
    const char *meaning; /* one or two sentences, may use **bold**: what happens here and what to look at; may be "" */
    const char *row, *column, *plane; /* what one of them is; NULL: not described */
    const char *note;                 /* in place of one of them: "one number for all it looks at"; NULL: none */
    const char *axes;                 /* all four on one line: "row: the word that looks; column: the word looked at" */
};

/* English, which the program carries. NULL: no memory. */
const struct language *language_english(void);

/* Read a language of n bytes. Errors are added to *ret. NULL: nothing was read. `fallback` (NULL: none) must outlive
 * it. Free with language_free. */
struct language *language_read(const char *text, size_t n, const struct language *fallback, struct diagnostics *ret);
void language_free(struct language *language);

/* Is it the file of a language, and not that of a lesson? */
bool language_is(const char *text, size_t n);

/* Report what of the mechanisms has no text in the language and its fallbacks, names in braces without a meaning, and
 * keys that only one of the language and its fallback has. */
void language_check(const struct language *language, struct diagnostics *ret);

/* Render the texts of all steps of the lesson's tape into the arena.
 * False: no memory. */
bool language_render_steps(struct arena *arena, struct lesson *lesson);

/* A step's texts. Before they are rendered, its title is its name and the others are "". */
struct step_text step_text(const struct step *step, bool columns);

/* Render a text of the lesson, which may hold live numbers, into the arena: ret[0] with tokens as rows, ret[1] as
 * columns. False: no memory. */
bool language_render_live(struct arena *arena, const struct lesson *lesson, const char *text, struct live_text *live,
                          const char *ret[2]);

/* Append what is said in the place of a text that was written for other words or numbers. `key`: of the section page;
 * `condition`, `value`: what stands for {condition} and {value} there. */
void language_add_lost(const struct lesson *lesson, const char *key, const char *condition, const char *value,
                       struct str *to);

/* Append a text, rendered for this lesson. */
void language_add(const struct lesson *lesson, const char *text, bool columns, struct str *to);

/* Append the note of an explanation; nothing where it has none. */
void language_add_note(const struct lesson *lesson, const struct explanation *e, bool columns, struct str *to);

/* Append a text, rendered for no lesson: every name that any place of the file allows has a value. */
void language_add_sample(const struct language *language, const char *text, bool columns, struct str *to);

/* The words of a note, with {1} {2} ... where its numbers stand. */
const char *language_note(const struct language *language, enum explain_note note);

/* Single texts; "" where there is none. `field`: "name", "meaning"... */
const char *language_page(const struct language *language, const char *key);
/* A whole number as a word: "7" is "seven". */
const char *language_count(const struct language *language, const char *digits);
const char *language_stage(const struct language *language, enum stage stage, const char *field);
const char *language_mechanism(const struct language *language, const struct mechanism *m); /* its name for people */
const char *language_summary(const struct language *language, const struct mechanism *m);
const char *language_setting(const struct language *language, const struct mechanism *m, const char *setting,
                             const char *field);
const char *language_choice(const struct language *language, const struct mechanism *m, const char *setting,
                            const char *choice, const char *field);
/* What a tensor of the mechanism's tables is for; `kind`: "inputs", "outputs". */
const char *language_tensor(const struct language *language, const struct mechanism *m, const char *kind,
                            const char *tensor);

/* ---- the glossary: terms of the field, each with a line that explains it ---- */

enum { TERM_FORMS_MOST = 512, TERM_LINE_MAX = 200 /* characters */ };
struct glossary_term {
    const char *key;  /* the same in every language: "dot product" */
    const char *name; /* the first of its forms */
    const char *line; /* "multiply two lists number by number and add up the products" */
};

/* A term by its number, from 0; the number is the same in every language. False: there are not so many. */
bool language_term(const struct language *language, int number, struct glossary_term *ret);

/* Where n bytes of a text use terms, in their order: whole words, of two terms at one place the longer. Returns how
 * many, at most `most`. */
struct term_place {
    size_t at, n; /* bytes */
    int term;
};
size_t language_find_terms(const struct language *language, const char *text, size_t n, struct term_place ret[],
                           size_t most);

/* The next piece of the formula of the lesson's mechanism that is written with its settings; *at counts, from 0. Pieces
 * are written one after the other, each where its stage is on the tape. False: that was the last. */
struct formula_piece {
    enum stage stage;
    const char *text; /* in the notation of formulas: "Q K^T", " ÷ sqrt(d_k)" */
};
bool language_formula(const struct lesson *lesson, size_t *at, struct formula_piece *ret);

#endif
