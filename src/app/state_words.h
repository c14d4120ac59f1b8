/* state_words.h: the words of a state line, for state.c, which reads and writes whole lines. A word at its usual value is not
 * written. */
#ifndef QKV_APP_STATE_WORDS_H
#define QKV_APP_STATE_WORDS_H

#include "app/app.h"

#include <string.h>

#include <string.h>

/* The line while it is read: nothing of the app changes before all of it is understood. */
struct reading {
    struct view_state state;
    struct view view; /* with that state */
    const struct walk *walk;
    const struct overrides *overrides;
    size_t at, filled, stop;
    bool filled_given;
    const struct lesson *baseline;
    struct comparison against; /* made when it is asked for */
    struct qkv_err err;        /* what is no mistake of the line: no memory */
    size_t word;               /* of the line, from 0: that an error is about */
};

struct state_word {
    const char *name;
    bool (*read)(struct reading *r, const char *text);
    const char *wanted, *meaning; /* what can stand there, what it is */
};

/* In the order in which they are explained; each closed by a NULL name. */
extern const struct state_word place_words[]; /* state_place.c: where in the walk */
extern const struct state_word page_words[];  /* state_pages.c: what else is on the page, and the screen */

void place_print(const struct app *app, struct str *to);
void pages_print(const struct app *app, struct str *to);
void screen_print(const struct app *app, struct str *to);

/* ---- what words have in common ---- */

static inline bool read_number(const char *text, size_t *ret)
{
    size_t n = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9' && n <= 100000000; p++)
        n = n * 10 + (size_t)(*p - '0');
    if (p == text || *p || n > 1000000000)
        return false;
    *ret = n;
    return true;
}

static inline bool read_name(const char *text, const char *const *names, int *ret)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(text, names[i]) == 0) {
            *ret = i;
            return true;
        }
    return false;
}

static inline bool read_flag(const char *text, bool *ret)
{
    *ret = strcmp(text, "yes") == 0;
    return *ret || strcmp(text, "no") == 0;
}

#endif
