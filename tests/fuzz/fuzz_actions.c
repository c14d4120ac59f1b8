/* fuzz_actions.c: no sequence of actions makes the app crash, leak or draw a page that is not whole. Four bytes are an
 * action: its kind (above 127: with shift), a command or a key, and two for an argument or a place. */
#include "fuzz/fuzz.h"

#include "app/app.h"
#include "support/fake_measure.h"
#include "support/page.h"

enum { ACTIONS_MOST = 200 };

static struct action action_of(const uint8_t b[4])
{
    static const char *const texts[] = {"Right", "Left",  "Up",     "Down", "Home", "End", "Return", "Escape",
                                        "Tab",   "Space", "Delete", "F2",   "F6",   "e",   "k",      "1",
                                        "-",     ".",     "a",      "z",    "\xFF", "猫",  "",       "the cat"};
    enum { TEXTS = sizeof texts / sizeof texts[0] };
    bool smaller = b[0] % 16 > ACTION_RESIZE;
    return (struct action){.kind = smaller ? ACTION_COMMAND : (enum action_kind)(b[0] % 16),
                           .command = b[1] % CMD_COUNT,
                           .argument = (int)b[2] - (b[3] & 1 ? 128 : 0),
                           .text = texts[b[1] % TEXTS],
                           .shift = b[0] & 128,
                           .ctrl = b[0] & 64,
                           .x = 8.0f * (float)b[2],
                           .y = 5.0f * (float)b[3]};
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    OWN(app) app;
    PAGE scratch = {0};
    require(app_init(&app, NULL, NULL, fake_measure).code == QKV_OK);
    for (size_t i = 0; i + 4 <= n && i < 4 * ACTIONS_MOST; i += 4) {
        struct action action = action_of(bytes + i);
        app_update(&app, action);
        app_tick(&app, 0.1 * (double)i);
        const struct display_list *page = app_draw(&app, &scratch);
        require(page && !page->failed);
    }
    return 0;
}
