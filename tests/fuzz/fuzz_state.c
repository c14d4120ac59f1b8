/* fuzz_state.c: no bytes as a state line make the app crash or leak; a line that is refused changes nothing, and one
 * that is taken comes back as it is printed. */
#include "fuzz/fuzz.h"

#include "app/app.h"
#include "support/fake_measure.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char start[] = "lesson=several-heads at=weights head=2 theme=dark";
    OWN(app) app = {0};
    OWN(str) line = {0}, before = {0}, after = {0};
    str_addn(&line, (const char *)bytes, n);
    /* Files of the machine are no part of this. */
    if (memchr(str_text(&line), '/', line.n) || strstr(str_text(&line), ".y"))
        return 0;
    require(app_init(&app, NULL, NULL, fake_measure).code == QKV_OK);
    require(state_apply(&app, start).code == QKV_OK);
    state_print(&app, &before);
    bool refused = state_apply(&app, str_text(&line)).code != QKV_OK;
    state_print(&app, &after);
    require(!refused || strcmp(str_text(&before), str_text(&after)) == 0);
    str_clear(&before);
    require(state_apply(&app, str_text(&after)).code == QKV_OK);
    state_print(&app, &before);
    require(strcmp(str_text(&before), str_text(&after)) == 0);
    return 0;
}
