"""Records the results of scikit-learn and umap-learn for small inputs in projections.txt.

Run: python3 tests/golden/record_projections.py (scikit-learn 1.2, umap-learn 0.5)
"""
import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from umap import UMAP
from umap.spectral import spectral_layout
from umap.umap_ import find_ab_params, fuzzy_simplicial_set, nearest_neighbors, smooth_knn_dist

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
for metric in ("euclidean", "cosine"):
    order, near, _ = nearest_neighbors(x, 10, metric, {}, False, np.random.RandomState(0))
    numbers[f"neighbours_{metric}"] = near[:, 1:]  # without the point itself
order, near, _ = nearest_neighbors(x, 10, "euclidean", {}, False, np.random.RandomState(0))
near = near.astype(np.float32)
for local in (1.0, 2.5):
    sigmas, rhos = smooth_knn_dist(near, 10, local_connectivity=local)
    numbers[f"smooth_{local:g}"] = np.stack([rhos, sigmas])
graph = fuzzy_simplicial_set(x, 10, None, "euclidean", knn_indices=order, knn_dists=near)[0].tocoo()
numbers["fuzzy_from"], numbers["fuzzy_to"], numbers["fuzzy_weight"] = graph.row, graph.col, graph.data
start = spectral_layout(x, graph, 2, np.random.RandomState(0))
numbers["spectral"] = start / np.linalg.norm(start, axis=0)

# The layout by its score alone: a curved sheet in three dimensions, three seeds.
x = noise(22, 800, 3)
x[:, 2] = x[:, 0] * x[:, 0] - np.float32(0.5) * x[:, 1]
numbers["sheet_trustworthiness"] = [
    trustworthiness(x, UMAP(random_state=seed).fit_transform(x), n_neighbors=10) for seed in range(3)]
write("projections.txt", numbers)
