#include "paint/shapes.h"
#include "paint/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- XML ---- */

/* The production Char of XML 1.0, less the controls that it allows and nobody can see. */
static bool is_character(int32_t c)
{
    return (c >= 0x20 && c < 0x7F) || (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
           (c >= 0x10000 && c <= 0x10FFFF);
}

static const char *entity_of(int32_t c)
{
    static const char *const entities[] = {"<&lt;", ">&gt;", "&&amp;", "\"&quot;", "'&#39;"};
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (entities[i][0] == c)
            return entities[i] + 1;
    return NULL;
}

void xml_add(struct str *to, const char *text, size_t n)
{
    for (size_t at = 0; at < n;) {
        int32_t c;
        size_t length = utf8_next(text + at, n - at, &c);
        if (!is_character(c))
            str_add(to, c == '\n' || c == '\t' ? " " : "\xEF\xBF\xBD");
        else if (entity_of(c))
            str_add(to, entity_of(c));
        else
            str_addn(to, text + at, length);
        at += length > 0 ? length : 1;
    }
}

void xml_add_decimal(struct str *to, float number)
{
    long hundredths = lroundf(number * 100), rest = labs(hundredths) % 100;
    str_addf(to, "%s%ld", hundredths < 0 ? "-" : "", labs(hundredths) / 100);
    if (rest)
        str_addf(to, rest % 10 ? ".%02ld" : ".%ld", rest % 10 ? rest : rest / 10);
}

void xml_add_number(struct str *to, const char *name, float number)
{
    str_addf(to, " %s=\"", name);
    xml_add_decimal(to, number);
    str_add(to, "\"");
}

void xml_add_box(struct str *to, struct rect box)
{
    xml_add_number(to, "x", box.x);
    xml_add_number(to, "y", box.y);
    xml_add_number(to, "width", box.w);
    xml_add_number(to, "height", box.h);
}

void xml_add_colour(struct str *to, const char *name, struct colour colour)
{
    str_addf(to, " %s=\"#%02X%02X%02X\"", name, colour.r, colour.g, colour.b);
    if (colour.a != 255)
        /* Thousandths tell all 256 levels apart. */
        str_addf(to, " %s-opacity=\"0.%03d\"", name, (colour.a * 1000 + 127) / 255);
}

/* ---- texts ---- */

/* An item of text on its way to the page. */
struct writing {
    struct str *to;
    struct fonts *fonts;
    const struct item *item;
    const char *text;
    const struct line *line;
    float x, y; /* where the pen starts; a turned text's own axes start at 0, 0 */
    char rotation[80];
};

static bool is_mono(const struct writing *w)
{
    return w->item->as.text.face >= FACE_MONO;
}

/* ` font-family="'Inter', sans-serif"`, and the weight of the file that is drawn, so that no bold is made up. */
static void add_face(const struct writing *w, const struct font_file *file)
{
    str_add(w->to, " font-family=\"");
    if (file->family) {
        str_add(w->to, "'");
        for (const char *c = file->family; *c; c += strcspn(c, "'\\") + (c[strcspn(c, "'\\")] != '\0'))
            xml_add(w->to, c, strcspn(c, "'\\"));
        str_add(w->to, "', ");
    }
    str_add(w->to, is_mono(w) ? "monospace\"" : "sans-serif\"");
    str_addf(w->to, " font-weight=\"%d\"", file->weight);
}

/* As wide as it was measured, also where another font has to stand in. Characters of the monospaced faces stand one by
 * one where they belong, which does the same. */
static void add_length(const struct writing *w, const struct run *run)
{
    if (is_mono(w) || run->w < 1)
        return;
    xml_add_number(w->to, "textLength", run->w);
    str_add(w->to, " lengthAdjust=\"spacingAndGlyphs\"");
}

/* The painter puts every run on whole pixels. */
static float run_x(const struct writing *w, const struct run *run)
{
    return w->x + floorf(run->x + 0.5f);
}

static const struct font_file *run_file(const struct writing *w, const struct run *run)
{
    return fonts_file(w->fonts, w->item->as.text.face, run->file);
}

/* A character that no font has is drawn as a box. */
static void add_missing(const struct writing *w, const struct run *run)
{
    float h = floorf(0.7f * (float)w->line->px), stroke = floorf((float)w->line->px / 16) + 1;
    if (run->w - 2 <= 2 * stroke)
        return;
    str_add(w->to, "<rect");
    xml_add_box(w->to, (struct rect){run_x(w, run) + 1 + stroke / 2, w->y - h + stroke / 2,
                                     floorf(run->w + 0.5f) - 2 - stroke, h - stroke});
    xml_add_number(w->to, "stroke-width", stroke);
    str_add(w->to, " fill=\"none\"");
    xml_add_colour(w->to, "stroke", w->item->fill);
    str_addf(w->to, "%s/>\n", w->rotation);
}

static void open_text(const struct writing *w, const struct run *first)
{
    str_add(w->to, "<text");
    xml_add_number(w->to, "x", run_x(w, first));
    xml_add_number(w->to, "y", w->y);
    add_face(w, run_file(w, first));
    str_addf(w->to, " font-size=\"%d\"", w->line->px);
    xml_add_colour(w->to, "fill", w->item->fill);
    str_add(w->to, w->rotation);
}

/* A run alone. Each run of a right-to-left script is one: among others, a reader of the page would move it by its
 * own rules. The override has the whole run run to the left, as it was drawn. */
static void add_alone(const struct writing *w, const struct run *run)
{
    open_text(w, run);
    add_length(w, run);
    if (!run->rightwards)
        str_add(w->to, " direction=\"rtl\" unicode-bidi=\"bidi-override\" text-anchor=\"end\"");
    str_add(w->to, ">");
    xml_add(w->to, w->text + run->at, run->n);
    str_add(w->to, "</text>\n");
}

/* Several runs as one text, so that it is found and copied whole. */
static void add_together(const struct writing *w, const struct run *runs, size_t n)
{
    open_text(w, &runs[0]);
    str_add(w->to, ">");
    for (size_t i = 0; i < n; i++) {
        const struct run *run = &runs[i];
        /* Blanks between runs draw nothing, and the next run says itself where it stands. */
        if (i > 0 && run->at > runs[i - 1].at + runs[i - 1].n)
            str_add(w->to, " ");
        str_add(w->to, "<tspan");
        xml_add_number(w->to, "x", run_x(w, run));
        if (run->file != runs[0].file)
            add_face(w, run_file(w, run));
        add_length(w, run);
        str_add(w->to, ">");
        xml_add(w->to, w->text + run->at, run->n);
        str_add(w->to, "</tspan>");
    }
    str_add(w->to, "</text>\n");
}

void svg_add_text(struct str *to, struct fonts *fonts, const struct display_list *list, const struct item *item)
{
    const char *text = display_item_text(list, item);
    SDL_Rect start = shape_snap((struct rect){item->box.x, item->box.y + item->box.h, 1, 1});
    const struct line *line =
        start.w ? fonts_line(fonts, item->as.text.face, item->as.text.size, text, strlen(text)) : NULL;
    if (!line || item->fill.a == 0)
        return;
    struct writing w = {.to = to, .fonts = fonts, .item = item, .text = text, .line = line};
    bool turned = item->as.text.upwards;
    float top = turned ? item->box.x : item->box.y;
    int baseline = (int)floorf(top + TEXT_BASELINE * (float)line->px + 0.5f);
    if (turned) {
        snprintf(w.rotation, sizeof w.rotation, " transform=\"translate(%d %d) rotate(-90)\"", baseline, start.y);
    } else {
        w.x = (float)start.x;
        w.y = (float)baseline;
    }
    for (size_t i = 0, n; i < line->n; i += n) {
        const struct run *run = &line->runs[i];
        for (n = 1; i + n < line->n && run->file >= 0 && run->rightwards && run[n].file >= 0; n++)
            if (!run[n].rightwards)
                break;
        if (run->file < 0)
            add_missing(&w, run);
        else if (n == 1)
            add_alone(&w, run);
        else
            add_together(&w, run, n);
    }
}
