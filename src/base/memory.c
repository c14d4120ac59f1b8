#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static size_t fewer(size_t a, size_t b)
{
    return a == 0 || (b > 0 && b < a) ? b : a;
}

/* What the system's files say that this process's group may have; 0: nothing. */
static size_t group_limit(const char *path)
{
    unsigned long long bytes = 0;
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    if (fscanf(file, "%llu", &bytes) != 1) /* "max" */
        bytes = 0;
    fclose(file);
    return bytes < SIZE_MAX / 2 ? (size_t)bytes : 0;
}

size_t memory_physical(void)
{
    size_t bytes = 0;
    struct rlimit space;
#if defined(_SC_PHYS_PAGES) && defined(_SC_PAGESIZE)
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page > 0)
        bytes = (size_t)pages * (size_t)page;
#endif
    bytes = fewer(bytes, group_limit("/sys/fs/cgroup/memory.max"));
    bytes = fewer(bytes, group_limit("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
        bytes = fewer(bytes, (size_t)space.rlim_cur);
    return bytes;
}

struct qkv_err memory_limit(struct memory_limit *ret)
{
    const size_t unknown = (size_t)1 << 32;
    const char *given = getenv("QKV_MEMORY");
    size_t there = memory_physical();
    *ret = (struct memory_limit){.bytes = (there ? there : unknown) / MEMORY_SHARE};
    if (!given || !given[0])
        return (struct qkv_err){0};
    if (!bytes_read(given, &ret->bytes))
        return qkv_errf(QKV_ERR_DOMAIN, "QKV_MEMORY: '%.40s' is no size; wanted one such as 4G or 500M", given);
    ret->given = true;
    return (struct qkv_err){0};
}

bool bytes_read(const char *text, size_t *ret)
{
    static const char units[] = "kMGT";
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    double n = strtod(text, &end);
    const char *unit = *end ? strchr(units, *end == 'K' ? 'k' : *end) : NULL;
    for (const char *u = units; unit && u <= unit; u++)
        n *= 1000;
    end += unit != NULL;
    end += *end == 'B';
    if (*end || !(n >= 1) || n >= (double)(SIZE_MAX / 2))
        return false;
    *ret = (size_t)n;
    return true;
}

const char *bytes_text(size_t bytes, char buffer[BYTES_TEXT])
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    double n = (double)bytes;
    int unit = 0;
    for (; n >= 999.5 && unit < 4; unit++)
        n /= 1000;
    snprintf(buffer, BYTES_TEXT, n < 9.95 && unit > 0 ? "%.1f %s" : "%.0f %s", n, units[unit]);
    return buffer;
}

const char *count_text(size_t n, char buffer[COUNT_TEXT])
{
    char digits[COUNT_TEXT];
    int length = snprintf(digits, sizeof digits, "%zu", n), to = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            buffer[to++] = ',';
        buffer[to++] = digits[i];
    }
    buffer[to] = '\0';
    return buffer;
}
