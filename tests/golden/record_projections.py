"""Records what scikit-learn and umap-learn say of small inputs into projections.txt.

Run: python3 tests/golden/record_projections.py (scikit-learn 1.2, umap-learn 0.5)
"""
import numpy as np
from sklearn.decomposition import PCA
from umap.umap_ import find_ab_params, fuzzy_simplicial_set, smooth_knn_dist

from golden import noise, write

numbers = {}

# PCA of 300 x 12, columns of falling spread. Signs: largest loading positive.
scale = (1 / (1 + np.arange(12))).astype(np.float32)
x = (noise(1, 300, 12) * scale).astype(np.float64)
x[:, 5] += 0.5 * x[:, 0]
pca = PCA(4, svd_solver="full").fit(x.astype(np.float32).astype(np.float64))
signs = np.sign(pca.components_[np.arange(4), np.abs(pca.components_).argmax(axis=1)])
numbers["pca_components"] = pca.components_ * signs[:, None]
numbers["pca_variance"] = pca.explained_variance_
numbers["pca_ratio"] = pca.explained_variance_ratio_
numbers["pca_scores_first_rows"] = (pca.transform(x)[:5]) * signs

# UMAP, step by step.
curves = [(0.1, 1.0), (0.0, 1.0), (0.5, 1.0), (0.01, 2.0), (0.99, 1.0)]
numbers["curve"] = [find_ab_params(spread, min_dist) for min_dist, spread in curves]

x = noise(3, 60, 4).astype(np.float64)
x[7] = x[6]  # a duplicate
d = np.sqrt(((x[:, None] - x[None]) ** 2).sum(axis=2))
order = np.argsort(d, axis=1, kind="stable")
order = np.array([[i] + [j for j in row if j != i] for i, row in enumerate(order)])[:, :10]
near = np.take_along_axis(d, order, axis=1).astype(np.float32)
for local in (1.0, 2.5):
    sigmas, rhos = smooth_knn_dist(near, 10, local_connectivity=local)
    numbers[f"smooth_{local:g}"] = np.stack([rhos, sigmas])
graph, _, _ = fuzzy_simplicial_set(x, 10, None, "euclidean", knn_indices=order, knn_dists=near)[:3]
graph = graph.tocsr()
numbers["fuzzy_sum"] = graph.sum()
numbers["fuzzy_edges"] = graph.nnz
numbers["fuzzy_row_0"] = graph[0].toarray()
write("projections.txt", numbers)
