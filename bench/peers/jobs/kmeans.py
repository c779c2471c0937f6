# SPDX-License-Identifier: Apache-2.0
"""What the jobs of k-means share. Import it first: it sets the number of threads.

A job is called as SCRIPT FILE COLUMNS K THREADS ITERATIONS: a file of doubles, row by row; how many
columns; how many centres, which start from the first rows; how many threads; and the most
iterations, as many as ours took. The clock runs over the fit alone, in memory that a short fit
before it has touched. The inertia is computed here, from the centres, in double.
"""
import json
import os
import resource
import sys
import time

FILE = sys.argv[1]
COLUMNS, K, THREADS, ITERATIONS = (int(word) for word in sys.argv[2:6])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)

import numpy

WARM_UP = 3  # iterations


def inertia_of(x, centres):
    total, step = 0.0, 100_000
    for begin in range(0, len(x), step):
        rows = x[begin:begin + step]
        best = numpy.full(len(rows), numpy.inf)
        for centre in centres:
            numpy.minimum(best, ((rows - centre) ** 2).sum(axis=1), out=best)
        total += float(best.sum())
    return total


def run(version, fit):
    """fit(x, start, iterations) returns the centres and how many iterations there were."""
    x = numpy.fromfile(FILE).reshape(-1, COLUMNS)
    start = x[:K].copy()
    fit(x, start, WARM_UP)
    begun = time.perf_counter()
    centres, iterations = fit(x, start, ITERATIONS)
    seconds = time.perf_counter() - begun
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = {"points": len(x), "inertia": inertia_of(x, numpy.asarray(centres, dtype="float64"))}
    print(json.dumps({"seconds": seconds, "peak_kib": peak_kib, "version": version,
                      "iterations": iterations, "answer": answer}))
