/* Pixels of a large matrix, whole and in parts, and the means that they show. */
#include "test_app.h"

#include "lesson/analysis/pyramid.h"
#include "paint/paint.h"

#include <stdlib.h>

enum { TOKENS = 600 };

static struct fonts *fonts;
static struct painter *painter;
static struct app app;
static struct display_list scratch;

static void open_large(void)
{
    struct str state = {0};
    str_add(&state, "at=masked weights=\"{source: random, seed: 7, d_model: 8, d_k: 4, d_v: 4}\" sentence=\"");
    for (size_t i = 0; i < TOKENS; i++)
        str_add(&state, i % 7 == 3 ? "cat " : i % 5 == 2 ? "it " : "the ");
    str_add(&state, "\"");
    assert_ok(fonts_new(&fonts));
    assert_ok(painter_new(NULL, fonts, &painter));
    assert_ok(app_init(&app, "causal-mask", str_text(&state), fonts_measure(fonts)));
    app.state.motion = false;
    str_finish(&state);
}

static void close_large(void)
{
    display_finish(&scratch);
    painter_free(painter);
    app_finish(&app);
    fonts_free(fonts);
}

/* What is drawn of a step's first plane: the list's item and the page's pixels. */
struct drawn_page {
    struct raster raster;
    const struct item *map;
    const struct tensor *value;
    double most; /* of all its numbers: the end of the scale */
};

static void drawn_page_finish(struct drawn_page *p)
{
    free(p->raster.v);
}

static struct drawn_page draw(int width, int height)
{
    struct drawn_page p = {.raster = {.w = width, .h = height, .stride = (size_t)width}};
    app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = (float)width, .y = (float)height});
    app.dirty = true;
    const struct display_list *list = app_draw(&app, &scratch);
    int step = view_step(VIEW(&app));
    p.value = &view_tape(VIEW(&app))->steps[step].value;
    p.raster.v = calloc((size_t)width * (size_t)height, sizeof *p.raster.v);
    assert_non_null(p.raster.v);
    painter_aim(painter, p.raster);
    assert_ok(painter_draw(painter, list));
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].kind == ITEM_HEATMAP && strcmp(list->items[i].part, "matrix") == 0 &&
            list->items[i].as.heatmap.step == step && list->items[i].as.heatmap.head == 0)
            p.map = &list->items[i];
    assert_non_null(p.map);
    for (size_t i = 0; i < tensor_cells(p.value); i++)
        p.most = fmax(p.most, isfinite(p.value->v[i]) ? fabs(p.value->v[i]) : 0);
    return p;
}

/* The block of cells that a pixel's middle lies in: from, to. */
static void block_under(int pixel, float start, float length, size_t first, size_t shown, size_t block,
                        size_t *ret_from, size_t *ret_to)
{
    double share = ((double)pixel + 0.5 - (double)start) / (double)length;
    size_t cell = first + (size_t)(fmin(fmax(share, 0), 0.999999) * (double)shown);
    *ret_from = cell / block * block;
    *ret_to = *ret_from + block < TOKENS ? *ret_from + block : TOKENS;
}

static struct colour colour_of_mean(const struct drawn_page *p, size_t top, size_t foot, size_t left, size_t right)
{
    double sum = 0, n = 0;
    bool turned = p->map->as.heatmap.transposed;
    for (size_t r = top; r < foot; r++)
        for (size_t c = left; c < right; c++) {
            double x = turned ? *tensor_at(p->value, 0, c, r) : *tensor_at(p->value, 0, r, c);
            sum += isfinite(x) ? x : 0;
            n += isfinite(x);
        }
    return n > 0 ? value_colour(&theme_table[app.state.theme], SCALE_SIGNED, p->most, sum / n)
                 : theme_table[app.state.theme].blocked;
}

static const struct look {
    const char *name;
    int width, height;
    size_t row, rows, col, cols; /* rows 0: all */
    bool columns;
    size_t block; /* at least, of rows */
} looks[] = {
    {"all of it", 1280, 800, 0, 0, 0, 0, false, 1},
    {"all of it on a small page", 640, 480, 0, 0, 0, 0, false, 4},
    {"all of it, tokens as columns", 640, 480, 0, 0, 0, 0, true, 4},
    {"all of it on a large page", 1920, 1080, 0, 0, 0, 0, false, 1},
    {"a part that begins within a block", 640, 480, 33, 400, 101, 421, false, 2},
    {"a part that begins within a block, tokens as columns", 640, 480, 33, 400, 101, 421, true, 2},
    {"the last rows and columns", 640, 480, 171, 429, 222, 378, false, 2},
    {"a wide part", 640, 480, 5, 41, 3, 590, false, 1},
    {"cells of some pixels", 1280, 800, 301, 90, 200, 70, false, 1},
};

TEST_ROWS(a_pixel_has_the_colour_of_the_true_mean_of_its_block, looks, look)
{
    app.state.columns = look->columns;
    app.state.zoom = (struct zoom){0};
    if (look->rows)
        zoom_set(VIEW(&app), &app.state.zoom, (struct section){look->row, look->rows},
                 (struct section){look->col, look->cols});
    __attribute__((cleanup(drawn_page_finish))) struct drawn_page p = draw(look->width, look->height);
    const struct item *map = p.map;
    const struct rect box = map->box;
    size_t down = map->as.heatmap.block_rows, across = map->as.heatmap.block_cols, seen = 0;
    float cell_h = box.h / (float)map->as.heatmap.row_n, cell_w = box.w / (float)map->as.heatmap.col_n;
    /* A square is at least a pixel, and no larger than it has to be. */
    assert_true(down >= look->block && (down & (down - 1)) == 0 && (across & (across - 1)) == 0);
    assert_true(cell_h * (float)down >= 1 && (down == 1 || cell_h * (float)down < 2));
    assert_true(cell_w * (float)across >= 1 && (across == 1 || cell_w * (float)across < 2));
    for (int y = (int)ceilf(box.y) + 1; y < (int)floorf(box.y + box.h) - 1; y += 7)
        for (int x = (int)ceilf(box.x) + 1; x < (int)floorf(box.x + box.w) - 1; x += 5, seen++) {
            size_t top, foot, left, right;
            block_under(y, box.y, box.h, map->as.heatmap.row, map->as.heatmap.row_n, down, &top, &foot);
            block_under(x, box.x, box.w, map->as.heatmap.col, map->as.heatmap.col_n, across, &left, &right);
            struct colour want = colour_of_mean(&p, top, foot, left, right);
            uint32_t got = p.raster.v[(size_t)y * p.raster.stride + (size_t)x] & 0xFFFFFF;
            uint32_t wanted = (uint32_t)want.r << 16 | (uint32_t)want.g << 8 | want.b;
            if (got != wanted)
                fail_msg("pixel %d, %d is %06X, the mean of rows %zu to %zu, columns %zu to %zu is %06X", x, y, got,
                         top, foot - 1, left, right - 1, wanted);
        }
    assert_true(seen > 100);
}

TEST(a_part_that_is_moved_shows_the_same_blocks)
{
    app.state.columns = false;
    app.state.zoom = (struct zoom){0};
    zoom_set(VIEW(&app), &app.state.zoom, (struct section){40, 400}, (struct section){40, 400});
    struct drawn_page before = draw(640, 480);
    struct item map = *before.map;
    struct colour square = app.page.colours[map.as.heatmap.at + 3 * map.as.heatmap.cols + 2];
    size_t block = map.as.heatmap.block_rows;
    assert_true(block >= 2);
    zoom_pan(VIEW(&app), &app.state.zoom, 1,
             1); /* less than a block: the first square is cut, the others are the same */
    struct drawn_page after = draw(640, 480);
    struct colour moved = app.page.colours[after.map->as.heatmap.at + 3 * after.map->as.heatmap.cols + 2];
    assert_int_equal(after.map->as.heatmap.row, 41);
    assert_memory_equal(&square, &moved, sizeof square);
    assert_true(heatmap_cell(after.map, 0, 0).h < heatmap_cell(after.map, 1, 0).h);
    drawn_page_finish(&before);
    drawn_page_finish(&after);
}

TEST(what_is_pointed_at_is_named_with_the_cells_that_its_square_is_the_mean_of)
{
    app.state.columns = false;
    app.state.zoom = (struct zoom){0};
    struct drawn_page p = draw(640, 480);
    size_t block = p.map->as.heatmap.block_rows, across = p.map->as.heatmap.block_cols;
    assert_true(block >= 4 && across >= 4);
    struct rect place = heatmap_place(p.map, 301, 203);
    struct cursor at = display_at(&app.page, place.x + place.w / 2, place.y + place.h / 2).cell;
    assert_true(at.on && at.row == 301 && at.col == 203);
    app_update(&app, (struct action){.kind = ACTION_POINT, .x = place.x + place.w / 2, .y = place.y + place.h / 2});
    app_draw(&app, &scratch);
    char wanted[100];
    snprintf(wanted, sizeof wanted, "rows %zu to %zu, columns %zu to %zu", 301 / block * block + 1,
             301 / block * block + block, 203 / across * across + 1, 203 / across * across + across);
    OWN(str) said = {0};
    for (size_t k = 0; k < app.page.n; k++)
        if (strcmp(app.page.items[k].part, "zoom.means") == 0)
            str_add(&said, display_item_text(&app.page, &app.page.items[k]));
    if (!strstr(str_text(&said), wanted))
        fail_msg("\"%s\" does not say \"%s\"", str_text(&said), wanted);
    drawn_page_finish(&p);
}

TEST(sums_of_blocks_are_those_of_their_cells)
{
    enum { ROWS = 53, COLS = 70 };
    double *v = malloc(ROWS * COLS * sizeof *v);
    assert_non_null(v);
    uint64_t luck = 5;
    for (size_t i = 0; i < ROWS * COLS; i++)
        v[i] = chance(&luck, 6) == 0 ? -INFINITY : (double)chance(&luck, 1000) - 400;
    for (int mask = 0; mask < 2; mask++) {
        struct pyramid *p = pyramid_new(v, ROWS, COLS, mask);
        assert_non_null(p);
        for (size_t down = 4; down <= 128; down *= 2)
            for (size_t across = 4; across <= 128; across *= 2)
                for (size_t at = 0; at * down < ROWS && at * across < COLS; at++) {
                    double sum = 0;
                    size_t n = 0;
                    for (size_t r = at * down; r < (at + 1) * down && r < ROWS; r++)
                        for (size_t c = at * across; c < (at + 1) * across && c < COLS; c++)
                            if (isfinite(v[r * COLS + c]))
                                sum += mask ? v[r * COLS + c] != 0 : v[r * COLS + c], n++;
                    struct block_sum got = pyramid_sum(p, down, across, at, at);
                    assert_int_equal(got.n, n);
                    assert_true(got.sum == sum); /* whole numbers: exact in any order */
                }
        pyramid_free(p);
    }
    free(v);
}

TEST_GROUP(open_large, close_large)
