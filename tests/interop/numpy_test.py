"""NumPy's own files, in every byte order, memory order and width that it writes, through the command line and back."""
import counterpart

counterpart.need("numpy")

import numpy as np  # noqa: E402

ORDERS = [(byte, memory) for byte in "<>" for memory in "CF"]


class NumPy(counterpart.TestCase):
    def setUp(self):
        super().setUp()
        random = np.random.default_rng(5)
        self.pixels = random.integers(0, 256, (40, 28, 28), dtype=np.uint8)
        self.labels = np.arange(40) % 4
        counterpart.write_idx(self.folder / "data", self.pixels)
        self.hourglass("train", "--dataset", "mnist", "--data_dir", "data", "--latent_dim", 4, "--epochs", 1, "--quiet")
        self.latents = random.integers(-3, 4, (20, 4))

    def save(self, name, array):
        np.save(self.folder / name, array)
        return name

    def decoded(self, latents):
        self.hourglass("decode", "mnist_4", latents, "-o", "X.npy")
        return np.load(self.folder / "X.npy")

    def test_codes_of_every_kind_are_the_same_codes(self):
        expected = self.decoded(self.save("Z.npy", self.latents.astype("<f4")))
        self.assertEqual((expected.dtype, expected.shape), (np.float32, (20, 1, 28, 28)))
        for kind in ("f2", "f4", "f8", "i1", "i2", "i4", "i8"):
            for byte, memory in ORDERS:
                array = np.array(self.latents, dtype=byte + kind, order=memory)
                self.assertTrue(np.array_equal(self.decoded(self.save("Z.npy", array)), expected), array.dtype)
                for savez in (np.savez, np.savez_compressed):
                    savez(self.folder / "Z.npz", latents=array, labels=self.labels)
                    self.assertTrue(np.array_equal(self.decoded("Z.npz"), expected), array.dtype)

    def test_maps_and_labels_of_every_kind_are_scored_alike(self):
        x = np.random.default_rng(1).standard_normal((40, 6)).astype(np.float32)
        scores = set()
        for byte, memory in ORDERS:
            self.save("X.npy", np.array(x, dtype=byte + "f8", order=memory))
            self.save("MAP.npy", np.array(x[:, :2], dtype=byte + "f4", order=memory))
            self.save("L.npy", np.array(self.labels, dtype=byte + "u2", order=memory))
            call = ("project", "quality", "X.npy", "MAP.npy", "--labels", "L.npy", "--json", "--quiet")
            lines = self.hourglass(*call).splitlines()
            scores.add("\n".join(line for line in lines if "seconds" not in line))
        self.assertEqual(len(scores), 1, scores)

    def test_images_of_every_kind_are_the_same_data_set(self):
        def latents(**arrays):
            np.savez(self.folder / "mnist.npz", **arrays)
            self.hourglass("encode", "mnist_4", "--dataset", "mnist.npz", "-o", "C.npy", "--labels_out", "L.npy", "--quiet")
            return np.load(self.folder / "C.npy"), np.load(self.folder / "L.npy")

        expected, labels = latents(images=self.pixels, labels=self.labels)
        self.assertEqual(expected.shape, (40, 4))
        self.assertEqual(sorted(labels), sorted(self.labels))
        images = self.pixels / 255
        for byte, memory in ORDERS:
            for array in (images, images[:, None], images[..., None], self.pixels.astype("i4")):
                kind = byte + ("f4" if array.dtype.kind == "f" else "i4")
                found, _ = latents(images=np.array(array, dtype=kind, order=memory),
                                 labels=np.array(self.labels, dtype=byte + "i4"))
                self.assertTrue(np.array_equal(found, expected), (kind, memory, array.shape))

    def test_what_is_written_is_read_by_numpy(self):
        self.hourglass("encode", "mnist_4", "--data_dir", "data", "-o", "Z.npy", "--labels_out", "L.npy", "--quiet")
        latents, labels = np.load(self.folder / "Z.npy"), np.load(self.folder / "L.npy")
        self.assertEqual((latents.dtype, latents.shape), (np.float32, (80, 4)))
        self.assertEqual((labels.dtype, labels.shape), (np.int64, (80,)))
        with np.load(self.folder / "visu/mnist_autoencoder/loss/mnist_4.npz") as arrays:
            self.assertEqual(list(arrays["epoch"]), [1])

    def test_what_is_no_array_of_numbers_is_refused_in_one_line(self):
        for array, words in ((self.latents.astype(complex), "<c16"), (np.array([["a"] * 4]), "<U1"),
                             (np.array([[None] * 4]), "Python objects"), (np.zeros(3, "f4,f4"), "structured")):
            self.assertIn(words, self.refusal("decode", "mnist_4", self.save("Z.npy", array), "-o", "X.npy"))


counterpart.main()
