"""ONNX Runtime gets our results from our ONNX files, and ONNX's checker accepts them."""
import counterpart

counterpart.need("onnx", "onnxruntime", "numpy", "safetensors")

import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
from safetensors.numpy import save_file  # noqa: E402

from state import random_state  # noqa: E402


class Onnx(counterpart.TestCase):
    def export(self, checkpoint):
        """The three files of a checkpoint, ready to run, after the checker has seen them."""
        self.hourglass("export", checkpoint, "--format", "onnx", "-o", "out")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        sessions = {}
        for path in sorted((self.folder / "out").glob("*.onnx")):
            model = onnx.load(path)
            onnx.checker.check_model(model, full_check=True)
            self.assertEqual([(o.domain, o.version) for o in model.opset_import], [("", 17)])
            sessions[path.name.split("_")[0]] = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"])
        self.assertEqual(sorted(sessions), ["autoencoder", "decoder", "encoder"])
        return sessions

    def assert_agree(self, checkpoint, images, dataset):
        """images [n, C, H, W] are the test images that `dataset`, arguments of a call, names."""
        sessions = self.export(checkpoint)
        self.hourglass("encode", checkpoint, *dataset, "--split", "test", "-o", "Z.npy")
        encoded = np.load(self.folder / "Z.npy")
        self.hourglass("decode", checkpoint, "Z.npy", "-o", "X.npy")
        decoded = np.load(self.folder / "X.npy")
        for n in (1, 3, 128):
            latents, = sessions["encoder"].run(["latents"], {"images": images[:n]})
            self.assert_near(latents, encoded[:n], f"encoder, {n} images")
            again, = sessions["decoder"].run(["images"], {"latents": encoded[:n]})
            self.assert_near(again, decoded[:n], f"decoder, {n} images")
            latents, again = sessions["autoencoder"].run(["latents", "reconstructions"], {"images": images[:n]})
            self.assert_near(latents, encoded[:n], f"whole, latents of {n} images")
            self.assert_near(again, decoded[:n], f"whole, {n} images")

    def test_a_trained_model_computes_the_same(self):
        pixels = np.random.default_rng(4).integers(0, 256, (128, 28, 28), np.uint8)
        counterpart.write_idx(self.folder / "data", pixels)
        data = ("--dataset", "mnist", "--data_dir", "data")
        self.hourglass("train", *data, "--latent_dim", 32, "--epochs", 3, "--quiet")
        self.assert_agree("mnist_32", pixels[:, None].astype(np.float32) / np.float32(255), data)

    def test_wide_colour_images_compute_the_same(self):
        pixels = np.random.default_rng(5).integers(0, 256, (128, 16, 24, 3), np.uint8)
        counterpart.write_pngs(self.folder / "photos", pixels)
        save_file(random_state(6, 7, channels=3, height=16, width=24), self.folder / "theirs.safetensors")
        self.hourglass("import", "theirs.safetensors", "-o", "ours.safetensors", "--image_size", "16x24")
        images = pixels.transpose(0, 3, 1, 2).astype(np.float32) / np.float32(255)
        self.assert_agree("ours.safetensors", images, ("--dataset", "photos/"))


counterpart.main()
