#include "paint/shapes.h"
#include "paint/svg.h"

#include <math.h>
#include <string.h>

/* An item of text on its way to the page. */
struct writing {
    struct str *to;
    struct fonts *fonts;
    const struct item *item;
    const char *text;
    const struct line *line;
    float x, y; /* where the pen starts; a turned text's own axes start at 0, 0 */
    char turn[80];
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
static void add_length(const struct writing *w, const struct piece *piece)
{
    if (is_mono(w) || piece->w < 1)
        return;
    xml_add_number(w->to, "textLength", piece->w);
    str_add(w->to, " lengthAdjust=\"spacingAndGlyphs\"");
}

/* The painter puts every piece on whole pixels. */
static float piece_x(const struct writing *w, const struct piece *piece)
{
    return w->x + floorf(piece->x + 0.5f);
}

static const struct font_file *piece_file(const struct writing *w, const struct piece *piece)
{
    return fonts_file(w->fonts, w->item->as.text.face, piece->file);
}

/* A character that no font has is drawn as a box. */
static void add_missing(const struct writing *w, const struct piece *piece)
{
    float h = floorf(0.7f * (float)w->line->px), stroke = floorf((float)w->line->px / 16) + 1;
    if (piece->w - 2 <= 2 * stroke)
        return;
    str_add(w->to, "<rect");
    xml_add_number(w->to, "x", piece_x(w, piece) + 1 + stroke / 2);
    xml_add_number(w->to, "y", w->y - h + stroke / 2);
    xml_add_number(w->to, "width", floorf(piece->w + 0.5f) - 2 - stroke);
    xml_add_number(w->to, "height", h - stroke);
    xml_add_number(w->to, "stroke-width", stroke);
    str_add(w->to, " fill=\"none\"");
    xml_add_colour(w->to, "stroke", w->item->fill);
    str_addf(w->to, "%s/>\n", w->turn);
}

static void open_text(const struct writing *w, const struct piece *first)
{
    str_add(w->to, "<text");
    xml_add_number(w->to, "x", piece_x(w, first));
    xml_add_number(w->to, "y", w->y);
    add_face(w, piece_file(w, first));
    str_addf(w->to, " font-size=\"%d\"", w->line->px);
    xml_add_colour(w->to, "fill", w->item->fill);
    str_add(w->to, w->turn);
}

/* A piece alone. Each piece of a right-to-left script is one: among others, a reader of the page would move it by its
 * own rules. The override has the whole piece run to the left, as it was drawn. */
static void add_alone(const struct writing *w, const struct piece *piece)
{
    open_text(w, piece);
    add_length(w, piece);
    if (!piece->rightwards)
        str_add(w->to, " direction=\"rtl\" unicode-bidi=\"bidi-override\" text-anchor=\"end\"");
    str_add(w->to, ">");
    xml_add(w->to, w->text + piece->at, piece->n);
    str_add(w->to, "</text>\n");
}

/* Several pieces as one text, so that it is found and copied whole. */
static void add_together(const struct writing *w, const struct piece *pieces, size_t n)
{
    open_text(w, &pieces[0]);
    str_add(w->to, ">");
    for (size_t i = 0; i < n; i++) {
        const struct piece *piece = &pieces[i];
        /* Blanks between pieces draw nothing, and the next piece says itself where it stands. */
        if (i > 0 && piece->at > pieces[i - 1].at + pieces[i - 1].n)
            str_add(w->to, " ");
        str_add(w->to, "<tspan");
        xml_add_number(w->to, "x", piece_x(w, piece));
        if (piece->file != pieces[0].file)
            add_face(w, piece_file(w, piece));
        add_length(w, piece);
        str_add(w->to, ">");
        xml_add(w->to, w->text + piece->at, piece->n);
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
    bool turned = item->as.text.turned;
    float top = turned ? item->box.x : item->box.y;
    int baseline = (int)floorf(top + TEXT_BASELINE * (float)line->px + 0.5f);
    if (turned) {
        snprintf(w.turn, sizeof w.turn, " transform=\"translate(%d %d) rotate(-90)\"", baseline, start.y);
    } else {
        w.x = (float)start.x;
        w.y = (float)baseline;
    }
    for (size_t i = 0, n; i < line->n; i += n) {
        const struct piece *piece = &line->pieces[i];
        for (n = 1; i + n < line->n && piece->file >= 0 && piece->rightwards && piece[n].file >= 0; n++)
            if (!piece[n].rightwards)
                break;
        if (piece->file < 0)
            add_missing(&w, piece);
        else if (n == 1)
            add_alone(&w, piece);
        else
            add_together(&w, piece, n);
    }
}
