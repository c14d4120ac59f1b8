/* loop.c: the desktop's waiting loop. A page in a browser calls window_frame from its own loop instead. */
#include "app/window.h"

#include <SDL.h>
#include <math.h>

void window_loop(struct window *window)
{
    const double frame = 1.0 / 60;
    while (!window_wants_to_close(window)) {
        Uint64 start = SDL_GetPerformanceCounter();
        double wait = window_frame(window);
        if (window_wants_to_close(window))
            return;
        if (wait < 0) {
            SDL_WaitEvent(NULL);
            continue;
        }
        double spent = (double)(SDL_GetPerformanceCounter() - start) / (double)SDL_GetPerformanceFrequency();
        SDL_WaitEventTimeout(NULL, (int)ceil(1000 * fmax(wait, frame - spent)));
    }
}
