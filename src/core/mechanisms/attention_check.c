/* attention_check.c: settings that contradict each other or the tensors that there are. */
#include "core/mechanisms/attention_parts.h"

#include <string.h>

/* Two settings that cannot both have these values. A value that begins with "!" means: any other than that. */
static const struct contradiction {
    const char *setting, *value, *other, *other_value;
    const char *why;
} contradictions[] = {
    {"low_rank", "true", "mask", "!none", "a mixture of words is no word that could be blocked"},
    {"low_rank", "true", "bias", "!none", "a mixture of words stands nowhere, so it has no distance"},
    {"low_rank", "true", "evaluation", "incremental", "the mixtures need all words at once"},
    {"evaluation", "tiles", "normaliser", "!softmax", "the running maximum and sum are those of softmax"},
    {"mistake", "!none", "evaluation", "!full", "a mistake is shown with evaluation=full"},
    {"mistake", "heads_not_words", "mask", "!none", "its scores compare heads, and a mask is of words"},
    {"mistake", "heads_not_words", "bias", "!none", "its scores compare heads, and distances are of words"},
    {"mistake", "heads_not_words", "position", "rope", "its rows are heads, and angles are of words"},
    {"mistake", "heads_not_words", "low_rank", "true", "its rows are heads, and E and F mix words"},
    {"mistake", "heads_not_words", "router", "true", "its planes are words, and the router switches heads"},
};

static bool has_value(const struct attention *a, const char *setting, const char *value)
{
    bool other = value[0] == '!';
    return settings_is(a->r->settings, setting, value + other) != other;
}

static void check_contradictions(struct attention *a)
{
    const struct settings *s = a->r->settings;
    for (size_t i = 0; i < sizeof contradictions / sizeof contradictions[0]; i++) {
        const struct contradiction *c = &contradictions[i];
        if (has_value(a, c->setting, c->value) && has_value(a, c->other, c->other_value))
            record_error(a->r, qkv_errf(QKV_ERR_DOMAIN, "%s=%s does not go with %s=%.40s: %s", c->setting,
                                        settings_get(s, c->setting)->text, c->other, settings_get(s, c->other)->text,
                                        c->why));
    }
}

static void contradict(struct attention *a, const char *what)
{
    record_error(a->r, qkv_errf(QKV_ERR_DOMAIN, "%s", what));
}

/* Does the tensor block all that lies ahead, as mask=causal does? */
static bool blocks_ahead(const struct tensor *mask)
{
    for (size_t h = 0; h < mask->axis[AXIS_HEAD].size; h++)
        for (size_t i = 0; i < mask->axis[AXIS_ROW].size; i++)
            for (size_t j = i + 1; j < mask->axis[AXIS_COL].size; j++)
                if (*tensor_at(mask, h, i, j) != 0)
                    return false;
    return true;
}

void check_settings(struct attention *a)
{
    const struct recorder *r = a->r;
    bool causal = settings_list_has(r->settings, "mask", "causal", NULL) ||
                  (record_has(r, "mask") && blocks_ahead(named_tensors_find(r->inputs, "mask")));
    bool masked = record_has(r, "mask") || !attention_is(a, "mask", "none");
    const struct setting *scale = settings_get(r->settings, "scale");
    check_contradictions(a);
    if (attention_is(a, "score", "additive") && scale->choice < 0)
        record_error(a->r, qkv_errf(QKV_ERR_DOMAIN,
                                    "scale=%s does not go with score=additive: sums bent by tanh are "
                                    "not scaled",
                                    scale->text));
    if (attention_is(a, "evaluation", "incremental") && !causal)
        contradict(a, "evaluation=incremental needs mask=causal: a word that looks ahead cannot be computed before "
                      "the later ones are there");
    if (attention_is(a, "evaluation", "incremental") && a->memory != NO_STEP)
        contradict(a, "evaluation=incremental does not go with memory: the cache grows by the words that look");
    if (attention_is(a, "low_rank", "true") && record_has(r, "mask"))
        contradict(a, "mask: low_rank=true leaves no word to block: a column is a mixture of words");
    if (attention_is(a, "mistake", "mask_after_softmax") && !masked)
        contradict(a, "mistake=mask_after_softmax needs a mask: set mask=causal, or give the tensor");
    if (attention_is(a, "mistake", "heads_not_words") && record_has(r, "mask"))
        contradict(a, "mask: mistake=heads_not_words compares heads, and a mask is of words");
    if (attention_is(a, "mistake", "heads_not_words") && a->kv_heads != a->heads)
        contradict(a, "mistake=heads_not_words needs as many kv_heads as heads");
}

void check_shapes(struct attention *a)
{
    if (attention_is(a, "position", "rope") && a->d_k % 2 != 0)
        record_error(a->r,
                     qkv_errf(QKV_ERR_SHAPE, "position=rope turns pairs of numbers: d_k=%zu must be even", a->d_k));
    if (attention_is(a, "mistake", "heads_not_words") &&
        recorded_size(a->r, a->q, AXIS_HEAD) != recorded_size(a->r, a->k, AXIS_HEAD))
        record_error(a->r, qkv_errf(QKV_ERR_DOMAIN, "mistake=heads_not_words needs memory as long as X, %zu words",
                                    recorded_size(a->r, a->q, AXIS_HEAD)));
}
