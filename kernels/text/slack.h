// SPDX-License-Identifier: Apache-2.0
/* How far the fast text kernels may look beyond the end of a text. */
#ifndef EMP_TEXT_SLACK_H
#define EMP_TEXT_SLACK_H

/*
 * Bytes readable behind any text handed to a fast text kernel; their value does not matter, and
 * they are never written. The plain twins need none, and neither does a kernel whose header says
 * so.
 */
#define EMP_TEXT_SLACK 64

#endif
