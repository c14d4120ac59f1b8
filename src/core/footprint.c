#include "core/footprint.h"

#include <stdio.h>

static size_t cells_of(const size_t shape[AXES])
{
    return shape[AXIS_HEAD] * shape[AXIS_ROW] * shape[AXIS_COL];
}

void footprint_add(struct footprint *kept, const struct tape *tape)
{
    kept->bytes += tape->cells * sizeof(double);
    kept->steps += tape->n;
    for (size_t i = 0; i < tape->n; i++) {
        const struct tensor *value = &tape->steps[i].value;
        for (int a = 0; tensor_cells(value) > cells_of(kept->largest) && a < AXES; a++)
            kept->largest[a] = value->axis[a].size;
    }
}

void footprint_text(const struct footprint *kept, struct str *to)
{
    char bytes[BYTES_TEXT], n[COUNT_TEXT];
    str_addf(to, "%s: %s steps, the largest ", bytes_text(kept->bytes, bytes), count_text(kept->steps, n));
    if (kept->largest[AXIS_HEAD] > 1)
        str_addf(to, "%s heads of ", count_text(kept->largest[AXIS_HEAD], n));
    str_add(to, count_text(kept->largest[AXIS_ROW], n));
    str_addf(to, " x %s", count_text(kept->largest[AXIS_COL], n));
}

static size_t bytes_left(size_t held, const struct memory_limit *limit)
{
    return held < limit->bytes ? limit->bytes - held : 0;
}

struct qkv_err footprint_check(const struct footprint *kept, size_t held, const struct memory_limit *limit,
                               const char *advice)
{
    const size_t unit = 1000 * 1000 * 1000, there = memory_physical();
    char left[BYTES_TEXT], more[64] = "";
    struct str text = {0};
    if (kept->bytes <= bytes_left(held, limit))
        return (struct qkv_err){0};
    footprint_text(kept, &text);
    if (kept->bytes + held < there)
        snprintf(more, sizeof more, ", or set QKV_MEMORY=%zuG", (kept->bytes + held) / unit + 1);
    struct qkv_err err = qkv_errf(QKV_ERR_LIMIT, "it would keep %s; %s%s may be kept here, %s: %s%s", str_text(&text),
                                  bytes_text(bytes_left(held, limit), left), held ? " more" : "",
                                  limit->given ? "as QKV_MEMORY says" : "half of the memory", advice, more);
    str_finish(&text);
    return err;
}

size_t footprint_cells_left(const struct footprint *kept, size_t held, const struct memory_limit *limit)
{
    size_t left = bytes_left(held, limit) / sizeof(double), taken = kept->bytes / sizeof(double);
    return left > taken ? left - taken : 1;
}
