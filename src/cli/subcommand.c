/* subcommand.c: the table of commands, their help, and how they fail. */
#include "cli/subcommand.h"

#include "base/str.h"
#include "core/settings.h"
#include "lesson/lesson.h"

#include <string.h>

#define LESSON                                                                                                         \
    (OPTION_BIT(OPTION_SENTENCE) | OPTION_BIT(OPTION_WEIGHTS) | OPTION_BIT(OPTION_SET) | OPTION_BIT(OPTION_AT))
#define LOOK                                                                                                           \
    (OPTION_BIT(OPTION_SIZE) | OPTION_BIT(OPTION_THEME) | OPTION_BIT(OPTION_TOKENS) | OPTION_BIT(OPTION_SCALE) |       \
     OPTION_BIT(OPTION_STATE))
#define COMPUTE (OPTION_BIT(OPTION_TENSORS) | OPTION_BIT(OPTION_SAVE))

const struct subcommand subcommand_table[] = {
    {"", "[LESSON]", "open the window on a lesson", subcommand_window, .most = 1, .options = LESSON | LOOK,
     .details = "LESSON is the name of a built-in lesson, or the path of a lesson or a session; without it, the "
                "first lesson opens.\n",
     .examples = "\none-head --theme dark"},
    {"list", "", "the lessons that are built in, a line each: name and title, with a tab between", subcommand_list,
     .examples = "list"},
    {"walk", "[LESSON]", "a lesson's walk as text: every step with its formula, shapes and numbers", subcommand_walk,
     .most = 1,
     .options = LESSON | OPTION_BIT(OPTION_TOKENS) | OPTION_BIT(OPTION_SAVE) | OPTION_BIT(OPTION_CSV) |
                OPTION_BIT(OPTION_TERMS) | OPTION_BIT(OPTION_JSON),
     .details = "LESSON is the name of a built-in lesson, or the path of a lesson or a session; without it, the first "
                "lesson.\n"
                "--at prints one step. --json prints the steps with every digit (blocked cells are null), --csv one "
                "step's\n"
                "numbers, and --save writes those of all steps and inputs, in place of the text.\n",
     .examples = "walk one-head\n"
                 "walk one-head --at scores\n"
                 "walk one-head --terms\n"
                 "walk one-head --csv weights > weights.csv\n"
                 "walk one-head --save one-head.safetensors\n"
                 "walk one-head --sentence \"The dog barked because it was hungry\""},
    {"render", "[LESSON]", "every step of a lesson as a PNG or SVG page, as the window shows it; needs no display",
     subcommand_render, .most = 1, .options = OPTION_BIT(OPTION_OUTPUT) | OPTION_BIT(OPTION_FORMAT) | LESSON | LOOK,
     .required = OPTION_BIT(OPTION_OUTPUT),
     .details =
         "PATH is a folder, made when it is not there: one page for every step, one more for every further stop\n"
         "of the script. A PATH that ends in .png or .svg gets one page: the first, or the one that --state "
         "names.\n",
     .examples = "render one-head -o pages\n"
                 "render one-head --state 'at=scores' -o scores.svg\n"
                 "render several-heads -o one.png --state \"at=weights head=2 cell=weights,2,5,2 theme=dark\"\n"
                 "render several-heads -o pages --format svg --size 1920x1080 --theme dark"},
    {"check", "FILE...", "say what is wrong with files of lessons, sessions and languages", subcommand_check,
     .least = 1, .most = ANY_NUMBER,
     .details =
         "Every diagnostic is a line FILE:LINE:COLUMN: message on standard output; a file without any has the line\n"
         "FILE: ok, N steps, M stops. The exit status is 0 when there are no diagnostics and 1 when there are "
         "some.\n"
         "- reads standard input.\n",
     .examples = "check lessons/one-head.yaml\n"
                 "check - < lesson.yaml"},
    {"mechanisms", "[NAME]", "the mechanisms; with a name, what it takes and gives", subcommand_mechanisms, .most = 1,
     .details = "With the name of a mechanism: its stages, its settings (values, default, range) and its tensors with\n"
                "their shapes.\n",
     .examples = "mechanisms\n"
                 "mechanisms attention"},
    {"run", "MECHANISM", "compute once, from a file of tensors to a file of every step's value", subcommand_run,
     .least = 1, .most = 1, .options = COMPUTE | OPTION_BIT(OPTION_SET) | OPTION_BIT(OPTION_GRADIENT),
     .required = COMPUTE,
     .details =
         "Files are safetensors: F64, F32, F16 and BF16 are read, F32 is written. `qkv mechanisms MECHANISM` names\n"
         "the tensors and settings. On an error nothing is written.\n\n"
         "Half of the machine's memory may be taken, or what QKV_MEMORY says in the environment (4G, 500M). Where not "
         "all\n"
         "steps fit, tiles and chunks (evaluation=tiles) are dropped as soon as they were used, and are not in the "
         "file.\n",
     .examples = "run attention --tensors in.safetensors --set heads=2 --set mask=causal --save out.safetensors\n"
                 "run attention --tensors in.safetensors --gradient d_output.safetensors --save out.safetensors"},
    {"help", "[COMMAND]", "what the program and its commands take; the same as --help", subcommand_help, .most = 1,
     .examples = "help\nhelp render"},
    {"bench", "", "how long computing and drawing take on this machine", subcommand_bench,
     .options = OPTION_BIT(OPTION_JSON),
     .details =
         "A line for each figure: processor time in milliseconds, where no other unit is said, of one thread or by\n"
         "the clock. What the core computes is set beside this machine's peak, which is measured, too: x limit is\n"
         "how many times longer it takes than its operations would at that. With --json a figure NAME has\n"
         "NAME_limit and NAME_ratio beside it; names that end in us, gflops, gbs, mb or per_second say their\n"
         "unit, and what cannot be measured here is null. Where there is a display, a window opens for a moment.\n",
     .examples = "bench\nbench --json"},
    {.name = NULL},
};

const struct subcommand *subcommand_find(const char *name)
{
    for (const struct subcommand *subcommand = subcommand_table; subcommand->name; subcommand++)
        if (strcmp(subcommand->name, name) == 0)
            return subcommand;
    return NULL;
}

void print_plain(FILE *to, const char *text)
{
    char plain[4096]; /* a message must not need memory */
    snprintf(plain, sizeof plain, "%s", text);
    text_clean(plain, false);
    fputs(plain, to);
}

/* "FILE:LINE:COLUMN" of a diagnostic, "FILE" when it is not about a line. */
static void print_place(FILE *to, const char *file, struct qkv_err err)
{
    print_plain(to, file);
    if (err.line > 0)
        fprintf(to, ":%d", err.line);
    if (err.line > 0 && err.column > 0)
        fprintf(to, ":%d", err.column);
}

/* A file that cannot be read is named by the error itself: "cannot read lessons: Is a directory", "x is larger
 * than". */
static bool names(struct qkv_err err, const char *what)
{
    const char *found = what[0] ? strstr(err.what, what) : NULL;
    return found && ((err.code == QKV_ERR_IO && found[strlen(what)] == ':') ||
                     (err.code == QKV_ERR_LIMIT && found == err.what && found[strlen(what)] == ' '));
}

enum exit_status subcommand_failed(const char *what, struct qkv_err err)
{
    fputs("qkv: ", stderr);
    if (!names(err, what)) {
        print_place(stderr, what, err);
        fputs(": ", stderr);
    }
    print_plain(stderr, err.what);
    putc('\n', stderr);
    return EXIT_FAILED;
}

void subcommand_say_footprint(const char *what, const struct footprint *kept)
{
    struct str text = {0};
    if (kept->bytes < FOOTPRINT_LARGE)
        return;
    footprint_text(kept, &text);
    fprintf(stderr, "qkv: %s: this keeps %s\n", what, str_text(&text));
    str_finish(&text);
}

enum exit_status subcommand_usage_error(const char *name, struct qkv_err err)
{
    fputs("qkv: ", stderr);
    if (name[0]) {
        print_plain(stderr, name);
        fputs(": ", stderr);
    }
    print_plain(stderr, err.what);
    fprintf(stderr, "\ntry: qkv %s%s--help\n", name, name[0] ? " " : "");
    return EXIT_USAGE;
}

enum exit_status subcommand_refused(const char *name, const struct options *options, const struct request *r,
                                    struct qkv_err err, const struct diagnostics *diagnostics)
{
    const char *file = request_file(r, options_lesson(options));
    if (r->usage_error && err.code != QKV_ERR_NOMEM)
        return subcommand_usage_error(name, err);
    if (!diagnostics || diagnostics->n == 0 || err.line == 0)
        return subcommand_failed(file, err);
    print_diagnostics(stderr, "qkv: ", file, diagnostics);
    return EXIT_FAILED;
}

void print_diagnostics(FILE *to, const char *lead, const char *path, const struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->n && i < LESSON_DIAGNOSTICS_MAX; i++) {
        struct qkv_err diagnostic = diagnostics->v[i];
        /* What is about the whole file, or a whole line, is at its beginning: every diagnostic has a place. */
        diagnostic.line = diagnostic.line > 0 ? diagnostic.line : 1;
        diagnostic.column = diagnostic.column > 0 ? diagnostic.column : 1;
        fputs(lead, to);
        print_place(to, path, diagnostic);
        fputs(": ", to);
        print_plain(to, diagnostic.what);
        putc('\n', to);
    }
    if (diagnostics->n > LESSON_DIAGNOSTICS_MAX) {
        fputs(lead, to);
        print_plain(to, path);
        fprintf(to, ": and %zu more\n", diagnostics->n - LESSON_DIAGNOSTICS_MAX);
    }
}

/* ---- help ---- */

enum { NAME_WIDTH = 12, OPTION_WIDTH = 22 };

static void print_option_usage(enum option option, unsigned required, FILE *to)
{
    const struct option_info *info = &option_table[option];
    bool optional = !(required & OPTION_BIT(option));
    fputs(optional ? " [" : " ", to);
    if (info->letter)
        fprintf(to, "-%c", info->letter);
    else
        fprintf(to, "--%s", info->name);
    if (info->value)
        fprintf(to, " %s", info->value);
    fputs(optional ? "]" : "", to);
    fputs(info->repeats ? "..." : "", to);
}

static void print_usage(const struct subcommand *subcommand, FILE *to)
{
    fprintf(to, "qkv%s%s", subcommand->name[0] ? " " : "", subcommand->name);
    if (subcommand->arguments[0])
        fprintf(to, " %s", subcommand->arguments);
    const unsigned shown[] = {subcommand->required, subcommand->options & ~subcommand->required};
    for (int i = 0; i < 2 * OPTION_COUNT; i++)
        if (shown[i / OPTION_COUNT] & OPTION_BIT(i % OPTION_COUNT))
            print_option_usage((enum option)(i % OPTION_COUNT), subcommand->required, to);
    putc('\n', to);
}

static void print_options(unsigned options, FILE *to)
{
    fputs("\noptions:\n", to);
    for (int option = 0; option < OPTION_COUNT; option++) {
        const struct option_info *info = &option_table[option];
        if (!(options & OPTION_BIT(option)))
            continue;
        char letter[8] = "    ";
        if (info->letter)
            snprintf(letter, sizeof letter, "-%c, ", info->letter);
        char name[64];
        snprintf(name, sizeof name, "--%s%s%s", info->name, info->value ? " " : "", info->value ? info->value : "");
        fprintf(to, "  %s%-*s %s\n", letter, OPTION_WIDTH, name, info->meaning);
    }
}

/* The LINE of --state. */
static void print_keys(FILE *to)
{
    struct str keys = {0};
    keys_explain(&keys);
    fprintf(to, "\nkeys of --state, KEY=VALUE with blanks between; what is not said is as usual:\n%s", str_text(&keys));
    str_finish(&keys);
}

static void print_examples(const char *examples, FILE *to)
{
    for (const char *line = examples; line && *line;) {
        size_t n = strcspn(line, "\n");
        fprintf(to, "  qkv%s%.*s\n", n ? " " : "", (int)n, line);
        line += n + (line[n] == '\n');
    }
}

static void help_subcommand(const struct subcommand *subcommand, FILE *to)
{
    fputs("usage: ", to);
    print_usage(subcommand, to);
    fprintf(to, "\n%c%s.\n",
            subcommand->summary[0] - ('a' <= subcommand->summary[0] && subcommand->summary[0] <= 'z' ? 32 : 0),
            subcommand->summary + 1);
    if (subcommand->details)
        fprintf(to, "\n%s", subcommand->details);
    print_options(subcommand->options | OPTION_BIT(OPTION_HELP), to);
    if (subcommand->options & OPTION_BIT(OPTION_STATE))
        print_keys(to);
    if (subcommand->examples) {
        fputs("\nexamples:\n", to);
        print_examples(subcommand->examples, to);
    }
}

static void help_program(FILE *to)
{
    const struct subcommand *window = subcommand_find("");
    fputs("usage: ", to);
    print_usage(window, to);
    fputs(
        "       qkv COMMAND [ARGUMENT]... [OPTION]...\n\nWalk through attention, step by step and number by number.\n",
        to);
    fputs(window->details, to);
    fputs("\ncommands:\n", to);
    for (const struct subcommand *subcommand = subcommand_table; subcommand->name; subcommand++)
        if (subcommand->name[0])
            fprintf(to, "  %-*s %s\n", NAME_WIDTH, subcommand->name, subcommand->summary);
    print_options(window->options | OPTION_BIT(OPTION_HELP) | OPTION_BIT(OPTION_VERSION), to);
    fputs("\nexamples:\n", to);
    for (const struct subcommand *subcommand = subcommand_table; subcommand->name; subcommand++)
        print_examples(subcommand->examples, to);
    fputs("\n`qkv help COMMAND` says more about a command.\n", to);
}

enum exit_status subcommand_help(const struct options *options)
{
    const char *name = options->n_arguments > 0 ? options->arguments[0] : "";
    const struct subcommand *subcommand = subcommand_find(name);
    const char *names[64];
    size_t n = 0;
    for (; n < 64 && subcommand_table[n].name; n++)
        names[n] = subcommand_table[n].name;
    if (!subcommand)
        return subcommand_usage_error(
            "help", qkv_errf(QKV_ERR_DOMAIN, "there is no command '%.60s'%s", name, hint_near(name, names, n).text));
    if (name[0])
        help_subcommand(subcommand, stdout);
    else
        help_program(stdout);
    return EXIT_DONE;
}
