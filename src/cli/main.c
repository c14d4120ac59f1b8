#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return puts("qkv " QKV_VERSION) < 0;
    fprintf(stderr, "qkv: not yet\n");
    return 2;
}
