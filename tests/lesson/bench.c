/* How long it takes from a typed sentence to a walk that can be drawn: reading the model, cutting the sentence, computing
 * every step. Prints milliseconds: the median and the worst of 100. */
#include "lesson/lesson.h"
#include "lesson/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TIMES = 100 };

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int measure(const char *name, const char *what, const char *sentence)
{
    double took[TIMES];
    for (int i = 0; i < TIMES; i++) {
        struct lesson lesson = {0};
        double start = milliseconds();
        struct qkv_err err = lesson_open(name, &(struct lesson_options){.sentence = sentence}, &lesson, NULL);
        took[i] = milliseconds() - start;
        lesson_finish(&lesson);
        if (err.code) {
            fprintf(stderr, "%s: %s\n", name, err.what);
            return 1;
        }
    }
    qsort(took, TIMES, sizeof took[0], by_size);
    printf("%-14s %-9s %6.2f ms, worst %6.2f ms\n", name, what, took[TIMES / 2], took[TIMES - 1]);
    return 0;
}

int main(void)
{
    char longest[WORDS_MAX * 8 + 1] = "";
    for (size_t i = 0, n = 0; i < WORDS_MAX; i++)
        n += (size_t)snprintf(longest + n, sizeof longest - n, "%s ", i % 4 ? "zorgle" : "dogs");
    return measure("one-head", "7 words", "The dog that the cats saw slept") ||
           measure("several-heads", "7 words", "The dog that the cats saw slept") ||
           measure("several-heads", "1024 words", longest);
}
