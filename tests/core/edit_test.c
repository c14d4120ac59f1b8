/* edit_test.c: numbers changed on the tape give, bit for bit, what recording anew with them gives.
 *
 * Tried on all cases of the reference, so on every mechanism, and on the variants that evaluate otherwise. */
#include "support/check.h"

#include "base/file.h"
#include "base/thread.h"
#include "core/edit.h"
#include "core/mechanism.h"
#include "core/safetensors.h"
#include "core/sentence.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 12, CHANGES_MAX = 3 };

/* A mechanism, its settings and its inputs as they are now. */
struct trial {
    const char *name;
    const struct mechanism *mechanism;
    struct settings settings;
    struct named_tensors in;
};

static size_t below(size_t n)
{
    return (size_t)((sentence_number() + 1) / 2 * (double)n);
}

static struct qkv_err record(const struct trial *t, struct tape *ret)
{
    struct named_tensors copy = {0};
    for (size_t i = 0; i < t->in.n; i++) {
        struct tensor one;
        assert_ok(tensor_copy(&one, &t->in.v[i].tensor));
        assert_ok(named_tensors_add(&copy, t->in.v[i].name, &one));
    }
    struct qkv_err err = mechanism_record(t->mechanism, &t->settings, &copy, ret);
    named_tensors_finish(&copy);
    return err;
}

static bool same_bits(const struct tensor *a, const struct tensor *b)
{
    return tensor_cells(a) == tensor_cells(b) && memcmp(a->v, b->v, tensor_cells(a) * sizeof *a->v) == 0;
}

static void assert_same(const char *name, const char *when, const struct tape *got, const struct tape *want)
{
    assert_int_equal(got->n, want->n);
    for (size_t i = 0; i < got->n; i++)
        if (!same_bits(&got->steps[i].value, &want->steps[i].value))
            fail_msg("%s: %s is other than what recording anew gives, %s", name, got->steps[i].spec.name, when);
}

/* Numbers of all kinds: moderate, none, equal but for the sign, and so large that little can be done with them. */
static double another_number(bool mask, double now)
{
    if (mask)
        return below(12) == 0 ? 0.5 : (double)below(2);
    switch (below(8)) {
    case 0:
        return 0;
    case 1:
        return -0.0;
    case 2:
        return below(2) == 0 ? 1e300 : 3;
    case 3:
        return now;
    default:
        return 2 * sentence_number();
    }
}

/* The input's step that a name stands for, and its tensor. */
static int input_step(const struct tape *tape, const struct named_tensor *input)
{
    return input->tensor.v ? tape_find(tape, input->name) : -1;
}

static size_t draw_changes(const struct trial *t, const struct tape *tape, struct tape_change changes[CHANGES_MAX],
                           bool *ret_allowed)
{
    size_t n = 1 + below(CHANGES_MAX);
    *ret_allowed = true;
    for (size_t i = 0; i < n;) {
        const struct named_tensor *input = &t->in.v[below(t->in.n)];
        int step = input_step(tape, input);
        if (step < 0) /* a tensor that these settings do not read */
            continue;
        const struct axis *axis = input->tensor.axis;
        struct tape_change c = {step, below(axis[0].size), below(axis[1].size), below(axis[2].size), 0};
        c.value = another_number(strcmp(input->name, "mask") == 0, *tensor_at(&input->tensor, c.head, c.row, c.col));
        *ret_allowed = *ret_allowed && tape_can_edit(tape, step);
        changes[i++] = c;
    }
    return n;
}

static void make_changes(struct trial *t, const struct tape *tape, const struct tape_change *changes, size_t n,
                         struct named_tensors *kept)
{
    for (size_t i = 0; i < t->in.n; i++) {
        struct tensor copy;
        assert_ok(tensor_copy(&copy, &t->in.v[i].tensor));
        assert_ok(named_tensors_add(kept, t->in.v[i].name, &copy));
    }
    for (size_t i = 0; i < n; i++)
        *tensor_at(sentence_input(&t->in, tape->steps[changes[i].step].spec.name), changes[i].head, changes[i].row,
                   changes[i].col) = changes[i].value;
}

/* What is said to have changed is what did. */
static void check_edited(const struct trial *t, const struct tape *before, const struct tape *after,
                         const struct tape_edited *edited)
{
    for (size_t i = 0; i < after->n; i++) {
        const struct tensor *was = &before->steps[i].value, *is = &after->steps[i].value;
        const struct step_edited *e = tape_edited_find(edited, (int)i);
        size_t cells = 0, cols = is->axis[AXIS_COL].size;
        double largest = 0;
        for (size_t k = 0; k < tensor_cells(is); k++) {
            double difference = fabs(is->v[k] - was->v[k]);
            if (memcmp(&is->v[k], &was->v[k], sizeof(double)) == 0)
                continue;
            cells++;
            largest = isfinite(difference) ? fmax(largest, difference) : largest;
            if (!e || k % cols < e->where.row[k / cols].from || k % cols >= e->where.row[k / cols].to)
                fail_msg("%s: cell %zu of %s changed, which is not said", t->name, k, after->steps[i].spec.name);
        }
        assert_int_equal(cells, e ? e->cells : 0);
        assert_true(!e || (largest == e->largest && reach_cells(&e->where) >= cells && cells > 0));
    }
}

static void edit_once(struct trial *t, struct tape *tape, size_t *ret_made, size_t *ret_refused)
{
    struct tape_change changes[CHANGES_MAX];
    struct tape before = {0}, want = {0};
    struct tape_edited edited;
    struct named_tensors kept = {0};
    bool allowed;
    size_t n = draw_changes(t, tape, changes, &allowed);
    assert_ok(record(t, &before));
    make_changes(t, tape, changes, n, &kept);
    struct qkv_err err = tape_edit(tape, changes, n, &edited), anew = record(t, &want);
    /* Of two changes that are both wrong, either may be named. */
    if (allowed && (err.code != anew.code || (n == 1 && strcmp(err.what, anew.what) != 0)))
        fail_msg("%s: the edit says \"%s\", recording anew \"%s\"", t->name, err.what, anew.what);
    if (!allowed && err.code != QKV_ERR_DOMAIN)
        fail_msg("%s: what cannot be edited was", t->name);
    if (err.code) {
        assert_same(t->name, "after an edit that was refused", tape, &before);
        assert_int_equal(edited.n, 0);
        named_tensors_finish(&t->in);
        t->in = kept;
        kept = (struct named_tensors){0};
    } else {
        assert_same(t->name, "after an edit", tape, &want);
        check_edited(t, &before, tape, &edited);
    }
    *(err.code ? ret_refused : ret_made) += 1;
    tape_edited_finish(&edited);
    tape_finish(&before);
    tape_finish(&want);
    named_tensors_finish(&kept);
}

static size_t all_made, all_refused;

static void edit_again_and_again(struct trial *t)
{
    struct tape tape = {0};
    size_t made = 0, refused = 0;
    assert_ok(record(t, &tape));
    for (int i = 0; i < ROUNDS; i++)
        edit_once(t, &tape, &made, &refused);
    all_made += made;
    all_refused += refused;
    tape_finish(&tape);
    named_tensors_finish(&t->in);
}

static struct settings settings_from(const struct mechanism *m, char *text)
{
    struct settings s = settings_default(m->settings, m->n_settings);
    for (char *at = strtok(text, " "); at; at = strtok(NULL, " ")) {
        char *value = strchr(at, '=');
        assert_non_null(value);
        *value++ = '\0';
        assert_ok(settings_set(&s, at, value));
    }
    return s;
}

static void every_edit_of_every_reference_case_is_what_recording_anew_gives(void **state)
{
    (void)state;
    char path[512];
    struct str text = {0};
    snprintf(path, sizeof path, "%s/reference/cases.tsv", getenv("QKV_TESTS"));
    assert_ok(file_read(path, 1 << 20, &text));
    size_t cases = 0;
    all_made = all_refused = 0;
    for (char *line = text.v, *next; *line; line = next) {
        char name[64], mechanism[64], settings[200] = "";
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = '\0';
        if (*line == '#' || sscanf(line, "%63[^\t]\t%63[^\t]\t%199[^\t]", name, mechanism, settings) < 2)
            continue;
        struct trial t = {.name = name, .mechanism = mechanism_find(mechanism)};
        assert_non_null(t.mechanism);
        t.settings = settings_from(t.mechanism, settings);
        snprintf(path, sizeof path, "%s/reference/%s.in.safetensors", getenv("QKV_TESTS"), name);
        assert_ok(safetensors_read_any(path, &t.in));
        edit_again_and_again(&t);
        cases++;
    }
    str_finish(&text);
    print_message("%zu cases: %zu edits made, %zu refused as recording refuses\n", cases, all_made, all_refused);
    assert_true(cases >= 58 && all_made > 6 * cases && all_refused > 10);
}

static const char *const variants[] = {
    "position=sinusoidal",
    "position=rope bias=relative",
    "bias=relative_keys mask=causal",
    "bias=alibi mask=window:1,global:1,random:1:3",
    "score=general",
    "score=additive dropout=0.3 seed=4",
    "normaliser=hard",
    "normaliser=sparsemax",
    "router=true",
    "evaluation=query_chunks bias=relative_keys",
    "evaluation=tiles mask=causal bias=alibi position=rope",
    "evaluation=tiles chunk=1 dropout=0.3 score=additive router=true",
    "evaluation=incremental mask=causal,window:2 bias=relative",
    "mistake=softmax_over_columns",
    "mistake=mask_after_softmax mask=causal",
};

static void every_edit_of_every_variant_of_attention_is_what_recording_anew_gives(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        for (int mask = 0; mask < 2; mask++)
            for (int round = 0; round < 4; round++) {
                struct sizes s = sentence_sizes(false);
                struct trial t = {variants[i], mechanism_find("attention"), sentence_settings(&s, variants[i]), {0}};
                sentence_inputs(&s, mask, &t.in);
                edit_again_and_again(&t);
            }
}

/* ---- what is large: threads, progress, stopping ---- */

static void large_trial(struct trial *t)
{
    const struct sizes s = {.n = 256, .d_model = 64, .d_memory = 64, .heads = 4, .kv_heads = 4, .d_k = 16, .d_v = 16};
    *t = (struct trial){"large", mechanism_find("attention"), sentence_settings(&s, ""), {0}};
    sentence_inputs(&s, false, &t->in);
}

static void as_many_threads_as_you_like_give_the_same_bits(void **state)
{
    (void)state;
    struct trial t;
    struct tape alone = {0}, many = {0};
    struct progress one = {.threads = 1}, four = {.threads = 4};
    large_trial(&t);
    alone.progress = &one;
    many.progress = &four;
    assert_ok(record(&t, &alone));
    assert_ok(record(&t, &many));
    assert_same(t.name, "with four threads", &many, &alone);
    struct tape_change change = {tape_find(&alone, "X"), 0, 100, 3, 2.5};
    assert_ok(tape_edit(&alone, &change, 1, NULL));
    assert_ok(tape_edit(&many, &change, 1, NULL));
    assert_same(t.name, "after an edit with four threads", &many, &alone);
    assert_true(atomic_load(&four.total) > 10000);
    assert_int_equal(atomic_load(&four.done), atomic_load(&four.total));
    tape_finish(&alone);
    tape_finish(&many);
    named_tensors_finish(&t.in);
}

struct stopped {
    struct tape *tape;
    struct progress progress;
    size_t at; /* stop when so much is done */
    struct qkv_err err;
    atomic_bool over;
};

static void edit_or_stop(void *context, size_t i, unsigned worker)
{
    (void)worker;
    struct stopped *s = context;
    if (i == 0) {
        struct tape_change change = {tape_find(s->tape, "X"), 0, 7, 3, -1};
        s->err = tape_edit(s->tape, &change, 1, NULL);
        atomic_store(&s->over, true);
        return;
    }
    while (!atomic_load(&s->over) && atomic_load(&s->progress.done) < s->at)
        ;
    atomic_store(&s->progress.cancel, true);
}

static void an_edit_that_is_stopped_leaves_the_tape_as_it_was(void **state)
{
    (void)state;
    struct trial t;
    struct tape tape = {0}, before = {0};
    large_trial(&t);
    assert_ok(record(&t, &tape));
    assert_ok(record(&t, &before));
    size_t stopped = 0, whole = tape_amount(&tape);
    for (size_t i = 0; i < 10; i++) {
        struct stopped s = {.tape = &tape, .at = whole * i / 10, .progress = {.cancel = i == 0}};
        tape.progress = &s.progress;
        parallel_for(2, 2, edit_or_stop, &s);
        tape.progress = NULL;
        if (s.err.code == QKV_OK) /* it was faster */
            assert_ok(tape_edit(
                &tape,
                &(struct tape_change){tape_find(&tape, "X"), 0, 7, 3, *tensor_at(sentence_input(&t.in, "X"), 0, 7, 3)},
                1, NULL));
        else
            assert_int_equal(s.err.code, QKV_ERR_CANCELLED);
        stopped += s.err.code != QKV_OK;
        assert_same(t.name, "after an edit that was stopped", &tape, &before);
    }
    assert_true(stopped >= 1);
    tape_finish(&tape);
    tape_finish(&before);
    named_tensors_finish(&t.in);
}

static void recording_that_is_stopped_says_so_and_leaves_nothing(void **state)
{
    (void)state;
    struct trial t;
    struct progress work = {.cancel = true};
    struct tape tape = {.progress = &work};
    large_trial(&t);
    assert_error(record(&t, &tape), QKV_ERR_CANCELLED, "stopped");
    assert_null(tape.steps);
    named_tensors_finish(&t.in);
}

/* ---- what cannot be edited ---- */

static void what_was_not_given_or_was_read_while_recording_cannot_be_edited(void **state)
{
    (void)state;
    const struct sizes s = {.n = 4, .d_model = 3, .d_memory = 3, .heads = 2, .kv_heads = 2, .d_k = 2, .d_v = 2};
    struct trial t = {"", mechanism_find("attention"), sentence_settings(&s, "mask=causal evaluation=tiles"), {0}};
    struct tape tape = {0};
    sentence_inputs(&s, true, &t.in);
    assert_ok(record(&t, &tape));
    assert_true(tape_can_edit(&tape, tape_find(&tape, "X")));
    assert_false(tape_can_edit(&tape, tape_find(&tape, "Q")));           /* computed */
    assert_false(tape_can_edit(&tape, tape_find(&tape, "causal_mask"))); /* made */
    assert_false(tape_can_edit(&tape, tape_find(&tape, "mask")));        /* cut in pieces */
    struct tape_change outside = {tape_find(&tape, "X"), 0, 4, 0, 1}, nan = {tape_find(&tape, "X"), 0, 0, 0, NAN};
    assert_error(tape_edit(&tape, &outside, 1, NULL), QKV_ERR_DOMAIN, "X: there is no cell [0, 4, 0] in [1, 4, 3]");
    assert_error(tape_edit(&tape, &nan, 1, NULL), QKV_ERR_DOMAIN, "X: its cell [0, 0, 0] is nan");
    assert_error(tape_edit(&tape, &(struct tape_change){.step = 900}, 1, NULL), QKV_ERR_DOMAIN, "no step 900");
    tape_finish(&tape);
    named_tensors_finish(&t.in);
}

static int input_of_two(struct tape *tape, const char *name, enum scale_kind scale, double first, double second)
{
    struct tensor t;
    int step = -1;
    assert_ok(tensor_init_sizes(&t, 1, 1, 2));
    t.v[0] = first;
    t.v[1] = second;
    assert_ok(tape_input(tape, &(struct step_spec){.name = name, .op = OP_INPUT, .scale = scale}, &t, &step));
    return step;
}

/* Beside a blocked cell a sum that is too small passes for blocked, too; when the cell is opened, it no longer does. */
static void opening_the_last_blocked_cell_finds_what_passed_for_blocked(void **state)
{
    (void)state;
    struct tape tape = {0};
    int scores = input_of_two(&tape, "scores", SCALE_SIGNED, 1, -1e308), masked = -1, sum = -1;
    int mask = input_of_two(&tape, "mask", SCALE_MASK, 0, 1),
        bias = input_of_two(&tape, "bias", SCALE_SIGNED, 1, -1e308);
    assert_ok(tape_record(&tape, &(struct step_spec){.name = "masked", .op = OP_MASK, .in = {scores, mask}}, &masked));
    assert_ok(tape_record(&tape, &(struct step_spec){.name = "sum", .op = OP_ADD, .in = {masked, bias}}, &sum));
    struct tape_change open = {mask, 0, 0, 0, 1}, shift = {bias, 0, 0, 1, 0};
    assert_error(tape_edit(&tape, &open, 1, NULL), QKV_ERR_DOMAIN,
                 "sum, from masked and bias: the numbers grow too large to be held: a cell is -inf");
    assert_true(tape.steps[mask].value.v[0] == 0 && tape.steps[masked].value.v[0] == -INFINITY);
    assert_ok(tape_edit(&tape, (struct tape_change[]){open, shift}, 2, NULL));
    assert_true(tape.steps[sum].value.v[0] == 2 && tape.steps[sum].value.v[1] == -1e308);
    tape_finish(&tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_edit_of_every_reference_case_is_what_recording_anew_gives),
        cmocka_unit_test(every_edit_of_every_variant_of_attention_is_what_recording_anew_gives),
        cmocka_unit_test(as_many_threads_as_you_like_give_the_same_bits),
        cmocka_unit_test(an_edit_that_is_stopped_leaves_the_tape_as_it_was),
        cmocka_unit_test(recording_that_is_stopped_says_so_and_leaves_nothing),
        cmocka_unit_test(opening_the_last_blocked_cell_finds_what_passed_for_blocked),
        cmocka_unit_test(what_was_not_given_or_was_read_while_recording_cannot_be_edited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
