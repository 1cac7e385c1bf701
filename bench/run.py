#!/usr/bin/env python3
"""Measures hourglass and its peers; script/bench builds what this needs and calls it.

Ends with one table, as Markdown, and one JSON file for bench/compare and bench/report.
"""
import argparse
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import process
import tables
from parts import kernels, large, layout, maps, million, pca, program, training, transform
from peers import find
from results import Results

# In the order in which they run; million only if it is named.
PARTS = {"training": training, "program": program, "kernels": kernels, "pca": pca, "layout": layout, "transform": transform,
         "maps": maps, "large": large, "million": million}
USUAL = [name for name in PARTS if name != "million"]


class Bench:
    """The context of every part: programs, inputs, peers and results."""

    def __init__(self, options, work):
        self.quick = options.quick
        self.threads = len(os.sched_getaffinity(0))
        self.build = pathlib.Path(options.build)
        self.program = self.build / "hourglass"
        self.work = work
        self.results = Results(options={"only": options.only, "peers": options.peers, "quick": options.quick})
        self.peers = []
        self.dataset = options.dataset
        self._made = {}

    def tool(self, name):
        return self.build / "bench" / name

    def script(self, name):
        return HERE / "peers" / name

    def say(self, text):
        print(f"bench: {text}", file=sys.stderr, flush=True)

    def rows(self, usual):
        """The number of rows of an input: fewer with --quick."""
        return min(usual, 1000) if self.quick else usual

    def made(self, name, make):
        """Calls make(path) once a run; returns the path, in the working folder, and its result."""
        if name not in self._made:
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made[name] = (path, make(path))
        return self._made[name]

    def pixels(self, dataset):
        """(images as rows [n, 784] float32, their labels); training images first."""
        labels = self.work / f"{dataset}-labels.npy"
        rows = [] if not self.quick else [self.rows(70_000)]
        path, _ = self.made(f"{dataset}-pixels.npy", lambda out: process.run(
            [self.tool("bench_maps"), "pixels", dataset, out, labels, *rows]))
        return path, labels

    def model(self, dataset):
        """(checkpoint of two epochs, time and memory of its training)."""
        def train(folder):
            return process.run([self.program, "train", "--dataset", dataset, "--epochs", 1 if self.quick else 2, "--out",
                                folder, "--quiet"])
        folder, run = self.made(f"{dataset}-model", train)
        return folder / "models" / "AE" / f"{dataset}_32.safetensors", run

    def latents(self, dataset):
        """(latents [n, 32], labels) of all images by that model."""
        labels = self.work / f"{dataset}-latent-labels.npy"
        split = "test" if self.quick else "train,test"
        path, _ = self.made(f"{dataset}-latents.npy", lambda out: process.run(
            [self.program, "encode", self.model(dataset)[0], "--split", split, "-o", out, "--labels_out", labels,
             "--quiet"]))
        return path, labels


def machine(bench):
    """The machine: the output of hourglass doctor, the commit and the date."""
    doctor = json.loads(process.run([bench.program, "doctor", "--json"])["output"])
    commit = subprocess.run(["git", "-C", HERE, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return {"processor": doctor["processor"]["name"], "cores": bench.threads, "kernels": doctor["kernels"],
            "hourglass": doctor["version"], "commit": commit.stdout.strip() or "unknown",
            "date": datetime.date.today().isoformat()}


def others_share(seconds=1.0):
    """Share of the processors' time that other programs take at present."""
    def idle_and_all():
        ticks = [int(t) for t in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return ticks[3] + ticks[4], sum(ticks)
    idle, total = idle_and_all()
    time.sleep(seconds)
    idle_later, total_later = idle_and_all()
    return 1 - (idle_later - idle) / max(1, total_later - total)


def dataset_here(program):
    """mnist if it is found or can be downloaded, otherwise strokes."""
    try:
        process.run([program, "data", "fetch", "mnist"])
        return "mnist"
    except process.Failed:
        return "strokes"


def parse(argv):
    parser = argparse.ArgumentParser(prog="script/bench", description="Compares hourglass with its peers: one table, one "
                                     "JSON file.", allow_abbrev=False)
    parser.add_argument("--only", metavar="PARTS", default=",".join(USUAL),
                        help=f"some of {','.join(PARTS)}; million runs only when named [{','.join(USUAL)}]")
    parser.add_argument("--peers", choices=["debian", "newest", "none"], default="debian",
                        help="newest: PyPI's newest PyTorch and umap-learn in addition to Debian's [debian]")
    parser.add_argument("--quick", action="store_true", help="small inputs, few runs: checks that everything still works")
    parser.add_argument("--dataset", choices=["mnist", "strokes"], help="[mnist if it is found, otherwise strokes]")
    parser.add_argument("--output", metavar="FILE", help="[bench-results/DATE-COMMIT.json]")
    parser.add_argument("--build", metavar="DIR", default=HERE.parent / "build" / "release",
                        help="where hourglass and the benchmarks were built [build/release]")
    options = parser.parse_args(argv)
    options.only = [name for name in options.only.split(",") if name]
    for name in options.only:
        if name not in PARTS:
            parser.error(f"--only: '{name}' is no part: {', '.join(PARTS)}")
    return options


def main(argv):
    options = parse(argv)
    work = pathlib.Path(tempfile.mkdtemp(prefix="hourglass-bench-"))
    try:
        bench = Bench(options, work)
        results = bench.results
        if not bench.program.exists():
            sys.exit(f"bench: {bench.program} is missing: script/bench builds it")
        if not bench.dataset:
            bench.dataset = "strokes" if bench.quick else dataset_here(bench.program)
        if bench.dataset != "mnist" and not bench.quick:
            results.miss("MNIST and Fashion-MNIST", "not found and not downloadable; strokes, the built-in digits, instead")
        results.machine = machine(bench)
        results.options["dataset"] = bench.dataset
        busy = results.machine["others_share"] = round(others_share(), 3)
        if busy > 0.05:
            results.miss("anything on a quiet machine", f"at the start, other programs took {busy:.0%} of the processors' time, "
                         "which slows programs with synchronised threads most")
        bench.peers = find.find(options.peers, results, bench.say)
        output = pathlib.Path(options.output or HERE.parent / "bench-results" /
                              f"{results.machine['date']}-{results.machine['commit']}.json")
        failed = False
        for name in PARTS:
            if name not in options.only:
                continue
            bench.say(name)
            try:
                PARTS[name].measure(bench)
            except process.Failed as error:
                failed = True
                results.miss(f"the part {name}, or some of it", str(error))
            results.save(output)  # after each part, so that no result is lost
        print(tables.summary(results))
        print(f"\nwritten: {output}", file=sys.stderr)
        return 1 if failed else 0
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
