# SPDX-License-Identifier: Apache-2.0
"""How the jobs of DuckDB open a file of transactions."""
import duckdb


def connect(job):
    connection = duckdb.connect()
    connection.execute(f"PRAGMA threads={job.threads}")
    connection.execute("SET preserve_insertion_order=false")
    return connection


def read_csv(job, amount_type):
    """The table function over the file. The header of a compressed file is left to DuckDB."""
    types = {
        "customer_id": "VARCHAR" if job.ids == "text" else "BIGINT",
        "date": "TIMESTAMP" if job.times == "datetime" else "DATE",
        "amount": amount_type,
    }
    if job.header is None:
        pairs = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        return f"read_csv('{job.file}', header=true, delim=',', types={{{pairs}}})"
    pairs = ", ".join(f"'{name}': '{types.get(name, 'VARCHAR')}'" for name in job.header)
    return (f"read_csv('{job.file}', auto_detect=false, header=true, delim=',', quote='\"', "
            f"escape='\"', columns={{{pairs}}})")
