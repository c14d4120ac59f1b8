#include "scene/text.h"

#include "core/tape.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* How a formula is set. */
struct setting_run {
    struct pen *pen;
    const char *part;
    struct colour colour;
    bool bold;
};

static const float script_size = 0.68f, raise = 0.38f, lower = 0.18f;

static struct extent set_sequence(const struct setting_run *run, const char *text, size_t n, float size, float x,
                                  float y);

enum role formula_role(const char *symbol, size_t n)
{
    /* "W_Q" and "b_Q" belong to Q, and so does "Q_h"; "W_O" and "d_k" have no role. */
    if (n == 3 && symbol[1] == '_' && strchr("Wb", symbol[0]))
        return formula_role(symbol + 2, 1);
    if (n != 1 && (n < 2 || symbol[1] != '_'))
        return ROLE_NONE;
    /* V_xh, V_hh, V_ch: a decoder's matrices, from words, states and contexts to states. */
    if (n == 4 && symbol[0] == 'V' && symbol[3] == 'h')
        return ROLE_NONE;
    /* "q_i" is a row of Q; "v_A" and "d_k" belong to none. */
    bool row = n >= 2 &&
               (n == 2 || symbol[2] == '(' || islower((unsigned char)symbol[2]) || isdigit((unsigned char)symbol[2]));
    if (row && strchr("qkv", symbol[0]))
        return symbol[0] == 'q' ? ROLE_QUERY : symbol[0] == 'k' ? ROLE_KEY : ROLE_VALUE;
    return symbol[0] == 'Q' ? ROLE_QUERY : symbol[0] == 'K' ? ROLE_KEY : symbol[0] == 'V' ? ROLE_VALUE : ROLE_NONE;
}

/* Greek letters and signs are written by their names. */
static const struct {
    const char *name, *letter;
} letters[] = {{"alpha", "α"}, {"beta", "β"},  {"gamma", "γ"}, {"phi", "φ"}, {"tau", "τ"},
               {"mu", "μ"},    {"sigma", "σ"}, {"omega", "ω"}, {"sum", "∑"}, {"inf", "∞"}};

static const char *letter_of(const char *text, size_t *n)
{
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (strlen(letters[i].name) == *n && strncmp(letters[i].name, text, *n) == 0) {
            *n = strlen(letters[i].letter);
            return letters[i].letter;
        }
    return text;
}

static struct extent set_text(const struct setting_run *run, const char *text, size_t n, enum role role, float size,
                              float x, float y)
{
    float whole = fmaxf(roundf(size), 1);
    text = letter_of(text, &n);
    struct ink ink = {run->bold ? FACE_SANS_BOLD : FACE_SANS, whole, 0,
                      role == ROLE_NONE ? run->colour : run->pen->theme->role[role]};
    float width = pen_text_n(run->pen, run->part, ink, x, y - TEXT_BASELINE * whole, text, n);
    return (struct extent){width, 0.75f * whole, 0.22f * whole};
}

static void extend(struct extent *e, struct extent more, float shift)
{
    e->width += more.width;
    e->above = fmaxf(e->above, more.above - shift);
    e->below = fmaxf(e->below, more.below + shift);
}

size_t formula_bracket_length(const char *text, size_t n)
{
    int depth = 0;
    for (size_t i = 0; i < n; i++) {
        depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (depth == 0)
            return i + 1;
    }
    return n;
}

/* Of these, the bytes inside; a bracket that is never closed reaches to the end. */
static size_t bracket_inside(const char *text, size_t bracket)
{
    return bracket - 1 - (bracket > 1 && text[bracket - 1] == ')');
}

size_t formula_word_length(const char *text, size_t n)
{
    size_t i = 0;
    while (i < n && (isalnum((unsigned char)text[i]) || (unsigned char)text[i] >= 0x80 || text[i] == '.'))
        i++;
    return i;
}

/* "_Q" or "^(S - m)" at text: set it raised or lowered; returns the bytes taken. */
static size_t set_script(const struct setting_run *run, const char *text, size_t n, enum role role, float size, float x,
                         float y, struct extent *e)
{
    float shift = text[0] == '^' ? -raise * size : lower * size;
    size_t taken;
    struct extent script;
    if (n > 1 && text[1] == '(') {
        size_t bracket = formula_bracket_length(text + 1, n - 1);
        script = set_sequence(run, text + 2, bracket_inside(text + 1, bracket), size * script_size, x, y + shift);
        taken = 1 + bracket;
    } else {
        size_t word = formula_word_length(text + 1, n - 1);
        script = set_text(run, text + 1, word, role, size * script_size, x, y + shift);
        taken = 1 + word;
    }
    extend(e, script, shift);
    return taken;
}

static size_t set_root(const struct setting_run *run, const char *text, size_t n, float size, float x, float y,
                       struct extent *e)
{
    size_t bracket = formula_bracket_length(text + 4, n - 4);
    struct extent sign = set_text(run, "√", strlen("√"), ROLE_NONE, size, x, y);
    struct extent inner = set_sequence(run, text + 5, bracket_inside(text + 4, bracket), size, x + sign.width, y);
    inner.above += 0.12f * size;
    struct rect bar = {x + sign.width, y - inner.above, inner.width, fmaxf(1, roundf(size / 14))};
    pen_fill(run->pen, run->part, bar, run->colour, 0);
    extend(e, sign, 0);
    extend(e, inner, 0);
    return 4 + bracket;
}

/* One atom at text: a name with its scripts, a root, a bracket, or a character. Returns the bytes taken. */
static size_t set_atom(const struct setting_run *run, const char *text, size_t n, float size, float x, float y,
                       struct extent *e)
{
    float start = e->width;
    if (n > 5 && strncmp(text, "sqrt(", 5) == 0)
        return set_root(run, text, n, size, x, y, e);
    size_t taken = formula_word_length(text, n);
    if (n > 1 && strncmp(text, "<=", 2) == 0) {
        extend(e, set_text(run, "≤", strlen("≤"), ROLE_NONE, size, x, y), 0);
        taken = 2;
    } else if (taken == 0) {
        extend(e, set_text(run, text, 1, ROLE_NONE, size, x, y), 0);
        taken = 1;
    } else {
        size_t whole = taken;
        if (whole < n && text[whole] == '_')
            whole += 1 + formula_word_length(text + whole + 1, n - whole - 1);
        enum role role = formula_role(text, whole);
        extend(e, set_text(run, text, taken, role, size, x, y), 0);
        while (taken < n && (text[taken] == '^' || text[taken] == '_'))
            taken += set_script(run, text + taken, n - taken, text[taken] == '_' ? role : ROLE_NONE, size,
                                x + e->width - start, y, e);
    }
    for (bool scripts = text[taken - 1] == ')'; scripts && taken < n && (text[taken] == '^' || text[taken] == '_');)
        taken += set_script(run, text + taken, n - taken, ROLE_NONE, size, x + e->width - start, y, e);
    return taken;
}

/* Atoms one after the other, without fractions. */
static struct extent set_atoms(const struct setting_run *run, const char *text, size_t n, float size, float x, float y)
{
    struct extent e = {0};
    for (size_t i = 0; i < n;)
        i += set_atom(run, text + i, n - i, size, x + e.width, y, &e);
    return e;
}

/* Bytes up to the next " / ", " = ", " + ", " - " or ", " outside brackets and bars, or all. */
static size_t segment_length(const char *text, size_t n)
{
    int depth = 0;
    bool bars = false;
    for (size_t i = 0; i < n; i++) {
        bars = bars != (text[i] == '|');
        depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (bars)
            continue;
        if (depth == 0 && i + 2 < n && text[i] == ' ' && strchr("/=+-", text[i + 1]) && text[i + 2] == ' ')
            return i;
        if (depth == 0 && text[i] == ',')
            return i;
    }
    return n;
}

static struct extent set_fraction(const struct setting_run *run, const char *top, size_t n_top, const char *bottom,
                                  size_t n_bottom, float size, float x, float y)
{
    struct pen measuring = pen_measuring(run->pen);
    struct setting_run quiet = {.pen = &measuring, .bold = run->bold};
    float small = size * 0.86f, thick = fmaxf(1, roundf(size / 14)), axis = y - 0.3f * size, gap = 0.16f * size;
    if (n_top > 2 && top[0] == '(' && formula_bracket_length(top, n_top) == n_top) { /* the line groups */
        top++;
        n_top -= 2;
    }
    struct extent above = set_atoms(&quiet, top, n_top, small, 0, 0);
    struct extent below = set_sequence(&quiet, bottom, n_bottom, small, 0, 0);
    float width = fmaxf(above.width, below.width) + 0.3f * size;
    float top_line = axis - gap - above.below, bottom_line = axis + gap + thick + below.above;
    set_atoms(run, top, n_top, small, x + (width - above.width) / 2, top_line);
    pen_fill(run->pen, run->part, (struct rect){x, roundf(axis), width, thick}, run->colour, 0);
    set_sequence(run, bottom, n_bottom, small, x + (width - below.width) / 2, bottom_line);
    return (struct extent){width, y - top_line + above.above, bottom_line - y + below.below};
}

static struct extent set_sequence(const struct setting_run *run, const char *text, size_t n, float size, float x,
                                  float y)
{
    struct extent e = {0};
    while (n > 0) {
        size_t segment = segment_length(text, n);
        if (segment + 3 < n && strncmp(text + segment, " / ", 3) == 0) {
            size_t rest = segment_length(text + segment + 3, n - segment - 3);
            extend(&e, set_fraction(run, text, segment, text + segment + 3, rest, size, x + e.width, y), 0);
            segment += 3 + rest;
        } else if (segment > 0) {
            extend(&e, set_atoms(run, text, segment, size, x + e.width, y), 0);
        }
        text += segment;
        n -= segment;
        if (n == 0)
            break;
        size_t separator = text[0] == ' ' && n >= 3 ? 3 : text[0] == ',' && n >= 2 ? 2 : 1;
        extend(&e, set_text(run, text, separator, ROLE_NONE, size, x + e.width, y), 0);
        text += separator;
        n -= separator;
    }
    return e;
}

struct extent formula_draw_n(struct pen *pen, const char *part, const char *text, size_t n, float size, bool bold,
                             struct colour colour, float x, float y)
{
    const struct setting_run run = {pen, part, colour, bold};
    return set_sequence(&run, text, n, size, x, y);
}

struct extent formula_measure(const struct pen *pen, const char *text, float size, bool bold)
{
    struct pen quiet = pen_measuring(pen);
    return formula_draw(&quiet, "", text, size, bold, pen->theme->text, 0, 0);
}

struct extent formula_draw(struct pen *pen, const char *part, const char *text, float size, bool bold,
                           struct colour colour, float x, float y)
{
    return formula_draw_n(pen, part, text, strlen(text), size, bold, colour, x, y);
}
