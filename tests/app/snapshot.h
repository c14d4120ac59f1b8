/* snapshot.h: what has to come back bit for bit: the state line without the screen, and every number of the tape. */
#ifndef QKV_TESTS_SNAPSHOT_H
#define QKV_TESTS_SNAPSHOT_H

#include "test_app.h"

#include <stdlib.h>
#include <string.h>

struct snapshot {
    struct str line;
    double *numbers;
    size_t n;
};

static inline struct snapshot snapshot_of(const struct app *app)
{
    struct snapshot s = {0};
    OWN(request) r = {0};
    assert_ok(request_of(&r, VIEW(app), str_text(&app->doc.source->given), KEYS_DOCUMENT | KEYS_PLACE));
    request_print_line(&r, &s.line);
    for (size_t i = 0; i < app->doc.lesson->tape.n; i++)
        s.n += tensor_cells(&app->doc.lesson->tape.steps[i].value);
    s.numbers = malloc(s.n * sizeof *s.numbers);
    assert_non_null(s.numbers);
    for (size_t i = 0, at = 0; i < app->doc.lesson->tape.n; i++) {
        size_t n = tensor_cells(&app->doc.lesson->tape.steps[i].value);
        memcpy(s.numbers + at, app->doc.lesson->tape.steps[i].value.v, n * sizeof *s.numbers);
        at += n;
    }
    return s;
}

static inline void snapshot_finish(struct snapshot *s)
{
    str_finish(&s->line);
    free(s->numbers);
}

static inline bool same_snapshot(const struct snapshot *a, const struct snapshot *b)
{
    return strcmp(str_text(&a->line), str_text(&b->line)) == 0 && a->n == b->n &&
           memcmp(a->numbers, b->numbers, a->n * sizeof *a->numbers) == 0;
}

/* The same, saying which lines differ. */
static inline void assert_same_snapshot(const struct snapshot *a, const struct snapshot *b)
{
    assert_string_equal(str_text(&a->line), str_text(&b->line));
    assert_true(same_snapshot(a, b));
}

/* The app is as it was then. */
static inline void assert_as_in(const struct app *app, const struct snapshot *then)
{
    OWN(snapshot) now = snapshot_of(app);
    assert_same_snapshot(&now, then);
}

#endif
