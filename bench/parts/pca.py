"""PCA of raw pixels, compared with scikit-learn: from file to file, fit and transform alone, and whether results agree."""
import json
import subprocess

import process

COMPONENTS, ROUNDS = 32, 5

# The signs of components are free: they are aligned before the comparison.
AGREE = """
import json, sys, numpy as np
a, b = np.load(sys.argv[1]), np.load(sys.argv[2])
b = b * np.sign((a * b).sum(axis=0))
print(json.dumps({"difference": float(np.abs(a - b).max() / np.abs(b).max())}))
"""


def measure(bench):
    pixels, _ = bench.pixels(bench.dataset)
    out = bench.work / "pca-hourglass.npy"
    command = [bench.program, "project", "pca", pixels, "-o", out, "--components", COMPONENTS, "--quiet"]
    peers = [p for p in bench.peers if "sklearn" in p.modules]
    outs = {p.origin: bench.work / f"pca-{p.origin}.npy" for p in peers}
    script = bench.script("scikit_pca.py")
    rounds = 1 if bench.quick else ROUNDS
    files, alone = {"hourglass": []}, {"hourglass": []}
    fit = process.Worker([bench.tool("bench_maps"), "pca", pixels, COMPONENTS])
    fits = {p.origin: process.Worker([p.python, script, pixels, COMPONENTS]) for p in peers}
    who = {origin: worker.answer()["what"] for origin, worker in fits.items()}
    try:
        for _ in range(rounds):
            files["hourglass"].append(process.run(command)["seconds"])
            alone["hourglass"].append(fit.ask(bench.threads)["seconds"])
            for p in peers:
                files.setdefault(p.origin, []).append(
                    process.run([p.python, script, pixels, COMPONENTS, outs[p.origin]])["seconds"])
                alone.setdefault(p.origin, []).append(fits[p.origin].ask("fit")["seconds"])
    finally:
        for worker in [fit, *fits.values()]:
            worker.close()

    size = f"{bench.rows(70_000):,} x 784 to {COMPONENTS}"
    for what, times in (("from file to file", files), ("fit and transform alone", alone)):
        for origin, seconds in times.items():
            bench.results.add("pca", f"PCA of {size}, {what}", who.get(origin, "hourglass"), "s", seconds, "less",
                              facts={"origin": origin})
            if origin != "hourglass":
                bench.results.compare("pca", f"PCA, {what}: hourglass over {who[origin]}",
                                      [b / a for a, b in zip(times["hourglass"], seconds)], 1.0)
    for p in peers:
        process.run([p.python, script, pixels, COMPONENTS, outs[p.origin], "exact"])
        told = subprocess.run([p.python, "-c", AGREE, out, outs[p.origin]], capture_output=True, text=True)
        if told.returncode != 0:
            raise process.Failed(f"comparing PCA: {process.last_line(told.stderr)}")
        bench.results.compare("pca", f"PCA: largest difference from {who[p.origin]}'s exact one, of the largest entry",
                              [json.loads(told.stdout)["difference"]], 1e-4, "of it", "less")
