# SPDX-License-Identifier: Apache-2.0
# How everything is compiled, as one interface target.
add_library(emptor_flags INTERFACE)
target_compile_definitions(emptor_flags INTERFACE _GNU_SOURCE)
target_compile_options(emptor_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wvla -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Wwrite-strings -Wcast-align
    # A fused multiply-add rounds once where the source says twice: the same bytes on every machine
    # need the source's order and nothing else.
    -ffp-contract=off
    $<$<BOOL:${EMPTOR_WERROR}>:-Werror>)
if(EMPTOR_SANITIZE)
    target_compile_options(emptor_flags INTERFACE -fsanitize=${EMPTOR_SANITIZE}
        -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(emptor_flags INTERFACE -fsanitize=${EMPTOR_SANITIZE})
endif()
if(EMPTOR_COVERAGE)
    target_compile_options(emptor_flags INTERFACE --coverage)
    target_link_options(emptor_flags INTERFACE --coverage)
endif()
