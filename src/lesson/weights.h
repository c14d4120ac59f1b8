/* weights.h: where a lesson's embeddings and weights come from: `weights: {source: glass, ...}`, where the source is
 * glass, identity, random, numbers or tensors. */
#ifndef QKV_LESSON_WEIGHTS_H
#define QKV_LESSON_WEIGHTS_H

#include "lesson/glass.h"
#include "lesson/lesson.h"

/* The glass model that is built in, when the words come from it; NULL otherwise or when a diagnostic was added. Asked
 * before the sentence is cut, because its lexicon says where Chinese words end. */
const struct glass *weights_model(struct reader *r, const struct node *weights);

/* Make the mechanism's inputs for lesson->words; sets `heads` in the lesson's settings and the lesson's head_names,
 * head_claims and guessed. `lenient`: the weights were written for another computation; what this one does not take is
 * left out. False: a diagnostic was added. */
bool weights_make(struct reader *r, const struct node *weights, const struct glass *model, struct lesson *lesson,
                  bool lenient, struct named_tensors *ret);

/* Put options->edits into the inputs; `fits` of the options is written, where it is asked for. A mask is made where an
 * edit asks for one and the mechanism takes one. False: a diagnostic was added. */
bool weights_edit(struct reader *r, const struct lesson_options *options, const struct lesson *lesson,
                  struct named_tensors *inputs);

/* Made in weights_glass.c, weights_random.c, weights_numbers.c and weights_tensors.c. */
bool weights_glass(struct reader *r, const struct node *weights, const struct glass *g, struct lesson *lesson,
                   bool lenient, struct named_tensors *ret);
bool weights_random(struct reader *r, const struct node *weights, struct lesson *lesson, bool lenient,
                    struct named_tensors *ret);
bool weights_numbers(struct reader *r, const struct node *weights, struct lesson *lesson, bool lenient,
                     struct named_tensors *ret);
bool weights_identity(struct reader *r, const struct node *weights, const struct glass *g, struct lesson *lesson,
                      bool lenient, struct named_tensors *ret);
bool weights_tensors(struct reader *r, const struct node *weights, struct lesson *lesson, bool lenient,
                     struct named_tensors *ret);

/* The model's own tokens, which a lesson with tensors may list. False: a diagnostic was added. */
bool tensors_words(struct reader *r, const struct node *list, struct words *ret);

#endif
