#include "support/fail_alloc.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Under AddressSanitizer its own allocator has to keep the books, or freeing what we got would be an error. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(UNDER_ASAN)
#define REAL(name) __interceptor_##name
#else
#define REAL(name) __libc_##name
#endif

void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t n, size_t size);
void *REAL(realloc)(void *old, size_t size);
void REAL(free)(void *old);

/* The linker's: where the program's own code lies. */
extern const char __executable_start[], etext[];

/* Libraries may allocate from threads of their own. */
static atomic_long count, failing;
static atomic_bool only_ours;

static void start(long n, bool ours)
{
    atomic_store(&failing, 0);
    atomic_store(&count, 0);
    atomic_store(&only_ours, ours);
    atomic_store(&failing, n);
}

void fail_alloc_at(long n)
{
    start(n, false);
}

void fail_alloc_ours_at(long n)
{
    start(n, true);
}

long fail_alloc_count(void)
{
    return atomic_load(&count);
}

static bool fails(const void *caller)
{
    bool ours = (const char *)caller >= __executable_start && (const char *)caller < etext;
    if ((atomic_load(&only_ours) && !ours) || atomic_fetch_add(&count, 1) + 1 != atomic_load(&failing))
        return false;
    errno = ENOMEM;
    return true;
}

/* ---- bytes ---- */

/* Since fail_alloc_most_begin was called first. AddressSanitizer does not say a size before it has begun itself. */
static atomic_bool counting;
static atomic_long held, held_most;

void fail_alloc_most_begin(void)
{
    atomic_store(&counting, true);
    atomic_store(&held, 0);
    atomic_store(&held_most, 0);
}

long fail_alloc_most(void)
{
    return atomic_load(&held_most);
}

static long size_of(void *v)
{
    return v && atomic_load(&counting) ? (long)malloc_usable_size(v) : 0;
}

/* Add to what is held. Returns v. Not instrumented, since it is called before AddressSanitizer has a shadow of the stack. */
__attribute__((no_sanitize_address)) static void *counted(void *v, long bytes)
{
    long now = atomic_fetch_add(&held, bytes) + bytes, most = atomic_load(&held_most);
    while (now > most && !atomic_compare_exchange_weak(&held_most, &most, now))
        ;
    return v;
}

/* ---- what stands in the place of the library's ---- */

#define CALLER __builtin_return_address(0)

void *malloc(size_t size)
{
    void *v = fails(CALLER) ? NULL : REAL(malloc)(size);
    return counted(v, size_of(v));
}

void *calloc(size_t n, size_t size)
{
    void *v = fails(CALLER) ? NULL : REAL(calloc)(n, size);
    return counted(v, size_of(v));
}

void *realloc(void *old, size_t size)
{
    if (fails(CALLER))
        return NULL;
    long before = size_of(old);
    void *v = REAL(realloc)(old, size);
    return v ? counted(v, size_of(v) - before) : v;
}

void free(void *old)
{
    counted(old, -size_of(old));
    REAL(free)(old);
}

/* AddressSanitizer's strdup does not come through malloc. */
static char *copy_text(const char *text, size_t length, const void *caller)
{
    char *copy = fails(caller) ? NULL : REAL(malloc)(length + 1);
    counted(copy, size_of(copy));
    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *strndup(const char *text, size_t n)
{
    return copy_text(text, strnlen(text, n), CALLER);
}

char *strdup(const char *text)
{
    return copy_text(text, strlen(text), CALLER);
}
