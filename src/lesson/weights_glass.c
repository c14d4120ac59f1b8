/* Weights from the glass model: its words' features, its heads' matrices, and what the lesson adds to them. */
#include "lesson/weights.h"

#include "lesson/inputs.h"

#include <stdio.h>
#include <string.h>

static const struct field glass_fields[] = {
    {"source", NODE_TEXT, true, "glass"},
    {"heads", NODE_LIST, true, "the jobs, in order: [pronoun, previous]"},
    {"features", NODE_LIST | NODE_TEXT, false,
     "the dimensions to show: [noun, verb, pronoun]; without it, those that the heads read"},
    {"output", NODE_TEXT, false, "false leaves out W_O and the last step"},
    {"numbers", NODE_MAPPING, false, "tensors written out besides: {mask: [[1, 0], [1, 1]]}"},
    {"names", NODE_MAPPING, false, "what rows and columns are called: {d_a: [who, what]}"},
    {"seed", NODE_TEXT, false, "draws what the mechanism needs and the model does not have"},
    {"with", NODE_LIST, false, "tensors that could be left out, to be drawn: [b_Q]"},
    {0},
};
static const struct field identity_fields[] = {
    {"source", NODE_TEXT, true, "identity"},
    {"features", NODE_LIST, false, "the dimensions: [noun, animate]; without it, all that words have"},
    {"numbers", NODE_MAPPING, false, "tensors written out besides: {mask: [[1, 0], [1, 1]]}"},
    {0},
};
enum { FIELD_HEADS = 1 };

static bool set_heads(struct reader *r, const struct node *at, struct lesson *lesson, size_t n)
{
    const struct setting *heads = settings_get(&lesson->settings, "heads");
    char text[24];
    snprintf(text, sizeof text, "%zu", n);
    /* 1 is the default: somebody who wrote another number meant it. */
    if ((size_t)heads->number != n && heads->number != 1) {
        diagnostic(r, at, QKV_ERR_SHAPE, "heads is %s in the settings, but %zu are listed here", heads->text, n);
        return false;
    }
    struct qkv_err err = settings_set(&lesson->settings, "heads", text);
    if (err.code)
        diagnostic(r, at, err.code, "%s", err.what);
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
            diagnostic(r, item, QKV_ERR_DOMAIN, "unknown %s '%.60s'%s", heads ? "head" : "feature", item->text,
                       hint_near(item->text, names, n_names).text);
        else if (twice || n == max)
            diagnostic(r, item, QKV_ERR_DOMAIN, "'%.60s' is listed twice", item->text);
        else
            ret[n++] = found;
    }
    if (n == 0 && !list->first)
        diagnostic(r, list, QKV_ERR_SYNTAX, "this list is empty");
    return n;
}

static bool name_heads(struct reader *r, const struct glass *g, const struct glass_choice *choice,
                       struct lesson *lesson)
{
    const char **names = arena_array(r->arena, choice->n_heads, sizeof *names);
    const char **claims = arena_array(r->arena, choice->n_heads, sizeof *claims);
    if (!names || !claims) {
        diagnostic_nomem(r, "the heads' names");
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

/* The features of these words as an input of the mechanism. */
static bool embed(struct inputs *in, const struct glass *g, const struct glass_choice *choice,
                  const struct tensor_info *info, const struct words *words, bool *ret_guessed)
{
    struct tensor t = {0};
    const char **names = arena_array(in->r->arena, choice->n_features, sizeof *names);
    if (!names) {
        diagnostic_nomem(in->r, "the features' names");
        return false;
    }
    for (size_t i = 0; i < choice->n_features; i++)
        names[i] = g->features[choice->features[i]].name;
    struct qkv_err err =
        tensor_init(&t, (struct axis[]){axis_numbered(1, "heads"),
                                        {.size = words->n, .name = "words", .labels = words->v},
                                        {.size = choice->n_features, .name = "d_model", .labels = names}});
    for (size_t w = 0; w < words->n && !err.code; w++) {
        double row[GLASS_FEATURES_MAX];
        const char *folded = text_folded(in->r->arena, words->v[w]);
        if (!folded) {
            err = qkv_nomem("the words");
            break;
        }
        ret_guessed[w] = glass_embed(g, folded, w, row);
        for (size_t i = 0; i < choice->n_features; i++)
            *tensor_at(&t, 0, w, i) = row[choice->features[i]];
    }
    if (err.code) {
        diagnostic(in->r, in->weights, err.code, "%s: %s", info->name, err.what);
        tensor_finish(&t);
        return false;
    }
    return inputs_add(in, in->weights, info, &t);
}

/* Every sequence of the mechanism that has no features yet. */
static bool embed_sequences(struct inputs *in, const struct glass *g, const struct glass_choice *choice,
                            struct lesson *lesson)
{
    bool *guessed = (bool *)lesson->guessed, *memory_guessed = (bool *)lesson->memory_guessed;
    for (size_t i = 0; i < lesson->mechanism->n_inputs; i++) {
        const struct tensor_info *info = &lesson->mechanism->inputs[i];
        const struct shape *shape = inputs_shape(in, info, 2);
        if (named_tensors_find(in->ret, info->name) || !shape->depth || size_is_given(shape->dim[1].a) ||
            (info->optional && !lesson->memory_words.n))
            continue;
        const struct words *words = inputs_words(in, shape->dim[0]);
        if (words && !embed(in, g, choice, info, words, words == &lesson->words ? guessed : memory_guessed))
            return false;
    }
    return true;
}

/* Does the mechanism compare by matrices of heads? If not, the model only has features for it. */
static bool has_heads(const struct lesson *lesson)
{
    for (size_t i = 0; i < lesson->mechanism->n_inputs; i++)
        if (strcmp(lesson->mechanism->inputs[i].name, "X") == 0)
            return settings_find(&lesson->settings, "heads") != NULL;
    return false;
}

/* The features to show: those that are listed; else those that a head reads (the rest would be columns that nothing is
 * done with), or, without heads, those that the words themselves have. */
static void choose_features(struct reader *r, const struct glass *g, const struct node *list,
                            struct glass_choice *choice)
{
    const bool listed = list && list->kind == NODE_LIST;
    if (listed)
        choice->n_features = choose(r, g, list, false, choice->features, GLASS_FEATURES_MAX);
    for (size_t i = 0; !listed && i < g->n_features; i++) {
        bool wanted = choice->n_heads == 0 && g->features[i].place == PLACE_NONE;
        for (size_t h = 0; h < choice->n_heads; h++)
            wanted = wanted || glass_head_reads(&g->heads[choice->heads[h]], i);
        if (wanted)
            choice->features[choice->n_features++] = (int)i;
    }
}

static bool make_guessed(struct reader *r, struct lesson *lesson)
{
    lesson->guessed = arena_array(r->arena, lesson->words.n, sizeof *lesson->guessed);
    lesson->memory_guessed = arena_array(r->arena, lesson->memory_words.n + 1, sizeof *lesson->memory_guessed);
    if (!lesson->guessed || !lesson->memory_guessed)
        diagnostic_nomem(r, "the sentence's words");
    return lesson->guessed && lesson->memory_guessed;
}

/* The model's own tensors. */
static bool read_model(struct inputs *in, const struct glass *g, struct lesson *lesson, struct glass_choice *choice)
{
    struct reader *r = in->r;
    size_t before = r->f->n;
    const struct node *heads = node_field(in->weights, "heads"), *features = node_field(in->weights, "features");
    const struct node *output = node_field(in->weights, "output");
    const struct tensor_info *w_o = inputs_find(in, "W_O", NULL);
    if (heads)
        choice->n_heads = choose(r, g, heads, true, choice->heads, GLASS_HEADS_MAX);
    choose_features(r, g, features, choice);
    if (output)
        node_bool(r, output, "output", &choice->output);
    if (r->f->n != before || !make_guessed(r, lesson))
        return false;
    if (!heads)
        return embed_sequences(in, g, choice, lesson);
    struct glass_choice of_model = *choice;
    /* Where the words must come out as wide as they went in, the model has no W_O. */
    of_model.output = choice->output && w_o && w_o->optional;
    if (!set_heads(r, heads, lesson, choice->n_heads) || !name_heads(r, g, choice, lesson) ||
        !glass_tensors(r, features ? features : heads, g, &of_model, &lesson->words, in->ret, (bool *)lesson->guessed))
        return false;
    inputs_heads(in);
    inputs_learn(in);
    return embed_sequences(in, g, choice, lesson);
}

bool weights_glass(struct reader *r, const struct node *weights, const struct glass *g, struct lesson *lesson,
                   bool lenient, struct named_tensors *ret)
{
    struct inputs in;
    struct field own[sizeof glass_fields / sizeof glass_fields[0]], fields[INPUTS_FIELDS_MAX];
    const bool by_heads = has_heads(lesson);
    memcpy(own, glass_fields, sizeof own);
    own[FIELD_HEADS].required = by_heads && !node_field(weights, "seed");
    if (!by_heads)
        memmove(&own[FIELD_HEADS], &own[FIELD_HEADS + 1], sizeof own - (FIELD_HEADS + 1) * sizeof *own);
    inputs_init(&in, r, weights, lesson, lenient, ret);
    inputs_fields(&in, own, false, fields);
    if (!lenient && !fields_check(r, weights, fields, "weights from the glass model"))
        return false;
    struct glass_choice choice = {.output = true};
    const struct node *numbers = node_field(weights, "numbers"), *seed = node_field(weights, "seed");
    long number = 0;
    if (!inputs_read_sizes(&in) || !read_model(&in, g, lesson, &choice) || (numbers && !inputs_numbers(&in, numbers)))
        return false;
    if (!seed)
        return true;
    return node_whole(r, seed, "seed", 0, 2147483647, &number) &&
           inputs_draw(&in, number, choice.output && !choice.n_heads);
}

bool weights_identity(struct reader *r, const struct node *weights, const struct glass *g, struct lesson *lesson,
                      bool lenient, struct named_tensors *ret)
{
    struct inputs in;
    const size_t before = r->f->n;
    inputs_init(&in, r, weights, lesson, lenient, ret);
    if (!lenient && !fields_check(r, weights, identity_fields, "identity weights"))
        return false;
    struct glass_choice choice = {0};
    const struct node *numbers = node_field(weights, "numbers");
    choose_features(r, g, node_field(weights, "features"), &choice);
    if (r->f->n != before || !make_guessed(r, lesson) ||
        !glass_identity(r, g, &choice, &lesson->words, ret, (bool *)lesson->guessed))
        return false;
    inputs_learn(&in);
    return embed_sequences(&in, g, &choice, lesson) && (!numbers || inputs_numbers(&in, numbers));
}
