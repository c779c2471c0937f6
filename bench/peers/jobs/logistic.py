# SPDX-License-Identifier: Apache-2.0
"""What the jobs of logistic regression share. Import it first: it sets the number of threads.

A job is called as SCRIPT FILE COLUMNS LAMBDA THREADS: a file of doubles, column by column, the
labels last; how many columns without them; the ridge penalty, 0 being none; how many threads. The
clock runs over the fit alone, in memory that a short fit before it has touched.

The log-likelihood is computed here, from the coefficients, and is less the penalty: -n times what
is made least, mean deviance / 2 + LAMBDA |b|^2 / 2, the intercept not among b.
"""
import json
import os
import resource
import sys
import time
import warnings

FILE = sys.argv[1]
COLUMNS, LAMBDA, THREADS = int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)

import numpy

WARM_UP = 1  # iterations
MOST = 300  # iterations, several times what any fit that gets there takes


def log_likelihood_of(x, y, intercept, slopes):
    total, step = 0.0, 100_000
    for begin in range(0, len(x), step):
        eta = intercept + x[begin:begin + step] @ slopes
        total += float((y[begin:begin + step] * eta - numpy.logaddexp(0, eta)).sum())
    return total - len(x) * LAMBDA / 2 * float(slopes @ slopes)


def read():
    """The rows, one behind the other, and their labels."""
    columns = numpy.fromfile(FILE).reshape(COLUMNS + 1, -1)
    return numpy.ascontiguousarray(columns[:-1].T), columns[-1].copy()


def run(version, fit):
    """fit(x, y, most) returns the intercept, the slopes and how many iterations there were."""
    warnings.simplefilter("ignore")  # that a short fit has not converged
    x, y = read()
    fit(x, y, WARM_UP)
    begun = time.perf_counter()
    intercept, slopes, iterations = fit(x, y, MOST)
    seconds = time.perf_counter() - begun
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = {"rows": len(x),
              "log_likelihood": log_likelihood_of(x, y, float(intercept), numpy.ravel(slopes))}
    print(json.dumps({"seconds": seconds, "peak_kib": peak_kib, "version": version,
                      "iterations": int(iterations), "answer": answer}))


def strength(rows):
    """LAMBDA as scikit-learn has it: C, which stands before the sum of losses."""
    return 1 / (rows * LAMBDA) if LAMBDA > 0 else numpy.inf


def run_sklearn(version, estimator, **settings):
    """An estimator with the interface of scikit-learn's LogisticRegression."""
    def fit(x, y, most):
        model = estimator(**{"C": strength(len(x)), "max_iter": most, **settings}).fit(x, y)
        return model.intercept_[0], model.coef_[0], model.n_iter_[0]

    run(version, fit)
