# SPDX-License-Identifier: Apache-2.0
"""The files of transactions, points and rows: made where they are missing, kept where they are right."""
import json
import os
import subprocess

import measure
import works


class Files:
    def __init__(self, folder, source, found, scale):
        self.folder, self.source, self.scale = folder, source, scale
        self.emptor, self.kmeans_job = found.emptor, found.kmeans_job
        self.logistic_job, self.lifetime_job = found.logistic_job, found.lifetime_job
        self.made = []
        os.makedirs(folder, exist_ok=True)

    def customers(self, data):
        # A multiple of five, so that no cut into fifths falls upon a customer.
        return max(data.least, round(data.customers * self.scale / 5) * 5)

    def path(self, name):
        """The file of that name, made if it is not there as it should be."""
        data = works.DATA[name]
        base, dot, ending = name.partition(".")
        kind = "csv" if isinstance(data, works.Data) else "f64"
        path = os.path.join(self.folder, f"{base}-{self.customers(data)}.{kind}{dot}{ending}")
        origin = self.path(base) if data.packed else ""
        recipe = self.pack_recipe(data, origin) if data.packed else self.recipe(data)
        if not is_made(path, recipe):
            measure.tell(f"making {path}")
            self.make(recipe, path)
        return path

    def recipe(self, data):
        if isinstance(data, works.Points):
            return [[self.kmeans_job, "make", str(self.customers(data)), str(data.columns),
                     str(data.places)]]
        if isinstance(data, works.Rows):
            return [[self.logistic_job, "make", str(self.customers(data)), str(data.columns),
                     data.kind]]
        if isinstance(data, works.Lifetimes):
            return [[self.lifetime_job, "make", str(self.customers(data)), data.kind]]
        generate = [self.emptor, "generate", "-q", os.path.join(self.source, data.options),
                    "-s", f"customers={self.customers(data)}"]
        for assignment in data.sets:
            generate += ["-s", assignment]
        return [generate] + ([["cut", "-d,", f"-f{data.keep}"]] if data.keep else [])

    def pack_recipe(self, data, origin):
        threads = [f"-T{os.cpu_count()}"] if data.packed == "zstd" else []
        return [[data.packed, "-cq", *threads, origin]]

    def make(self, recipe, path):
        part = path + ".part"
        with open(part, "wb") as out:
            run_pipe(recipe, out)
        os.replace(part, path)
        with open(path + ".made", "w", encoding="utf-8") as stamp:
            json.dump({"bytes": os.path.getsize(path), "recipe": words(recipe)}, stamp)
        self.made.append(path)

    def remove_made(self):
        for path in self.made:
            os.remove(path)
            os.remove(path + ".made")


def words(recipe):
    """A recipe without the folders of its programs and files, which may move."""
    return [[os.path.basename(word) for word in command] for command in recipe]


def is_made(path, recipe):
    try:
        with open(path + ".made", encoding="utf-8") as stamp:
            made = json.load(stamp)
        return made == {"bytes": os.path.getsize(path), "recipe": words(recipe)}
    except (OSError, ValueError):
        return False


def run_pipe(commands, out):
    """Each command reads what the one before it wrote; the last writes `out`."""
    processes, source = [], None
    for i, command in enumerate(commands):
        last = i + 1 == len(commands)
        process = subprocess.Popen(command, stdin=source, stdout=out if last else subprocess.PIPE)
        if source:
            source.close()
        source = process.stdout
        processes.append(process)
    for process, command in zip(processes, commands):
        if process.wait() != 0:
            raise SystemExit(f"peers: {' '.join(command)} failed")
