#include "lesson/inputs/shape.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Defaults are small enough to read and large enough to be no special case. `like`: the size of another, where that is
 * known. In the order in which defaults follow from each other. */
static const struct {
    const char *name;
    size_t n;
    enum size_id like;
    bool given; /* by the words and the settings */
} rows[] = {
    [SIZE_N] = {"n", 4, SIZE_NONE, true},
    [SIZE_T] = {"T", 4, SIZE_NONE, true},
    [SIZE_M] = {"m", 4, SIZE_NONE, true},
    [SIZE_HEADS] = {"heads", 4, SIZE_NONE, true},
    [SIZE_KV_HEADS] = {"kv_heads", 4, SIZE_NONE, true},
    [SIZE_D_MODEL] = {"d_model", 8, SIZE_NONE, false},
    [SIZE_D_MEMORY] = {"d_memory", 8, SIZE_D_MODEL, false},
    [SIZE_D_K] = {"d_k", 4, SIZE_NONE, false},
    [SIZE_D_V] = {"d_v", 4, SIZE_D_K, false},
    [SIZE_D_OUT] = {"d_out", 8, SIZE_D_MODEL, false},
    [SIZE_D_X] = {"d_x", 8, SIZE_D_MODEL, false},
    [SIZE_D_Y] = {"d_y", 8, SIZE_D_X, false},
    [SIZE_D_Q] = {"d_q", 8, SIZE_D_MODEL, false},
    [SIZE_D_H] = {"d_h", 4, SIZE_NONE, false},
    [SIZE_D_A] = {"d_a", 4, SIZE_NONE, false},
    [SIZE_D_FF] = {"d_ff", 16, SIZE_NONE, false},
    [SIZE_FEATURES] = {"features", 8, SIZE_NONE, false},
    [SIZE_R] = {"R", 2, SIZE_NONE, false},
    [SIZE_K] = {"k", 2, SIZE_NONE, false},
    [SIZE_E] = {"e", 4, SIZE_NONE, false},
    [SIZE_S] = {"s", 4, SIZE_NONE, false},
    [SIZE_A] = {"a", 4, SIZE_NONE, false},
    [SIZE_C] = {"c", 2, SIZE_NONE, false},
    [SIZE_WINDOW] = {"width", 3, SIZE_NONE, false},
};
_Static_assert(sizeof rows / sizeof rows[0] == SIZE_COUNT, "a size has no row");

static enum size_id find(const char *name, size_t n)
{
    enum size_id id = 0;
    while (id < SIZE_COUNT && (strncmp(rows[id].name, name, n) != 0 || rows[id].name[n] != '\0'))
        id++;
    return id;
}

enum size_id size_find(const char *name)
{
    return find(name, strlen(name));
}

const char *size_name(enum size_id id)
{
    return rows[id].name;
}

bool size_is_given(enum size_id id)
{
    return rows[id].given;
}

bool size_is_open(enum size_id id)
{
    return id != SIZE_NONE && !rows[id].given && id != SIZE_FEATURES;
}

/* ---- reading ---- */

static void skip_blanks(const char **at)
{
    *at += strspn(*at, " ");
}

static unsigned short take_number(const char **at, unsigned short otherwise)
{
    char *end;
    unsigned long n = strtoul(*at, &end, 10);
    bool there = end > *at && isdigit((unsigned char)**at);
    *at = there ? end : *at;
    return there ? (unsigned short)n : otherwise;
}

static unsigned char take_name(const char **at)
{
    size_t n = 0;
    while (isalnum((unsigned char)(*at)[n]) || (*at)[n] == '_')
        n++;
    unsigned char id = (unsigned char)(n ? find(*at, n) : SIZE_NONE);
    *at += n;
    return id;
}

/* [NUMBER] NAME [*NAME] [+NUMBER], up to a comma or the closing bracket. */
static bool read_dim(const char **at, struct dim *ret)
{
    skip_blanks(at);
    *ret = (struct dim){.factor = take_number(at, 1), .b = SIZE_NONE};
    skip_blanks(at);
    ret->a = take_name(at);
    if (**at == '*') {
        ++*at;
        if ((ret->b = take_name(at)) == SIZE_NONE)
            return false;
    }
    if (**at == '+') {
        ++*at;
        ret->constant = take_number(at, 0);
    }
    skip_blanks(at);
    return ret->factor && ret->a != SIZE_NONE && (**at == ',' || **at == ']');
}

bool shape_read(const char *text, struct shape ret[SHAPE_ALTERNATIVES])
{
    memset(ret, 0, SHAPE_ALTERNATIVES * sizeof *ret);
    for (int i = 0; i < SHAPE_ALTERNATIVES && (text = strchr(text, '[')); i++)
        do {
            text++;
            if (ret[i].depth == AXES || !read_dim(&text, &ret[i].dim[ret[i].depth++])) {
                ret[i].depth = 0;
                return false;
            }
        } while (*text == ',');
    return ret[0].depth > 0;
}

const char *dim_text(struct dim dim, char buffer[DIM_TEXT])
{
    char factor[8] = "", constant[8] = "";
    if (dim.factor != 1)
        snprintf(factor, sizeof factor, dim.constant ? "%u" : "%u ", dim.factor);
    if (dim.constant)
        snprintf(constant, sizeof constant, "+%u", dim.constant);
    snprintf(buffer, DIM_TEXT, "%s%s%s%s%s", factor, rows[dim.a].name, dim.b == SIZE_NONE ? "" : "*",
             dim.b == SIZE_NONE ? "" : rows[dim.b].name, constant);
    return buffer;
}

bool dim_is(struct dim dim, enum size_id id)
{
    return dim.a == id && dim.b == SIZE_NONE && dim.factor == 1 && dim.constant == 0;
}

/* ---- sizes ---- */

void sizes_use(struct sizes *sizes, const struct shape *shape)
{
    for (int i = 0; i < shape->depth; i++) {
        sizes->v[shape->dim[i].a].used = true;
        if (shape->dim[i].b != SIZE_NONE)
            sizes->v[shape->dim[i].b].used = true;
    }
}

static size_t known(const struct sizes *sizes, unsigned char id)
{
    return id == SIZE_NONE ? 1 : sizes->v[id].n;
}

bool sizes_value(const struct sizes *sizes, struct dim dim, size_t *ret)
{
    size_t a = known(sizes, dim.a), b = known(sizes, dim.b), n = dim.factor;
    const size_t most = TENSOR_SIDE_MAX + 1;
    n = a > most / n ? most : n * a;
    n = n && b > most / n ? most : n * b;
    *ret = n > most - dim.constant ? most : n + dim.constant;
    return a && b;
}

void sizes_learn(struct sizes *sizes, struct dim dim, size_t n)
{
    size_t a = known(sizes, dim.a), b = known(sizes, dim.b), each = dim.factor * (a ? a : b ? b : 1);
    if ((a && b) || n <= dim.constant || (n - dim.constant) % each != 0)
        return;
    sizes->v[a ? dim.b : dim.a].n = (n - dim.constant) / each;
}

void sizes_default(struct sizes *sizes)
{
    for (enum size_id id = 0; id < SIZE_COUNT; id++) {
        const size_t like = rows[id].like == SIZE_NONE ? 0 : sizes->v[rows[id].like].n;
        if (sizes->v[id].used && !sizes->v[id].n)
            sizes->v[id].n = like ? like : rows[id].n;
    }
}
