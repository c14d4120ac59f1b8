/* attention_position.c: where words stand: waves added to the words (Vaswani et al. 2017, section 3.5), or queries and
 * keys turned by angles (Su et al. 2021, "RoFormer"). */
#include "core/mechanisms/attention_parts.h"

int record_positions(struct recorder *r, int words, bool memory)
{
    if (r->err.code || !settings_is(r->settings, "position", "sinusoidal"))
        return words;
    int waves = record_op(r,
                          STEP(memory ? "memory_positions" : "positions", memory ? "P_memory" : "P", STAGE_POSITION,
                               .words = "positions"),
                          OP_SINUSOIDS, words);
    return record_op(r,
                     STEP(memory ? "memory_positioned" : "X_positioned", memory ? "X_(memory,P)" : "X_P",
                          STAGE_POSITION, .words = "positioned"),
                     OP_ADD, words, waves);
}

int record_turned(struct attention *a, int step, const char *name, const char *symbol, enum role role)
{
    if (a->r->err.code || !attention_is(a, "position", "rope"))
        return step;
    return record_op(a->r, STEP(name, symbol, STAGE_POSITION, .role = role), OP_ROPE, step);
}
