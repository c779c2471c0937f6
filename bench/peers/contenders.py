# SPDX-License-Identifier: Apache-2.0
"""Who takes part in a work: ours, variants of ours, peers, yardsticks, each with its command."""
import hashlib
import json
import os
import shutil

import measure
import programs
import works
from measure import Contender

MIB = 1 << 20
LEAST_BUDGET = 64 * MIB  # below this the working memory of the threads counts for more

PARAMS = """\
input:
  transactions:
    files: {file}
    columns: {{customer: customer_id, time: date, amount: amount}}
{analysis}
output: {{folder: {folder}}}
"""


RFM = "rfm:"
CHURN = """\
analysis_date: 2025-01-01
churn:
  label: {horizon: 90d}
  features:
    - {name: recency_days, transform: log1p}
    - {name: frequency, transform: log1p}
    - {name: mean_purchase, transform: log1p}
    - tenure_days
  costs: {margin: 60, contact: 4, success: 0.15}"""

LTV = """\
analysis_date: 2025-01-01
ltv: {}"""

# What a peer frees is kept for its next use: fresh memory is slow on a virtual machine.
KEEP = ["env", "MALLOC_MMAP_MAX_=0", "MALLOC_TRIM_THRESHOLD_=1000000000000"]
REGRESSION = {"logistic": "fit", "path": "path"}  # task -> what logistic_job calls it


class Cast:
    """Makes the contenders of a work."""

    def __init__(self, found, files, work, options):
        self.found, self.files, self.work, self.options = found, files, work, options
        self.iterations = {}  # of k-means, by file
        self.version = programs.first_line([found.emptor, "--version"]).split()[-1]

    def of(self, name, peers):
        """All contenders of the work, ours first."""
        work = works.WORKS[name]
        file = self.files.path(work.data)
        ours = self.ours(work, file, self.options.threads)
        contenders = [ours] + [self.variant(variant, work, file) for variant in work.variants]
        if work.variants and self.options.confine:
            contenders += [self.confined(c) for c in contenders if c.budget]
        contenders += [self.yardstick(yardstick, file) for yardstick in work.yardsticks]
        return contenders + [self.peer(peer, work, file) for peer in peers]

    def ours(self, work, file, threads, budget=0):
        """Ours, as a job in memory or as a whole run."""
        if work.task == "kmeans":
            return self.clusterer(work, file, threads)
        if work.task in REGRESSION:
            return self.regression(work, file, threads)
        if work.task == "lifetime":
            return self.lifetime(work, file, threads)
        out = self.out("ours")
        params = self.write_params(file, out, "rfm", RFM)
        more = ["--threads", str(threads)]
        if work.task == "ingest":
            more += ["--memory", str(budget // MIB)] if budget else []
            return Contender("ours", "emptor", [self.found.emptor_job, *more, params], "ours",
                             version=self.version)
        more += ["--memory", f"{budget // MIB}M"] if budget else []
        return Contender(
            "ours", "emptor", [self.found.emptor, "run", "-q", *more, "--out", out, params], "ours",
            version=self.version, whole=True, before=lambda: remove(out),
            answer=lambda _: csv_answer(os.path.join(out, "customers.csv")))

    def clusterer(self, work, file, threads):
        points = works.DATA[work.data]
        return Contender(
            "ours", "emptor", [self.found.kmeans_job, "fit", file, str(points.columns),
                               str(points.places), str(threads)], "ours", version=self.version)

    def clustering_peer(self, name, work, file):
        """A peer with as many iterations as ours takes, and freed memory kept for the next use."""
        peer, points = works.PEERS[name], works.DATA[work.data]
        words = self.found.peer_command(work.task, name)
        if words and self.iterations.get(file) is None:
            trial = measure.run_once(self.ours(work, file, self.options.threads))
            self.iterations[file] = trial.answer["iterations"]
        return Contender(
            name, peer.title,
            [*KEEP, *words, file, str(points.columns), str(points.places),
             str(self.options.threads), str(self.iterations.get(file))], "peer",
            rounds=peer.rounds and min(peer.rounds, self.options.rounds), close=peer.close,
            problem="" if words else "not installed")

    def regression(self, work, file, threads):
        return Contender(
            "ours", "emptor", [self.found.logistic_job, REGRESSION[work.task], file,
                               str(works.DATA[work.data].columns), str(work.penalty), str(threads)],
            "ours", version=self.version)

    def regression_peer(self, name, work, file):
        peer = works.PEERS[name]
        words = self.found.peer_command(work.task, name)
        return Contender(
            name, peer.title,
            [*KEEP, *words, file, str(works.DATA[work.data].columns), str(work.penalty),
             str(self.options.threads)], "peer",
            rounds=peer.rounds and min(peer.rounds, self.options.rounds), close=peer.close,
            astray=name in work.astray, problem="" if words else "not installed")

    def lifetime(self, work, file, threads):
        return Contender("ours", "emptor", [self.found.lifetime_job, "fit", file, work.model,
                                            str(threads)], "ours", version=self.version)

    def lifetime_peer(self, name, work, file):
        peer = works.PEERS[name]
        words = self.found.peer_command(work.task, name)
        return Contender(
            name, peer.title, [*KEEP, *words, file, work.model, str(self.options.threads)], "peer",
            rounds=peer.rounds and min(peer.rounds, self.options.rounds), close=peer.close,
            problem="" if words else "not installed")

    def analysed(self, name, section, file):
        """A run with another analysis; its customers are those of the plain run."""
        out = self.out("ours")
        params = self.write_params(file, out, name, section)
        table = os.path.join(out, "customers.csv")
        return Contender(
            name, f"emptor, {name}", [self.found.emptor, "run", "-q", "--threads",
                                      str(self.options.threads), "--out", out, params], "variant",
            version=self.version, whole=True, before=lambda: remove(out),
            answer=lambda _: {"customers": csv_answer(table)["customers"]})

    def variant(self, name, work, file):
        if name in ("churn", "ltv"):
            return self.analysed(name, CHURN if name == "churn" else LTV, file)
        if name == "1 thread":
            contender = self.ours(work, file, 1)
        else:
            budget = self.budget(work, file)
            contender = self.ours(work, file, self.options.threads, budget)
            contender.budget = budget
            contender.title += f", --memory {budget // MIB}M"
        contender.title += ", 1 thread" if name == "1 thread" else ""
        contender.name, contender.kind = name, "variant"
        return contender

    def budget(self, work, file):
        """What was asked for, or a quarter of what a run takes that has no budget."""
        if self.options.memory:
            return self.options.memory
        trial = measure.run_once(self.ours(work, file, self.options.threads))
        return max(LEAST_BUDGET, trial.peak_kib * 1024 // 4 // MIB * MIB)

    def confined(self, contender):
        kind, size = self.options.confine
        return Contender(
            "confined", f"{contender.title}, {kind} {size // MIB}M",
            confine(kind, size, contender.command), "variant", version=contender.version,
            budget=contender.budget, before=contender.before, answer=contender.answer, whole=True)

    def without_budget(self, ours):
        """A sentence on what becomes of ours under the same limit without a budget."""
        kind, size = self.options.confine
        limit = f"Under {kind} {size // MIB}M without a budget"
        ours.before()
        try:
            measure.run_process(confine(kind, size, ours.command))
        except measure.Failed as failure:
            return f"{limit}: {failure}."
        return f"{limit} it ended well too."

    def clean(self):
        """Removes what the contenders have left behind."""
        remove(self.out("ours"))
        remove(self.out("peer"))
        if os.path.isdir(control_group()[0]):
            os.rmdir(control_group()[0])

    def peer(self, name, work, file):
        if work.task == "kmeans":
            return self.clustering_peer(name, work, file)
        if work.task in REGRESSION:
            return self.regression_peer(name, work, file)
        if work.task == "lifetime":
            return self.lifetime_peer(name, work, file)
        peer = works.PEERS[name]
        data = works.DATA[work.data]
        out = self.out("peer")
        words = self.found.peer_command(work.task, name)
        contender = Contender(
            name, peer.title,
            [*words, file, data.ids, data.times, str(self.options.threads), out], "peer",
            rounds=peer.rounds and min(peer.rounds, self.options.rounds),
            before=lambda: remove(out))
        if work.task == "run":
            contender.whole = True
            contender.answer = lambda _: csv_answer(out)
        if not words:
            contender.problem = "not installed"
        return contender

    def yardstick(self, name, file):
        command, title = works.YARDSTICKS[name]
        command = [file if word == "FILE" else word for word in command]
        version = programs.first_line([command[0], "--version"])
        version = version.removeprefix("*** ").split(", by")[0].split()[-1]
        return Contender(name, title, command, "yardstick", version=version, answer=line_answer)

    def out(self, name):
        return os.path.join(self.work, f"out-{name}")

    def write_params(self, file, out, name, analysis):
        path = os.path.join(self.work, f"{os.path.basename(file)}.{name}.yaml")
        with open(path, "w", encoding="utf-8") as params:
            params.write(PARAMS.format(file=json.dumps(os.path.abspath(file)),
                                       folder=json.dumps(os.path.abspath(out)),
                                       analysis=analysis))
        return path


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.exists(path):
        os.remove(path)


def line_answer(text):
    """`wc -l` counts the header too; a decompressor says nothing."""
    return {"purchases": int(text.split()[0]) - 1} if text else {}


def csv_answer(path):
    """The digest of a table, in which a whole number may be written with ".0" or without."""
    digest, lines, rest = hashlib.sha256(), 0, b""
    with open(path, "rb") as file:
        while block := file.read(MIB):
            whole, end, rest = (rest + block).rpartition(b"\n")
            lines += whole.count(b"\n") + len(end)
            digest.update((whole + end).replace(b".0,", b","))
    digest.update(rest)
    return {"customers": lines - 1, "sha256 of customers.csv": digest.hexdigest()}


def control_group():
    """(folder of our control group, file of its limit), in either version of them."""
    if os.path.exists("/sys/fs/cgroup/cgroup.controllers"):
        return "/sys/fs/cgroup/emptor-peers", "memory.max"
    return "/sys/fs/cgroup/memory/emptor-peers", "memory.limit_in_bytes"


def confine(kind, size, command):
    """The command under a limit that the system enforces."""
    if kind == "ulimit":
        return ["sh", "-c", 'ulimit -v "$0" && exec "$@"', str(size // 1024), *command]
    group, limit = control_group()
    os.makedirs(group, exist_ok=True)
    with open(os.path.join(group, limit), "w", encoding="ascii") as file:
        file.write(str(size))
    return ["sh", "-c", 'echo $$ >"$0"/cgroup.procs && exec "$@"', group, *command]
