/* Every page at every size: nothing overlaps, nothing leaves, everything can be read. With the fonts that are there.
 * Of the sizes, a sample has the smallest for every lesson, and of the others each for some lessons.
 *
 * Called with "i n" it takes every n-th size, from the i-th: the parts run in parallel. */
#include "test_view.h"

#include "page_check.h"
#include "proof_lessons.h"
#include "support/sample.h"
#include "support/sample_times.h"

#include <stdio.h>

static const struct screen {
    float width, height, density;
    int scale;
} screens[] = {
    {640, 480, 1, 100},   {640, 480, 1, 200},   {800, 600, 1, 100},   {1024, 768, 1, 100},  {1280, 800, 1, 100},
    {1280, 800, 1, 200},  {1280, 800, 1, 150},  {1920, 1080, 1, 100}, {1920, 1080, 1, 200}, {2560, 1440, 1, 100},
    {3840, 2160, 1, 100}, {3840, 2160, 2, 100}, {3840, 2160, 2, 250}, {768, 1024, 1, 100},  {768, 1024, 1, 130},
    {1280, 960, 2, 100},  {1366, 768, 1, 100},  {1280, 720, 1, 70},   {2560, 1600, 2, 100}, {900, 1600, 1, 100},
    {1024, 600, 1, 100},
};
enum { SCREENS = sizeof screens / sizeof screens[0] };

/* Built-in lessons, of which one in so many is on a screen; the same of unusual ones. */
enum { LESSONS_MOST = 64, SCREEN_EVERY = 11, UNUSUAL_EVERY = 22, UNUSUAL_ALL_EVERY = 5 };

static size_t part, parts = 1;
static size_t screen_pages[SCREENS], kind_pages[PAGE_COUNT], theme_pages[THEME_COUNT];

static void check(const struct view *view, const char *variant)
{
    page_run_check(view, variant);
    kind_pages[view->state->page]++;
    theme_pages[view->state->theme]++;
}

enum { TURNS = 7 };

/* A position as it is; in its turn also with cells pointed at, of the result and of an operand, and compared. */
static void check_position(struct view *view, size_t position, bool turn)
{
    const struct tape *tape = &view->lesson->tape;
    struct view_state *state = test_state(view);
    state->position = position;
    check(view, "as it is");
    if (!turn)
        return;
    const struct view_state as_it_is = *state;
    state->compare = COMPARE_SECOND;
    if (view_comparing(view))
        check(view, "compared");
    state->columns = true;
    check(view, view_comparing(view) ? "compared, tokens as columns" : "tokens as columns");
    *state = as_it_is;
    state->compare = COMPARE_NONE; /* of the lesson's own step, whatever a stop opens */
    int step = view->walk->steps[walk_place(view->walk, position).at].step;
    const struct axis *axis = tape->steps[step].value.axis;
    size_t head = axis[AXIS_HEAD].size > 1 ? view_head(view) : 0;
    state->cursor = (struct cursor){true, step, head, axis[AXIS_ROW].size - 1, position % axis[AXIS_COL].size};
    check(view, "a cell pointed at");
    state->columns = true;
    check(view, "a cell pointed at, tokens as columns");
    state->columns = false;
    state->pinned = true;
    check(view, "a cell pinned");
    state->unfolded = true;
    check(view, "a cell pinned and unfolded");
    *state = as_it_is;
    state->compare = COMPARE_NONE;
    const struct step_spec *spec = &tape->steps[step].spec;
    int operand = (int)(position % 2);
    if (operand < op_table[spec->op]->n_inputs) {
        axis = tape->steps[spec->in[operand]].value.axis;
        state->cursor = (struct cursor){true, spec->in[operand], 0, axis[AXIS_ROW].size / 2, axis[AXIS_COL].size - 1};
        check(view, "an operand's cell pointed at");
    }
    *state = as_it_is;
}

/* The settings: every row is in focus in its turn. */
static void check_settings(struct view *view, size_t turn)
{
    const struct view was = *view;
    struct settings_panel *settings = &test_state(view)->settings;
    struct controls controls;
    view_controls(view, &controls);
    settings->on = true;
    for (size_t i = 0; i < 3; i++) {
        const struct control *control = &controls.v[(turn * 3 + i) % controls.n];
        snprintf(settings->focus, CONTROL_NAME, "%s", control->name);
        check(view, control->name);
        view->message = "kv_heads is 3, but heads is 4: every key head must serve as many query heads as any other.";
        settings->refused = true;
        check(view, control->name);
        settings->refused = false;
        view->message = NULL;
        char typed[] = "0.333333333333333333";
        view->field = (struct text_field){.on = true,
                                          .in_panel = true,
                                          .label = "temperature: number above 0",
                                          .hint = "Enter uses it, Escape leaves it",
                                          .text = {.v = typed, .n = sizeof typed - 1},
                                          .caret = sizeof typed - 1};
        check(view, "a value typed");
        *view = was;
    }
    *settings = (struct settings_panel){0};
}

/* The page of heads and the microscope, with nothing chosen and with much. */
static void check_heads(struct view *view)
{
    struct view_state *state = test_state(view);
    const struct view_state as_it_is = *state;
    state->page = PAGE_HEADS;
    view->moved = (struct moved){true, "output", {1.25, 0, 0, 0}};
    state->heads = (struct heads_view){.word = 2, .column = 1, .chosen = {5}};
    check(view, "heads, three words chosen");
    state->heads.all = true;
    check(view, "all heads, three words chosen");
    state->heads = (struct heads_view){.all = true};
    check(view, "all heads");
    state->page = PAGE_MICROSCOPE;
    state->heads = (struct heads_view){.word = 3};
    state->microscope = (struct microscope_view){.temperature_offset = -TEMPERATURE_NORMAL, .factor = 3, .raw = true};
    check(view, "microscope, overflowing");
    *state = as_it_is;
    view->moved = (struct moved){0};
}

/* The page of costs with times: at the longest text and another, and where they are of another width. */
static void check_costs(struct view *view)
{
    struct view_state *state = test_state(view);
    const struct view_state as_it_is = *state;
    state->page = PAGE_COSTS;
    assert_ok(key_read_alone(&key_table[key_find("times")], SAMPLE_TIMES, state));
    check(view, "costs, measured");
    state->costs.shorter = 4;
    check(view, "costs, a shorter text");
    state->costs.width_offset = 1;
    check(view, "costs, measured for another width");
    view->measuring = view->working = true;
    check(view, "costs, being measured");
    view->measuring = view->working = false;
    *state = as_it_is;
}

static void check_pages(struct view *view)
{
    const struct view was = *view;
    struct view_state *state = test_state(view);
    for (int page = 0; page < PAGE_COUNT; page++) {
        state->page = (enum page)page;
        check(view, page_names[page]);
    }
    state->page = PAGE_OVERVIEW;
    state->columns = true;
    check(view, "overview, tokens as columns");
    state->columns = false;
    state->page = PAGE_WALK;
    check_heads(view);
    check_costs(view);
    view->playing = true;
    view->offer = "There is an unsaved session of 21 November, 11:30.";
    check(view, "with a session on offer");
    view->offer = NULL;
    view->message =
        "Something went wrong with a rather long message that has to find its room at the foot of the page.";
    check(view, "playing, with a message");
    *view = was;
    view->working = true;
    for (int tenths = 0; tenths <= 10; tenths += 5) {
        view->progress = (float)tenths / 10;
        check(view, "computing");
    }
    *view = was;
}

/* Every place is drawn on every screen; what else can be done there takes turns: each place has it on some screens,
 * each screen at some places. */
static void check_lesson(struct test_view *v, size_t turn)
{
    for (size_t p = walk_whole(&v->lesson.walk, 0);; p = walk_forward(&v->lesson.walk, p, STRIDE_STEP), turn++) {
        struct place place = walk_place(&v->lesson.walk, p);
        check_position(&v->view, p, turn % TURNS == 0);
        if (p == walk_whole(&v->lesson.walk, place.at) && turn % TURNS < 3) {
            size_t cells = v->lesson.walk.steps[place.at].rows * v->lesson.walk.steps[place.at].cols;
            check_position(&v->view, walk_filled(&v->lesson.walk, place.at, cells / 3), turn % TURNS == 1);
        }
        v->state.position = p;
        if (turn % TURNS == 2)
            check_pages(&v->view);
        if (turn % TURNS == 4)
            check_settings(&v->view, turn / TURNS + turn);
        if (walk_forward(&v->lesson.walk, p, STRIDE_STEP) == p)
            return;
    }
}

/* On each of this part's screens one lesson in `every`, on the smallest all of them. Screen by screen: a text is
 * measured once for each size. */
static void check_lessons(struct test_view *v, size_t n, size_t every)
{
    for (size_t s = part; s < SCREENS; s += parts)
        for (size_t i = 0; i < n; i++) {
            if (s > 0 && (s / parts + i) % every != 0)
                continue;
            v[i].view.width = screens[s].width;
            v[i].view.height = screens[s].height;
            v[i].view.density = screens[s].density;
            v[i].state.scale = screens[s].scale;
            v[i].state.theme = (int)((s + i) % THEME_COUNT);
            screen_pages[s]++;
            check_lesson(&v[i], s + i);
        }
}

TEST(pages_can_be_read_at_every_size)
{
    static struct lesson_line lines[LESSONS_MOST + 1];
    static struct test_view open[LESSONS_MOST];
    size_t n = 0;
    for (; builtin_lessons[n]; n++) {
        assert_true(n < LESSONS_MOST);
        test_view_open(&open[n], builtin_lessons[n]);
        const struct lesson *lesson = &open[n].lesson;
        lines[n] = (struct lesson_line){
            .name = lesson->name, .tab = lesson->tab, .title = lesson->title, .summary = lesson->summary[0]};
        open[n].view.lessons = lines;
    }
    check_lessons(open, n, test_all() ? 1 : SCREEN_EVERY);
    for (size_t i = 0; i < n; i++)
        test_view_finish(&open[i]);
    page_run_passes();
}

/* ---- what is said of a matrix ---- */

static bool lies_beside(struct rect label, struct rect matrix)
{
    float middle = label.y + label.h / 2;
    return label.x < matrix.x + matrix.w && middle > matrix.y && middle < matrix.y + matrix.h;
}

/* Has a matrix of those that stand in lines neither numbers nor labels of its rows? Of what is numbered or large that is
 * no fault; in a product the rows of the upper matrix are the columns of the left one. */
static const struct item *nameless(const struct view *view, const struct display_list *list)
{
    enum op_form form = op_table[view_tape(view)->steps[view_step(view)].spec.op]->form;
    if (form == FORM_PRODUCT || form == FORM_PRODUCT_T)
        return NULL;
    for (size_t i = 0; i < list->n; i++) {
        const struct item *m = &list->items[i];
        if (m->kind != ITEM_HEATMAP || strcmp(m->part, "matrix") != 0 || m->as.heatmap.rows > 9 ||
            m->as.heatmap.cols > 12)
            continue;
        const struct axis *rows = &view_tape(view)->steps[m->as.heatmap.step].value.axis[AXIS_ROW];
        bool said = rows->size == 1 || !axis_label(rows, m->as.heatmap.head, 0);
        for (size_t k = 0; k < list->n && !said; k++) {
            const struct item *text = &list->items[k];
            said = text->kind == ITEM_TEXT &&
                   ((strcmp(text->part, "cell") == 0 && rect_holds(m->box, text->box.x + 1, text->box.y + 1)) ||
                    (strcmp(text->part, "label.row") == 0 && lies_beside(text->box, m->box)));
        }
        if (!said)
            return m;
    }
    return NULL;
}

static const struct {
    const char *name;
    float width, height;
} small_screens[] = {{"smallest", 640, 480}, {"laptop", 1280, 720}};

TEST_ROWS(a_small_matrix_has_numbers_or_the_names_of_its_rows, small_screens, c)
{
    size_t seen = 0, without = 0;
    for (size_t i = 0; part == 0 && builtin_lessons[i]; i++) { /* once for all parts */
        OWN(test_view) v;
        struct measure measure = fonts_measure(page_run.fonts);
        test_view_open(&v, builtin_lessons[i]);
        v.view.width = c->width, v.view.height = c->height;
        for (size_t p = walk_whole(&v.lesson.walk, 0), last = SIZE_MAX; p != last;
             last = p, p = walk_forward(&v.lesson.walk, p, STRIDE_STEP)) {
            v.state.position = p;
            scene_build(&v.view, &measure, &page_run.list);
            const struct item *m = nameless(&v.view, &page_run.list);
            seen++;
            without += m != NULL;
            if (m && c->width >= 1280)
                print_error("%s, position %zu: %s (%.0f x %.0f) has neither\n", v.lesson.name, p,
                            view_tape(&v.view)->steps[m->as.heatmap.step].spec.name, (double)m->box.w,
                            (double)m->box.h);
        }
    }
    /* On the smallest page a step of several tables with other columns may have room for neither. */
    if (without * 100 > (c->width < 1280 ? seen : 0))
        fail_msg("%zu of %zu pages", without, seen);
}

TEST(a_comparison_of_nine_words_has_all_its_digits_on_a_small_laptop)
{
    OWN(test_view) v;
    struct measure measure = fonts_measure(page_run.fonts);
    test_view_open(&v, "soft-and-hard");
    v.view.width = 1280, v.view.height = 720;
    size_t compared = 0;
    for (size_t p = walk_whole(&v.lesson.walk, 0), last = SIZE_MAX; p != last;
         last = p, p = walk_forward(&v.lesson.walk, p, STRIDE_STEP)) {
        v.state.position = p;
        scene_build(&v.view, &measure, &page_run.list);
        const struct axis *axis = view_tape(&v.view)->steps[view_step(&v.view)].value.axis;
        if (!view_comparing(&v.view) || axis[AXIS_COL].size != 9)
            continue;
        compared++;
        assert_int_equal(page_part_count(&page_run.list, "cell"), 3 * 9 * 9);
    }
    assert_true(compared > 0);
}

/* Sentences that a person may type. */
static const struct {
    const char *name, *text;
} long_lessons[] = {
    {"long-words",
     LESSON("Donaudampfschifffahrtsgesellschaftskapitän antidisestablishmentarianism it") "weights: {source: glass, "
                                                                                          "heads: [pronoun]}\n"},
    {"many-words", LESSON("When the old animal did not cross the wide street because it was too tired to walk any "
                          "further today") "wei"
                                           "ghts: {source: glass, heads: [pronoun, previous, adjective]}\n"},
    {"chinese", LESSON("'猫坐下了，因为它累了'") "weights: {source: glass, heads: [pronoun]}\n"},
    {"eight-heads", LESSON("one two three") "settings: {heads: 8, mask: causal}\n"
                                            "weights: {source: random, seed: 3, d_model: 16, d_k: 4}\n"},
};

TEST(so_can_pages_of_unusual_lessons)
{
    enum {
        PROOF = sizeof proof_lessons / sizeof proof_lessons[0],
        LONG = sizeof long_lessons / sizeof long_lessons[0]
    };
    static struct test_view open[PROOF + LONG];
    for (size_t i = 0; i < PROOF; i++)
        test_view_parse(&open[i], proof_lessons[i].name, proof_lessons[i].text);
    for (size_t i = 0; i < LONG; i++)
        test_view_parse(&open[PROOF + i], long_lessons[i].name, long_lessons[i].text);
    check_lessons(open, PROOF + LONG, test_all() ? UNUSUAL_ALL_EVERY : UNUSUAL_EVERY);
    for (size_t i = 0; i < PROOF + LONG; i++)
        test_view_finish(&open[i]);
    page_run_passes();
}

TEST(every_size_theme_and_kind_of_page_was_among_them)
{
    for (size_t s = part; s < SCREENS; s += parts)
        assert_true(screen_pages[s] > 0);
    for (int theme = 0; theme < THEME_COUNT; theme++)
        assert_true(theme_pages[theme] > 0);
    for (int page = 0; page < PAGE_COUNT; page++)
        assert_true(kind_pages[page] > 0);
}

/* ---- proving the check: a page that is disarranged is found out ---- */

static size_t found;

static void count(void *context, const char *fault)
{
    found += strstr(fault, context) != NULL;
}

static size_t faults_of_page(const struct view *view, const char *kind)
{
    found = 0;
    page_check(&page_run.list, view_scale(view), count, (void *)kind);
    return found;
}

/* A page on which the first text of this part is changed by `disarrange`. */
static void finds_out(const struct view *view, const char *text_part, void disarrange(struct item *), const char *kind)
{
    scene_build(view, &fake_measure, &page_run.list);
    assert_int_equal(faults_of_page(view, kind), 0);
    for (size_t i = 0; i < page_run.list.n; i++)
        if (strcmp(page_run.list.items[i].part, text_part) == 0) {
            disarrange(&page_run.list.items[i]);
            if (faults_of_page(view, kind) == 0)
                fail_msg("no fault of kind \"%s\" was found", kind);
            return;
        }
    fail_msg("no %s on the page", text_part);
}

static void to_its_neighbour(struct item *item)
{
    item->box.x = item[1].box.x;
    item->box.y = item[1].box.y;
}

static void to_the_edge(struct item *item)
{
    item->box.x = 1275;
}

static void upwards(struct item *item)
{
    item->box.y -= 40;
}

static void pale(struct item *item)
{
    item->fill = (struct colour){0x99, 0x99, 0x99, 255};
}

static void small(struct item *item)
{
    item->box.w = 3;
}

TEST(a_disarranged_page_is_found_out)
{
    OWN(test_view) v;
    test_view_open(&v, builtin_lessons[0]);
    v.state.cursor = (struct cursor){true, v.lesson.walk.steps[0].step, 0, 1, 1};
    finds_out(&v.view, "cell", to_its_neighbour, "texts overlap");
    finds_out(&v.view, "label.row", to_its_neighbour, "texts overlap");
    finds_out(&v.view, "hints", to_the_edge, "leaves the page");
    finds_out(&v.view, "card.value", upwards, "leaves its card");
    finds_out(&v.view, "cell", upwards, "leaves its grid");
    finds_out(&v.view, "narration", pale, "contrast");
    finds_out(&v.view, "cell", pale, "contrast");
    finds_out(&v.view, "hit", small, "too small");
}

int main(int argc, char **argv)
{
    test_part(argc, argv, &part, &parts);
    return test_run();
}

TEST_GROUP(page_run_begin, page_run_end)
