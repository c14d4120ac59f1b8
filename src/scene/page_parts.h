/* page_parts.h: the parts of a page, and what pages share. Each draws itself into the rectangle it is given. */
#ifndef QKV_SCENE_PAGE_PARTS_H
#define QKV_SCENE_PAGE_PARTS_H

#include "scene/pen.h"
#include "scene/view.h"

/* The name, the lesson's title, the pages that can be opened. */
void header_draw(struct pen *pen, const struct view *view, struct rect box);

/* The sentence while it is typed, in the header's place. */
void field_draw(struct pen *pen, const struct view *view, struct rect box);
/* A cell's number, over the cell; false: the field is for something else, or the cell is not on the page. */
bool field_draw_in_place(struct pen *pen, const struct view *view, struct rect page);

/* The line alone, in a frame. */
void field_line_draw(struct pen *pen, const struct view *view, struct ink ink, struct rect edge);

/* The message about what was typed, or what the keys do, in the rail's place. */
void field_hint_draw(struct pen *pen, const struct view *view, struct rect box);

/* All stages in their order, the current one lit, and how far the walk has come; in their place, where there is one,
 * the offer of a session that was not saved. */
void rail_draw(struct pen *pen, const struct view *view, struct rect box);

/* Stepping, the stride, speed, heads, and the keys that are useful now. */
void transport_draw(struct pen *pen, const struct view *view, struct rect box);

/* What other seeds would have given, where the stop shows it (view_shows_draws). */
void draws_figure_draw(struct pen *pen, const struct view *view, struct rect area);

/* Stage, formula, narration and the arithmetic of a cell; in two columns where it is wider than high. */
void panel_draw(struct pen *pen, const struct view *view, struct rect box);

/* What can be set, a row each, in the panel's place. */
void settings_draw(struct pen *pen, const struct view *view, struct rect box);

/* The head of the panel: stage, head, formula, how far the lesson is from the computations it is compared with. Returns
 * the height taken. */
float panel_head_draw(struct pen *pen, const struct view *view, struct rect box);

/* The stop whose words are shown, or NULL: while the matrix fills, only once the stop's cells are filled. */
const struct stop *panel_stop(const struct view *view);

/* What the page says of the lesson's place in the course (course.c): nothing on most pages. */
struct spans;
void course_add(const struct view *view, struct spans *to);
/* On the last page, the lesson that follows among the built-in ones; else -1. */
int course_next(const struct view *view);

/* How far the step is from the same one of the lesson's second computation, where that may be told (compare.h); and, of
 * a comparison that is shown, what both sides cost, where `line` is high enough to leave room for the words. The same. */
float panel_draw_badge(struct pen *pen, const struct view *view, struct rect line);
float panel_draw_costs(struct pen *pen, const struct view *view, struct rect line);

/* How far the person's changes moved the output, on a line of its own. Returns the height taken; 0: nothing is
 * changed. */
float panel_draw_moved(struct pen *pen, const struct view *view, struct rect line);

/* The arithmetic of the current cell; returns the height it takes. `grow`: a factor on the size of the type. At most
 * `most` terms are written one by one; 0: all. */
float card_draw(struct pen *pen, const struct view *view, struct rect box, float grow, size_t most);

/* The same over the words of a panel, where they leave no room: not over the number in them that is pointed at, as far
 * as the panel has room beside it. */
void card_over_draw(struct pen *pen, const struct view *view, struct rect panel);

/* Drawn over the page: the ring around the control in focus, and the tip of the control under the pointer. */
void overlay_draw(struct pen *pen, const struct view *view);

/* The pages of the list in command.h. */
#define PAGE_DRAW(id, draw, name, keys, label, help, ...) page_draw draw;
typedef void page_draw(struct pen *pen, const struct view *view, struct rect box);
PAGE_LIST(PAGE_DRAW)
#undef PAGE_DRAW

/* What a point of the page of costs says: the argument of CMD_COSTS_POINT. */
void costs_point_tell(const struct view *view, int argument, char ret[], size_t size);

/* The title of the page; returns the height it takes. */
float page_title_draw(struct pen *pen, const struct view *view, struct rect box);

/* What a control is called, at x; returns where it ends. */
float label_draw(struct pen *pen, const char *part, const char *label, float x, struct rect bar);

/* A slider along the middle of a box; its handle is `at` pixels from the left. */
void slider_draw(struct pen *pen, struct rect box, float at);

/* The same with n places, at place `at`: each sends the command with its number. */
void slider_draw_places(struct pen *pen, struct rect box, int at, int n, int command);

/* A panel with rounded corners; returns its inside. */
struct rect part_draw(struct pen *pen, const char *part, struct rect box);

/* Write narration wrapped at the top of a box, as large as it fits from `size` down; returns the height it takes. */
float words_draw(struct pen *pen, const struct view *view, const char *part, struct colour colour, float size,
                 struct rect box, const char *words);

/* The width of a button with so many units around its label. */
float button_width(const struct pen *pen, const char *label, float around);

/* A button with a label: lit, or at rest; sends a command. */
void button_draw(struct pen *pen, struct rect box, const char *label, bool lit, int command, int argument);

/* The first of a command's keys as people write it ("→", "Space", "?"). */
const char *key_text(const char *keys, char buffer[24]);

#endif
