/* attention_position.c: where words stand: waves added to the words (Vaswani et al. 2017, section 3.5), or queries and
 * keys turned by angles (Su et al. 2021, "RoFormer"). */
#include "core/mechanisms/attention_parts.h"

int record_positions(struct recorder *r, int words, bool memory)
{
    if (r->err.code || !settings_is(r->settings, "position", "sinusoidal"))
        return words;
    int waves = record_step(r, (struct step_spec){
                                   .name = memory ? "memory_positions" : "positions",
                                   .symbol = memory ? "P_memory" : "P",
                                   .stage = STAGE_POSITION,
                                   .op = OP_SINUSOIDS,
                                   .in = {words},
                                   .title = "a pattern for each position",
                                   .meaning = "Waves, sine and cosine in turn: **fast** ones in the first columns, "
                                              "slow ones in the last. No two rows are alike, so a row tells where it "
                                              "stands, whatever the word.",
                                   .axes = "row: a position; column: a wave",
                               });
    return record_step(r, (struct step_spec){
                              .name = memory ? "memory_positioned" : "X_positioned",
                              .symbol = memory ? "X_(memory,P)" : "X_P",
                              .stage = STAGE_POSITION,
                              .op = OP_ADD,
                              .in = {words, waves},
                              .title = "what the word is, and where it stands",
                              .meaning = "The pattern of its position is **added** to each word. The same word in two "
                                         "places now has two different rows.",
                              .axes = "row: a word; column: a feature",
                          });
}

int record_turned(struct attention *a, int step, const char *name, const char *symbol, enum role role)
{
    if (a->r->err.code || !attention_is(a, "position", "rope"))
        return step;
    return record_step(a->r,
                       (struct step_spec){
                           .name = name,
                           .symbol = symbol,
                           .stage = STAGE_POSITION,
                           .role = role,
                           .op = OP_ROPE,
                           .in = {step},
                           .title = role == ROLE_QUERY ? "the questions, turned" : "the offers, turned",
                           .meaning = "Each pair of columns is **turned** like a hand of a clock, farther for "
                                      "each later word. A product of two turned rows depends on how far the "
                                      "words are apart, not on where they stand.",
                           .axes = role == ROLE_QUERY ? "row: the word that asks; column: what it can ask for"
                                                      : "row: the word that is looked at; column: what it can offer",
                       });
}
