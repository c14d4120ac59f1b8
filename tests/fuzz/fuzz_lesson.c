/* Any bytes as a lesson, and any bytes as a sentence: no crash, no leak, and what opens has places inside its
 * tensors. */
#include "fuzz/fuzz.h"

#include "lesson/lesson.h"

static void check_places(const struct lesson *lesson)
{
    for (size_t i = 0; i < lesson->n_stops; i++) {
        const struct stop *stop = &lesson->stops[i];
        require(stop->step >= 0 && (size_t)stop->step < lesson->tape.n);
        const struct tensor *t = &lesson->tape.steps[stop->step].value;
        require(stop->row < (int)t->axis[AXIS_ROW].size && stop->col < (int)t->axis[AXIS_COL].size);
        require(stop->say[0] != NULL && stop->say[1] != NULL);
    }
}

static void try(const char *text, size_t n, const struct lesson_options *options)
{
    OWN(lesson) lesson = {0};
    struct diagnostics diagnostics;
    struct qkv_err err = lesson_parse("fuzz", text, n, options, &lesson, &diagnostics);
    require((err.code != QKV_OK) == (diagnostics.n > 0));
    if (err.code)
        return;
    require(lesson.title && lesson.tab && lesson.sentence.words.n >= 1 && lesson.sentence.words.n <= LESSON_WORDS_MAX);
    check_places(&lesson);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char frame[] = "title: t\nsummary: s\nsentence: x\nweights: {source: glass, heads: [pronoun]}\n";
    try((const char *)bytes, n, NULL);
    char *sentence = calloc(n + 1, 1);
    if (!sentence)
        return 0;
    if (n)
        memcpy(sentence, bytes, n);
    try(frame, strlen(frame), &(struct lesson_options){.overrides = &(struct overrides){.sentence = sentence}});
    free(sentence);
    return 0;
}
