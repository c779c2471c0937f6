# SPDX-License-Identifier: Apache-2.0
"""Runs contenders in turn, each as a process of its own, and compares their answers."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field

LONGEST = 1800  # seconds that a process may take


@dataclass
class Contender:
    name: str
    title: str
    command: list
    kind: str  # "ours", "variant", "peer", "yardstick"
    rounds: int = 0  # the most it gets; 0: as many as asked for
    version: str = ""
    budget: int = 0  # bytes of memory it was told to keep to
    before: object = None  # called before each process, outside the time
    answer: object = None  # called with what the process printed; default: the JSON's answer
    close: float = 0.0  # the relative error that a number of the answer may have
    astray: bool = False  # it is known to end elsewhere, and no failure if it does
    whole: bool = False  # the time that counts is that of the whole process
    samples: list = field(default_factory=list)
    problem: str = ""


@dataclass
class Sample:
    seconds: float
    wall: float
    peak_kib: int
    answer: dict


class Failed(Exception):
    pass


def run_process(command):
    """(what it printed, wall seconds, peak KiB) of one process; Failed if it does."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        # What a decompressor prints is the work of nobody here.
        out = subprocess.DEVNULL if command[0] in ("gzip", "zstd") else output
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
        clock = threading.Timer(LONGEST, process.kill)
        clock.start()
        _, status, use = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
            code = process.returncode
            how = f"killed by signal {-code}" if code < 0 else f"exit status {code}"
            raise Failed(": ".join([how, *last]))
        return output.read().decode(), wall, use.ru_maxrss


def run_once(contender):
    if contender.before:
        contender.before()
    text, wall, peak = run_process(contender.command)
    said = json.loads(text.splitlines()[-1]) if text.startswith("{") else {}
    contender.version = said.get("version", contender.version)
    answer = contender.answer(text) if contender.answer else said.get("answer", {})
    seconds = wall if contender.whole else said.get("seconds", wall)
    return Sample(seconds, wall, said.get("peak_kib", peak), answer)


def agree(found, expected, close):
    if isinstance(found, float) and close > 0:
        return abs(found - expected) <= close * abs(expected)
    return found == expected


def differing(answer, reference, close=0.0):
    """The keys that both have with different values."""
    return [key for key in answer
            if key in reference and not agree(answer[key], reference[key], close)]


def distance(contender, sample, reference, wrong):
    """What is to be said of one that is known to go astray: how far, and in what time."""
    if not contender.astray:
        return ""
    found = [f"{key} {sample.answer[key]:.9g}, not {reference[key]:.9g}" for key in wrong]
    return f": {', '.join(found)}, after {sample.seconds:.1f} s"


def try_once(contender, reference, tell):
    """A sample, or None, and then the contender has a problem. Its answer is checked each time."""
    try:
        sample = run_once(contender)
    except Failed as failure:
        contender.problem = f"failed: {failure}"
        tell(f"  {contender.title}: {contender.problem}")
        return None
    wrong = differing(sample.answer, reference or {}, contender.close)
    if wrong:
        contender.problem = "wrong answer" + distance(contender, sample, reference, wrong)
        for key in wrong:
            tell(f"  {contender.title}: {key} is {sample.answer[key]}, ours {reference[key]}")
        return None
    return sample


def play(contenders, rounds, tell):
    """All in turn, round by round, after a warm-up; ours stands first and is the reference."""
    reference = None
    for number in range(rounds + 1):
        for contender in contenders:
            if contender.problem or number > (contender.rounds or rounds):
                continue
            sample = try_once(contender, reference, tell)
            if sample is None and contender.kind == "ours":
                return
            if sample is None:
                continue
            if contender.kind == "ours":
                reference = sample.answer
            label = number or "warm-up"
            tell(f"  {label} {contender.title}: {sample.seconds:.3f} s")
            if number > 0:
                contender.samples.append(sample)


def ratios(contender, ours):
    """How many times as long as ours it took, round by round."""
    return [a.seconds / b.seconds for a, b in zip(contender.samples, ours.samples)]


def median_seconds(contender):
    return statistics.median(sample.seconds for sample in contender.samples)


def peak_kib(contender):
    return max(sample.peak_kib for sample in contender.samples)


def tell(message):
    print(message, file=sys.stderr, flush=True)
