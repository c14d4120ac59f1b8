/* mechanism.h: the mechanisms, one row each. A mechanism is a function that records steps on a tape, and three tables
 * that say what can be set, what goes in and what comes out. Adding one is one file in mechanisms/ and its name in
 * the list in meson.build, which is the table. */
#ifndef QKV_CORE_MECHANISM_H
#define QKV_CORE_MECHANISM_H

#include "core/settings.h"
#include "core/tape.h"

struct tensor_info {
    const char *name;
    const char *shape; /* in names: "[n, d_model]" */
    bool optional;
    const char *setting, *value; /* of an input: it is needed where the setting has this value; NULL: see `optional` */
};

struct recorder; /* mechanisms/record.h: steps recorded one after the other */

struct mechanism {
    const char *name;
    const char *source; /* the paper */
    const struct setting_info *settings;
    size_t n_settings;
    const struct tensor_info *inputs, *outputs;
    size_t n_inputs, n_outputs;
    /* Record the steps. Takes what it needs out of the inputs (leaving zeroed tensors there). Notes QKV_ERR_SHAPE and
     * QKV_ERR_DOMAIN with the tensor's or setting's name, what was wanted and what was found. */
    void (*record)(struct recorder *r);
    const enum stage *stages; /* those its steps may belong to, in the order of the walk */
    size_t n_stages;
};

extern const struct mechanism *const mechanism_table[]; /* NULL-terminated */
extern const char *const mechanism_names[];             /* in the same order; NULL-terminated */
const struct mechanism *mechanism_find(const char *name);
/* The same; *ret is NULL and QKV_ERR_DOMAIN ("did you mean") where there is none. */
QKV_CHECKED struct qkv_err mechanism_named(const char *name, const struct mechanism **ret);
/* Its input of this name, or NULL. */
const struct tensor_info *mechanism_input(const struct mechanism *m, const char *name);

/* Check the inputs' names against the mechanism's table (unknown: "did you mean"; missing), then record all steps
 * without computing them: that is left to tape_run. *tape must be empty, but for its limits and its progress; on
 * error it is empty again. Labels of the inputs' axes must outlive the tape. */
QKV_CHECKED struct qkv_err mechanism_begin(const struct mechanism *m, const struct settings *settings,
                                           struct named_tensors *inputs, struct tape *tape);

/* The same, and compute everything; on error the tape is empty. */
QKV_CHECKED struct qkv_err mechanism_record(const struct mechanism *m, const struct settings *settings,
                                            struct named_tensors *inputs, struct tape *tape);

#endif
