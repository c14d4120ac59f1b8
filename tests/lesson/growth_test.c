/* What is compared: like with like; and what computations cost, against formulas worked out by hand and against a run
 * that counts. */
#include "lesson/opened.h"

#include "core/explained.h"
#include "lesson/analysis/compare.h"
#include "lesson/text/builtin.h"
#include "support/own.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- formulas in n ----
 *
 * A product of [a, b] and [b, c] takes a c (2 b - 1) operations (b products, b - 1 sums a cell). With 8 features and
 * d_k = d_v = 4, projections are 3 n 4 (16 - 1) = 180 n. Of the scores: Q K^T 7 n^2; the division n^2; the maxima n^2 - n;
 * e^(S - m) 2 n^2; the sums n^2 - n; A = E / z n^2; A V 4 n (2 n - 1): 21 n^2 - 6 n together. */
static const struct formula {
    const char *name; /* the lesson */
    bool second;
    enum cost_kind kind;
    const char *formula;
} formulas[] = {
    /* 180 n + 21 n^2 - 6 n */
    {"linear-attention", true, COST_OPERATIONS, "21 n^2 + 174 n"},
    /* Katharopoulos et al. 2020, section 3.2: no term is larger than n. phi of queries and keys 8 n; phi(K)^T V
     * 16 (2 n - 1); the keys' sum 4 (n - 1); phi(Q) KV 28 n; its sum 7 n; + eps n; the division 4 n */
    {"linear-attention", false, COST_OPERATIONS, "264 n - 20"},
    /* cells read, 8 bytes each: projections 3 (8 n + 32); S 8 n; scaled n^2; maxima n^2; E n^2 + n; sums n^2;
     * A n^2 + n; H n^2 + 4 n */
    {"linear-attention", true, COST_READ, "48 n^2 + 304 n + 768"},
    /* Wang et al. 2020 (Linformer) with k = 4: E K and F V 2 16 (2 n - 1); scores 28 n; 4 n; 3 n; 8 n; 3 n; 4 n; 28 n */
    {"low-rank", false, COST_OPERATIONS, "322 n - 32"},
    /* chunks of queries change the order only */
    {"query-chunks", false, COST_OPERATIONS, "21 n^2 + 174 n"},
    /* n / 2 tiles of 2 keys: 14 n, 2 n, n, 4 n, n, 12 n each; all but the first 13 n more (maximum n, rescaling 2 n, sum
     * 2 n, output 8 n); the division 4 n (Dao et al. 2022, algorithm 1) */
    {"tiles", false, COST_OPERATIONS, "23.5 n^2 + 171 n"},
    /* word t: 21 t - 6; with the projections, once */
    {"key-value-cache", false, COST_OPERATIONS, "10.5 n^2 + 184.5 n"},
    /* 21 t^2 + 174 t for t = 1 .. n */
    {"key-value-cache", true, COST_OPERATIONS, "7 n^3 + 97.5 n^2 + 90.5 n"},
    /* 6 features, d_k = d_v = 2: 11 n for each column of Q (8), K and V (4 each; 8 with a set for each head); a head's
     * scores 13 n^2 - 4 n */
    {"grouped-heads", false, COST_OPERATIONS, "52 n^2 + 160 n"},
    {"grouped-heads", true, COST_OPERATIONS, "52 n^2 + 248 n"},
    /* 12 features: projections 828 n; three heads 63 n^2 - 18 n; the router: means 12 (2 n - 1), importance 3 23, gates 3, gated
     * heads 12 n */
    {"head-router", false, COST_OPERATIONS, "63 n^2 + 846 n + 60"},
    {"head-router", true, COST_OPERATIONS, "63 n^2 + 810 n"},
    /* S and E are there at once, with the maxima and V: 2 n^2 + n + 4 n cells */
    {"low-rank", true, COST_HELD, "16 n^2 + 40 n"},
};

TEST_ROWS(the_cost_grows_as_worked_out_by_hand, formulas, c)
{
    struct growth growth[COST_KINDS];
    OWN(str) formula = {0};
    assert_ok(lesson_growth(open_by(c->name, NULL), c->second, growth));
    growth_formula(&growth[c->kind], &formula);
    assert_string_equal(str_text(&formula), c->formula);
}

/* ---- a run that counts ---- */

/* Is step `of` needed for `step`, itself or by what was only moved out of it? */
static bool feeds(const struct tape *tape, int of, int step, bool through_moves_only)
{
    const struct step_spec *spec = &tape->steps[step].spec;
    for (int k = 0; spec->op != OP_INPUT && k < op_table[spec->op]->n_inputs; k++) {
        int in = spec->in[k];
        if (in == of)
            return true;
        bool moves = tape->steps[in].spec.op != OP_INPUT && op_table[tape->steps[in].spec.op]->moves;
        if (in > of && (moves || !through_moves_only) && feeds(tape, of, in, through_moves_only))
            return true;
    }
    return false;
}

enum { STEPS_MOST = 2048 };

/* The steps that the result is made of. */
static void find_needed(const struct tape *tape, bool needed[STEPS_MOST])
{
    assert_true(tape->n <= STEPS_MOST);
    memset(needed, 0, STEPS_MOST * sizeof *needed);
    needed[tape_result(tape)] = true;
    for (size_t i = tape->n; i-- > 0;)
        for (int k = 0;
             needed[i] && tape->steps[i].spec.op != OP_INPUT && k < op_table[tape->steps[i].spec.op]->n_inputs; k++)
            needed[tape->steps[i].spec.in[k]] = true;
}

/* The steps that compute something for the result. */
static size_t computing(const struct tape *tape, int steps[])
{
    bool needed[STEPS_MOST];
    size_t n = 0;
    find_needed(tape, needed);
    for (size_t i = 0; i < tape->n; i++)
        if (needed[i] && tape->steps[i].spec.op != OP_INPUT && !op_table[tape->steps[i].spec.op]->moves)
            steps[n++] = (int)i;
    return n;
}

/* The operations of a step, counted in the explanations of all of its cells; what is decided by a whole row, which
 * explains itself without arithmetic, by its formula. */
static double counted(const struct tape *tape, int step)
{
    const struct step *s = &tape->steps[step];
    const struct axis *axis = s->value.axis;
    double operations = 0, n = (double)axis[AXIS_COL].size, rows = (double)(axis[AXIS_HEAD].size * axis[AXIS_ROW].size);
    for (size_t i = 0; i < tensor_cells(&s->value); i++) {
        OWN(explanation) e = {0};
        assert_ok(tape_explain(tape, step, i / axis[2].size / axis[1].size, i / axis[2].size % axis[1].size,
                               i % axis[2].size, &e));
        operations += explanation_operations(&e);
    }
    if (s->spec.op == OP_GREATER_THAN)
        operations += rows * n;
    if (s->spec.op == OP_ONE_HOT_ARGMAX)
        operations += rows * (n - 1);
    if (s->spec.op == OP_SUPPORT) /* Martins and Astudillo 2016, algorithm 1 */
        operations += rows * (ceil(n * log(n) / log(2) - 1e-9) + n - 1 + 3 * n);
    return operations;
}

/* The most cells that are there at once: at each step those that were computed and that it or a later one needs. */
static double most_held(const struct tape *tape, const int steps[], size_t n)
{
    double most = 0;
    for (size_t now = 0; now < n; now++) {
        double held = 0;
        for (size_t i = 0; i <= now; i++) {
            bool live = i == now || feeds(tape, steps[i], tape_result(tape), true);
            for (size_t later = now; later < n && !live; later++)
                live = feeds(tape, steps[i], steps[later], true);
            held += live ? 8 * (double)tensor_cells(&tape->steps[steps[i]].value) : 0;
        }
        most = fmax(most, held);
    }
    return most;
}

static void check_costs(const char *name, const struct lesson *lesson, bool second)
{
    const struct tape *tape = second ? &lesson->second.tape : &lesson->tape;
    struct costs costs;
    int steps[STEPS_MOST];
    size_t n = computing(tape, steps);
    double operations = 0;
    assert_ok(tape_costs(tape, &costs));
    for (size_t i = 0; i < n; i++)
        operations += counted(tape, steps[i]);
    if (operations != costs.operations || most_held(tape, steps, n) != costs.held)
        fail_msg("%s%s: %g operations, %g held; counted %g and %g", name, second ? ", beside" : "", costs.operations,
                 costs.held, operations, most_held(tape, steps, n));
}

TEST(every_lesson_costs_what_a_run_counts)
{
    for (size_t i = 0; builtin_lessons[i]; i++) {
        const struct lesson *lesson = open_by(builtin_lessons[i], NULL);
        check_costs(builtin_lessons[i], lesson, false);
        if (lesson->second.on)
            check_costs(builtin_lessons[i], lesson, true);
        close_lessons();
    }
}

static bool tape_has_mistake(const struct tape *tape)
{
    bool mistake = false;
    for (size_t i = 0; i < tape->n; i++)
        mistake = mistake || tape->steps[i].spec.mistake;
    return mistake;
}

/* Two computations are compared for the same result: what both do is counted of both or of neither. */
TEST(what_both_compute_is_counted_of_both)
{
    size_t both = 0;
    for (size_t i = 0; builtin_lessons[i]; i++) {
        const struct lesson *lesson = open_by(builtin_lessons[i], NULL);
        const struct tape *here = &lesson->tape, *there = &lesson->second.tape;
        bool needed[STEPS_MOST], needed_there[STEPS_MOST];
        const bool mistaken = tape_has_mistake(here); /* it leaves out what would be needed */
        if (lesson->second.on && !mistaken) {
            find_needed(here, needed);
            find_needed(there, needed_there);
        }
        for (size_t at = 0; lesson->second.on && !mistaken && at < here->n; at++) {
            int other = tape_find(there, here->steps[at].spec.name);
            if (other < 0 || here->steps[at].spec.op == OP_INPUT || op_table[here->steps[at].spec.op]->moves)
                continue;
            both++;
            if (needed[at] != needed_there[other])
                fail_msg("%s: %s is counted of one only", builtin_lessons[i], here->steps[at].spec.name);
        }
        close_lessons();
    }
    assert_true(both > 200);
}

static double at_length(const struct growth *g, double n)
{
    return g->by[0] + n * (g->by[1] + n * (g->by[2] + n * g->by[3]));
}

/* The formula of seven words holds for texts of other lengths. */
TEST(a_formula_gives_the_cost_of_longer_texts)
{
    static const struct {
        size_t n;
        double here, there;
    } known[] = {{7, 1828, 2247}, {15, 3940, 7335}, {30, 7900, 24120}, {60, 15820, 86040}};
    struct growth here[COST_KINDS], there[COST_KINDS];
    const struct lesson *seven = open_by("linear-attention", NULL);
    assert_ok(lesson_growth(seven, false, here));
    assert_ok(lesson_growth(seven, true, there));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        OWN(str) sentence = {0};
        OWN(overrides) overrides = {0};
        struct costs costs;
        for (size_t word = 0; word < known[i].n; word++)
            str_addf(&sentence, "%s%s", word ? " " : "", seven->sentence.words.v[word % 7]);
        assert_ok(overrides_set_sentence(&overrides, str_text(&sentence)));
        const struct lesson *longer = open_by("linear-attention", &(struct lesson_options){.overrides = &overrides});
        assert_ok(lesson_costs(longer, false, &costs));
        assert_close(costs.operations, known[i].here, 0);
        assert_close(at_length(&here[COST_OPERATIONS], (double)known[i].n), known[i].here, 1e-6);
        assert_ok(lesson_costs(longer, true, &costs));
        assert_close(costs.operations, known[i].there, 0);
        assert_close(at_length(&there[COST_OPERATIONS], (double)known[i].n), known[i].there, 1e-6);
        lesson_finish(&opened[--n_opened]);
    }
}

/* Without a cache the words so far are computed again for every word. */
TEST(without_a_cache_every_prefix_costs_again)
{
    const char *const prefixes[] = {"Anna", "Anna hurt", "Anna hurt herself"};
    double operations = 0, read = 0;
    struct costs costs;
    for (size_t i = 0; i < 3; i++) {
        OWN(overrides) overrides = {0};
        assert_ok(overrides_set_sentence(&overrides, prefixes[i]));
        const struct lesson *lesson = open_by("key-value-cache", &(struct lesson_options){.overrides = &overrides});
        assert_ok(tape_costs(&lesson->second.tape, &costs));
        operations += costs.operations, read += costs.read;
        lesson_finish(&opened[--n_opened]);
    }
    assert_ok(lesson_costs(open_by("key-value-cache", NULL), true, &costs));
    assert_close(costs.operations, operations, 0);
    assert_close(costs.read, read, 0);
}

/* ---- like with like ---- */

#define WEIGHTS                                                                                                        \
    "source: numbers, X: [[1, 2], [3, 4]], W_Q: [[1], [1]], W_K: [[1], [0]], W_V: [[1, 0], [0, 1]], features: [red, "  \
    "round]"
#define PAIR(columns_here, columns_there)                                                                              \
    "title: t\nsummary: s\nsentence: a b\nweights: {" WEIGHTS ", names: {d_v: " columns_here "}}\n"                    \
    "beside: {label: other, compare: concat, weights: {" WEIGHTS ", names: {d_v: " columns_there "}}}\n"

static const struct {
    const char *name, *lesson;
    bool compared;
} pairs[] = {
    {"columns of one kind", PAIR("[who, what]", "[who, what]"), true},
    {"speaker and person", PAIR("[speaker, mind]", "[person, mind]"), false},
};

TEST_ROWS(only_what_is_called_alike_is_subtracted, pairs, c)
{
    const struct lesson *lesson = open_text(c->lesson, NULL);
    int heads = walk_find(&lesson->walk, tape_find(&lesson->tape, "heads"));
    int weights = walk_find(&lesson->walk, tape_find(&lesson->tape, "weights"));
    assert_int_equal(lesson->comparison->step[heads] >= 0, c->compared);
    assert_true(lesson->comparison->step[weights] >= 0);
}

/* ---- what is said to cost less is held ---- */

/* The next stop of a lesson's text: from its "  - at: " to the next one. NULL: there is none. */
static const char *next_stop(const char *at, size_t *ret_n)
{
    const char *begin = strstr(at, "\n  - at: "), *end = begin ? strstr(begin + 1, "\n  - at: ") : NULL;
    *ret_n = !begin ? 0 : end ? (size_t)(end - begin) : strlen(begin);
    return begin;
}

static bool has(const char *text, size_t n, const char *what)
{
    const char *at = strstr(text, what);
    return at && (size_t)(at - text) < n;
}

/* A stop that names what two computations cost compares them in a condition, so that it cannot become untrue. */
TEST(a_stop_that_compares_costs_holds_what_it_says)
{
    static const char *const names[] = {"operations", "bytes_held", "bytes_read"};
    size_t compared = 0, n;
    for (const struct builtin_file *file = builtin_files; file->name; file++)
        for (const char *at = strncmp(file->name, "lessons/", 8) == 0 ? file->text : ""; (at = next_stop(at, &n));
             at += n)
            for (size_t i = 0; i < 3; i++) {
                char said[32];
                snprintf(said, sizeof said, "{beside.%s", names[i]);
                const char *holds = strstr(at, "\n    holds:");
                if (!has(at, n, said))
                    continue;
                compared++;
                snprintf(said, sizeof said, "beside.%s", names[i]);
                if (!holds || (size_t)(holds - at) >= n || !has(holds, n - (size_t)(holds - at), said))
                    fail_msg("%s compares %s and holds nothing of it: %.60s", file->name, names[i], at + 1);
            }
    assert_true(compared > 8);
}
