/* card_reader.h: the card of a cell as a reader sees it, and whether what it says is true. */
#ifndef QKV_TESTS_CARD_READER_H
#define QKV_TESTS_CARD_READER_H

#include "core/tape.h"
#include "scene/arithmetic.h"
#include "scene/display.h"

enum { SHOWN_LINES_MAX = 128, SHOWN_TEXT = 256, SAID_NOTE_TEXT = 320, REASON_TEXT = 1024 };

struct shown_line {
    char label[SHOWN_TEXT], work[SHOWN_TEXT], term[SHOWN_TEXT];
};

struct shown_card {
    char name[SHOWN_TEXT], value[SHOWN_TEXT], total[SHOWN_TEXT], total_label[SHOWN_TEXT], note[SHOWN_TEXT];
    struct shown_line lines[SHOWN_LINES_MAX];
    size_t n;
};

/* Take the card's texts out of the list. False: they do not stand as a reader expects; `why` says what is wrong. */
bool card_read(const struct display_list *list, struct shown_card *ret, char why[REASON_TEXT]);

/* What is true of a cell: it comes from the tape, not from the scene. */
struct cell_facts {
    const struct step *step;
    const struct tensor *in[OP_INPUTS_MAX]; /* an input's only operand is itself */
    struct explanation explanation;
    char note[SAID_NOTE_TEXT]; /* as it is said on this page */
    size_t head;
    double value;
    char row[96], col[96]; /* how its row and its column are called */
    bool turned;           /* tokens are columns: it is named by its column first */
};
QKV_CHECKED struct qkv_err cell_facts_init(struct cell_facts *facts, const struct tape *tape, int step, size_t h,
                                           size_t r, size_t c);
/* The same where tokens are columns: factors have changed places, and its note speaks of columns. */
void cell_facts_turn(struct cell_facts *facts);
void cell_facts_finish(struct cell_facts *facts);

/* Does everything on the card follow with a pencil, and is it the cell's? False: `why` says what is wrong. */
bool card_is_true(const struct shown_card *card, const struct cell_facts *facts, char why[REASON_TEXT]);

/* The same of the arithmetic on one line: "1.50 × 1.00 + 0.25 [3 more] = 1.75  (note)". */
bool line_is_true(const char *line, const struct cell_facts *facts, char why[REASON_TEXT]);

#endif
