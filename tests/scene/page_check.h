/* page_check.h: is a page laid out so that all of it can be read and reached?
 *
 * Texts are judged by their inked band, from 0.2 to 1.15 of their size below the top of the line box: letters fill no
 * more of it, and line boxes of neighbours may touch or overlap by a hair. */
#ifndef QKV_TESTS_PAGE_CHECK_H
#define QKV_TESTS_PAGE_CHECK_H

#include "paint/paint.h"
#include "scene/view.h"

/* Called for every fault: "texts overlap: ...". */
typedef void page_fault(void *context, const char *fault);

/* No two texts overlap; no bar runs through a text; nothing leaves the page; texts stay in the boxes they belong to; every text has a contrast of
 * 4.5 : 1 to what is beneath it; what can be pointed at is large enough. `unit` is view_scale(). */
void page_check(const struct display_list *list, float unit, page_fault *fault, void *context);

/* Many pages one after the other, with the fonts that are there, for TEST_GROUP(page_run_begin, page_run_end): the first
 * faults are told, with the page that has them; a test that ends with page_run_passes fails where it had any. */
struct page_run {
    struct fonts *fonts;
    struct display_list list; /* the last page */
    size_t pages, faults;
};
extern struct page_run page_run;
void page_run_begin(void);
void page_run_check(const struct view *view, const char *variant);
void page_run_passes(void);
void page_run_end(void);

#endif
