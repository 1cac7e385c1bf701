"""The Python package safetensors: we read its files, and it reads ours."""
import counterpart

counterpart.need("safetensors", "numpy")

import numpy as np  # noqa: E402
from safetensors import safe_open  # noqa: E402
from safetensors.numpy import load_file, save_file  # noqa: E402

from state import random_state  # noqa: E402


def metadata(path):
    with safe_open(path, framework="np") as file:
        return file.metadata()


class Safetensors(counterpart.TestCase):
    def setUp(self):
        super().setUp()
        self.state = random_state(1, latent_dim=5)

    def save(self, name, arrays, **options):
        save_file(arrays, self.folder / name, **options)
        return name

    def load(self, name):
        return load_file(self.folder / name)

    def assert_same(self, found, expected):
        self.assertEqual(sorted(found), sorted(expected))
        for name, array in expected.items():
            self.assertEqual(found[name].dtype, array.dtype, name)
            np.testing.assert_array_equal(found[name], array, name)

    def test_its_files_are_imported_bit_by_bit_and_their_metadata_kept(self):
        name = self.save("theirs.safetensors", self.state, metadata={"format": "np", "author": "Ü \" \n"})
        self.hourglass("import", name, "-o", "ours.safetensors")
        self.assert_same(self.load("ours.safetensors"), self.state)
        kept = metadata(self.folder / "ours.safetensors")
        self.assertEqual(kept["author"], "Ü \" \n")
        self.assertEqual(kept["format"], "np")
        self.assertEqual(kept["imported"], name)
        self.assertEqual(kept["hourglass.format"], "1")

    def test_an_encoder_and_a_decoder_in_two_files_are_one_model(self):
        for part in ("encoder", "decoder"):
            own = {name.split(".", 1)[1]: array for name, array in self.state.items() if name.startswith(part)}
            self.save(f"{part}.safetensors", own)
        self.hourglass("import", "decoder.safetensors", "encoder.safetensors", "-o", "ours.safetensors")
        self.assert_same(self.load("ours.safetensors"), self.state)

    def test_other_widths_become_float32(self):
        for dtype in (np.float16, np.float64):
            narrowed = {name: array.astype(dtype) for name, array in self.state.items()}
            self.hourglass("import", self.save("theirs.safetensors", narrowed), "-o", "ours.safetensors",
                           "--overwrite")
            self.assert_same(self.load("ours.safetensors"),
                             {name: array.astype(np.float32) for name, array in narrowed.items()})

    def test_empty_tensors_which_share_their_place_are_read_as_it_writes_them(self):
        more = dict(self.state, empty=np.zeros((0, 3), np.float32), void=np.zeros((2, 0), np.float32))
        done = self.run_program("import", self.save("theirs.safetensors", more), "-o", "ours.safetensors")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r'left out "empty", "void": they are no parameters of the model')
        self.assert_same(self.load("ours.safetensors"), self.state)

    def test_all_that_we_write_is_read_there(self):
        counterpart.write_idx(self.folder / "data", np.random.default_rng(2).integers(0, 256, (40, 28, 28), np.uint8))
        self.hourglass("train", "--dataset", "mnist", "--data_dir", "data", "--latent_dim", 3, "--epochs", 1, "--quiet")
        model = self.load("models/AE/mnist_3.safetensors")
        self.assertEqual({name: array.shape for name, array in model.items()},
                         {name: array.shape for name, array in random_state(1, latent_dim=3).items()})
        self.assertEqual(metadata(self.folder / "models/AE/mnist_3.safetensors")["dataset"], "mnist")
        state = self.load("models/AE/mnist_3.resume.safetensors")
        np.testing.assert_array_equal(state["encoder.conv1.weight"], model["encoder.conv1.weight"])
        self.assertEqual(state["adam.t"], 1)
        np.save(self.folder / "X.npy", np.random.default_rng(3).standard_normal((200, 4)).astype(np.float32))
        for method in ("pca", "umap"):
            self.hourglass("project", method, "X.npy", "-o", "M.npy", "--save", f"{method}.safetensors")
            self.assertEqual(metadata(self.folder / f"{method}.safetensors")["hourglass.projection"], method)
            self.assertTrue(self.load(f"{method}.safetensors"))


counterpart.main()
