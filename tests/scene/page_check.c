#include "page_check.h"

#include "support/check.h"
#include "support/page.h"

#include "scene/command.h"
#include "scene/scene.h"
#include "scene/theme.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct checking {
    const struct display_list *list;
    page_fault *fault;
    void *context;
};

static void report(const struct checking *c, const char *format, ...) QKV_PRINTF(2, 3);
static void report(const struct checking *c, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    c->fault(c->context, text);
}

static const char *text_of(const struct checking *c, const struct item *item)
{
    return display_item_text(c->list, item);
}

static struct rect ink_of(const struct item *item)
{
    float above = 0.2f * item->as.text.size, band = 0.95f * item->as.text.size;
    if (item->as.text.upwards)
        return (struct rect){item->box.x + above, item->box.y, band, item->box.h};
    return (struct rect){item->box.x, item->box.y + above, item->box.w, band};
}

/* The smaller of the widths by which they overlap; 0 or less: they do not. */
static float overlap(struct rect a, struct rect b)
{
    float x = fminf(a.x + a.w, b.x + b.w) - fmaxf(a.x, b.x), y = fminf(a.y + a.h, b.y + b.h) - fmaxf(a.y, b.y);
    return fminf(x, y);
}

/* Where the card, or a message, lies that covers the words under it; list->n: there is none. */
static size_t find_cover(const struct display_list *list)
{
    size_t at = 0;
    while (at < list->n && strcmp(list->items[at].part, "card.over") != 0 &&
           strcmp(list->items[at].part, "message.over") != 0)
        at++;
    return at;
}

/* A text of the list and where it is inked. */
struct inked {
    const struct item *item;
    struct rect ink;
};

static int higher_first(const void *a, const void *b)
{
    float x = ((const struct inked *)a)->ink.y, y = ((const struct inked *)b)->ink.y;
    return (x > y) - (x < y);
}

/* Is one of them below the card that covers it, and the other on it? */
static bool is_covered(const struct display_list *list, const struct item *cover, const struct inked *a,
                       const struct inked *b)
{
    const struct inked *over = a->item > b->item ? a : b, *under = over == a ? b : a;
    return cover < list->items + list->n && under->item < cover && cover < over->item &&
           overlap(over->ink, cover->box) > 1;
}

/* Of the texts from the top of the page to its foot, each is compared with those that begin above its own end. */
static void check_overlaps(const struct checking *c)
{
    const float touching = 1;
    const struct item *cover = c->list->items + find_cover(c->list);
    struct inked *texts = calloc(c->list->n + 1, sizeof *texts);
    size_t n = 0;
    assert_non_null(texts);
    for (size_t i = 0; i < c->list->n; i++)
        if (c->list->items[i].kind == ITEM_TEXT)
            texts[n++] = (struct inked){&c->list->items[i], ink_of(&c->list->items[i])};
    qsort(texts, n, sizeof *texts, higher_first);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n && texts[k].ink.y < texts[i].ink.y + texts[i].ink.h; k++)
            if (overlap(texts[i].ink, texts[k].ink) > touching && !is_covered(c->list, cover, &texts[i], &texts[k]))
                report(c, "texts overlap: %s \"%s\" at %.0f,%.0f and %s \"%s\" at %.0f,%.0f", texts[i].item->part,
                       text_of(c, texts[i].item), (double)texts[i].ink.x, (double)texts[i].ink.y, texts[k].item->part,
                       text_of(c, texts[k].item), (double)texts[k].ink.x, (double)texts[k].ink.y);
    free(texts);
}

/* A number can be read where no bar of a figure runs through it. */
static void check_bars(const struct checking *c)
{
    const struct display_list *list = c->list;
    const float touching = 1;
    for (size_t i = 0; i < list->n; i++) {
        const struct item *bar = &list->items[i];
        size_t n = bar->kind == ITEM_BOX ? strlen(bar->part) : 0;
        if (n < 4 || strcmp(bar->part + n - 4, ".bar") != 0)
            continue;
        for (size_t k = 0; k < list->n; k++)
            if (list->items[k].kind == ITEM_TEXT && overlap(ink_of(&list->items[k]), bar->box) > touching)
                report(c, "%s runs through %s \"%s\" at %.0f,%.0f", bar->part, list->items[k].part,
                       text_of(c, &list->items[k]), (double)bar->box.x, (double)bar->box.y);
    }
}

static bool inside(struct rect inner, struct rect outer, float by)
{
    return inner.x >= outer.x - by && inner.y >= outer.y - by && inner.x + inner.w <= outer.x + outer.w + by &&
           inner.y + inner.h <= outer.y + outer.h + by;
}

static void check_edges(const struct checking *c)
{
    const float hair = 0.5f;
    for (size_t i = 0; i < c->list->n; i++) {
        const struct item *item = &c->list->items[i];
        struct rect box = item->kind == ITEM_TEXT ? ink_of(item) : item->box;
        if (item->kind != ITEM_LINE && !(item->box.w >= 0 && item->box.h >= 0))
            report(c, "%s has a size below 0: %.1f x %.1f", item->part, (double)item->box.w, (double)item->box.h);
        if (!inside(box, c->list->page, hair))
            report(c, "%s \"%s\" leaves the page: %.0f,%.0f %.0f x %.0f", item->part, text_of(c, item), (double)box.x,
                   (double)box.y, (double)box.w, (double)box.h);
    }
}

/* ---- texts in their boxes ---- */

/* "card*" is every part that begins with "card". */
static bool is_part(const char *part, const char *pattern)
{
    for (; *pattern && *pattern != '*'; part++, pattern++)
        if (*part != *pattern)
            return false;
    return *pattern == '*' || *part == '\0';
}

/* Which box a text belongs into: the last one before it of this part. */
static const struct {
    const char *text, *box;
} belongings[] = {
    {"card.*", "card"},           {"card.*", "card.pinned"},
    {"narration*", "panel"},      {"try", "panel"},
    {"formula*", "panel"},        {"stage", "panel"},
    {"claim", "panel"},           {"head", "panel"},
    {"counter.cell", "panel"},    {"header.*", "header"},
    {"lesson.title", "header"},   {"logo", "header"},
    {"field.text", "field"},      {"field.hint", "field.hints"},
    {"hints", "controls"},        {"hints", "message.over"},
    {"controls.*", "controls"},   {"speed.*", "controls"},
    {"button.label", "button"},   {"button.label", "button.lit"},
    {"rail.label", "rail.here"},  {"rail.label", "rail.done"},
    {"rail.label", "rail.ahead"}, {"cell", "grid"},
    {"settings.*", "panel"},      {"lessons.*", "lessons.line"},
};

enum { BELONGINGS = sizeof belongings / sizeof belongings[0] };
_Static_assert(BELONGINGS <= 32, "a row is a bit");

/* The rows that a text or a box is of, a bit each. */
static uint32_t rows_of(const struct item *item)
{
    uint32_t rows = 0;
    if (item->kind != ITEM_TEXT && item->kind != ITEM_BOX)
        return 0;
    for (size_t b = 0; b < BELONGINGS; b++)
        if (is_part(item->part, item->kind == ITEM_TEXT ? belongings[b].text : belongings[b].box))
            rows |= 1u << b;
    return rows;
}

/* `box`: the last box of each row so far. */
static void check_belonging(const struct checking *c, const struct item *item, uint32_t rows,
                            const struct item *const box[BELONGINGS])
{
    const float hair = 1.5f;
    const struct item *last = NULL;
    for (size_t b = 0; b < BELONGINGS; b++)
        if ((rows & 1u << b) && box[b] && (!last || box[b] > last))
            last = box[b];
    if (!last || inside(ink_of(item), last->box, hair))
        return;
    report(c, "%s \"%s\" leaves its %s: %.0f,%.0f %.0f x %.0f in %.0f,%.0f %.0f x %.0f", item->part, text_of(c, item),
           last->part, (double)item->box.x, (double)item->box.y, (double)item->box.w, (double)item->box.h,
           (double)last->box.x, (double)last->box.y, (double)last->box.w, (double)last->box.h);
}

static void check_belongings(const struct checking *c)
{
    const struct item *panel = NULL, *before = NULL, *box[BELONGINGS] = {NULL};
    uint32_t rows = 0;
    for (size_t i = 0; i < c->list->n; before = &c->list->items[i++]) {
        const struct item *item = &c->list->items[i];
        /* Neighbours are mostly of one part. */
        if (!before || before->part != item->part || before->kind != item->kind)
            rows = rows_of(item);
        if (item->kind == ITEM_TEXT && rows)
            check_belonging(c, item, rows, box);
        if (item->kind != ITEM_BOX)
            continue;
        for (size_t b = 0; b < BELONGINGS; b++)
            if (rows & 1u << b)
                box[b] = item;
        if (strcmp(item->part, "panel") == 0)
            panel = item;
        if (panel && (strcmp(item->part, "card") == 0 || strcmp(item->part, "card.pinned") == 0) &&
            !inside(item->box, panel->box, 1))
            report(c, "%s leaves the panel: %.0f,%.0f %.0f x %.0f", item->part, (double)item->box.x,
                   (double)item->box.y, (double)item->box.w, (double)item->box.h);
    }
}

/* ---- contrast ---- */

/* What lies beneath: the items that cover what is below them, from below; n of them. */
struct grounds {
    const struct item **v;
    size_t n;
};

/* The colour under a point, above all grounds so far. */
static struct colour ground_at(const struct display_list *list, const struct grounds *grounds, float x, float y)
{
    for (size_t i = grounds->n; i-- > 0;) {
        const struct item *item = grounds->v[i];
        if (!rect_holds(item->box, x, y))
            continue;
        if (item->kind == ITEM_BOX)
            return item->fill;
        size_t rows = item->as.heatmap.rows, cols = item->as.heatmap.cols;
        size_t row = (size_t)((y - item->box.y) / item->box.h * (float)rows);
        size_t col = (size_t)((x - item->box.x) / item->box.w * (float)cols);
        if (row < rows && col < cols && rect_holds(heatmap_cell(item, row, col), x, y))
            return list->colours[item->as.heatmap.at + row * cols + col];
    }
    return list->background;
}

/* Most texts stand on the same ground as the text before. */
static float contrast_of(struct colour fill, struct colour ground)
{
    static struct colour known[2];
    static float contrast;
    if (contrast == 0 || memcmp(&known[0], &fill, sizeof fill) != 0 || memcmp(&known[1], &ground, sizeof ground) != 0) {
        known[0] = fill, known[1] = ground;
        contrast = colour_contrast(fill, ground);
    }
    return contrast;
}

static void check_text_contrast(const struct checking *c, const struct item *item, const struct grounds *grounds)
{
    struct rect ink = ink_of(item);
    for (int part = 1; part < 4; part++) {
        float x = ink.x + ink.w * (float)part / 4, y = ink.y + ink.h / 2;
        if (item->as.text.upwards)
            x = ink.x + ink.w / 2, y = ink.y + ink.h * (float)part / 4;
        struct colour ground = ground_at(c->list, grounds, x, y);
        float contrast = contrast_of(item->fill, ground);
        if (contrast >= 4.5f && item->fill.a == 255)
            continue;
        report(c, "%s \"%s\" has a contrast of %.2f: %02X%02X%02X on %02X%02X%02X", item->part, text_of(c, item),
               (double)contrast, item->fill.r, item->fill.g, item->fill.b, ground.r, ground.g, ground.b);
        return;
    }
}

static void check_contrast(const struct checking *c)
{
    struct grounds grounds = {.v = calloc(c->list->n + 1, sizeof *grounds.v)};
    assert_non_null(grounds.v);
    for (size_t i = 0; i < c->list->n; i++) {
        const struct item *item = &c->list->items[i];
        if (item->kind == ITEM_TEXT)
            check_text_contrast(c, item, &grounds);
        if (item->kind == ITEM_HEATMAP || (item->kind == ITEM_BOX && item->fill.a == 255))
            grounds.v[grounds.n++] = item;
    }
    free(grounds.v);
}

/* ---- what can be pointed at ---- */

static void check_targets(const struct checking *c, float unit)
{
    for (size_t i = 0; i < c->list->n; i++) {
        const struct item *item = &c->list->items[i];
        if (item->kind != ITEM_HIT)
            continue;
        /* Below the smallest window everything shrinks, targets too. The line that reads on is as high as its text, and
         * a number or a term in a text as large as it is; a point of a curve is at least told from its neighbours,
         * and so is a part of a picture that stands for a cell. */
        float least = (item->as.hit.command == CMD_LIVE          ? 5
                       : item->as.hit.command == CMD_TERM        ? 5
                       : item->as.hit.command == CMD_COSTS_POINT ? 5
                       : item->as.hit.command == CMD_CELL        ? 5
                       : item->as.hit.command == CMD_READ_ON     ? 16
                                                                 : 24) *
                      fminf(unit, 1);
        if (item->box.w < least - 0.5f || item->box.h < least - 0.5f)
            report(c, "a target is too small: command %d argument %d, %.1f x %.1f at %.0f,%.0f", item->as.hit.command,
                   item->as.hit.argument, (double)item->box.w, (double)item->box.h, (double)item->box.x,
                   (double)item->box.y);
    }
}

void page_check(const struct display_list *list, float unit, page_fault *fault, void *context)
{
    struct checking c = {list, fault, context};
    if (list->failed)
        report(&c, "the page is not whole");
    check_overlaps(&c);
    check_bars(&c);
    check_edges(&c);
    check_belongings(&c);
    check_contrast(&c);
    check_targets(&c, unit);
}

/* ---- many pages ---- */

struct page_run page_run;

struct where {
    const struct view *view;
    const char *variant;
};

static void tell(void *context, const char *fault)
{
    enum { TOLD_MOST = 40 };
    const struct where *w = context;
    const struct view *v = w->view;
    struct place place = walk_place(v->walk, v->state->position);
    if (page_run.faults++ < TOLD_MOST)
        print_error("%s, %s%s (position %zu), %s, %.0f x %.0f, density %g, scale %d, %s, \"%.200s\":\n    %s\n",
                    v->lesson->name, v->lesson->tape.steps[v->walk->steps[place.at].step].spec.name,
                    place.whole ? "" : " in part", v->state->position, w->variant, (double)v->width, (double)v->height,
                    (double)v->density, v->state->scale, theme_table[v->state->theme].name,
                    v->field.on ? str_text(&v->field.text) : v->lesson->sentence.text, fault);
}

void page_run_begin(void)
{
    assert_ok(fonts_new(&page_run.fonts));
}

void page_run_check(const struct view *view, const char *variant)
{
    struct measure measure = fonts_measure(page_run.fonts);
    struct where where = {view, variant};
    scene_build(view, &measure, &page_run.list);
    page_check(&page_run.list, view_scale(view), tell, &where);
    page_run.pages++;
}

void page_run_passes(void)
{
    size_t faults = page_run.faults;
    page_run.faults = 0;
    if (faults)
        fail_msg("%zu faults", faults);
}

void page_run_end(void)
{
    printf("%zu pages\n", page_run.pages);
    display_finish(&page_run.list);
    fonts_free(page_run.fonts);
}
