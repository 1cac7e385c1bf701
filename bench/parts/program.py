"""The program as users call it: time to the first step, memory, and times of its verbs."""
import itertools

import process

STARTS, RUNS = 9, 3


def measure(bench):
    results, dataset = bench.results, bench.dataset
    checkpoint, run = bench.model(dataset)
    results.add("program", f"memory while training on {dataset}", "hourglass", "MB", [run["peak_bytes"] / 1e6], "less")
    results.compare("program", f"memory while training on {dataset}", [run["peak_bytes"] / 1e6], 200.0, "MB", "less")

    # The progress bar first appears after the first step.
    fresh = (bench.work / f"start-{i}" for i in itertools.count())
    starts = [process.seconds_until([bench.program, "train", "--dataset", dataset, "--epochs", 1, "--out", next(fresh)],
                                    b"images/s") for _ in range(2 if bench.quick else STARTS)]
    results.add("program", "start to first step", "hourglass", "s", starts, "less")
    results.compare("program", "start to first step", starts, 0.5, "s", "less")

    latents = bench.work / "program-latents.npy"
    verbs = {"eval, baselines included": ["eval", checkpoint, "--json", "--quiet"],
             "encode of both splits": ["encode", checkpoint, "-o", latents, "--quiet"]}
    for name, words in verbs.items():
        runs = [process.run([bench.program, *words]) for _ in range(1 if bench.quick else RUNS)]
        results.add("program", name, "hourglass", "s", [r["seconds"] for r in runs], "less",
                    facts={"peak_bytes": max(r["peak_bytes"] for r in runs)})
