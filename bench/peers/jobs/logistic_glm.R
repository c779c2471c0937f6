# SPDX-License-Identifier: Apache-2.0
# R: glm.fit, which is glm without the making of the matrix, with epsilon 1e-10.
folder <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(folder, "logistic.R"))

rows <- read_rows()
begun <- proc.time()[["elapsed"]]
fitted <- glm.fit(rows$x, rows$y, family = binomial(), control = glm.control(epsilon = 1e-10))
seconds <- proc.time()[["elapsed"]] - begun
peak <- peak_kib()
report(seconds, peak, as.character(getRversion()),
       list(rows = length(rows$y),
            log_likelihood = log_likelihood_of(rows$x, rows$y, fitted$coefficients)))
