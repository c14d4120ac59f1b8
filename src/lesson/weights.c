#include "lesson/weights.h"

#include "lesson/builtin.h"

#include <stdio.h>
#include <string.h>

static const struct field glass_fields[] = {
    {"source", NODE_TEXT, true, "glass"},
    {"heads", NODE_LIST, true, "the jobs, in order: [pronoun, previous]"},
    {"features", NODE_LIST, false,
     "the dimensions to show: [noun, verb, pronoun]; without it, those that the heads read"},
    {"output", NODE_TEXT, false, "false leaves out W_O and the last step"},
    {0},
};

static const struct field identity_fields[] = {
    {"source", NODE_TEXT, true, "identity"},
    {"features", NODE_LIST, false, "the dimensions: [noun, animate]; without it, all that words have"},
    {0},
};

enum { SOURCE_GLASS, SOURCE_IDENTITY, SOURCE_RANDOM, SOURCE_NUMBERS, SOURCE_TENSORS };
static const char *const source_names[] = {"glass", "identity", "random", "numbers", "tensors"};
enum { N_SOURCES = sizeof source_names / sizeof source_names[0] };

/* Which source, as an index into source_names; -1: a finding was added. */
static int source_of(struct reader *r, const struct node *weights)
{
    const struct node *source = node_field(weights, "source");
    if (weights->kind != NODE_MAPPING || !source || source->kind != NODE_TEXT) {
        finding(r, weights, QKV_ERR_SYNTAX, "weights needs 'source': glass, identity, random, numbers or tensors");
        return -1;
    }
    for (int i = 0; i < N_SOURCES; i++)
        if (strcmp(source->text, source_names[i]) == 0)
            return i;
    struct hint near = hint_near(source->text, source_names, N_SOURCES);
    finding(r, source, QKV_ERR_DOMAIN, "unknown source '%.40s'%s", source->text,
            near.text[0] ? near.text : "; there are glass, identity, random, numbers and tensors");
    return -1;
}

const struct glass *weights_model(struct reader *r, const struct node *weights)
{
    const struct node *source = node_field(weights, "source");
    const struct builtin_file *file = builtin_find("assets/glass.yaml");
    if (!source || (strcmp(source->text, "glass") != 0 && strcmp(source->text, "identity") != 0) || !file)
        return NULL;
    /* What is wrong with the model is no finding about a line of the lesson. */
    struct findings of_model = {0};
    struct reader reader = {r->pool, &of_model};
    const struct glass *model = glass_read(&reader, file->text, file->n);
    if (!model) {
        findings_sort(&of_model);
        finding(r, NULL, of_model.v[0].code, "the glass model, line %d: %s", of_model.v[0].line, of_model.v[0].what);
    }
    return model;
}

static bool set_heads(struct reader *r, const struct node *at, struct lesson *lesson, size_t n)
{
    const struct setting *heads = settings_get(&lesson->settings, "heads");
    char text[24];
    snprintf(text, sizeof text, "%zu", n);
    /* 1 is the default: somebody who wrote another number meant it. */
    if ((size_t)heads->number != n && heads->number != 1) {
        finding(r, at, QKV_ERR_SHAPE, "heads is %s in the settings, but %zu are listed here", heads->text, n);
        return false;
    }
    struct qkv_err err = settings_set(&lesson->settings, "heads", text);
    if (err.code)
        finding(r, at, err.code, "%s", err.what);
    return !err.code;
}

/* The texts of a list as indices of the model. */
static size_t choose(struct reader *r, const struct glass *g, const struct node *list, bool heads, int ret[],
                     size_t max)
{
    const char *names[GLASS_FEATURES_MAX];
    size_t n_names = heads ? g->n_heads : g->n_features, n = 0;
    for (size_t i = 0; i < n_names; i++)
        names[i] = heads ? g->heads[i].name : g->features[i].name;
    for (const struct node *item = list->first; item; item = item->next) {
        int found = heads ? glass_head_find(g, item->text) : glass_feature_find(g, item->text);
        bool twice = false;
        for (size_t i = 0; i < n; i++)
            twice = twice || (found >= 0 && ret[i] == found);
        if (found < 0)
            finding(r, item, QKV_ERR_DOMAIN, "unknown %s '%.60s'%s", heads ? "head" : "feature", item->text,
                    hint_near(item->text, names, n_names).text);
        else if (twice || n == max)
            finding(r, item, QKV_ERR_DOMAIN, "'%.60s' is listed twice", item->text);
        else
            ret[n++] = found;
    }
    if (n == 0 && !list->first)
        finding(r, list, QKV_ERR_SYNTAX, "this list is empty");
    return n;
}

static bool name_heads(struct reader *r, const struct glass *g, const struct glass_choice *choice,
                       struct lesson *lesson)
{
    const char **names = pool_array(r->pool, choice->n_heads, sizeof *names);
    const char **claims = pool_array(r->pool, choice->n_heads, sizeof *claims);
    if (!names || !claims) {
        finding_nomem(r, "the heads' names");
        return false;
    }
    for (size_t h = 0; h < choice->n_heads; h++) {
        names[h] = g->heads[choice->heads[h]].name;
        claims[h] = g->heads[choice->heads[h]].claim;
    }
    lesson->head_names = (struct words){names, choice->n_heads};
    lesson->head_claims = (struct words){claims, choice->n_heads};
    return true;
}

/* The features to show: those that are listed; else those that a head reads (the rest would be columns that nothing is
 * done with), or, without heads, those that the words themselves have. */
static void choose_features(struct reader *r, const struct glass *g, const struct node *list,
                            struct glass_choice *choice)
{
    if (list)
        choice->n_features = choose(r, g, list, false, choice->features, GLASS_FEATURES_MAX);
    for (size_t i = 0; !list && i < g->n_features; i++) {
        bool wanted = choice->n_heads == 0 && g->features[i].place == PLACE_NONE;
        for (size_t h = 0; h < choice->n_heads; h++)
            wanted = wanted || glass_head_reads(&g->heads[choice->heads[h]], i);
        if (wanted)
            choice->features[choice->n_features++] = (int)i;
    }
}

static bool *guesses(struct reader *r, struct lesson *lesson)
{
    bool *guessed = pool_array(r->pool, lesson->words.n, sizeof *guessed);
    if (!guessed)
        finding_nomem(r, "the sentence's words");
    lesson->guessed = guessed;
    return guessed;
}

static bool weights_glass(struct reader *r, const struct node *weights, const struct glass *g, struct lesson *lesson,
                          struct named_tensors *ret)
{
    size_t before = r->f->n;
    if (!fields_check(r, weights, glass_fields, "weights from the glass model"))
        return false;
    struct glass_choice choice = {.output = true};
    const struct node *heads = node_field(weights, "heads"), *features = node_field(weights, "features");
    const struct node *output = node_field(weights, "output");
    choice.n_heads = choose(r, g, heads, true, choice.heads, GLASS_HEADS_MAX);
    choose_features(r, g, features, &choice);
    if (output)
        node_bool(r, output, "output", &choice.output);
    bool *guessed = guesses(r, lesson);
    return r->f->n == before && set_heads(r, heads, lesson, choice.n_heads) && name_heads(r, g, &choice, lesson) &&
           glass_tensors(r, features ? features : heads, g, &choice, &lesson->words, ret, guessed);
}

static bool weights_identity(struct reader *r, const struct node *weights, const struct glass *g, struct lesson *lesson,
                             struct named_tensors *ret)
{
    size_t before = r->f->n;
    if (!fields_check(r, weights, identity_fields, "identity weights"))
        return false;
    struct glass_choice choice = {0};
    choose_features(r, g, node_field(weights, "features"), &choice);
    bool *guessed = guesses(r, lesson);
    return r->f->n == before && glass_identity(r, g, &choice, &lesson->words, ret, guessed);
}

bool weights_make(struct reader *r, const struct node *weights, const struct glass *model, struct lesson *lesson,
                  struct named_tensors *ret)
{
    switch (source_of(r, weights)) {
    case SOURCE_GLASS:
        return model && weights_glass(r, weights, model, lesson, ret);
    case SOURCE_IDENTITY:
        return model && weights_identity(r, weights, model, lesson, ret);
    case SOURCE_RANDOM:
        return weights_random(r, weights, lesson, ret);
    case SOURCE_NUMBERS:
        return weights_numbers(r, weights, lesson, ret);
    case SOURCE_TENSORS:
        return weights_tensors(r, weights, lesson, ret);
    default:
        return false;
    }
}
