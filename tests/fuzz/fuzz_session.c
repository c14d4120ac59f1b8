/* fuzz_session.c: no bytes make reading a session or a state line crash or leak; what is read is printed in both
 * notations and read again to the same, and every key knows its place in the file. */
#include "fuzz/fuzz.h"

#include "app/keys.h"

/* The same keys with the same values. */
static void require_same(const struct request *a, const struct request *b)
{
    require(a->n == b->n);
    for (size_t i = 0; i < a->n; i++)
        require(a->v[i].key == b->v[i].key && strcmp(a->v[i].text, b->v[i].text) == 0);
}

static void check(struct request *r)
{
    OWN(str) session = {0}, line = {0};
    OWN(request) from_session = {0}, from_line = {0};
    struct overrides e = {0};
    request_print_line(r, &line);
    require(request_read_line(&from_line, str_text(&line)).code == QKV_OK);
    request_sort(&from_line);
    require_same(r, &from_line);
    /* A session has a lesson, no empty text, and is UTF-8. */
    bool whole = request_lesson(r) != NULL;
    for (size_t i = 0; i < r->n; i++)
        whole = whole && r->v[i].text[0];
    if (whole && session_print(r, &session).code == QKV_OK) {
        require(session_is(session.v, session.n));
        struct qkv_err err = session_read(session.v, session.n, &from_session, NULL);
        require(err.code == QKV_OK || err.code == QKV_ERR_LIMIT);
        request_sort(&from_session);
        if (!err.code)
            require_same(r, &from_session);
    }
    if (request_overrides(r, &e).code)
        overrides_finish(&e);
    overrides_finish(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct request r = {0};
    struct diagnostics diagnostics;
    session_is((const char *)bytes, n);
    struct qkv_err err = session_read((const char *)bytes, n, &r, &diagnostics);
    require((err.code != QKV_OK) == (diagnostics.n > 0));
    for (size_t i = 0; i < r.n; i++)
        require(r.v[i].line >= 1 && r.v[i].column >= 1);
    if (!err.code)
        check(&r);
    request_finish(&r);
    OWN(str) line = {0};
    str_addn(&line, (const char *)bytes, n);
    if (!request_read_line(&r, str_text(&line)).code)
        check(&r);
    request_finish(&r);
    return 0;
}
