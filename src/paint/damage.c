#include "paint/damage.h"

#include "base/array.h"
#include "paint/atlas.h"
#include "paint/shapes.h"

#include <stdlib.h>
#include <string.h>

void drawing_finish(struct drawing *drawing)
{
    free(drawing->v);
    *drawing = (struct drawing){0};
}

/* ---- hashes ---- */

/* The members that are seen, and no padding between them. */
static uint64_t hash_common(const struct item *item)
{
    const struct {
        struct rect box;
        float stroke, radius;
        struct colour fill, border;
    } seen = {item->box, item->stroke, item->radius, item->fill, item->border};
    _Static_assert(sizeof seen == 8 * sizeof(float), "nothing between the members");
    return hash_key((uint64_t)item->kind, &seen, sizeof seen);
}

static uint64_t hash_item(const struct display_list *list, const struct item *item)
{
    uint64_t hash = hash_common(item);
    const char *text = display_item_text(list, item);
    switch (item->kind) {
    case ITEM_TEXT:
        hash = hash_key(hash, &item->as.text.size, sizeof item->as.text.size);
        hash = hash_key(hash, text, strlen(text));
        return hash_key(hash, &(uint64_t){(uint64_t)item->as.text.face << 1 | item->as.text.upwards}, 8);
    case ITEM_HEATMAP:
        hash = hash_key(hash, &(uint64_t[]){item->as.heatmap.rows, item->as.heatmap.cols}, 16);
        hash = hash_key(hash, &item->as.heatmap.gap, sizeof item->as.heatmap.gap);
        hash = hash_key(hash, &(struct rect[]){heatmap_whole(item)}, sizeof(struct rect));
        return hash_key(hash, list->colours + item->as.heatmap.at,
                        item->as.heatmap.rows * item->as.heatmap.cols * sizeof *list->colours);
    case ITEM_POLYGON:
        hash = hash_key(hash, item->as.polygon.x, (size_t)item->as.polygon.n * sizeof(float));
        return hash_key(hash, item->as.polygon.y, (size_t)item->as.polygon.n * sizeof(float));
    case ITEM_CURVE:
        return hash_key(hash, list->points + item->as.curve.at, item->as.curve.n * sizeof *list->points);
    case ITEM_BOX:
    case ITEM_LINE:
    case ITEM_HIT:
        break;
    }
    return hash;
}

static bool is_seen(const struct display_list *list, const struct item *item)
{
    return item->kind == ITEM_HEATMAP   ? shape_heatmap_is_whole(list, item)
           : item->kind == ITEM_POLYGON ? shape_polygon_is_sane(item)
           : item->kind == ITEM_CURVE   ? shape_curve_is_sane(list, item)
                                        : item->kind != ITEM_HIT;
}

bool drawing_list(struct drawing *drawing, const struct display_list *list)
{
    drawing->n = 0;
    drawing->whole = false;
    drawing->background = list->background;
    if (!array_reserve(&drawing->v, &drawing->capacity, list->n, sizeof *drawing->v))
        return false;
    for (size_t i = 0; i < list->n; i++)
        if (is_seen(list, &list->items[i]))
            drawing->v[drawing->n++] = (struct drawn){.hash = hash_item(list, &list->items[i]), .item = i};
    return true;
}

/* ---- matching ---- */

static void keep(struct drawn *last, struct drawn *next)
{
    next->extent = last->extent;
    last->kept = next->kept = next->known = true;
}

struct place {
    uint64_t hash;
    size_t at;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return x->hash != y->hash ? (x->hash > y->hash) - (x->hash < y->hash) : (x->at > y->at) - (x->at < y->at);
}

/* Items from..end-1, those with the same hash behind each other. */
static void sort_places(const struct drawing *drawing, size_t from, size_t end, struct place *ret)
{
    for (size_t i = from; i < end; i++)
        ret[i - from] = (struct place){drawing->v[i].hash, i};
    qsort(ret, end - from, sizeof *ret, compare_places);
}

/* For each item of `next` one of `last` with its hash, or SIZE_MAX: the k-th of equal ones for the k-th. */
static void pair(const struct place *last, size_t n_last, const struct place *next, size_t n_next, size_t from,
                 size_t *ret)
{
    for (size_t i = 0, j = 0; j < n_next; j++) {
        while (i < n_last && last[i].hash < next[j].hash)
            i++;
        bool same = i < n_last && last[i].hash == next[j].hash;
        ret[next[j].at - from] = same ? last[i++].at : SIZE_MAX;
    }
}

/* Keep the longest chain of pairs that are in order in both: `ends[k]` is the pair that a chain of k + 1 ends with, of
 * those the one that ends earliest in `last`; `before` is the one before it in its chain. */
static void keep_in_order(struct drawing *last, struct drawing *next, size_t from, const size_t *mate, size_t n,
                          size_t *ends, size_t *before)
{
    size_t length = 0;
    for (size_t j = 0; j < n; j++) {
        size_t low = 0, high = length;
        if (mate[j] == SIZE_MAX)
            continue;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (mate[ends[middle]] < mate[j])
                low = middle + 1;
            else
                high = middle;
        }
        before[j] = low > 0 ? ends[low - 1] : SIZE_MAX;
        ends[low] = j;
        length += low == length;
    }
    for (size_t j = length ? ends[length - 1] : SIZE_MAX; j != SIZE_MAX; j = before[j])
        keep(&last->v[mate[j]], &next->v[from + j]);
}

bool drawing_match(struct drawing *last, struct drawing *next)
{
    size_t from = 0, last_end = last->n, next_end = next->n;
    if (memcmp(&last->background, &next->background, sizeof last->background) != 0)
        return false;
    for (size_t i = 0; i < last->n; i++)
        last->v[i].kept = false;
    for (; from < last_end && from < next_end && last->v[from].hash == next->v[from].hash; from++)
        keep(&last->v[from], &next->v[from]);
    for (; last_end > from && next_end > from && last->v[last_end - 1].hash == next->v[next_end - 1].hash;
         last_end--, next_end--)
        keep(&last->v[last_end - 1], &next->v[next_end - 1]);
    size_t n_last = last_end - from, n = next_end - from;
    if (n_last == 0 || n == 0)
        return true;
    struct place *places = malloc((n_last + n) * sizeof *places);
    size_t *numbers = malloc(3 * n * sizeof *numbers);
    if (places && numbers) {
        sort_places(last, from, last_end, places);
        sort_places(next, from, next_end, places + n_last);
        pair(places, n_last, places + n_last, n, from, numbers);
        keep_in_order(last, next, from, numbers, n, numbers + n, numbers + 2 * n);
    }
    bool done = places && numbers;
    free(places);
    free(numbers);
    return done;
}

/* ---- rectangles ---- */

static long long area(SDL_Rect r)
{
    return (long long)r.w * r.h;
}

/* Pixels that are drawn in vain when both are drawn as one. */
static long long waste(SDL_Rect a, SDL_Rect b)
{
    SDL_Rect both;
    SDL_UnionRect(&a, &b, &both);
    return area(both) - area(a) - area(b);
}

/* Rectangles that are near each other become one: each costs a walk over all items. */
static int add_rect(SDL_Rect *rects, int n, SDL_Rect rect)
{
    enum { WALK = 4096 }; /* pixels that are drawn in the time of that */
    for (int i = 0; i < n; i++)
        if (waste(rects[i], rect) <= WALK) {
            SDL_UnionRect(&rects[i], &rect, &rect);
            rects[i] = rects[--n];
            i = -1; /* what has grown may be near others now */
        }
    if (n == DAMAGE_MAX) {
        int nearest = 0;
        for (int i = 1; i < n; i++)
            if (waste(rects[i], rect) < waste(rects[nearest], rect))
                nearest = i;
        SDL_UnionRect(&rects[nearest], &rect, &rects[nearest]);
        return n;
    }
    rects[n] = rect;
    return n + 1;
}

static int add_changed(const struct drawing *drawing, SDL_Rect all, SDL_Rect *rects, int n)
{
    SDL_Rect part;
    for (size_t i = 0; i < drawing->n; i++)
        if (!drawing->v[i].kept && SDL_IntersectRect(&drawing->v[i].extent, &all, &part))
            n = add_rect(rects, n, part);
    return n;
}

int drawing_damage(const struct drawing *last, const struct drawing *next, SDL_Rect all, SDL_Rect *ret)
{
    int n = add_changed(next, all, ret, add_changed(last, all, ret, 0));
    long long sum = 0;
    for (int i = 0; i < n; i++)
        sum += area(ret[i]);
    if (sum <= area(all) / 4 * 3)
        return n;
    ret[0] = all;
    return 1;
}
