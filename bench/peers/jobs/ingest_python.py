# SPDX-License-Identifier: Apache-2.0
"""Python's standard library: slow, but plainly right. The smoke test checks ours against it."""
import csv
import datetime
import platform

import common

EPOCH = datetime.date(1970, 1, 1).toordinal()


def read_customers(job):
    """Of each id: [purchases, cents, last day, first day]."""
    customers = {}
    with open(job.file, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            units, _, cents = row["amount"].partition(".")
            day = datetime.date.fromisoformat(row["date"][:10]).toordinal() - EPOCH
            sums = customers.setdefault(row["customer_id"], [0, 0, day, day])
            sums[0] += 1
            sums[1] += int(units + cents.ljust(2, "0"))
            sums[2] = max(sums[2], day)
            sums[3] = min(sums[3], day)
    return customers


def answer_of(customers):
    answer = {"customers": len(customers), "purchases": 0, "cents": 0, "last_days": 0,
              "first_days": 0, "purchases_squared": 0, "purchases_last": 0, "purchases_cents": 0,
              "ids_last": 0, "ids_cents": 0}
    for text, (purchases, cents, last, first) in customers.items():
        number = int(text.removeprefix("C-")) % common.REMAINDER
        answer["purchases"] += purchases
        answer["cents"] += cents
        answer["last_days"] += last
        answer["first_days"] += first
        answer["purchases_squared"] += purchases * purchases
        answer["purchases_last"] += purchases * last
        answer["purchases_cents"] += purchases * cents
        answer["ids_last"] += number * last
        answer["ids_cents"] += number * cents
    return answer


def main():
    job = common.Job()
    job.begin()
    customers = read_customers(job)
    job.end()
    job.report(platform.python_version(), answer_of(customers))


main()
