#include "lesson/text/position.h"

#include "lesson/text/fields.h"

#include <string.h>

long axis_find(const struct axis *axis, size_t head, const char *text)
{
    const char *mark = strrchr(text, '#');
    size_t length = strlen(text);
    long nth = 1;
    if (mark && mark > text && text_is_whole(mark + 1, &nth))
        length = (size_t)(mark - text);
    for (size_t i = 0; axis->labels && i < axis->size; i++) {
        const char *label = axis_label(axis, head, i);
        if ((strncmp(label, text, length) == 0 && !label[length] && --nth == 0) || strcmp(label, text) == 0)
            return (long)i;
    }
    return -1;
}

struct qkv_err axis_locate(const struct axis *axis, size_t head, const char *what, const char *where, const char *text,
                           size_t *ret)
{
    enum { LISTED_MAX = 512 };
    const char *names[LISTED_MAX];
    size_t n = 0;
    long number = 0, at = axis_find(axis, head, text);
    const bool counted = text_is_whole(text, &number);
    if (at < 0 && counted)
        at = number - 1;
    *ret = (size_t)at;
    if (at >= 0 && (size_t)at < axis->size)
        return (struct qkv_err){0};
    const char *quote = counted ? "" : "'";
    if (counted || !axis->labels)
        return qkv_errf(QKV_ERR_DOMAIN, "there is no %s %s%.40s%s: %.60s has %ss 1 to %zu", what, quote, text, quote,
                        where, what, axis->size);
    for (; n < axis->size && n < LISTED_MAX; n++)
        names[n] = axis_label(axis, head, n);
    return qkv_errf(QKV_ERR_DOMAIN, "there is no %s '%.40s' in %.60s%s", what, text, where,
                    hint_near(text, names, n).text);
}
