/* dice.c: drawing the weights again: the next seed, or a draw that is pointed at. Each is one change, and so one undo. */
#include "app/app_parts.h"

#include "lesson/analysis/draws.h"
#include "lesson/inputs/weights.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Set a control, where there is one; else *e stays. */
static struct qkv_err set(const struct app *app, const char *name, size_t value, struct overrides *e)
{
    struct controls controls;
    char text[24];
    view_controls(VIEW(app), &controls);
    int at = controls_find(&controls, name);
    snprintf(text, sizeof text, "%zu", value);
    return at >= 0 ? control_set(&controls, (size_t)at, text, app->doc.lesson, e) : (struct qkv_err){0};
}

static bool draw(struct app *app, size_t seed, const char *size, size_t value)
{
    struct overrides next;
    struct qkv_err err = overrides_copy(&next, app_overrides(app));
    if (!err.code && size)
        err = set(app, size, value, &next);
    if (!err.code)
        err = set(app, "weights_seed", seed, &next);
    return app_change(app, err, &next);
}

void dice_reroll(struct app *app, UNUSED int argument)
{
    struct controls controls;
    view_controls(VIEW(app), &controls);
    int at = controls_find(&controls, "weights_seed");
    if (at < 0) {
        app_say(app, "No weights are drawn here: there is nothing to throw again.");
        return;
    }
    size_t seed = (size_t)controls.v[at].now.number, next = seed < SEED_MAX ? seed + 1 : 0;
    if (draw(app, next, NULL, 0))
        app_say(app, "Seed %zu. Ctrl+Z brings seed %zu back.", next, seed);
}

void dice_draw(struct app *app, int argument)
{
    const struct stop *stop = view_stop(VIEW(app));
    const struct draws *d = stop ? stop->draws : NULL;
    if (!d || argument < 0 || (size_t)argument >= d->n_values * d->n_seeds)
        return;
    size_t value = (size_t)argument / d->n_seeds, seed = (size_t)argument % d->n_seeds + 1;
    if (draw(app, seed, d->size, d->value[value]))
        app_say(app, "Seed %zu. Ctrl+Z brings back what was.", seed);
}
