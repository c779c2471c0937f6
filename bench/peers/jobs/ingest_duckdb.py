# SPDX-License-Identifier: Apache-2.0
"""DuckDB: transactions to one row for each customer, in a table in memory.

Settings: the columns are declared, so nothing is sniffed; columns that are not asked for are not
decoded (projection pushdown); the order of rows need not be kept; amounts are doubles, which was
some 10 % faster than DECIMAL(18,2) and is exact here once rounded to cents. No memory limit but the
default, 80 % of the machine.
"""
import duckdb

import common
import duckdb_source

SUMMARY = """
CREATE TABLE rfm AS
SELECT customer_id, count(*) AS purchases, sum(amount) AS money,
       max(date) AS last, min(date) AS first
FROM {source} GROUP BY customer_id"""

ANSWER = """
SELECT {id} AS id, purchases, CAST(round(money * 100) AS BIGINT) AS cents,
       date_diff('day', DATE '1970-01-01', CAST(last AS DATE)) AS last,
       date_diff('day', DATE '1970-01-01', CAST(first AS DATE)) AS first
FROM rfm"""


def main():
    job = common.Job()
    job.begin()
    connection = duckdb_source.connect(job)
    connection.execute(SUMMARY.format(source=duckdb_source.read_csv(job, "DOUBLE")))
    job.end()
    number = "CAST(substr(customer_id, 3) AS BIGINT)" if job.ids == "text" else "customer_id"
    rows = connection.execute(ANSWER.format(id=number)).fetchnumpy()
    columns = [rows[name].astype("int64") for name in ("id", "purchases", "cents", "last", "first")]
    job.report(duckdb.__version__, common.customers_answer(*columns))


main()
