/* where: the pixel in the middle of a thing on a page, for tests that point at it.
 *
 *   where LESSON WIDTHxHEIGHT STATE cell STEP ROW COLUMN     a cell of a matrix, rows and columns from 1
 *   where LESSON WIDTHxHEIGHT STATE command NAME ARGUMENT    what sends a command */
#include "app/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int print_middle(struct rect box)
{
    printf("%d %d\n", (int)(box.x + box.w / 2), (int)(box.y + box.h / 2));
    return 0;
}

static int find_cell(const struct app *app, char **args)
{
    int step = tape_find(&app->doc.lesson->tape, args[0]);
    size_t row = strtoul(args[1], NULL, 10) - 1, col = strtoul(args[2], NULL, 10) - 1;
    for (size_t i = 0; i < app->page.n; i++) {
        const struct item *item = &app->page.items[i];
        if (item->kind != ITEM_HEATMAP || strcmp(item->part, "matrix") != 0 || item->as.heatmap.step != step)
            continue;
        bool turned = item->as.heatmap.transposed;
        return print_middle(heatmap_cell(item, turned ? col : row, turned ? row : col));
    }
    return 1;
}

/* "3", or the name of a stage. */
static int argument_of(const char *text)
{
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        if (strcmp(stage_names[stage], text) == 0)
            return stage;
    return atoi(text);
}

static int find_command(const struct app *app, char **args)
{
    for (size_t i = 0; i < app->page.n; i++) {
        const struct item *item = &app->page.items[i];
        if (item->kind == ITEM_HIT && strcmp(command_shown(item->as.hit.command)->name, args[0]) == 0 &&
            item->as.hit.argument == argument_of(args[1]))
            return print_middle(item->box);
    }
    return 1;
}

static int find(struct app *app, int argc, char **argv)
{
    struct display_list scratch = {0};
    struct qkv_err err = state_apply(app, argv[3]);
    if (err.code || sscanf(argv[2], "%fx%f", &app->width, &app->height) != 2 || !app_draw(app, &scratch))
        return 1;
    if (argc == 8 && strcmp(argv[4], "cell") == 0)
        return find_cell(app, argv + 5);
    if (argc == 7 && strcmp(argv[4], "command") == 0)
        return find_command(app, argv + 5);
    return 1;
}

int main(int argc, char **argv)
{
    struct fonts *fonts = NULL;
    struct app app = {0};
    if (argc < 7)
        return 2;
    struct qkv_err err = fonts_new(&fonts);
    if (!err.code)
        err = app_init(&app, argv[1], NULL, fonts_measure(fonts));
    int status = err.code ? 1 : find(&app, argc, argv);
    if (status)
        fprintf(stderr, "where: not found %s\n", err.what);
    app_finish(&app);
    fonts_free(fonts);
    return status;
}
