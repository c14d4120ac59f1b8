/* page_heads.h: the page of heads, for its parts: the thumbnails, the lines between words, what each head adds. */
#ifndef QKV_SCENE_PAGE_HEADS_H
#define QKV_SCENE_PAGE_HEADS_H

#include "lesson/analysis/contributions.h"
#include "scene/page_parts.h"

/* What the page is about. */
struct heads_page {
    const struct view *view;
    const struct step *step; /* [heads, n, m]: what each head's words look at */
    size_t heads, rows, cols;
    size_t focus; /* the head looked at */
    size_t word;  /* the row looked at */
    bool chosen;  /* words are chosen: only their lines are drawn */
    double most;  /* the weight drawn with the thickest line */
    struct heads_output output;
    const char *no_output; /* the key of why there is none (language_page); NULL: there is one */
};

/* What a head is called: "2 previous" or "head 2". */
const char *heads_name(const struct heads_page *page, size_t head, char buffer[64]);

/* Is it switched off? */
bool heads_is_off(const struct heads_page *page, size_t head);

/* Is this row one of those whose lines are drawn? */
bool heads_shows_word(const struct heads_page *page, size_t row);

void heads_lines_draw(struct pen *pen, const struct heads_page *page, struct rect box);
void heads_sum_draw(struct pen *pen, const struct heads_page *page, struct rect box);

#endif
