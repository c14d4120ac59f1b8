#include "lesson/lesson.h"

#include "base/file.h"
#include "lesson/analysis/compare.h"
#include "lesson/analysis/summary.h"
#include "lesson/text/builtin.h"
#include "lesson/trial.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool sequence_is_guessed(const struct sequence *sequence, size_t t)
{
    return sequence->guessed && t < sequence->words.n && sequence->guessed[t];
}

size_t sequence_guessed(const struct sequence *sequence)
{
    size_t n = 0;
    for (size_t t = 0; t < sequence->words.n; t++)
        n += sequence_is_guessed(sequence, t);
    return n;
}

/* ---- shared ---- */

/* The count is the one thing of a shared value that changes. */
static atomic_uint *users_of(const atomic_uint *users)
{
    return (atomic_uint *)(uintptr_t)users;
}

const struct lesson *lesson_ref(const struct lesson *lesson)
{
    if (lesson)
        atomic_fetch_add_explicit(users_of(&lesson->users), 1, memory_order_relaxed);
    return lesson;
}

void lesson_finish(struct lesson *lesson)
{
    if (!lesson)
        return;
    tape_finish(&lesson->tape);
    second_finish(&lesson->second);
    walk_finish(&lesson->walk);
    summaries_free(lesson->summaries);
    if (lesson->comparison)
        comparison_finish(lesson->comparison);
    free(lesson->comparison);
    for (size_t i = 0; i < lesson->n_trials; i++)
        overrides_finish(&lesson->trials[i].change);
    arena_finish(&lesson->arena);
    *lesson = (struct lesson){0};
}

const struct lesson *lesson_share(struct lesson *lesson)
{
    struct lesson *shared = malloc(sizeof *shared);
    if (!shared) {
        lesson_finish(lesson);
        return NULL;
    }
    *shared = *lesson;
    atomic_store(&shared->users, 1);
    *lesson = (struct lesson){0};
    return shared;
}

void lesson_unref(const struct lesson *lesson)
{
    if (!lesson || atomic_fetch_sub(users_of(&lesson->users), 1) > 1)
        return;
    struct lesson *own = (struct lesson *)(uintptr_t)lesson;
    lesson_finish(own);
    free(own);
}

const struct lesson_source *lesson_source_ref(const struct lesson_source *source)
{
    if (source)
        atomic_fetch_add_explicit(users_of(&source->users), 1, memory_order_relaxed);
    return source;
}

void lesson_source_unref(const struct lesson_source *source)
{
    if (!source || atomic_fetch_sub(users_of(&source->users), 1) > 1)
        return;
    struct lesson_source *own = (struct lesson_source *)(uintptr_t)source;
    str_finish(&own->given);
    str_finish(&own->name);
    str_finish(&own->folder);
    str_finish(&own->text);
    free(own);
}

bool lesson_source_same(const struct lesson_source *a, const struct lesson_source *b)
{
    return a == b || (strcmp(str_text(&a->given), str_text(&b->given)) == 0 &&
                      strcmp(str_text(&a->text), str_text(&b->text)) == 0);
}

/* ---- by name ---- */

static bool is_path(const char *name)
{
    return strchr(name, '/') || text_ends(name, ".yaml") || text_ends(name, ".yml") || strcmp(name, "-") == 0;
}

/* "lessons/one-head.yaml" -> "one-head" */
static void name_of_path(const char *path, char *ret, size_t size)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t n = strlen(base);
    n -= text_ends(base, ".yaml") ? 5 : text_ends(base, ".yml") ? 4 : 0;
    snprintf(ret, size, "%.*s", (int)(n < size ? n : size - 1), base);
}

const char *lesson_folder(const char *path, char buffer[], size_t size)
{
    const char *slash = strrchr(path, '/');
    if (slash == path)
        snprintf(buffer, size, "/");
    else
        snprintf(buffer, size, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    return buffer;
}

static struct qkv_err no_such_lesson(const char *name)
{
    return qkv_errf(QKV_ERR_IO, "no lesson and no file is called '%.80s'%s", name,
                    hint_near(name, builtin_lessons, builtin_n_lessons).text);
}

static struct qkv_err read_path(struct lesson_source *source, const char *path)
{
    char text[4096];
    struct qkv_err err = file_read(path, LESSON_BYTES_MAX, &source->text);
    if (err.code)
        return err.code == QKV_ERR_IO && !is_path(path) ? no_such_lesson(path) : err;
    name_of_path(path, text, 160);
    str_add(&source->name, text);
    str_add(&source->folder, lesson_folder(path, text, sizeof text));
    return (struct qkv_err){0};
}

struct qkv_err lesson_source_read(const char *name, const struct lesson_source **ret)
{
    char path[160];
    struct lesson_source *source = calloc(1, sizeof *source);
    struct qkv_err err = {0};
    *ret = NULL;
    if (!source)
        return qkv_nomem("a lesson");
    atomic_init(&source->users, 1);
    snprintf(path, sizeof path, "lessons/%s.yaml", name);
    source->built_in = is_path(name) ? NULL : builtin_find(path);
    str_add(&source->given, name);
    if (source->built_in)
        str_add(&source->name, name);
    else
        err = read_path(source, name);
    if (!err.code && (source->given.failed || source->name.failed || source->folder.failed || source->text.failed))
        err = qkv_nomem("a lesson");
    if (err.code)
        lesson_source_unref(source);
    else
        *ret = source;
    return err;
}
