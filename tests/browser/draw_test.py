#!/usr/bin/env python3
"""Draw and Drop: what is drawn or dropped is encoded as the native program encodes it, and placed."""
import case

case.need()

import io  # noqa: E402

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

from panel import PanelTest  # noqa: E402


class Draw(PanelTest):
    def stroke(self, path):
        """On the sheet, in parts of its sides."""
        x, y, w, h = self.box("#pane-draw canvas")
        self.browser.drag([(x + w * a, y + h * b) for a, b in path])

    def open_draw(self):
        self.open()
        self.browser.key("d")
        self.browser.wait("hourglass.view.get('tab') === 'draw'", "the panel Draw")
        self.browser.frame(3)

    ONE = [(0.5, 0.15 + 0.7 * i / 12) for i in range(13)]

    def test_a_drawn_stroke_is_encoded_and_placed_while_it_is_drawn(self):
        self.open_draw()
        x, y, w, h = self.box("#pane-draw canvas")
        path = [(x + w * a, y + h * b) for a, b in self.ONE]
        self.browser.move(*path[0])
        self.browser.mouse("mousePressed", *path[0], "left", 1, clickCount=1)
        for spot in path[1:8]:
            self.browser.mouse("mouseMoved", *spot, "left", 1)
        self.browser.wait("hourglass.view.get('placed')", "its place while the button is held")
        for spot in path[8:]:
            self.browser.mouse("mouseMoved", *spot, "left", 1)
        self.browser.mouse("mouseReleased", *path[-1], "left", 0, clickCount=1)
        self.browser.js("new Promise((done) => setTimeout(done, 400))")
        # What was encoded is what the panel shows; the program's own latent vector of it has the same neighbours.
        shown = self.pixels("#pane-draw .compare figure:nth-of-type(1) canvas")[:, :, 0]
        self.assertGreater(shown.max(), 200)
        mass = np.argwhere(shown > 0)
        self.assertEqual(int(max(np.ptp(mass, axis=0)) + 1), 20, "centred as MNIST: the longest side is 20 pixels")
        found = self.browser.js(f"hourglass.engine.encode(Float32Array.from({(shown.reshape(-1) / 255).tolist()}))"
                                ".then((z) => hourglass.engine.place(z)).then((p) => Array.from(p))")
        np.testing.assert_allclose(self.get("placed"), found, atol=0.5)
        labels = self.pack().labels
        near = self.tile_rows("#pane-draw .tile")
        self.assertGreaterEqual(sum(labels[np.flatnonzero(self.pack().rows == row)[0]] == 1 for row in near), len(near) // 2,
                                "a stroke downwards lies among the ones")

    def test_undo_and_clear_take_it_back(self):
        self.open_draw()
        self.stroke(self.ONE)
        self.stroke([(0.3, 0.5), (0.5, 0.5), (0.7, 0.5)])
        two = self.pixels("#pane-draw canvas")
        self.press_button("#pane-draw", "undo")
        self.assertLess(self.pixels("#pane-draw canvas")[:, :, 0].sum(), two[:, :, 0].sum())
        self.press_button("#pane-draw", "clear")
        self.assertEqual(self.pixels("#pane-draw canvas")[:, :, 0].max(), 0)
        self.browser.wait("!hourglass.view.get('placed')", "no place without a drawing")

    def test_keys_draw_too(self):
        self.open_draw()
        self.browser.js("document.querySelector('#pane-draw canvas').focus()")
        self.browser.key("ArrowUp")
        self.browser.key(" ")
        for _ in range(8):
            self.browser.key("ArrowDown")
        self.browser.key(" ")
        self.browser.wait("hourglass.view.get('placed')", "a place for what was drawn by keys")

    def drop(self, name, content, count=1):
        where = self.browser.folder / name
        where.write_bytes(content)
        document = self.browser.cdp("DOM.getDocument")["root"]["nodeId"]
        node = self.browser.cdp("DOM.querySelector", nodeId=document, selector="#pane-draw input[type=file]")["nodeId"]
        self.browser.cdp("DOM.setFileInputFiles", files=[str(where)], nodeId=node)

    def png(self, image):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "PNG")
        return file.getvalue()

    def test_an_image_of_the_data_dropped_lies_where_its_point_lies(self):
        self.page = "colour"
        self.open()
        self.press("#tab-draw")
        pack = self.pack()
        shape = pack.facts["shape"]
        image = pack.images[7].reshape(shape["height"], shape["width"], 3)
        self.drop("shape.png", self.png(image))
        self.browser.wait("hourglass.view.get('placed')", "its place")
        self.browser.js("new Promise((done) => setTimeout(done, 400))")
        self.assert_shows("#pane-draw .compare figure:nth-of-type(1) canvas", image / 255, "the image as it is")
        again = self.browser.js(f"hourglass.engine.place(hourglass.pack.latents.slice(28, 32)).then((p) => Array.from(p))")
        # Not the same bits: the pack's latent vectors are those of this machine's kernels, and UMAP places a row that
        # lies on another a little differently from one that lies beside it.
        np.testing.assert_allclose(self.get("placed"), again, atol=0.2)
        self.assertRegex(self.text_of("#pane-draw"), r"larger than that of \d+")
        self.assertEqual(self.tile_rows("#pane-draw .tile")[0], int(pack.rows[7]))

    def test_a_digit_black_on_white_of_another_size_becomes_one_of_the_data(self):
        self.open_draw()
        image = np.full((200, 120), 255, np.uint8)
        image[30:170, 50:70] = 0
        self.drop("one.png", self.png(image))
        self.browser.wait("hourglass.view.get('placed')", "its place")
        self.browser.js("new Promise((done) => setTimeout(done, 300))")
        labels = self.pack().labels
        near = self.tile_rows("#pane-draw .drop .tile")
        self.assertGreaterEqual(sum(labels[np.flatnonzero(self.pack().rows == row)[0]] == 1 for row in near), 5)

    def test_a_file_that_is_no_image_is_answered_by_a_sentence(self):
        self.open_draw()
        self.drop("notes.txt", b"not an image")
        self.waits_for_text("#tell", "not an image")


case.main()
