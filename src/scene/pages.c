/* pages.c: the page of keys. */
#include "scene/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const group_names[] = {
    [GROUP_WALK] = "Walking", [GROUP_LOOK] = "Looking closer", [GROUP_CHANGE] = "Changing",
    [GROUP_KEEP] = "Keeping", [GROUP_PAGES] = "Pages",         [GROUP_SCREEN] = "Screen"};

float page_title_draw(struct pen *pen, const char *title, struct rect box)
{
    float u = pen->scale;
    struct ink ink = {FACE_SANS_BOLD, 24 * u, 16 * u, pen->theme->text};
    pen_text_in(pen, "page.title", ink, (struct rect){box.x, box.y, box.w, 34 * u}, ALIGN_LEFT, title);
    return 46 * u;
}

/* "→ Space Page ↓": every key of a command; of a long row ("1 2 3 ... 9") the first and the last. */
static void keys_text(const struct command_info *command, struct str *to)
{
    enum { KEYS_LISTED = 4 };
    size_t keys = 1;
    for (const char *k = command->keys; *k; k++)
        keys += *k == ' ';
    if (keys > KEYS_LISTED) {
        str_addf(to, "%c – %s", command->keys[0], strrchr(command->keys, ' ') + 1);
        return;
    }
    const char *p = command->keys;
    while (*p) {
        size_t n = strcspn(p, " ");
        struct command_info one = *command;
        char name[32], key[24];
        snprintf(name, sizeof name, "%.*s", (int)n, p);
        one.keys = name;
        str_addf(to, "%s%s", to->n ? "  " : "", key_text(&one, key));
        p += n;
        p += *p == ' ';
    }
}

/* Lines the keys page needs: a command each, a heading for each group and the space above it. */
static size_t key_lines(const struct view *view)
{
    size_t lines = 0;
    for (int g = 0; g < GROUP_HIDDEN; g++) {
        lines += 2;
        for (int c = 0; c < CMD_COUNT; c++)
            lines += view->commands[c].group == (enum command_group)g && view->commands[c].keys[0];
    }
    return lines;
}

/* Lines that flow through columns and, where they would get too low to be read, through pages. */
struct key_flow {
    struct rect box;
    size_t columns, per_column, line, page;
    float height;
    bool draw; /* else the lines are only counted */
};

/* Where the next line stands; false: on another page. */
static bool next_line(struct key_flow *flow, struct rect *ret)
{
    float gap = flow->box.w * 0.03f, width = (flow->box.w - gap * (float)(flow->columns - 1)) / (float)flow->columns;
    size_t column = flow->line / flow->per_column, row = flow->line % flow->per_column;
    flow->line++;
    *ret = (struct rect){flow->box.x + (float)(column % flow->columns) * (width + gap),
                         flow->box.y + (float)row * flow->height, width, flow->height};
    return flow->draw && column / flow->columns == flow->page;
}

static void draw_key_line(struct pen *pen, const struct view *view, const struct command_info *command,
                          struct rect line)
{
    float u = pen->scale, split = line.w * 0.32f, size = fminf(14 * u, line.h / 1.5f);
    struct str keys = {0};
    keys_text(command, &keys);
    struct ink mono = {FACE_SANS_BOLD, size, size * 0.6f, pen->theme->accent};
    struct ink sans = {FACE_SANS, size, size * 0.75f, pen->theme->text};
    pen_text_in(pen, "keys.key", mono, (struct rect){line.x, line.y, split - 12 * u, line.h}, ALIGN_RIGHT,
                str_text(&keys));
    pen_text_in(pen, "keys.help", sans, (struct rect){line.x + split, line.y, line.w - split, line.h}, ALIGN_LEFT,
                command->help);
    /* On the smallest pages the lines are too low to be hit; there the keys themselves must do. */
    if (line.h >= 24 * u)
        pen_hit(pen, line, (int)(command - view->commands), 0);
    pen->list->failed |= keys.failed;
    str_finish(&keys);
}

/* No heading stands alone at the foot of a column, and no empty line at its head. */
static void begin_group(struct key_flow *flow)
{
    size_t done = flow->line % flow->per_column, left = flow->per_column - done;
    if (done != 0)
        flow->line += left <= 3 ? left : 1;
}

static void draw_key_lines(struct pen *pen, const struct view *view, struct key_flow *flow)
{
    float u = pen->scale;
    struct ink heading = {FACE_SANS_BOLD, fminf(16 * u, flow->height / 1.4f), 0, pen->theme->quiet};
    struct rect line;
    for (int g = 0; g < GROUP_HIDDEN; g++) {
        begin_group(flow);
        if (next_line(flow, &line))
            pen_text_in(pen, "keys.group", heading, line, ALIGN_LEFT, group_names[g]);
        for (int c = 0; c < CMD_COUNT; c++)
            if (view->commands[c].group == (enum command_group)g && view->commands[c].keys[0] && next_line(flow, &line))
                draw_key_line(pen, view, &view->commands[c], line);
    }
}

/* "more: R", where there are several pages of keys. */
static void draw_more_keys(struct pen *pen, const struct view *view, size_t page, size_t pages, struct rect foot)
{
    char text[64], key[24];
    size_t next = (page + 1) % pages;
    struct ink ink = {FACE_SANS_BOLD, 15 * pen->scale, 0, pen->theme->accent};
    snprintf(text, sizeof text, "page %zu of %zu: press %s", page + 1, pages,
             key_text(&view->commands[CMD_READ_ON], key));
    pen_text_in(pen, "keys.more", ink, foot, ALIGN_RIGHT, text);
    pen_hit(pen, foot, CMD_READ_ON, (int)next);
}

void keys_draw(struct pen *pen, const struct view *view, struct rect body)
{
    float u = pen->scale, least = 20 * u, foot = 28 * u;
    struct rect box = rect_inset(body, 24 * u);
    float top = page_title_draw(pen, "Keys", box);
    box.y += top;
    box.h -= top;
    struct key_flow flow = {.box = box, .columns = box.w > 1000 * u ? 3 : box.w > 560 * u ? 2 : 1};
    /* A few lines are lost where a column ends before a group. */
    size_t all = (key_lines(view) + flow.columns - 1) / flow.columns + 2;
    bool paged = box.h / (float)all < least;
    flow.per_column = paged ? (size_t)fmaxf(6, floorf((box.h - foot) / least)) : all;
    flow.height = paged ? (box.h - foot) / (float)flow.per_column : fminf(30 * u, box.h / (float)all);
    draw_key_lines(pen, view, &flow);
    size_t pages = (flow.line - 1) / (flow.per_column * flow.columns) + 1;
    flow.page = view->state->read_from % pages;
    flow.line = 0;
    flow.draw = true;
    draw_key_lines(pen, view, &flow);
    if (pages > 1)
        draw_more_keys(pen, view, flow.page, pages, (struct rect){box.x, box.y + box.h - foot, box.w, foot});
}
