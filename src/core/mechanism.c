#include "core/mechanism.h"

#include "base/err.h"
#include "core/mechanism_rows.h"
#include "core/mechanisms/record.h"

#include <string.h>

/* MECHANISM_ROWS is the list of names in meson.build: ROW(attention) ROW(gau) ... */
#define ROW(name) extern const struct mechanism mechanism_##name;
MECHANISM_ROWS
#undef ROW
#define ROW(name) &mechanism_##name,
const struct mechanism *const mechanism_table[] = {MECHANISM_ROWS NULL};
#undef ROW
#define ROW(name) #name,
const char *const mechanism_names[] = {MECHANISM_ROWS NULL};
#undef ROW

enum { INPUTS_MAX = 96 };

const struct mechanism *mechanism_find(const char *name)
{
    for (const struct mechanism *const *m = mechanism_table; *m; m++)
        if (strcmp((*m)->name, name) == 0)
            return *m;
    return NULL;
}

struct qkv_err mechanism_named(const char *name, const struct mechanism **ret)
{
    *ret = mechanism_find(name);
    if (*ret)
        return (struct qkv_err){0};
    return qkv_errf(QKV_ERR_DOMAIN, "unknown mechanism '%.60s'%s", name,
                    hint_near(name, mechanism_names, sizeof mechanism_names / sizeof *mechanism_names - 1).text);
}

const struct tensor_info *mechanism_input(const struct mechanism *m, const char *name)
{
    for (size_t i = 0; i < m->n_inputs; i++)
        if (m->inputs[i].name[0] == name[0] && strcmp(m->inputs[i].name, name) == 0)
            return &m->inputs[i];
    return NULL;
}

static struct qkv_err check_known(const struct mechanism *m, const char *name)
{
    if (mechanism_input(m, name))
        return (struct qkv_err){0};
    const char *names[INPUTS_MAX];
    size_t n = 0;
    for (; n < m->n_inputs && n < INPUTS_MAX; n++)
        names[n] = m->inputs[n].name;
    struct hint hint = hint_near(name, names, n);
    return qkv_errf(QKV_ERR_DOMAIN, "%s: unknown tensor of %s%s", name, m->name, hint.meant ? hint.text : "");
}

static struct qkv_err check_inputs(const struct mechanism *m, const struct recorder *r)
{
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < r->inputs->n; i++)
        err = check_known(m, r->inputs->v[i].name);
    for (size_t i = 0; !err.code && i < m->n_inputs; i++) {
        const struct tensor_info *info = &m->inputs[i];
        if (record_has(r, info->name))
            continue;
        if (info->setting && settings_is(r->settings, info->setting, info->value))
            err = qkv_errf(QKV_ERR_DOMAIN, "%s: missing; %s=%s needs it, %s", info->name, info->setting, info->value,
                           info->shape);
        else if (!info->optional)
            err = qkv_errf(QKV_ERR_DOMAIN, "%s: missing; %s needs it, %s", info->name, m->name, info->shape);
    }
    return err;
}

struct qkv_err mechanism_begin(const struct mechanism *m, const struct settings *settings, struct named_tensors *inputs,
                               struct tape *tape)
{
    struct recorder r = {.tape = tape, .settings = settings, .inputs = inputs};
    r.err = check_inputs(m, &r);
    if (!r.err.code)
        m->record(&r);
    if (r.err.code)
        tape_finish(tape);
    return r.err;
}

struct qkv_err mechanism_record(const struct mechanism *m, const struct settings *settings,
                                struct named_tensors *inputs, struct tape *tape)
{
    struct qkv_err err = mechanism_begin(m, settings, inputs, tape);
    if (!err.code)
        err = tape_run(tape, TAPE_ALL);
    if (err.code)
        tape_finish(tape);
    return err;
}
