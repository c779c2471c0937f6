// SPDX-License-Identifier: Apache-2.0
#include "source/file_list.h"

#include <glob.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

/* Order of bytes, not of the locale: the same list everywhere. */
static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Is this file listed, under whatever name? */
static bool is_listed(const struct emp_texts *list, const char *path)
{
    struct stat file, listed;
    bool exists = strcmp(path, "-") != 0 && stat(path, &file) == 0;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], path) == 0)
            return true;
        if (exists && stat(list->items[i], &listed) == 0 && listed.st_dev == file.st_dev &&
            listed.st_ino == file.st_ino)
            return true;
    }
    return false;
}

static emp_status append(struct emp_texts *list, size_t *capacity, const char *path,
                         emp_error *error)
{
    if (is_listed(list, path))
        return EMP_OK;
    emp_status status =
        emp__grow_array(&list->items, capacity, list->count + 1, sizeof *list->items, error);
    if (status != EMP_OK)
        return status;
    status = emp__copy_text(&list->items[list->count], path, strlen(path), error);
    if (status == EMP_OK)
        list->count++;
    return status;
}

static emp_status expand(const char *pattern, struct emp_texts *list, size_t *capacity,
                         emp_error *error)
{
    glob_t matches = {0};
    /* A pattern that matches nothing may still be the name of a file, such as "sales[1].csv". */
    int flags = access(pattern, F_OK) == 0 ? GLOB_NOSORT | GLOB_NOCHECK : GLOB_NOSORT;
    int result = glob(pattern, flags, NULL, &matches);
    emp_status status = EMP_OK;
    if (result == GLOB_NOSPACE)
        status = emp__fail_memory(error, strlen(pattern));
    else if (result != 0)
        status = emp__fail_at(error, EMP_ERR_NO_INPUT, (struct emp_place){.file = pattern},
                              strpbrk(pattern, "*?[") ? "no file matches this pattern"
                                                      : "there is no such file");
    if (status == EMP_OK)
        qsort(matches.gl_pathv, matches.gl_pathc, sizeof *matches.gl_pathv, compare_paths);
    for (size_t i = 0; i < matches.gl_pathc && status == EMP_OK; i++)
        status = append(list, capacity, matches.gl_pathv[i], error);
    globfree(&matches);
    return status;
}

emp_status emp__file_list(const struct emp_texts *patterns, const char *folder,
                          struct emp_texts *out, emp_error *error)
{
    struct emp_texts list = {0};
    size_t capacity = 0;
    emp_status status = EMP_OK;
    for (size_t i = 0; i < patterns->count && status == EMP_OK; i++) {
        const char *pattern = patterns->items[i];
        if (strcmp(pattern, "-") == 0) {
            status = append(&list, &capacity, pattern, error);
            continue;
        }
        char *full = NULL;
        if (pattern[0] == '/' || strcmp(folder, ".") == 0)
            status = emp__copy_text(&full, pattern, strlen(pattern), error);
        else
            status = emp__format_text(&full, error, "%s/%s", folder, pattern);
        if (status == EMP_OK)
            status = expand(full, &list, &capacity, error);
        free(full);
    }
    if (status == EMP_OK)
        *out = list;
    else
        emp__texts_free(&list);
    return status;
}
