/* csv.h: matrices as text: for spreadsheets, notebooks and the clipboard.
 *
 * What is written is CSV as RFC 4180 has it (lines end in CR LF), with a header row and a header column around the
 * numbers. Both begin under an empty cell, so that labels that are numbers can be recognised:
 *
 *   ,noun,plural            several heads:   head,,noun,plural
 *   cat,1,-0.25                              1,cat,1,-0.25
 *   it,0.1,2                                 2,cat,0.5,3
 *
 * A number is written with as few digits as give the same double again; blocked scores are -inf. A label that a
 * spreadsheet would compute ("=1+1") gets an apostrophe before it; control characters in labels become '?'.
 *
 * What is read is what people paste: commas, semicolons, tabs or blanks between the cells; any ends of lines; quotes
 * where they are needed; with labels or without. */
#ifndef QKV_LESSON_CSV_H
#define QKV_LESSON_CSV_H

#include "base/str.h"
#include "core/tensor.h"

enum { CSV_BYTES_MAX = 16 * 1024 * 1024 };

/* Write one plane of a tensor, or with head -1 all of them, one below the other. Columns whose labels are not the same
 * in all heads are then numbered, as every axis without labels is, from 1. The separator is a comma, or a tab as
 * spreadsheets take it from the clipboard: lines then end in LF. With `columns` planes lie on their side. Running out of memory is in to->failed. */
void csv_write(const struct tensor *t, int head, char separator, bool columns, struct str *to);

/* Read a matrix into a tensor [1, rows, columns] with numbered axes; the caller finishes it.
 *
 * Tabs part the cells if there are any, else semicolons, else commas, else blanks. The first row is labels if its first
 * cell is empty (as above: then the first column is, too) or if none of its cells is a number; the first column is, if
 * none of its cells below that row is a number. Everything else must be a finite number with a decimal point.
 *
 * Errors name the row and the column as they were pasted, labels counted: QKV_ERR_SYNTAX (a cell that is empty or no
 * number, a decimal comma, rows of different lengths, a quote without its partner, no UTF-8), QKV_ERR_DOMAIN (NaN,
 * infinity, the matrices of several heads, no number at all), QKV_ERR_LIMIT, QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err csv_read(const char *text, size_t n, struct tensor *ret);

#endif
