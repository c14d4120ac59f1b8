#include "app/app.h"

#include "app/field.h"
#include "scene/zoom.h"

#include "lesson/builtin.h"
#include "paint/paint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Seconds a change of step takes to the eye. */
static const double transition_length = 0.4;

static const float first_width = 1280, first_height = 800;

static void say(struct app *app, const char *text)
{
    snprintf(app->message, sizeof app->message, "%s", text);
    app->view.message = app->message;
    app->dirty = true;
}

/* The built-in lessons are read once, for their titles. */
static struct qkv_err read_catalogue(struct app *app)
{
    size_t n = 0;
    while (builtin_lesson_name(n))
        n++;
    app->lessons = calloc(n + 1, sizeof *app->lessons);
    app->catalogue = calloc(n + 1, sizeof *app->catalogue);
    if (!app->lessons || !app->catalogue)
        return qkv_nomem("the list of lessons");
    struct qkv_err err = {0};
    for (size_t i = 0; i < n && !err.code; i++) {
        struct lesson *lesson = &app->catalogue[i];
        err = lesson_open(builtin_lesson_name(i), &(struct lesson_options){.heading_only = true}, lesson, NULL);
        app->lessons[i] =
            (struct lesson_line){lesson->name, lesson->tab, lesson->title, lesson->summary, lesson->group};
    }
    return err;
}

void opened_finish(struct opened *opened)
{
    comparison_finish(&opened->comparison);
    walk_finish(&opened->walk);
    lesson_finish(&opened->lesson);
    str_finish(&opened->source);
    *opened = (struct opened){0};
}

struct qkv_err opened_init(struct opened *opened, const char *name, const struct lesson_options *options)
{
    *opened = (struct opened){0};
    struct lesson_options with_pictures = options ? *options : (struct lesson_options){0};
    with_pictures.decode_image = image_decode;
    struct qkv_err err = lesson_open(name, &with_pictures, &opened->lesson, NULL);
    if (!err.code)
        err = walk_init(&opened->walk, &opened->lesson);
    if (!err.code)
        err = comparison_init(&opened->comparison, &opened->walk);
    str_add(&opened->source, name);
    if (options) {
        opened->set = options->set;
        opened->n_set = options->n_set;
        opened->weights = options->weights;
    }
    if (!err.code && opened->source.failed)
        err = qkv_nomem("the lesson's name");
    if (err.code)
        opened_finish(opened);
    return err;
}

void app_show(struct app *app, struct opened *opened)
{
    str_finish(&app->source);
    comparison_finish(&app->comparison);
    walk_finish(&app->walk);
    lesson_finish(&app->lesson);
    app->source = opened->source;
    app->comparison = opened->comparison;
    app->view.comparison = app->comparison.step ? &app->comparison : NULL;
    app->view.compare = false;
    app->set = opened->set;
    app->n_set = opened->n_set;
    app->weights = opened->weights;
    app->lesson = opened->lesson;
    app->walk = opened->walk;
    app->walk.lesson = &app->lesson; /* the walk points at where the lesson is now */
    *opened = (struct opened){0};
    /* Nobody points at cells of a lesson that is no more: the new page is drawn first. */
    display_clear(&app->page);
    app->built.on = false;
    app->view.head = 0;
    app->view.zoom = (struct zoom){0};
    app->view.page = PAGE_WALK;
    app_go(app, walk_whole(&app->walk, 0));
    app->transition.on = false;
}

struct qkv_err app_open(struct app *app, const char *name, const struct lesson_options *options)
{
    struct opened opened;
    struct qkv_err err = opened_init(&opened, name, options);
    if (!err.code)
        app_show(app, &opened);
    return err;
}

struct qkv_err app_init(struct app *app, const char *lesson, const struct lesson_options *options,
                        struct measure measure)
{
    *app = (struct app){.measure = measure};
    app->view = (struct view){.lesson = &app->lesson,
                              .walk = &app->walk,
                              .stride = STRIDE_STEP,
                              .speed = SPEED_NORMAL,
                              .motion = true,
                              .scale = SCALE_NORMAL,
                              .width = first_width,
                              .height = first_height,
                              .density = 1,
                              .commands = command_table};
    struct qkv_err err = app_open(app, lesson ? lesson : builtin_lesson_default(), options);
    if (!err.code)
        err = read_catalogue(app);
    app->view.lessons = app->lessons;
    if (err.code)
        app_finish(app);
    return err;
}

void app_finish(struct app *app)
{
    for (size_t i = 0; app->catalogue && app->lessons && app->lessons[i].name; i++)
        lesson_finish(&app->catalogue[i]);
    free(app->catalogue);
    free(app->lessons);
    display_finish(&app->page);
    display_finish(&app->transition.from);
    comparison_finish(&app->comparison);
    walk_finish(&app->walk);
    lesson_finish(&app->lesson);
    field_finish(&app->view.field);
    str_finish(&app->source);
    *app = (struct app){0};
}

void app_go(struct app *app, size_t position)
{
    struct view *v = &app->view;
    v->position = position < app->walk.length ? position : app->walk.length - 1;
    v->cursor = (struct cursor){0};
    v->pinned = v->unfolded = v->head_here = false;
    v->read_from = 0;
    app->hover = false;
    app->dirty = true;
    zoom_follow(v);
}

/* ---- the pointer ---- */

static bool same_cell(const struct cursor *a, const struct cursor *b)
{
    return a->on == b->on && a->step == b->step && a->head == b->head && a->row == b->row && a->col == b->col;
}

/* The cell at a point, if the page that was built last still shows what is looked at. */
static bool cell_at(const struct app *app, float x, float y, struct cursor *ret)
{
    const struct view *v = &app->view;
    return app->built.on && app->built.position == v->position && app->built.compare == v->compare &&
           app->built.page == v->page && scene_cell_at(&app->page, x, y, ret);
}

static void point(struct app *app, float x, float y)
{
    struct cursor cell = {0};
    struct view *v = &app->view;
    if (v->pinned || v->page != PAGE_WALK || app->transition.on)
        return;
    if (!cell_at(app, x, y, &cell) && !app->hover)
        return; /* a cursor that keys put somewhere stays until the pointer finds a cell */
    if (same_cell(&cell, &v->cursor))
        return;
    v->cursor = cell;
    v->unfolded = false;
    app->hover = cell.on;
    app->dirty = true;
}

/* The pointer is held on the map of a large matrix: the window goes there. */
static void hold_map(struct app *app, float x, float y)
{
    for (size_t i = 0; app->map_held && i < app->page.n; i++) {
        const struct item *item = &app->page.items[i];
        if (item->kind != ITEM_HIT || item->as.hit.command != CMD_ZOOM_MAP)
            continue;
        zoom_centre(&app->view, (y - item->box.y) / item->box.h, (x - item->box.x) / item->box.w);
        app->dirty = true;
    }
}

static void click(struct app *app, float x, float y)
{
    struct view *v = &app->view;
    struct cursor cell;
    const struct item *hit = display_hit(&app->page, x, y);
    if (v->page == PAGE_BLANK) {
        app_update(app, (struct action){.kind = ACTION_COMMAND, .command = CMD_BLANK});
    } else if (hit && hit->as.hit.command == CMD_ZOOM_MAP) {
        app->map_held = true;
        hold_map(app, x, y);
    } else if (hit && hit->as.hit.command >= 0) {
        app_update(app, (struct action){
                            .kind = ACTION_COMMAND, .command = hit->as.hit.command, .argument = hit->as.hit.argument});
    } else if (v->page == PAGE_WALK && cell_at(app, x, y, &cell)) {
        /* A click pins; a click on what is pinned lets go; a click elsewhere pins that. */
        bool again = v->pinned && same_cell(&cell, &v->cursor);
        v->cursor = cell;
        v->pinned = !again;
        app->hover = again;
        app->dirty = true;
    }
}

/* Are there words below those that are on the screen? */
static bool words_below(const struct app *app)
{
    for (size_t i = 0; i < app->page.n; i++) {
        const struct item *item = &app->page.items[i];
        if (item->kind == ITEM_HIT && item->as.hit.command == CMD_READ_ON)
            return item->as.hit.argument > 0;
    }
    return false;
}

/* Over a matrix, with Control the wheel zooms around the pointer; where some of the matrix is left out, it moves. */
static bool wheel_zooms(struct app *app, const struct action *action)
{
    struct view *v = &app->view;
    struct cursor cell;
    struct section rows, cols;
    long lines = action->argument;
    if (v->page != PAGE_WALK || !cell_at(app, action->x, action->y, &cell) || lines == 0)
        return false;
    zoom_of(v, -1, &rows, &cols);
    bool on_result = cell.step == view_step(v);
    if (action->control)
        zoom_by(v, powf(0.8f, (float)lines), on_result ? cell.row : rows.from + rows.n / 2,
                on_result ? cell.col : cols.from + cols.n / 2);
    else if (!zoom_is_on(v))
        return false;
    else if (action->shift)
        zoom_pan(v, 0, -lines * (long)(1 + cols.n / 10));
    else
        zoom_pan(v, -lines * (long)(1 + rows.n / 10), 0);
    app->dirty = true;
    return true;
}

static void wheel(struct app *app, int lines)
{
    struct view *v = &app->view;
    if (lines < 0 && words_below(app))
        v->read_from++;
    else if (lines > 0 && v->read_from > 0)
        v->read_from--;
    app->dirty = true;
}

static void resize(struct app *app, float width, float height)
{
    if (app->view.width == width && app->view.height == height)
        return;
    app->view.width = fmaxf(width, 64);
    app->view.height = fmaxf(height, 64);
    app->transition.on = false;
    app->dirty = true;
}

/* ---- commands ---- */

/* Remember the page the change begins with, when the change is one the eye should follow. */
static void begin_transition(struct app *app, size_t position_before, enum page page_before)
{
    const struct view *v = &app->view;
    size_t before = walk_place(&app->walk, position_before).at, after = walk_place(&app->walk, v->position).at;
    bool changed = before != after || page_before != v->page;
    if (!v->motion || !changed || page_before == PAGE_BLANK || v->page == PAGE_BLANK || app->page.n == 0)
        return;
    /* The page that is on the screen becomes the start; its memory is not copied. */
    struct display_list page = app->page;
    app->page = app->transition.from;
    display_clear(&app->page); /* it was an earlier page: nothing of it can be pointed at */
    app->transition.from = page;
    app->transition.on = true;
    app->transition.start = app->now;
    app->transition.length = transition_length;
}

static void run_command(struct app *app, int command, int argument)
{
    if (command < 0 || command >= CMD_COUNT || !command_table[command].run)
        return;
    struct view *v = &app->view;
    size_t position = v->position;
    enum page page = v->page;
    const struct step *steps = app->lesson.tape.steps; /* of this lesson: the command may open another */
    v->message = NULL;
    app->transition.on = false;
    /* A blank screen comes back with any key, and that key does nothing else: the class sees what it saw before. */
    if (page == PAGE_BLANK && command != CMD_QUIT)
        command = CMD_BLANK;
    command_table[command].run(app, argument);
    app->dirty = true;
    if (app->lesson.tape.steps == steps)
        begin_transition(app, position, page);
}

/* ---- keys and typing: to the field while one is open, else they are commands ---- */

static void run_key(struct app *app, const char *key)
{
    struct action action = action_of_key(key);
    run_command(app, action.command, action.argument);
}

static void use_sentence(struct app *app)
{
    struct view *v = &app->view;
    struct str sentence = v->field.text, source = app->source;
    /* What was set stays set: a lesson opened without its mask is walked without it. */
    struct lesson_options options = {.sentence = sentence.n ? str_text(&sentence) : NULL,
                                     .weights = app->weights,
                                     .set = app->set,
                                     .n_set = app->n_set};
    char step_name[64];
    snprintf(step_name, sizeof step_name, "%s",
             app->lesson.tape.steps[app->walk.steps[walk_place(&app->walk, v->position).at].step].spec.name);
    app->source = (struct str){0}; /* app_open makes it anew, from itself */
    struct qkv_err err = app_open(app, str_text(&source), &options);
    if (err.code) {
        app->source = source;
        say(app, err.what);
        return;
    }
    str_finish(&source);
    v->field.on = false;
    /* The same step of the new sentence, so that two sentences can be compared. */
    int step = tape_find(&app->lesson.tape, step_name);
    int at = step >= 0 ? walk_find(&app->walk, step) : -1;
    if (at >= 0)
        app_go(app, walk_whole(&app->walk, (size_t)at));
    say(app, sentence.n ? "Your own sentence: the lesson's words were about its own. E, an empty line and Enter: back."
                        : "The lesson's own sentence.");
}

static void copy_selection(struct app *app, bool cut)
{
    struct text_field *f = &app->view.field;
    size_t at, n = field_selection(f, &at);
    struct str copy = {0};
    str_addn(&copy, str_text(&f->text) + at, n);
    if (n == 0 || copy.failed || !app->clipboard.set) {
        str_finish(&copy);
        return;
    }
    app->clipboard.set(copy.v);
    str_finish(&copy);
    if (cut)
        field_insert(f, "");
}

static void paste(struct app *app)
{
    char *text = app->clipboard.get ? app->clipboard.get() : NULL;
    if (text && !field_insert(&app->view.field, text))
        say(app, "What was copied is too long for a sentence, or is no text.");
    free(text);
}

static void type_key(struct app *app, const struct action *action)
{
    struct text_field *f = &app->view.field;
    const char *key = action->text;
    app->dirty = true;
    app->view.message = NULL;
    /* The keys belong to the input method as long as it is at work; some systems tell of them all the same. Escape is a
     * way out should it never end. */
    if (f->composing.n > 0) {
        if (strcmp(key, "Escape") == 0)
            field_compose(f, "");
        return;
    }
    if (strcmp(key, "Return") == 0)
        use_sentence(app);
    else if (strcmp(key, "Escape") == 0)
        f->on = false;
    else if (action->control && strcmp(key, "v") == 0)
        paste(app);
    else if (action->control && (strcmp(key, "c") == 0 || strcmp(key, "x") == 0))
        copy_selection(app, key[0] == 'x');
    else
        field_key(f, key, action->shift, action->control);
}

static void type_text(struct app *app, const char *text)
{
    app->view.message = NULL;
    if (!field_insert(&app->view.field, text))
        say(app, "The sentence cannot get longer.");
}

void app_update(struct app *app, struct action action)
{
    bool typing = app->view.field.on;
    switch (action.kind) {
    case ACTION_COMMAND:
        app->view.field.on = false;
        run_command(app, action.command, action.argument);
        break;
    case ACTION_KEY:
        if (typing)
            type_key(app, &action);
        else if (action.control && strcmp(action.text, "q") == 0)
            run_command(app, CMD_QUIT, 0);
        else if (!action.control)
            run_key(app, action.text);
        break;
    case ACTION_TEXT:
        if (typing)
            type_text(app, action.text);
        else
            run_key(app, action.text);
        app->dirty = true;
        break;
    case ACTION_COMPOSE:
        if (typing)
            field_compose(&app->view.field, action.text);
        app->dirty = true;
        break;
    case ACTION_POINT:
        app->map_held = false;
        point(app, action.x, action.y);
        break;
    case ACTION_DRAG:
        if (app->map_held)
            hold_map(app, action.x, action.y);
        else
            point(app, action.x, action.y);
        break;
    case ACTION_CLICK:
        click(app, action.x, action.y);
        break;
    case ACTION_AWAY:
        if (app->hover && !app->view.pinned) {
            app->view.cursor.on = app->hover = false;
            app->dirty = true;
        }
        break;
    case ACTION_WHEEL:
        if (!wheel_zooms(app, &action))
            wheel(app, action.argument);
        break;
    case ACTION_RESIZE:
        resize(app, action.x, action.y);
        break;
    }
}

/* ---- time ---- */

/* Seconds the cell that was just filled is looked at before the next one fills: the first slowly, so that the rule is
 * understood, the rest of its row faster, the rest of the matrix fastest; then time to read. */
static double play_pause(const struct app *app)
{
    const double first = 1.4, row = 0.35, rest = 0.08, rest_of_matrix = 4, reading = 0.35, done = 2;
    struct place place = walk_place(&app->walk, app->view.position);
    const struct walk_step *s = &app->walk.steps[place.at];
    double cells = (double)(s->rows * s->cols);
    if (place.whole) {
        const char *say = place.stop >= 0 ? app->lesson.stops[place.stop].say : "";
        double words = 1;
        for (const char *p = say; *p; p++)
            words += *p == ' ';
        return done + words * reading;
    }
    if (place.filled <= 1)
        return first;
    return place.filled <= s->cols ? row : fmin(rest, rest_of_matrix / cells);
}

static void play(struct app *app)
{
    while (app->view.playing && app->now >= app->play_next) {
        size_t next = walk_forward(&app->walk, app->view.position, STRIDE_CELL), before = app->view.position;
        if (next == app->view.position) {
            app->view.playing = false;
            say(app, "The end of the walk.");
            return;
        }
        app_go(app, next);
        begin_transition(app, before, app->view.page);
        app->play_next += play_pause(app) / (double)speed_table[app->view.speed];
        if (app->play_next < app->now - 1)
            app->play_next = app->now; /* after a long halt (a sleeping machine), do not rush to catch up */
    }
}

double app_tick(struct app *app, double now)
{
    app->now = now;
    if (app->view.playing)
        play(app);
    if (app->transition.on) {
        app->dirty = true;
        if (now >= app->transition.start + app->transition.length)
            app->transition.on = false;
    }
    if (app->transition.on)
        return 0;
    return app->view.playing ? fmax(0, app->play_next - now) : -1;
}

const struct display_list *app_draw(struct app *app, struct display_list *scratch)
{
    app->dirty = false;
    scene_build(&app->view, &app->measure, &app->page);
    app->built.on = !app->page.failed;
    app->built.position = app->view.position;
    app->built.compare = app->view.compare;
    app->built.page = app->view.page;
    if (app->page.failed)
        return NULL;
    if (!app->transition.on)
        return &app->page;
    double t = (app->now - app->transition.start) / app->transition.length;
    scene_mix(&app->transition.from, &app->page, (float)t, scratch);
    return scratch->failed ? &app->page : scratch;
}
