#!/usr/bin/env python3
"""scikit-learn's PCA, for script/bench.

    scikit_pca.py IN.npy COMPONENTS OUT.npy            from file to file, then ends
    scikit_pca.py IN.npy COMPONENTS OUT.npy exact      the same with an exact solver: the default may be randomised
    scikit_pca.py IN.npy COMPONENTS                    for each line on standard input fits and transforms
"""
import json
import sys
import time


def say(**facts):
    print(json.dumps(facts), flush=True)


def main():
    started = time.monotonic()
    path, components, *out = sys.argv[1:]
    import numpy as np
    import sklearn
    from sklearn.decomposition import PCA
    imported = time.monotonic() - started
    x = np.load(path)

    def scores(solver="auto"):
        return PCA(n_components=int(components), svd_solver=solver).fit_transform(x)

    if out:
        np.save(out[0], scores("full" if "exact" in out else "auto").astype(np.float32))
        return
    say(what=f"scikit-learn {sklearn.__version__}", import_seconds=imported)
    for _ in sys.stdin:
        started = time.monotonic()
        scores()
        say(seconds=time.monotonic() - started)


if __name__ == "__main__":
    main()
