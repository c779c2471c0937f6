# SPDX-License-Identifier: Apache-2.0
"""Finds or installs what runs: emptor itself, the peers, the yardsticks."""
import filecmp
import os
import shutil
import subprocess
import sys

import measure
import works


def quiet(command, **more):
    """Whether the command succeeded; its words go to standard error."""
    return subprocess.run(command, stdout=sys.stderr, check=False, **more).returncode == 0


def first_line(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0].strip() if done.returncode == 0 and done.stdout else ""


class Programs:
    """Where everything is. `here` is this folder, `work` the folder that may be written."""

    def __init__(self, here, source, work, build):
        self.jobs = os.path.join(here, "jobs")
        self.requirements = os.path.join(here, "requirements.txt")
        self.source, self.venv = source, os.path.join(work, "venv")
        self.build = build
        self.emptor = os.path.join(build, "emptor")
        self.emptor_job = os.path.join(build, "bench", "peers", "emptor_job")
        self.kmeans_job = os.path.join(build, "bench", "peers", "kmeans_job")
        self.logistic_job = os.path.join(build, "bench", "peers", "logistic_job")
        self.lifetime_job = os.path.join(build, "bench", "peers", "lifetime_job")
        self.ready = {"python": sys.executable}  # what a peer needs -> its interpreter, or ""

    def build_ours(self):
        """Brings the release build up to date."""
        built = quiet(["cmake", "--preset", "release"], cwd=self.source) and \
            quiet(["cmake", "--build", "--preset", "release"], cwd=self.source)
        if not built:
            raise SystemExit("peers: emptor could not be built")

    def require_ours(self):
        for path in (self.emptor, self.emptor_job, self.kmeans_job, self.logistic_job,
                     self.lifetime_job):
            if not os.access(path, os.X_OK):
                raise SystemExit(f"peers: {path} is not there; build emptor first")

    def interpreter(self, needs):
        """The interpreter of a kind of peer, installed if need be; "" if it can't be had."""
        if needs not in self.ready:
            self.ready[needs] = self.make_venv() if needs == "venv" else \
                self.find_r(needs.removeprefix("r:"))
            if not self.ready[needs]:
                measure.tell(f"peers: what needs '{needs}' is skipped: it could not be installed")
        return self.ready[needs]

    def make_venv(self):
        python = os.path.join(self.venv, "bin", "python")
        installed = os.path.join(self.venv, "requirements.txt")
        if os.path.exists(installed) and filecmp.cmp(installed, self.requirements, shallow=False):
            return python
        measure.tell(f"installing the Python packages into {self.venv}")
        shutil.rmtree(self.venv, ignore_errors=True)
        made = quiet([sys.executable, "-m", "venv", self.venv]) and \
            quiet([python, "-m", "pip", "install", "-q", "-r", self.requirements])
        if not made:
            return ""
        shutil.copy(self.requirements, installed)
        return python

    def find_r(self, package):
        """R with that package; `stats` is one that R itself brings."""
        if not has_r(package) and os.geteuid() == 0 and shutil.which("apt-get"):
            debian = ["r-base-core"] + ([] if package == "stats" else [f"r-cran-{package}"])
            measure.tell("installing " + " ".join(debian))
            quiet(["apt-get", "install", "-y", "-q", "--no-install-recommends", *debian])
        return shutil.which("Rscript") if has_r(package) else ""

    def peer_command(self, task, peer):
        """The words before a job's arguments; [] if the peer can't run here."""
        needs = works.PEERS[peer].needs
        program, is_r = self.interpreter(needs), needs.startswith("r:")
        script = os.path.join(self.jobs, f"{task}_{peer}" + (".R" if is_r else ".py"))
        if not program:
            return []
        return [program, script] if is_r else [program, "-B", script]


def has_r(package):
    return bool(shutil.which("Rscript")) and \
        bool(first_line(["Rscript", "-e", f"cat(as.character(packageVersion('{package}')))"]))
