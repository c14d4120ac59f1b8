#include "cli/options.h"

#include "app/export.h"
#include "lesson/text/builtin.h"

#include <stdlib.h>
#include <string.h>

/* The smallest page whose layout is tested, and the largest texture that renderers promise. */
enum { WIDTH_MIN = 640, HEIGHT_MIN = 480, SIDE_MAX = 16384 };

/* A whole number of digits only: strtol would also take " +7". Stops at the first other character. */
static bool read_whole(const char **at, int least, int most, int *ret)
{
    int n = 0;
    const char *p = *at;
    for (; *p >= '0' && *p <= '9' && n <= most; p++)
        n = n * 10 + (*p - '0');
    if (p == *at || n < least || n > most)
        return false;
    *at = p;
    *ret = n;
    return true;
}

static bool read_size(const char *text, int *width, int *height)
{
    return read_whole(&text, WIDTH_MIN, SIDE_MAX, width) && *text++ == 'x' &&
           read_whole(&text, HEIGHT_MIN, SIDE_MAX, height) && *text == '\0';
}

static bool accepts_size(const char *text)
{
    int width, height;
    return read_size(text, &width, &height);
}

static bool accepts_format(const char *text)
{
    return page_format_named(text) >= 0;
}

const struct option_info option_table[] = {
    [OPTION_HELP] = {"help", 'h', NULL, .meaning = "print this help"},
    [OPTION_VERSION] = {"version", 'V', NULL, .meaning = "print the version"},
    [OPTION_TENSORS] = {"tensors", 0, "FILE", "the input tensors (safetensors); - is standard input",
                        .wants = "a file's name"},
    [OPTION_SET] = {"set", 0, "KEY=VALUE", "a setting of the mechanism", .repeats = true, .key = true},
    [OPTION_SAVE] = {"save", 0, "FILE", "where every step's value goes (safetensors); - is standard output",
                     .wants = "a file's name"},
    [OPTION_GRADIENT] = {"gradient", 0, "FILE",
                         "gradients d_NAME of outputs (safetensors); d_NAME of every input and step is added",
                         .wants = "a file's name"},
    [OPTION_OUTPUT] = {"output", 'o', "PATH", "where the result goes", .wants = "a path"},
    [OPTION_FORMAT] = {"format", 0, "NAME", "png or svg: what the pages of a folder are (png)", "png or svg",
                       .accepts = accepts_format},
    [OPTION_CSV] = {"csv", 0, "STEP", "print this step's numbers as CSV, with every digit", .wants = "a step's name"},
    [OPTION_SENTENCE] = {"sentence", 0, "TEXT", "walk this sentence in place of the lesson's", .key = true},
    [OPTION_WEIGHTS] = {"weights", 0, "YAML",
                        "other weights than the lesson's, written as in a lesson: \"{source: random, seed: 7}\"",
                        .key = true},
    [OPTION_AT] = {"at", 0, "STEP", "this step of the walk: scores", .key = true},
    [OPTION_SIZE] = {"size", 0, "WxH", "width and height in pixels (1280x800)",
                     "a width and a height from 640x480 to 16384x16384, such as 1280x800", .accepts = accepts_size},
    [OPTION_THEME] = {"theme", 0, "NAME", "light or dark (light)", .key = true},
    [OPTION_TOKENS] = {"tokens", 0, "HOW", "rows: QKᵀ, as the lessons have it; columns: KᵀQ (rows)", .key = true},
    [OPTION_SCALE] = {"scale", 0, "PERCENT", "the size of everything drawn (100)", .key = true},
    [OPTION_STATE] = {"state", 0, "LINE",
                      .meaning = "what is on the page: \"at=scores head=2\"; `qkv help render` has its keys"},
    [OPTION_TERMS] = {"terms", 0, NULL, .meaning = "explain the terms that the text uses, at its end"},
    [OPTION_JSON] = {"json", 0, NULL, .meaning = "as JSON, for programs"},
};
_Static_assert(sizeof option_table / sizeof option_table[0] == OPTION_COUNT, "an option has no row");
_Static_assert(OPTION_COUNT <= 32, "a set of options is an unsigned");

static struct qkv_err unknown_option(const char *written, const char *name)
{
    const char *names[OPTION_COUNT];
    for (int i = 0; i < OPTION_COUNT; i++)
        names[i] = option_table[i].name;
    const char *meant = hint_near(name, names, OPTION_COUNT).meant;
    if (meant)
        return qkv_errf(QKV_ERR_SYNTAX, "unknown option '%s'; did you mean '--%s'?", written, meant);
    return qkv_errf(QKV_ERR_SYNTAX, "unknown option '%s'", written);
}

/* The option's value is what is joined to it, else the next word; *i is moved past what was used. */
static struct qkv_err take_option(struct options *options, enum option option, const char *joined, char **argv, int *i)
{
    const struct option_info *info = &option_table[option];
    if (!info->value && joined)
        return qkv_errf(QKV_ERR_SYNTAX, "--%s takes no value", info->name);
    const char *value = !info->value || joined ? joined : argv[++*i];
    if (info->value && !value)
        return qkv_errf(QKV_ERR_SYNTAX, "--%s wants a value: %s", info->name, info->value);
    if (info->value && !info->repeats && options_has(options, option))
        return qkv_errf(QKV_ERR_SYNTAX, "--%s is given twice", info->name);
    if (info->wants && (info->accepts ? !info->accepts(value) : value[0] == '\0'))
        return qkv_errf(QKV_ERR_SYNTAX, "--%s wants %s, not '%s'", info->name, info->wants, value);
    options->given |= OPTION_BIT(option);
    options->value[option] = value;
    if (option == OPTION_SET)
        options->set[options->n_set++] = value;
    return (struct qkv_err){0};
}

/* "--name", "--name=VALUE", "-n" or "-nVALUE". */
static struct qkv_err parse_option(struct options *options, char **argv, int *i)
{
    const char *written = argv[*i];
    bool is_long = written[1] == '-';
    const char *name = written + 1 + is_long;
    size_t n = is_long ? strcspn(name, "=") : 1;
    for (int option = 0; option < OPTION_COUNT; option++) {
        const struct option_info *info = &option_table[option];
        if (is_long ? strlen(info->name) == n && strncmp(info->name, name, n) == 0 : info->letter == name[0])
            return take_option(options, (enum option)option, name[n] ? name + n + is_long : NULL, argv, i);
    }
    return unknown_option(written, is_long ? name : "");
}

struct qkv_err options_parse(int argc, char **argv, struct options *ret)
{
    /* Every word is at most one of either; one more, so that no words is not a request for no memory. */
    struct options options = {.set = calloc((size_t)argc + 1, sizeof *options.set),
                              .arguments = calloc((size_t)argc + 1, sizeof *options.arguments)};
    struct qkv_err err = {0};
    if (!options.set || !options.arguments)
        err = qkv_nomem("the command line");
    bool ended = false;
    for (int i = 1; !err.code && i < argc; i++) {
        const char *word = argv[i];
        if (ended || word[0] != '-' || word[1] == '\0') /* "-" is an argument: a standard stream */
            options.arguments[options.n_arguments++] = word;
        else if (strcmp(word, "--") == 0)
            ended = true;
        else
            err = parse_option(&options, argv, &i);
    }
    if (err.code)
        options_finish(&options);
    else
        *ret = options;
    return err;
}

void options_finish(struct options *options)
{
    free(options->set);
    free(options->arguments);
    *options = (struct options){0};
}

bool options_has(const struct options *options, enum option option)
{
    return options->given & OPTION_BIT(option);
}

void options_size(const struct options *options, int *width, int *height)
{
    if (options->value[OPTION_SIZE])
        read_size(options->value[OPTION_SIZE], width, height);
}

const char *options_lesson(const struct options *options)
{
    return options->n_arguments > 0 ? options->arguments[0] : builtin_lessons[0];
}

struct qkv_err options_request(const struct options *options, struct request *r, struct str *ret_session,
                               struct diagnostics *ret_diagnostics)
{
    struct qkv_err err = request_lesson_or_session(r, options_lesson(options), ret_session, ret_diagnostics);
    if (!err.code && options->value[OPTION_STATE])
        err = request_read_line(r, options->value[OPTION_STATE]);
    return err.code ? err : options_keys(options, r);
}

struct qkv_err options_keys(const struct options *options, struct request *r)
{
    struct qkv_err err = {0};
    request_source(r);
    for (int i = 0; i < OPTION_COUNT && !err.code; i++) {
        const char *const *values = i == OPTION_SET ? options->set : &options->value[i];
        size_t n = i == OPTION_SET ? options->n_set : 1;
        for (size_t k = 0; option_table[i].key && options_has(options, i) && k < n && !err.code; k++)
            err = request_add(r, ORIGIN_OPTION, option_table[i].name, values[k], 0, 0);
    }
    return err;
}
