#include "cli/subcommand.h"

#include "base/str.h"

#include <string.h>

#define LESSON (OPTION_BIT(OPTION_SENTENCE) | OPTION_BIT(OPTION_WEIGHTS) | OPTION_BIT(OPTION_SET))
#define LOOK                                                                                                           \
    (OPTION_BIT(OPTION_SIZE) | OPTION_BIT(OPTION_THEME) | OPTION_BIT(OPTION_TOKENS) | OPTION_BIT(OPTION_SCALE) |       \
     OPTION_BIT(OPTION_STATE))
#define COMPUTE (OPTION_BIT(OPTION_TENSORS) | OPTION_BIT(OPTION_SAVE))

const struct subcommand subcommand_table[] = {
    {
        .name = "",
        .arguments = "[LESSON]",
        .most = 1,
        .options = LESSON | LOOK,
        .summary = "open the window on a lesson",
        .details = "LESSON is the name of a built-in lesson, or the path of a lesson or a session; without it, the "
                   "first lesson opens.\n",
        .examples = "\none-head --theme dark",
        .run = subcommand_window,
    },
    {
        .name = "list",
        .arguments = "",
        .summary = "the lessons that are built in, a line each: name and title, with a tab between",
        .examples = "list",
        .run = subcommand_list,
    },
    {
        .name = "walk",
        .arguments = "[LESSON]",
        .most = 1,
        .options = LESSON | OPTION_BIT(OPTION_TOKENS) | OPTION_BIT(OPTION_SAVE) | OPTION_BIT(OPTION_CSV),
        .summary = "a lesson's walk as text: every step with its formula, shapes and numbers",
        .details =
            "LESSON is the name of a built-in lesson, or the path of a lesson or a session; without it, the first "
            "lesson.\n"
            "--csv prints one step's numbers and --save writes those of all steps and inputs, in place of the text.\n",
        .examples = "walk one-head\n"
                    "walk one-head --csv weights > weights.csv\n"
                    "walk one-head --save one-head.safetensors\n"
                    "walk one-head --sentence \"The dog barked because it was hungry\"",
        .run = subcommand_walk,
    },
    {
        .name = "render",
        .arguments = "[LESSON]",
        .most = 1,
        .options = OPTION_BIT(OPTION_OUTPUT) | OPTION_BIT(OPTION_FORMAT) | LESSON | LOOK,
        .required = OPTION_BIT(OPTION_OUTPUT),
        .summary = "every step of a lesson as a PNG or SVG page, as the window shows it; needs no display",
        .details =
            "PATH is a folder, made when it is not there: one page for every step, one more for every further stop\n"
            "of the script. A PATH that ends in .png or .svg gets one page: the first, or the one that --state "
            "names.\n",
        .examples = "render one-head -o pages\n"
                    "render one-head --state 'at=scores' -o scores.svg\n"
                    "render several-heads -o one.png --state \"at=weights head=2 cell=weights,2,5,2 theme=dark\"\n"
                    "render several-heads -o pages --format svg --size 1920x1080 --theme dark",
        .run = subcommand_render,
    },
    {
        .name = "check",
        .arguments = "FILE...",
        .least = 1,
        .most = ANY_NUMBER,
        .summary = "say what is wrong with files of lessons and sessions",
        .details =
            "Every diagnostic is a line FILE:LINE:COLUMN: message on standard output; a file without any has the line\n"
            "FILE: ok, N steps, M stops. The exit status is 0 when there are no diagnostics and 1 when there are "
            "some.\n"
            "- reads standard input.\n",
        .examples = "check lessons/one-head.yaml\n"
                    "check - < lesson.yaml",
        .run = subcommand_check,
    },
    {
        .name = "mechanisms",
        .arguments = "[NAME]",
        .most = 1,
        .summary = "the mechanisms; with a name, what it takes and gives",
        .details =
            "With the name of a mechanism: its stages, its settings (values, default, range) and its tensors with\n"
            "their shapes.\n",
        .examples = "mechanisms\n"
                    "mechanisms attention",
        .run = subcommand_mechanisms,
    },
    {
        .name = "run",
        .arguments = "MECHANISM",
        .least = 1,
        .most = 1,
        .options = COMPUTE | OPTION_BIT(OPTION_SET) | OPTION_BIT(OPTION_GRADIENT),
        .required = COMPUTE,
        .summary = "compute once, from a file of tensors to a file of every step's value",
        .details =
            "Files are safetensors: F64, F32, F16 and BF16 are read, F32 is written. `qkv mechanisms MECHANISM` names\n"
            "the tensors and settings. On an error nothing is written.\n",
        .examples = "run attention --tensors in.safetensors --set heads=2 --set mask=causal --save out.safetensors\n"
                    "run attention --tensors in.safetensors --gradient d_output.safetensors --save out.safetensors",
        .run = subcommand_run,
    },
    {
        .name = "bench",
        .arguments = "",
        .options = OPTION_BIT(OPTION_JSON),
        .summary = "how long computing and drawing take on this machine",
        .examples = "bench\nbench --json",
        .run = subcommand_bench,
    },
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

void print_place(FILE *to, const char *file, struct qkv_err err)
{
    print_plain(to, file);
    if (err.line > 0)
        fprintf(to, ":%d", err.line);
    if (err.line > 0 && err.column > 0)
        fprintf(to, ":%d", err.column);
}

/* A file that cannot be read is named by the error itself: "cannot read lessons: Is a directory". */
static bool names(struct qkv_err err, const char *what)
{
    const char *found = err.code == QKV_ERR_IO && what[0] ? strstr(err.what, what) : NULL;
    return found && found[strlen(what)] == ':';
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

enum exit_status subcommand_misused(const char *name, struct qkv_err err)
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
