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
    bool bar;        /* a progress bar is wanted: standard error is a terminal */
    bool bar_shown;  /* and it stands on the last line */
    double begun, last_shown; /* seconds on a clock that only goes forward */
    sigset_t old_mask;
};

/*
 * Begins: SIGINT and SIGTERM are held back from now on, and the options are given callbacks that
 * look for them. No handler and no global is needed: a signal that is held back can be seen.
 */
void cli_watch_begin(struct cli_watch *watch, struct cli_line *line);

/*
 * Ends: takes the bar away, prints the last line (unless --quiet), and lets the signals through: if
 * one was held back, the process dies of it here.
 */
void cli_watch_end(struct cli_watch *watch);

#endif
