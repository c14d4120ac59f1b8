/* builtin.h: the files of lessons/ and assets/ that are built into the program, so that it runs from anywhere, and the
 * files that a lesson names: in its folder or below it, or built in. A lesson file cannot read any other place. */
#ifndef QKV_LESSON_BUILTIN_H
#define QKV_LESSON_BUILTIN_H

#include "lesson/fields.h"

#include <stddef.h>

struct builtin_file {
    const char *name;   /* "lessons/one-head.yaml" */
    const char *lesson; /* "one-head"; NULL: not a lesson */
    const char *text;   /* n bytes and a closing 0 */
    size_t n;
};

extern const struct builtin_file builtin_files[]; /* in the order of the course; closed by a NULL name; generated */

const struct builtin_file *builtin_find(const char *name); /* NULL: none */

/* The i-th built-in lesson's name ("one-head"), or NULL past the last. The first opens when none is named. */
const char *builtin_lesson_name(size_t i);

/* Read the file that `name` names into *ret, which is the caller's to finish. `folder`: the lesson's; NULL: it is in
 * none. False: a diagnostic was added. */
bool file_read_named(struct reader *r, const struct node *name, const char *folder, size_t limit, struct str *ret);

#endif
