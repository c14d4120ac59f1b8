/* glass.h: the handcrafted model ("glass" because it is transparent): an attention layer whose every number has a
 * reason (assets/glass.yaml).
 *
 * A dimension of an embedding is a named feature; a lexicon says which word has which; a head is a named job: columns
 * that compare features of one word (query) with features of another (key), and values. Matrices are only those tables
 * written out: W_Q[feature, column] is what the file says. */
#ifndef QKV_LESSON_GLASS_H
#define QKV_LESSON_GLASS_H

#include "core/tensor.h"
#include "lesson/text/fields.h"
#include "lesson/text/tokens.h"

enum {
    GLASS_FEATURES_MAX = 40,
    GLASS_HEADS_MAX = 16,
    GLASS_COLUMNS_MAX = 8,
    GLASS_OUT_MAX = 4,
    GLASS_OUTPUTS_MAX = 64,
    GLASS_CODE_MAX = 99
};

/* Where a feature's number comes from: the lexicon, the word's place in the sentence (t = 0, 1, 2...), or its
 * letters. */
enum glass_place {
    PLACE_NONE,
    PLACE_FIRST,        /* `number` for the first word, else 0 */
    PLACE_EVERY,        /* `number` for every word */
    PLACE_COUNT,        /* number * t */
    PLACE_SQUARE,       /* (number * t) squared */
    PLACE_CODE_A,       /* a whole number from -number to number, made from the word's letters */
    PLACE_CODE_B,       /* another one */
    PLACE_CODE_SQUARED, /* the sum of their squares */
    PLACE_NEW,          /* `number` where the word stands for the first time in its sentence */
    /* From what the words of a sentence are to each other (structure.h), times `number`. */
    PLACE_PHRASE,         /* which noun phrase a word belongs to */
    PLACE_PHRASE_SQUARED, /* that number squared */
    PLACE_CLAUSE,         /* which clause */
    PLACE_CLAUSE_SQUARED,
    PLACE_SUBJECT,    /* is it the subject of a clause? */
    PLACE_WHOSE,      /* is it a genitive (the girl's)? */
    PLACE_APART,      /* of an adjective: how far its noun is from where it would look */
    PLACE_OF_PRONOUN, /* of an adjective: is a pronoun described? */
    PLACE_COUNT_OF_KINDS
};

struct glass_feature {
    const char *name, *meaning;
    enum glass_place place;
    double number;
};

struct glass_word {
    const char *text; /* lower case, NFC */
    unsigned hash;
    const double *is; /* [n_features] */
    unsigned kinds;   /* a bit for each enum structure_kind */
};

/* What a word's ending tells when the lexicon does not have the word. */
struct glass_ending {
    const char *text;
    bool unspaced;    /* only of a word of a script without spaces between words */
    bool stem;        /* only when what stands before it is a word of the lexicon, whose features it then has */
    const double *is; /* [n_features]; of a stem's features, those given here replace the stem's */
};

struct glass_column {
    const char *name;
    const double *query, *key; /* [n_features] */
};

struct glass_value {
    const char *name;
    const double *from; /* [n_features] */
    struct {
        const char *name;
        double weight;
    } out[GLASS_OUT_MAX]; /* closed by a NULL name when shorter */
};

struct glass_head {
    const char *name, *claim;
    struct glass_column columns[GLASS_COLUMNS_MAX];
    struct glass_value values[GLASS_COLUMNS_MAX];
    size_t n_columns, n_values;
};

struct glass {
    struct glass_feature features[GLASS_FEATURES_MAX];
    size_t n_features;
    struct glass_word *words;
    size_t n_words;
    size_t *index;  /* [n_index]: where the words stand, from 1, by their hashes; 0: free. At least half is free */
    size_t n_index; /* a power of two */
    struct glass_ending *endings;
    size_t n_endings;
    struct glass_head heads[GLASS_HEADS_MAX];
    size_t n_heads;
};

/* Read a model's text. The model lives in r's arena; diagnostics are about the model's file. */
struct glass *glass_read(struct reader *r, const char *text, size_t n);

/* The index of a head or feature, or -1. */
int glass_head_find(const struct glass *g, const char *name);
int glass_feature_find(const struct glass *g, const char *name);

/* The lexicon, for tokens_split. */
struct lexicon_lookup glass_lookup(const struct glass *g);

/* The word of the lexicon with these n bytes; NULL: it has none. And its hash. */
const struct glass_word *glass_word_find(const struct glass *g, const char *text, size_t n);
unsigned glass_hash(const char *text, size_t n);

/* The kinds of a word (structure.h); 0 where the lexicon does not have it. */
unsigned glass_kinds(const struct glass *g, const char *folded);

/* The embedding of the word at place t, of whose sentence nothing else is known, into row[n_features]. True: the word is
 * not in the lexicon, and its features are guessed from its ending, with a small number made from its letters so that two
 * unknown words differ. A guess about a word of a script without spaces says nothing about number, as the lexicon's nouns
 * of such scripts, and its noun is a little less than 1, so that no head prefers it to a known one. */
bool glass_embed(const struct glass *g, const char *folded, size_t t, double row[]);

/* The words of one or two sequences, each with all its features. */
struct glass_sentence {
    const struct words *words;
    double *rows;  /* [words->n, n_features], in the arena */
    bool *guessed; /* [words->n], in the arena */
    size_t n_guessed;
    const char **owners; /* which word has which code; in the arena; NULL: the model has no codes */
};

/* The embeddings of a sentence's words: those of the single words, changed where the sentence decides (glass_sentence.c),
 * with the features that come from its structure. Of two sequences that are looked at together, `before` is the first one
 * (else NULL): different words of both have different codes. False: no memory. */
bool glass_embed_sentence(const struct glass *g, struct arena *arena, const struct words *words,
                          const struct glass_sentence *before, struct glass_sentence *ret);

/* Does this feature come from the structure of the sentence, from a word's letters? */
bool glass_is_code(const struct glass_feature *feature);
bool glass_is_structural(const struct glass_feature *feature);

#endif
