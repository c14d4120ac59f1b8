/* overrides.h: what a person changed in a lesson: another sentence, other weights, settings, single numbers. A value:
 * it can be copied and compared; an empty one is the lesson's own. */
#ifndef QKV_LESSON_OVERRIDES_H
#define QKV_LESSON_OVERRIDES_H

#include "core/settings.h"
#include "lesson/edit_tree.h"

/* The texts are counted references that overrides_... functions make: what is changed, copied or finished has no
 * others. */
struct overrides {
    const char *sentence, *weights, *mechanism; /* "{source: random, seed: 7}"; NULL: the lesson's own */
    const char **set;                           /* "KEY=VALUE", one a key */
    size_t n_set, set_capacity;
    struct edit_tree *edits; /* single numbers */
};

void overrides_finish(struct overrides *e);
/* *ret is overwritten, not finished. Errors: QKV_ERR_NOMEM; *ret is then empty. */
QKV_CHECKED struct qkv_err overrides_copy(struct overrides *ret, const struct overrides *from);
/* The same words, weights and mechanism, with nothing set and nothing edited: the baseline of the changes. */
void overrides_without_settings(struct overrides *ret, const struct overrides *from);

bool overrides_is_empty(const struct overrides *e);
bool overrides_same(const struct overrides *a, const struct overrides *b);

/* "KEY=VALUE": the key into key[], the value is returned; NULL: that is no setting. */
const char *setting_split(const char *text, char key[SETTING_TEXT]);

/* Each replaces what was there. Errors: QKV_ERR_NOMEM, QKV_ERR_LIMIT (above EDITS_MAX); nothing is changed then. */
QKV_CHECKED struct qkv_err overrides_set_sentence(struct overrides *e, const char *sentence);
QKV_CHECKED struct qkv_err overrides_set_weights(struct overrides *e, const char *weights);
QKV_CHECKED struct qkv_err overrides_set_mechanism(struct overrides *e, const char *mechanism);
QKV_CHECKED struct qkv_err overrides_set(struct overrides *e, const char *key, const char *value);
QKV_CHECKED struct qkv_err overrides_edit(struct overrides *e, const struct edit *edit);
/* Many cells at once, in their order (tensor, head, row, column), each once. */
QKV_CHECKED struct qkv_err overrides_edit_all(struct overrides *e, const struct edit *edits, size_t n);
/* As the lesson has it again: a setting; every cell of one tensor. */
void overrides_unset(struct overrides *e, const char *key);
QKV_CHECKED struct qkv_err overrides_unedit(struct overrides *e, const char *tensor);
/* Remove the i-th edit wherever keep[i] is false. */
QKV_CHECKED struct qkv_err overrides_keep(struct overrides *e, const bool keep[]);

#endif
