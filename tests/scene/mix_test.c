/* The way from one page to the next: it begins with the old page's matrices, ends with the new page, and what is on
 * both is one thing that moves. */
#include "test_view.h"

static struct display_list from, to, mixed;

static void build(struct test_view *v, size_t position, struct display_list *ret)
{
    v->state.position = position;
    scene_build(&v->view, &fake_measure, ret);
    assert_false(ret->failed);
}

static bool is_matrix(const struct item *item, int group)
{
    return item->kind == ITEM_HEATMAP && strcmp(item->part, "matrix") == 0 && item->group == group;
}

static const struct item *matrix_in(const struct display_list *list, int group)
{
    for (size_t i = 0; i < list->n; i++)
        if (is_matrix(&list->items[i], group))
            return &list->items[i];
    return NULL;
}

static bool moves(const struct item *a, const struct item *b)
{
    return a && b && a->as.heatmap.rows == b->as.heatmap.rows && a->as.heatmap.cols == b->as.heatmap.cols &&
           a->as.heatmap.row == b->as.heatmap.row && a->as.heatmap.col == b->as.heatmap.col &&
           a->as.heatmap.head == b->as.heatmap.head && a->as.heatmap.transposed == b->as.heatmap.transposed;
}

static void assert_same_box(struct rect got, struct rect want)
{
    const double hair = 0.01;
    assert_close((double)got.x, (double)want.x, hair);
    assert_close((double)got.y, (double)want.y, hair);
    assert_close((double)got.w, (double)want.w, hair);
    assert_close((double)got.h, (double)want.h, hair);
}

/* The drawings of a matrix that can be seen at all. */
static size_t seen(const struct display_list *list, int group, struct rect *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        if (is_matrix(&list->items[i], group) && list->colours[list->items[i].as.heatmap.at].a > 0) {
            *ret = list->items[i].box;
            n++;
        }
    return n;
}

static void check_start(void)
{
    scene_mix(&from, &to, 0, &mixed);
    assert_false(mixed.failed);
    for (size_t i = 0; i < from.n; i++) {
        const struct item *old = &from.items[i];
        struct rect box;
        if (!is_matrix(old, old->group) || matrix_in(&from, old->group) != old)
            continue;
        if (seen(&mixed, old->group, &box) == 0)
            fail_msg("the matrix of group %d vanishes at once", old->group);
        if (moves(old, matrix_in(&to, old->group)))
            assert_same_box(box, old->box);
    }
}

static void assert_mixed_at(float time, const struct display_list *wanted)
{
    scene_mix(&from, &to, time, &mixed);
    assert_same_list(&mixed, wanted);
}

static size_t check_identity(void)
{
    size_t moving = 0;
    for (int tenth = 1; tenth < 10; tenth += 2) {
        scene_mix(&from, &to, (float)tenth / 10, &mixed);
        for (size_t i = 0; i < to.n; i++) {
            const struct item *new = &to.items[i];
            struct rect box;
            if (!is_matrix(new, new->group) || !moves(matrix_in(&from, new->group), new))
                continue;
            if (seen(&mixed, new->group, &box) != 1)
                fail_msg("a matrix that is on both pages is drawn %zu times", seen(&mixed, new->group, &box));
            moving++;
        }
    }
    return moving;
}

TEST(every_change_of_step_keeps_what_stays)
{
    size_t moving = 0;
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(test_view) v;
        test_view_open(&v, builtin_lessons[i]);
        size_t p = walk_whole(&v.lesson.walk, 0);
        build(&v, p, &to);
        for (size_t next; (next = walk_forward(&v.lesson.walk, p, STRIDE_STEP)) != p; p = next) {
            const struct display_list was = from;
            from = to, to = was;
            build(&v, next, &to);
            check_start();
            assert_mixed_at(1, &to);
            moving += check_identity();
        }
    }
    assert_true(moving > 50);
}

TEST(time_before_the_start_and_after_the_end_is_held)
{
    OWN(test_view) v;
    test_view_open(&v, builtin_lessons[0]);
    build(&v, walk_whole(&v.lesson.walk, 1), &from);
    build(&v, walk_whole(&v.lesson.walk, 2), &to);
    PAGE start = {0};
    scene_mix(&from, &to, 0, &start);
    assert_mixed_at(-3, &start);
    assert_mixed_at(7, &to);
}
