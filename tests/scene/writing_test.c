/* How a page writes numbers, narrations and formulas, and how formulas turn with it. */
#include "test_view.h"

#include "scene/scene.h"
#include "scene/text.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- numbers ---- */

static const struct {
    double x;
    int decimals;
    const char *text, *of_sum, *trimmed, *written;
} numbers[] = {
    {0, 2, "0.00", "+0.00", "0.00", "0.00"},
    {-0.0, 2, "0.00", "+0.00", "0.00", "0.00"},
    {-0.004, 2, "0.00", "+0.00", "0.00", "0.00"},
    {1.5, 2, "1.50", "+1.50", "1.50", "1.50"},
    {-1.5, 6, "-1.500000", "-1.500000", "-1.50", "-1.50"},
    {0.125, 6, "0.125000", "+0.125000", "0.125", "0.125"},
    {0.1, 17, "0.10000000000000001", "+0.10000000000000001", "0.10000000000000001", "0.1"},
    {999999, 2, "999999.00", "+999999.00", "999999.00", "999999.00"},
    {12500000, 2, "1.25e+07", "+1.25e+07", "1.25e+07", "12500000.00"},
    {-12500000.25, 2, "-1.25e+07", "-1.25e+07", "-1.25e+07", "-12500000.25"},
    {1e20, 2, "1.00e+20", "+1.00e+20", "1.00e+20", "1e+20"},
    {INFINITY, 2, "∞", "+∞", "∞", "∞"},
    {-INFINITY, 2, "-∞", "-∞", "-∞", "-∞"},
    {NAN, 2, "NaN", "+NaN", "NaN", "NaN"},
    {7, 0, "7", "+7", "7", "7"},
};

TEST_ROWS_BY(numbers_are_written_as_people_do, numbers, c, text)
{
    char buffer[NUMBER_TEXT];
    assert_string_equal(number_text(c->x, c->decimals, buffer), c->text);
    assert_string_equal(number_signed(c->x, c->decimals, buffer), c->of_sum);
    assert_string_equal(number_trimmed(c->x, c->decimals, buffer), c->trimmed);
    assert_string_equal(number_written(c->x, c->decimals, buffer), c->written);
}

/* ---- spans ---- */

static const struct {
    const char *text, *spans; /* of each span: role, weight (of a formula = and *), text */
} narrations[] = {
    {"plain", "0-[plain]"},
    {"a **b** c", "0-[a ]0+[b]0-[ c]"},
    {"the {Q} query", "0-[the ]1+[Q]0-[ query]"},
    {"{K^T} and {W_V}", "2+[K]2+[ᵀ]0-[ and ]3+[W_V]"},
    {"a ** alone", "0-[a ** alone]"},
    {"a $e^(x - m)$ b", "0-[a ]0=[e^(x - m)]0-[ b]"},
    {"**$d_k$**", "0*[d_k]"},
    {"$5 and $6", "0-[$5 and $6]"},
    {"$5 alone", "0-[$5 alone]"},
    {"{x} {", "0-[{x} {]"},
    {"one\ntwo", "0-[one]0-[ ]0-[two]"},
    {"one\n\ntwo\n", "0-[one]0-[\n]0-[two]"},
    {"", ""},
};

TEST_ROWS_BY(narration_is_read_with_its_marks, narrations, row, text)
{
    OWN(spans) s = {0};
    OWN(str) got = {0};
    spans_parse(&s, row->text);
    for (size_t k = 0; k < s.n; k++)
        str_addf(&got, "%d%c[%.*s]", (int)s.v[k].role, (s.v[k].formula ? "=*" : "-+")[s.v[k].bold], (int)s.v[k].n,
                 s.text.v + s.v[k].at);
    assert_string_equal(str_text(&got), row->spans);
}

/* A symbol that is a term becomes a formula of its own, with the marks of the text around it. */
static const struct {
    const char *text, *spans;
} symbol_texts[] = {
    {"the root of d_k, and", "0-[the root of ]0=[d_k]0-[, and]"},
    {"**W_O** mixes", "0*[W_O]0-[ mixes]"},
    {"d_k", "0=[d_k]"},
    {"**of W_O's** d_k", "0+[of ]0*[W_O]0+['s]0-[ ]0=[d_k]"},
    {"the kv_heads of d_kk", "0-[the kv_heads of d_kk]"},
};

TEST_ROWS_BY(symbols_become_formulas, symbol_texts, row, text)
{
    OWN(spans) s = {0};
    OWN(str) got = {0};
    spans_parse(&s, row->text);
    spans_find_terms(&s, language_english());
    for (size_t k = 0; k < s.n; k++)
        str_addf(&got, "%d%c[%.*s]", (int)s.v[k].role, (s.v[k].formula ? "=*" : "-+")[s.v[k].bold], (int)s.v[k].n,
                 s.text.v + s.v[k].at);
    assert_string_equal(str_text(&got), row->spans);
}

static struct display_list list;

static struct pen test_pen(void)
{
    display_clear(&list);
    return (struct pen){.list = &list, .measure = &fake_measure, .theme = &theme_table[THEME_LIGHT], .scale = 1};
}

/* The lines of a wrapped text: words of a line joined, lines divided by "|". */
static void wrapped(const char *text, float width, size_t first, struct str *ret)
{
    struct pen pen = test_pen();
    OWN(spans) s = {0};
    float bottom, y = -1;
    struct ink ink = {FACE_SANS, 10, 0, pen.theme->text};
    spans_parse(&s, text);
    size_t lines = spans_wrap_from(&pen, "t", ink, &s, (struct rect){0, 0, width, 1000}, first, &bottom);
    assert_close((double)spans_height(&pen, ink, &s, width), (double)lines * 15, 0.01);
    for (size_t i = 0; i < list.n; i++) {
        const struct item *item = &list.items[i];
        bool new_line = item->box.y > y,
             glued = i > 0 && !new_line && item->box.x < item[-1].box.x + item[-1].box.w + 1;
        str_addf(ret, "%s%s", i == 0 ? "" : new_line ? "|" : glued ? "" : " ", display_item_text(&list, item));
        y = item->box.y;
        if (item->box.x + item->box.w > width + 0.5f && strlen(display_item_text(&list, item)) > 1)
            fail_msg("\"%s\" is wider than %g", display_item_text(&list, item), (double)width);
    }
}

static const struct {
    const char *text;
    float width;
    size_t first;
    const char *lines;
} wrappings[] = {
    {"one two three", 1000, 0, "one two three"},
    {"one two three", 40, 0, "one two|three"},
    {"one two three", 40, 1, "three"},
    {"see **it**, now", 37, 0, "see|it,|now"}, /* the comma stays with its word, and the word moves with it */
    {"one\n\ntwo", 1000, 0, "one|two"},
    {"abcdefghijkl", 32, 0, "abcdef|ghijkl"}, /* longer than a line: broken between characters */
    {"猫猫猫猫", 11, 0, "猫猫|猫猫"},
    {"a b", 1, 0, "a|b"},
};

TEST_ROWS_BY(words_wrap_whole, wrappings, c, text)
{
    OWN(str) got = {0};
    wrapped(c->text, c->width, c->first, &got);
    assert_string_equal(str_text(&got), c->lines);
}

/* ---- formulas ---- */

TEST(a_formula_is_as_large_as_it_was_measured)
{
    static const char *const formulas[] = {"Q K^T / sqrt(d_k)",
                                           "E = e^(S - m)",
                                           "W_Q",
                                           "A = softmax(S)",
                                           "sqrt(a + b) c",
                                           "S = Q K^T",
                                           "(Q K^T)^T",
                                           "Y = A / B + C",
                                           "H_1, H_2",
                                           "A_ij = E_ij / z_i",
                                           "tau_i = (sum_(j: U_ij = 1) S_ij - 1) / sum_j U_ij",
                                           "M_ij = 1 if |i - j| <= 2, else -inf",
                                           "(φ(K)^T)_ij^2 ⊙ v_A · [K_(1..2); k_3]",
                                           "S_(scaled,2,ij)^2",
                                           "x^(",
                                           "sqrt(",
                                           "_",
                                           "",
                                           "a / b / c",
                                           "((",
                                           "^T"};
    for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++)
        for (int bold = 0; bold < 2; bold++) {
            struct pen pen = test_pen();
            struct extent m = formula_measure(&pen, formulas[i], 20, bold);
            assert_int_equal(list.n, 0);
            struct extent d = formula_draw(&pen, "f", formulas[i], 20, bold, pen.theme->text, 100, 200);
            assert_close((double)d.width, (double)m.width, 0.01);
            assert_close((double)d.above, (double)m.above, 0.01);
            assert_close((double)d.below, (double)m.below, 0.01);
            for (size_t k = 0; k < list.n; k++) {
                struct rect b = list.items[k].box;
                if (list.items[k].kind == ITEM_TEXT) /* the inked band */
                    b = (struct rect){b.x, b.y + 0.2f * list.items[k].as.text.size, b.w,
                                      0.95f * list.items[k].as.text.size};
                if (b.x < 99 || b.x + b.w > 101 + m.width || b.y < 199 - m.above || b.y + b.h > 201 + m.below)
                    fail_msg("\"%s\": a part leaves its extent", formulas[i]);
            }
        }
}

static const struct {
    const char *row, *column;
} formulas[] = {
    {"S = Q K^T", "S = K^T Q"},
    {"Q = X W_Q", "Q = W_Q^T X"},
    {"Q_0 + b_Q", "Q_0 + b_Q"},
    {"W_Q^T", "W_Q"},
    {"K^T", "K^T"},
    {"Q W_A K^T", "K^T W_A^T Q"},
    {"Q (E_low K)^T", "(K E_low)^T Q"},
    {"A = softmax(Q K^T / sqrt(d_k)) V W_O", "A = W_O^T V softmax(K^T Q / sqrt(d_k))"},
    {"(φ(Q) φ(K)^T) V ÷ Z = φ(Q) (φ(K)^T V)", "V (φ(K)^T φ(Q)) ÷ Z = (V φ(K)^T) φ(Q)"},
    {"tanh(Q_1 + K_2) v_A^T", "v_A^T tanh(Q_1 + K_2)"},
    {"S_2 = S_1 + φ(k_2)^T v_2", "S_2 = S_1 + v_2 φ(k_2)^T"},
    {"n_i = φ(q_i) sum_(j<=i) φ(k_j)^T v_j", "n_i = (sum_(j<=i) v_j φ(k_j)^T) φ(q_i)"},
    {"S_ij = v_A · tanh(q_i W_1 + k_j W_2)", "S_ji = v_A · tanh(W_1^T q_i + W_2^T k_j)"},
    {"m_i = max_j S_(scaled,ij)", "m_i = max_j S_(scaled,ji)"},
    {"S_(masked,ij) = S_ij if M_ij = 1, else -inf", "S_(masked,ji) = S_ji if M_ji = 1, else -inf"},
    {"M_ij = 1 if |i - j| <= 2, else 0", "M_ji = 1 if |i - j| <= 2, else 0"},
    {"z_i = sum_j (φ(K)^T)_ij", "z_i = sum_j (φ(K)^T)_ji"},
    {"tau_i = (sum_(j: U_ij = 1) S_ij - 1) / sum_j U_ij", "tau_i = (sum_(j: U_ji = 1) S_ji - 1) / sum_j U_ji"},
    {"q_(turned,i) = q_i R(i - 1)^T", "q_(turned,i) = R(i - 1) q_i"},
    {"q_i R(j - i) k_j^T", "k_j^T R(j - i)^T q_i"},
    {"K_(1..3) = [K_(1..2); k_3]", "K_(1..3) = [K_(1..2), k_3]"},
    {"Q_2 = Q_(h,3..4,:)", "Q_2 = Q_(h,:,3..4)"},
    {"B_ij = S_(rel,i,clip(j - i))", "B_ji = S_(rel,clip(j - i),i)"},
    {"B_ij = b_(rel,h,clip(j - i))", "B_ji = b_(rel,clip(j - i),h)"},
    {"C = reshape(A V, n, h d_v)", "C = reshape(V A, n, h d_v)"},
    {"R ⊙ R", "R ⊙ R"},
    {"E = e^(S_(scaled,1) - m_1)", "E = e^(S_(scaled,1) - m_1)"},
    {"e^(A B - m)", "e^(B A - m)"},
    {"M_near or M_random", "M_near or M_random"},
    {"K_scaled = K / d_k^(1/4)", "K_scaled = K / d_k^(1/4)"},
    {"(Q", "(Q"},
    {"", ""},
};

TEST_ROWS_BY(formulas_turn_with_the_page, formulas, c, row)
{
    const struct tape none = {0};
    OWN(str) text = {0};
    transposed_formula(&none, c->row, &text);
    assert_string_equal(str_text(&text), c->column);
}

static const struct {
    const char *lesson, *row, *column;
} turnings[] = {
    {"location-aware", "L_1 U", "U^T L_1"}, /* a weight */
    {"location-aware", "A X_memory", "X_memory A"},
    {"gated-unit", "U ⊙ C", "U ⊙ C"}, /* computed: a row for each word */
    {"bottleneck", "Y V_xh", "V_xh^T Y"},
    {"low-rank", "E_low K", "K E_low^T"},
};

TEST_ROWS_BY(given_weights_are_turned_and_given_tokens_are_not, turnings, c, row)
{
    OWN(test_view) v;
    OWN(str) text = {0};
    test_view_open(&v, c->lesson);
    transposed_formula(&v.lesson.tape, c->row, &text);
    assert_string_equal(str_text(&text), c->column);
}

/* The same numbers stand on the turned page: every matrix is the other's mirror image, or was so before. */
TEST(a_turned_page_shows_every_matrix_on_its_side)
{
    static struct display_list there, here;
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(test_view) v;
        test_view_open(&v, builtin_lessons[i]);
        for (size_t at = 0; at < v.lesson.walk.n; at++) {
            v.state.position = walk_whole(&v.lesson.walk, at);
            size_t matrices = 0;
            v.state.figure = FIGURE_OFF;
            v.state.columns = false;
            scene_build(&v.view, &fake_measure, &here);
            v.state.columns = true;
            scene_build(&v.view, &fake_measure, &there);
            for (size_t k = 0; k < here.n; k++)
                for (size_t n = 0; n < there.n && here.items[k].kind == ITEM_HEATMAP; n++) {
                    const struct item *a = &here.items[k], *b = &there.items[n];
                    if (b->kind != ITEM_HEATMAP || strcmp(a->part, "matrix") != 0 || strcmp(b->part, "matrix") != 0 ||
                        a->group != b->group)
                        continue;
                    matrices++;
                    assert_int_equal(a->as.heatmap.transposed, !b->as.heatmap.transposed);
                    if (a->as.heatmap.block_rows <= 1 && b->as.heatmap.block_rows <= 1)
                        for (size_t r = 0; r < a->as.heatmap.rows; r++)
                            for (size_t c = 0; c < a->as.heatmap.cols; c++)
                                assert_memory_equal(&here.colours[a->as.heatmap.at + r * a->as.heatmap.cols + c],
                                                    &there.colours[b->as.heatmap.at + c * b->as.heatmap.cols + r],
                                                    sizeof *here.colours);
                }
            assert_true(matrices > 0);
        }
    }
    display_finish(&here);
    display_finish(&there);
}

static const struct {
    const char *symbol;
    enum role role;
} symbols[] = {{"Q", ROLE_QUERY},   {"K", ROLE_KEY},       {"V", ROLE_VALUE},   {"W_Q", ROLE_QUERY},
               {"b_K", ROLE_KEY},   {"Q_h", ROLE_QUERY},   {"W_O", ROLE_NONE},  {"d_k", ROLE_NONE},
               {"q_i", ROLE_QUERY}, {"k_(h,j)", ROLE_KEY}, {"v_3", ROLE_VALUE}, {"v_A", ROLE_NONE},
               {"V_xh", ROLE_NONE}, {"S", ROLE_NONE},      {"QK", ROLE_NONE},   {"", ROLE_NONE}};

TEST_ROWS_BY(symbols_carry_their_roles, symbols, c, symbol)
{
    assert_int_equal(formula_role(c->symbol, strlen(c->symbol)), c->role);
}
