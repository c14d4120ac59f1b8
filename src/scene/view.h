/* view.h: all input of the scene, and what follows from it: which step, head, cell and part of a matrix is shown. */
#ifndef QKV_SCENE_VIEW_H
#define QKV_SCENE_VIEW_H

#include "core/untaped_times.h"
#include "lesson/analysis/compare.h"
#include "lesson/controls.h"
#include "lesson/walk.h"
#include "scene/command.h"
#include "scene/theme.h"

#include <stdint.h>

/* What the arrow keys and Enter choose on a page. The pointer chooses cells on pages that choose cells. */
enum page_choice { CHOOSES_NOTHING, CHOOSES_CELLS, CHOOSES_LESSONS, CHOOSES_WORDS, CHOOSES_LENGTHS };

struct pen;
struct rect;
struct view;
struct page_info {
    const char *title;
    int command; /* opens and closes it; -1: none */
    void (*draw)(struct pen *pen, const struct view *view, struct rect box);
    enum page_choice chooses;
    const int *hints; /* the commands whose keys are said at the foot, closed by -1; NULL: those of the walk */
    bool in_header;   /* a button in the header opens it */
    bool blank;       /* a blank page: black, with nothing around it */
};
extern const struct page_info page_table[]; /* PAGE_COUNT rows (scene.c) */
extern const char *const page_names[];      /* PAGE_COUNT names and a NULL: what a state line says */

/* A part of an axis: positions from .. from + n - 1. */
struct section {
    size_t from, n;
};
bool section_has(struct section s, size_t position);
struct section section_common(struct section a, struct section b); /* n == 0: nothing */

/* What is shown of an axis; shown.n == 0: all. It applies to every axis of that length that is (or is not) words, so
 * that it stays when the walk goes on. */
struct zoom_axis {
    struct section shown;
    size_t of;
    bool words;
};

/* The part of a large matrix that is shown. */
struct zoom {
    struct zoom_axis row, col;
};

/* A line of text that is being typed (app/field.c changes it). */
enum { FIELD_LABEL = 80 };
struct text_field {
    bool on;
    int use;          /* what it is for; the app's */
    struct cursor at; /* of a cell's number: drawn where the cell is */
    bool in_panel;    /* of a setting: drawn where its value is, when it has a place */
    char label[FIELD_LABEL];
    char hint[FIELD_LABEL]; /* what Enter does */
    struct str text;
    size_t caret, anchor; /* bytes; the selection lies between them */
    struct str composing; /* what an input method is about to insert */
};

/* The settings, in the place of the narration. */
struct settings_panel {
    bool on;
    char focus[CONTROL_NAME]; /* the row that keys change; one that is not there: the first */
    bool refused;             /* the message says why the row in focus was not changed */
};

/* The page of heads, and the word it shares with the microscope. Zeroed: the default. */
struct heads_view {
    bool all;                        /* the lines of all heads at once */
    size_t word;                     /* the word looked at, from 1; 0: none was chosen */
    size_t column;                   /* of the output, from 0: the one shown as a sum over heads */
    uint64_t chosen[WORDS_MAX / 64]; /* a bit for each other word that is chosen */
};

/* What the microscope does to the scores. Zeroed: nothing. */
enum { TEMPERATURE_COUNT = 9, TEMPERATURE_NORMAL = 4, FACTOR_COUNT = 4 };
extern const double temperature_table[TEMPERATURE_COUNT]; /* 0.1 ... 10 */
extern const double factor_table[FACTOR_COUNT];           /* 1, 10, 100, 1000 */
struct microscope_view {
    int temperature_offset; /* steps from the usual temperature, 1, in its table */
    int factor;             /* index into factor_table */
    bool raw;               /* the row's maximum is not subtracted */
};

/* The page of costs. Zeroed: the default. */
enum { COST_WIDTHS = 3, COST_WIDTH_USUAL = 1 };
extern const size_t cost_width_table[COST_WIDTHS]; /* 16, 64, 256 */
struct costs_view {
    int width_offset;           /* steps from the usual width of queries and keys, 64, in its table */
    int shorter;                /* the length looked at: so many places before the longest */
    struct untaped_times times; /* what was measured */
};

enum { SPEED_COUNT = 5, SPEED_NORMAL = 2 };
extern const float speed_table[SPEED_COUNT]; /* 0.25, 0.5, 1, 2, 4 */

/* The text scales a person can choose, in percent. */
enum { SCALE_MIN = 70, SCALE_MAX = 250, SCALE_NORMAL = 100 };

struct lesson_line {
    const char *name, *tab, *title, *summary, *group; /* group: NULL, or the part of the course it belongs to */
};

/* How a stop's picture is shown: beside the matrices where both have room, else alone; as large as the page; not. */
enum figure_size { FIGURE_BESIDE, FIGURE_LARGE, FIGURE_OFF, FIGURE_SIZE_COUNT };

/* The pointer is at a number in a text: the words stay as they were, so that the number does not move away. */
struct held_words {
    bool on;
    struct cursor cursor; /* where the cursor was before, and whether its sum was unfolded */
    bool unfolded;
};

/* A control on the page: what it sends. */
struct widget {
    bool on;
    int command, argument;
};

/* What a session saves about looking: the place in the walk, the page, and how it is shown. */
struct view_state {
    size_t position; /* in the walk */
    enum stride stride;
    int head;       /* the head looked at, from 0 */
    bool head_here; /* it was chosen at this position, so it wins over the head a stop names */
    struct cursor cursor;
    struct zoom zoom;
    bool pinned;      /* the cursor stays, its arithmetic is large */
    bool unfolded;    /* long sums are written out */
    size_t read_from; /* the first line of narration shown, where all do not fit */
    int speed;        /* index into speed_table */
    bool motion;
    bool columns; /* a token is a column: every matrix is transposed (text.h) */
    int theme;
    int scale; /* percent */
    enum page page;
    int choice; /* the lesson that is marked on the page of lessons */
    struct settings_panel settings;
    struct heads_view heads;
    struct microscope_view microscope;
    struct costs_view costs;
    enum figure_size figure; /* the picture of the idea */
    enum compare compare;    /* show the difference in the place of the step, where there is one */
};

/* What a page is built from: the view state, the documents, and what else is on the screen at this moment. It is made
 * when a page is built and is valid as long as what it points to. */
struct view {
    const struct view_state *state;
    const struct lesson *lesson; /* NULL: the first is being computed; then only its progress is drawn */
    const struct walk *walk;
    const struct overrides *overrides;            /* what the person changed; NULL: nothing */
    const struct comparison *comparison;          /* with the lesson's second computation; NULL: there is none */
    const struct comparison *baseline_comparison; /* with the baseline, once it was asked for; else NULL */
    const struct lesson *baseline;                /* the lesson without settings and edits; NULL: it has none */
    const struct lesson *before;                  /* what was on the screen before the last change */
    struct moved moved;                           /* how far the last step is from the baseline's */
    float flash;                                  /* 1..0: cells that the last change changed light up, and fade */
    bool working;                                 /* a lesson is being computed in the background, or time measured */
    bool measuring;                               /* time is */
    bool measures;                                /* it can be */
    float progress;                               /* how much of it is done: 0..1 */
    size_t keeps;                                 /* bytes that its numbers will take; 0: not known yet */
    bool playing;
    float width, height; /* of the page, in pixels */
    float density;       /* pixels per unit of a display with an ordinary resolution: 2 on a high-DPI one */
    const struct command_info *(*command)(int command); /* never NULL */
    const struct lesson_line *lessons;                  /* the built-in ones, closed by a NULL name */
    struct widget focus;                                /* reached with keys; Enter does what a click would */
    struct widget tip;       /* under the pointer for a while: what it does is said beside it */
    struct held_words held;  /* its cursor is of the lesson that is shown */
    struct text_field field; /* the sentence while it is typed; owned by the app */
    const char *offer;       /* "There is an unsaved session."; NULL: there is none */
    const char *message;     /* said until the next action, at the foot or beside the field; NULL: nothing */
};

/* Where the walk stands, and the stop that it stands at; NULL: none. */
struct place view_place(const struct view *view);
const struct stop *view_stop(const struct view *view);

/* The tape that is looked at, and the step of it that is on the screen: the walk's, or its comparison. */
const struct tape *view_tape(const struct view *view);
int view_step(const struct view *view);
/* The range of all numbers of a step of that tape. */
struct value_range view_range(const struct view *view, int step);
/* plane_decimals of a plane, and the sums of its blocks; NULL: it is small, or there is no memory. */
int view_decimals(const struct view *view, int step, size_t head);
const struct pyramid *view_pyramid(const struct view *view, int step, size_t head);
bool view_comparing(const struct view *view);
/* Does the stop show what other seeds would have given, in the place of the matrices? */
bool view_shows_draws(const struct view *view);

/* What is compared: what a person chose, or else what the stop opens. */
enum compare view_compare(const struct view *view);

/* The comparison that is chosen; NULL: none, or there is nothing. */
const struct comparison *view_comparison(const struct view *view);

/* The view of the lesson itself, whatever it is compared with: its state is *ret_state. */
struct view view_of_lesson(const struct view *view, struct view_state *ret_state);

/* The head that is shown: that of the cell pointed at, else what was chosen here, else what the stop names, else
 * what was chosen last. */
size_t view_head(const struct view *view);

/* Pixels per unit of the design's grid; grows with the page. */
float view_scale(const struct view *view);

/* The same without the text scale that the person set, where that is larger. */
float view_base(const struct view *view);

/* Is the page so low that titles and words are shortened? */
bool view_is_tight(const struct view *view);

/* The cell whose arithmetic is shown: the cursor; else, while a matrix fills, the last cell filled; else the one the
 * stop points at. False: none. */
bool view_cell(const struct view *view, struct cursor *ret);

/* The title beside a matrix. A deliberate mistake is hidden (view_hides_mistake) until the learner was asked about
 * it: up to the second stop (or the only one) of the last step with a mistake; without stops it is never hidden. */
const char *view_title(const struct view *view, const struct step *step);
bool view_hides_mistake(const struct view *view, const struct step *step);

/* The rows of the settings, and which of them is in focus. */
size_t view_controls(const struct view *view, struct controls *ret);

/* The row of a step that is looked at: the word chosen on the page of heads, else the row of the cell pointed at, else
 * the stop's, else the first; under the microscope the one whose numbers lie furthest apart. */
size_t view_word(const struct view *view, const struct step *step);

/* Is this word chosen, as the one looked at or besides? */
bool view_word_is_kept(const struct view *view, size_t word);

/* What the page of heads is about: the step "weights" of the lesson, else the step of the walk where it has several
 * heads; -1: neither. */
int view_heads_step(const struct view *view);

/* Is there such a cell on the tape that is looked at? */
bool view_has_cell(const struct view *view, const struct cursor *cell);

/* Are the step's numbers an input's, so that they can be changed? */
bool view_is_given(const struct view *view, int step);

/* Is this cell of a step filled yet? Operands always are. */
bool view_filled(const struct view *view, int step, size_t row, size_t col);

/* How many of its cells are, in reading order; SIZE_MAX: all. */
size_t view_filled_cells(const struct view *view, int step);

/* ---- zoom: which rows and columns of a large matrix are shown ----
 *
 * The zoom is a section of the result's rows and one of its columns. Operands that share an axis with the result show the
 * same section of it; other axes are shown whole. The next steps of the walk keep it. */

/* The fewest rows and columns shown of a matrix that has more. */
enum { ZOOM_LEAST = 8 };

/* The positions shown along the rows and columns of a matrix of the step that is on the screen, as it lies on the tape:
 * its result (operand -1), or one of its operands. */
void zoom_of(const struct view *view, int operand, struct section *ret_rows, struct section *ret_cols);

/* Does the section apply to this axis? */
bool zoom_runs_along(const struct zoom_axis *z, const struct axis *axis);

/* Is any of the current result left out? */
bool zoom_is_on(const struct view *view);

/* Show these rows and columns of the current result, clipped; n == 0: all. */
void zoom_set(const struct view *view, struct zoom *zoom, struct section rows, struct section cols);

/* That section of an axis, clipped; where it is longer than the axis, all of it. */
struct zoom_axis zoom_axis_of(struct section s, const struct axis *axis);

/* Show `factor` times as many rows and columns; cell (row, col) keeps its relative place. */
void zoom_by(const struct view *view, struct zoom *zoom, float factor, size_t row, size_t col);

/* Move by so many rows down and columns to the right, counted as on the page, at most to the matrix's edges. */
void zoom_pan(const struct view *view, struct zoom *zoom, long rows, long cols);

/* Centre it at this share (0..1) of the rows and columns, counted as on the page. */
void zoom_centre(const struct view *view, struct zoom *zoom, float rows, float cols);

/* Move it to the cell that is explained (view_cell). */
void zoom_follow(const struct view *view, struct zoom *zoom);

#endif
