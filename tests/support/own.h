/* own.h: structs that are finished where their block ends, for tests: OWN(str) text = {0}; */
#ifndef QKV_TESTS_OWN_H
#define QKV_TESTS_OWN_H

/* The struct has its ..._finish function, which takes zeroed and finished ones too. */
#define OWN(type) __attribute__((cleanup(type##_finish), unused)) struct type

#endif
