# SPDX-License-Identifier: Apache-2.0
# What the jobs of logistic regression in R share; logistic.py says what they are and print.

arguments <- commandArgs(TRUE)
columns <- as.integer(arguments[2])
penalty <- as.numeric(arguments[3])

# The rows with a column of ones before them, and their labels.
read_rows <- function() {
  values <- file.size(arguments[1]) / 8
  rows <- values / (columns + 1)
  all <- readBin(arguments[1], "double", values)
  list(x = matrix(c(rep(1, rows), all[seq_len(rows * columns)]), rows),
       y = all[rows * columns + seq_len(rows)])
}

# The sum of y eta - log(1 + e^eta), eta being x times the coefficients, of which there may be
# several columns; the mean over these.
log_likelihood_of <- function(x, y, coefficients) {
  eta <- x %*% coefficients
  sum(y * eta - pmax(eta, 0) - log1p(exp(-abs(eta)))) / NCOL(coefficients)
}

peak_kib <- function() {
  status <- readLines("/proc/self/status")
  as.numeric(gsub("[^0-9]", "", grep("^VmHWM", status, value = TRUE)))
}

report <- function(seconds, peak, version, answer) {
  items <- paste0('"', names(answer), '": ', sprintf("%.17g", unlist(answer)), collapse = ", ")
  cat(sprintf('{"seconds": %.3f, "peak_kib": %.0f, "version": "%s", "answer": {%s}}\n', seconds,
              peak, version, items))
}
