/* fail_alloc.h: memory that runs out when a test says so.
 *
 * A test program that is built with the dependency `fail_alloc` has its own malloc, calloc, realloc, free, strdup
 * and strndup. They serve the whole process, libraries included, and hand every call on to the real ones, except the one
 * that was asked to fail. Needs glibc. */
#ifndef QKV_TESTS_FAIL_ALLOC_H
#define QKV_TESTS_FAIL_ALLOC_H

/* Let the n-th allocation from now fail (1 is the next one), and only that one; 0: none. Starts the count anew. */
void fail_alloc_at(long n);

/* The same for allocations that the program's own code asks for; those of shared libraries neither fail nor count. */
void fail_alloc_ours_at(long n);

/* The allocations asked for since then, the failed one included. */
long fail_alloc_count(void);

/* The most bytes that were allocated at the same time since fail_alloc_most_begin, beyond those that were then. */
void fail_alloc_most_begin(void);
long fail_alloc_most(void);

#endif
