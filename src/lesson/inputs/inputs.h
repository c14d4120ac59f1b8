/* inputs.h: building the input tensors of a mechanism from its table: which are needed, how large each is, what its
 * rows and columns are called. Every source of weights uses it. */
#ifndef QKV_LESSON_INPUTS_H
#define QKV_LESSON_INPUTS_H

#include "lesson/glass/glass.h"
#include "lesson/inputs/normals.h"
#include "lesson/inputs/shape.h"
#include "lesson/lesson.h"
#include "lesson/text/fields.h"

enum {
    INPUTS_MAX = 96,
    SIDE_MAX = 1024,                  /* of a tensor that is drawn; what is so much a head, 16 times that */
    DRAWN_CELLS_MAX = 4 * 1024 * 1024 /* of one tensor: a feed-forward layer four times as wide as its rows */
};

struct inputs {
    struct reader *r;
    const struct node *weights;
    const struct lesson *lesson; /* mechanism, settings, words */
    struct named_tensors *ret;
    struct shape shapes[INPUTS_MAX][SHAPE_ALTERNATIVES]; /* of the mechanism's inputs, in its order */
    struct sizes sizes;
    size_t n_listed, n_features; /* of the handcrafted model: features that the lesson lists, and with those it adds */
    struct normals *normals;     /* where numbers that are drawn come from */
    bool drawn[INPUTS_MAX];      /* of the mechanism's inputs, in its order: those that were */
    long seed, written_seed;     /* the seed of what was drawn, and the one that the weights name; -1: nothing was */
    bool by_word;                /* the rows that are being read are those of the words, whatever the sentence */
    bool
        lenient; /* the weights are those of a comparison's other side: what this mechanism does not take is left out */
};

/* Begin: the sizes that the lesson's words and settings give. */
void inputs_init(struct inputs *in, struct reader *r, const struct node *weights, const struct lesson *lesson,
                 bool lenient, struct named_tensors *ret);

/* Have the weights only fields that their source may have: its `own` (closed by a row without a name), the mechanism's
 * sizes, and its tensors: with `tensors` all of them, else those that can be "pixels"? Weights that were written for
 * another computation are not checked. False: a diagnostic was added. */
bool inputs_check(const struct inputs *in, const struct field own[], bool tensors, const char *whose);

/* Read `names`, `features` and the sizes that are given. False: a diagnostic was added. */
bool inputs_read_sizes(struct inputs *in);

/* Read the tensors that are written out in this mapping (weights_given.c). */
bool inputs_numbers(struct inputs *in, const struct node *mapping);

/* Make an input from the regions of its sequence: "pixels", "pixels 3x2" (so many cells across and down, each its mean
 * brightness from 0 to 1), "pixels 2x2 rgb" (its mean red, green and blue). False: a diagnostic was added
 * (picture.c). */
bool inputs_pixels(struct inputs *in, const struct node *text, const struct tensor_info *info);

/* Draw what is still missing and needed, or listed in `with`, from the seed of this node, or the one that a person chose
 * in its place (weights_random.c). */
bool inputs_draw(struct inputs *in, const struct node *seed, bool output);

/* Draw what was drawn once more, from another seed; the rest of what was made stays. False: a diagnostic was added. */
bool inputs_redraw(struct inputs *in, long seed);

/* The input of this name in the mechanism's table; NULL and a diagnostic at `at`: there is none. */
const struct tensor_info *inputs_find(const struct inputs *in, const char *name, const struct node *at);

/* The alternative of its shape with so many axes; 0: the first. Without such a one its depth is 0. */
const struct shape *inputs_shape(const struct inputs *in, const struct tensor_info *info, int depth);

/* Is this dimension a sequence: the lesson's words (n, T), or those that are looked at (m)? Else NULL. */
const struct words *inputs_words(const struct inputs *in, struct dim dim);

/* Are these the words that a tensor of the lesson has numbers for? False: others were typed, and a diagnostic says what to
 * do. */
bool inputs_own_words(struct inputs *in, const struct node *at, const char *name, const struct words *words);

/* Begin a tensor with these `depth` sizes; its axes have their labels. False: a diagnostic was added. */
bool inputs_tensor(struct inputs *in, const struct node *at, const struct tensor_info *info, int depth,
                   const size_t n[], struct tensor *ret);

/* Put a tensor among those made and learn sizes and labels from it; *t is taken over. */
bool inputs_add(struct inputs *in, const struct node *at, const struct tensor_info *info, struct tensor *t);

/* Take over the number of heads from the lesson's settings, when they have changed. */
void inputs_heads(struct inputs *in);

/* Learn sizes and labels from the tensors that are there already. */
void inputs_learn(struct inputs *in);

/* Do the settings need this tensor, by the mechanism's table ("score=general")? */
bool inputs_asked_for(const struct inputs *in, const struct tensor_info *info);

/* Can this token be shown? It need not be a word of ours: "[CLS]", "Ġcat". False: a diagnostic was added. */
bool word_check(struct reader *r, const struct node *word);

/* Read a list of tokens, such as a model's own, into *ret. False: a diagnostic was added. */
bool words_read_list(struct reader *r, const struct node *list, struct words *ret);

/* Read a sequence that is no text:
 *   {labels: [a, b]}    {image: FILE, patch: 8}    {image: FILE, columns: 4}    {image: FILE, regions: {cat: [x, y, w, h]}}
 * `what` is "sentence" or "memory"; `folder` the lesson's. False: a diagnostic was added (picture.c). */
bool sequence_read(struct reader *r, const struct node *mapping, const char *what, const struct lesson_options *options,
                   const char *folder, struct sequence *ret);

/* ---- the sources (weights_glass.c, weights_random.c, weights_given.c) ---- */

/* `in` is as inputs_init leaves it. False: a diagnostic was added. */
bool weights_glass(struct inputs *in, const struct glass *g, struct lesson *lesson);
bool weights_identity(struct inputs *in, const struct glass *g, struct lesson *lesson);
bool weights_random(struct inputs *in);
bool weights_numbers(struct inputs *in);
bool weights_tensors(struct inputs *in);

#endif
