/* help.c: every help text, from the tables of commands and options. */
#include "cli/subcommand.h"

#include "app/app.h"

#include <string.h>

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
    for (int option = 0; option < OPTION_COUNT; option++)
        if (subcommand->required & OPTION_BIT(option))
            print_option_usage((enum option)option, subcommand->required, to);
    for (int option = 0; option < OPTION_COUNT; option++)
        if (subcommand->options & ~subcommand->required & OPTION_BIT(option))
            print_option_usage((enum option)option, subcommand->required, to);
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

/* The LINE of --state: words of the form NAME=VALUE. */
static void print_state_words(FILE *to)
{
    struct str words = {0};
    state_explain(&words);
    fprintf(to, "\nwords of --state, NAME=VALUE with blanks between; what is not said is as usual:\n%s",
            str_text(&words));
    str_finish(&words);
}

static void print_examples(const char *examples, FILE *to)
{
    for (const char *line = examples; line && *line;) {
        size_t n = strcspn(line, "\n");
        fprintf(to, "  qkv%s%.*s\n", n ? " " : "", (int)n, line);
        line += n + (line[n] == '\n');
    }
}

void help_subcommand(const struct subcommand *subcommand, FILE *to)
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
        print_state_words(to);
    if (subcommand->examples) {
        fputs("\nexamples:\n", to);
        print_examples(subcommand->examples, to);
    }
}

void help_program(FILE *to)
{
    const struct subcommand *window = subcommand_find("");
    fputs("usage: ", to);
    print_usage(window, to);
    fputs("       ", to);
    fputs("qkv COMMAND [ARGUMENT]... [OPTION]...\n\nWalk through attention, step by step and number by number.\n", to);
    fputs(window->details, to);
    fputs("\ncommands:\n", to);
    for (const struct subcommand *subcommand = subcommand_table; subcommand->name; subcommand++)
        if (subcommand->name[0])
            fprintf(to, "  %-*s %s\n", NAME_WIDTH, subcommand->name, subcommand->summary);
    print_options(window->options | OPTION_BIT(OPTION_HELP) | OPTION_BIT(OPTION_VERSION), to);
    fputs("\nexamples:\n", to);
    for (const struct subcommand *subcommand = subcommand_table; subcommand->name; subcommand++)
        print_examples(subcommand->examples, to);
    fputs("\n`qkv COMMAND --help` says more about a command.\n", to);
}
