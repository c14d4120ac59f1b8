/* seq2seq.h: a recurrent encoder and decoder, with the bottleneck or with the attentions that removed it.
 * Source: Sutskever et al. 2014 (context=last); Bahdanau et al. 2014 (additive); Luong et al. 2015 (dot, general). */
#ifndef QKV_CORE_MECHANISMS_SEQ2SEQ_H
#define QKV_CORE_MECHANISMS_SEQ2SEQ_H

#include "core/mechanism.h"

extern const struct mechanism mechanism_seq2seq;

#endif
