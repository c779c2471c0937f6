# SPDX-License-Identifier: Apache-2.0
"""What the jobs in Python share: their arguments, the clock, and the answer that is compared.

A job is called as SCRIPT FILE IDS TIMES THREADS OUT: the file of transactions; `integer` or `text`;
`date` or `datetime`; how many threads; where a job that writes a file shall write it.
"""
import json
import resource
import sys
import time

REMAINDER = 1009  # keeps the sums that involve ids below 2^53, where R's doubles are exact


class Job:
    def __init__(self):
        self.file, self.ids, self.times, threads, self.out = sys.argv[1:6]
        self.threads = int(threads)
        self.header = read_header(self.file)

    def begin(self):
        self.begun = time.perf_counter()

    def end(self):
        self.seconds = time.perf_counter() - self.begun
        self.peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def report(self, version, answer):
        print(json.dumps({"seconds": self.seconds, "peak_kib": self.peak_kib,
                          "version": version, "answer": answer}))


def read_header(path):
    """The column names of a plain file; None of a compressed one."""
    with open(path, "rb") as file:
        line = file.readline()
    try:
        return line.decode("ascii").strip().split(",")
    except UnicodeDecodeError:
        return None


def customers_answer(ids, purchases, cents, last, first):
    """The sums that are compared, of int64 arrays of numpy with one item for each customer."""
    short_ids = ids % REMAINDER
    sums = {
        "purchases": purchases,
        "cents": cents,
        "last_days": last,
        "first_days": first,
        "purchases_squared": purchases * purchases,
        "purchases_last": purchases * last,
        "purchases_cents": purchases * cents,
        "ids_last": short_ids * last,
        "ids_cents": short_ids * cents,
    }
    return {"customers": len(ids), **{name: int(values.sum()) for name, values in sums.items()}}
