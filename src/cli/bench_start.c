/* bench_start.c: from the start of the program to the first frame in a window. */
#define _DEFAULT_SOURCE /* ru_maxrss */

#include "app/window.h"
#include "cli/bench.h"

#include <fcntl.h>
#include <math.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* As `qkv` does it; NAN: there is no window. */
static struct window_start open_window(void)
{
    struct window_start ret = {NAN, NAN};
    struct fonts *fonts = NULL;
    struct app app = {0};
    struct window *window = NULL;
    struct rusage usage;
    struct qkv_err err = fonts_new(&fonts);
    if (!err.code)
        err = app_init(&app, NULL, NULL, fonts_measure(fonts));
    if (!err.code)
        err = window_new(&app, fonts, 1280, 800, &window);
    if (!err.code) {
        window_frame(window);
        ret.ms = bench_cpu();
        if (getrusage(RUSAGE_SELF, &usage) == 0)
            ret.megabytes = (double)usage.ru_maxrss / 1e3;
    }
    return ret;
}

struct window_start bench_window_start(void)
{
    struct window_start ret = {NAN, NAN};
    double before = bench_cpu();
    int ends[2];
    if (pipe(ends) != 0)
        return ret;
    pid_t child = fork();
    if (child == 0) {
        /* Libraries of displays that are not there complain by themselves. */
        int nowhere = open("/dev/null", O_WRONLY);
        if (nowhere >= 0)
            dup2(nowhere, STDERR_FILENO);
        struct window_start measured = open_window();
        measured.ms += before; /* what loading the program took: the clock of a child begins at 0 */
        _exit(write(ends[1], &measured, sizeof measured) == (ssize_t)sizeof measured ? 0 : 1);
    }
    close(ends[1]);
    struct window_start measured;
    if (child > 0 && read(ends[0], &measured, sizeof measured) == (ssize_t)sizeof measured)
        ret = measured;
    close(ends[0]);
    if (child > 0)
        waitpid(child, NULL, 0);
    return ret;
}
