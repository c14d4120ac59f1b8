/* The built program, run by a shell as its users run it: exit statuses, what is printed where, and what stays on the
 * disk, by the cases of cases.txt. argv[1] is the program. They run in a folder of their own that holds in.safetensors
 * (a small attention with two heads in mind), its spoilt variants, and lesson files. */
#include "support/check.h"
#include "support/sample.h"

#include "core/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Commands of cases find the program as qkv. */
static const char prelude[] =
    "into_made() { rm -rf made; mkdir made; qkv run attention --tensors \"$@\" --save made/out; "
    "status=$?; ls -A made; return $status; }\n";

/* The rows of cases.txt; those behind the last have no name. */
static struct cli_case {
    const char *name;
    char *command;
    int status;
    const char *out, *err; /* a part of what is printed; NULL: nothing is */
} cases[400];
static struct str cases_text;

static const char *unescaped(char *text)
{
    static const char escapes[] = "n\nr\rt\t\\\\";
    char *to = text;
    for (const char *from = text; *from; from++, to++) {
        const char *escape = from[0] == '\\' && from[1] ? strchr(escapes, from[1]) : NULL;
        *to = escape ? escape[1] : *from;
        from += escape != NULL;
    }
    *to = '\0';
    return text;
}

/* A line of a case, without the blanks before it. */
static void read_part(struct cli_case *c, char *line)
{
    char *part = line + (line[1] == ' ' ? 2 : 1);
    if (line[0] == '$' && c->command) {
        size_t n = strlen(c->command);
        c->command[n] = '\n';
        memmove(c->command + n + 1, part, strlen(part) + 1);
    } else if (line[0] == '$') {
        c->command = part;
    } else if (line[0] == '=') {
        c->status = atoi(part);
    } else if (line[0] == '>' || line[0] == '!') {
        *(line[0] == '>' ? &c->out : &c->err) = unescaped(part);
    } else {
        fail_msg("no line of a case begins with \"%s\"", line);
    }
}

static void read_cases(void)
{
    size_t n = 0;
    cases_text = tests_file("cli/cases.txt");
    for (char *line = cases_text.v, *next; *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = '\0';
        if (line[0] == ' ')
            read_part(&cases[n - 1], line + strspn(line, " "));
        else if (line[0] && line[0] != '#')
            cases[n++].name = line;
        assert_true(n < sizeof cases / sizeof cases[0]);
    }
}

static void make_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void add_tensor(struct named_tensors *all, const char *name, size_t rows, size_t cols, double top)
{
    struct tensor t;
    assert_ok(tensor_init_sizes(&t, 1, rows, cols));
    for (size_t i = 0; i < rows * cols; i++)
        t.v[i] = top * (double)((i * 7 + rows) % 5) / 5.0;
    assert_ok(named_tensors_add(all, name, &t));
    all->v[all->n - 1].axes = 2; /* as other programs write a matrix */
}

/* An attention's tensors, with one of them missing or doubled in height. */
static void make_tensors(const char *path, const char *missing, const char *tall, double top)
{
    static const char *const names[] = {"X", "W_Q", "W_K", "W_V", "W_O"};
    OWN(named_tensors) all = {0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t rows = i == 0 ? 3 : 4;
        if (strcmp(names[i], missing) != 0)
            add_tensor(&all, names[i], strcmp(names[i], tall) == 0 ? 2 * rows : rows, 4, top);
    }
    assert_ok(safetensors_write(path, &all));
}

/* Nothing of ours writes a NaN: put one over the file's last number, which is W_O's. */
static void spoil_last_number(const char *path)
{
    static const unsigned char nan_bytes[] = {0, 0, 0xc0, 0x7f};
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, -4, SEEK_END), 0);
    assert_int_equal(fwrite(nan_bytes, 1, 4, file), 4);
    assert_int_equal(fclose(file), 0);
}

static void make_one(const char *path, const char *from, const char *name)
{
    OWN(named_tensors) all = {0};
    if (from)
        assert_ok(safetensors_read(from, &all));
    add_tensor(&all, name, 3, 4, 1.0);
    assert_ok(safetensors_write(path, &all));
}

static void make_files(void)
{
    make_tensors("in.safetensors", "", "", 1.0);
    make_tensors("missing.safetensors", "W_V", "", 1.0);
    make_tensors("shape.safetensors", "", "W_K", 1.0);
    make_tensors("nan.safetensors", "", "", 1.0);
    spoil_last_number("nan.safetensors");
    make_tensors("large.safetensors", "", "", 1e30);
    make_one("unknown.safetensors", "in.safetensors", "W_Z");
    make_one("unused.safetensors", "in.safetensors", "W_A");
    make_one("d_output.safetensors", NULL, "d_output");
    make_text("broken.yaml", "title: A lesson\nsummery: with a misspelt field\n");
    make_text("also.yaml", "- not a lesson\n");
    make_text("session.yaml", "qkv session: 1\nlesson: one-head\nsentence: the dogs slept\n# where it was left\n"
                              "place:\n  at: scores\n  cell: scores,1,2,2\n");
}

static char *slurp(FILE *file)
{
    static char text[2][65536];
    static int turn;
    char *to = text[turn++ % 2];
    size_t n = fread(to, 1, sizeof text[0] - 1, file);
    to[n] = '\0';
    return to;
}

static void check_stream(const char *what, const char *got, const char *wanted)
{
    if (wanted ? !strstr(got, wanted) : got[0] != '\0')
        fail_msg("%s is \"%s\", wanted %s%s%s", what, got, wanted ? "\"..." : "nothing", wanted ? wanted : "",
                 wanted ? "...\"" : "");
}

TEST_ROWS(the_program_does_as_its_user_expects, cases, c)
{
    if (c->name[0] == '*' && !test_all())
        skip();
    char command[4096];
    int n = snprintf(command, sizeof command, "%s{ %s\n} 2> stderr", prelude, c->command);
    assert_true(n > 0 && n < (int)sizeof command);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    const char *out = slurp(pipe);
    int status = pclose(pipe);
    FILE *file = fopen("stderr", "r");
    assert_non_null(file);
    const char *err = slurp(file);
    fclose(file);
    check_stream("standard error", err, c->err);
    check_stream("standard output", out, c->out);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), c->status);
}

TEST_GROUP(make_files, NULL)

/* The folder of the program comes first in PATH. */
static bool find_program(char *program)
{
    char path[8192];
    char *end = strrchr(program, '/');
    snprintf(path, sizeof path, "%.*s:%s", end ? (int)(end - program) : 0, program, getenv("PATH"));
    return end && setenv("PATH", path, 1) == 0 && setenv("QKV_VERSION", QKV_VERSION, 1) == 0;
}

int main(int argc, char **argv)
{
    char folder[] = "test_cli_XXXXXX"; /* in the build folder */
    if (argc != 2 || !find_program(argv[1]) || !mkdtemp(folder) || chdir(folder) != 0)
        return 2;
    read_cases();
    int failed = test_run();
    str_finish(&cases_text);
    char clean[64];
    snprintf(clean, sizeof clean, "rm -rf ../%s", folder);
    return system(clean) != 0 || failed;
}
