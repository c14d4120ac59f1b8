/* lessons.c: the page of lessons: the course in its groups, and what the marked lesson is about. */
#include "scene/parts.h"
#include "scene/spans.h"

#include <math.h>
#include <string.h>

static const float line_most = 40, about_height = 104;

/* Where the next line of the list goes: down the columns, one after the other. */
struct column_flow {
    struct rect box;
    size_t columns, per_column, line;
    float height;
    bool headings;
};

static bool begins_group(const struct view *view, size_t i)
{
    const char *group = view->lessons[i].group;
    return group && (i == 0 || !view->lessons[i - 1].group || strcmp(group, view->lessons[i - 1].group) != 0);
}

static bool at_foot(const struct column_flow *flow)
{
    return (flow->line + 1) % flow->per_column == 0;
}

static struct rect take_line(struct column_flow *flow)
{
    float gap = flow->box.w * 0.02f, width = (flow->box.w - gap * (float)(flow->columns - 1)) / (float)flow->columns;
    size_t column = flow->line / flow->per_column, row = flow->line % flow->per_column;
    flow->line++;
    return (struct rect){flow->box.x + (float)column * (width + gap), flow->box.y + (float)row * flow->height, width,
                         flow->height};
}

/* The lines the list takes in columns of so many: headings do not stand alone at the foot of one. */
static size_t lines_needed(const struct view *view, size_t per_column, bool headings)
{
    struct column_flow flow = {.columns = 1, .per_column = per_column};
    for (size_t i = 0; view->lessons[i].name; i++) {
        if (headings && begins_group(view, i))
            flow.line += at_foot(&flow) ? 2 : 1;
        flow.line++;
    }
    return flow.line;
}

static struct column_flow flow_of(const struct view *view, struct rect box, size_t columns, bool headings, float most)
{
    struct column_flow flow = {.box = box, .columns = columns, .headings = headings};
    flow.per_column = (lines_needed(view, 1000, headings) + columns - 1) / columns;
    while (lines_needed(view, flow.per_column, headings) > flow.per_column * columns)
        flow.per_column++;
    flow.height = fminf(most, box.h / (float)flow.per_column);
    if (columns == 1)
        flow.box.w = fminf(box.w, most * 19);
    return flow;
}

/* As few columns as leave lines of a comfortable height; the names of the groups go before lines get too low. */
static struct column_flow lay_out(const struct pen *pen, const struct view *view, struct rect box)
{
    float u = pen->scale, comfortable = 30 * u;
    struct column_flow flow = {0};
    for (int headings = 1; headings >= 0; headings--)
        for (size_t columns = 1; columns <= 3; columns++) {
            flow = flow_of(view, box, columns, headings, line_most * u);
            if (flow.height >= comfortable)
                return flow;
        }
    return flow;
}

static void draw_lesson(struct pen *pen, const struct view *view, int i, struct rect line)
{
    float u = pen->scale;
    const struct lesson_line *lesson = &view->lessons[i];
    bool open = strcmp(lesson->name, view->lesson->name) == 0, marked = i == view->state->choice;
    struct rect box = {line.x, line.y + 2 * u, line.w, line.h - 4 * u};
    const struct theme *t = pen->theme;
    pen_fill(pen, open ? "lessons.open" : "lessons.line", box, open ? t->soft : t->panel, 8 * u);
    pen_frame(pen, marked ? "lessons.marked" : "lessons.line", box, marked ? t->accent : t->line,
              marked ? fmaxf(2, 2 * u) : fmaxf(1, roundf(u)), 8 * u);
    struct ink ink = {open ? FACE_SANS_BOLD : FACE_SANS, fminf(15 * u, box.h / 1.35f), fminf(10 * u, box.h / 1.35f),
                      open ? colour_readable(t->text, t->soft) : t->text};
    struct rect inside = {box.x + 12 * u, box.y, box.w - 24 * u, box.h};
    pen_text_in(pen, "lessons.title", ink, inside, ALIGN_LEFT, lesson->title);
    pen_hit(pen, line, CMD_LESSON, i);
}

/* What the marked lesson is about, at the foot. */
static void draw_about(struct pen *pen, const struct view *view, struct rect box)
{
    const struct lesson_line *lesson = &view->lessons[view->state->choice];
    struct ink ink = {FACE_SANS, 16 * pen->scale, 0, pen->theme->text};
    struct spans s = {0};
    float bottom;
    spans_add(&s, lesson->title, strlen(lesson->title), ROLE_NONE, true);
    spans_add(&s, "\n", 1, ROLE_NONE, false);
    spans_parse(&s, lesson->summary);
    while (ink.size > 9 * pen->scale && spans_height(pen, ink, &s, box.w) > box.h)
        ink.size -= 1;
    spans_wrap(pen, "about", ink, &s, box, 0, &bottom);
    pen->list->failed |= s.failed;
    spans_finish(&s);
}

void lessons_draw(struct pen *pen, const struct view *view, struct rect body)
{
    /* On a low page all room is the list's. */
    float u = pen->scale, about = view_is_tight(view) ? 0 : about_height * u;
    struct rect box = rect_inset(body, (view_is_tight(view) ? 8 : 20) * u);
    float top = view_is_tight(view) ? 0 : page_title_draw(pen, "Lessons", box);
    if (!view->lessons[0].name)
        return;
    struct column_flow flow =
        lay_out(pen, view, (struct rect){box.x, box.y + top, box.w, box.h - top - about - (about > 0 ? 8 * u : 0)});
    struct ink heading = {FACE_SANS_BOLD, fminf(14 * u, flow.height / 1.4f), 8 * u, pen->theme->quiet};
    for (int i = 0; view->lessons[i].name; i++) {
        if (flow.headings && begins_group(view, (size_t)i)) {
            if (at_foot(&flow))
                flow.line++;
            pen_text_in(pen, "course.group", heading, take_line(&flow), ALIGN_LEFT, view->lessons[i].group);
        }
        draw_lesson(pen, view, i, take_line(&flow));
    }
    if (about > 0)
        draw_about(pen, view, (struct rect){box.x, box.y + box.h - about, fminf(box.w, 980 * u), about});
}
