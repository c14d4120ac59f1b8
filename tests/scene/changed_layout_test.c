/* Pages of lessons that a person changed, and of everything that can be opened over them: nothing overlaps, nothing
 * leaves, all can be read. A state line a row; each is laid out at every step of its walk, on screens that take
 * turns. */
#include "support/check.h"

#include "app/app.h"
#include "page_check.h"

static const struct screen {
    float width, height, density;
    int scale, theme;
} screens[] = {
    {1280, 800, 1, 100, THEME_LIGHT}, {640, 480, 1, 100, THEME_DARK},  {1920, 1080, 1, 100, THEME_DARK},
    {768, 1024, 1, 100, THEME_LIGHT}, {1280, 800, 1, 150, THEME_DARK}, {3840, 2160, 2, 100, THEME_LIGHT},
    {1024, 600, 1, 100, THEME_LIGHT},
};
enum { SCREENS = sizeof screens / sizeof screens[0] };

/* `key`: pressed at every step, before the page is looked at; NULL: none. */
static const struct {
    const char *name, *line, *key;
} changes[] = {
    {"a weight", "lesson=one-head edit=W_Q,1,4,2:-3.125", NULL},
    {"a weight, and what was", "lesson=one-head compare=before edit=W_Q,1,4,2:-3.125", NULL},
    {"a pinned cell of a changed lesson", "lesson=several-heads edit=X,1,2,1:12345.678,0.001 edit=W_V,1,1,1:1e-7",
     "Return"},
    {"a number far too large", "lesson=one-head edit=X,1,2,1:1e300", NULL},
    {"a setting and a sentence", "lesson=causal-mask sentence=\"it was the dog\" set=scale=none", NULL},
    {"another shape", "lesson=several-heads set=router=false edit=mask,1,3,1:0", NULL},
    {"a field where the number stands", "lesson=one-head edit=W_Q,1,4,2:7", "F2"},
    {"a sentence while it is typed", "lesson=one-head edit=W_Q,1,4,2:7", "e"},
    {"random weights", "lesson=linear-attention weights=\"{source: random, seed: 3}\" edit=X,1,1,1:9", NULL},
    {"patches of a picture", "lesson=image-patches edit=X,1,1,1:2", NULL},
};

static void press(struct app *app, const char *key)
{
    bool named = strlen(key) > 1;
    app_update(app, (struct action){.kind = named ? ACTION_KEY : ACTION_TEXT, .text = key});
}

/* The cell an edit would be made in: of an operand that is an input, else of the step itself. */
static void point_somewhere(struct app *app)
{
    const struct view *v = VIEW(app);
    const struct tape *tape = view_tape(v);
    const struct step_spec *spec = &tape->steps[view_step(v)].spec;
    int step = view_step(v);
    for (int i = 0; i < op_table[spec->op]->n_inputs; i++)
        if (tape->steps[spec->in[i]].spec.op == OP_INPUT)
            step = spec->in[i];
    app->state.cursor = (struct cursor){.on = true, .step = step};
}

TEST_ROWS(pages_of_changed_lessons_can_be_read, changes, c)
{
    OWN(app) app;
    assert_ok(app_init(&app, NULL, NULL, fonts_measure(page_run.fonts)));
    assert_ok(state_apply(&app, c->line));
    for (size_t at = 0; at < app.doc.lesson->walk.n; at++) {
        const struct screen *s = &screens[((size_t)(c - changes) + at) % SCREENS];
        enum compare compare = app.state.compare;
        app_go(&app, walk_whole(&app.doc.lesson->walk, at));
        app.width = s->width, app.height = s->height;
        app.density = s->density, app.state.scale = s->scale, app.state.theme = s->theme;
        app.state.compare = compare;
        if (c->key) {
            point_somewhere(&app);
            press(&app, c->key);
        }
        page_run_check(VIEW(&app), c->name);
        app.animation.flash = 0.5f;
        page_run_check(VIEW(&app), c->name);
        app.animation.flash = 0;
        press(&app, "Escape");
    }
    page_run_passes();
}

TEST_GROUP(page_run_begin, page_run_end)
