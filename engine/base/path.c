// SPDX-License-Identifier: Apache-2.0
#include "base/path.h"

#include <string.h>

#include "base/memory.h"

emp_status emp__path_above(const char *path, char **out, emp_error *error)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    const char *slash = memrchr(path, '/', length);
    if (!slash)
        return emp__copy_text(out, ".", 1, error);
    return emp__copy_text(out, path, slash == path ? 1 : (size_t)(slash - path), error);
}

emp_status emp__path_from(const char *folder, const char *path, char **out, emp_error *error)
{
    if (path[0] == '/' || strcmp(folder, ".") == 0)
        return emp__copy_text(out, path, strlen(path), error);
    return emp__format_text(out, error, "%s/%s", folder, path);
}
