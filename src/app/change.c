/* change.c: documents are asked for, computed, and shown: changes, undo, redo, and whatever is opened. */
#include "app/app_parts.h"

#include <math.h>
#include <string.h>

/* ---- showing ---- */

/* What the lessons that are shown, or may be shown again at once, keep. */
static size_t bytes_held(const struct app *app)
{
    const struct lesson *held[CACHE_LESSONS + 3] = {app->doc.lesson, app->baseline, app->before};
    size_t n = 3, bytes = app->baseline_comparison.tape.cells * sizeof(double);
    for (size_t i = 0; i < app->cache.n; i++)
        held[n++] = app->cache.v[i].lesson;
    for (size_t i = 0; i < n; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || held[k] == held[i];
        bytes += again ? 0 : lesson_bytes(held[i]);
    }
    return bytes;
}

/* What the memo keeps; asked while no job fills it. */
static size_t bytes_in_memo(const struct memo *memo)
{
    return memo ? memo->normals.numbers * sizeof(double) + lesson_bytes(memo->written) : 0;
}

struct qkv_err app_compare_baseline(struct app *app)
{
    const struct footprint kept = {.bytes = app->baseline ? comparison_bytes(app->doc.lesson, &app->baseline->tape) : 0,
                                   .steps = 1};
    struct memory_limit limit;
    struct qkv_err err = memory_limit(&limit);
    if (!err.code && !app->baseline_comparison.step)
        err = footprint_check(&kept, bytes_held(app), &limit, FOOTPRINT_ADVICE);
    if (!err.code && app->baseline && !app->baseline_comparison.step)
        err = comparison_init(
            &app->baseline_comparison, app->doc.lesson,
            &(struct other){&app->baseline->tape, app->baseline, "before your changes", "with your changes"});
    return err;
}

static void show_state(struct app *app, const struct view_state *state)
{
    app->state = *state;
    if (state->compare == COMPARE_BEFORE && (app_compare_baseline(app).code || !app->baseline))
        app->state.compare = COMPARE_BY_STOP;
    app->input.tip = (struct widget){0};
    app->input.field.on = false;
    app->input.hover = false;
    app->animation.transition.on = false;
    app->dirty = true;
}

/* Takes *computed over. */
static void show(struct app *app, struct computed_document *computed, const struct view_state *state)
{
    comparison_finish(&app->baseline_comparison);
    lesson_unref(app->before);
    lesson_unref(app->baseline);
    app->before = lesson_ref(app->doc.lesson);
    app->baseline = computed->baseline;
    document_finish(&app->doc);
    app->doc = computed->document;
    *computed = (struct computed_document){0};
    cache_add(&app->cache, &app->doc);
    struct document baseline = {.source = app->doc.source, .lesson = app->baseline};
    overrides_without_settings(&baseline.overrides, &app->doc.overrides);
    if (app->baseline)
        cache_add(&app->cache, &baseline);
    overrides_finish(&baseline.overrides);
    for (size_t i = 0; app->baseline && i < app->doc.lesson->n_stops; i++)
        if (app->doc.lesson->stops[i].compare == COMPARE_BEFORE) {
            struct qkv_err err = app_compare_baseline(app);
            (void)err; /* without memory the stop opens nothing */
            break;
        }
    app->moved = lesson_moved(app->doc.lesson, app->baseline);
    app->animation.flash = 0;
    /* Nobody points at cells of a lesson that is no more: the new page is drawn first. */
    display_clear(&app->page);
    app->built.on = false;
    app->changes++;
    show_state(app, state);
}

/* The view of a document that is not shown yet. */
static struct view view_of(const struct app *app, const struct document *doc, const struct lesson *baseline)
{
    struct view view;
    app_view(&(struct app){.doc = *doc, .baseline = baseline}, &view);
    view.state = &app->state;
    return view;
}

/* The same stop as now where the step has it, else the last before it: a change may have joined or taken away stops. */
static void stay_at_stop(const struct app *app, const struct view *view, struct view_state *state)
{
    const struct place now = view_place(VIEW(app)), then = walk_place(view->walk, state->position);
    const struct walk_step *s = &view->walk->steps[then.at];
    for (int k = 0; now.whole && now.stop >= 0 && then.whole && k < s->n_stops; k++)
        if (view->lesson->stops[s->first_stop + k].line <= app->doc.lesson->stops[now.stop].line)
            state->position = walk_whole(view->walk, then.at) + (size_t)k;
}

/* Is the place of `now` the same, number for number, in `then`? Not where what is compared with may be another. */
static bool is_same_place(const struct view *now, const struct view *then)
{
    return walk_same(now->lesson, then->lesson) && !view_comparing(now) && !view_comparing(then) &&
           view_compare(then) != COMPARE_BEFORE;
}

/* The place of now in another document, as far as it is there: by the names of steps, heads and words. */
static struct qkv_err stay(const struct app *app, const struct view *view, struct view_state *state,
                           struct widget *focus)
{
    struct request place = {0};
    if (is_same_place(VIEW(app), view)) {
        *state = app->state;
        state->settings.refused = false;
        stay_at_stop(app, view, state);
        return (struct qkv_err){0};
    }
    struct qkv_err err = request_of(&place, VIEW(app), NULL, KEYS_PLACE);
    if (!err.code)
        err = request_resolve(&place, view, RESOLVE_LENIENT, state, focus);
    if (!err.code)
        stay_at_stop(app, view, state);
    request_finish(&place);
    return err;
}

/* Where in the document that was asked for. */
static struct qkv_err find_place(const struct app *app, struct ask *ask, const struct computed_document *c,
                                 struct view_state *state, struct widget *focus)
{
    const struct view view = view_of(app, &c->document, c->baseline);
    *focus = app->input.focus;
    if (ask->use == ASK_CHANGE)
        return stay(app, &view, state, focus);
    if (ask->use == ASK_OPEN) {
        bool screen = ask->first || ask->session.n > 0;
        struct qkv_err err = request_resolve(&ask->request, &view, screen ? RESOLVE_SCREEN : 0, state, focus);
        if (!screen) { /* another lesson is walked as this one was */
            state->stride = app->state.stride;
            state->settings = app->state.settings;
        }
        return err;
    }
    const struct entry *entry = history_target(&app->history, ask->use == ASK_REDO);
    *state = history_state(&entry->state, &app->state);
    return (struct qkv_err){0};
}

static struct qkv_err remember(struct app *app, const struct ask *ask)
{
    if (ask->use == ASK_UNDO || ask->use == ASK_REDO)
        return history_move(&app->history, ask->use == ASK_REDO, &app->doc, &app->state);
    return ask->first ? (struct qkv_err){0} : history_push(&app->history, ask->gesture, &app->doc, &app->state);
}

/* `left_changes`: what was on the screen had been changed by hand. Opening says the way back only then: whoever chooses
 * one lesson after another sees what was chosen, and loses nothing. */
static void tell(struct app *app, const struct ask *ask, size_t lost, bool back_to_first, bool left_changes)
{
    if (ask->use == ASK_UNDO)
        app_say(app, back_to_first ? "Back where the session began." : "Undone. Ctrl+Y does it again.");
    else if (ask->use == ASK_REDO)
        app_say(app, "Done again.");
    else if (lost)
        app_say(app, "%zu changed number%s had no place any more and went. Ctrl+Z brings back what was.", lost,
                lost == 1 ? "" : "s");
    else if (ask->use == ASK_OPEN && !ask->first && left_changes)
        app_say(app, "Opened. Ctrl+Z goes back to what was here.");
}

/* The job is done: show what came of it. *ask becomes what it was for, the caller's to finish. */
static struct qkv_err arrive(struct app *app, struct ask *ask)
{
    struct computed_document computed;
    struct qkv_err err = job_end(app->job, ask, &computed);
    app->job = NULL;
    app->dirty = true;
    struct view_state state;
    struct widget focus;
    bool hover = app->input.hover, playing = app->animation.playing, changes = ask->use == ASK_CHANGE;
    if (ask->use == ASK_TIMES) {
        if (!err.code)
            app->state.costs.times = computed.times;
        return err;
    }
    bool first = app->history.undo.n == 0, left_changes = !overrides_is_empty(&app->doc.overrides);
    size_t lost = computed.lost;
    if (!err.code)
        err = find_place(app, ask, &computed, &state, &focus);
    if (!err.code)
        err = remember(app, ask);
    if (!err.code) {
        if (!app->doc.lesson)
            app->message[0] = 0; /* that it is being opened */
        show(app, &computed, &state);
        app->input.focus = focus;
        app->animation.playing = playing && changes;
        app->input.hover = hover && changes && app->state.cursor.on;
        app->animation.flash = changes && app->state.motion ? 1 : 0;
        app->animation.flash_start = app->now;
        tell(app, ask, lost, first, left_changes);
    }
    if (!err.code && !app->history.first.document.source)
        err = history_begin(&app->history, &app->doc, &app->state);
    if (!err.code && ask->use == ASK_OPEN && !ask->first) {
        str_finish(&app->files.session_path);
        app->files.session_path = ask->session;
        ask->session = (struct str){0};
    }
    computed_document_finish(&computed);
    return err;
}

/* ---- asking ---- */

static bool is_waiting(const struct app *app, enum ask_use use)
{
    return app->job && job_ask(app->job)->use == use;
}

void change_cancel(struct app *app)
{
    if (app->job)
        app->dirty = true;
    job_free(app->job);
    app->job = NULL;
    ask_finish(&app->next);
}

static void say_error(struct app *app, struct qkv_err err)
{
    if (err.line > 0)
        app_say(app, "Line %d, column %d: %s", err.line, err.column, err.what);
    else if (err.code)
        app_say(app, "%s", err.what);
}

/* Have it computed, as long as `patience` says at once. What is not done by then takes *ask over: it is empty. */
static struct qkv_err ask_for(struct app *app, struct ask *ask)
{
    job_free(app->job);
    if (!app->memo)
        app->memo = memo_new();
    ask->held = bytes_held(app) + bytes_in_memo(app->memo);
    app->job = job_new(ask, &app->cache, app->memo);
    app->progress = 0;
    app->dirty = true;
    if (!app->job)
        return qkv_nomem("a lesson");
    return job_wait(app->job, app->patience) ? arrive(app, ask) : (struct qkv_err){0};
}

/* The same, as an answer to a person. Takes *ask over. */
static bool answer(struct app *app, struct ask *ask)
{
    struct qkv_err err = ask_for(app, ask);
    ask_finish(ask);
    say_error(app, err);
    return !err.code;
}

const struct overrides *app_overrides(const struct app *app)
{
    if (app->next.document.source)
        return &app->next.document.overrides;
    return is_waiting(app, ASK_CHANGE) ? &job_ask(app->job)->document.overrides : &app->doc.overrides;
}

bool app_change(struct app *app, struct qkv_err err, struct overrides *next)
{
    app->dirty = true;
    bool shown = overrides_same(&app->doc.overrides, next);
    if (err.code || shown || (app->job && overrides_same(app_overrides(app), next))) {
        overrides_finish(next);
        if (!err.code && shown)
            change_cancel(app);
        say_error(app, err);
        return !err.code;
    }
    struct ask ask = {.use = ASK_CHANGE,
                      .document = {lesson_source_ref(app->doc.source), *next, NULL},
                      .gesture = app->history.current_gesture};
    *next = (struct overrides){0};
    /* A hand that drags would stop each work before it is done. */
    if (is_waiting(app, ASK_CHANGE) && app->history.current_gesture) {
        ask_finish(&app->next);
        app->next = ask;
        return true;
    }
    return answer(app, &ask);
}

void change_measure(struct app *app, struct ask *ask)
{
    answer(app, ask);
}

/* ---- going back ---- */

static struct str keys_of_view(const struct view *view, const struct view_state *state)
{
    struct view there = *view;
    struct request r = {0};
    struct str text = {0};
    there.state = state;
    text.failed = request_of(&r, &there, NULL, KEYS_PLACE | KEYS_SCREEN).code || request_print_line(&r, &text).code;
    request_finish(&r);
    return text;
}

static bool same_place(const struct app *app, const struct view_state *state)
{
    struct str here = keys_of_view(VIEW(app), &app->state), there = keys_of_view(VIEW(app), state);
    bool same = !here.failed && !there.failed && strcmp(str_text(&here), str_text(&there)) == 0;
    str_finish(&here);
    str_finish(&there);
    return same;
}

static void go(struct app *app, enum ask_use use)
{
    const struct entry *entry = history_target(&app->history, use == ASK_REDO);
    /* A change that is on its way is undone by stopping it; an undo or redo that is goes on. */
    if (app->job && !is_waiting(app, ASK_UNDO) && !is_waiting(app, ASK_REDO)) {
        change_cancel(app);
        app_say(app, "Stopped; nothing was changed.");
        if (use == ASK_UNDO)
            return;
    } else if (app->job) {
        return;
    }
    app->history.pushed_gesture = 0;
    if (!entry || (entry == &app->history.first && document_same(&entry->document, &app->doc) &&
                   same_place(app, &entry->state))) {
        app_say(app, use == ASK_UNDO ? "There is nothing to undo." : "There is nothing to do again.");
        return;
    }
    struct ask ask = {.use = use};
    struct qkv_err err = document_copy(&ask.document, &entry->document);
    if (err.code)
        app_say(app, "%s", err.what);
    else
        answer(app, &ask);
}

void app_undo(struct app *app)
{
    go(app, ASK_UNDO);
}

void app_redo(struct app *app)
{
    go(app, ASK_REDO);
}

/* ---- opening ---- */

/* Which document a request asks for: of a lesson that it names, the file as it is now. */
static struct qkv_err find_document(const struct app *app, struct request *r, struct document *ret)
{
    const char *lesson = request_lesson(r);
    struct qkv_err err = lesson ? (struct qkv_err){0} : overrides_copy(&ret->overrides, app_overrides(app));
    if (!err.code)
        err = request_overrides(r, &ret->overrides);
    if (err.code)
        return err;
    if (lesson)
        err = lesson_source_read(lesson, &ret->source);
    else
        ret->source = lesson_source_ref(app->doc.source);
    return err.code ? request_blame(r, NULL, &(struct lesson_options){0}, err) : err;
}

struct qkv_err app_apply(struct app *app, struct request *r)
{
    struct ask ask = {.use = ASK_OPEN, .first = true, .request = *r};
    struct view_state state;
    struct widget focus;
    struct qkv_err err = find_document(app, &ask.request, &ask.document);
    bool shown = !err.code && app->doc.lesson && document_same(&ask.document, &app->doc);
    if (shown)
        err = request_resolve(&ask.request, VIEW(app), RESOLVE_SCREEN, &state, &focus);
    else if (!err.code)
        err = ask_for(app, &ask);
    if (shown && !err.code) {
        change_cancel(app);
        show_state(app, &state);
        app->input.focus = focus;
        app->animation.playing = false;
    }
    *r = ask.request;
    ask.request = (struct request){0};
    ask_finish(&ask);
    return err;
}

bool app_open_here(struct app *app, const char *name)
{
    struct ask ask = {.use = ASK_OPEN};
    struct qkv_err err = request_lesson_or_session(&ask.request, name, &ask.session, NULL);
    if (!err.code)
        err = find_document(app, &ask.request, &ask.document);
    if (!err.code)
        return answer(app, &ask);
    say_error(app, err);
    ask_finish(&ask);
    return false;
}

/* ---- time ---- */

/* Show what is done, and begin what was asked for meanwhile. */
static void go_on(struct app *app)
{
    struct ask done, next = app->next;
    struct qkv_err err = arrive(app, &done);
    if (err.code && !app->doc.lesson) {
        app->refused.err = err;
        app->refused.request = done.request;
        done.request = (struct request){0};
        app->quit = true;
    }
    say_error(app, err);
    ask_finish(&done);
    app->next = (struct ask){0};
    if (next.document.source)
        answer(app, &next);
}

void change_poll(struct app *app)
{
    if (!app->job)
        return;
    bool done = job_go_on(app->job);
    float progress = job_progress(app->job);
    app->dirty = app->dirty || progress > app->progress;
    app->progress = fmaxf(app->progress, progress);
    /* Nothing is shown under a hand that types, or that presses for something else. */
    bool busy = app->input.field.on || (app->input.press.kind != PRESS_NONE && !is_waiting(app, ASK_CHANGE));
    if (!done || busy)
        return;
    go_on(app);
}

void app_wait(struct app *app)
{
    while (app->job) {
        job_wait(app->job, INFINITY);
        go_on(app);
    }
}
