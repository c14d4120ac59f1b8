/* subcommand.h: the program's commands, one row each. A new command is a function and its row. */
#ifndef QKV_CLI_SUBCOMMAND_H
#define QKV_CLI_SUBCOMMAND_H

#include "cli/options.h"

#include <stdio.h>

enum exit_status { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

enum { ANY_NUMBER = 1000000 }; /* `most` of a command that takes any number of arguments */

struct subcommand {
    const char *name;      /* "" is what happens when no command is named */
    const char *arguments; /* as written in its usage: "FILE..." */
    const char *summary;   /* for the list of commands: one line */
    /* Do it. `options` was checked against this row; options->arguments are the command's own. */
    enum exit_status (*run)(const struct options *options);
    int least, most;      /* arguments */
    unsigned options;     /* those it takes, besides --help */
    unsigned required;    /* those of them that must be there */
    const char *details;  /* further paragraphs of its help; NULL: none */
    const char *examples; /* a line each, without "qkv" */
};

extern const struct subcommand subcommand_table[]; /* closed by a NULL name; the row of "" is the first */
const struct subcommand *subcommand_find(const char *name);

/* Say on standard error what went wrong with what: "qkv: WHAT: why", or "qkv: WHAT:LINE:COLUMN: why". Returns
 * EXIT_FAILED, so that a command ends with `return subcommand_failed(...)`. */
enum exit_status subcommand_failed(const char *what, struct qkv_err err);

/* The same for wrong usage of a command ("" for the program as a whole), with a hint at its help. */
enum exit_status subcommand_usage_error(const char *name, struct qkv_err err);

/* Say on standard error what a computation that is large keeps, before it begins: "qkv: WHAT: this keeps 1.2 GB: ...". */
void subcommand_say_footprint(const char *what, const struct footprint *kept);

/* Control characters become '?'. */
void print_plain(FILE *to, const char *text);

/* A request (or what is in it) could not be opened: wrong usage where a key of the command line is to blame; else every
 * diagnostic is said, with its place in the lesson or session. `diagnostics` may be NULL. */
enum exit_status subcommand_refused(const char *name, const struct options *options, const struct request *r,
                                    struct qkv_err err, const struct diagnostics *diagnostics);

/* A line each; `lead` stands before every line. */
void print_diagnostics(FILE *to, const char *lead, const char *path, const struct diagnostics *diagnostics);

/* The first word names no command: can it be a lesson? Error: neither is called that; the nearest that is. */
QKV_CHECKED struct qkv_err check_first_word(const char *word);

/* The commands. */
enum exit_status subcommand_window(const struct options *options);
enum exit_status subcommand_list(const struct options *options);
enum exit_status subcommand_walk(const struct options *options);
enum exit_status subcommand_render(const struct options *options);
enum exit_status subcommand_check(const struct options *options);
enum exit_status subcommand_mechanisms(const struct options *options);
enum exit_status subcommand_run(const struct options *options);
enum exit_status subcommand_bench(const struct options *options);
enum exit_status subcommand_help(const struct options *options);

#endif
