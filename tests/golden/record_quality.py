"""Records the results of scikit-learn for a map in quality.txt.

Run: python3 tests/golden/record_quality.py (scikit-learn 1.2)
"""
import numpy as np
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

from golden import noise, write

# The first two columns as a map of all; continuity is trustworthiness with exchanged roles.
x = noise(2, 200, 5).astype(np.float64)
plane = x[:, :2]
ks = (1, 5, 15)


def overlap(a, b, k):
    near = [NearestNeighbors(n_neighbors=k).fit(m).kneighbors(return_distance=False) for m in (a, b)]
    return np.mean([len(set(p) & set(q)) / k for p, q in zip(*near)])


write("quality.txt", {
    "trustworthiness": [trustworthiness(x, plane, n_neighbors=k) for k in ks],
    "continuity": [trustworthiness(plane, x, n_neighbors=k) for k in ks],
    "overlap": [overlap(x, plane, k) for k in ks],
})
