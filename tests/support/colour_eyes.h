/* colour_eyes.h: how far apart two colours look, to eyes that see all colours and to those that do not. */
#ifndef QKV_TESTS_COLOUR_EYES_H
#define QKV_TESTS_COLOUR_EYES_H

#include "scene/display.h"

/* Full colour vision; without the red, green or blue receptors (Machado et al. 2009, the severest degree). */
enum eyes { EYES_ALL, EYES_PROTAN, EYES_DEUTAN, EYES_TRITAN, EYES_COUNT };
extern const char *const eyes_names[]; /* EYES_COUNT of them */

/* The distance by CIEDE2000 (Sharma et al. 2005): below 2 they look alike. */
double colour_distance(struct colour a, struct colour b, enum eyes eyes);

#endif
