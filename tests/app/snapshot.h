/* snapshot.h: what has to come back bit for bit: the state line without the screen, and every number of the tape. */
#ifndef QKV_TESTS_SNAPSHOT_H
#define QKV_TESTS_SNAPSHOT_H

#include "test_app.h"

struct snapshot {
    struct str line;
    uint64_t numbers; /* a hash of their bits */
};

static inline uint64_t numbers_of(const struct app *app)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < app->doc.lesson->tape.n; i++) {
        const struct tensor *t = &app->doc.lesson->tape.steps[i].value;
        for (size_t k = 0; k < tensor_cells(t); k++) {
            uint64_t bits;
            memcpy(&bits, &t->v[k], sizeof bits);
            hash = (hash ^ bits) * 1099511628211u;
        }
    }
    return hash;
}

static inline struct snapshot snapshot_of(const struct app *app)
{
    struct snapshot s = {.numbers = numbers_of(app)};
    OWN(request) r = {0};
    assert_ok(request_of(&r, VIEW(app), str_text(&app->doc.source->given), KEYS_DOCUMENT | KEYS_PLACE));
    request_print_line(&r, &s.line);
    return s;
}

static inline void snapshot_finish(struct snapshot *s)
{
    str_finish(&s->line);
}

static inline bool same_snapshot(const struct snapshot *a, const struct snapshot *b)
{
    return strcmp(str_text(&a->line), str_text(&b->line)) == 0 && a->numbers == b->numbers;
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
