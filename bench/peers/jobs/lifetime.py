# SPDX-License-Identifier: Apache-2.0
"""What the jobs of lifetime models share. Import it first: it sets the number of threads.

A job is called as SCRIPT FILE MODEL THREADS: a file of doubles, all x, all t_x, all T; `bgnbd` or
`paretonbd`; how many threads. The clock runs over the fit alone, after a short one that has loaded
and compiled what there is.

The log-likelihood is computed here, from the parameters.
"""
import json
import os
import resource
import sys
import time
import warnings

FILE, MODEL, THREADS = sys.argv[1], sys.argv[2], int(sys.argv[3])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)

import numpy
from scipy.special import betaln, gammaln, hyp2f1

WARM_UP = 2_000  # customers


def bgnbd(x, t_x, age, r, alpha, a, b):
    """Fader, Hardie & Lee 2005, equation (6)."""
    start = gammaln(r + x) - gammaln(r) + r * numpy.log(alpha)
    alive = betaln(a, b + x) - betaln(a, b) - (r + x) * numpy.log(alpha + age)
    left = numpy.where(x > 0, betaln(a + 1, b + numpy.maximum(x, 1) - 1) - betaln(a, b)
                       - (r + x) * numpy.log(alpha + t_x), -numpy.inf)
    return float((start + numpy.logaddexp(alive, left)).sum())


def paretonbd(x, t_x, age, r, alpha, s, beta):
    """Fader & Hardie 2005, "A note on deriving the Pareto/NBD model", equations (17) to (19)."""
    most, least = max(alpha, beta), abs(alpha - beta)
    second = s + 1 if alpha >= beta else r + x
    total = r + s + x

    def part(time):
        return hyp2f1(total, second, total + 1, least / (most + time)) / (most + time) ** total

    with_death = part(t_x) - part(age)
    start = gammaln(r + x) - gammaln(r) + r * numpy.log(alpha) + s * numpy.log(beta)
    alive = -(r + x) * numpy.log(alpha + age) - s * numpy.log(beta + age)
    dead = numpy.log(s / total) + numpy.log(numpy.maximum(with_death, 1e-300))
    return float((start + numpy.logaddexp(alive, dead)).sum())


def run(version, fit):
    """fit(x, t_x, age) returns the four parameters."""
    warnings.simplefilter("ignore")
    x, t_x, age = numpy.fromfile(FILE).reshape(3, -1)
    fit(x[:WARM_UP], t_x[:WARM_UP], age[:WARM_UP])
    begun = time.perf_counter()
    parameters = fit(x, t_x, age)
    seconds = time.perf_counter() - begun
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    likelihood = bgnbd if MODEL == "bgnbd" else paretonbd
    answer = {"customers": len(x), "log_likelihood": likelihood(x, t_x, age, *parameters)}
    print(json.dumps({"seconds": seconds, "peak_kib": peak_kib, "version": version,
                      "answer": answer}))
