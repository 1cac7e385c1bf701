"""Records the results of scikit-image and scikit-learn for small inputs in measures.txt.

Run: python3 tests/golden/record_measures.py (scikit-image 0.19, scikit-learn 1.2)
"""
import numpy as np
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity
from sklearn.neighbors import NearestNeighbors

from golden import noise, write


def images(n, h, w, c):
    """Pairs of images: a pattern, and the same with noise, harder from image to image."""
    i, y, x, k = np.meshgrid(*map(np.arange, (n, h, w, c)), indexing="ij")
    a = (((x * y + 3 * x + 5 * y * (k + 1) + 7 * i) % 32) / 32).astype(np.float32)
    strength = ((i + 1) / 8).astype(np.float32)
    b = a + strength * (noise(7, n, h, w, c) - np.float32(0.5))
    return a, np.clip(b, 0, 1).astype(np.float32)


numbers = {}
for n, h, w, c in [(5, 28, 28, 1), (4, 16, 20, 3), (2, 11, 11, 1)]:
    a, b = (v.astype(np.float64) for v in images(n, h, w, c))
    mse = [mean_squared_error(p, q) for p, q in zip(a, b)]
    psnr = [peak_signal_noise_ratio(p, q, data_range=1) for p, q in zip(a, b)]
    ssim = [structural_similarity(p, q, channel_axis=2, gaussian_weights=True, sigma=1.5,
                                  use_sample_covariance=False, data_range=1) for p, q in zip(a, b)]
    numbers[f"images_{h}x{w}x{c}"] = [np.mean(mse), np.mean(psnr), np.mean(ssim)]


def vote(labels):
    """Most votes; among equals the class of the nearest neighbour."""
    counts = {label: list(labels).count(label) for label in labels}
    return next(label for label in labels if counts[label] == max(counts.values()))


def clustered(seed, n):
    """Points in five overlapping groups, and their group."""
    labels = np.arange(n) % 5
    return noise(seed, n, 3) + (0.4 * labels[:, None]).astype(np.float32), labels


train, train_labels = clustered(3, 300)
test, test_labels = clustered(4, 200)
_, near = NearestNeighbors(n_neighbors=10, algorithm="brute").fit(train.astype(np.float64)).kneighbors(test)
numbers["knn_accuracy"] = np.mean([vote(train_labels[row]) == l for row, l in zip(near, test_labels)])
_, near = NearestNeighbors(n_neighbors=11, algorithm="brute").fit(train.astype(np.float64)).kneighbors(train)
assert all(row[0] == i for i, row in enumerate(near))
numbers["leave_one_out"] = np.mean([vote(train_labels[row[1:]]) == l for row, l in zip(near, train_labels)])
write("measures.txt", numbers)
