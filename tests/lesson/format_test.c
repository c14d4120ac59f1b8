/* What a lesson can say of its numbers: second sequences, drawn and written tensors, names, comparisons. */
#include "lesson/opened.h"

#include "lesson/language/language.h"

#define TOP "title: t\nsummary: s\nsentence: The cat sat\n"

#define PICTURE(sentence) "title: t\nsummary: s\nsentence: " sentence "\n"

/* A lesson with one stop, where that points, and the shape of the step it stands at. */
static const struct format_case {
    const char *name, *text;
    int row, col;
    const char *shape;
} cases[] = {
    {"a cell is a word of the sentence and a word of the memory",
     TOP
     "memory: le chat est la\nweights: {source: random, seed: 1}\nscript: [{at: weights, cell: [cat, chat], say: x}]\n",
     1, 1, "[1, 3, 4]"},
    {"a byte order mark before the first field is no text",
     "\xEF\xBB\xBF" TOP "weights: {source: random, seed: 1}\nscript: [{at: weights, cell: [cat, sat], say: x}]\n", 1, 2,
     "[1, 3, 3]"},
    {"the glass model has features for the memory too",
     TOP
     "memory: my dog\nweights: {source: glass, heads: [pronoun]}\nscript: [{at: memory, cell: [dog, noun], say: x}]\n",
     1, 0, "[1, 2, 6]"},
    {"a memory in numbers has the words as its rows",
     TOP
     "memory: le chat\nweights: {source: numbers, X: [[1], [2], [3]], memory: [[1, 0], [0, 1]], W_Q: [[1]], W_K: [[1], "
     "[1]], W_V: [[1], [1]], names: {d_memory: [red, round]}}\nscript: [{at: memory, cell: [chat, round], say: x}]\n",
     1, 1, "[1, 2, 2]"},
    {"sizes are given by their names",
     TOP "memory: a b\nweights: {source: random, seed: 1, d_model: 5, d_memory: 3, d_k: 2, d_v: 6, d_out: 7}\nscript: "
         "[{at: output, row: 3, say: x}]\n",
     2, -1, "[1, 3, 7]"},
    {"what a setting needs is drawn",
     TOP "settings: {score: additive, heads: 2}\nweights: {source: random, seed: 1, d_a: 3}\nscript: [{at: scores, "
         "head: 2, "
         "cell: [The, sat], say: x}]\n",
     0, 2, "[2, 3, 3]"},
    {"what could be left out is drawn when it is listed",
     TOP "weights: {source: random, seed: 1, with: [b_Q]}\nscript: [{at: Q_projected, row: cat, say: x}]\n", 1, -1,
     "[1, 3, 4]"},
    {"names repeat in every head",
     TOP "settings: {heads: 2}\nweights: {source: random, seed: 1, names: {d_k: [who, what]}}\nscript: [{at: Q, cell: "
         "[cat, "
         "'what#2'], say: x}]\n",
     1, 3, "[1, 3, 4]"},
    {"a written tensor stands in for a drawn one",
     TOP
     "weights: {source: random, seed: 1, numbers: {mask: [[1, 0, 0], [1, 1, 0], [1, 1, 1]]}}\nscript: [{at: masked, "
     "cell: [The, sat], say: x}]\n",
     0, 2, "[1, 3, 3]"},
    {"a written tensor tells its sizes to those that are drawn",
     TOP
     "weights: {source: random, seed: 1, numbers: {X: [[1, 0], [0, 1], [1, 1]]}}\nscript: [{at: output, row: 1, say: "
     "x}]\n",
     0, -1, "[1, 3, 2]"},
    {"the glass model takes written tensors besides its own",
     TOP "settings: {bias: relative}\nweights: {source: glass, heads: [pronoun], numbers: {relative_bias: [[0, 1, "
         "0]]}}\nscript: [{at: biased, row: cat, say: x}]\n",
     1, -1, "[1, 3, 3]"},
    {"with a seed, what the glass model lacks is drawn",
     TOP "mechanism: block\nweights: {source: glass, heads: [pronoun], seed: 1}\nscript: [{at: output, row: cat, say: "
         "x}]\n",
     1, -1, "[1, 3, 6]"},
    {"mechanisms without heads take the model's features",
     TOP "mechanism: gau\nweights: {source: glass, features: [noun, verb], seed: 1}\nscript: [{at: X, cell: [cat, "
         "noun], say: "
         "x}]\n",
     1, 0, "[1, 3, 2]"},
    {"a decoder asks with the sentence's words and looks at the memory's",
     TOP
     "memory: a b c d\nmechanism: seq2seq\nsettings: {context: additive}\nweights: {source: random, seed: 1}\nscript: "
     "[{at: X, row: d, say: x}]\n",
     3, -1, "[1, 4, 8]"},
    {"letters look at the frames of a sound",
     TOP "memory: f1 f2 f3 f4\nmechanism: location_aware\nweights: {source: random, seed: 1, width: 5}\nscript: [{at: "
         "memory, "
         "row: f4, say: x}]\n",
     3, -1, "[1, 4, 8]"},
    {"a picture is cut into patches, and a patch is its brightness",
     PICTURE("{image: cat-on-mat.png, patch: 8}") "weights: {source: random, seed: 1, X: pixels}\nscript: [{at: X, "
                                                  "cell: ['4,1', "
                                                  "'2,2'], say: x}]\n",
     12, 3, "[1, 16, 4]"},
    {"strips of a spectrogram are as many numbers as it has rows",
     PICTURE("s i t") "memory: {image: three-tones.png, columns: 2}\nmechanism: location_aware\nweights: {source: "
                      "random, seed: "
                      "1, memory: pixels 1x16}\nscript: [{at: memory, cell: [12, 16], say: x}]\n",
     11, 15, "[1, 12, 16]"},
    {"words look at regions of a picture",
     PICTURE("the cat sat") "memory: {image: cat-and-window.png, regions: {cat: [6, 13, 25, 24], window: [40, 6, 20, "
                            "20]}}\nweights: {source: random, seed: 1, memory: pixels 1x1 rgb}\nscript: [{at: memory, "
                            "cell: [window, blue], "
                            "say: x}]\n",
     1, 2, "[1, 2, 3]"},
    {"tokens can be plain labels",
     PICTURE("{labels: ['[CLS]', New York]}") "weights: {source: random, seed: 1}\nscript: [{at: X, row: New York, "
                                              "say: x}]\n",
     1, -1, "[1, 2, 8]"},
    {"a conformer is drawn whole",
     TOP
     "mechanism: conformer\nsettings: {heads: 2}\nweights: {source: random, seed: 1, d_model: 6, width: 5}\nscript: "
     "[{at: output, row: sat, say: x}]\n",
     2, -1, "[1, 3, 6]"},
};

TEST_ROWS(a_lesson_points_where_it_says, cases, c)
{
    const struct lesson *lesson = open_text(c->text, NULL);
    const struct stop *stop = &lesson->stops[0];
    char shape[TENSOR_SHAPE_TEXT];
    tensor_shape_text(&lesson->tape.steps[stop->step].value, shape);
    assert_int_equal(stop->row, c->row);
    assert_int_equal(stop->col, c->col);
    assert_string_equal(shape, c->shape);
}

/* What a step of a lesson says: its title, its meaning and its axes. */
#define RANDOM  "weights: {source: random, seed: 1}\n"
#define REGIONS "{image: cat-and-window.png, regions: {cat: [6, 13, 25, 24]}}"
static const struct noun_case {
    const char *text, *step, *said;
} noun_cases[] = {
    {PICTURE("the cat") RANDOM, "weights", "how much each word looks at each word"},
    {PICTURE("{image: cat-on-mat.png, patch: 16}") RANDOM, "weights", "how much each patch looks at each patch"},
    {PICTURE("{image: cat-on-mat.png, patch: 16}") RANDOM, "scores", "Every patch meets every patch."},
    {PICTURE("{image: cat-on-mat.png, patch: 16}") RANDOM, "heads", "values of all patches,"},
    {PICTURE("{image: three-tones.png, columns: 4}") RANDOM, "X", "the strips as numbers"},
    {PICTURE("{image: three-tones.png, columns: 4, noun: echo}") RANDOM, "X", "row: an echo;"},
    {PICTURE("{labels: [a, b], noun: entry}") RANDOM, "X", "the entries as numbers"},
    {PICTURE("{labels: [a, b]}") RANDOM, "Q", "Each token's row"},
    {PICTURE("{labels: [a, b]}") "settings: {score: general}\n" RANDOM, "Q_general", "in the words of the offers"},
    {PICTURE("the cat") "memory: " REGIONS "\n" RANDOM, "weights", "how much each word looks at each region"},
    {PICTURE("the cat") "memory: " REGIONS "\n" RANDOM, "scores",
     "row: the word that looks; column: the region looked"},
    {PICTURE("the cat") "memory: " REGIONS "\n" RANDOM, "V", "Each region's row"},
    {PICTURE("the cat") "memory: " REGIONS "\n" RANDOM, "V", "hands over to the words that look"},
    {PICTURE(REGIONS) "memory: the cat\n" RANDOM, "heads", "row: the region that looked"},
    {PICTURE(REGIONS) "memory: the cat\n" RANDOM, "K", "row: the word that is looked at"},
};

TEST_ROWS_BY(steps_call_a_token_what_it_is, noun_cases, c, said)
{
    const struct lesson *lesson = open_text(c->text, NULL);
    int at = tape_find(&lesson->tape, c->step);
    assert_true(at >= 0);
    const struct step_text text = step_text(&lesson->tape.steps[at], false);
    if (!strstr(text.title, c->said) && !strstr(text.meaning, c->said) && !strstr(text.axes, c->said))
        fail_msg("the step %s does not say '%s'", c->step, c->said);
}

TEST(a_noun_is_one_word)
{
    static const char text[] = PICTURE("{labels: [a, b], noun: two words}") RANDOM;
    assert_refused(text, NULL, QKV_ERR_SYNTAX, "one word");
}

/* The regions are what was cut: tokens, regions and numbers agree with the picture's own pixels. */
TEST(a_patch_knows_its_place_in_the_picture)
{
    static const char text[] =
        PICTURE("{image: cat-on-mat.png, patch: 16}") "weights: {source: random, seed: 1, X: pixels "
                                                      "1x1}\n";
    const struct lesson *lesson = open_text(text, NULL);
    const struct region last = lesson->sentence.regions[3];
    double sum = 0;
    for (int y = last.y; y < last.y + last.h; y++)
        for (int x = last.x; x < last.x + last.w; x++) {
            const unsigned char *at = &lesson->sentence.picture.rgba[(y * lesson->sentence.picture.width + x) * 4];
            sum += (0.299 * at[0] + 0.587 * at[1] + 0.114 * at[2]) / 255;
        }
    double shown = *tensor_at(value_of(&lesson->tape, "X"), 0, 3, 0);
    assert_true(last.x == 16 && last.y == 16 && last.w == 16 && last.h == 16);
    assert_string_equal(lesson->sentence.words.v[3], "2,2");
    assert_close(shown, sum / 256, 0.00501);
    assert_in_range(shown > 0.1 && shown < 0.9, 1, 1);
}

/* ---- beside ---- */

#define TILES TOP "weights: {source: random, seed: 2}\nsettings: {evaluation: tiles}\n"

TEST(a_second_computation_says_how_far_it_is_from_the_first)
{
    static const char text[] = TOP "weights: {source: glass, heads: [pronoun]}\n"
                                   "beside: {label: unscaled, settings: {scale: none}, compare: weights}\n";
    const struct lesson *lesson = open_text(text, NULL);
    const struct second_computation *b = &lesson->second;
    const struct tensor *here = &lesson->tape.steps[b->step].value, *there = &b->tape.steps[b->other_step].value;
    double largest = largest_difference(here, there);
    assert_true(b->on && settings_is(&b->settings, "scale", "none"));
    assert_string_equal(b->label, "unscaled");
    assert_string_equal(lesson->tape.steps[b->step].spec.name, "weights");
    assert_true(largest > 0.01);
    assert_close(b->difference, largest, 0);
}

TEST(an_equality_that_holds_is_no_diagnostic)
{
    static const char text[] = TILES "beside: {label: full, settings: {evaluation: full}, equal: true}\n";
    const struct lesson *lesson = open_text(text, NULL);
    assert_true(lesson->second.on && lesson->second.difference <= 1e-9);
    assert_string_equal(lesson->tape.steps[lesson->second.step].spec.name, "output");
}

TEST(another_mechanism_beside_takes_of_the_weights_what_it_knows)
{
    static const char text[] = TOP "mechanism: linear_attention\n"
                                   "settings: {feature_map: favor, heads: 2}\n"
                                   "weights: {source: random, seed: 2, with: [omega], features: 3}\n"
                                   "beside: {label: softmax, mechanism: attention, compare: heads}\n";
    const struct lesson *lesson = open_text(text, NULL);
    const struct second_computation *b = &lesson->second;
    assert_true(b->mechanism == mechanism_find("attention") && b->difference > 0);
    /* The same seed draws the same W_Q for both. */
    assert_memory_equal(value_of(&lesson->tape, "Q")->v, value_of(&b->tape, "Q")->v, 3 * 8 * sizeof(double));
}

TEST(a_changed_lesson_has_no_claims_to_keep)
{
    static const char text[] = TILES "beside: {label: other, settings: {evaluation: incremental, mask: causal}}\n";
    const char *set[] = {"low_rank=true"}; /* does not go with incremental */
    assert_false(
        open_text(text, &(struct lesson_options){.overrides = &(struct overrides){.set = set, .n_set = 1}})->second.on);
}

TEST(a_lesson_has_its_place_in_the_course)
{
    static const char text[] = TOP "weights: {source: random, seed: 1}\ngroup: Masks\nbuilds_on: [a, b]\nnext: c\n"
                                   "dissolves: The mask removes words.\n";
    const struct lesson *lesson = open_text(text, NULL);
    assert_string_equal(lesson->group, "Masks");
    assert_int_equal(lesson->builds_on.n, 2);
    assert_string_equal(lesson->builds_on.v[1], "b");
    assert_string_equal(lesson->next, "c");
    assert_string_equal(lesson->dissolves, "The mask removes words.");
}
