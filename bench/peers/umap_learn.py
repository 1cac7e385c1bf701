#!/usr/bin/env python3
"""umap-learn with all threads, from file to file, for script/bench.

    umap_learn.py IN.npy      then, for each line "OUT.npy" on standard input: reads, makes a map, writes

The first map includes the compilation by numba; the later ones are warm. No seed is given: with a seed umap-learn uses a
single thread for the layout. The recall of its neighbours is measured on a sample of rows, outside the times.
"""
import json
import sys
import time


def say(**facts):
    print(json.dumps(facts), flush=True)


def recall(np, x, indices):
    """Share of the true nearest neighbours (without the row itself) among those found, on 500 rows."""
    rows = np.linspace(0, len(x) - 1, min(500, len(x))).astype(int)
    squares = (x.astype(np.float64) ** 2).sum(axis=1)
    distances = squares - 2 * (x[rows].astype(np.float64) @ x.T.astype(np.float64))
    distances[np.arange(len(rows)), rows] = np.inf
    k = indices.shape[1] - 1
    true = np.argpartition(distances, k, axis=1)[:, :k]
    return float(np.mean([len(set(t) & set(f)) / k for t, f in zip(true, indices[rows])]))


def main():
    started = time.monotonic()
    import numpy as np
    import umap
    say(what=f"umap-learn {umap.__version__}", import_seconds=time.monotonic() - started)
    for line in sys.stdin:
        out = line.strip()
        started = time.monotonic()
        x = np.load(sys.argv[1])
        read = time.monotonic()
        mapper = umap.UMAP(n_jobs=-1)
        y = mapper.fit_transform(x)
        fitted = time.monotonic()
        np.save(out, y.astype(np.float32))
        seconds = time.monotonic() - started
        found = getattr(mapper, "_knn_indices", None)  # for few rows it computes all distances, and keeps none
        say(seconds=seconds, fit_seconds=fitted - read, recall=1.0 if found is None else recall(np, x, found))


if __name__ == "__main__":
    main()
