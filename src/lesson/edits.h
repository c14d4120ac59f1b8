/* edits.h: a mechanism's inputs with single numbers replaced by a person. */
#ifndef QKV_LESSON_EDITS_H
#define QKV_LESSON_EDITS_H

#include "lesson/fields.h"
#include "lesson/lesson.h"

/* Put options->edits into the inputs; `fits` of the options is written, where it is asked for. A mask is made where an
 * edit asks for one and the mechanism takes one. ret[n_edits]: what there was. False: a diagnostic was added. */
bool edits_apply(struct reader *r, const struct lesson_options *options, const struct lesson *lesson,
                 struct named_tensors *inputs, struct original ret[]);

#endif
