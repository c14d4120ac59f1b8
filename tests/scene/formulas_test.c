/* formulas_test.c: every formula on a page is true: of every step of every built-in lesson and of every mechanism with
 * its settings, and the whole formula of the mechanism. The reader of formulas is one of its own (support). */
#include "support/check.h"
#include "support/formula_reader.h"

#include "lesson/analysis/compare.h"
#include "lesson/lesson.h"
#include "lesson/text/builtin.h"
#include "scene/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- what the names of a tape mean ---- */

/* With tokens as columns every matrix is its mirror image, but what makes features of features, or words of words. */
static bool stays(const struct step *step)
{
    return step->spec.op == OP_INPUT && step->spec.stage == STAGE_INPUT &&
           (strchr("WUV", step->spec.name[0]) || strcmp(step->value.axis[AXIS_ROW].name, "mixtures") == 0);
}

static double *mirrored[FORMULA_NAMES];
static size_t n_mirrored;

static void add_name(struct formula_scene *to, const char *name, const struct step *step)
{
    const struct tensor *t = &step->value;
    size_t heads = t->axis[AXIS_HEAD].size, rows = t->axis[AXIS_ROW].size, cols = t->axis[AXIS_COL].size;
    const double *v = t->v;
    assert_true(to->n_names < FORMULA_NAMES);
    if (to->columns && !stays(step)) {
        double *turned = calloc(heads * rows * cols, sizeof *turned);
        assert_non_null(turned);
        for (size_t h = 0; h < heads; h++)
            for (size_t r = 0; r < rows; r++)
                for (size_t c = 0; c < cols; c++)
                    turned[(h * cols + c) * rows + r] = v[(h * rows + r) * cols + c];
        v = mirrored[n_mirrored++] = turned;
        rows = cols;
        cols = t->axis[AXIS_ROW].size;
    }
    to->name[to->n_names++] = (struct formula_name){name, heads, rows, cols, v};
}

static void finish_scene(void)
{
    while (n_mirrored)
        free(mirrored[--n_mirrored]);
}

TEST_AFTER_EACH(finish_scene)

static size_t size_of(const struct tape *tape, const char *step, int axis)
{
    int at = tape_find(tape, step);
    return at < 0 ? 0 : tape->steps[at].value.axis[axis].size;
}

static void add_size(struct formula_scene *to, const char *name, size_t size)
{
    if (size)
        to->size[to->n_sizes++] = (struct formula_size){name, size};
}

/* n words look, m are looked at; by the tensors' names, as the contract has them. */
static void add_sizes(struct formula_scene *to, const struct tape *tape)
{
    size_t heads = size_of(tape, "Q_heads", AXIS_HEAD), q = size_of(tape, "Q", AXIS_COL), n = size_of(tape, "X", 1);
    bool by_words = heads && heads == n && size_of(tape, "Q_heads", AXIS_ROW) != n;
    to->heads = by_words ? size_of(tape, "Q_heads", AXIS_ROW) : heads ? heads : 1;
    add_size(to, "n", n);
    add_size(to, "m", size_of(tape, "Y", 1) && tape_find(tape, "W_xh") >= 0 ? n : size_of(tape, "memory", AXIS_ROW));
    add_size(to, "d_model", size_of(tape, "X", AXIS_COL));
    add_size(to, "d_memory", size_of(tape, "memory", AXIS_COL));
    add_size(to, "d_k", q / to->heads);
    add_size(to, "d_e", size_of(tape, "W_U", AXIS_COL));
    add_size(to, "f", size_of(tape, "phi_Q", AXIS_COL));
}

static void describe(const struct tape *tape, int step, bool columns, struct formula_scene *ret)
{
    *ret = (struct formula_scene){.columns = columns};
    finish_scene();
    if (step >= 0) {
        const struct step *s = &tape->steps[step];
        add_name(ret, s->spec.symbol, s);
        for (int i = 0; i < op_table[s->spec.op]->n_inputs; i++)
            add_name(ret, tape->steps[s->spec.in[i]].spec.symbol, &tape->steps[s->spec.in[i]]);
    }
    for (size_t i = 0; i < tape->n && ret->n_names + 1 < FORMULA_NAMES; i++)
        add_name(ret, tape->steps[i].spec.symbol, &tape->steps[i]);
    add_sizes(ret, tape);
}

/* ---- the formulas of steps ---- */

static size_t n_checked;

static void check_step(const char *lesson, const struct tape *tape, int step, bool columns)
{
    static struct formula_scene scene;
    struct str text = {0};
    char why[200];
    transposed_step_formula(tape, step, columns, &text);
    assert_false(text.failed);
    describe(tape, step, columns, &scene);
    if (!formula_holds(&scene, str_text(&text), tape->steps[step].spec.symbol, why))
        fail_msg("%s, %s%s: '%s': %s", lesson, tape->steps[step].spec.name, columns ? ", tokens as columns" : "",
                 str_text(&text), why);
    n_checked++;
    str_finish(&text);
}

static void check_tape(const char *lesson, const struct tape *tape)
{
    for (int i = 0; i < (int)tape->n; i++) {
        const struct step_spec *s = &tape->steps[i].spec;
        for (int columns = 0; columns < 2; columns++)
            if (s->op != OP_INPUT || s->formula)
                check_step(lesson, tape, i, columns);
    }
}

/* What the whole formula names is on the tape that computes everything at once. */
static void check_whole(const char *name, const struct lesson *lesson, const struct tape *tape, bool columns);

static bool in_parts(const struct lesson *lesson)
{
    return settings_find(&lesson->settings, "evaluation") && !settings_is(&lesson->settings, "evaluation", "full");
}

static void check_lesson(const char *name, const struct lesson *lesson, const struct tape *full)
{
    check_tape(name, &lesson->tape);
    if (lesson->second.on)
        check_tape(name, &lesson->second.tape);
    if (lesson->comparison)
        check_tape(name, &lesson->comparison->tape);
    for (int columns = 0; columns < 2; columns++)
        check_whole(name, lesson, full, columns);
}

TEST(every_formula_of_every_built_in_lesson_is_true)
{
    const struct lesson_options whole = {
        .overrides = &(struct overrides){.set = (const char *[]){"evaluation=full"}, .n_set = 1}};
    for (size_t i = 0; builtin_lessons[i]; i++) {
        struct lesson lesson = {0}, full = {0};
        assert_ok(lesson_open(builtin_lessons[i], NULL, &lesson, NULL));
        if (in_parts(&lesson))
            assert_ok(lesson_open(builtin_lessons[i], &whole, &full, NULL));
        check_lesson(builtin_lessons[i], &lesson, in_parts(&lesson) ? &full.tape : &lesson.tape);
        lesson_finish(&lesson);
        lesson_finish(&full);
    }
    assert_true(n_checked > 1000);
}

/* ---- every mechanism with its settings, on random numbers ---- */

static const struct {
    const char *name; /* of the mechanism, its settings */
    const char *with; /* tensors that could be left out */
    const char *memory;
} cases[] = {
    {"attention", "", NULL},
    {"attention heads=2", "b_Q, b_K, b_V, b_O", NULL},
    {"attention heads=4 kv_heads=2", "b_K", NULL},
    {"attention heads=2 kv_heads=1", "", "uno dos tres"},
    {"attention scale=none", "", NULL},
    {"attention heads=2 scale=2.8284271247", "", NULL},
    {"attention temperature=0.7", "", NULL},
    {"attention heads=2 temperature=0.35 bias=alibi mask=causal", "", NULL},
    {"attention heads=2 score=general", "", NULL},
    {"attention heads=2 score=additive", "b_O", NULL},
    {"attention score=additive activation=none", "", "uno dos tres"},
    {"attention score=additive bias=alibi mask=causal", "", NULL},
    {"attention heads=2 position=sinusoidal", "", "uno dos tres"},
    {"attention heads=2 position=rope", "", NULL},
    {"attention position=rope mask=causal bias=alibi", "", NULL},
    {"attention position=rope score=general", "", NULL},
    {"attention position=rope score=additive", "", NULL},
    {"attention heads=2 bias=relative", "", NULL},
    {"attention heads=2 bias=relative_keys", "", NULL},
    {"attention bias=relative_keys score=additive", "", NULL},
    {"attention bias=relative_keys position=rope scale=none", "", NULL},
    {"attention heads=4 bias=alibi", "", NULL},
    {"attention mask=causal", "", NULL},
    {"attention mask=window:1", "", NULL},
    {"attention mask=global:2", "", NULL},
    {"attention heads=2 mask=causal,window:1,global:1,random:1:3", "mask", NULL},
    {"attention mask=random:2:5", "", NULL},
    {"attention heads=2 normaliser=hard mask=causal", "", NULL},
    {"attention heads=2 normaliser=sparsemax", "", NULL},
    {"attention normaliser=sparsemax mask=causal", "", NULL},
    {"attention heads=2 router=true", "b_R", NULL},
    {"attention heads=3 router=true position=sinusoidal threshold=-0.25", "", NULL},
    {"attention heads=2 low_rank=true", "", NULL},
    {"attention low_rank=true score=general", "", NULL},
    {"attention low_rank=true score=additive position=rope", "", NULL},
    {"attention low_rank=true position=rope", "", NULL},
    {"attention heads=2 dropout=0.3 seed=4", "", NULL},
    {"attention heads=2 evaluation=query_chunks bias=relative_keys", "", NULL},
    {"attention evaluation=query_chunks chunk=1 score=additive", "", NULL},
    {"attention heads=2 evaluation=query_chunks chunk=3 mask=causal bias=alibi", "", NULL},
    {"attention heads=2 evaluation=tiles mask=causal bias=alibi position=rope", "", NULL},
    {"attention evaluation=tiles chunk=1 dropout=0.3 score=additive router=true", "", NULL},
    {"attention heads=2 evaluation=tiles chunk=3 bias=relative", "", NULL},
    {"attention heads=2 evaluation=incremental mask=causal,window:2 bias=relative", "", NULL},
    {"attention evaluation=incremental mask=causal score=additive", "", NULL},
    {"attention heads=2 mistake=softmax_over_columns mask=causal", "", NULL},
    {"attention mistake=mask_after_softmax mask=causal", "", NULL},
    {"attention heads=2 mistake=keys_as_values", "", NULL},
    {"attention heads=2 mistake=concat_without_transpose", "", NULL},
    {"attention heads=2 mistake=heads_not_words", "", NULL},
    {"linear_attention", "", NULL},
    {"linear_attention heads=2", "b_O", "uno dos tres"},
    {"linear_attention heads=2 feature_map=relu causal=true", "", NULL},
    {"linear_attention feature_map=favor", "", NULL},
    {"linear_attention heads=2 feature_map=favor causal=true order=both", "", NULL},
    {"linear_attention order=pairs causal=true", "", NULL},
    {"linear_attention order=both eps=0.01", "", NULL},
    {"linear_attention heads=2 order=pairs", "", NULL},
    {"gau", "", NULL},
    {"gau causal=true", "", NULL},
    {"gau form=squared_relu", "", NULL},
    {"gau form=squared_relu causal=true", "", NULL},
    {"location_aware", "", "uno dos tres cuatro"},
    {"seq2seq", "", "uno dos tres"},
    {"seq2seq context=dot", "", "uno dos tres"},
    {"seq2seq context=general", "", "uno dos tres"},
    {"seq2seq context=additive", "", "uno dos tres"},
    {"block", "", NULL},
    {"block heads=2 norm=post", "b_Q, b_O", NULL},
    {"block heads=2 norm=post ffn_activation=gelu position=sinusoidal", "", NULL},
    {"block ffn_activation=gelu mask=causal", "", NULL},
    {"conformer heads=2", "", NULL},
    {"conformer position=sinusoidal mask=window:1", "", NULL},
};

/* "attention heads=2" as a lesson. */
static void open_case(const char *name, const char *sentence, const char *with, const char *memory, struct lesson *ret)
{
    struct str text = {0};
    size_t mechanism = strcspn(name, " ");
    str_addf(&text, "title: t\nsummary: s\nsentence: %s\nmechanism: %.*s\n", sentence, (int)mechanism, name);
    if (memory)
        str_addf(&text, "memory: %s\n", memory);
    if (name[mechanism]) {
        str_add(&text, "settings: {");
        for (const char *at = name + mechanism + 1; *at;) {
            size_t n = strcspn(at, " "), key = strcspn(at, "=");
            str_addf(&text, "%.*s: \"%.*s\", ", (int)key, at, (int)(n - key - 1), at + key + 1);
            at += n + (at[n] == ' ');
        }
        str_add(&text, "}\n");
    }
    bool mask = strcmp(with, "mask") == 0, words_only = mechanism > 6 && strncmp(name + 3, "2seq", 4) == 0;
    words_only = words_only || strncmp(name, "location", 8) == 0;
    str_addf(&text, "weights: {source: random, seed: 3%s, with: [%s]%s}\n", words_only ? "" : ", d_model: 4",
             mask ? "" : with,
             mask ? ", numbers: {mask: [[1, 1, 0, 1, 1], [1, 1, 1, 1, 0], [1, 0, 1, 1, 1], "
                    "[0, 1, 1, 1, 1], [1, 1, 1, 0, 1]]}"
                  : "");
    struct qkv_err err = lesson_parse("case", str_text(&text), text.n, NULL, ret, NULL);
    if (err.code)
        fail_msg("%s: %s", name, err.what);
    str_finish(&text);
}

static const char five_words[] = "a b c d e";

static void check_case(const char *name, const char *sentence, const char *with, const char *memory)
{
    struct lesson lesson = {0}, full = {0};
    const char *evaluation = strstr(name, "evaluation=");
    open_case(name, sentence, with, memory, &lesson);
    if (evaluation) {
        char whole[160];
        snprintf(whole, sizeof whole, "%.*sevaluation=full%s", (int)(evaluation - name), name,
                 evaluation + strcspn(evaluation, " "));
        open_case(whole, sentence, with, memory, &full);
    }
    check_lesson(name, &lesson, evaluation ? &full.tape : &lesson.tape);
    lesson_finish(&lesson);
    lesson_finish(&full);
}

TEST_ROWS(every_formula_of_a_mechanism_is_true, cases, row)
{
    check_case(row->name, five_words, row->with, row->memory);
    if (strcmp(row->with, "mask") != 0) /* which has five rows */
        check_case(row->name, "a", row->with, row->memory ? "uno" : NULL);
}

static bool has_case(const char *setting, const char *choice)
{
    char wanted[80];
    snprintf(wanted, sizeof wanted, "%s=%.*s", setting, (int)strcspn(choice, ":"), choice);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (strstr(cases[i].name, wanted))
            return true;
    return false;
}

TEST(every_value_of_every_setting_has_a_case)
{
    for (const struct mechanism *const *m = mechanism_table; *m; m++)
        for (size_t i = 0; i < (*m)->n_settings; i++) {
            const struct setting_info *info = &(*m)->settings[i];
            for (const char *const *choice = info->choices; choice && *choice; choice++)
                if (strcmp(*choice, info->initial) != 0 && !has_case(info->name, *choice))
                    fail_msg("%s: no case has %s=%s", (*m)->name, info->name, *choice);
            if (!info->choices && !has_case(info->name, ""))
                fail_msg("%s: no case sets %s", (*m)->name, info->name);
        }
}

/* ---- what is wrong is found ---- */

struct wrong_formula {
    const char *name, *of, *step, *formula; /* of a mechanism with settings, as above */
    const char *says;                       /* of where it fails */
};

TEST_TABLE(a_wrong_formula_is_found, wrong_formula, "scene/wrong_formulas.tsv", row, name)
{
    static struct formula_scene scene;
    struct lesson lesson = {0};
    char why[200];
    open_case(row->of, five_words, "", NULL, &lesson);
    int step = tape_find(&lesson.tape, row->step);
    assert_true(step >= 0);
    describe(&lesson.tape, step, false, &scene);
    bool holds = formula_holds(&scene, row->formula, lesson.tape.steps[step].spec.symbol, why);
    lesson_finish(&lesson);
    if (holds || !strstr(why, row->says))
        fail_msg("'%s' %s %s", row->formula, holds ? "is taken for true" : "is refused:", why);
}

/* ---- the whole formula ---- */

/* What the layers' functions are, by the contract. */
static const struct formula_definition layers[] = {{"norm_1", {{0}}, "γ_1 ⊙ standardised(x) + β_1"},
                                                   {"norm_2", {{0}}, "γ_2 ⊙ standardised(x) + β_2"},
                                                   {"norm_A", {{0}}, "γ_A ⊙ standardised(x) + β_A"},
                                                   {"norm_F1", {{0}}, "γ_F1 ⊙ standardised(x) + β_F1"},
                                                   {"norm_F2", {{0}}, "γ_F2 ⊙ standardised(x) + β_F2"},
                                                   {"norm_C", {{0}}, "γ_C ⊙ standardised(x) + β_C"},
                                                   {"norm_out", {{0}}, "γ_out ⊙ standardised(x) + β_out"},
                                                   {"FFN_1", {{0}}, "silu(norm_F1(x) W_11 + b_11) W_12 + b_12"},
                                                   {"FFN_2", {{0}}, "silu(norm_F2(x) W_21 + b_21) W_22 + b_22"},
                                                   {"convolution",
                                                    {{"P", "norm_C(x) W_P1 + b_P1"},
                                                     {"G", "P_(:,1..4) ⊙ sigmoid(P_(:,5..8))"},
                                                     {"B", "γ_N ⊙ (depthwise(G, D) + b_D) + β_N"}},
                                                    "silu(B) W_P2 + b_P2"},
                                                   {0}};

/* The functions whose definition depends on the settings: attention's is its own whole formula. */
static void define(const struct lesson *lesson, struct formula_definition ret[16], struct str *attention)
{
    size_t n = 0;
    struct lesson as = *lesson;
    struct str stages = {0};
    const struct tape *tape = &lesson->tape;
    bool heads = tape_find(tape, "Q_heads") >= 0;
    as.mechanism = mechanism_find("attention");
    for (; layers[n].name; n++)
        ret[n] = layers[n];
    formula_of_mechanism(&as, &lesson->walk, false, attention, &stages);
    str_finish(&stages);
    struct formula_definition *a = &ret[n++];
    *a = (struct formula_definition){.name = "attention", .is = str_text(attention)};
    static const char *const letters[] = {"Q", "K", "V"};
    static const char *const whole[][2] = {
        {"x W_Q", "x W_Q + b_Q"}, {"x W_K", "x W_K + b_K"}, {"x W_V", "x W_V + b_V"}};
    static const char *const split[][2] = {{"Q_h", "split_h(Q)"}, {"K_h", "split_h(K)"}, {"V_h", "split_h(V)"}};
    for (size_t i = 0; i < 3; i++) {
        char bias[] = {'b', '_', letters[i][0], '\0'};
        a->made[i].name = letters[i];
        a->made[i].is = whole[i][tape_find(tape, bias) >= 0];
        if (heads) {
            a->made[i + 3].name = split[i][0];
            a->made[i + 3].is = split[i][1];
        }
    }
    bool gelu =
        settings_find(&lesson->settings, "ffn_activation") && settings_is(&lesson->settings, "ffn_activation", "gelu");
    ret[n++] = (struct formula_definition){
        .name = "FFN", .is = gelu ? "gelu(x W_F1 + b_F1) W_F2 + b_F2" : "relu(x W_F1 + b_F1) W_F2 + b_F2"};
    ret[n] = (struct formula_definition){0};
}

static void check_whole(const char *name, const struct lesson *lesson, const struct tape *tape, bool columns)
{
    static struct formula_scene scene;
    struct formula_definition definitions[16];
    struct str text = {0}, stages = {0}, attention = {0};
    char why[200], last_state[24];
    bool layered = strcmp(lesson->mechanism->name, "block") == 0 || strcmp(lesson->mechanism->name, "conformer") == 0;
    formula_of_mechanism(lesson, &lesson->walk, columns, &text, &stages);
    assert_false(text.failed || stages.failed);
    assert_int_equal(text.n, stages.n);
    define(lesson, definitions, &attention);
    describe(tape, -1, columns, &scene);
    scene.definitions = definitions;
    static const char *const results[] = {"output", "concat", "context"};
    int last = -1;
    for (size_t i = 0; last < 0 && i < sizeof results / sizeof results[0]; i++)
        last = tape_find(&lesson->tape, results[i]);
    add_name(&scene, "result", &lesson->tape.steps[last]);
    /* The decoder begins with the encoder's last state. */
    snprintf(last_state, sizeof last_state, "encoder_state_%zu", size_of(tape, "X", AXIS_ROW));
    if (tape_find(tape, last_state) >= 0)
        add_name(&scene, "s_0", &tape->steps[tape_find(tape, last_state)]);
    /* A layer's parts are defined with a token a row. */
    if (!(layered && columns) && !formula_holds(&scene, str_text(&text), "result", why))
        fail_msg("%s%s: '%s': %s", name, columns ? ", tokens as columns" : "", str_text(&text), why);
    str_finish(&text);
    str_finish(&stages);
    str_finish(&attention);
}
