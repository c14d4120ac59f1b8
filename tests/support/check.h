/* check.h: what every test includes: cmocka and the checks it lacks. */
#ifndef QKV_TESTS_CHECK_H
#define QKV_TESTS_CHECK_H

/* cmocka.h wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"

#include <math.h>

/* cmocka's own assert_float_equal rounds both sides to float. Equal infinities are close; NaN is close to nothing. */
#define assert_close(got, want, tolerance)                                                                             \
    do {                                                                                                               \
        double got_ = (got), want_ = (want);                                                                           \
        if (!(got_ == want_ || fabs(got_ - want_) <= (tolerance)))                                                     \
            fail_msg("%s is %.17g, wanted %.17g within %g", #got, got_, want_, (double)(tolerance));                   \
    } while (0)

#define assert_ok(call)                                                                                                \
    do {                                                                                                               \
        struct qkv_err err_ = (call);                                                                                  \
        if (err_.code)                                                                                                 \
            fail_msg("%s: %d:%d: %s", #call, err_.line, err_.column, err_.what);                                       \
    } while (0)

/* The call must fail with this code and a message that holds this text. */
#define assert_error(call, wanted_code, wanted_text)                                                                   \
    do {                                                                                                               \
        struct qkv_err err_ = (call);                                                                                  \
        if (err_.code != (wanted_code) || !strstr(err_.what, (wanted_text)))                                           \
            fail_msg("%s: code %d, \"%s\"; wanted code %d and \"%s\"", #call, (int)err_.code, err_.what,               \
                     (int)(wanted_code), (wanted_text));                                                               \
    } while (0)

#include <string.h>

#endif
