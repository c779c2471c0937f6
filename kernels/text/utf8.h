// SPDX-License-Identifier: Apache-2.0
/* Whether bytes are well-formed UTF-8 (RFC 3629): no overlong form, no surrogate, <= U+10FFFF. */
#ifndef EMP_TEXT_UTF8_H
#define EMP_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Needs no slack behind the text. ASCII costs about 0.04 ns a byte, anything else 0.8 ns. */
bool emp__utf8_valid(const char *text, size_t length);
bool emp__utf8_valid_plain(const char *text, size_t length);

#endif
