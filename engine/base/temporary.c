// SPDX-License-Identifier: Apache-2.0
#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"

/* For file systems that cannot make a file without a name. */
static emp_status named_and_removed(const char *folder, int *out, emp_error *error)
{
    char *path = NULL;
    emp_status status = emp__format_text(&path, error, "%s/emptor-XXXXXX", folder);
    if (status != EMP_OK)
        return status;
    *out = mkostemp(path, O_CLOEXEC);
    if (*out >= 0)
        unlink(path);
    free(path);
    return EMP_OK;
}

emp_status emp__temporary_file(const char *folder, int *out, emp_error *error)
{
    int made = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (made < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
        emp_status status = named_and_removed(folder, &made, error);
        if (status != EMP_OK)
            return status;
    }
    if (made < 0)
        return emp__fail_errno(error, EMP_ERR_CREATE, folder,
                               "make a temporary file in the folder");
    *out = made;
    return EMP_OK;
}
