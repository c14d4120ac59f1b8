/* attention_settings.c: the settings of attention, and those that contradict each other or the tensors that
 * there are. */
#include "core/mechanisms/attention_parts.h"

bool is_set(const struct attention *a, const char *setting, const char *value)
{
    return settings_is(a->r->settings, setting, value);
}

double set_number(const struct attention *a, const char *setting)
{
    return settings_number(a->r->settings, setting);
}

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

static bool has_value(const struct settings *s, const char *setting, const char *value)
{
    bool other = value[0] == '!';
    return settings_is(s, setting, value + other) != other;
}

static void check_contradictions(struct recorder *r)
{
    const struct settings *s = r->settings;
    const struct contradiction *before = NULL;
    bool has = false;
    for (size_t i = 0; i < sizeof contradictions / sizeof contradictions[0]; i++) {
        const struct contradiction *c = &contradictions[i];
        if (!before || c->setting != before->setting || c->value != before->value)
            has = has_value(s, c->setting, c->value);
        before = c;
        if (has && has_value(s, c->other, c->other_value))
            refuse(r, QKV_ERR_DOMAIN, "%s=%s does not go with %s=%.40s: %s", c->setting,
                   settings_get(s, c->setting)->text, c->other, settings_get(s, c->other)->text, c->why);
    }
}

static void refuse_if(struct attention *a, bool wrong, const char *what)
{
    if (wrong)
        refuse(a->r, QKV_ERR_DOMAIN, "%s", what);
}

static void check_heads(struct attention *a)
{
    size_t heads = a->heads, kv_heads = a->kv_heads;
    if (kv_heads > heads)
        refuse(a->r, QKV_ERR_DOMAIN, "kv_heads=%zu must not be more than heads=%zu", kv_heads, heads);
    else if (heads % kv_heads != 0)
        refuse(a->r, QKV_ERR_DOMAIN, "kv_heads=%zu does not divide heads=%zu: each must serve equally many", kv_heads,
               heads);
}

/* Does the tensor block every later key, as mask=causal does? */
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
    bool mask_given = record_has(r, "mask"), masked = mask_given || !settings_is(r->settings, "mask", "none");
    bool causal = settings_list_has(r->settings, "mask", "causal", NULL) ||
                  (mask_given && blocks_ahead(named_tensors_find(r->inputs, "mask")));
    bool incremental = is_set(a, "evaluation", "incremental"),
         heads_not_words = is_set(a, "mistake", "heads_not_words");
    check_heads(a);
    check_contradictions(a->r);
    if (is_set(a, "score", "additive") && settings_choice(r->settings, "scale") < 0)
        refuse(a->r, QKV_ERR_DOMAIN, "scale=%s does not go with score=additive: sums bent by tanh are not scaled",
               settings_get(r->settings, "scale")->text);
    refuse_if(a, incremental && !causal,
              "evaluation=incremental needs mask=causal: a word that looks ahead cannot be computed before the later "
              "ones are there");
    refuse_if(a, incremental && a->memory != NO_STEP,
              "evaluation=incremental does not go with memory: the cache grows by the words that look");
    refuse_if(a, is_set(a, "low_rank", "true") && mask_given,
              "mask: low_rank=true leaves no word to block: a column is a mixture of words");
    refuse_if(a, is_set(a, "mistake", "mask_after_softmax") && !masked,
              "mistake=mask_after_softmax needs a mask: set mask=causal, or give the tensor");
    refuse_if(a, heads_not_words && mask_given, "mask: mistake=heads_not_words compares heads, and a mask is of words");
    refuse_if(a, heads_not_words && a->kv_heads != a->heads, "mistake=heads_not_words needs as many kv_heads as heads");
}

void check_shapes(struct attention *a)
{
    size_t words = recorded_size(a->r, a->q, AXIS_HEAD), found = recorded_size(a->r, a->k, AXIS_COL);
    size_t kv_heads = a->kv_heads;
    /* Queries and keys are compared number by number: they must be equally long in every head. */
    if (found != a->d_k)
        refuse(a->r, QKV_ERR_SHAPE, "W_K: its %zu columns must be kv_heads*d_k = %zu*%zu, for W_Q has %zu = heads*d_k",
               found * kv_heads, kv_heads, a->d_k, a->d_k * a->heads);
    if (is_set(a, "position", "rope") && a->d_k % 2 != 0)
        refuse(a->r, QKV_ERR_SHAPE, "position=rope rotates pairs of numbers: d_k=%zu must be even", a->d_k);
    if (is_set(a, "mistake", "heads_not_words") && words != recorded_size(a->r, a->k, AXIS_HEAD))
        refuse(a->r, QKV_ERR_DOMAIN, "mistake=heads_not_words needs memory as long as X, %zu words", words);
}
