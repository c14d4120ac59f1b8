/* settings.h: what can be set on a mechanism: one table each, read by the loader, the command line and the controls. */
#ifndef QKV_CORE_SETTINGS_H
#define QKV_CORE_SETTINGS_H

#include "base/err.h"

#include <math.h> /* INFINITY, for a number without a limit */
#include <stdbool.h>
#include <stddef.h>

enum setting_kind {
    SETTING_WHOLE,  /* a whole number in min..max */
    SETTING_NUMBER, /* a number in min..max */
    SETTING_CHOICE, /* one of `choices` */
    SETTING_CHOICE_OR_NUMBER,
    SETTING_CHOICE_OR_WHOLE,
    SETTING_LIST /* a comma-separated list of `choices`; one that takes numbers is written "window:W", "random:R:SEED" */
};

struct setting_info {
    const char *name;
    enum setting_kind kind;
    const char *initial;        /* the default, as text */
    const char *const *choices; /* NULL-terminated */
    double min, max;            /* of the number, infinite: no limit; min_excluded: min itself is too small */
    bool min_excluded;
};

enum { SETTINGS_MAX = 24, SETTINGS_PLACES = 64, SETTING_TEXT = 96 };

/* One value: its text as given, and what it means. */
struct setting {
    char text[SETTING_TEXT];
    int choice; /* index into choices; -1: a number */
    double number;
};

/* Values for one table's rows, in its order. */
struct settings {
    const struct setting_info *info;
    size_t n;
    struct setting v[SETTINGS_MAX];
    unsigned char place[SETTINGS_PLACES]; /* by the address of a name: its row, plus 1; for lookups alone */
};

/* The numbers that a setting takes: "whole number from 1 to 64", "number above 0", "number of 0 or more". Returns the
 * buffer. */
enum { SETTING_RANGE_TEXT = 80 };
const char *setting_range_text(const struct setting_info *info, char buffer[SETTING_RANGE_TEXT]);

/* Does it take numbers outside of a list; are its numbers whole; is this number in its range? */
bool setting_takes_numbers(const struct setting_info *info);
bool setting_is_whole(const struct setting_info *info);
bool setting_allows(const struct setting_info *info, double x);

/* Every setting at its default. */
struct settings settings_default(const struct setting_info *info, size_t n);

/* Set one from text. QKV_ERR_DOMAIN: "unknown setting 'head'; did you mean 'heads'?", "unknown mask 'casual'; did you
 * mean 'causal'?", "temperature must be a number above 0, not 'hot'". On error nothing changes. */
QKV_CHECKED struct qkv_err settings_set(struct settings *s, const char *name, const char *text);

/* Look one up; the name must be in the table. */
const struct setting *settings_get(const struct settings *s, const char *name);
/* The same; NULL where the table has no such setting. */
const struct setting *settings_find(const struct settings *s, const char *name);
bool settings_is(const struct settings *s, const char *name, const char *choice);
/* Its place among the choices, -1 where it is a number; its number, 0 where it is a choice. */
int settings_choice(const struct settings *s, const char *name);
double settings_number(const struct settings *s, const char *name);

/* Does the list setting hold this choice ("causal", "window")? Its numbers come in numbers[], up to 2, when it does. */
bool settings_list_has(const struct settings *s, const char *name, const char *choice, double numbers[2]);

#endif
