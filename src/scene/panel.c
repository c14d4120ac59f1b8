/* panel.c: what stands beside the matrices: the head, the narration, and the arithmetic of a cell. */
#include "lesson/language/language.h"
#include "lesson/trial.h"
#include "scene/arithmetic.h"
#include "scene/page_parts.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float padding = 20, text_size = 18, text_least = 13, text_fair = 15, pinned_grow = 1.4f, card_gap = 14,
                   button_height = 30, block_gap = 10;
/* Lines of terms on a card: at most, with words beside it, and on a small page. */
enum { TERMS_ALL = 48, TERMS_MOST = 9, TERMS_FAIR = 5, TERMS_FEW = 3, TERMS_LEAST = 2 };

/* What the panel says: the words of the stop, or of the step, what to try, and the lesson's place in the course; a button
 * that does what is to be tried, or goes back, and one that opens the next lesson. */
enum block { SAY, TRY, COURSE, BLOCKS };
struct narration {
    struct spans block[BLOCKS];
    int command;       /* of the button */
    const char *label; /* NULL: there is none */
    int next;          /* the lesson of its button; -1: there is none */
};

/* Name the words that are not in the lexicon: their features are guessed. */
static void add_guessed(const struct lesson *lesson, struct spans *to)
{
    enum { NAMED_MOST = 64 };
    const char *lead = sequence_guessed(&lesson->sentence) == 1
                           ? "\nA word this model does not know, marked with a ?; its features are guessed: "
                           : "\nWords this model does not know, marked with a ?; their features are guessed: ";
    size_t guessed = 0;
    for (size_t i = 0; lesson->sentence.guessed && i < lesson->sentence.words.n; i++) {
        guessed += lesson->sentence.guessed[i];
        if (!lesson->sentence.guessed[i] || guessed > NAMED_MOST)
            continue;
        spans_add_plain(to, guessed > 1 ? ", " : lead);
        spans_add(to, lesson->sentence.words.v[i], ROLE_NONE, true);
    }
    if (guessed > NAMED_MOST)
        str_addf(&to->text, " and %zu more", guessed - NAMED_MOST);
    str_add(&to->text, guessed ? "." : "");
    spans_close(to, ROLE_NONE, false);
}

const struct stop *panel_stop(const struct view *view)
{
    const struct place place = view_place(view);
    const struct stop *stop = place.stop >= 0 ? &view->lesson->stops[place.stop] : NULL;
    if (!stop || place.whole)
        return stop;
    const struct walk_step *s = &view->walk->steps[place.at];
    size_t row = stop->row < 0 ? s->rows - 1 : (size_t)stop->row;
    size_t col = stop->row >= 0 && stop->col >= 0 ? (size_t)stop->col : s->cols - 1;
    return view_filled(view, s->step, row, col) ? stop : NULL;
}

static struct narration narration_of(const struct view *view)
{
    struct place place = view_place(view);
    const struct step *step = &view->lesson->tape.steps[view->walk->steps[place.at].step];
    const struct stop *stop = panel_stop(view);
    struct narration n = {.block[SAY].view = view, .block[TRY].view = view, .next = course_next(view)};
    struct spans *say = &n.block[SAY], *try_this = &n.block[TRY];
    const char *asked = "See what comes out here, and compare it with what you expect.";
    if (stop && stop->lost[0] && view_hides_mistake(view, step)) {
        spans_parse(say, stop->lost[view->state->columns]);
        spans_add_plain(say, "\n");
        spans_add_plain(say, asked);
    } else if (stop)
        spans_parse(say, stop->say[view->state->columns]);
    else
        spans_parse(say, view_hides_mistake(view, step) ? asked : step_text(step, view->state->columns).meaning);
    if (step->spec.stage == STAGE_EMBED)
        add_guessed(view->lesson, say);
    if (trial_on(view->lesson, stop, view->overrides))
        n.command = CMD_TRY, n.label = "As before";
    else if (stop && stop->trial)
        n.command = CMD_TRY, n.label = "Try it";
    else if (stop && stop->lost[0])
        n.command = CMD_RESET_ALL, n.label = "As written";
    if (stop && stop->try_this[0]) {
        spans_add(try_this, "Try: ", ROLE_NONE, true);
        spans_parse(try_this, stop->try_this[view->state->columns]);
    }
    course_add(view, &n.block[COURSE]);
    for (int b = 0; b < COURSE; b++) /* not in titles of papers and lessons */
        spans_find_terms(&n.block[b], view->lesson->language);
    return n;
}

static void narration_done(struct pen *pen, struct narration *n)
{
    for (int b = 0; b < BLOCKS; b++)
        spans_done(pen, &n->block[b]);
}

/* ---- narration and card share what is left ---- */

/* What is said of the course is smaller where all is on the page: lines that are gone through have one height. */
static struct ink block_ink(const struct pen *pen, int block, float size, bool all)
{
    if (block == COURSE && all)
        size = fmaxf(text_least * pen->scale, 0.85f * size);
    return (struct ink){FACE_SANS, size, 0, block == COURSE ? pen->theme->text_secondary : pen->theme->text};
}

static float buttons_height(const struct pen *pen, const struct narration *n)
{
    return n->label || n->next >= 0 ? (button_height + block_gap) * pen->scale : 0;
}

static float narration_height(const struct pen *pen, const struct narration *n, float size, float width)
{
    const float gap = block_gap * pen->scale;
    float height = 0;
    for (int b = 0; b < BLOCKS; b++)
        if (n->block[b].n)
            height += (height > 0 ? gap : 0) + spans_height(pen, block_ink(pen, b, size, true), &n->block[b], width);
    return height + buttons_height(pen, n);
}

/* The buttons under the words, on one line: the one that tries, with its key, and the one to the next lesson, with its
 * title. Where that is too long, the lesson has its short name; where that is, too, the key is left out. */
static void draw_buttons(struct pen *pen, const struct view *view, const struct narration *n, struct rect line)
{
    const struct lesson_line *lesson = n->next >= 0 ? &view->lessons[n->next] : NULL;
    const char *lead = language_page(view->lesson->language, "next");
    const float around = view_is_tight(view) ? 16 : 28, gap = block_gap * pen->scale;
    char key[24], label[100] = "", next[200] = "";
    if (lesson)
        snprintf(next, sizeof next, "%s %s", lead, lesson->tab);
    float least = lesson ? button_width(pen, next, around) + gap : 0;
    if (n->label) {
        snprintf(label, sizeof label, "%s  %s", n->label, key_text(view->command(n->command)->keys, key));
        if (button_width(pen, label, around) + least > line.w)
            snprintf(label, sizeof label, "%s", n->label);
        float width = fminf(lesson ? line.w / 2 : line.w, button_width(pen, label, around));
        button_draw(pen, rect_cut_left(&line, width, gap), label, n->command == CMD_TRY, n->command, 0);
    }
    if (lesson) {
        char whole[sizeof next];
        snprintf(whole, sizeof whole, "%s %s", lead, lesson->title);
        bool fits = button_width(pen, whole, around) <= line.w;
        line.w = fminf(line.w, button_width(pen, fits ? whole : next, around));
        button_draw(pen, line, fits ? whole : next, true, CMD_LESSON, n->next);
    }
}

/* The blocks one below the other, from this line on; returns how many lines they have in all. */
static size_t draw_blocks(struct pen *pen, const struct narration *n, float size, bool all, struct rect box,
                          size_t first, float *ret_bottom)
{
    static const char *const parts[BLOCKS] = {"narration", "try", "narration.course"};
    size_t total = 0;
    float top = box.y;
    *ret_bottom = box.y;
    for (int b = 0; b < BLOCKS; b++) {
        if (!n->block[b].n)
            continue;
        struct rect rest = {box.x, top, box.w, box.y + box.h - top};
        size_t skipped = first > total ? first - total : 0;
        total += spans_wrap_from(pen, parts[b], block_ink(pen, b, size, all), &n->block[b], rest, skipped, ret_bottom);
        top = *ret_bottom + (first >= total ? 0 : block_gap * pen->scale);
    }
    return total;
}

/* The narration in a box; a key scrolls what does not fit. */
static void draw_narration(struct pen *pen, const struct view *view, const struct narration *n, float size,
                           struct rect box)
{
    float u = pen->scale, gap = block_gap * u, line = roundf(roundf(size) * 1.5f), bottom;
    bool all = narration_height(pen, n, size, box.w) <= box.h + 1;
    struct rect button = {box.x, 0, box.w, button_height * u};
    box.h -= buttons_height(pen, n);
    if (!all)
        box.h -= line;
    size_t first = all ? 0 : view->state->read_from, total = draw_blocks(pen, n, size, all, box, first, &bottom);
    size_t shown = (size_t)fmaxf(1, floorf((box.h + 1) / line));
    button.y = all ? bottom + gap : box.y + box.h + line + gap;
    draw_buttons(pen, view, n, button);
    if (all)
        return;
    char key[24];
    bool more = first + shown < total;
    struct ink hint = {FACE_SANS_BOLD, size * 0.85f, 0, pen->theme->accent};
    struct rect foot = {box.x, box.y + box.h, box.w, line};
    pen_textf(pen, "narration.more", hint, foot, ALIGN_LEFT, "%s: press %s", more ? "more" : "from the start",
              key_text(view->command(CMD_READ_ON)->keys, key));
    pen_hit(pen, foot, CMD_READ_ON, more ? (int)(first + shown) : 0);
}

static size_t fewer_terms(size_t terms)
{
    return terms > TERMS_MOST ? terms * 2 / 3 : terms - 1;
}

/* How the room is shared: the type size of the words, the height of their box and of the card (0: there is none), and the
 * lines of the card. */
struct share {
    float size, card;
    size_t terms;
    float grow, words;
};

static float card_height(const struct pen *pen, const struct view *view, struct rect box, float grow, size_t terms)
{
    struct pen measuring = pen_measuring(pen);
    return card_draw(&measuring, view, box, grow, terms);
}

/* The largest size at which the words fit, or the least size. */
static float words_size(const struct pen *pen, const struct narration *n, float width, float room)
{
    float u = pen->scale, size = text_size;
    while (size > text_least && narration_height(pen, n, size * u, width) > room)
        size -= 1;
    return size * u;
}

/* Fair words before a whole sum, a sum of a few lines before fair words, and smaller words before one folded further. */
static struct share share_room(struct pen *pen, const struct view *view, const struct narration *n, struct rect box)
{
    float u = pen->scale, gap = card_gap * u;
    bool unfolded = view->state->unfolded; /* a sum that a person unfolded stays unfolded */
    struct share share = {text_least * u, 0, unfolded ? 0 : TERMS_FEW, 1, 0};
    for (int pass = 0; pass < 2; pass++) {
        float least = pass == 0 ? text_fair : text_least;
        size_t fewest = unfolded ? 0 : pass == 0 ? TERMS_FAIR : TERMS_FEW;
        for (size_t terms = unfolded ? 0 : TERMS_MOST; terms >= fewest; terms--) {
            share.card = card_height(pen, view, box, 1, terms);
            for (float size = text_size; size >= least; size -= 1)
                if (narration_height(pen, n, size * u, box.w) + gap + share.card <= box.h)
                    return (struct share){size * u, share.card, terms, 1, 0};
            if (terms == 0)
                break;
        }
    }
    return share;
}

static bool card_fits(const struct pen *pen, const struct view *view, struct rect box, struct share *share)
{
    share->card = card_height(pen, view, box, share->grow, share->terms);
    return share->card <= box.h;
}

/* The pinned card is as large as the room allows; the words follow where there is room. */
static struct share share_pinned(const struct pen *pen, const struct view *view, struct rect box, float grow)
{
    const float least = 0.8f;
    struct share share = {.size = text_least * pen->scale};
    for (share.grow = grow; view->state->unfolded && share.grow > least; share.grow -= 0.1f)
        if (card_fits(pen, view, box, &share))
            return share;
    for (share.grow = grow; share.grow > least; share.grow -= 0.1f)
        for (share.terms = view->state->unfolded ? TERMS_ALL : TERMS_MOST; share.terms >= TERMS_FEW;
             share.terms = fewer_terms(share.terms))
            if (card_fits(pen, view, box, &share))
                return share;
    share.terms = TERMS_LEAST;
    share.card = card_height(pen, view, box, share.grow, share.terms);
    return share;
}

/* Words and card, or, where there is no room for both, the words; where a person unfolded its sum, the card. What is said
 * of the course is not squeezed for a card. Only an unfolded sum may depend on the cell that is pointed at. */
static struct share share_both(struct pen *pen, const struct view *view, const struct narration *n, struct rect box)
{
    struct share share = share_room(pen, view, n, box);
    float gap = card_gap * pen->scale, words = narration_height(pen, n, share.size, box.w);
    float room = box.h - share.card - gap, few = 4 * 1.5f * share.size;
    struct cursor cell;
    bool has_cell = view_cell(view, &cell);
    if (words > room && view->state->unfolded && has_cell)
        return share_pinned(pen, view, box, 1);
    if (words > room && (room < few || !has_cell || n->block[COURSE].n > 0))
        return (struct share){.size = words_size(pen, n, box.w, box.h), .words = box.h};
    share.words = fminf(words, room);
    return share;
}

/* The page as it is while nothing is pointed at: the words stay so, so that they do not move under the pointer. */
static struct view at_rest(const struct view *view, struct view_state *ret_state)
{
    struct view rest = *view;
    *ret_state = *view->state;
    rest.state = ret_state;
    ret_state->unfolded = view->held.on && view->held.unfolded;
    ret_state->cursor = ret_state->unfolded ? view->held.cursor : (struct cursor){0};
    return rest;
}

/* The card of a cell that is pointed at: in the room that the words leave, else over them. */
static void draw_pointed(struct pen *pen, const struct view *view, const struct narration *n, struct rect box,
                         struct rect panel)
{
    struct view_state state;
    const struct view rest = at_rest(view, &state);
    const struct share share = share_both(pen, &rest, n, box);
    float words = fminf(share.words, narration_height(pen, n, share.size, box.w)), gap = card_gap * pen->scale;
    struct rect left = {box.x, box.y + words + gap, box.w, box.h - words - gap};
    if (share.words <= 0) { /* there was only a card */
        card_over_draw(pen, view, panel);
        return;
    }
    draw_narration(pen, view, n, share.size, (struct rect){box.x, box.y, box.w, share.words});
    for (size_t terms = TERMS_MOST; terms >= TERMS_LEAST; terms--)
        if (card_height(pen, view, left, 1, terms) <= left.h) {
            card_draw(pen, view, left, 1, terms);
            return;
        }
    card_over_draw(pen, view, panel);
}

static void draw_both(struct pen *pen, const struct view *view, const struct narration *n, struct rect box,
                      struct rect panel)
{
    if (view->state->cursor.on && !view->state->unfolded && !view_shows_draws(view)) {
        draw_pointed(pen, view, n, box, panel);
        return;
    }
    struct share share = share_both(pen, view, n, box);
    if (share.words > 0)
        draw_narration(pen, view, n, share.size, rect_cut_top(&box, share.words, card_gap * pen->scale));
    if (share.card > 0)
        card_draw(pen, view, box, share.grow, share.terms);
}

/* `panel`: with its head. */
static void draw_body(struct pen *pen, const struct view *view, struct rect box, struct rect panel)
{
    struct narration n = narration_of(view);
    struct cursor cell;
    if (view->state->pinned && view_cell(view, &cell)) {
        struct share share = share_pinned(pen, view, box, pinned_grow);
        card_draw(pen, view, box, share.grow, share.terms);
        rect_cut_top(&box, share.card, card_gap * pen->scale);
        float size = words_size(pen, &n, box.w, box.h);
        if (narration_height(pen, &n, size, box.w) <= box.h)
            draw_narration(pen, view, &n, size, box);
    } else {
        draw_both(pen, view, &n, box, panel);
    }
    narration_done(pen, &n);
}

/* A panel that is wider than high: words at the left, arithmetic at the right. */
static void draw_columns(struct pen *pen, const struct view *view, struct rect inside)
{
    struct narration n = narration_of(view);
    float gap = 2 * card_gap * pen->scale;
    struct rect left = rect_cut_left(&inside, (inside.w - gap) / 2, gap);
    rect_cut_top(&left, panel_head_draw(pen, view, left), 0);
    draw_narration(pen, view, &n, words_size(pen, &n, left.w, left.h), left);
    struct share share = share_pinned(pen, view, inside, view->state->pinned ? pinned_grow : 1);
    card_draw(pen, view, inside, share.grow, share.terms);
    narration_done(pen, &n);
}

void panel_draw(struct pen *pen, const struct view *view, struct rect box)
{
    float u = pen->scale;
    pen_fill(pen, "panel", box, pen->theme->panel, 12 * u);
    pen_frame(pen, "panel", box, pen->theme->line, fmaxf(1, roundf(u)), 12 * u);
    float p = fminf(padding * u, box.w * 0.06f);
    struct rect inside = rect_inset(box, p);
    if (view->state->settings.on) {
        /* The effect of a setting is shown above the settings. */
        if (inside.h > 300 * u)
            rect_cut_top(&inside, panel_draw_moved(pen, view, inside), 0);
        settings_draw(pen, view, inside);
        return;
    }
    /* Where there is no card the words have both columns. */
    if (!(view_shows_draws(view) && !view->state->pinned) && box.w > 560 * u && box.w > 1.4f * box.h) {
        draw_columns(pen, view, inside);
        return;
    }
    const struct rect panel = inside;
    rect_cut_top(&inside, panel_head_draw(pen, view, inside), 0);
    draw_body(pen, view, inside, panel);
}
