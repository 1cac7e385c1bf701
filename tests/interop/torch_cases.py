"""Import and export of PyTorch's state dicts, with any version of PyTorch: torch_debian_test.py, torch_newest_test.py."""
import collections
import datetime
import inspect
import zipfile

import numpy as np
import torch

import counterpart
from autoencoder import Autoencoder, Decoder, Encoder, trained

LATENT_DIM = 32
torch.set_num_threads(1)


def random_pixels(count, height, width):
    return np.random.default_rng(5).integers(0, 256, (count, height, width), dtype=np.uint8)


def as_images(pixels):
    return torch.from_numpy(pixels.astype(np.float32) / np.float32(255)).unsqueeze(1)


def load(path):
    safe = {"weights_only": True} if "weights_only" in inspect.signature(torch.load).parameters else {}
    return torch.load(path, **safe)


def rewritten(path, old, new):
    """Replaces bytes in the archive's pickle."""
    with zipfile.ZipFile(path) as archive:
        entries = [(entry, archive.read(entry)) for entry in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in entries:
            if entry.filename.endswith("/data.pkl"):
                assert old in content, f"no {old} in {path}"
                content = content.replace(old, new)
            archive.writestr(entry.filename, content)


class Torch(counterpart.TestCase):
    def setUp(self):
        super().setUp()
        self.pixels = random_pixels(20, 28, 28)
        counterpart.write_idx(self.folder / "data", self.pixels)
        self.images = as_images(self.pixels)
        self.model = trained(LATENT_DIM, self.images)

    def path(self, name):
        return self.folder / name

    def save(self, value, name, **options):
        torch.save(value, self.path(name), **options)
        return name

    def latents(self, checkpoint):
        self.hourglass("encode", checkpoint, "--dataset", "mnist", "--data_dir", "data", "--split", "test", "-o", "Z.npy")
        return np.load(self.path("Z.npy"))

    def decoded(self, checkpoint, latents):
        np.save(self.path("C.npy"), latents)
        self.hourglass("decode", checkpoint, "C.npy", "-o", "X.npy")
        return np.load(self.path("X.npy"))

    def assert_computes(self, checkpoint, model, images=None):
        images = self.images if images is None else images
        latents = model.encoder(images)
        self.assert_near(self.latents(checkpoint), latents.numpy(), "latents")
        self.assert_near(self.decoded(checkpoint, latents.numpy()), model.decoder(latents).numpy(), "images")

    def import_files(self, *names, flags=()):
        self.hourglass("import", *names, "-o", "theirs.safetensors", "--overwrite", *flags)
        return "theirs.safetensors"

    def test_an_encoder_and_a_decoder_compute_here_what_they_compute_there(self):
        encoder = self.save(self.model.encoder.state_dict(), "encoder.pth")
        decoder = self.save(self.model.decoder.state_dict(), "decoder.pth")
        self.assert_computes(self.import_files(encoder, decoder), self.model)
        self.assert_computes(self.import_files(decoder, encoder), self.model)

    def test_one_file_of_both_is_taken_with_what_wrappers_put_before_the_names(self):
        whole = self.model.state_dict()
        self.assert_computes(self.import_files(self.save(whole, "both.pth")), self.model)
        for wrapper in ("module.", "_orig_mod.", "model."):
            wrapped = collections.OrderedDict((wrapper + name, tensor) for name, tensor in whole.items())
            self.assert_computes(self.import_files(self.save(wrapped, "both.pth")), self.model)
        nested = {"epoch": 3, "loss": 0.5, "note": "x", "model": whole, "encoder": {}}
        self.assert_computes(self.import_files(self.save(nested, "both.pth")), self.model)

    def test_two_files_of_a_wrapped_encoder_and_decoder_are_taken(self):
        names = []
        for part in ("encoder", "decoder"):
            state = torch.nn.DataParallel(getattr(self.model, part)).state_dict()
            self.assertTrue(all(name.startswith("module.") for name in state))
            names.append(self.save(state, f"{part}.pth"))
        self.assert_computes(self.import_files(*names), self.model)

    def test_every_pickle_protocol_and_memory_order_is_read(self):
        for protocol in (2, 3, 4, 5):
            name = self.save(self.model.state_dict(), "both.pth", pickle_protocol=protocol)
            self.assert_computes(self.import_files(name), self.model)
        name = self.save(self.model.state_dict(), "both.pth", pickle_protocol=1)
        self.assertIn("protocol 2 to 5", self.refusal("import", name, "-o", "x.safetensors"))
        state = self.model.to(memory_format=torch.channels_last).state_dict()
        self.assertFalse(state["encoder.conv2.weight"].is_contiguous())
        self.assert_computes(self.import_files(self.save(state, "both.pth")), self.model)

    def test_numbers_of_other_widths_become_float32(self):
        for dtype in (torch.float64, torch.float16, torch.bfloat16):
            self.model.to(dtype)
            name = self.save(self.model.state_dict(), "both.pth")
            self.model.to(torch.float32)  # the precision of the narrow types
            self.assert_computes(self.import_files(name), self.model)

    def test_the_device_that_it_was_saved_from_does_not_matter(self):
        for device in (b"cuda:0", b"mps:0"):
            name = self.save(self.model.state_dict(), "both.pth")
            word = lambda text: b"X" + len(text).to_bytes(4, "little") + text
            rewritten(self.path(name), word(b"cpu"), word(device))
            self.assert_computes(self.import_files(name), self.model)

    def test_other_image_shapes_are_recognised(self):
        counterpart.write_idx(self.folder / "wide", random_pixels(20, 16, 24))
        images = as_images(random_pixels(20, 16, 24))
        model = trained(5, images, height=16, width=24)
        name = self.save(model.state_dict(), "wide.pth")
        self.assertIn("--image_size", self.refusal("import", name, "-o", "x.safetensors"))
        checkpoint = self.import_files(name, flags=("--image_size", "16x24"))
        latents = model.encoder(images)
        self.assert_near(self.decoded(checkpoint, latents.numpy()), model.decoder(latents).numpy(), "images")
        self.hourglass("encode", checkpoint, "--dataset", "mnist", "--data_dir", "wide", "--split", "test", "-o", "Z.npy")
        self.assert_near(np.load(self.path("Z.npy")), latents.numpy(), "latents")

        colour = trained(5, torch.rand(4, 3, 32, 32), channels=3, height=32, width=32)
        checkpoint = self.import_files(self.save(colour.state_dict(), "colour.pth"))
        latents = np.random.default_rng(2).standard_normal((6, 5)).astype(np.float32)
        self.assert_near(self.decoded(checkpoint, latents), colour.decoder(torch.from_numpy(latents)).numpy(), "images")

    def test_what_does_not_fit_is_named_with_both_shapes(self):
        encoder = self.save(self.model.encoder.state_dict(), "encoder.pth")
        other = self.save(Decoder(16).state_dict(), "decoder.pth")
        line = self.refusal("import", encoder, other, "-o", "x.safetensors")
        self.assertIn("decoder.linear.weight", line)
        self.assertIn("3136 x 16", line)
        self.assertIn("3136 x 32", line)

    def test_whole_modules_and_other_objects_are_refused_by_name(self):
        line = self.refusal("import", self.save(self.model, "module.pth"), "-o", "x.safetensors")
        self.assertIn("autoencoder.Autoencoder", line)
        self.assertIn("state_dict()", line)
        value = {"state": self.model.state_dict(), "when": datetime.date(2020, 1, 1)}
        line = self.refusal("import", self.save(value, "dated.pth"), "-o", "x.safetensors")
        self.assertIn("datetime.date", line)
        if hasattr(torch.jit, "script"):
            torch.jit.script(self.model.encoder).save(str(self.path("script.pth")))
            self.assertIn("torch.jit.save", self.refusal("import", "script.pth", "-o", "x.safetensors"))
        name = self.save(self.model.state_dict(), "old.pth", _use_new_zipfile_serialization=False)
        self.assertIn("save it again", self.refusal("import", name, "-o", "x.safetensors"))

    def test_what_is_exported_is_loaded_strictly_and_computes_the_same(self):
        checkpoint = self.import_files(self.save(self.model.state_dict(), "both.pth"))
        self.hourglass("export", checkpoint, "--format", "pth", "-o", "out")
        again = Autoencoder(LATENT_DIM)
        again.encoder.load_state_dict(load(self.path("out/encoder_imported_32.pth")), strict=True)
        again.decoder.load_state_dict(load(self.path("out/decoder_imported_32.pth")), strict=True)
        for name, tensor in self.model.state_dict().items():
            self.assertTrue(torch.equal(tensor, again.state_dict()[name]), name)

    def test_a_model_trained_here_computes_the_same_there(self):
        self.hourglass("train", "--dataset", "mnist", "--data_dir", "data", "--latent_dim", 8, "--epochs", 2, "--quiet")
        self.hourglass("export", "mnist_8")
        model = Autoencoder(8).requires_grad_(False)
        model.encoder.load_state_dict(load(self.path("models/AE/encoder_mnist_8.pth")), strict=True)
        model.decoder.load_state_dict(load(self.path("models/AE/decoder_mnist_8.pth")), strict=True)
        self.assert_computes("mnist_8", model)
