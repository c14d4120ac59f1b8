/* language.h: what is said to people of mechanisms, steps, settings, tensors and stages, in one language.
 *
 * The texts stand in assets/words/CODE.yaml, whose head says how such a file is written: under which key a text is
 * found, which of its variants counts, and what stands in braces. Nothing here knows a word of English. A language is
 * read once and never changes; any thread may use it. A text that a language lacks is that of its fallback. */
#ifndef QKV_LESSON_LANGUAGE_H
#define QKV_LESSON_LANGUAGE_H

#include "lesson/lesson.h"

struct language;

/* What is said of one step, with tokens as rows or as columns. */
struct step_text {
    const char *title;   /* what it is, in a few words: "what each word asks for" */
    const char *meaning; /* one or two sentences, may use **bold**: what happens here and what to look at; may be "" */
    const char *row, *column, *plane; /* what one of them is; NULL: that is not said */
    const char *note;                 /* in place of one of them: "one number for all it looks at"; NULL: none */
    const char *axes;                 /* all four on one line: "row: the word that looks; column: the word looked at" */
};

/* English, which the program carries along. NULL: no memory. */
const struct language *language_english(void);

/* Read a language; what is wrong with the text are diagnostics. NULL: no language came of it. `fallback` must outlive
 * it; NULL: none. Free with language_free. */
struct language *language_read(const char *text, size_t n, const struct language *fallback, struct diagnostics *ret);
void language_free(struct language *language);

/* Is it a language's file, and not a lesson's? */
bool language_is(const char *text, size_t n);

/* What of the mechanisms has no words in it, and in none that it falls back on; which braces stand for nothing; what its
 * fallback says that it does not say itself, and the other way round. */
void language_check(const struct language *language, struct diagnostics *ret);

/* The texts of all steps of a tape, which this lesson's mechanism recorded with its settings, into the arena. False: no
 * memory. */
bool language_tell_steps(struct arena *arena, const struct lesson *lesson, struct tape *tape);

/* A step's texts. Where none were told, its name is its title. */
struct step_text step_text(const struct step *step, bool columns);

/* A text of the lesson's own, with what stands in braces said for tokens as rows, ret[0], and as columns, ret[1]. */
bool language_tell(struct arena *arena, const struct lesson *lesson, const char *text, const char *ret[2]);

/* Add a text with what stands in braces said for this lesson. */
void language_add(const struct lesson *lesson, const char *text, bool columns, struct str *to);

/* Add the note of an explanation; nothing where it has none. */
void language_add_note(const struct lesson *lesson, const struct explanation *e, bool columns, struct str *to);

/* The same for no lesson: every word that braces may stand for is said. */
void language_try(const struct language *language, const char *text, bool columns, struct str *to);

/* The words of a note, with {1} {2} ... where its numbers stand. */
const char *language_note(const struct language *language, enum explain_note note);

/* Single texts; "" where there is none. `field`: "name", "meaning"... */
const char *language_page(const struct language *language, const char *key);
const char *language_stage(const struct language *language, enum stage stage, const char *field);
const char *language_summary(const struct language *language, const struct mechanism *m);
const char *language_setting(const struct language *language, const struct mechanism *m, const char *setting,
                             const char *field);
const char *language_choice(const struct language *language, const struct mechanism *m, const char *setting,
                            const char *choice, const char *field);
/* What a tensor of the mechanism's tables is for; `kind`: "inputs", "outputs". */
const char *language_tensor(const struct language *language, const struct mechanism *m, const char *kind,
                            const char *tensor);

/* The next piece of the formula of the lesson's mechanism that is written with its settings; *at counts, from 0. Pieces
 * are written one after the other, each where its stage is on the tape. False: that was the last. */
struct formula_piece {
    enum stage stage;
    const char *text; /* in the notation of formulas: "Q K^T", " ÷ sqrt(d_k)" */
};
bool language_formula(const struct lesson *lesson, size_t *at, struct formula_piece *ret);

#endif
