#include "lesson/shape.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- texts ---- */

/* Cut "n, d_model" at its commas, without the space around. False: more parts than axes, or one that is too long. */
static bool cut(const char *text, size_t n, struct shape *ret)
{
    *ret = (struct shape){0};
    size_t start = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && text[i] != ',')
            continue;
        size_t from = start, to = i;
        while (from < to && text[from] == ' ')
            from++;
        while (to > from && text[to - 1] == ' ')
            to--;
        if (ret->depth == AXES || to == from || to - from >= DIM_TEXT)
            return false;
        snprintf(ret->dim[ret->depth++], DIM_TEXT, "%.*s", (int)(to - from), text + from);
        start = i + 1;
    }
    return true;
}

bool shape_read(const char *text, int depth, struct shape *ret)
{
    for (const char *open; (open = strchr(text, '[')); text = open + 1) {
        const char *close = strchr(open, ']');
        if (!close)
            return false;
        if (cut(open + 1, (size_t)(close - open) - 1, ret) && (depth == 0 || ret->depth == depth))
            return true;
    }
    return false;
}

/* ---- names and sizes ---- */

struct size *sizes_find(const struct sizes *sizes, const char *name)
{
    for (size_t i = 0; i < sizes->n; i++)
        if (strcmp(sizes->v[i].name, name) == 0)
            return (struct size *)&sizes->v[i];
    return NULL;
}

struct size *sizes_add(struct sizes *sizes, const char *name)
{
    struct size *size = sizes_find(sizes, name);
    if (size || sizes->n == SIZES_MAX || strlen(name) >= SIZE_NAME)
        return size;
    size = &sizes->v[sizes->n++];
    *size = (struct size){0};
    snprintf(size->name, SIZE_NAME, "%s", name);
    return size;
}

/* The next name in a dimension's text, from *at on; "" at its end. */
static void next_name(const char **at, char ret[SIZE_NAME])
{
    size_t n = 0;
    while (**at && !isalpha((unsigned char)**at))
        (*at)++;
    for (; isalnum((unsigned char)**at) || **at == '_'; (*at)++)
        if (n + 1 < SIZE_NAME)
            ret[n++] = **at;
    ret[n] = '\0';
}

void sizes_names(struct sizes *sizes, const struct mechanism *m)
{
    for (size_t i = 0; i < m->n_inputs; i++)
        for (int depth = 1; depth <= AXES; depth++) {
            struct shape shape;
            if (!shape_read(m->inputs[i].shape, depth, &shape))
                continue;
            for (int d = 0; d < depth; d++) {
                char name[SIZE_NAME];
                const char *at = shape.dim[d];
                for (next_name(&at, name); name[0]; next_name(&at, name))
                    sizes_add(sizes, name);
            }
        }
}

static size_t capped(size_t n)
{
    return n > TENSOR_SIDE_MAX ? TENSOR_SIDE_MAX + 1 : n;
}

/* Sums of products; a missing name counts as `unknown`, and *ret_missing names the first. */
static size_t evaluate(const struct sizes *sizes, const char *dim, size_t unknown, char ret_missing[SIZE_NAME])
{
    size_t sum = 0, product = 1;
    ret_missing[0] = '\0';
    for (const char *at = dim; *at;) {
        if (isdigit((unsigned char)*at)) {
            size_t number = 0;
            for (; isdigit((unsigned char)*at); at++)
                number = capped(number * 10 + (size_t)(*at - '0'));
            product = capped(product * number);
        } else if (isalpha((unsigned char)*at)) {
            char name[SIZE_NAME];
            next_name(&at, name);
            const struct size *size = sizes_find(sizes, name);
            bool known = size && size->n;
            if (!known && !ret_missing[0])
                snprintf(ret_missing, SIZE_NAME, "%s", name);
            product = capped(product * (known ? size->n : unknown));
        } else {
            if (*at == '+') {
                sum = capped(sum + product);
                product = 1;
            }
            at++;
        }
    }
    return capped(sum + product);
}

bool sizes_value(const struct sizes *sizes, const char *dim, size_t *ret)
{
    char missing[SIZE_NAME];
    *ret = evaluate(sizes, dim, 1, missing);
    return !missing[0];
}

void sizes_learn(struct sizes *sizes, const char *dim, size_t n)
{
    char missing[SIZE_NAME];
    /* What is written is at most linear in one name, so its values at 0 and 1 tell everything. */
    size_t at_0 = evaluate(sizes, dim, 0, missing), at_1 = evaluate(sizes, dim, 1, missing);
    if (!missing[0] || at_1 <= at_0 || n <= at_0 || (n - at_0) % (at_1 - at_0) != 0)
        return;
    struct size *size = sizes_add(sizes, missing);
    if (size)
        size->n = (n - at_0) / (at_1 - at_0);
}

/* Small enough to read, large enough to be no special case. A name here takes the size of another. */
static const struct {
    const char *name, *like;
    size_t n;
} defaults[] = {
    {"d_model", NULL, 8},    {"d_k", NULL, 4},      {"d_v", "d_k", 4}, {"d_memory", "d_model", 8},
    {"d_out", "d_model", 8}, {"d_x", "d_model", 8}, {"d_y", "d_x", 8}, {"d_q", "d_model", 8},
    {"d_ff", NULL, 16},      {"R", NULL, 2},        {"k", NULL, 2},    {"width", NULL, 3},
    {"features", NULL, 8},   {"c", NULL, 2},
};

void sizes_default(struct sizes *sizes)
{
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        struct size *size = sizes_find(sizes, defaults[i].name);
        const struct size *like = defaults[i].like ? sizes_find(sizes, defaults[i].like) : NULL;
        if (size && !size->n)
            size->n = like && like->n ? like->n : defaults[i].n;
    }
    for (size_t i = 0; i < sizes->n; i++)
        if (!sizes->v[i].n)
            sizes->v[i].n = 4;
}
