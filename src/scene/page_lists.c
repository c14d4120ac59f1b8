/* page_lists.c: the pages that are lists in columns: the lessons and the keys. */
#include "scene/page_parts.h"

#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float line_most = 40, about_height = 104;

/* Lines that flow down one column after the other and, where they would get too low to be read, through pages. */
struct column_flow {
    struct rect box;
    float gap; /* between columns: a share of the box's width */
    size_t columns, per_column, line, page;
    float height;
    bool headings;
    bool counting; /* no line is drawn */
};

/* Where the next line stands; false: on another page. */
static bool next_line(struct column_flow *flow, struct rect *ret)
{
    float gap = flow->box.w * flow->gap,
          width = (flow->box.w - gap * (float)(flow->columns - 1)) / (float)flow->columns;
    size_t column = flow->line / flow->per_column, row = flow->line % flow->per_column;
    flow->line++;
    *ret = (struct rect){flow->box.x + (float)(column % flow->columns) * (width + gap),
                         flow->box.y + (float)row * flow->height, width, flow->height};
    return !flow->counting && column / flow->columns == flow->page;
}

/* ---- the lessons ---- */

static bool begins_group(const struct view *view, size_t i)
{
    const char *group = view->lessons[i].group;
    return group && (i == 0 || !view->lessons[i - 1].group || strcmp(group, view->lessons[i - 1].group) != 0);
}

static bool at_foot(const struct column_flow *flow)
{
    return (flow->line + 1) % flow->per_column == 0;
}

/* The lines the list takes in columns of so many; a heading is not the last line of one. */
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
    struct column_flow flow = {.box = box, .gap = 0.02f, .columns = columns, .headings = headings};
    flow.per_column = (lines_needed(view, 1000, headings) + columns - 1) / columns;
    while (lines_needed(view, flow.per_column, headings) > flow.per_column * columns)
        flow.per_column++;
    flow.height = fminf(most, box.h / (float)flow.per_column);
    if (columns == 1)
        flow.box.w = fminf(box.w, most * 19);
    return flow;
}

/* The fewest columns with lines of a comfortable height: headings are worth a column more and shorter names, and are left
 * out only where there is no room for them. */
static struct column_flow lay_out(const struct pen *pen, const struct view *view, struct rect box)
{
    float u = pen->scale, comfortable = 27 * u;
    const size_t most = box.w >= 1000 * u ? 4 : 3;
    struct column_flow flow = {0};
    for (int headings = 1; headings >= 0; headings--)
        for (size_t columns = 1; columns <= most; columns++) {
            flow = flow_of(view, box, columns, headings, line_most * u);
            if (flow.height >= comfortable)
                return flow;
        }
    return flow;
}

static struct ink lesson_ink(const struct pen *pen, bool open, float height)
{
    const struct theme *t = pen->theme;
    float most = (height - 4 * pen->scale) / 1.35f;
    return (struct ink){open ? FACE_SANS_BOLD : FACE_SANS, fminf(15 * pen->scale, most), fminf(10 * pen->scale, most),
                        open ? colour_readable(t->text, t->button_idle) : t->text};
}

/* Do all titles fit lines of this size? Else the lessons' short names are written. */
static bool titles_fit(const struct pen *pen, const struct view *view, struct rect line)
{
    bool fit = true;
    for (int i = 0; view->lessons[i].name; i++)
        fit = fit && pen_fits(pen, lesson_ink(pen, true, line.h), line.w - 24 * pen->scale, view->lessons[i].title);
    return fit;
}

static void draw_lesson(struct pen *pen, const struct view *view, int i, bool titles, struct rect line)
{
    float u = pen->scale;
    const struct lesson_line *lesson = &view->lessons[i];
    bool open = strcmp(lesson->name, view->lesson->name) == 0, marked = i == view->state->choice;
    struct rect box = {line.x, line.y + 2 * u, line.w, line.h - 4 * u};
    const struct theme *t = pen->theme;
    pen_fill(pen, open ? "lessons.open" : "lessons.line", box, open ? t->button_idle : t->panel, 8 * u);
    pen_frame(pen, marked ? "lessons.marked" : "lessons.line", box, marked ? t->accent : t->line,
              marked ? fmaxf(2, 2 * u) : fmaxf(1, roundf(u)), 8 * u);
    pen_text_in(pen, "lessons.title", lesson_ink(pen, open, line.h),
                (struct rect){box.x + 12 * u, box.y, box.w - 24 * u, box.h}, ALIGN_LEFT,
                titles ? lesson->title : lesson->tab);
    pen_hit(pen, line, CMD_LESSON, i);
}

/* What the marked lesson is about, at the foot. */
static void draw_about(struct pen *pen, const struct view *view, struct rect box)
{
    const struct lesson_line *lesson = &view->lessons[view->state->choice];
    struct spans s = {0};
    spans_add(&s, lesson->title, ROLE_NONE, true);
    spans_add_plain(&s, "\n");
    spans_parse(&s, lesson->summary);
    spans_wrap(pen, "about", pen_ink(pen, FACE_SANS, 16, 9, pen->theme->text), &s, box);
    spans_done(pen, &s);
}

void lessons_draw(struct pen *pen, const struct view *view, struct rect body)
{
    /* A low page has the list alone. */
    float u = pen->scale, about = view_is_tight(view) ? 0 : about_height * u;
    struct rect box = rect_inset(body, (view_is_tight(view) ? 8 : 20) * u);
    float top = view_is_tight(view) ? 0 : page_title_draw(pen, view, box);
    if (!view->lessons[0].name)
        return;
    struct column_flow flow =
        lay_out(pen, view, (struct rect){box.x, box.y + top, box.w, box.h - top - about - (about > 0 ? 8 * u : 0)});
    struct ink heading = {FACE_SANS_BOLD, fminf(14 * u, flow.height / 1.4f), 8 * u, pen->theme->text_secondary};
    struct rect line;
    for (int i = 0; view->lessons[i].name; i++) {
        if (flow.headings && begins_group(view, (size_t)i)) {
            if (at_foot(&flow))
                flow.line++;
            next_line(&flow, &line);
            pen_text_in(pen, "course.group", heading, line, ALIGN_LEFT, view->lessons[i].group);
        }
        next_line(&flow, &line);
        draw_lesson(pen, view, i, titles_fit(pen, view, line), line);
    }
    if (about > 0)
        draw_about(pen, view, (struct rect){box.x, box.y + box.h - about, fminf(box.w, 980 * u), about});
}

/* ---- the keys ---- */

static const char *const group_names[] = {
    [GROUP_WALK] = "Walking",  [GROUP_LOOK] = "Looking closer", [GROUP_CHANGE] = "Changing",
    [GROUP_FILES] = "Keeping", [GROUP_PAGES] = "Pages",         [GROUP_SCREEN] = "Screen"};

/* "→ Space Page ↓": the keys of a command, as many as there is room for, at least one; of a long row ("1 2 3 ... 9")
 * the first and the last. */
static void keys_text(const struct pen *pen, struct ink ink, float room, const struct command_info *command,
                      struct str *to)
{
    enum { KEYS_LISTED = 4 };
    size_t keys = 1;
    for (const char *k = command->keys; *k; k++)
        keys += *k == ' ';
    if (keys > KEYS_LISTED) {
        str_addf(to, "%c – %s", command->keys[0], strrchr(command->keys, ' ') + 1);
        return;
    }
    for (const char *p = command->keys; p; p = strchr(p, ' ') ? strchr(p, ' ') + 1 : NULL) {
        char key[24], more[32];
        snprintf(more, sizeof more, "%s%s", to->n ? "  " : "", key_text(p, key));
        if (!pen_add_fitting(pen, ink, to->n ? room : INFINITY, to, more))
            return;
    }
}

/* Lines the keys page needs: a command each, a heading for each group and the space above it. */
static size_t key_lines(const struct view *view)
{
    size_t lines = 0;
    for (int g = 0; g < GROUP_HIDDEN; g++) {
        lines += 2;
        for (int c = 0; c < CMD_COUNT; c++)
            lines += view->command(c)->group == (enum command_group)g && view->command(c)->keys[0];
    }
    return lines;
}

static void draw_key_line(struct pen *pen, const struct view *view, int id, struct rect line)
{
    const struct command_info *command = view->command(id);
    float u = pen->scale, split = line.w * 0.32f, size = fminf(14 * u, line.h / 1.5f);
    struct str keys = {0};
    struct ink mono = {FACE_SANS_BOLD, size, size * 0.6f, pen->theme->accent};
    struct ink sans = {FACE_SANS, size, fminf(size * 0.75f, 9 * u), pen->theme->text};
    keys_text(pen, mono, split - 12 * u, command, &keys);
    pen_text_in(pen, "keys.key", mono, (struct rect){line.x, line.y, split - 12 * u, line.h}, ALIGN_RIGHT,
                str_text(&keys));
    pen_text_in(pen, "keys.help", sans, (struct rect){line.x + split, line.y, line.w - split, line.h}, ALIGN_LEFT,
                command->help);
    /* On the smallest pages the lines are too low to be clicked. */
    if (line.h >= 24 * u)
        pen_hit(pen, line, id, 0);
    pen->list->failed |= keys.failed;
    str_finish(&keys);
}

/* A heading is not the last line of a column, an empty line not its first. */
static void begin_group(struct column_flow *flow)
{
    size_t done = flow->line % flow->per_column, left = flow->per_column - done;
    if (done != 0)
        flow->line += left <= 3 ? left : 1;
}

static void draw_key_lines(struct pen *pen, const struct view *view, struct column_flow *flow)
{
    float u = pen->scale;
    struct ink heading = {FACE_SANS_BOLD, fminf(16 * u, flow->height / 1.4f), 0, pen->theme->text_secondary};
    struct rect line;
    for (int g = 0; g < GROUP_HIDDEN; g++) {
        begin_group(flow);
        if (next_line(flow, &line))
            pen_text_in(pen, "keys.group", heading, line, ALIGN_LEFT, group_names[g]);
        for (int c = 0; c < CMD_COUNT; c++)
            if (view->command(c)->group == (enum command_group)g && view->command(c)->keys[0] && next_line(flow, &line))
                draw_key_line(pen, view, c, line);
    }
}

/* "more: R", where there are several pages of keys. */
static void draw_more_keys(struct pen *pen, const struct view *view, size_t page, size_t pages, struct rect foot)
{
    char key[24];
    pen_textf(pen, "keys.more", pen_ink(pen, FACE_SANS_BOLD, 15, 0, pen->theme->accent), foot, ALIGN_RIGHT,
              "page %zu of %zu: press %s", page + 1, pages, key_text(view->command(CMD_READ_ON)->keys, key));
    pen_hit(pen, foot, CMD_READ_ON, (int)((page + 1) % pages));
}

void keys_draw(struct pen *pen, const struct view *view, struct rect body)
{
    float u = pen->scale, least = 20 * u, foot = 28 * u;
    struct rect box = rect_inset(body, 24 * u);
    rect_cut_top(&box, page_title_draw(pen, view, box), 0);
    struct column_flow flow = {.box = box, .gap = 0.03f, .counting = true};
    flow.columns = 1 + (box.w > 560 * u) + (box.w > 1000 * u);
    /* A few lines are lost where a column ends before a group. */
    size_t all = (key_lines(view) + flow.columns - 1) / flow.columns + 2;
    bool paged = box.h / (float)all < least;
    flow.per_column = paged ? (size_t)fmaxf(6, floorf((box.h - foot) / least)) : all;
    flow.height = paged ? (box.h - foot) / (float)flow.per_column : fminf(30 * u, box.h / (float)all);
    draw_key_lines(pen, view, &flow);
    size_t pages = (flow.line - 1) / (flow.per_column * flow.columns) + 1;
    flow.page = view->state->read_from % pages;
    flow.line = 0;
    flow.counting = false;
    draw_key_lines(pen, view, &flow);
    if (pages > 1)
        draw_more_keys(pen, view, flow.page, pages, (struct rect){box.x, box.y + box.h - foot, box.w, foot});
}
