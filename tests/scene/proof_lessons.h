/* proof_lessons.h: lessons in which what built-in ones may lack can be seen: rows in which all is blocked, long ugly
 * decimals, large and tiny numbers, shared heads, keys from a memory, words that stand twice. */
#ifndef QKV_TESTS_PROOF_LESSONS_H
#define QKV_TESTS_PROOF_LESSONS_H

#define LESSON(sentence) "title: t\nsummary: s\nsentence: " sentence "\n"

static const struct {
    const char *name, *text;
} proof_lessons[] = {
    {"beside", LESSON("a b c d") "settings: {heads: 2, temperature: 0.7}\n"
                                 "weights: {source: random, seed: 9, d_model: 5, d_k: 3}\n"
                                 "beside: {label: as cold as usual, settings: {temperature: 1}, compare: output}\n"},
    {"random-causal",
     LESSON("the cat saw the dog and the dog ran") "settings: {heads: 2, mask: causal}\n"
                                                   "weights: {source: random, seed: 11, d_model: 12, d_k: 5}\n"},
    {"random-warm", LESSON("a b c d") "settings: {heads: 2, temperature: 0.7, scale: 3}\n"
                                      "weights: {source: random, seed: 5, d_model: 6, d_k: 3, output: false}\n"},
    {"blocked-rows", LESSON("a b c") "weights:\n"
                                     "  source: numbers\n"
                                     "  X: [[0.123456789, -1.5], [2.71828182845, 1e-7], [-3.3333333333, 0.5]]\n"
                                     "  W_Q: [[1, 0.1], [0.7, -1]]\n"
                                     "  W_K: [[0.3, 1], [-1, 0.9]]\n"
                                     "  W_V: [[2, -0.1], [0, 3]]\n"
                                     "  W_O: [[1, 1, 0.3], [0.5, -2, 1]]\n"
                                     "  b_Q: [0.25, -0.125]\n"
                                     "  b_O: [1, 2, 3]\n"
                                     "  mask: [[0, 0, 0], [1, 0, 1], [0, 0, 0]]\n"},
    {"large-and-small", LESSON("a b c") "weights:\n"
                                        "  source: numbers\n"
                                        "  features: [big, small]\n"
                                        "  X: [[1234567.891, 0.00001], [-7654321.25, 1], [3, -0.004999]]\n"
                                        "  W_Q: [[0.001, 1], [100000, 0.5]]\n"
                                        "  W_K: [[0.0001, 2], [1, -0.5]]\n"
                                        "  W_V: [[1, 2000000], [0.005, 0.015]]\n"},
    {"memory", LESSON("a b") "settings: {mask: 'none'}\n"
                             "weights:\n"
                             "  source: numbers\n"
                             "  X: [[0.5, 1], [1, -0.25]]\n"
                             "  memory: [[1, 2, 3], [0.1, 0.2, 0.3], [-1, 0, 1], [0.333333, 0.666667, 1]]\n"
                             "  W_Q: [[1, 0.125], [0.3, 1]]\n"
                             "  W_K: [[1, 0], [0, 1], [0.7, 0.7]]\n"
                             "  W_V: [[1, 0, 1], [0, 1, 1], [0.1, 0.2, 0.3]]\n"},
    {"shared-keys", LESSON("a b c") "settings: {heads: 2, kv_heads: 1, mask: causal}\n"
                                    "weights:\n"
                                    "  source: numbers\n"
                                    "  X: [[0.31, 1.7], [1.1, -0.25], [-2.3, 0.77]]\n"
                                    "  W_Q: [[1, 0.125, 0.9, -1], [0.3, 1, -0.6, 0.45]]\n"
                                    "  W_K: [[1, -0.31], [0.7, 0.7]]\n"
                                    "  W_V: [[1.23, 0.17, 1], [0.71, 1, 1.9]]\n"
                                    "  W_O: [[1, 0.2], [0.3, 1], [1, 0], [0.5, 0.5], [0.1, 0.7], [-1, 1]]\n"},
    {"one-word", LESSON("a") "weights: {source: numbers, X: [[0.005]], W_Q: [[1]], W_K: [[3]], W_V: [[-1]]}\n"},
};

#endif
