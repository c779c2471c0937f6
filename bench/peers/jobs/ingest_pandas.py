# SPDX-License-Identifier: Apache-2.0
"""pandas: transactions to one row for each customer, in a data frame in memory.

Settings: the reader of Arrow, only the columns needed, and Arrow's types kept: as fast as any other
way for integer ids and dates, and several times faster than the reader `c` for text ids and
date-times. Groups are not sorted.
"""
import pandas
import pyarrow

import common

TIMES = {"date": "date32[pyarrow]", "datetime": "timestamp[s][pyarrow]"}


def summary(job):
    types = {
        "customer_id": "string[pyarrow]" if job.ids == "text" else "int64[pyarrow]",
        "date": TIMES[job.times],
        "amount": "float64[pyarrow]",
    }
    rows = pandas.read_csv(job.file, engine="pyarrow", dtype_backend="pyarrow",
                           usecols=list(types), dtype=types)
    return rows.groupby("customer_id", sort=False).agg(
        purchases=("amount", "size"), money=("amount", "sum"),
        last=("date", "max"), first=("date", "min"))


def days(job, column):
    """Days since 1970-01-01. By way of Arrow's integers: pandas turns dates into objects first."""
    if job.times == "date":
        return column.astype("int32[pyarrow]").to_numpy("int64")
    return column.astype("int64[pyarrow]").to_numpy("int64") // 86400


def main():
    job = common.Job()
    pyarrow.set_cpu_count(job.threads)
    job.begin()
    table = summary(job)
    job.end()
    ids = table.index.to_series()
    ids = ids.str.slice(2).astype("int64") if job.ids == "text" else ids.astype("int64")
    cents = (table["money"].astype("float64") * 100).round().astype("int64")
    job.report(pandas.__version__, common.customers_answer(
        ids.to_numpy(), table["purchases"].astype("int64").to_numpy(), cents.to_numpy(),
        days(job, table["last"]), days(job, table["first"])))


main()
