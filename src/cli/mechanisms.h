/* mechanisms.h: a mechanism from its name on the command line. */
#ifndef QKV_CLI_MECHANISMS_H
#define QKV_CLI_MECHANISMS_H

#include "core/mechanism.h"

/* Error: QKV_ERR_DOMAIN, with the nearest name when one is near. */
QKV_CHECKED struct qkv_err mechanism_named(const char *name, const struct mechanism **ret);

#endif
