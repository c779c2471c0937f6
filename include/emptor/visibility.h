// SPDX-License-Identifier: Apache-2.0
/* EMP_API marks what the shared library exports; everything else is compiled hidden. */
#ifndef EMPTOR_VISIBILITY_H
#define EMPTOR_VISIBILITY_H

#if defined(__GNUC__)
#define EMP_API __attribute__((visibility("default")))
#else
#define EMP_API
#endif

#endif
