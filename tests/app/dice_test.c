/* The figure of draws in the window: each dot stands where its number is, a click draws it, and a key throws again. */
#include "test_app.h"

#include "lesson/analysis/draws.h"

#include <string.h>

static void draw(struct app *app)
{
    static struct display_list scratch; /* never filled: there is no transition */
    app->animation.transition.on = false;
    assert_non_null(app_draw(app, &scratch));
}

static struct app at_line(const char *line)
{
    struct app app = app_at("random-features", line);
    draw(&app);
    return app;
}

static const struct draws *draws_here(const struct app *app)
{
    const struct stop *stop = view_stop(VIEW(app));
    assert_non_null(stop->draws);
    return stop->draws;
}

/* The i-th dot, size by size. */
static const struct item *dot(const struct app *app, size_t i)
{
    for (size_t k = 0; k < app->page.n; k++) {
        const struct item *item = &app->page.items[k];
        bool is = strcmp(item->part, "draws.dot") == 0 || strcmp(item->part, "draws.now") == 0;
        if (is && i-- == 0)
            return item;
    }
    fail_msg("there is no such dot");
    return NULL;
}

static float middle(const struct item *item)
{
    return item->box.x + item->box.w / 2;
}

/* Two dots say where all others are: by their numbers, or by the logarithms of these. */
static void check_places(const struct app *app, double (*of)(double))
{
    const struct draws *d = draws_here(app);
    size_t low = 0, high = 0;
    for (size_t i = 0; i < d->n_values * d->n_seeds; i++) {
        low = d->v[i] < d->v[low] ? i : low;
        high = d->v[i] > d->v[high] ? i : high;
    }
    const double x0 = middle(dot(app, low)), x1 = middle(dot(app, high)), v0 = of(d->v[low]), v1 = of(d->v[high]);
    assert_true(x1 > x0 + 200);
    for (size_t i = 0; i < d->n_values * d->n_seeds; i++) {
        double place = x0 + (x1 - x0) * (of(d->v[i]) - v0) / (v1 - v0);
        assert_close(middle(dot(app, i)), place, 0.6);
    }
}

static double itself(double x)
{
    return x;
}

TEST(each_dot_stands_where_its_number_is)
{
    OWN(app) shares = at_line("at=heads stop=2");
    check_places(&shares, itself);
    OWN(app) sums = at_line("at=numerators stop=2");
    check_places(&sums, log10);
}

TEST(the_figure_has_all_draws_the_marks_and_the_medians)
{
    OWN(app) app = at_line("at=heads stop=2");
    const struct draws *d = draws_here(&app);
    assert_int_equal(page_part_count(&app.page, "draws.dot") + page_part_count(&app.page, "draws.now"), 4 * 60);
    assert_int_equal(page_part_count(&app.page, "draws.now"), 1);
    assert_string_equal(page_part_text(&app.page, "draws.title", 0), "60 draws of H[it, animate]");
    assert_string_equal(page_part_text(&app.page, "draws.mark", 0), "softmax 0.81");
    assert_string_equal(page_part_text(&app.page, "draws.mark", 1), "elu + 1 0.24");
    for (size_t v = 0; v < d->n_values; v++) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, "median %.2f", d->table.v[v * DRAW_SUMMARIES + DRAW_MEDIAN]);
        assert_string_equal(page_part_text(&app.page, "draws.value", v), wanted);
        snprintf(wanted, sizeof wanted, "%zu directions", d->value[v]);
        assert_string_equal(page_part_text(&app.page, "draws.size", v), wanted);
    }
    assert_null(page_item(&app.page, "matrix"));
    /* Beside softmax the matrices are compared, and the step's first stop shows them as ever. */
    OWN(app) first = at_line("at=heads");
    assert_null(page_item(&first.page, "draws.dot"));
    OWN(app) comparing = at_line("at=heads stop=2 compare=yes");
    assert_null(page_item(&comparing.page, "draws.dot"));
}

TEST(a_click_on_a_dot_draws_it_and_undo_brings_back_what_was)
{
    OWN(app) app = at_line("at=heads stop=2");
    const double wanted = draws_here(&app)->v[2 * 60 + 16];
    const struct item hit = *dot(&app, 2 * 60 + 16);
    app_update(&app,
               (struct action){.kind = ACTION_PRESS, .argument = 1, .x = middle(&hit), .y = hit.box.y + hit.box.h / 2});
    app_update(&app, (struct action){.kind = ACTION_RELEASE, .x = middle(&hit), .y = hit.box.y + hit.box.h / 2});
    draw(&app);
    assert_string_equal(app.doc.overrides.weights, "{source: lesson, seed: 17, features: 128}");
    assert_true(*tensor_at(value_of(&app.doc.lesson->tape, "heads"), 0, 4, 1) == wanted);
    press(&app, "C-z");
    assert_null(app.doc.overrides.weights);
}

static const struct {
    const char *name, *line;
    const char *key; /* NULL: a click on a dot */
} throws[] = {
    {"a click where ours is the highest", "at=numerators stop=2", NULL},
    {"a throw there", "at=numerators stop=2", "R"},
    {"a click among the last draws", "at=heads stop=2", NULL},
    {"a throw there", "at=heads stop=2", "R"},
};

/* The figure stays, and no button goes back from what no button did. */
TEST_ROWS(after_a_throw_the_figure_is_still_there, throws, c)
{
    OWN(app) app = at_line(c->line);
    const struct item hit = *dot(&app, 16);
    if (c->key)
        press(&app, c->key);
    else
        app_update(&app, (struct action){
                             .kind = ACTION_PRESS, .argument = 1, .x = middle(&hit), .y = hit.box.y + hit.box.h / 2});
    app_update(&app, (struct action){.kind = ACTION_RELEASE, .x = middle(&hit), .y = hit.box.y + hit.box.h / 2});
    draw(&app);
    assert_non_null(app.doc.overrides.weights);
    assert_true(view_shows_draws(VIEW(&app)));
    assert_int_equal(page_part_count(&app.page, "draws.dot") + page_part_count(&app.page, "draws.now"), 4 * 60);
    for (size_t i = 0; page_part_text(&app.page, "button.label", i); i++)
        assert_null(strstr(page_part_text(&app.page, "button.label", i), "As before"));
    press(&app, "C-z");
    assert_null(app.doc.overrides.weights);
}

TEST(a_key_throws_again)
{
    OWN(app) app = at_line("at=Q_random");
    press(&app, "R");
    assert_string_equal(app.doc.overrides.weights, "{source: lesson, seed: 3}");
    press(&app, "R");
    assert_string_equal(app.doc.overrides.weights, "{source: lesson, seed: 4}");
    press(&app, "C-z C-z");
    assert_null(app.doc.overrides.weights);
    OWN(app) other = app_at("one-head", "at=scores");
    press(&other, "R");
    assert_null(other.doc.overrides.weights);
    assert_non_null(strstr(other.message, "nothing to throw again"));
}
