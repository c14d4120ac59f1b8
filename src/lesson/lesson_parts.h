/* lesson_parts.h: the parts of a lesson's file besides its numbers: its words, which mechanism it has and how that is
 * set, its place in the course, and its script, whose stops are resolved against the lesson's tape. */
#ifndef QKV_LESSON_PARTS_H
#define QKV_LESSON_PARTS_H

#include "lesson/live/live.h"
#include "lesson/text/fields.h"

/* Set the lesson's mechanism (NULL: attention), with its settings at their defaults; NULL and a diagnostic: unknown. */
void mechanism_read(struct reader *r, const struct node *name, struct lesson *lesson);

/* Set one setting, "name: value"; or all of a mapping, which may be NULL. False: a diagnostic was added. */
bool setting_read(struct reader *r, const struct node *item, struct settings *settings);
void settings_read(struct reader *r, const struct node *mapping, struct lesson *lesson);

/* Another mechanism in place of the lesson's, with those of its settings that this one has too. A diagnostic:
 * unknown. */
void mechanism_replace(struct reader *r, const struct node *name, struct lesson *lesson);

struct glass;

/* Read the words of the lesson, and of its memory where it has one; `model` cuts them, or NULL. False: a diagnostic was
 * added. */
bool lesson_words_read(struct reader *r, const struct node *root, const struct node *weights, const struct glass *model,
                       const struct lesson_options *options, struct lesson *lesson);

/* A memory that no tensor of the tape uses is a mistake of the author that would otherwise stay unnoticed: a
 * diagnostic. */
void lesson_memory_check(struct reader *r, const struct node *root, const struct lesson *lesson);

/* Read `group`, `builds_on`, `next`, `dissolves` and `papers`. */
void course_read(struct reader *r, const struct node *root, struct lesson *lesson);

/* Of a built-in lesson: are the lessons it names built in as well, and do those it builds on come before it? */
void course_check(struct reader *r, const struct node *root, const struct lesson *lesson);

/* Check the stops' fields and texts, and, when the lesson has a tape, their places; live numbers are evaluated in `scope`.
 * The stops go into *lesson. Where a person changed something, what is wrong with a stop is no diagnostic but said in
 * it. */
void script_read(struct reader *r, const struct node *script, const struct live_scope *scope, struct lesson *lesson,
                 const struct overrides *overrides);

/* Has any stop a live number, a condition or something to try by a button? */
bool script_is_live(struct reader *r, const struct node *script, const struct lesson *lesson);

/* May a text of the script speak of the lesson as it is written? */
bool script_reads_written(const struct node *script);

/* Render a text of the lesson (node may be NULL) for tokens as rows, ret[0], and as columns, ret[1]. Its live numbers
 * are evaluated in `scope`; NULL: they stay as they are written. Returns how many it has. Diagnostics: a ** that is not
 * closed, braces without a meaning, more than `max` characters. */
size_t text_render(struct reader *r, const struct node *node, const char *what, size_t max, const struct lesson *lesson,
                   const struct live_scope *scope, const char *ret[2]);

/* The text of a field, or NULL when it is missing; longer than `max` characters: a diagnostic. */
const char *text_field(struct reader *r, const struct node *root, const char *name, size_t max);

#endif
