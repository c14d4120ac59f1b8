/* fonts.h: what the painter knows of fonts: a line of text as placed runs, and a run as an image.
 *
 * A run is what is drawn in one go: words in one font file and one script, or a single character of a monospaced
 * face. Measuring and painting walk the same runs, so a text is exactly as wide as it was measured. */
#ifndef QKV_PAINT_FONTS_H
#define QKV_PAINT_FONTS_H

#include "paint/atlas.h"
#include "paint/paint.h"

#include <SDL_ttf.h>
#include <fontconfig/fontconfig.h>

enum {
    FONT_PX_MAX = 256,   /* larger texts are drawn at this size: a letter still fits the atlas */
    FONT_OPEN_MAX = 48,  /* each open font holds a file descriptor, and a scaled window asks for many sizes */
    LINES_MAX = 16384,   /* then all are evicted: numbers change all the time */
    RUN_WIDTH_MAX = 480, /* pixels, about; a longer text is cut, between words where it can be */
    ASCII_COUNT = 128,   /* characters whose advances are measured once */
    MEASURE_PX = 1024    /* advances are measured at this size and scaled: SDL_ttf gives them in whole pixels only */
};

struct font_file {
    const char *path; /* owned by chain.patterns, like covers */
    long index;       /* the face in a collection */
    const FcCharSet *covers;
    const char *family; /* "Inter"; NULL: it does not say */
    int weight;         /* 100..900, as OpenType and CSS have it */
    bool broken;        /* could not be opened */
};

/* The files for a face, best first. */
struct chain {
    bool sorted; /* false: not asked for yet */
    FcFontSet *patterns;
    struct font_file *files;
    int n;
};

struct open_font {
    TTF_Font *font;
    enum face face;
    int file, px;
    unsigned long used; /* value of use_counter; the least recently used one is closed first */
};

struct run {
    size_t at, n;    /* its bytes in the line's text */
    float x, w;      /* pixels from the line's start; whole ones in the monospaced faces */
    int file;        /* in the face's chain; -1: no font has this character; it is drawn as a box */
    uint32_t script; /* ISO 15924 tag, as hb_script_t; 0: unknown */
    bool rightwards; /* false: a right-to-left script */
};

struct line {
    float width;
    int px;
    size_t n;
    struct run runs[];
};

struct fonts {
    FcConfig *config;
    struct chain chains[FACE_COUNT];
    struct open_font open[FONT_OPEN_MAX];
    size_t n_open;
    unsigned long use_counter;
    float advances[FACE_COUNT][ASCII_COUNT]; /* of characters at MEASURE_PX; 0: not measured yet */
    struct table lines;
    struct run *runs; /* of the line being made */
    size_t runs_capacity;
    struct str bytes; /* a run with its terminating NUL */
    bool failed;      /* there was no memory for something since this was last false */
};

/* Was there no memory to measure or draw some text since this was last asked? */
bool fonts_take_failure(struct fonts *fonts);

/* Libraries go on without what they found no memory for, and draw something else. Did one of them find none since
 * memory_watch()? (malloc sets errno, and nothing in between sets it to anything that would matter here.) */
void memory_watch(void);
bool memory_ran_out(void);

/* ---- fonts.c: files ---- */

/* The first file of the face's chain that has all `n` characters, else the first that has the first; -1: none. */
int fonts_file_for(struct fonts *fonts, enum face face, int px, const int32_t *characters, int n);

/* What the files of the face's chain are called. Valid as long as `fonts`; file is of a run, 0 or more. */
const struct font_file *fonts_file(struct fonts *fonts, enum face face, int file);

/* A file of a chain at a size, or NULL when it cannot be opened. Valid until the next call. */
TTF_Font *fonts_open(struct fonts *fonts, enum face face, int file, int px);

/* ---- line.c: runs ---- */

/* The runs of a text; NULL, and a failure, when there is no memory. Valid until the next call. */
const struct line *fonts_line(struct fonts *fonts, enum face face, float size, const char *text, size_t n);

/* A run as a white image with alpha, or NULL: it has no extent, or (a failure) there is no memory. The caller frees
 * it with SDL_FreeSurface. *ret_origin is where in the image the pen starts: x is more than 0 when the first letter
 * reaches to the left of it, y is the baseline. */
SDL_Surface *fonts_render(struct fonts *fonts, enum face face, int px, const struct run *run, const char *text,
                          SDL_Point *ret_origin);

#endif
