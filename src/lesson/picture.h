/* picture.h: pictures whose parts are a lesson's tokens. */
#ifndef QKV_LESSON_PICTURE_H
#define QKV_LESSON_PICTURE_H

#include "lesson/fields.h"
#include "lesson/lesson.h"

/* Read a sequence that is no sentence into its words, picture and regions, and what one of them is called ("patch"):
 *   {labels: [a, b]}    {image: FILE, patch: 8}    {image: FILE, columns: 4}    {image: FILE, regions: {cat: [x, y, w, h]}}
 * `what` is "sentence" or "memory". False: a diagnostic was added. */
bool sequence_read(struct reader *r, const struct node *mapping, const char *what, const struct lesson_options *options,
                   const struct lesson *lesson, struct words *ret_words, struct picture *ret_picture,
                   const struct region **ret_regions, const char **ret_noun);

#endif
