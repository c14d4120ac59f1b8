#include "app/turn.h"

#include "app/app.h"
#include "app/parts.h"

void turn(struct app *app, int argument)
{
    (void)argument;
    app->state.columns = !app->state.columns;
    /* Words are longer or shorter then. */
    app->state.read_from = 0;
    if (app->state.columns)
        app_say(app, "A token is a column: S = KᵀQ. Tensors are saved as before, a token a row.");
    else
        app_say(app, "A token is a row: S = QKᵀ.");
}
