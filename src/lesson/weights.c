#include "lesson/weights.h"

#include "lesson/builtin.h"

#include <pthread.h>
#include <string.h>

enum { SOURCE_GLASS, SOURCE_IDENTITY, SOURCE_RANDOM, SOURCE_NUMBERS, SOURCE_TENSORS };
static const char *const source_names[] = {"glass", "identity", "random", "numbers", "tensors"};
enum { N_SOURCES = sizeof source_names / sizeof source_names[0] };

/* Which source, as an index into source_names; -1: a diagnostic was added. */
static int source_of(struct reader *r, const struct node *weights)
{
    const struct node *source = node_field(weights, "source");
    if (weights->kind != NODE_MAPPING || !source || source->kind != NODE_TEXT) {
        diagnostic(r, weights, QKV_ERR_SYNTAX, "weights needs 'source': glass, identity, random, numbers or tensors");
        return -1;
    }
    for (int i = 0; i < N_SOURCES; i++)
        if (strcmp(source->text, source_names[i]) == 0)
            return i;
    struct hint near = hint_near(source->text, source_names, N_SOURCES);
    diagnostic(r, source, QKV_ERR_DOMAIN, "unknown source '%.40s'%s", source->text,
               near.text[0] ? near.text : "; there are glass, identity, random, numbers and tensors");
    return -1;
}

/* The built-in model, read once in a process: nothing changes it afterwards, so threads share it. */
static const struct glass *shared_model(struct diagnostics *diagnostics)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct arena arena;
    static const struct glass *model;
    const struct builtin_file *file = builtin_find("assets/glass.yaml");
    struct reader reader = {&arena, diagnostics};
    pthread_mutex_lock(&lock);
    if (!model && file)
        model = glass_read(&reader, file->text, file->n);
    if (!model)
        arena_finish(&arena); /* there was no memory: the next one tries again */
    const struct glass *found = model;
    pthread_mutex_unlock(&lock);
    return found;
}

const struct glass *weights_model(struct reader *r, const struct node *weights)
{
    const struct node *source = node_field(weights, "source");
    if (!source || (strcmp(source->text, "glass") != 0 && strcmp(source->text, "identity") != 0))
        return NULL;
    /* What is wrong with the model is no diagnostic about a line of the lesson. */
    struct diagnostics of_model = {0};
    const struct glass *model = shared_model(&of_model);
    if (!model && of_model.n) {
        diagnostics_sort(&of_model);
        diagnostic(r, NULL, of_model.v[0].code, "the glass model, line %d: %s", of_model.v[0].line, of_model.v[0].what);
    }
    return model;
}

bool weights_make(struct reader *r, const struct node *weights, const struct glass *model, struct lesson *lesson,
                  bool lenient, struct named_tensors *ret)
{
    switch (source_of(r, weights)) {
    case SOURCE_GLASS:
        return model && weights_glass(r, weights, model, lesson, lenient, ret);
    case SOURCE_IDENTITY:
        return model && weights_identity(r, weights, model, lesson, lenient, ret);
    case SOURCE_RANDOM:
        return weights_random(r, weights, lesson, lenient, ret);
    case SOURCE_NUMBERS:
        return weights_numbers(r, weights, lesson, lenient, ret);
    case SOURCE_TENSORS:
        return weights_tensors(r, weights, lesson, lenient, ret);
    default:
        return false;
    }
}
