/* figure.h: the pictures of an idea that a stop of a lesson can show: `picture: shares`. What each draws is in
 * src/scene/figures/, a file for each. */
#ifndef QKV_LESSON_FIGURE_H
#define QKV_LESSON_FIGURE_H

/* A row each: FIGURE(ID, name, what it shows). The scene's table (scene/figure.c) is made of the same rows: FIGURE_ID is
 * drawn by name##_figure. */
#define FIGURE_LIST(FIGURE)                                                                                            \
    FIGURE(ALIGNMENT, alignment, "who looks at whom, for all words at once: ribbons as wide as the weights")           \
    FIGURE(ARROWS, arrows, "pairs of numbers as arrows, turned by their places, and the angle between two")            \
    FIGURE(CURVE, curve, "what a query scores along the number in which keys differ, as a curve")                      \
    FIGURE(PHOTOGRAPH, photograph,                                                                                     \
           "the picture whole, under the weights of the row looked at; and what was collected")                        \
    FIGURE(REACH, reach, "who can be heard through a mask after one, two, three layers")                               \
    FIGURE(RULER, ruler, "what each distance adds to a score, under the sentence")                                     \
    FIGURE(SHARES, shares, "a row's scores as bars, e to the power of them, and their shares of one whole")            \
    FIGURE(SLOPES, slopes, "what each head takes off by distance, all heads in one plot")                              \
    FIGURE(SPECTROGRAM, spectrogram,                                                                                   \
           "a sound along its time, the weights under it, and a convolution's window over it")                         \
    FIGURE(THRESHOLD, threshold, "a row's scores as bars, and the line of sparsemax above which they count")           \
    FIGURE(UNROLLED, unrolled, "a recurrent computation's states one after the other, as far as the walk has come")    \
    FIGURE(WAVES, waves, "sinusoids as waves over the places, and as hands of clocks")

#define FIGURE_ID(id, name, shows) FIGURE_##id,
enum figure { FIGURE_NONE, FIGURE_LIST(FIGURE_ID) FIGURE_COUNT };
#undef FIGURE_ID

/* What a stop calls them, closed by NULL: figure i + 1 is figure_names[i]. */
extern const char *const figure_names[];

#endif
