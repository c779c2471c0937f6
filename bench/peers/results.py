# SPDX-License-Identifier: Apache-2.0
"""What was measured, as Markdown: bench/RESULTS.md."""
import datetime
import os
import platform
import statistics

import measure
import programs
import works

MIB = 1 << 20

HEAD = """\
# Beside the peers

<!-- Made by bench/peers/run; do not edit. -->

The same work done by emptor and by what people use today, on the same file, in turn (A B A B …) after
a warm-up round, each as a process of its own; every answer was checked to be the same, to the cent and
the day, before its time counts. [peers/README.md](peers/README.md) says how.

**Seconds** are medians: of works in memory from the opening of the file to the table, without the start
of an interpreter; of whole runs, of the process. **Process seconds** are always those of the process,
the making of the answer included. **Times ours** is the median of the ratios of each round to ours in
the same round, with the least and the greatest. **Peak** is the most resident memory that the process
had until the work was done.

"""


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def machine(options):
    """Lines about where and when this was measured."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")),
                     platform.machine())
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory = int(file.readline().split()[1]) // 1024
    commit = programs.first_line(["git", "-C", options.source, "describe", "--always", "--dirty"])
    rows = [
        ("date", datetime.date.today().isoformat()),
        ("processor", f"{model}, {os.cpu_count()} cores; {options.threads} threads for everybody"),
        ("memory", f"{memory} MiB"),
        ("kernel", platform.release()),
        ("emptor", f"commit {commit or 'unknown'}"),
        ("scale", f"{options.scale:g} (1: 5 million customers)"),
        ("busy before it began", f"{options.load:.2f} processes on average in the last minute"),
    ]
    return "| machine | |\n| --- | --- |\n" + "".join(f"| {a} | {b} |\n" for a, b in rows) + "\n"


class Outcome:
    """A work and what became of its contenders."""

    def __init__(self, name, contenders, file):
        self.name, self.work, self.contenders = name, works.WORKS[name], contenders
        self.ours, self.note = contenders[0], self.work.note
        self.file, self.bytes = file, os.path.getsize(file)

    def failed(self):
        return any(c.problem and c.problem != "not installed" and not c.astray
                   for c in self.contenders)

    def find(self, name):
        """The contender of that name if it was measured; "peers": the fastest of them."""
        measured = [c for c in self.contenders if c.samples and not c.problem]
        if name == "peers":
            peers = [c for c in measured if c.kind == "peer"]
            return min(peers, key=measure.median_seconds, default=None)
        return next((c for c in measured if c.name == name), None)

    def judge(self, target):
        """(what was asked, what was found, whether it is met or None)."""
        than = self.find(target.than)
        if than is None or not self.ours.samples or self.ours.problem:
            return wording(target, target.than), "not measured", None
        found = value_of(target, self.ours, than)
        at_least = target.kind == "faster_at_least"
        met = found >= target.bound if at_least else found <= target.bound
        return wording(target, than.title), f"{found:.2f}", met


def wording(target, than):
    than = {"peers": "the fastest peer"}.get(than, than)
    return {
        "slower_at_most": f"at most {target.bound:g} × the time of {than}",
        "faster_at_least": f"at least {target.bound:g} × faster than {than}",
        "costs_at_most": f"{than}: at most {target.bound:g} × the time without",
        "peak_at_most": f"peak memory at most {target.bound:g} × that of {than}",
        "budget": f"{than}: peak memory at most {target.bound:g} × the budget",
    }[target.kind]


def value_of(target, ours, than):
    if target.kind == "peak_at_most":
        return measure.peak_kib(ours) / measure.peak_kib(than)
    if target.kind == "budget":
        return measure.peak_kib(than) * 1024 / than.budget
    ratio = statistics.median(measure.ratios(than, ours))
    if target.kind == "slower_at_most":
        return statistics.median(1 / r for r in measure.ratios(than, ours))
    return ratio


def target_table(outcomes):
    lines = ["## Targets\n", "| work | target | found | |", "| --- | --- | --- | --- |"]
    words = {True: "met", False: "**missed**", None: ""}
    for outcome in outcomes:
        for target in outcome.work.targets:
            asked, found, met = outcome.judge(target)
            lines.append(f"| {outcome.name} | {asked} | {found} | {words[met]} |")
    return "\n".join(lines) + "\n\n"


def row(contender, ours):
    name = f"{contender.title} | {contender.version}"
    if contender.problem or not contender.samples:
        return f"| {name} | | {contender.problem or 'not measured'} | | | |"
    seconds = measure.median_seconds(contender)
    wall = statistics.median(sample.wall for sample in contender.samples)
    times = "1" if contender is ours else spread(measure.ratios(contender, ours))
    peak = f"{measure.peak_kib(contender) / 1024:.0f}" if contender.kind != "yardstick" else ""
    return (f"| {name} | {len(contender.samples)} | {seconds:.3f} | {times} | {wall:.3f} "
            f"| {peak} |")


def work_section(outcome):
    work, data = outcome.work, works.DATA[outcome.work.data]
    rows = next((s.answer.get("purchases") or s.answer.get("points") or s.answer.get("rows")
                 for s in outcome.ours.samples), None)
    size = f"{outcome.bytes / 1e9:.2f} GB" if outcome.bytes >= 1e7 else f"{outcome.bytes} bytes"
    lines = [f"## {outcome.name}: {work.title}\n",
             f"{data.about[0].upper()}{data.about[1:]}: {size}"
             + (f", {rows:,} rows" if rows else "") + f". {outcome.note}".rstrip(), "",
             "| | version | rounds | seconds | times ours | process seconds | peak MiB |",
             "| --- | --- | --- | --- | --- | --- | --- |"]
    lines += [row(contender, outcome.ours) for contender in outcome.contenders]
    return "\n".join(lines) + "\n\n"


def write(path, options, outcomes):
    text = HEAD + machine(options) + target_table(outcomes)
    text += "".join(work_section(outcome) for outcome in outcomes)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.rstrip("\n") + "\n")
