/* coloured_page.h: a page of a lesson's walk as it was built last, for tests of what its colours and digits say. */
#ifndef QKV_TESTS_COLOURED_PAGE_H
#define QKV_TESTS_COLOURED_PAGE_H

#include "test_view.h"

#include "scene/matrix.h"
#include "scene/scene.h"

static struct display_list page;

static inline void build(const struct view *view)
{
    scene_build(view, &fake_measure, &page);
    assert_false(page.failed);
}

static inline void finish_page(void)
{
    display_finish(&page);
}

/* The lesson's own steps, whatever comparison a stop opens. */
static inline void open_own(struct test_view *v, const char *name)
{
    test_view_open(v, name);
    v->state.compare = COMPARE_NONE;
}

static inline size_t walk_index(const struct walk *walk, const struct tape *tape, const char *name)
{
    for (size_t i = 0; i < walk->n; i++)
        if (strcmp(tape->steps[walk->steps[i].step].spec.name, name) == 0)
            return i;
    fail_msg("the walk has no step '%s'", name);
    return 0;
}

static inline void go(struct test_view *v, const char *step)
{
    v->state.position = walk_whole(&v->lesson.walk, walk_index(&v->lesson.walk, &v->lesson.tape, step));
}

/* Is it a matrix of which every cell is drawn? */
static inline bool is_cells(const struct item *item)
{
    return item->kind == ITEM_HEATMAP &&
           (strcmp(item->part, "matrix") == 0 || strcmp(item->part, "heads.picture") == 0) &&
           item->as.heatmap.block_rows <= 1 && item->as.heatmap.block_cols <= 1;
}

/* Is this written on the page, in texts of the part and (where it is not 0) of the group? */
static inline bool says(const char *part, int group, const char *words)
{
    for (size_t i = 0; i < page.n; i++)
        if (page.items[i].kind == ITEM_TEXT && strcmp(page.items[i].part, part) == 0 &&
            (group == 0 || page.items[i].group == group) && strstr(display_item_text(&page, &page.items[i]), words))
            return true;
    return false;
}

/* Lessons with signed numbers, shares, masks, pixels, several heads and long axes. */
static const struct {
    const char *name;
} coloured_lessons[] = {{"several-heads"},  {"alibi"},      {"causal-mask"}, {"linear-attention"},
                        {"image-patches"},  {"captioning"}, {"padding"},     {"grouped-heads"},
                        {"location-aware"}, {"big-bird"},   {"head-router"}, {"conformer"}};

#endif
