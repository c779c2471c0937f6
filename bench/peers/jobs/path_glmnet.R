# SPDX-License-Identifier: Apache-2.0
# glmnet: a path of 100 penalties by coordinate descent, on one thread; the penalty is alpha.
#
# Settings: columns as they are (standardize = FALSE); the penalties of ours, computed here by its
# formula and given, so that the path has no early end; thresh 1e-8, because with its own 1e-7 the
# log-likelihood is not right to 1e-8 (1.03e-8 off).
folder <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(folder, "logistic.R"))
suppressMessages(library(glmnet))

rows <- read_rows()
x <- rows$x[, -1]
y <- rows$y
greatest <- max(abs(crossprod(x, y - mean(y)))) / length(y) / penalty
lambda <- greatest * 1e-4^(seq(0, 99) / 99)
begun <- proc.time()[["elapsed"]]
fitted <- glmnet(x, y, family = "binomial", alpha = penalty, lambda = lambda, standardize = FALSE,
                 thresh = 1e-8)
seconds <- proc.time()[["elapsed"]] - begun
peak <- peak_kib()
slopes <- as.matrix(fitted$beta)
costs <- lambda * (penalty * colSums(abs(slopes)) + (1 - penalty) / 2 * colSums(slopes^2))
fits <- log_likelihood_of(rows$x, y, rbind(fitted$a0, slopes))
report(seconds, peak, as.character(packageVersion("glmnet")),
       list(rows = length(y), penalties = length(fitted$a0),
            log_likelihood = fits - length(y) * mean(costs)))
