/* command.h: the pages, and the commands: what a person can do. The scene knows what a command is called and how it is
 * given; what it does is in the app's table (app/commands.c). */
#ifndef QKV_SCENE_COMMAND_H
#define QKV_SCENE_COMMAND_H

/* The pages beside the walk, a row each: PAGE(ID, draw, name, keys, label, help, ...). PAGE_ID is the page, CMD_ID the
 * command that opens it and closes it again; `draw` fills the page (page_parts.h); name, keys, label and help are the
 * command's (struct command_info), and a state line says page=NAME; the rest are further members of struct page_info
 * (view.h). All that enumerates pages reads this list. */
#define PAGE_LIST(PAGE)                                                                                                \
    PAGE(OVERVIEW, overview_draw, "overview", "Tab o", "Overview", "The whole computation at a glance",                \
         .in_header = true, .hints = (const int[]){CMD_FORWARD, CMD_BACK, CMD_STRIDE, CMD_LEAVE, -1})                  \
    PAGE(LESSONS, lessons_draw, "lessons", "l", "Lessons", "Choose a lesson", .in_header = true,                       \
         .chooses = CHOOSES_LESSONS)                                                                                   \
    PAGE(KEYS, keys_draw, "keys", "? F1", "Keys", "This page", .in_header = true,                                      \
         .hints = (const int[]){CMD_LEAVE, -1})                                                                        \
    PAGE(BLANK, blank_draw, "blank", "b .", "blank", "A dark screen; any key: back", .blank = true)                    \
    PAGE(HEADS, heads_draw, "heads", "g", "Heads", "All heads, and what each adds", .in_header = true,                 \
         .chooses = CHOOSES_WORDS,                                                                                     \
         .hints = (const int[]){CMD_HEADS_ALL, CMD_HEAD_SWITCH, CMD_WORD_KEEP, CMD_LEAVE, -1})                         \
    PAGE(MICROSCOPE, microscope_draw, "microscope", "v", "Softmax", "Softmax under the microscope", .in_header = true, \
         .chooses = CHOOSES_WORDS,                                                                                     \
         .hints = (const int[]){CMD_MICROSCOPE_MAXIMUM, CMD_MICROSCOPE_FACTOR, CMD_LEAVE, -1})                         \
    PAGE(COSTS, costs_draw, "costs", "C $", "Costs", "What it costs: by formula, and in time", .in_header = true,      \
         .chooses = CHOOSES_LENGTHS, .hints = (const int[]){CMD_COSTS_MEASURE, CMD_COSTS_WIDTH, CMD_LEAVE, -1})

#define PAGE_ID(id, draw, name, keys, label, help, ...) PAGE_##id,
enum page { PAGE_WALK, PAGE_LIST(PAGE_ID) PAGE_COUNT };
#undef PAGE_ID

#define CMD_OF_PAGE(id, draw, name, keys, label, help, ...) CMD_##id,
enum command {
    CMD_FORWARD,
    CMD_BACK,
    CMD_FIRST,
    CMD_LAST,
    CMD_STRIDE,     /* the next size of stride */
    CMD_STRIDE_SET, /* argument: enum stride */
    CMD_PLAY,
    CMD_SLOWER,
    CMD_FASTER,
    CMD_HEAD_NEXT,
    CMD_HEAD_SET, /* argument: head, from 0 */
    CMD_CURSOR_UP,
    CMD_CURSOR_DOWN,
    CMD_CURSOR_LEFT,  /* without a cursor: back */
    CMD_CURSOR_RIGHT, /* without a cursor: forward */
    CMD_PIN,
    CMD_LEAVE, /* unpins, drops the cursor, closes a page: one at a time */
    CMD_UNFOLD,
    CMD_COMPARE, /* show the difference from the comparison */
    CMD_FIGURE,  /* the picture: larger, away, back */
    CMD_READ_ON,
    CMD_LIVE, /* pin the cell of a number in a text; argument: which of the page, from 0 */
    CMD_CELL, /* a part of a picture that stands for a cell */
    CMD_EDIT,
    CMD_EDIT_UP,
    CMD_EDIT_DOWN,
    CMD_EDIT_BY,  /* argument: by how many hundredths */
    CMD_SENTENCE, /* type a sentence of one's own */
    CMD_WORD_REMOVE,
    CMD_WORD_EARLIER,
    CMD_WORD_LATER,
    CMD_BLOCK, /* the pair of words under the cursor */
    CMD_UNDO,
    CMD_REDO,
    CMD_RESET,
    CMD_RESET_ALL,
    CMD_TRY,               /* what the stop invites to, or back */
    CMD_REROLL,            /* the next seed */
    PAGE_LIST(CMD_OF_PAGE) /* toggle a page */
    CMD_FOCUS_NEXT,
    CMD_FOCUS_PREVIOUS,
    CMD_THEME,
    CMD_MOTION,
    CMD_LARGER,
    CMD_SMALLER,
    CMD_SCALE_RESET,
    CMD_FULLSCREEN,
    CMD_QUIT,
    CMD_SETTINGS,
    /* While the settings are open keys do these (app/settings_keys.c). */
    CMD_SETTING_PREVIOUS,
    CMD_SETTING_NEXT,
    CMD_SETTING_LESS,
    CMD_SETTING_MORE,
    CMD_SETTING_TYPE,
    CMD_SETTING_OWN,    /* as the lesson has it */
    CMD_SETTING_CHOOSE, /* argument: which of the choices; one more: a number */
    CMD_SETTING_FOCUS,  /* argument: the row */
    CMD_SETTING_SLIDE,  /* argument: how far along the track, in its SLIDER_PLACES; while it is held */
    CMD_TURN,           /* a token is a column, or a row again */
    CMD_SAVE,
    CMD_OPEN,
    CMD_EXPORT,
    CMD_COPY,               /* the matrix looked at, to the clipboard */
    CMD_PASTE,              /* numbers from the clipboard */
    CMD_COPY_LINE,          /* the state line */
    CMD_HEADS_ALL,          /* the lines of all heads, or of one */
    CMD_WORD_KEEP,          /* choose the word looked at besides others */
    CMD_HEAD_SWITCH,        /* the head looked at off or on */
    CMD_MICROSCOPE_FACTOR,  /* the next factor on the scores */
    CMD_MICROSCOPE_MAXIMUM, /* subtracted, or not */
    CMD_COSTS_MEASURE,      /* how long it takes on this machine */
    CMD_COSTS_WIDTH,        /* the next width of queries and keys */
    /* Only the mouse and the controls send these. */
    CMD_WORD,                   /* argument: a word, from 0: look at it alone; again: at none */
    CMD_LOOK,                   /* argument: a word, from 0: look from it */
    CMD_WORD_ADD,               /* argument: a word, from 0: look at it, too, or no more */
    CMD_HEAD_SWITCH_SET,        /* argument: the head to switch, from 0 */
    CMD_MICROSCOPE_FACTOR_SET,  /* argument: index into the factors */
    CMD_MICROSCOPE_TEMPERATURE, /* argument: index into the temperatures */
    CMD_COSTS_WIDTH_SET,        /* argument: index into the widths */
    CMD_COSTS_POINT,            /* argument: a point of a curve (page_costs.h): look at its length */
    CMD_STAGE,                  /* argument: enum stage */
    CMD_STEP,                   /* argument: which of the walk's steps */
    CMD_LESSON,                 /* argument: which of the built-in lessons */
    CMD_DRAW,                   /* argument: which draw, size by size, from 0 */
    CMD_SPEED_SET,              /* argument: index into the speeds */
    CMD_TERM,                   /* argument: a term of the glossary (language.h) */
    CMD_NOTHING,                /* a target without effect */
    /* Large matrices. */
    CMD_ZOOM_IN,
    CMD_ZOOM_OUT,
    CMD_ZOOM_RESET,
    CMD_ZOOM_MAP, /* where the window is in the whole matrix; the app takes the place pointed at */
    /* The offer of a session that was not saved. */
    CMD_OFFER_OPEN,
    CMD_OFFER_LEAVE,
    CMD_OFFER_DELETE,
    CMD_COUNT
};
#undef CMD_OF_PAGE

/* Under which heading the page of keys lists it. */
enum command_group { GROUP_WALK, GROUP_LOOK, GROUP_CHANGE, GROUP_FILES, GROUP_PAGES, GROUP_SCREEN, GROUP_HIDDEN };

struct command_info {
    const char *name; /* "forward": in messages and tests */
    /* blank-separated: names of keys ("Right", "PageDown") and typed characters ("s", "?"); "" : none */
    const char *keys;
    const char *label; /* on a control: a word or two */
    const char *help;  /* on the page of keys */
    enum command_group group;
};

#endif
