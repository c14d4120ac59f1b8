/* The picture whole: its veil, its pixels and its ribbons are the tape's numbers. */
#include "scene/test_figure.h"

static const struct cursor *pointed_in(const struct item *item)
{
    const struct item *hit = display_at(&page, item->box.x + item->box.w / 2, item->box.y + item->box.h / 2).hit;
    assert_true(hit && hit->as.hit.command == CMD_CELL);
    return &hit->as.hit.cell;
}

static const struct {
    const char *name, *lesson;
} veiled[] = {{"patches look at patches", "image-patches"}, {"words look at regions", "captioning"}};

TEST_ROWS(the_veil_is_as_thick_as_the_weight_is_small, veiled, row)
{
    OWN(test_view) v;
    const struct tensor *weights = open_at(&v, row->lesson, "weights");
    const struct sequence *of = v.lesson.memory.regions ? &v.lesson.memory : &v.lesson.sentence;
    const size_t n = weights->axis[AXIS_COL].size;
    for (size_t word = 0; word < weights->axis[AXIS_ROW].size; word++) {
        double top = 0;
        size_t at = 0, veils = 0, i = 0;
        v.state.heads.word = word + 1;
        build_figure(&v);
        const struct item *picture = next("photograph.picture", &at), *veil;
        assert_non_null(picture);
        const double unit = (double)picture->box.w / of->picture.width;
        assert_close((double)picture->box.h, unit * of->picture.height, 0.5);
        for (size_t c = 0; c < n; c++)
            top = fmax(top, *tensor_at(weights, 0, word, c));
        for (; (veil = next("photograph.veil", &i)); veils++) {
            const struct region *part = &of->regions[veils];
            assert_int_equal(veil->fill.a, lround(PHOTOGRAPH_VEIL * (1 - *tensor_at(weights, 0, word, veils) / top)));
            assert_close((double)(veil->box.x - picture->box.x), unit * part->x, 0.5);
            assert_close((double)(veil->box.y - picture->box.y), unit * part->y, 0.5);
            assert_close((double)veil->box.w, unit * part->w, 0.5);
            assert_close((double)veil->box.h, unit * part->h, 0.5);
            assert_int_equal(pointed_in(veil)->row, word);
            assert_int_equal(pointed_in(veil)->col, veils);
        }
        assert_int_equal(veils, n);
    }
    finish_page();
}

/* Where the cell is pointed at in a matrix or a text, the part of the picture lights up. */
TEST(the_part_of_the_cell_pointed_at_is_lit)
{
    OWN(test_view) v;
    size_t at = 0;
    open_at(&v, "image-patches", "weights");
    v.state.cursor = (struct cursor){true, tape_find(&v.lesson.tape, "weights"), 0, 9, 5};
    build_figure(&v);
    const struct item *lit = next("figure.lit", &at);
    assert_non_null(lit);
    assert_int_equal(pointed_in(lit)->row, 9);
    assert_int_equal(pointed_in(lit)->col, 5);
    finish_page();
}

static const struct {
    const char *name, *lesson, *step;
    size_t colours;
} pixels[] = {
    {"the input", "image-patches", "X", 1},       {"what patches collected", "image-patches", "heads", 1},
    {"the values", "image-patches", "V", 1},      {"regions' colours", "captioning", "memory", 3},
    {"words' colours", "captioning", "heads", 3}, {"words' colours, side by side", "captioning", "concat", 3}};

TEST_ROWS(pixels_are_as_bright_as_their_numbers, pixels, row)
{
    OWN(test_view) v;
    const struct tensor *t = open_at(&v, row->lesson, row->step);
    size_t i = 0, n = 0;
    build_figure(&v);
    for (const struct item *pixel; (pixel = next("photograph.pixel", &i)); n++) {
        const double *of = &t->v[n * row->colours];
        assert_int_equal(pixel->fill.r, lround(of[0] * 255));
        assert_int_equal(pixel->fill.g, lround(of[row->colours / 2] * 255));
        assert_int_equal(pixel->fill.b, lround(of[row->colours - 1] * 255));
        const struct cursor *cell = pointed_in(pixel);
        assert_int_equal((cell->row * t->axis[AXIS_COL].size + cell->col) / row->colours, n);
    }
    assert_int_equal(n * row->colours, tensor_cells(t));
    finish_page();
}

TEST(ribbons_to_words_are_as_wide_as_the_weights)
{
    OWN(test_view) v;
    const struct tensor *weights = open_at(&v, "cross-modal", "weights");
    for (size_t word = 0; word < weights->axis[AXIS_ROW].size; word++) {
        size_t i = 0, n = 0;
        v.state.heads.word = word + 1;
        build_figure(&v);
        for (const struct item *ribbon; (ribbon = next("photograph.ribbon", &i)); n++) {
            const float width = (float)*tensor_at(weights, 0, word, n) * PHOTOGRAPH_RIBBON * view_scale(&v.view);
            assert_close((double)ribbon->stroke, fmax(0.75, (double)width), 0.5);
        }
        assert_int_equal(n, weights->axis[AXIS_COL].size);
    }
    finish_page();
}

TEST(bars_of_what_a_region_got_are_as_long_as_their_numbers)
{
    OWN(test_view) v;
    const struct tensor *got = open_at(&v, "cross-modal", "heads");
    const size_t window = 2;
    size_t i = 0, n = 0;
    double unit = 0;
    v.state.heads.word = window + 1;
    build_figure(&v);
    for (const struct item *bar; (bar = next("photograph.bar", &i)); n++)
        unit = fmax(unit, (double)bar->box.w / *tensor_at(got, 0, window, n));
    assert_int_equal(n, got->axis[AXIS_COL].size);
    for (i = n = 0; n < got->axis[AXIS_COL].size; n++)
        assert_close((double)next("photograph.bar", &i)->box.w, unit * *tensor_at(got, 0, window, n), 0.5);
    finish_page();
}
