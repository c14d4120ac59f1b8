#include "paint/fonts.h"

#include "base/array.h"

#include <hb.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { CLUSTER_MAX = 16 }; /* characters of a cluster that are looked at */

/* A grapheme cluster: what a reader takes for one character. */
struct cluster {
    size_t at, n;
    int32_t characters[CLUSTER_MAX];
    int n_characters;
    bool valid; /* false: these bytes are not UTF-8 */
};

struct line_builder {
    struct fonts *fonts;
    enum face face;
    int px;
    float x;
    const char *text;
    size_t n_runs;
    struct run now;  /* the run being gathered; n = 0: none */
    float now_width; /* a guess, to know when to cut */
    int now_spaces;  /* that follow it: they join it to the next word, or are a gap before the next run */
    float space;     /* the width of one */
};

/* ---- text to clusters ---- */

static int32_t character_at(const char *text, size_t n, size_t *ret_length)
{
    int32_t character;
    size_t length = utf8_next(text, n, &character);
    *ret_length = length > 0 ? length : 1;
    return character;
}

static struct cluster next_cluster(const char *text, size_t n, size_t at)
{
    size_t length;
    int32_t last = character_at(text + at, n - at, &length);
    struct cluster cluster = {at, length, {last}, 1, last >= 0};
    utf8proc_int32_t state = 0;
    while (last >= 0 && at + cluster.n < n) {
        int32_t next = character_at(text + at + cluster.n, n - at - cluster.n, &length);
        if (next < 0 || utf8proc_grapheme_break_stateful(last, next, &state))
            break;
        cluster.n += length;
        if (cluster.n_characters < CLUSTER_MAX)
            cluster.characters[cluster.n_characters++] = next;
        last = next;
    }
    return cluster;
}

static bool invisible(const struct cluster *cluster)
{
    for (int i = 0; i < cluster->n_characters; i++)
        if (!utf8proc_get_property(cluster->characters[i])->ignorable)
            return false;
    return true;
}

static uint32_t script_of(const struct cluster *cluster)
{
    for (int i = 0; i < cluster->n_characters; i++) {
        hb_script_t script = hb_unicode_script(hb_unicode_funcs_get_default(), (hb_codepoint_t)cluster->characters[i]);
        if (script != HB_SCRIPT_COMMON && script != HB_SCRIPT_INHERITED && script != HB_SCRIPT_UNKNOWN)
            return (uint32_t)script;
    }
    return 0;
}

/* ---- clusters to runs ---- */

/* A font remembers the last script it was told: say it every time. */
static TTF_Font *open_for(struct fonts *fonts, enum face face, int px, const struct run *run)
{
    TTF_Font *font = fonts_open(fonts, face, run->file, px);
    if (font) {
        char tag[5] = "Zyyy";
        if (run->script)
            hb_tag_to_string(run->script, tag);
        TTF_SetFontScriptName(font, tag);
        TTF_SetFontDirection(font, run->rightwards ? TTF_DIRECTION_LTR : TTF_DIRECTION_RTL);
    }
    return font;
}

/* How far the pen moves over some text. Between two spaces, so that neither the overhang of the first letter nor that
 * of the last counts. */
static float advance(struct fonts *fonts, TTF_Font *font, int px, const char *text, size_t n)
{
    int with = 0, without = 0;
    str_clear(&fonts->bytes);
    str_add(&fonts->bytes, " ");
    str_addn(&fonts->bytes, text, n);
    str_add(&fonts->bytes, " ");
    memory_watch();
    bool measured = font && TTF_SizeUTF8(font, str_text(&fonts->bytes), &with, NULL) == 0 &&
                    TTF_SizeUTF8(font, "  ", &without, NULL) == 0;
    /* A glyph that the font itself has broken has no width. */
    fonts->failed |= !font || fonts->bytes.failed || memory_ran_out();
    if (!measured)
        return 0.0f;
    return (float)(with - without) * (float)px / MEASURE_PX;
}

/* The advance of an ASCII character in the face's own font; whole pixels in a monospaced face. It is asked for with
 * every line, so it is measured once. */
static float advance_of(struct fonts *fonts, enum face face, int px, char character)
{
    float *known = &fonts->advances[face][(unsigned char)character % ASCII_COUNT];
    if (*known == 0.0f) {
        int32_t code = character;
        struct run run = {.file = fonts_file_for(fonts, face, px, &code, 1), .rightwards = true};
        if (run.file < 0)
            return floorf((float)px / 2);
        *known = advance(fonts, open_for(fonts, face, MEASURE_PX, &run), MEASURE_PX, &character, 1);
    }
    float wide = *known * (float)px / MEASURE_PX;
    return face >= FACE_MONO ? roundf(wide) : wide;
}

static float run_width(struct line_builder *build, const struct run *run)
{
    struct fonts *fonts = build->fonts;
    if (run->file < 0)
        return roundf(0.7f * (float)build->px);
    /* Every character of the monospaced face is as wide as its digits, whatever its rounded outline says. */
    if (run->file == 0 && build->face >= FACE_MONO)
        return advance_of(fonts, build->face, build->px, '0');
    float wide =
        advance(fonts, open_for(fonts, build->face, MEASURE_PX, run), build->px, build->text + run->at, run->n);
    return build->face >= FACE_MONO ? ceilf(wide) : wide;
}

static void close_run(struct line_builder *build)
{
    struct fonts *fonts = build->fonts;
    struct run run = build->now;
    int spaces = build->now_spaces;
    build->now = (struct run){0};
    build->now_spaces = 0;
    if (run.n == 0) {
        build->x += (float)spaces * build->space;
        return;
    }
    if (!array_reserve(&fonts->runs, &fonts->runs_capacity, build->n_runs + 1, sizeof *fonts->runs)) {
        fonts->failed = true;
        return;
    }
    run.x = build->x;
    run.w = run_width(build, &run);
    build->x += run.w + (float)spaces * build->space;
    fonts->runs[build->n_runs++] = run;
}

static void add_cluster(struct line_builder *build, const struct cluster *cluster)
{
    if (cluster->valid && invisible(cluster))
        return;
    int file = cluster->valid
                   ? fonts_file_for(build->fonts, build->face, build->px, cluster->characters, cluster->n_characters)
                   : -1;
    uint32_t script = cluster->valid ? script_of(cluster) : 0;
    bool alone = file < 0 || (file == 0 && build->face >= FACE_MONO);
    float width = (float)build->px * (cluster->valid && utf8proc_charwidth(cluster->characters[0]) > 1 ? 1.0f : 0.6f);
    struct run *now = &build->now;
    if (alone || now->file != file || (script && now->script && script != now->script) ||
        now->at + now->n + (size_t)build->now_spaces != cluster->at || build->now_width + width > RUN_WIDTH_MAX ||
        (build->now_spaces && build->now_width > RUN_WIDTH_MAX / 2))
        close_run(build);
    if (now->n == 0) {
        *now = (struct run){.at = cluster->at, .file = file, .rightwards = true};
        build->now_width = 0.0f;
        build->x += (float)build->now_spaces * build->space;
        build->now_spaces = 0;
    }
    now->n += cluster->n + (size_t)build->now_spaces;
    build->now_width += width + (float)build->now_spaces * build->space;
    build->now_spaces = 0;
    if (script && !now->script) {
        now->script = script;
        now->rightwards = hb_script_get_horizontal_direction((hb_script_t)script) != HB_DIRECTION_RTL;
    }
    if (alone)
        close_run(build);
}

/* Words of a right-to-left script that follow one another are read from the right: mirror where they stand. */
static void reverse_leftward(struct run *runs, size_t n)
{
    for (size_t from = 0, to; from < n; from = to + 1) {
        for (to = from; to < n && !runs[to].rightwards; to++)
            continue;
        if (to == from)
            continue;
        float left = runs[from].x, right = runs[to - 1].x + runs[to - 1].w;
        for (size_t i = from; i < to; i++)
            runs[i].x = left + right - runs[i].x - runs[i].w;
    }
}

static struct line *make_line(struct fonts *fonts, enum face face, int px, const char *text, size_t n)
{
    struct line_builder build = {.fonts = fonts, .face = face, .px = px, .text = text};
    build.space = advance_of(fonts, face, px, ' ');
    for (size_t at = 0; at < n;) {
        struct cluster cluster = next_cluster(text, n, at);
        int32_t first = cluster.characters[0];
        if (first == ' ' || (first >= 0 && first < ' ') || first == 0x7F) {
            build.now_spaces++;
        } else {
            add_cluster(&build, &cluster);
        }
        at += cluster.n;
    }
    close_run(&build);
    struct line *line = fonts->failed ? NULL : malloc(sizeof *line + build.n_runs * sizeof line->runs[0]);
    if (!line)
        return NULL;
    reverse_leftward(fonts->runs, build.n_runs);
    *line = (struct line){.width = build.x, .px = px, .n = build.n_runs};
    if (build.n_runs)
        memcpy(line->runs, fonts->runs, build.n_runs * sizeof line->runs[0]);
    return line;
}

/* ---- what others ask ---- */

const struct line *fonts_line(struct fonts *fonts, enum face face, float size, const char *text, size_t n)
{
    /* Written so that NaN becomes 1. */
    int px = !(size >= 1.0f) ? 1 : size > FONT_PX_MAX ? FONT_PX_MAX : (int)lroundf(size);
    uint64_t head = (uint64_t)face << 32 | (uint64_t)px;
    struct line *line = table_find(&fonts->lines, head, text, n);
    if (line)
        return line;
    if (fonts->lines.n >= LINES_MAX)
        table_clear(&fonts->lines);
    /* A failure from before must not fail this line, and stays to be told. */
    bool failed = fonts_take_failure(fonts);
    line = make_line(fonts, face, px, text, n);
    if (!line || fonts->failed || !table_put(&fonts->lines, head, text, n, line)) {
        free(line);
        line = NULL;
    }
    fonts->failed = failed || !line;
    return line;
}

SDL_Surface *fonts_render(struct fonts *fonts, enum face face, int px, const struct run *run, const char *text,
                          SDL_Point *ret_origin)
{
    TTF_Font *font = run->file >= 0 ? open_for(fonts, face, px, run) : NULL;
    str_clear(&fonts->bytes);
    str_addn(&fonts->bytes, text + run->at, run->n);
    const char *bytes = str_text(&fonts->bytes);
    fonts->failed |= !font || fonts->bytes.failed;
    if (!font || fonts->bytes.failed)
        return NULL;
    memory_watch();
    SDL_Surface *image = TTF_RenderUTF8_Blended(font, bytes, (SDL_Color){255, 255, 255, 255});
    if (memory_ran_out()) {
        fonts->failed = true;
        SDL_FreeSurface(image);
        return NULL;
    }
    *ret_origin = (SDL_Point){0, TTF_FontAscent(font)};
    /* The image starts at the left of its first letter and, when that is higher than the font says, at the top of its
     * highest. */
    bool tall = image && image->h > TTF_FontHeight(font);
    for (size_t at = 0, length; at < (tall ? run->n : 1); at += length) {
        int left = 0, top = 0;
        int32_t character = character_at(bytes + at, run->n - at, &length);
        if (character < 0 || TTF_GlyphMetrics32(font, (Uint32)character, &left, NULL, NULL, &top, NULL) != 0)
            continue;
        if (at == 0 && run->rightwards && left < 0)
            ret_origin->x = -left;
        if (tall && top > ret_origin->y)
            ret_origin->y = top;
    }
    return image;
}
