/* lesson_words.c: the words of a lesson: its own, those that a person typed in their place, and those of its memory. */
#include "lesson/inputs/inputs.h"
#include "lesson/lesson_parts.h"

#include <string.h>

/* A text is cut into words by the rules of sentences, or by the model's lexicon. */
static bool read_sequence(struct reader *r, const struct node *node, const char *what, const struct glass *model,
                          const struct lesson_options *options, const char *folder, struct sequence *ret)
{
    struct lexicon_lookup lookup = {0};
    if (node->kind == NODE_MAPPING)
        return sequence_read(r, node, what, options, folder, ret);
    if (model)
        lookup = glass_lookup(model);
    ret->text = node->text;
    return is_fine(r, node, tokens_split(r->arena, ret->text, model ? &lookup : NULL, &ret->words));
}

/* The lesson's own words, of whatever kind; none: they are parts of a picture, or are wrong. */
static struct words own_words(struct reader *r, const struct node *sentence, const struct node *tokens,
                              const struct glass *model)
{
    struct lexicon_lookup lookup = {0};
    struct words words = {0};
    const struct node *list = sentence->kind == NODE_MAPPING ? node_field(sentence, "labels") : tokens;
    if (model)
        lookup = glass_lookup(model);
    if (list && list->kind == NODE_LIST)
        return words_read_list(r, list, &words) ? words : (struct words){0};
    if (sentence->kind != NODE_TEXT)
        return words;
    struct qkv_err err = tokens_split(r->arena, sentence->text, model ? &lookup : NULL, &words);
    return err.code ? (struct words){0} : words;
}

/* Remember what the lesson has, when other words were typed: numbers that it gives for words are of those. */
static bool compare_words(struct reader *r, struct words own, struct sequence *sentence)
{
    bool same = own.n == sentence->words.n;
    for (size_t i = 0; same && i < own.n; i++)
        same = strcmp(own.v[i], sentence->words.v[i]) == 0;
    struct words *written = arena_array(r->arena, 1, sizeof *written);
    if (!written)
        return diagnostic_nomem(r, "the sentence");
    *written = own;
    sentence->written = same ? NULL : written;
    return true;
}

static bool read_sentence(struct reader *r, const struct node *root, const struct node *weights,
                          const struct glass *model, const struct lesson_options *options, struct lesson *lesson)
{
    struct sequence *sentence = &lesson->sentence;
    const struct node *node = node_field(root, "sentence"), *source = node_field(weights, "source"),
                      *tokens = source && strcmp(source->text, "tensors") == 0 ? node_field(weights, "words") : NULL;
    const char *given = options->overrides->sentence;
    struct node typed = {.kind = NODE_TEXT};
    if (given) {
        typed.text = arena_text(r->arena, given, strlen(given));
        if (!typed.text)
            return diagnostic_nomem(r, "the sentence");
        return read_sequence(r, &typed, "sentence", model, options, lesson->folder, sentence) &&
               compare_words(r, own_words(r, node, tokens, model), sentence);
    }
    if (node->kind == NODE_TEXT && tokens && tokens->kind == NODE_LIST) {
        sentence->text = node->text;
        return words_read_list(r, tokens, &sentence->words);
    }
    return read_sequence(r, node, "sentence", model, options, lesson->folder, sentence);
}

bool lesson_words_read(struct reader *r, const struct node *root, const struct node *weights, const struct glass *model,
                       const struct lesson_options *options, struct lesson *lesson)
{
    const struct node *memory = node_field(root, "memory");
    return read_sentence(r, root, weights, model, options, lesson) &&
           (!memory || read_sequence(r, memory, "memory", model, options, lesson->folder, &lesson->memory));
}

void lesson_memory_check(struct reader *r, const struct node *root, const struct lesson *lesson)
{
    const struct node *memory = node_field(root, "memory");
    bool used = false;
    for (size_t i = 0; i < lesson->tape.n; i++)
        for (int axis = AXIS_ROW; axis < AXES; axis++)
            used = used || lesson->tape.steps[i].value.axis[axis].labels == lesson->memory.words.v;
    if (memory && !used)
        diagnostic(r, memory, QKV_ERR_DOMAIN, "a memory of %zu words is given, but no tensor has rows for them",
                   lesson->memory.words.n);
}
