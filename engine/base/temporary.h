// SPDX-License-Identifier: Apache-2.0
/* Files without a name: they are gone with the process, however that ends. */
#ifndef EMP_BASE_TEMPORARY_H
#define EMP_BASE_TEMPORARY_H

#include <emptor/status.h>

/* Makes a file in the folder and opens it for reading and writing. EMP_ERR_CREATE if that fails. */
emp_status emp__temporary_file(const char *folder, int *out, emp_error *error);

#endif
