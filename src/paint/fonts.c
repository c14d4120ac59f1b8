#include "paint/fonts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static const char *const families[FACE_COUNT][4] = {
    [FACE_SANS] = {"Inter", "Noto Sans", "sans-serif"},
    [FACE_SANS_BOLD] = {"Inter", "Noto Sans", "sans-serif"},
    [FACE_MONO] = {"JetBrains Mono", "DejaVu Sans Mono", "Noto Sans Mono", "monospace"},
    [FACE_MONO_BOLD] = {"JetBrains Mono", "DejaVu Sans Mono", "Noto Sans Mono", "monospace"},
};

/* ---- memory ---- */

void memory_watch(void)
{
    errno = 0;
    SDL_ClearError();
}

bool memory_ran_out(void)
{
    return errno == ENOMEM || strcmp(SDL_GetError(), "Out of memory") == 0;
}

bool fonts_take_failure(struct fonts *fonts)
{
    bool failed = fonts->failed;
    fonts->failed = false;
    return failed;
}

/* ---- chains ---- */

static FcPattern *pattern_for(FcConfig *config, enum face face)
{
    bool bold = face == FACE_SANS_BOLD || face == FACE_MONO_BOLD, mono = face >= FACE_MONO;
    FcPattern *pattern = FcPatternCreate();
    if (!pattern)
        return NULL;
    for (size_t i = 0; i < sizeof families[0] / sizeof families[0][0] && families[face][i]; i++)
        FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)families[face][i]);
    FcPatternAddInteger(pattern, FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
    FcPatternAddInteger(pattern, FC_SLANT, FC_SLANT_ROMAN);
    FcPatternAddBool(pattern, FC_VARIABLE, FcFalse);
    FcPatternAddBool(pattern, FC_COLOR, FcFalse);
    if (mono)
        FcPatternAddInteger(pattern, FC_SPACING, FC_MONO);
    FcConfigSubstitute(config, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    return pattern;
}

/* Outlines only: a bitmap font has one size, a colour font no colour of ours, and a variable font (not one of its
 * named instances) would be drawn at its default weight. */
static bool usable(const FcPattern *pattern, struct font_file *ret)
{
    FcChar8 *path = NULL, *format = NULL;
    FcCharSet *covers = NULL;
    FcBool colour = FcFalse, scalable = FcTrue, variable = FcFalse;
    int index = 0;
    FcPatternGetBool(pattern, FC_COLOR, 0, &colour);
    FcPatternGetBool(pattern, FC_SCALABLE, 0, &scalable);
    FcPatternGetBool(pattern, FC_VARIABLE, 0, &variable);
    FcPatternGetInteger(pattern, FC_INDEX, 0, &index);
    if (colour || !scalable || variable || FcPatternGetString(pattern, FC_FILE, 0, &path) != FcResultMatch ||
        FcPatternGetCharSet(pattern, FC_CHARSET, 0, &covers) != FcResultMatch)
        return false;
    if (FcPatternGetString(pattern, FC_FONTFORMAT, 0, &format) == FcResultMatch &&
        strcmp((const char *)format, "TrueType") != 0 && strcmp((const char *)format, "CFF") != 0)
        return false;
    FcChar8 *family = NULL;
    double weight = FC_WEIGHT_REGULAR;
    FcPatternGetString(pattern, FC_FAMILY, 0, &family);
    FcPatternGetDouble(pattern, FC_WEIGHT, 0, &weight);
    *ret = (struct font_file){.path = (const char *)path,
                              .index = index,
                              .covers = covers,
                              .family = (const char *)family,
                              .weight = (int)FcWeightToOpenTypeDouble(weight)};
    return true;
}

static void chain_finish(struct chain *chain)
{
    free(chain->files);
    if (chain->patterns)
        FcFontSetDestroy(chain->patterns);
    *chain = (struct chain){0};
}

/* Sorting asks only fontconfig's cache and opens no font: about half a millisecond for a face. */
static void chain_sort(struct chain *chain, FcConfig *config, enum face face)
{
    FcResult result;
    FcPattern *pattern = pattern_for(config, face);
    if (!pattern)
        return;
    chain->patterns = FcFontSort(config, pattern, FcTrue, NULL, &result);
    FcPatternDestroy(pattern);
    int n = chain->patterns ? chain->patterns->nfont : 0;
    chain->files = n > 0 ? calloc((size_t)n, sizeof *chain->files) : NULL;
    for (int i = 0; chain->files && i < n; i++)
        chain->n += usable(chain->patterns->fonts[i], &chain->files[chain->n]);
}

static struct chain *chain_of(struct fonts *fonts, enum face face)
{
    struct chain *chain = &fonts->chains[face];
    if (chain->sorted)
        return chain;
    memory_watch();
    chain_sort(chain, fonts->config, face);
    chain->sorted = !memory_ran_out();
    if (!chain->sorted) {
        chain_finish(chain);
        fonts->failed = true;
    }
    return chain;
}

static bool covers_all(const struct font_file *file, const int32_t *characters, int n)
{
    /* What has no glyph of its own (joiners, variation selectors) need not be there. */
    for (int i = 0; i < n; i++)
        if (!utf8proc_get_property(characters[i])->ignorable &&
            !FcCharSetHasChar(file->covers, (FcChar32)characters[i]))
            return false;
    return true;
}

int fonts_file_for(struct fonts *fonts, enum face face, int px, const int32_t *characters, int n)
{
    const struct chain *chain = chain_of(fonts, face);
    for (int wanted = n; wanted > 0; wanted = wanted > 1 ? 1 : 0)
        for (int i = 0; i < chain->n; i++)
            if (!chain->files[i].broken && covers_all(&chain->files[i], characters, wanted) &&
                fonts_open(fonts, face, i, px))
                return i;
    return -1;
}

const struct font_file *fonts_file(struct fonts *fonts, enum face face, int file)
{
    return &chain_of(fonts, face)->files[file];
}

/* ---- open fonts ---- */

static struct open_font *place_for(struct fonts *fonts)
{
    if (fonts->n_open < FONT_OPEN_MAX)
        return &fonts->open[fonts->n_open++];
    struct open_font *oldest = &fonts->open[0];
    for (size_t i = 1; i < fonts->n_open; i++)
        if (fonts->open[i].used < oldest->used)
            oldest = &fonts->open[i];
    TTF_CloseFont(oldest->font);
    return oldest;
}

TTF_Font *fonts_open(struct fonts *fonts, enum face face, int file, int px)
{
    for (size_t i = 0; i < fonts->n_open; i++) {
        struct open_font *open = &fonts->open[i];
        if (open->face == face && open->file == file && open->px == px) {
            open->used = ++fonts->use_counter;
            return open->font;
        }
    }
    struct chain *chain = chain_of(fonts, face);
    if (file >= chain->n)
        return NULL;
    struct font_file *from = &chain->files[file];
    memory_watch();
    /* 72 dots per inch: a point is a pixel, so an em is px pixels. */
    TTF_Font *font = TTF_OpenFontIndexDPI(from->path, px, from->index, 72, 72);
    if (memory_ran_out()) {
        fonts->failed = true;
        if (font)
            TTF_CloseFont(font);
        return NULL;
    }
    if (!font) {
        from->broken = true;
        return NULL;
    }
    /* Letters of a word keep their own widths; digits of a table stand in whole pixels, all alike. */
    TTF_SetFontHinting(font, px == MEASURE_PX   ? TTF_HINTING_NONE
                             : face < FACE_MONO ? TTF_HINTING_LIGHT_SUBPIXEL
                                                : TTF_HINTING_LIGHT);
    *place_for(fonts) = (struct open_font){font, face, file, px, ++fonts->use_counter};
    return font;
}

/* ---- life ---- */

struct qkv_err fonts_new(struct fonts **ret)
{
    struct fonts *fonts = calloc(1, sizeof *fonts);
    if (!fonts)
        return qkv_nomem("fonts");
    memory_watch();
    if (TTF_Init() != 0) {
        free(fonts);
        return memory_ran_out() ? qkv_nomem("fonts") : qkv_errf(QKV_ERR_IO, "fonts cannot be used: %s", TTF_GetError());
    }
    fonts->config = FcInitLoadConfigAndFonts();
    bool failed = memory_ran_out(), found = fonts->config && !failed && chain_of(fonts, FACE_SANS)->n > 0;
    failed |= fonts->failed;
    if (!found || failed) {
        fonts_free(fonts);
        return failed ? qkv_nomem("fonts") : qkv_errf(QKV_ERR_IO, "no font was found; install fonts-noto-core");
    }
    *ret = fonts;
    return (struct qkv_err){0};
}

void fonts_free(struct fonts *fonts)
{
    if (!fonts)
        return;
    for (size_t i = 0; i < fonts->n_open; i++)
        TTF_CloseFont(fonts->open[i].font);
    for (int face = 0; face < FACE_COUNT; face++)
        chain_finish(&fonts->chains[face]);
    if (fonts->config)
        FcConfigDestroy(fonts->config);
    table_clear(&fonts->lines);
    free(fonts->runs);
    str_finish(&fonts->bytes);
    free(fonts);
    TTF_Quit();
}

static float measure_width(void *context, enum face face, float size, const char *text, size_t n)
{
    const struct line *line = fonts_line(context, face, size, text, n);
    return line ? line->width : 0.0f;
}

struct measure fonts_measure(struct fonts *fonts)
{
    return (struct measure){measure_width, fonts};
}
