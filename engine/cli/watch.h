// SPDX-License-Identifier: Apache-2.0
/*
 * What stands beside a long call: signals that cancel it, the progress bar, messages, and the last
 * line about time and memory.
 */
#ifndef EMP_CLI_WATCH_H
#define EMP_CLI_WATCH_H

#include <signal.h>

#include "command.h"

struct cli_watch {
    bool quiet, verbose;
    bool bar;                 /* a progress bar is wanted: standard error is a terminal */
    bool bar_shown;           /* and it stands on the last line */
    double begun, last_shown; /* seconds on a clock that only goes forward */
    struct sigaction old_interrupt, old_terminate;
};

/*
 * Begins: from now on SIGINT and SIGTERM are noted instead of ending the process, and the options
 * are given callbacks that look for them, draw and print. One watch at a time.
 */
void cli_watch_begin(struct cli_watch *watch, struct cli_line *line);

/*
 * Ends: takes the bar away, prints the last line (unless --quiet), and gives the signals back: if
 * one was noted, the process dies of it here.
 */
void cli_watch_end(struct cli_watch *watch);

#endif
