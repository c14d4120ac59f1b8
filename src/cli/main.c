/* main.c: from the command line to a command, and from its result to the exit status. */
#include "cli/subcommand.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* A standard stream that was closed would give its number to the next file that is opened, and a message would end up
 * in the middle of it. Put something there that fails as a closed stream does. */
static void keep_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            _Exit(EXIT_FAILED);
}

/* With less than this a page cannot be laid out, and the program would end without a word. */
static struct qkv_err check_stack(void)
{
    enum { LEAST_KB = 512 };
    struct rlimit stack;
    if (getrlimit(RLIMIT_STACK, &stack) != 0 || stack.rlim_cur >= LEAST_KB * 1024)
        return (struct qkv_err){0};
    unsigned long now = (unsigned long)stack.rlim_cur / 1024;
    stack.rlim_cur = LEAST_KB * 1024;
    if (stack.rlim_max >= stack.rlim_cur && setrlimit(RLIMIT_STACK, &stack) == 0)
        return (struct qkv_err){0};
    return qkv_errf(QKV_ERR_LIMIT, "the stack is limited to %lu kB, and at least %d are needed: ulimit -s unlimited",
                    now, LEAST_KB);
}

/* Do the options and arguments fit the command's row? */
static struct qkv_err check_usage(const struct subcommand *subcommand, const struct options *options)
{
    unsigned wrong = options->given & ~(subcommand->options | OPTION_BIT(OPTION_HELP));
    unsigned missing = subcommand->required & ~options->given;
    for (int option = 0; option < OPTION_COUNT; option++)
        if (wrong & OPTION_BIT(option))
            return qkv_errf(QKV_ERR_SYNTAX, "--%s is not an option of this command", option_table[option].name);
    if (options->n_arguments < (size_t)subcommand->least)
        return qkv_errf(QKV_ERR_SYNTAX, "%s is missing", subcommand->arguments);
    if (options->n_arguments > (size_t)subcommand->most)
        return qkv_errf(QKV_ERR_SYNTAX, "one argument too many: '%s'", options->arguments[subcommand->most]);
    for (int option = 0; option < OPTION_COUNT; option++)
        if (missing & OPTION_BIT(option))
            return qkv_errf(QKV_ERR_SYNTAX, "--%s %s is missing", option_table[option].name,
                            option_table[option].value);
    return (struct qkv_err){0};
}

/* The first argument names the command; when it is none, the command without a name gets all of them. */
static const struct subcommand *choose_subcommand(struct options *options)
{
    const char *word = options->n_arguments > 0 ? options->arguments[0] : "";
    const struct subcommand *subcommand = subcommand_find(word);
    if (!subcommand || !subcommand->name[0])
        return subcommand_find("");
    options->n_arguments--;
    memmove(options->arguments, options->arguments + 1, options->n_arguments * sizeof *options->arguments);
    return subcommand;
}

static enum exit_status dispatch(struct options *options)
{
    if (options_has(options, OPTION_VERSION)) {
        puts("qkv " QKV_VERSION);
        return EXIT_DONE;
    }
    const struct subcommand *subcommand = choose_subcommand(options);
    if (options_has(options, OPTION_HELP))
        return subcommand_help(&(struct options){.arguments = (const char *[]){subcommand->name}, .n_arguments = 1});
    struct qkv_err err = {0};
    if (!subcommand->name[0] && options->n_arguments > 0)
        err = check_first_word(options->arguments[0]);
    if (!err.code)
        err = check_usage(subcommand, options);
    return err.code ? subcommand_usage_error(subcommand->name, err) : subcommand->run(options);
}

/* What was printed may still wait in memory; a full disk shows only when it leaves. */
static enum exit_status close_output(enum exit_status status)
{
    errno = 0;
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) != 0 || failed) {
        fprintf(stderr, "qkv: standard output: %s\n", errno ? strerror(errno) : "cannot write");
        return EXIT_FAILED;
    }
    return status;
}

int main(int argc, char **argv)
{
    keep_standard_streams();
    /* A file that grows over a limit is to be an error like a full disk, not the end of the program. */
    signal(SIGXFSZ, SIG_IGN);
    struct options options = {0};
    struct qkv_err err = check_stack();
    if (err.code)
        return subcommand_failed("start", err);
    err = options_parse(argc, argv, &options);
    enum exit_status status = err.code == QKV_ERR_NOMEM ? subcommand_failed("start", err)
                              : err.code                ? subcommand_usage_error("", err)
                                                        : dispatch(&options);
    options_finish(&options);
    return close_output(status);
}
