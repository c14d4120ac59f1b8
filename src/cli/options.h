/* options.h: the program's options, one row each, and reading them from a command line.
 *
 * An option is "--name VALUE" or "--name=VALUE", some also "-o VALUE" or "-oVALUE"; "--" ends the options. Options
 * and arguments may come in any order. What a row says is what is accepted, what --help prints, and what is checked;
 * an option that is a key (app/keys.h) is read as that key. */
#ifndef QKV_CLI_OPTIONS_H
#define QKV_CLI_OPTIONS_H

#include "app/keys.h"
#include "lesson/text/fields.h"

enum option {
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_TENSORS,
    OPTION_SET,
    OPTION_SAVE,
    OPTION_GRADIENT,
    OPTION_OUTPUT,
    OPTION_FORMAT,
    OPTION_CSV,
    OPTION_SENTENCE,
    OPTION_WEIGHTS,
    OPTION_AT,
    OPTION_SIZE,
    OPTION_THEME,
    OPTION_TOKENS,
    OPTION_SCALE,
    OPTION_STATE,
    OPTION_TERMS,
    OPTION_JSON,
    OPTION_COUNT
};

/* A set of options: OPTION_BIT(OPTION_SAVE) | ... */
#define OPTION_BIT(option) (1u << (option))

struct option_info {
    const char *name;  /* without the dashes */
    char letter;       /* of the short form; 0: none */
    const char *value; /* what stands for its value in help: "FILE"; NULL: takes none */
    const char *meaning;
    const char *wants;                 /* what it can take, for the message: "a file's name"; NULL: any text */
    bool (*accepts)(const char *text); /* is this it? NULL: any text but the empty one is */
    bool key;                          /* it is the key of that name, which says what it can take */
    bool repeats;                      /* may be given several times */
};

extern const struct option_info option_table[]; /* OPTION_COUNT rows */

/* A command line, taken apart. The texts are the command line's own. */
struct options {
    unsigned given;                  /* the options that are there */
    const char *value[OPTION_COUNT]; /* their values; of one that repeats, the last */
    const char **set;                /* every value of --set, in order; owned */
    size_t n_set;
    const char **arguments; /* what is not an option, the command's name first when there is one; owned */
    size_t n_arguments;
};

/* Take apart argv[1..]. Errors: QKV_ERR_SYNTAX (an unknown option, a value missing or not acceptable),
 * QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err options_parse(int argc, char **argv, struct options *ret);
void options_finish(struct options *options);

bool options_has(const struct options *options, enum option option);

/* The values of --size; what was there stays when it is not given. */
void options_size(const struct options *options, int *width, int *height);

/* What the command line asks for: the lesson or session that is its argument (else the first lesson), --state, and over
 * that the options that are keys. *ret_session: the session's absolute path, if it is one. */
QKV_CHECKED struct qkv_err options_request(const struct options *options, struct request *r, struct str *ret_session,
                                           struct diagnostics *ret_diagnostics);
/* The options that are keys, alone. */
QKV_CHECKED struct qkv_err options_keys(const struct options *options, struct request *r);
/* The argument, or the first lesson. */
const char *options_lesson(const struct options *options);

#endif
