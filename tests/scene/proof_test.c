/* Every number on the screen is proven: every step of every lesson, every head, every cell is pointed at, pinned and
 * unfolded, and what the page then shows is read off the display list and worked out with a pencil. Of the cells, a
 * sample has the first and the last of every plane, and every so many-th of the others; each in two of the forms in
 * which a card is shown, the next in the two others.
 *
 * Called with "i n" it takes every n-th step of the lessons, from the i-th: the parts run in parallel. */
#include "test_view.h"

#include "card_reader.h"
#include "proof_lessons.h"
#include "scene/arithmetic.h"
#include "support/pencil.h"
#include "support/sample.h"

#include <ctype.h>
#include <stdio.h>

/* Between two cards that are falsified to see whether it is noticed; digits of a double that can be trusted. */
enum { FALSIFY_EVERY = 61, DIGITS_MAX = 13 };

static size_t part, parts = 1, cards, met, proven, falsified, numbers_in_cells, turned;

static struct display_list list;

/* Every so many-th cell is read with tokens as columns, too. */
enum { TURNED_EVERY = 5, CELL_EVERY = 11 };
enum variant { POINTED, PINNED, UNFOLDED, SMALL, VARIANTS };
static const char *const variants[VARIANTS] = {"pointed at", "pinned", "pinned and unfolded", "pinned on a small page"};

static void fail_at(const struct view *view, const char *how, const char *why)
{
    const struct cursor *c = &view->state->cursor;
    const struct step *steps = view_tape(view)->steps;
    fail_msg(
        "%s, at %s: %s[head %zu, row %zu, column %zu] %s: %s", view->lesson->name,
        view->lesson->tape.steps[view->walk->steps[walk_place(view->walk, view->state->position).at].step].spec.name,
        steps[c->step].spec.name, c->head + 1, c->row + 1, c->col + 1, how, why);
}

static struct rect cell_box(const struct item *heatmap, const struct cursor *c)
{
    bool aside = heatmap->as.heatmap.transposed;
    return heatmap_cell(heatmap, aside ? c->col : c->row, aside ? c->row : c->col);
}

/* The heatmap on which a pointer finds the cell. */
static const struct item *heatmap_of(const struct cursor *cell)
{
    for (size_t i = 0; i < list.n; i++) {
        const struct item *item = &list.items[i];
        if (item->kind != ITEM_HEATMAP || strcmp(item->part, "matrix") != 0)
            continue;
        struct rect box = cell_box(item, cell);
        struct cursor found = display_at(&list, box.x + box.w / 2, box.y + box.h / 2).cell;
        if (found.on && found.step == cell->step && found.head == cell->head && found.row == cell->row &&
            found.col == cell->col)
            return item;
    }
    return NULL;
}

/* The number in the cell, where the matrix has numbers, is the cell's to the decimals shown, two or more; one
 * without decimals is exact. */
static void check_number_in_cell(const struct view *view, const struct item *heatmap, double value)
{
    char why[REASON_TEXT];
    const char *found = NULL;
    struct rect box = cell_box(heatmap, &view->state->cursor);
    for (size_t i = 0; i < list.n; i++) {
        const struct item *item = &list.items[i];
        if (item->kind != ITEM_TEXT || strcmp(item->part, "cell") != 0 || item->group != heatmap->group ||
            !rect_holds(box, item->box.x + item->box.w / 2, item->box.y + item->box.h / 2))
            continue;
        if (found)
            fail_at(view, "in the matrix", "two numbers stand in the cell");
        found = display_item_text(&list, item);
    }
    if (!found)
        return;
    numbers_in_cells++;
    struct shown_number shown;
    const char *point = strchr(found, '.');
    if (!pencil_number(found, &shown) || !pencil_agrees(&shown, value) ||
        (isfinite(value) && (point ? strspn(point + 1, "0123456789") < 2 : shown.value != value))) {
        snprintf(why, sizeof why, "the cell shows \"%s\", really %.17g", found, value);
        fail_at(view, "in the matrix", why);
    }
}

/* Is this a word whose features are guessed? */
static bool is_guessed(const struct lesson *lesson, const char *word)
{
    const struct sequence *const sequences[] = {&lesson->sentence, &lesson->memory};
    bool guessed = false;
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < sequences[s]->words.n; i++)
            guessed = guessed || (sequence_is_guessed(sequences[s], i) && strcmp(sequences[s]->words.v[i], word) == 0);
    return guessed;
}

/* Where labels stand beside the cell, its own is among them; that of a guessed word has a "?". */
static void check_label(const struct view *view, const char *label_part, const char *name, struct rect box)
{
    char why[REASON_TEXT];
    bool across = strcmp(label_part, "label.row") == 0, any = false, own = false;
    const char *mark = is_guessed(view->lesson, name) ? "?" : "";
    const size_t length = strlen(name);
    for (size_t i = 0; i < list.n; i++) {
        const struct item *item = &list.items[i];
        float middle = across ? item->box.y + item->box.h / 2 - box.y : item->box.x + item->box.w / 2 - box.x;
        if (item->kind != ITEM_TEXT || strcmp(item->part, label_part) != 0 || middle < 0 ||
            middle >= (across ? box.h : box.w))
            continue;
        const char *text = display_item_text(&list, item);
        size_t cut = strstr(text, "…") ? (size_t)(strstr(text, "…") - text) : 0;
        any = true;
        own = own || (strncmp(text, name, length) == 0 && strcmp(text + length, mark) == 0) ||
              (cut && strncmp(text, name, cut) == 0);
    }
    if (any && !own) {
        snprintf(why, sizeof why, "no %s beside it says \"%s\"", label_part, name);
        fail_at(view, "in the matrix", why);
    }
}

static void check_matrix(const struct view *view, const struct cell_facts *facts)
{
    const struct cursor *c = &view->state->cursor;
    const struct item *heatmap = heatmap_of(c);
    if (!heatmap) {
        fail_at(view, "in the matrix", "its plane is not on the page");
        return;
    }
    bool aside = heatmap->as.heatmap.transposed;
    struct rect box = cell_box(heatmap, c);
    check_number_in_cell(view, heatmap, facts->value);
    /* A single row or column without a name has no label, but may stand beside those of another matrix. */
    if (heatmap->as.heatmap.rows > 1)
        check_label(view, "label.row", aside ? facts->col : facts->row, box);
    if (heatmap->as.heatmap.cols > 1)
        check_label(view, "label.col", aside ? facts->row : facts->col, box);
}

/* ---- proving the proof: a card that says anything else is refused ---- */

static void falsify_text(const struct view *view, struct shown_card *card, const struct cell_facts *facts, char *text,
                         size_t from, size_t to)
{
    char why[REASON_TEXT];
    int significant = 0; /* of the digits so far, those that count */
    for (size_t i = from; i < to; i++) {
        bool digit = isdigit((unsigned char)text[i]);
        significant = !digit && text[i] != '.' ? 0 : significant + (significant > 0 || (digit && text[i] != '0'));
        if (!digit || significant > DIGITS_MAX)
            continue;
        char kept = text[i];
        text[i] = (char)('0' + (kept - '0' + 5) % 10);
        if (card_is_true(card, facts, why)) {
            snprintf(why, sizeof why, "\"%s\" was believed, with %c for %c", text, text[i], kept);
            fail_at(view, "falsified", why);
        }
        text[i] = kept;
        falsified++;
    }
}

/* A term's constant behind its cells does not matter to a cell of 0. */
static size_t falsifiable(const char *work, const struct cell_facts *facts)
{
    struct shown_number numbers[16];
    size_t n = pencil_numbers(work, numbers, 16), cells = (size_t)facts->explanation.terms[0].n_cells;
    if ((facts->value != 0 && isfinite(facts->value)) || n <= cells || facts->explanation.fold != FOLD_NONE)
        return strlen(work);
    return numbers[cells].at;
}

static void falsify(const struct view *view, struct shown_card *card, const struct cell_facts *facts)
{
    falsify_text(view, card, facts, card->value, 0, strlen(card->value));
    falsify_text(view, card, facts, card->total, 0, strlen(card->total));
    falsify_text(view, card, facts, card->name, 0, strlen(card->name));
    falsify_text(view, card, facts, card->note, 0, strlen(card->note));
    for (size_t i = 0; i < card->n; i++) {
        struct shown_line *line = &card->lines[i];
        falsify_text(view, card, facts, line->term, 0, strlen(line->term));
        falsify_text(view, card, facts, line->label, 0, strlen(line->label));
        falsify_text(view, card, facts, line->work, 0, falsifiable(line->work, facts));
    }
}

/* ---- a cell in all its forms ---- */

static void check_card(struct view *view, const struct cell_facts *facts, int variant)
{
    static struct shown_card card;
    char why[REASON_TEXT];
    test_state(view)->pinned = variant != POINTED;
    test_state(view)->unfolded = variant == UNFOLDED;
    /* Large, with small letters: numbers and labels have room. Small: they have not, and must still be true. */
    view->width = variant == SMALL ? 640 : 2400;
    view->height = variant == SMALL ? 480 : 1600;
    test_state(view)->scale = variant == SMALL ? SCALE_NORMAL : SCALE_MIN;
    scene_build(view, &fake_measure, &list);
    assert_false(list.failed);
    if (!card_read(&list, &card, why) || !card_is_true(&card, facts, why))
        fail_at(view, variants[variant], why);
    if (variant == UNFOLDED && card.n != facts->explanation.n_terms)
        fail_at(view, variants[variant], "terms stay folded");
    if (variant != SMALL)
        check_matrix(view, facts);
    if (cards++ % FALSIFY_EVERY == 0)
        falsify(view, &card, facts);
}

static void check_lines(const struct view *view, const struct cell_facts *facts)
{
    const struct cursor *c = &view->state->cursor;
    char why[REASON_TEXT];
    for (int form = 0; form < 4; form++) {
        OWN(str) line = {0};
        assert_ok(arithmetic_text(view->lesson, view_tape(view), c->step, c->head, c->row, c->col, form & 1 ? 4 : 0,
                                  form & 2 ? 6 : 2, view->state->columns, &line));
        if (!line_is_true(str_text(&line), facts, why))
            fail_at(view, "on one line", why);
    }
}

/* The same cell on a page that stands on its side, in one form after the other. */
static void check_turned(struct view *view, struct cell_facts *facts)
{
    test_state(view)->columns = true;
    cell_facts_turn(facts);
    check_card(view, facts, (int)(turned++ % VARIANTS));
    if (turned % VARIANTS == 0)
        check_lines(view, facts);
    test_state(view)->columns = false;
}

/* All cells of a plane. What is computed is shown in all forms; an operand, which is proven where it is the result, in
 * one form after the other. */
static void check_plane(struct view *view, int step, size_t head, bool operand)
{
    const struct axis *axis = view_tape(view)->steps[step].value.axis;
    for (size_t r = 0; r < axis[AXIS_ROW].size; r++)
        for (size_t c = 0; c < axis[AXIS_COL].size; c++) {
            OWN(cell_facts) facts;
            bool corner = (r == 0 && c == 0) || (r + 1 == axis[AXIS_ROW].size && c + 1 == axis[AXIS_COL].size);
            if (!sampled(met++, CELL_EVERY) && !corner)
                continue;
            test_state(view)->cursor = (struct cursor){true, step, head, r, c};
            assert_ok(cell_facts_init(&facts, view_tape(view), step, head, r, c));
            proven++;
            for (size_t variant = 0; variant < VARIANTS; variant++)
                if (operand ? proven % VARIANTS == variant : sampled(proven + variant, 2))
                    check_card(view, &facts, (int)variant);
            if (!operand && sampled(proven, 2))
                check_lines(view, &facts);
            if ((r + 2 * c + head) % TURNED_EVERY == 0)
                check_turned(view, &facts);
        }
}

static void check_page(struct view *view)
{
    const struct tape *tape = view_tape(view);
    int step = view_step(view);
    const struct step_spec *spec = &tape->steps[step].spec;
    size_t heads = tape->steps[step].value.axis[AXIS_HEAD].size;
    test_state(view)->head_here = true;
    for (size_t h = 0; h < heads; h++) {
        test_state(view)->head = (int)h;
        check_plane(view, step, h, false);
    }
    for (int i = 0; i < op_table[spec->op]->n_inputs; i++)
        for (size_t h = 0; h < tape->steps[spec->in[i]].value.axis[AXIS_HEAD].size; h++) {
            test_state(view)->head = (int)(h < heads ? h : heads - 1);
            check_plane(view, spec->in[i], h, true);
        }
}

/* The step, and its comparison where the lesson has one. */
static void check_step(struct view *view, size_t at)
{
    test_state(view)->position = walk_whole(view->walk, at);
    test_state(view)->compare = COMPARE_NONE; /* whatever a stop opens */
    check_page(view);
    if (!view->comparison || view->comparison->step[at] < 0)
        return;
    test_state(view)->compare = COMPARE_SECOND;
    check_page(view);
}

static void check_lesson(struct test_view *v, size_t *at_step)
{
    for (size_t at = 0; at < v->lesson.walk.n; at++)
        if ((*at_step)++ % parts == part)
            check_step(&v->view, at);
}

TEST(every_number_of_every_lesson_follows_with_a_pencil)
{
    size_t at_step = 0;
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(test_view) v;
        test_view_open(&v, builtin_lessons[i]);
        v.state.figure = FIGURE_OFF; /* a picture may stand in the matrices' place; figures_test holds its numbers */
        check_lesson(&v, &at_step);
    }
    assert_true(cards > 0);
    assert_true(numbers_in_cells * 2 > cards);
    assert_true(turned * 50 > cards);
}

TEST(so_does_every_number_of_unusual_lessons)
{
    size_t at_step = 0;
    for (size_t i = 0; i < sizeof proof_lessons / sizeof proof_lessons[0]; i++) {
        OWN(test_view) v;
        test_view_parse(&v, proof_lessons[i].name, proof_lessons[i].text);
        check_lesson(&v, &at_step);
    }
}

TEST(a_digit_that_is_not_true_was_always_noticed)
{
    assert_true(falsified > 100);
}

int main(int argc, char **argv)
{
    test_part(argc, argv, &part, &parts);
    int failed = test_run();
    printf("%zu cards, %zu numbers in cells, %zu digits falsified\n", cards, numbers_in_cells, falsified);
    return failed;
}
