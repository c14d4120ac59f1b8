/* scene.h: what is on the screen: a pure function of the view. The same view gives the same list; no SDL, no clock. */
#ifndef QKV_SCENE_SCENE_H
#define QKV_SCENE_SCENE_H

#include "scene/display.h"
#include "scene/view.h"

/* Write the page into *list, which is emptied first. list->failed says when memory ran out. */
void scene_build(const struct view *view, const struct measure *measure, struct display_list *list);

/* Where a control is on the page; NULL: it is not there. */
const struct item *widget_find(const struct display_list *list, const struct widget *widget);

/* The transition between two pages at t = 0..1, into *list. The items of a matrix that both pages have move and
 * scale from their old places to their new ones; the rest of the old page fades out, then the rest of the new one
 * fades in. */
void scene_mix(const struct display_list *from, const struct display_list *to, float t, struct display_list *list);

#endif
