/* Weights from the handcrafted model: its words' features, its heads' matrices, and what the lesson adds to them. */

#include "lesson/inputs/inputs.h"

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

/* Which parts of the model a lesson uses. */
struct choice {
    const struct glass *model;
    int heads[GLASS_HEADS_MAX]; /* indices, in the lesson's order */
    size_t n_heads;
    int features[GLASS_FEATURES_MAX];
    size_t n_features;
    bool output; /* with W_O */
    struct glass_sentence sentence, memory;
};

static bool set_heads(struct reader *r, const struct node *at, struct lesson *lesson, size_t n)
{
    const struct setting *heads = settings_get(&lesson->settings, "heads");
    char text[24];
    snprintf(text, sizeof text, "%zu", n);
    /* 1 is the default, so another number was written in the lesson. */
    if ((size_t)heads->number != n && heads->number != 1) {
        diagnostic(r, at, QKV_ERR_SHAPE, "heads is %s in the settings, but %zu are listed here", heads->text, n);
        return false;
    }
    return is_fine(r, at, settings_set(&lesson->settings, "heads", text));
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

enum { GUESSED_NAMED_MOST = 3 };

/* What the head does, and how far the words can be trusted. NULL: no memory. */
static const char *claim_of(struct reader *r, const char *claim, const struct lesson *lesson)
{
    const size_t n = lesson->sentence.words.n, guessed = sequence_guessed(&lesson->sentence);
    if (!guessed)
        return claim;
    struct str text = {0};
    if (n == 1)
        str_addf(&text, "%s This word is guessed.", claim);
    else
        str_addf(&text, "%s %s of these words (%zu of %zu) %s guessed", claim,
                 guessed == n      ? "All"
                 : 2 * guessed > n ? "Over half"
                 : guessed > 1     ? "Some"
                                   : "One",
                 guessed, n, guessed > 1 ? "are" : "is");
    for (size_t t = 0, named = 0; guessed <= GUESSED_NAMED_MOST && t < n && n > 1; t++)
        if (sequence_is_guessed(&lesson->sentence, t))
            str_addf(&text, "%s%s", named++ ? ", " : ": ", lesson->sentence.words.v[t]);
    str_add(&text, n > 1 ? "." : "");
    const char *copy = text.failed ? NULL : arena_text(r->arena, str_text(&text), text.n);
    str_finish(&text);
    return copy;
}

static bool name_heads(struct reader *r, const struct choice *choice, struct lesson *lesson)
{
    const char **names = arena_array(r->arena, choice->n_heads, sizeof *names);
    const char **claims = arena_array(r->arena, choice->n_heads, sizeof *claims);
    if (!names || !claims) {
        diagnostic_nomem(r, "the heads' names");
        return false;
    }
    for (size_t h = 0; h < choice->n_heads; h++) {
        names[h] = choice->model->heads[choice->heads[h]].name;
        claims[h] = claim_of(r, choice->model->heads[choice->heads[h]].claim, lesson);
        if (!claims[h]) {
            diagnostic_nomem(r, "the heads' claims");
            return false;
        }
    }
    lesson->head_names = (struct words){names, choice->n_heads};
    lesson->head_claims = (struct words){claims, choice->n_heads};
    return true;
}

/* Does this head read this feature, in a query, a key or a value? */
static bool reads(const struct glass_head *head, size_t feature)
{
    for (size_t c = 0; c < head->n_columns; c++)
        if (head->columns[c].query[feature] != 0 || head->columns[c].key[feature] != 0)
            return true;
    for (size_t c = 0; c < head->n_values; c++)
        if (head->values[c].from[feature] != 0)
            return true;
    return false;
}

/* Without one of its features a head would compute something else. */
static bool heads_fit(struct reader *r, const struct node *at, const struct choice *choice)
{
    const struct glass *g = choice->model;
    size_t before = r->f->n;
    const struct glass_head *first = &g->heads[choice->heads[0]];
    for (size_t h = 0; h < choice->n_heads; h++) {
        const struct glass_head *head = &g->heads[choice->heads[h]];
        if (head->n_columns != first->n_columns || head->n_values != first->n_values)
            diagnostic(r, at, QKV_ERR_SHAPE,
                       "head '%s' has %zu columns and %zu values, head '%s' has %zu and %zu: all heads "
                       "of a layer have the same",
                       head->name, head->n_columns, head->n_values, first->name, first->n_columns, first->n_values);
        for (size_t i = 0; i < g->n_features; i++) {
            bool used = false;
            for (size_t k = 0; k < choice->n_features; k++)
                used = used || choice->features[k] == (int)i;
            if (!used && reads(head, i) && !glass_is_structural(&g->features[i]))
                diagnostic(r, at, QKV_ERR_DOMAIN, "head '%s' reads the feature '%s', which 'features' leaves out",
                           head->name, g->features[i].name);
        }
    }
    return r->f->n == before;
}

/* ---- tensors ---- */

/* An input that is being filled, and the labels of its axes. */
struct matrix {
    struct tensor tensor;
    const char **rows, **cols;
};

static bool matrix_init(struct reader *r, struct matrix *m, const char *row_name, size_t rows, const char *col_name,
                        size_t cols)
{
    *m = (struct matrix){.rows = arena_array(r->arena, rows + 1, sizeof *m->rows),
                         .cols = arena_array(r->arena, cols + 1, sizeof *m->cols)};
    if (!m->rows || !m->cols) {
        diagnostic_nomem(r, "labels");
        return false;
    }
    const struct axis axes[AXES] = {
        axis_numbered(1, "heads"),
        {.size = rows, .name = row_name, .labels = m->rows},
        {.size = cols, .name = col_name, .labels = m->cols},
    };
    struct qkv_err err = tensor_init(&m->tensor, axes);
    if (err.code)
        diagnostics_add(r->f, err);
    return !err.code;
}

static bool add(struct inputs *in, struct matrix *m, const char *name)
{
    const struct tensor_info *info = inputs_find(in, name, in->weights);
    if (info)
        return inputs_add(in, in->weights, info, &m->tensor);
    tensor_finish(&m->tensor);
    return false;
}

/* The features of these words as an input of the mechanism. */
static bool embed(struct inputs *in, const struct choice *choice, const struct tensor_info *info,
                  const struct glass_sentence *sentence)
{
    const struct words *words = sentence->words;
    struct matrix x;
    if (!matrix_init(in->r, &x, "words", words->n, "d_model", choice->n_features))
        return false;
    for (size_t i = 0; i < choice->n_features; i++)
        x.cols[i] = choice->model->features[choice->features[i]].name;
    x.tensor.axis[AXIS_ROW].labels = words->v;
    for (size_t t = 0; t < words->n; t++)
        for (size_t i = 0; i < choice->n_features; i++)
            *tensor_at(&x.tensor, 0, t, i) =
                sentence->rows[t * choice->model->n_features + (size_t)choice->features[i]];
    return inputs_add(in, in->weights, info, &x.tensor);
}

enum part { PART_QUERY, PART_KEY, PART_VALUE };

static size_t part_columns(const struct glass_head *head, enum part part)
{
    return part == PART_VALUE ? head->n_values : head->n_columns;
}

static const double *part_weights(const struct glass_head *head, enum part part, size_t i)
{
    return part == PART_QUERY ? head->columns[i].query : part == PART_KEY ? head->columns[i].key : head->values[i].from;
}

/* W_Q, W_K or W_V: the heads' columns side by side, a row for each feature. */
static bool projection_matrix(struct inputs *in, const struct choice *choice, enum part part, const char *name)
{
    const struct glass *g = choice->model;
    const size_t width = part_columns(&g->heads[choice->heads[0]], part);
    struct matrix w;
    if (!matrix_init(in->r, &w, "d_model", choice->n_features, part == PART_VALUE ? "heads*d_v" : "heads*d_k",
                     choice->n_heads * width))
        return false;
    for (size_t i = 0; i < choice->n_features; i++)
        w.rows[i] = g->features[choice->features[i]].name;
    for (size_t h = 0; h < choice->n_heads; h++)
        for (size_t c = 0; c < width; c++) {
            const struct glass_head *head = &g->heads[choice->heads[h]];
            const double *weights = part_weights(head, part, c);
            w.cols[h * width + c] = part == PART_VALUE ? head->values[c].name : head->columns[c].name;
            for (size_t i = 0; i < choice->n_features; i++)
                *tensor_at(&w.tensor, 0, i, h * width + c) = weights[choice->features[i]];
        }
    return add(in, &w, name);
}

/* W_O: a row for each value of each head, a column for each name that their `out` gives, in order of appearance. */
static bool output_matrix(struct inputs *in, const struct node *at, const struct choice *choice)
{
    const struct glass *g = choice->model;
    const char *names[GLASS_OUTPUTS_MAX];
    size_t n = 0, width = g->heads[choice->heads[0]].n_values;
    struct matrix w = {0};
    /* Twice over the same places: first to collect the columns' names, then to fill them. */
    for (int filling = 0; filling < 2; filling++) {
        for (size_t h = 0; h < choice->n_heads; h++)
            for (size_t v = 0; v < width; v++)
                for (size_t o = 0; o < GLASS_OUT_MAX; o++) {
                    const struct glass_value *value = &g->heads[choice->heads[h]].values[v];
                    if (!value->out[o].name)
                        break;
                    size_t c = 0;
                    while (c < n && strcmp(names[c], value->out[o].name) != 0)
                        c++;
                    if (filling) {
                        w.rows[h * width + v] = value->name;
                        w.cols[c] = names[c];
                        *tensor_at(&w.tensor, 0, h * width + v, c) = value->out[o].weight;
                    } else if (c == n && n < GLASS_OUTPUTS_MAX) {
                        names[n++] = value->out[o].name;
                    } else if (c == n) {
                        diagnostic(in->r, at, QKV_ERR_LIMIT, "these heads write to more than %d places",
                                   GLASS_OUTPUTS_MAX);
                        return false;
                    }
                }
        if (!filling && !matrix_init(in->r, &w, "heads*d_v", choice->n_heads * width, "d_out", n))
            return false;
    }
    return add(in, &w, "W_O");
}

/* W_Q, W_K and W_V as identity matrices: scores are then the plain products of the words' own rows. */
static bool identity_matrices(struct inputs *in, const struct choice *choice)
{
    static const char *const names[] = {"W_Q", "W_K", "W_V"};
    for (size_t m = 0; m < 3; m++) {
        struct matrix w;
        if (!matrix_init(in->r, &w, "d_model", choice->n_features, m == 2 ? "heads*d_v" : "heads*d_k",
                         choice->n_features))
            return false;
        for (size_t i = 0; i < choice->n_features; i++) {
            w.rows[i] = w.cols[i] = choice->model->features[choice->features[i]].name;
            *tensor_at(&w.tensor, 0, i, i) = 1;
        }
        if (!add(in, &w, names[m]))
            return false;
    }
    return true;
}

/* Every sequence of the mechanism that has no features yet. */
static bool embed_sequences(struct inputs *in, const struct choice *choice, const struct lesson *lesson)
{
    for (size_t i = 0; i < lesson->mechanism->n_inputs; i++) {
        const struct tensor_info *info = &lesson->mechanism->inputs[i];
        const struct shape *shape = inputs_shape(in, info, 2);
        if (named_tensors_find(in->ret, info->name) || !shape->depth || size_is_given(shape->dim[1].a) ||
            (info->optional && !lesson->memory.words.n))
            continue;
        const struct words *words = inputs_words(in, shape->dim[0]);
        if (words && !embed(in, choice, info, words == &lesson->sentence.words ? &choice->sentence : &choice->memory))
            return false;
    }
    return true;
}

/* Does the mechanism compare by matrices of heads? If not, the model only has features for it. */
static bool has_heads(const struct lesson *lesson)
{
    return mechanism_input(lesson->mechanism, "X") && settings_find(&lesson->settings, "heads");
}

/* The features to show: those that are listed; else those that a head reads, or, without heads, those that the words
 * themselves have. */
static void choose_features(struct reader *r, const struct node *list, struct choice *choice)
{
    const struct glass *g = choice->model;
    const bool listed = list && list->kind == NODE_LIST;
    if (listed)
        choice->n_features = choose(r, g, list, false, choice->features, GLASS_FEATURES_MAX);
    for (size_t i = 0; !listed && i < g->n_features; i++) {
        bool wanted = choice->n_heads == 0 && g->features[i].place == PLACE_NONE;
        for (size_t h = 0; h < choice->n_heads; h++)
            wanted = wanted || reads(&g->heads[choice->heads[h]], i);
        if (wanted)
            choice->features[choice->n_features++] = (int)i;
    }
}

/* The words of both sequences, and which of them are guessed. */
static bool read_words(struct reader *r, struct choice *choice, struct lesson *lesson)
{
    const bool both = lesson->memory.words.n > 0;
    if (!glass_embed_sentence(choice->model, r->arena, &lesson->sentence.words, NULL, &choice->sentence) ||
        (both &&
         !glass_embed_sentence(choice->model, r->arena, &lesson->memory.words, &choice->sentence, &choice->memory))) {
        diagnostic_nomem(r, "the sentence's words");
        return false;
    }
    lesson->sentence.guessed = choice->sentence.guessed;
    lesson->memory.guessed = choice->memory.guessed;
    return true;
}

/* Has a word of the sequences this feature? */
static bool occurs(const struct choice *choice, size_t feature)
{
    const struct glass_sentence *const both[] = {&choice->sentence, &choice->memory};
    for (size_t s = 0; s < 2; s++)
        for (size_t t = 0; both[s]->words && t < both[s]->words->n; t++)
            if (both[s]->rows[t * choice->model->n_features + feature] != 0)
                return true;
    return false;
}

/* To features that are listed: those of the sentence's structure that a head reads and a word has. Where none has one, a
 * column of zeros would add nothing to any score. */
static void add_structural(struct choice *choice)
{
    const struct glass *g = choice->model;
    for (size_t i = 0; i < g->n_features; i++) {
        bool wanted = false, chosen = false;
        for (size_t h = 0; h < choice->n_heads; h++)
            wanted = wanted || reads(&g->heads[choice->heads[h]], i);
        for (size_t k = 0; k < choice->n_features; k++)
            chosen = chosen || choice->features[k] == (int)i;
        if (wanted && !chosen && glass_is_structural(&g->features[i]) && occurs(choice, i))
            choice->features[choice->n_features++] = (int)i;
    }
}

/* The model's own tensors. */
static bool read_model(struct inputs *in, struct lesson *lesson, struct choice *choice)
{
    struct reader *r = in->r;
    size_t before = r->f->n;
    const struct node *heads = node_field(in->weights, "heads"), *features = node_field(in->weights, "features");
    const struct node *output = node_field(in->weights, "output");
    const struct tensor_info *w_o = mechanism_input(lesson->mechanism, "W_O");
    if (heads)
        choice->n_heads = choose(r, choice->model, heads, true, choice->heads, GLASS_HEADS_MAX);
    choose_features(r, features, choice);
    if (output)
        node_bool(r, output, "output", &choice->output);
    if (r->f->n != before || !read_words(r, choice, lesson))
        return false;
    in->n_listed = choice->n_features;
    add_structural(choice);
    in->n_features = choice->n_features;
    if (!heads)
        return embed_sequences(in, choice, lesson);
    if (!set_heads(r, heads, lesson, choice->n_heads) || !name_heads(r, choice, lesson) ||
        !heads_fit(r, features ? features : heads, choice))
        return false;
    inputs_heads(in);
    /* Where the words must come out as wide as they went in, the model has no W_O. */
    const bool mixes = choice->output && w_o && w_o->optional;
    return projection_matrix(in, choice, PART_QUERY, "W_Q") && projection_matrix(in, choice, PART_KEY, "W_K") &&
           projection_matrix(in, choice, PART_VALUE, "W_V") &&
           (!mixes || output_matrix(in, features ? features : heads, choice)) && embed_sequences(in, choice, lesson);
}

bool weights_glass(struct inputs *in, const struct glass *g, struct lesson *lesson)
{
    struct field own[sizeof glass_fields / sizeof glass_fields[0]];
    const struct node *numbers = node_field(in->weights, "numbers"), *seed = node_field(in->weights, "seed");
    const bool by_heads = has_heads(lesson);
    memcpy(own, glass_fields, sizeof own);
    own[FIELD_HEADS].required = by_heads && !seed;
    if (!by_heads)
        memmove(&own[FIELD_HEADS], &own[FIELD_HEADS + 1], sizeof own - (FIELD_HEADS + 1) * sizeof *own);
    if (!inputs_check(in, own, false, "weights from the glass model"))
        return false;
    struct choice choice = {.model = g, .output = true};
    if (!inputs_read_sizes(in) || !read_model(in, lesson, &choice) || (numbers && !inputs_numbers(in, numbers)))
        return false;
    return !seed || inputs_draw(in, seed, choice.output && !choice.n_heads);
}

bool weights_identity(struct inputs *in, const struct glass *g, struct lesson *lesson)
{
    struct reader *r = in->r;
    const size_t before = r->f->n;
    if (!in->lenient && !fields_check(r, in->weights, identity_fields, "identity weights"))
        return false;
    struct choice choice = {.model = g};
    const struct node *numbers = node_field(in->weights, "numbers");
    choose_features(r, node_field(in->weights, "features"), &choice);
    return r->f->n == before && read_words(r, &choice, lesson) && identity_matrices(in, &choice) &&
           embed_sequences(in, &choice, lesson) && (!numbers || inputs_numbers(in, numbers));
}
