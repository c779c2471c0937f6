# SPDX-License-Identifier: Apache-2.0
"""DuckDB: the whole run, from transactions to customers.csv with scores and segments.

The same columns and rules as emptor's defaults: five bins by quantiles of type 7, a value equal to
a cut in the lower bin, the default table of segments, customers in order of id. A score is one more
than the number of cuts below the value. Amounts are DECIMAL, as the file must hold exact money; the
quantiles are computed on doubles, since of DECIMAL they would be rounded to cents.
"""
import duckdb

import common
import duckdb_source

SUMMARY = """
CREATE TABLE rfm AS
SELECT customer_id, min(date) AS first_purchase, max(date) AS last_purchase,
       count(*) AS frequency, sum(amount) AS monetary
FROM {source} GROUP BY customer_id"""

CUTS = """
CREATE TABLE cuts AS
SELECT any_value(today) AS today,
       quantile_cont(date_diff('day', last_purchase, today), [0.2, 0.4, 0.6, 0.8]) AS r,
       quantile_cont(frequency, [0.2, 0.4, 0.6, 0.8]) AS f,
       quantile_cont(CAST(monetary AS DOUBLE), [0.2, 0.4, 0.6, 0.8]) AS m
FROM rfm, (SELECT max(last_purchase) + 1 AS today FROM rfm)"""

EXPORT = """
COPY (
    WITH measured AS (
        SELECT *, date_diff('day', last_purchase, DATE '{today}') AS recency_days FROM rfm
    ), scored AS (
        SELECT *, 6 - ({r}) AS r_score, {f} AS f_score, {m} AS m_score FROM measured
    )
    SELECT customer_id, first_purchase, last_purchase, recency_days, frequency, monetary,
           r_score, f_score, m_score,
           100 * r_score + 10 * f_score + m_score AS rfm_cell,
           (r_score + f_score + m_score) / 3 AS rfm_score,
           CASE WHEN r_score >= 4 AND f_score >= 4 THEN 'Champions'
                WHEN r_score = 3 AND f_score >= 4 THEN 'Loyal'
                WHEN r_score >= 4 AND f_score >= 2 THEN 'Potential loyal'
                WHEN r_score = 5 THEN 'New'
                WHEN r_score = 4 THEN 'Promising'
                WHEN r_score = 3 AND f_score = 3 THEN 'Need attention'
                WHEN r_score = 3 THEN 'About to sleep'
                WHEN f_score = 5 THEN 'Cannot lose'
                WHEN f_score >= 3 THEN 'At risk'
                WHEN r_score = 2 THEN 'Hibernating'
                ELSE 'Lost' END AS rfm_segment
    FROM scored ORDER BY customer_id
) TO '{out}' (FORMAT csv, HEADER)"""


def score(value, cuts):
    return "1 + " + " + ".join(f"CAST({value} > {cut!r} AS INTEGER)" for cut in cuts)


def main():
    job = common.Job()
    job.begin()
    connection = duckdb_source.connect(job)
    connection.execute(SUMMARY.format(source=duckdb_source.read_csv(job, "DECIMAL(18,2)")))
    connection.execute(CUTS)
    today, r, f, m = connection.execute("SELECT today, r, f, m FROM cuts").fetchone()
    connection.execute(EXPORT.format(
        today=today, out=job.out, r=score("recency_days", r), f=score("frequency", f),
        m=score("CAST(monetary AS DOUBLE)", m)))
    job.end()
    job.report(duckdb.__version__, {})


main()
