/* check_main.c: the main of test programs that have none of their own. */
#include "support/check.h"

int main(void)
{
    return test_run();
}
