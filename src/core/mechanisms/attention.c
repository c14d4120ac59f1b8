#include "core/mechanisms/attention_parts.h"

#include "core/mechanisms/view.h"

#include <math.h>
#include <string.h>

bool attention_is(const struct attention *a, const char *setting, const char *choice)
{
    return settings_is(a->r->settings, setting, choice);
}

struct part part_whole(const struct attention *a)
{
    return (struct part){.rows = a->n, .cols = a->m};
}

/* "S_scaled" becomes "S_(scaled,2)": one subscript. */
static const char *part_symbol(struct attention *a, const char *symbol, size_t number)
{
    const char *below = strchr(symbol, '_');
    if (!below)
        return tape_text(a->r->tape, "%s_%zu", symbol, number);
    return tape_text(a->r->tape, "%.*s_(%s,%zu)", (int)(below - symbol), symbol, below + 1, number);
}

int record_part_equation(struct attention *a, const struct part *p, const struct step_spec *step, enum op op,
                         const int operands[OP_INPUTS_MAX])
{
    struct step_spec spec = *step;
    if (p->what && !a->r->err.code) {
        spec = step_called(step, tape_text(a->r->tape, "%s_%s_%zu", step->name, p->what, p->number),
                           part_symbol(a, step->symbol, p->number));
        spec.part = p->what;
        spec.part_number = p->number;
        if (!spec.name || !spec.symbol)
            record_error(a->r, qkv_nomem("the name of a step"));
    }
    if (a->over_columns)
        spec.variant = "over_columns";
    return record_equation(a->r, &spec, 0, op, operands);
}

int record_rows(struct attention *a, const struct part *p, int step, size_t first, size_t n,
                const struct step_spec *rows)
{
    if (a->r->err.code || (first == 0 && n == recorded_size(a->r, step, AXIS_ROW)))
        return step;
    struct step_spec spec = *rows;
    spec.number = (double)first;
    spec.second = (double)n;
    return record_part(a, p, &spec, OP_ROWS, step);
}

/* How many heads there are, as far as the settings say. */
static void find_heads(struct attention *a)
{
    const struct setting *kv = settings_get(a->r->settings, "kv_heads");
    a->heads = (size_t)settings_get(a->r->settings, "heads")->number;
    a->kv_heads = kv->choice >= 0 ? a->heads : (size_t)kv->number;
    if (a->kv_heads > a->heads)
        record_error(a->r,
                     qkv_errf(QKV_ERR_DOMAIN, "kv_heads=%zu must not be more than heads=%zu", a->kv_heads, a->heads));
    else if (a->heads % a->kv_heads != 0)
        record_error(a->r,
                     qkv_errf(QKV_ERR_DOMAIN, "kv_heads=%zu does not divide heads=%zu: each must serve equally many",
                              a->kv_heads, a->heads));
}

/* The mistake heads_not_words: [n, heads*d] read as n planes of heads, with nothing moved to where it belongs. */
static int record_heads_not_words(struct attention *a, int whole, const char *name, const char *symbol, enum role role)
{
    return record_op(a->r,
                     STEP(name, symbol, STAGE_PROJECT, .role = role, .mistake = true,
                          .number = (double)recorded_size(a->r, whole, AXIS_ROW), .second = (double)a->heads),
                     OP_VIEW, whole);
}

/* Fewer keys and values than queries: a plane of them is no head's own. */
static void call_planes_sets(struct attention *a, int step)
{
    if (step == NO_STEP || a->kv_heads == 1 || a->kv_heads == a->heads)
        return;
    struct step *split = &a->r->tape->steps[step];
    split->value.axis[AXIS_HEAD].name = "sets";
    split->spec.variant = "sets";
}

static void record_views(struct attention *a)
{
    int looked_at = a->memory == NO_STEP ? a->x : a->memory;
    int queries = record_view(a->r, &query_view, a->x, a->heads);
    int keys = record_view(a->r, &key_view, looked_at, a->kv_heads);
    int values = record_view(a->r, &value_view, looked_at, a->kv_heads);
    if (a->r->err.code)
        return;
    a->d_k = recorded_size(a->r, queries, AXIS_COL) / a->heads;
    size_t k = recorded_size(a->r, keys, AXIS_COL) / a->kv_heads;
    /* Queries and keys are compared number by number: they must be equally long in every head. */
    if (k != a->d_k)
        record_error(a->r, qkv_errf(QKV_ERR_SHAPE,
                                    "W_K: its %zu columns must be kv_heads*d_k = %zu*%zu, for W_Q has %zu = heads*d_k",
                                    k * a->kv_heads, a->kv_heads, a->d_k, a->d_k * a->heads));
    if (attention_is(a, "mistake", "heads_not_words")) {
        a->q = record_heads_not_words(a, queries, "Q_heads", "Q_h", ROLE_QUERY);
        a->k = record_heads_not_words(a, keys, "K_heads", "K_h", ROLE_KEY);
        a->v = record_heads_not_words(a, values, "V_heads", "V_h", ROLE_VALUE);
    } else {
        a->q = record_split(a->r, &query_view, queries, a->heads);
        a->k = record_split(a->r, &key_view, keys, a->kv_heads);
        a->v = record_split(a->r, &value_view, values, a->kv_heads);
        call_planes_sets(a, a->k);
        call_planes_sets(a, a->v);
    }
}

/* Linformer (Wang et al. 2020): the m words looked at become k mixtures of them, whatever m is. In formulas E is
 * e to the power of the scores already, so the mixing matrix E is written E_low. */
static int record_low_rank(struct attention *a, const char *mix, const char *mixer, int of, const char *name,
                           const char *symbol, enum role role)
{
    int weights = record_input(a->r, STEP(mix, mixer, STAGE_INPUT, .role = role), "mixtures", "words");
    require_plane(a->r, weights, "[k, m]");
    require_columns(a->r, weights, recorded_size(a->r, of, AXIS_ROW), "words looked at (m)");
    return record_op(a->r, STEP(name, symbol, STAGE_PROJECT, .role = role), OP_MATMUL, weights, of);
}

int attention_steps(struct recorder *r, int x, int memory, const struct output_names *names)
{
    struct attention a = {.r = r, .x = x, .memory = memory};
    a.keep = a.dropout = a.distances = a.v_A = NO_STEP;
    if (!r->err.code)
        find_heads(&a);
    if (!r->err.code)
        check_settings(&a);
    if (!r->err.code)
        record_views(&a);
    if (!r->err.code)
        check_shapes(&a);
    a.q = record_turned(&a, a.q, "Q_turned", "Q_turned", ROLE_QUERY);
    a.k = record_turned(&a, a.k, "K_turned", "K_turned", ROLE_KEY);
    if (!r->err.code && attention_is(&a, "low_rank", "true")) {
        a.k = record_low_rank(&a, "E", "E_low", a.k, "K_low", "K_low", ROLE_KEY);
        a.v = record_low_rank(&a, "F", "F_low", a.v, "V_low", "V_low", ROLE_VALUE);
        if (recorded_size(r, a.k, AXIS_ROW) != recorded_size(r, a.v, AXIS_ROW))
            record_error(r, qkv_errf(QKV_ERR_SHAPE, "F: its %zu rows must match the %zu rows of E",
                                     recorded_size(r, a.v, AXIS_ROW), recorded_size(r, a.k, AXIS_ROW)));
    }
    if (r->err.code)
        return NO_STEP;
    a.n_words = recorded_size(r, x, AXIS_ROW);
    a.n = recorded_size(r, a.q, AXIS_ROW);
    a.m = recorded_size(r, a.k, AXIS_ROW);
    int heads = record_evaluation(&a);
    int concat = record_concat(&a, record_routed(&a, heads));
    return record_output(r, concat, names);
}

void attention_record(struct recorder *r)
{
    int x = record_sequence(r, &words_that_look), memory = record_sequence(r, &words_looked_at);
    x = record_positions(r, x, false);
    if (memory != NO_STEP)
        memory = record_positions(r, memory, true);
    attention_steps(r, x, memory, &output_names);
}
