/* pages.c: the page of keys. */
#include "scene/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const group_names[] = {
    [GROUP_WALK] = "Walking", [GROUP_LOOK] = "Looking closer", [GROUP_CHANGE] = "Changing", [GROUP_KEEP] = "Keeping", [GROUP_PAGES] = "Pages", [GROUP_SCREEN] = "Screen"};

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

struct key_flow {
    struct rect box;
    size_t columns, per_column, line;
    float height;
};

static struct rect next_line(struct key_flow *flow)
{
    float gap = flow->box.w * 0.03f, width = (flow->box.w - gap * (float)(flow->columns - 1)) / (float)flow->columns;
    size_t column = flow->line / flow->per_column, row = flow->line % flow->per_column;
    flow->line++;
    return (struct rect){flow->box.x + (float)column * (width + gap), flow->box.y + (float)row * flow->height, width,
                         flow->height};
}

static void draw_key_line(struct pen *pen, const struct view *view, const struct command_info *command,
                          struct rect line)
{
    float u = pen->scale, split = line.w * 0.36f, size = fminf(15 * u, line.h / 1.5f);
    struct str keys = {0};
    keys_text(command, &keys);
    struct ink mono = {FACE_SANS_BOLD, size, size * 0.6f, pen->theme->accent};
    struct ink sans = {FACE_SANS, size, size * 0.7f, pen->theme->text};
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

void keys_draw(struct pen *pen, const struct view *view, struct rect body)
{
    float u = pen->scale;
    struct rect box = rect_inset(body, 24 * u);
    float top = page_title_draw(pen, "Keys", box);
    struct key_flow flow = {.box = {box.x, box.y + top, box.w, box.h - top}, .columns = box.w > 560 * u ? 2 : 1};
    size_t lines = key_lines(view);
    flow.per_column = (lines + flow.columns - 1) / flow.columns + 1;
    flow.height = fminf(30 * u, flow.box.h / (float)flow.per_column);
    struct ink heading = {FACE_SANS_BOLD, fminf(16 * u, flow.height / 1.4f), 0, pen->theme->quiet};
    for (int g = 0; g < GROUP_HIDDEN; g++) {
        size_t left = flow.per_column - flow.line % flow.per_column;
        /* No heading stands alone at the foot of a column, and no empty line at its head. */
        if (left <= 3 && flow.line % flow.per_column != 0)
            flow.line += left;
        else if (flow.line % flow.per_column != 0)
            flow.line++;
        pen_text_in(pen, "keys.group", heading, next_line(&flow), ALIGN_LEFT, group_names[g]);
        for (int c = 0; c < CMD_COUNT; c++)
            if (view->commands[c].group == (enum command_group)g && view->commands[c].keys[0])
                draw_key_line(pen, view, &view->commands[c], next_line(&flow));
    }
}
