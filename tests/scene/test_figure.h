/* test_figure.h: the picture of a stop, as large as the page, and its parts, for tests of pictures. */
#ifndef QKV_TESTS_TEST_FIGURE_H
#define QKV_TESTS_TEST_FIGURE_H

#include "scene/test_view.h"

#include "scene/figure.h"
#include "scene/scene.h"

static struct display_list page;

static inline void finish_page(void)
{
    display_finish(&page);
}

/* At stop `stop` (from 0) of this step. */
static inline void open_figure(struct test_view *v, const char *lesson, const char *step, size_t stop)
{
    test_view_open(v, lesson);
    int at = walk_find(&v->lesson.walk, tape_find(&v->lesson.tape, step));
    assert_true(at >= 0);
    v->state.position = walk_whole(&v->lesson.walk, (size_t)at) + stop;
    v->state.figure = FIGURE_LARGE;
}

static inline void build_figure(const struct test_view *v)
{
    scene_build(&v->view, &fake_measure, &page);
    assert_false(page.failed);
}

static inline const struct tensor *tensor_of(const struct test_view *v, const char *step)
{
    int at = tape_find(&v->lesson.tape, step);
    assert_true(at >= 0);
    return &v->lesson.tape.steps[at].value;
}

/* The step's tensor, where the walk stands at its first stop. */
static inline const struct tensor *open_at(struct test_view *v, const char *lesson, const char *step)
{
    open_figure(v, lesson, step, 0);
    return tensor_of(v, step);
}

/* The next item of this part after *i, or NULL. */
static inline const struct item *next(const char *part, size_t *i)
{
    while (*i < page.n)
        if (strcmp(page.items[(*i)++].part, part) == 0)
            return &page.items[*i - 1];
    return NULL;
}

static inline bool is_part(const struct item *item, const char *part)
{
    return strcmp(item->part, part) == 0;
}

/* The `n`th item (from 0) of this kind and name; NULL: there are fewer. */
static inline const struct item *nth_part(enum item_kind kind, const char *part, size_t n)
{
    for (size_t i = 0; i < page.n; i++)
        if (page.items[i].kind == kind && is_part(&page.items[i], part) && n-- == 0)
            return &page.items[i];
    return NULL;
}

static inline size_t count_parts(enum item_kind kind, const char *part)
{
    size_t n = 0;
    while (nth_part(kind, part, n))
        n++;
    return n;
}

static inline struct point middle_of(const struct item *item)
{
    return (struct point){item->box.x + item->box.w / 2, item->box.y + item->box.h / 2};
}

/* What stands for a cell at this point; NULL: nothing. */
static inline const struct hit *cell_at(struct point p)
{
    const struct item *hit = display_at(&page, p.x, p.y).hit;
    return hit && hit->as.hit.command == CMD_CELL ? &hit->as.hit : NULL;
}

#endif
