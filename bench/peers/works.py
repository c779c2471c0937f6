# SPDX-License-Identifier: Apache-2.0
"""What is compared: the files, the contenders, the works, the targets. A new one is a line here.

A peer doing a task is the script jobs/TASK_PEER.py (or .R); jobs/common.py says how it is called
and what it prints. So another peer is a line in PEERS and a script, and another work is a line in WORKS
and, if its task is new, a script for each peer and our side of it in contenders.py.
"""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Data:
    """A file made by `emptor generate`; `keep` are the numbers of the columns that stay in it."""
    options: str
    customers: int
    sets: tuple = ()
    keep: str = ""
    ids: str = "integer"
    times: str = "date"
    packed: str = ""  # made by this program out of the file of the name before the dot
    about: str = ""
    least = 5  # customers


@dataclass(frozen=True)
class Points:
    """A file of doubles made by kmeans_job: points in that many columns, around so many places."""
    columns: int
    places: int
    customers: int = 1_000_000
    packed: str = ""
    least = 5

    @property
    def about(self):
        return f"points in {self.columns} columns around {self.places} places"


@dataclass(frozen=True)
class Rows:
    """A file of doubles made by logistic_job: columns of that kind and labels."""
    columns: int
    kind: str
    customers: int = 1_000_000
    packed: str = ""

    @property
    def least(self):
        """With fewer rows the labels may be separated."""
        return 50 * self.columns

    @property
    def about(self):
        return f"{self.columns} {KINDS[self.kind]}"


@dataclass(frozen=True)
class Lifetimes:
    """A file of doubles made by lifetime_job: x, t_x and T of customers, in days or at any moment."""
    kind: str
    customers: int = 1_000_000
    packed: str = ""
    least = 20_000  # with fewer the data may not tell all parameters

    @property
    def about(self):
        times = "whole days" if self.kind == "days" else "days and parts of them"
        return f"x, t_x and T of customers in {times}"


KINDS = {
    "plain": "columns, every third of them 0 or 1, and labels",
    "ill": "columns of units from 1e-2 to 1e2, correlated by .99, and labels",
    "sparse": "columns, of which every fifth matters, and labels",
}

DATA = {
    "wide": Data("datasets/large.yaml", 5_000_000, ("columns=full",), "1,2,3,5,7",
                 about="integer ids, ISO dates, amounts, products, channels"),
    "narrow": Data("datasets/large.yaml", 5_000_000,
                   about="integer ids, ISO dates, amounts and nothing else"),
    "text": Data("datasets/large-text.yaml", 5_000_000, ids="text", times="datetime",
                 about="text ids, date-times, amounts"),
    "quoted": Data("datasets/quoted.yaml", 1_250_000, ids="text",
                   about="eight columns, texts in quotes, rows shuffled"),
    "wide.gz": Data("datasets/large.yaml", 5_000_000, packed="gzip", about="the same as wide"),
    "wide.zst": Data("datasets/large.yaml", 5_000_000, packed="zstd", about="the same as wide"),
    "points-3-5": Points(3, 5),
    "points-8-8": Points(8, 8),
    "points-16-16": Points(16, 16),
    "points-32-64": Points(32, 64),
    "many-3-5": Points(3, 5, 5_000_000),
    "many-8-8": Points(8, 8, 5_000_000),
    "many-16-16": Points(16, 16, 5_000_000),
    "rows-20": Rows(20, "plain"),
    "rows-100": Rows(100, "plain"),
    "rows-ill-20": Rows(20, "ill"),
    "rows-sparse-50": Rows(50, "sparse"),
    "many-rows-20": Rows(20, "plain", 5_000_000),
    "many-rows-100": Rows(100, "plain", 5_000_000),
    "lifetimes-days": Lifetimes("days"),
    "lifetimes-continuous": Lifetimes("continuous"),
}


@dataclass(frozen=True)
class Peer:
    title: str
    needs: str  # "venv": requirements.txt; "r:PACKAGE": R with it; "python": nothing
    rounds: int = 0  # the most rounds it gets, where it is slow
    close: float = 1e-9  # the relative error that numbers with a fraction may have in its answer


PEERS = {
    "duckdb": Peer("DuckDB", "venv"),
    "polars": Peer("Polars", "venv"),
    "pandas": Peer("pandas", "venv", rounds=1),
    "datatable": Peer("data.table", "r:data.table", rounds=1),
    "python": Peer("Python, standard library", "python", rounds=1),
    "sklearn": Peer("scikit-learn, Lloyd", "venv", rounds=3),
    "elkan": Peer("scikit-learn, Elkan", "venv", rounds=3),
    "intelex": Peer("scikit-learn-intelex", "venv"),
    "faiss": Peer("faiss, in float", "venv", close=1e-4),
    "lbfgs": Peer("scikit-learn, lbfgs", "venv", rounds=3, close=1e-8),
    "newton": Peer("scikit-learn, newton-cholesky", "venv", rounds=3, close=1e-8),
    "intelex-lbfgs": Peer("scikit-learn-intelex, lbfgs", "venv", rounds=3, close=1e-8),
    "liblinear": Peer("liblinear", "venv", rounds=1, close=1e-8),
    "statsmodels": Peer("statsmodels, Newton", "venv", rounds=1, close=1e-8),
    "glm": Peer("R, glm.fit", "r:stats", rounds=1, close=1e-8),
    "lifetimes": Peer("lifetimes", "venv", rounds=1, close=1e-6),
    "glmnet": Peer("glmnet", "r:glmnet", rounds=1, close=1e-8),
}

# Programs that set a mark without doing the work: the command, FILE put in, and its title.
YARDSTICKS = {
    "wc": (["wc", "-l", "FILE"], "wc -l"),
    "gzip": (["gzip", "-dc", "FILE"], "gzip -d"),
    "zstd": (["zstd", "-dcq", "FILE"], "zstd -d"),
}


@dataclass(frozen=True)
class Target:
    """`than` is another contender of the work, or "peers": the fastest of them. Kinds:

    slower_at_most, faster_at_least: ours than `than`, `bound` times
    costs_at_most: `than`, a variant of ours, takes `bound` times as long as ours
    peak_at_most: our peak memory is `bound` times that of `than`
    budget: the peak memory of `than` is `bound` times its budget
    """
    kind: str
    bound: float
    than: str


@dataclass(frozen=True)
class Work:
    title: str
    data: str
    task: str = "ingest"
    peers: tuple = ()
    yardsticks: tuple = ()
    variants: tuple = ()  # of ours: "1 thread", "little memory", "churn"
    penalty: float = 0  # of a fit lambda, of a path alpha
    model: str = ""  # of lifetimes
    astray: tuple = ()  # peers that are known to end elsewhere: shown, and no failure
    targets: tuple = field(default=())
    note: str = ""


ALL = ("duckdb", "polars", "pandas", "datatable")
CLUSTERING = ("sklearn", "elkan", "intelex", "faiss")


def clustering(data, sklearn, fastest):
    """A fit of k-means, and how many times as fast it shall be."""
    points = DATA[data]
    title = f"k-means, {points.customers // 1_000_000} million points"
    return Work(
        title, data, task="kmeans", peers=CLUSTERING,
        targets=(Target("faster_at_least", sklearn, "sklearn"),
                 Target("faster_at_least", sklearn, "elkan"),
                 Target("faster_at_least", fastest, "peers")),
        note="From the same centres, until no label changes or 300 iterations are over.")


REGRESSION = ("lbfgs", "newton", "intelex-lbfgs", "liblinear", "statsmodels", "glm")


def regression(data, faster, penalty=0, peers=REGRESSION):
    """A fit of logistic regression, and how many times as fast it shall be."""
    rows = DATA[data]
    title = f"Logistic regression, {rows.customers // 1_000_000} million rows"
    return Work(
        f"{title}, ridge" if penalty else title, data, task="logistic", peers=peers,
        penalty=penalty, targets=(Target("faster_at_least", faster, "peers"),),
        note=f"lambda {penalty:g}." if penalty else "Without a penalty.")


def lifetimes(title, data, model, faster):
    """A fit of a model of lifetimes, and how many times as fast it shall be."""
    return Work(
        f"{title}, 1 million customers", data, task="lifetime", model=model, peers=("lifetimes",),
        targets=(Target("faster_at_least", faster, "lifetimes"),),
        note="Maximum likelihood; ours merges customers who are the same to the model, in its time.")


WORKS = {
    "ingest": Work(
        "File to RFM table in memory", "wide", peers=ALL, yardsticks=("wc",),
        targets=(Target("slower_at_most", 3, "wc"), Target("faster_at_least", 9, "peers"),
                 Target("peak_at_most", 1, "duckdb"))),
    "ingest-narrow": Work(
        "The same without columns to skip", "narrow", peers=("duckdb", "datatable"),
        yardsticks=("wc",)),
    "ingest-text": Work(
        "The same with text ids and date-times", "text", peers=ALL, yardsticks=("wc",),
        targets=(Target("faster_at_least", 9, "peers"),),
        note="The peers keep the last time to the second; the table of emptor shows the day."),
    "ingest-gz": Work(
        "The same from .gz", "wide.gz", peers=("duckdb",), yardsticks=("gzip",),
        targets=(Target("slower_at_most", 1.15, "gzip"),)),
    "ingest-zst": Work(
        "The same from .zst", "wide.zst", peers=("duckdb",), yardsticks=("zstd",),
        targets=(Target("slower_at_most", 1.15, "zstd"),)),
    "ingest-quoted": Work(
        "The same with quotes in every row", "quoted", peers=ALL, yardsticks=("wc",),
        targets=(Target("faster_at_least", 1, "duckdb"),)),
    "ingest-threads": Work(
        "The second thread", "wide", variants=("1 thread",),
        targets=(Target("faster_at_least", 1.8, "1 thread"),),
        note="Met only where all threads are two; with more of them it is their joint gain."),
    "run": Work(
        "Whole run: file to scores, segments and customers.csv", "wide", task="run",
        peers=("duckdb",), targets=(Target("faster_at_least", 8, "duckdb"),),
        note="Time of the whole process, its start included."),
    "spill": Work(
        "Whole run with little memory", "wide", task="run", variants=("little memory",),
        targets=(Target("costs_at_most", 2, "little memory"),
                 Target("budget", 1.1, "little memory")),
        note="The budget is a quarter of what the run takes without one, or --memory."),
    "kmeans-3-5": clustering("points-3-5", 8, 4),
    "kmeans-8-8": clustering("points-8-8", 8, 4),
    "kmeans-16-16": clustering("points-16-16", 8, 4),
    "kmeans-32-64": clustering("points-32-64", 4, 2),
    "kmeans-many-3-5": clustering("many-3-5", 8, 4),
    "kmeans-many-8-8": clustering("many-8-8", 8, 4),
    "kmeans-many-16-16": clustering("many-16-16", 8, 4),
    "logistic-20": regression("rows-20", 4),
    "logistic-ridge-20": regression("rows-20", 4, 0.01, REGRESSION[:4]),
    "logistic-100": regression("rows-100", 3, peers=REGRESSION[:3]),
    "logistic-many-20": regression("many-rows-20", 4, peers=REGRESSION[:3]),
    "logistic-many-100": regression("many-rows-100", 3, peers=REGRESSION[:3]),
    "logistic-ill": Work(
        "Logistic regression, columns that are unscaled and correlated", "rows-ill-20",
        task="logistic", peers=("lbfgs", "newton", "intelex-lbfgs", "statsmodels", "glm"),
        astray=("lbfgs", "intelex-lbfgs"), targets=(Target("faster_at_least", 4, "newton"),),
        note="Without a penalty. lbfgs ends after 300 iterations, wherever it is."),
    "logistic-path": Work(
        "Elastic-net path of 100 penalties", "rows-sparse-50", task="path", penalty=0.5,
        peers=("glmnet",), targets=(Target("faster_at_least", 3, "glmnet"),),
        note="alpha 0.5; the log-likelihood that is compared is the mean over the path."),
    "bgnbd": lifetimes("BG/NBD", "lifetimes-days", "bgnbd", 200),
    "bgnbd-continuous": lifetimes(
        "BG/NBD on continuous times", "lifetimes-continuous", "bgnbd", 100),
    "paretonbd": lifetimes("Pareto/NBD", "lifetimes-days", "paretonbd", 200),
    "churn": Work(
        "From the history to churn scores, beside the RFM run", "wide", task="run",
        variants=("churn",), targets=(Target("costs_at_most", 3, "churn"),),
        note="Features at the cut-off, labels, fit, 5 folds, evaluation and scores."),
    "ltv": Work(
        "From the history to lifetime values, beside the RFM run", "wide", task="run",
        variants=("ltv",), targets=(Target("costs_at_most", 2, "ltv"),),
        note="All models, the choice, spend, values with intervals, and customers.csv with them."),
}

SMOKE = {
    "scale": 0.0004, "rounds": 1,
    "peers": {"ingest": ("python",), "ingest-text": ("python",), "ingest-quoted": ("python",)},
}
