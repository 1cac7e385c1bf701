"""TensorBoard's own package reads the event files of a run and opens the folder of `export --format projector`."""
import json

import counterpart

counterpart.need("tensorboard", "numpy", "PIL")

import numpy as np  # noqa: E402
from google.protobuf import text_format  # noqa: E402
from PIL import Image  # noqa: E402
from tensorboard.backend.event_processing import event_accumulator, event_file_loader  # noqa: E402
from tensorboard.plugins.projector import projector_plugin  # noqa: E402
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig  # noqa: E402

KEYS = ("train_loss", "test_mse", "psnr", "validation_mse", "learning_rate", "images_per_second")


class TensorBoard(counterpart.TestCase):
    def setUp(self):
        super().setUp()
        self.pixels = np.random.default_rng(5).integers(0, 256, (40, 28, 28), dtype=np.uint8)
        counterpart.write_idx(self.folder / "data", self.pixels)

    def train(self, *flags):
        self.hourglass("train", "--dataset", "mnist", "--data_dir", "data", "--latent_dim", 4, "--batch_size", 8,
                       "--validation", 8, "--quiet", *flags)

    def files(self, run):
        return sorted((self.folder / run).glob("events.out.tfevents.*"))

    def scalars(self, run):
        """{tag: {step: value}} as TensorBoard reads them."""
        events = event_accumulator.EventAccumulator(str(self.folder / run)).Reload()
        return {tag: {e.step: e.value for e in events.Scalars(tag)} for tag in events.Tags()["scalars"]}

    def assert_is_the_metrics_log(self, scalars):
        lines = map(json.loads, (self.folder / "models/AE/mnist_4.metrics.jsonl").read_text().splitlines())
        logged = {line["epoch"]: line for line in lines}
        for key in KEYS:
            self.assertEqual(list(scalars[key]), list(logged), key)
            for epoch, value in scalars[key].items():
                self.assertEqual(value, np.float32(logged[epoch][key]), f"{key} of epoch {epoch}")

    def test_every_record_and_checksum_is_read(self):
        self.train("--epochs", 2, "--tensorboard", "logs")
        path, = self.files("logs/mnist_4")
        events = list(event_file_loader.EventFileLoader(str(path)).Load())
        self.assertEqual(events[0].file_version, "brain.Event:2")
        self.assertEqual(len(events), 2 + 2 * len(KEYS))
        self.assertTrue(all(0 <= later.wall_time - earlier.wall_time < 600 for earlier, later in zip(events, events[1:])))

    def test_scalars_are_the_metrics_log_and_the_loss_goes_by_step(self):
        self.train("--epochs", 3, "--tensorboard", "logs")
        scalars = self.scalars("logs/mnist_4")
        self.assertEqual(set(scalars), set(KEYS))
        self.assert_is_the_metrics_log(scalars)
        loss = self.scalars("logs/mnist_4/steps")["loss"]
        self.assertEqual(list(loss), list(range(1, 13)))  # 32 images are 4 steps
        for epoch in (1, 2, 3):
            mean = np.mean([loss[step] for step in range(4 * epoch - 3, 4 * epoch + 1)])
            self.assertAlmostEqual(mean, scalars["train_loss"][epoch], places=6)

    def test_a_resumed_run_goes_on_and_what_it_goes_on_from_is_not_there_twice(self):
        self.train("--epochs", 2, "--tensorboard", "logs")
        self.train("--epochs", 4, "--tensorboard", "logs", "--resume")
        self.assertEqual(len(self.files("logs/mnist_4")), 2)
        self.assert_is_the_metrics_log(self.scalars("logs/mnist_4"))
        self.assertEqual(list(self.scalars("logs/mnist_4/steps")["loss"]), list(range(1, 17)))

        # The state is of epoch 2 and the log of epoch 4, as a killed run may leave them: 3 and 4 come again.
        self.train("--epochs", 2, "--out", "killed", "--tensorboard", "killed/logs")
        state = (self.folder / "killed/models/AE/mnist_4.resume.safetensors").read_bytes()
        self.train("--epochs", 4, "--out", "killed", "--tensorboard", "killed/logs", "--resume")
        (self.folder / "killed/models/AE/mnist_4.resume.safetensors").write_bytes(state)
        torn = self.files("killed/logs/mnist_4")[-1]
        torn.write_bytes(torn.read_bytes()[:-5])
        self.train("--epochs", 4, "--out", "killed", "--tensorboard", "killed/logs", "--resume")
        self.assertEqual(len(self.files("killed/logs/mnist_4")), 3)
        for tag, values in self.scalars("killed/logs/mnist_4").items():
            self.assertEqual(list(values), [1, 2, 3, 4], tag)

    def test_the_projector_opens_its_folder(self):
        self.train("--epochs", 1)
        self.hourglass("export", "mnist_4", "--format", "projector", "--data_dir", "data", "-o", "p")
        self.hourglass("encode", "mnist_4", "--data_dir", "data", "--split", "test", "-o", "Z.npy")
        config = text_format.Parse((self.folder / "p/projector_config.pbtxt").read_text(), ProjectorConfig())
        embedding, = config.embeddings
        self.assertEqual(list(embedding.tensor_shape), [40, 4])
        rows = projector_plugin._read_tensor_tsv_file(str(self.folder / "p" / embedding.tensor_path))
        self.assertTrue(np.array_equal(rows, np.load(self.folder / "Z.npy")))

        lines = (self.folder / "p" / embedding.metadata_path).read_text().splitlines()
        self.assertEqual(lines, ["label\tindex"] + [f"{i % 10}\t{i}" for i in range(40)])
        width, height = embedding.sprite.single_image_dim
        sprite = np.array(Image.open(self.folder / "p" / embedding.sprite.image_path))
        self.assertEqual(sprite.shape, (7 * height, 7 * width))
        for i, image in enumerate(self.pixels):
            y, x = i // 7 * height, i % 7 * width
            self.assertTrue(np.array_equal(sprite[y:y + height, x:x + width], image), i)

        page, = json.loads((self.folder / "p/projector_config.json").read_text())["embeddings"]
        self.assertEqual(page["tensorShape"], [40, 4])
        self.assertEqual(page["sprite"], {"imagePath": embedding.sprite.image_path, "singleImageDim": [width, height]})

    def test_names_with_signs_and_many_images_are_opened_too(self):
        self.train("--epochs", 1)
        name = 'a "b" \\ é.safetensors'
        (self.folder / "models/AE/mnist_4.safetensors").rename(self.folder / name)
        self.hourglass("export", name, "--format", "projector", "--data_dir", "data", "--split", "train,test", "-o", "p")
        config = text_format.Parse((self.folder / "p/projector_config.pbtxt").read_text(), ProjectorConfig())
        self.assertEqual(config.embeddings[0].tensor_name, 'a "b" \\ é of mnist')
        self.assertEqual(len((self.folder / "p/metadata.tsv").read_text().splitlines()), 81)


counterpart.main()
