/* Comparisons: where a stop opens one, what the badge says, and that neither gives a mistake away. */
#include "test_app.h"

#include <stdio.h>

static struct display_list list;

static void build(struct app *app)
{
    scene_build(VIEW(app), &app->measure, &list);
}

/* All of a part's texts. */
static void texts_of(const char *part, struct str *to)
{
    for (size_t i = 0; page_part_text(&list, part, i); i++)
        str_addf(to, "%s\n", page_part_text(&list, part, i));
}

TEST(a_stop_that_speaks_of_a_comparison_opens_it)
{
    OWN(app) app = app_at("linear-attention", NULL);
    assert_ok(state_apply(&app, "lesson=linear-attention at=heads"));
    assert_false(view_comparing(VIEW(&app)));
    assert_ok(state_apply(&app, "lesson=linear-attention at=heads stop=2"));
    assert_true(view_comparing(VIEW(&app)));
    assert_int_equal(view_compare(VIEW(&app)), COMPARE_SECOND);
    /* while the matrix fills, the step is its own */
    assert_ok(state_apply(&app, "lesson=linear-attention at=heads filled=3"));
    assert_false(view_comparing(VIEW(&app)));
}

TEST(it_can_be_closed_and_the_next_stop_opens_its_own)
{
    OWN(app) app = app_at("linear-attention", NULL);
    assert_ok(state_apply(&app, "lesson=linear-attention at=heads stop=2"));
    press(&app, "c");
    assert_false(view_comparing(VIEW(&app)));
    OWN(str) closed = line_of(&app);
    assert_non_null(strstr(str_text(&closed), "compare=no"));
    press(&app, "c");
    assert_true(view_comparing(VIEW(&app)));
    press(&app, "c");
    give(&app, CMD_FORWARD, 0);
    assert_true(view_comparing(VIEW(&app)));
    OWN(str) opened = line_of(&app);
    assert_null(strstr(str_text(&opened), "compare="));
}

/* The badge of a lesson with a mistake would say where it is. */
TEST(no_badge_tells_a_mistake_before_it_is_named)
{
    for (size_t i = 0; builtin_lessons[i]; i++) {
        if (strncmp(builtin_lessons[i], "mistake-", 8) != 0)
            continue;
        OWN(app) app = app_at(builtin_lessons[i], NULL);
        size_t told = walk_mistake_told(app.doc.lesson), after = 0;
        assert_true(told > 0);
        for (size_t at = 0; at < app.doc.lesson->walk.n; at++) {
            app_go(&app, walk_whole(&app.doc.lesson->walk, at));
            build(&app);
            bool badge = page_part_count(&list, "badge") > 0;
            assert_false(badge && app.state.position < told);
            after += badge;
        }
        app_go(&app, told);
        build(&app);
        assert_true(page_part_count(&list, "badge") + after > 0);
    }
}

static const struct badge {
    const char *name;           /* where */
    const char *against, *says; /* NULL: there is none */
} badges[] = {
    {"lesson=linear-attention at=X", NULL, NULL},
    {"lesson=linear-attention at=V", NULL, NULL},
    {"lesson=linear-attention at=KV", NULL, NULL}, /* the other side has no such step */
    {"lesson=linear-attention at=heads", "against softmax attention, at this step",
     "≠ largest difference 0.58 at it, noun"},
    {"lesson=tiles at=Q", NULL, NULL}, /* computed alike up to here */
    {"lesson=query-chunks at=concat", "against full attention, at this step", "= every number is the same"},
    {"lesson=tiles at=concat", "against full attention, at this step", "= the same up to rounding"},
    {"lesson=head-router at=heads", "against all heads on, at this step",
     "≠ largest difference 0.48 at head 1, dog, noun"},
    {"lesson=big-bird at=row_sums", "against full attention, at this step", "≠ largest difference 4.00 at was"},
    {"lesson=local-window at=weights", "against no window, at this step",
     "≠ largest difference 0.81 at head 1, it, cat"},
    {"lesson=linear-attention at=heads tokens=columns", "against softmax attention, at this step",
     "≠ largest difference 0.58 at noun, it"},
};

TEST_ROWS(the_badge_says_what_it_compares, badges, c)
{
    OWN(app) app = app_at("one-head", NULL);
    assert_ok(state_apply(&app, c->name));
    build(&app);
    OWN(str) says = {0};
    texts_of("badge.label", &says);
    if (!c->against) {
        assert_int_equal(says.n, 0);
        return;
    }
    assert_non_null(strstr(str_text(&says), c->against));
    assert_non_null(strstr(str_text(&says), c->says));
    assert_null(strstr(str_text(&says), "later"));
}

TEST(an_open_comparison_says_what_both_sides_cost_with_n)
{
    OWN(app) app = app_at("one-head", NULL);
    assert_ok(state_apply(&app, "lesson=linear-attention at=concat"));
    build(&app);
    OWN(str) costs = {0}, plain = {0};
    texts_of("costs", &costs);
    for (const char *at = str_text(&costs); *at; at++)
        if (*at != '\n' && *at != ' ')
            str_addn(&plain, at, 1);
    assert_non_null(strstr(str_text(&plain), "operations1828=264n-20here"));
    assert_non_null(strstr(str_text(&plain), "n=72247=21n2+174nsoftmaxattention"));
    assert_non_null(strstr(str_text(&plain), "bytesheld896=128nhere"));
}

/* "Full attention stands beside it": then it does. */
TEST(what_words_say_to_stand_beside_it_stands_there)
{
    static const char *const says[] = {"stands beside it", "stand beside it", "beside them",
                                       ", beside it",      "on beside it",    "Beside it"};
    size_t spoken = 0;
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(app) app = app_at(builtin_lessons[i], NULL);
        const struct lesson *lesson = app.doc.lesson;
        for (size_t k = 0; lesson->second.on && k < lesson->n_stops; k++)
            for (size_t s = 0; s < sizeof says / sizeof says[0]; s++) {
                const struct stop *stop = &lesson->stops[k];
                if (!strstr(stop->say[0], says[s]))
                    continue;
                spoken++;
                if (stop->compare == COMPARE_BY_STOP)
                    fail_msg("%s, line %d: nothing is opened beside: %s", builtin_lessons[i], stop->line, stop->say[0]);
            }
    }
    assert_true(spoken > 5);
}
