// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a fuzz target on every file of a folder, in the order of their names: the corpus that the
 * fuzzer has left, as a regression test that any compiler can build. A folder that is absent or
 * empty is an error, for then nothing was tested.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int give_up(const char *path, const char *what)
{
    perror(path);
    fprintf(stderr, "%s: cannot %s\n", path, what);
    return 1;
}

/* The input lies in a block of exactly its size, so that a sanitizer sees any read behind it. */
static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat about;
    if (!file || fstat(fileno(file), &about))
        return give_up(path, "open it");
    size_t size = (size_t)about.st_size;
    uint8_t *data = malloc(size ? size : 1);
    if (!data || fread(data, 1, size, file) != size)
        return give_up(path, "read it");
    fclose(file);
    /* If it crashes, the last name printed is the culprit's. */
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 64;
    }
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);

    struct dirent **entries;
    int count = scandir(argv[1], &entries, is_visible, alphasort);
    if (count < 0)
        return give_up(argv[1], "list it");
    int failed = count == 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], entries[i]->d_name);
        failed |= replay(path);
        free(entries[i]);
    }
    free(entries);
    printf("%d inputs\n", count);
    return failed;
}
