/* fuzz_session.c: no bytes make reading a session crash or leak; what is read is written and read again to the same
 * line, and every word of it knows its place in the file. */
#include "app/session.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void require(bool fact)
{
    if (!fact)
        abort();
}

static void check(const struct session *session)
{
    const char *line = str_text(&session->line);
    struct str word = {0}, text = {0};
    struct session again = {0};
    size_t words = 0;
    while (word_next(&line, &word))
        words++;
    require(words == session->n);
    for (size_t i = 0; i < session->n; i++)
        require(session->places[i].line >= 1 && session->places[i].column >= 1);
    require(session_write(str_text(&session->line), &text).code == QKV_OK);
    require(session_is(text.v, text.n));
    require(session_read(text.v, text.n, &again, NULL).code == QKV_OK);
    require(strcmp(str_text(&again.line), str_text(&session->line)) == 0);
    session_finish(&again);
    str_finish(&word);
    str_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct session session;
    struct diagnostics diagnostics;
    session_is((const char *)bytes, n);
    struct qkv_err err = session_read((const char *)bytes, n, &session, &diagnostics);
    require((err.code != QKV_OK) == (diagnostics.n > 0));
    require(!err.code || session.line.n == 0);
    if (!err.code)
        check(&session);
    session_finish(&session);
    return 0;
}
