#!/usr/bin/env python3
"""Under the cursor, Picked, Line and Axes: their images are those that the native program decodes, bit by bit, and their
neighbours those of a search by brute force."""
import case

case.need()

import re  # noqa: E402

import numpy as np  # noqa: E402

import page  # noqa: E402
import pages  # noqa: E402
from panel import PanelTest  # noqa: E402


class Engine(PanelTest):
    """The engine in the page against the native program: no bit differs."""

    def test_decoded_images_have_the_native_program_s_bits(self):
        self.open()
        latents = self.pack().latents[::251]
        found = self.browser.js(f"hourglass.engine.decode(Float32Array.from({latents.reshape(-1).tolist()}))"
                                ".then((v) => Array.from(v))")
        expected = self.native("decode", latents).reshape(len(latents), -1)
        np.testing.assert_array_equal(np.float32(found).reshape(expected.shape), expected)

    def test_encoded_images_have_the_native_program_s_bits(self):
        self.open()
        where = self.pages / "strokes"
        pages.program("encode", "strokes_8", "--split", "test", "-o", "Z.npy", "--kernels", "portable", cwd=where)
        expected = np.load(where / "Z.npy")[:64]
        images = self.pack().images[:64].astype(np.float32) / np.float32(255)
        found = self.browser.js(f"hourglass.engine.encode(Float32Array.from({images.reshape(-1).tolist()}))"
                                ".then((v) => Array.from(v))")
        np.testing.assert_array_equal(np.float32(found).reshape(expected.shape), expected)

    def test_colour_images_too(self):
        self.open("colour")
        latents = self.pack("colour").latents[::17]
        found = self.browser.js(f"hourglass.engine.decode(Float32Array.from({latents.reshape(-1).tolist()}))"
                                ".then((v) => Array.from(v))")
        self.run_name, self.folder_name = "shapes_4", "colour"
        expected = self.decoded(latents)
        np.testing.assert_array_equal(np.float32(found).reshape(expected.shape), expected)


class Cursor(PanelTest):
    def test_the_image_is_decoded_from_the_blend_at_the_cursor(self):
        self.open()
        for point in (10, 700, 1500):
            x, y = self.pack().map()[point]
            cursor = self.hover(x + 0.03, y - 0.02)
            blend = self.blend(*cursor)
            image = self.decoded([blend["latent"]])[0]
            np.testing.assert_array_equal(np.float32(blend["image"]), image.reshape(-1))
            self.assert_shows("#cursor canvas", image, f"at {cursor}")

    def test_the_blend_is_the_weighted_mean_of_the_nearest_points(self):
        self.open()
        positions = self.pack().map().astype(np.float64)
        for point in (10, 700, 1500):
            x, y = (float(v) + 0.05 for v in positions[point])
            blend = self.blend(x, y)
            order = np.argsort(((positions - (x, y)) ** 2).sum(axis=1), kind="stable")[:len(blend["points"])]
            self.assertEqual(set(blend["points"]), set(order.tolist()))
            self.assertAlmostEqual(sum(blend["weights"]), 1, places=5)
            self.assertTrue(all(weight >= 0 for weight in blend["weights"]))
            mean = np.array(blend["weights"]) @ self.pack().latents[blend["points"]].astype(np.float64)
            np.testing.assert_allclose(blend["latent"], mean, rtol=1e-4, atol=1e-5)

    def test_far_from_the_data_it_is_hatched_and_says_so(self):
        self.open()
        low, high = self.pack().map().min(axis=0), self.pack().map().max(axis=0)
        self.browser.js("(hourglass.map.fit(), 0)")
        near = self.pack().map()[10]
        self.hover(*near)
        self.assertNotIn("Hatched", self.text_of("#cursor"))
        corners = [(x, y) for x in (low[0], high[0]) for y in (low[1], high[1])]
        gap = lambda c: np.hypot(*(self.pack().map() - np.float32(c)).T).min()
        corner = max(corners, key=gap)
        self.hover(*corner)
        self.assertTrue(self.blend(*self.get("cursor"))["far"], f"{corner}, {gap(corner)} from the nearest point")
        self.assertIn("atched", self.text_of("#cursor"))
        self.assertTrue(self.browser.js("!!document.querySelector('#cursor .far')"))

    def test_it_says_what_the_image_is(self):
        self.open()
        self.hover(*self.pack().map()[10])
        text = self.text_of("#cursor")
        self.assertIn("the map itself has no decoder", text)
        self.assertRegex(text, r"weighted mean of the \d+ nearest latent vectors")
        self.assertIn("row ", text)
        self.assertTrue(self.browser.js("document.querySelector('#cursor .mark')?.checkVisibility()"), "the mark: decoded")

    def test_space_freezes_it(self):
        self.open()
        cursor = self.hover(*self.pack().map()[10])
        self.browser.key(" ")
        self.browser.wait("hourglass.view.get('frozen')", "frozen")
        before = self.pixels("#cursor canvas")
        self.browser.move(*self.screen(self.pack().map()[700]))
        self.browser.js("new Promise((done) => setTimeout(done, 120))")
        np.testing.assert_array_equal(self.pixels("#cursor canvas"), before)
        self.browser.key(" ")
        self.browser.wait("!hourglass.view.get('frozen')", "free")
        self.assertIsNotNone(cursor)

    def test_without_a_model_it_shows_the_nearest_point(self):
        self.open("given")
        x, y, w, h = self.box()
        point = 20
        spot = self.screen(self.pack("given").map()[point])
        self.browser.move(spot[0] - 4, spot[1])
        self.browser.move(*spot)
        self.waits_for_text("#cursor", "no model")
        self.browser.js("new Promise((done) => setTimeout(done, 120))")
        shape = self.pack("given").facts["shape"]
        image = self.pack("given").images[point].reshape(shape["height"], shape["width"], -1)
        self.assert_shows("#cursor canvas", image / 255, "the nearest point's image")


class Picked(PanelTest):
    POINTS = (3, 412, 1999)

    def pick(self, point):
        self.set("tab", "picked")
        self.set("picked", point)
        self.browser.wait("document.querySelectorAll('#pane-picked .tile').length >= 30", "three rows of neighbours")
        self.browser.js("new Promise((done) => setTimeout(done, 250))")

    def test_neighbours_are_those_of_a_search_by_brute_force(self):
        self.open()
        pack = self.pack()
        for point in self.POINTS:
            self.pick(point)
            for index, space in enumerate(("latent", "pixel", "map")):
                with self.subTest(point=point, space=space):
                    found = self.tile_rows(f"#pane-picked .space:nth-of-type({index + 2}) .tile, #pane-picked .space:nth-child({index + 2}) .tile")
                    self.assertEqual(found, pack.rows[pack.nearest(space, point, len(found))].tolist())

    def test_the_map_marks_which_of_them_are_near_on_it(self):
        self.open()
        pack = self.pack()
        for point in self.POINTS:
            self.pick(point)
            latent, near = (set(pack.nearest(space, point, 10).tolist()) for space in ("latent", "map"))
            marks = self.get("neighbours")
            self.assertEqual(set(marks["near"]), latent & near)
            self.assertEqual(set(marks["far"]), latent - near)
            self.assertEqual(set(marks["mapOnly"]), near - latent)
            self.assertIn(f"{len(latent & near)} of 10", self.text_of("#pane-picked"))

    def test_image_reconstruction_and_error_are_the_program_s(self):
        self.open()
        pack = self.pack()
        for point in self.POINTS:
            self.pick(point)
            shape = pack.facts["shape"]
            image = pack.images[point].reshape(shape["height"], shape["width"], -1) / 255
            again = self.decoded(pack.latents[[point]])[0]
            self.assert_shows("#pane-picked figure:nth-of-type(1) canvas", image, "the image")
            self.assert_shows("#pane-picked figure:nth-of-type(2) canvas", again, "the reconstruction")
            said = float(re.search(r"error (\S+?),? ", self.text_of("#pane-picked") + " ").group(1).rstrip(","))
            error = float(((again - image) ** 2).mean())
            self.assertAlmostEqual(said, error, delta=0.006 * error)
            self.assertAlmostEqual(float(pack.error[point]), error, delta=1e-3 * error)
            share = (pack.error < pack.error[point]).mean()
            self.assertIn(f"{int(100 * share)}", self.text_of("#pane-picked"))

    def test_a_neighbour_s_tile_picks_it_and_back_returns(self):
        self.open()
        self.pick(self.POINTS[0])
        other = self.tile_rows("#pane-picked .tile")[0]
        self.press("#pane-picked .tile")
        point = int(np.flatnonzero(self.pack().rows == other)[0])
        self.browser.wait(f"hourglass.view.get('picked') === {point}", "the neighbour is picked")
        self.press_button("#pane-picked", "back")
        self.browser.wait(f"hourglass.view.get('picked') === {self.POINTS[0]}", "back again")

    def test_the_command_copied_is_one_that_the_program_knows(self):
        self.open()
        self.pick(self.POINTS[0])
        self.press_button("#pane-picked", "command")
        command = self.browser.wait("navigator.clipboard.readText().then((t) => t.startsWith('hourglass') && t)", "a command")
        import shlex
        words = shlex.split(command)
        self.assertEqual(words[0], "hourglass")
        pages.program(*words[1:], cwd=self.pages / "strokes")

    def test_the_latent_vector_is_copied_exactly(self):
        self.open()
        self.pick(self.POINTS[1])
        self.press_button("#pane-picked", "latent JSON")
        text = self.browser.wait("navigator.clipboard.readText().then((t) => t.startsWith('[') && t)", "a latent vector")
        np.testing.assert_array_equal(np.float32(page.json.loads(text)), self.pack().latents[self.POINTS[1]])


class Line(PanelTest):
    def test_eleven_steps_between_two_points_are_the_program_s(self):
        self.open()
        pack = self.pack()
        a, b = 17, 245
        self.set("tab", "line")
        self.set("line", [a, b])
        self.browser.wait("document.querySelectorAll('#strip .step').length === 11", "eleven steps")
        self.browser.js("new Promise((done) => setTimeout(done, 400))")
        alphas = np.linspace(0, 1, 11).astype(np.float64)
        latents = np.float32([np.float32((1 - t) * pack.latents[a].astype(np.float64) + t * pack.latents[b].astype(np.float64)) for t in alphas])
        images = self.decoded(latents)
        for i in range(11):
            found = self.pixels(f"#strip .step:nth-of-type({i + 1}) .image:last-of-type canvas")[:, :, :3].astype(int)
            self.assertLessEqual(abs(found - np.rint(255 * images[i].astype(float))).max(), 1, f"step {i}")
        shape = pack.facts["shape"]
        for i in (0, 5, 10):
            fade = ((1 - alphas[i]) * pack.images[a].astype(float) + alphas[i] * pack.images[b]).reshape(shape["height"], shape["width"], 1)
            found = self.pixels(f"#strip .step:nth-of-type({i + 1}) .image:first-of-type canvas")[:, :, :3].astype(int)
            self.assertLessEqual(abs(found - fade).max(), 1, f"cross-fade {i}")
        width = self.browser.js("document.querySelector('#strip .step .image:last-of-type canvas').getBoundingClientRect().width")
        self.assertGreaterEqual(width, 72)
        self.assertTrue(self.browser.js("!!document.querySelector('#strip svg')"), "the curve of distance")
        self.assertEqual(len(self.get("path")), 22)

    def test_two_clicks_with_the_tool_make_a_line(self):
        self.open()
        self.browser.key("n")
        self.assertEqual(self.get("tool"), "line")
        self.browser.js("new Promise((done) => setTimeout(done, 300))")
        self.browser.js("(hourglass.map.fit(), 0)")
        self.browser.frame(10)
        positions = self.pack().map()
        ends = [int(np.argmin(positions[:, 0])), int(np.argmax(positions[:, 0]))]
        for point in ends:
            self.browser.click(*self.screen(positions[point]))
            self.browser.frame(3)
        self.browser.wait(f"String(hourglass.view.get('line')) === '{ends[0]},{ends[1]}'", f"a line {ends}, not {self.get('line')}")

    def test_its_command_draws_the_same_figure(self):
        self.open()
        self.set("tab", "line")
        self.set("line", [17, 245])
        self.browser.js("new Promise((done) => setTimeout(done, 300))")
        self.press_button("#pane-line", "command")
        rows = self.pack().rows[[17, 245]]
        command = self.browser.wait("navigator.clipboard.readText().then((t) => t.startsWith('hourglass') && t)", "a command")
        self.assertRegex(command, rf'^hourglass visualize \S*strokes_8\S* .*--only interp .*--interpolate "#{rows[0]}:#{rows[1]}"')
        import shlex
        pages.program(*shlex.split(command)[1:], cwd=self.pages / "strokes")


class Axes(PanelTest):
    def open_axes(self):
        self.open()
        self.set("picked", 5)
        self.press("#tab-axes")
        self.browser.wait("document.querySelectorAll('#pane-axes input[type=range]').length > 0", "sliders")
        self.browser.js("new Promise((done) => setTimeout(done, 500))")

    def test_a_slider_and_a_strip_of_five_for_each_direction(self):
        self.open_axes()
        pack = self.pack()
        count = len(pack.arrays["directions.ranges"])
        self.assertEqual(self.browser.js("document.querySelectorAll('#pane-axes input[type=range]').length"), count)
        self.assertEqual(self.browser.js("document.querySelectorAll('#pane-axes .axis:first-of-type canvas').length"), 5)
        ranges = self.browser.js("[...document.querySelectorAll('#pane-axes input[type=range]')].map((s) => [+s.min, +s.max, s.ariaLabel])")
        for low, high, name in ranges:
            index = int(re.search(r"\d+", name).group()) - 1
            wanted = pack.arrays["directions.ranges"][index]
            self.assertLessEqual(low, wanted[0] + 1e-5)
            self.assertGreaterEqual(high, wanted[1] - 1e-5)

    def test_moving_a_slider_moves_the_latent_vector_along_its_direction(self):
        self.open_axes()
        pack = self.pack()
        name, low, high = self.browser.js("""(() => { const s = document.querySelector('#pane-axes input[type=range]');
          s.value = s.max; s.dispatchEvent(new Event('input', { bubbles: true })); return [s.ariaLabel, +s.min, +s.max]; })()""")
        self.browser.js("new Promise((done) => setTimeout(done, 400))")
        index = int(re.search(r"\d+", name).group()) - 1
        component = pack.arrays["directions.components"][index].astype(np.float64)
        latent = pack.latents[5].astype(np.float64)
        score = (latent - pack.arrays["directions.mean"]) @ component
        image = self.decoded([latent + (high - score) * component])[0]
        found = self.pixels("#pane-axes canvas")[:, :, :3].astype(int)
        self.assertLessEqual(abs(found - np.rint(255 * image.astype(float))).max(), 1)
        self.assertIsNotNone(self.get("placed"))


case.main()
