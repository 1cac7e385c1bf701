#!/usr/bin/env python3
"""The map: dots and images where they belong, every way to move it, colours, names, without WebGL2 too."""
import case

case.need()

import io  # noqa: E402
import re  # noqa: E402

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

import page  # noqa: E402
from browser import PHONE  # noqa: E402


def rgb(text):
    """A colour of CSS."""
    return np.array([int(v) for v in re.findall(r"\d+", text)[:3]])


class MapTest(page.PageTest):
    def shot(self):
        """The viewport [h, w, 3]."""
        self.browser.frame(3)
        return np.asarray(Image.open(io.BytesIO(self.browser.picture())).convert("RGB")).astype(int)

    def clear_cursor(self):
        self.browser.move(2, 2)
        self.set("cursor", None)

    def lonely(self, among=None):
        """Points with the most room around them on the map, the loneliest first."""
        positions = self.pack().map().astype(np.float64)
        gap = np.array([np.partition(((positions - p) ** 2).sum(1), 1)[1] for p in positions])
        order = np.argsort(-gap)
        return [int(i) for i in order if among is None or among[i]]

    def around(self, picture, x, y, reach=3):
        x, y = round(x), round(y)
        return picture[y - reach:y + reach + 1, x - reach:x + reach + 1].reshape(-1, 3)

    def in_the_open(self, x, y):
        """Whether nothing but the map is at a place of the screen."""
        return self.browser.js(f"['points', 'marks', 'map'].includes(document.elementFromPoint({x}, {y})?.id)")

    def likeness(self, picture, x, y, point):
        """The largest correlation of a point's image with what is drawn around a place, over sizes and small shifts."""
        shape = self.pack().facts["shape"]
        image = self.pack().images[point].reshape(shape["height"], shape["width"], -1).mean(axis=2)
        best = 0
        for size in range(20, 132, 2):
            wanted = np.asarray(Image.fromarray(image.astype(np.uint8)).resize((size, size)), float)
            wanted = (wanted - wanted.mean()) / (wanted.std() + 1e-9)
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    left, top = round(x - size / 2) + dx, round(y - size / 2) + dy
                    if left < 0 or top < 0:
                        continue
                    found = picture[top:top + size, left:left + size].mean(axis=2)
                    if found.shape == wanted.shape:
                        best = max(best, float((wanted * (found - found.mean())).mean() / (found.std() + 1e-9)))
        return best

    def assert_an_image_is_at_its_point(self):
        """Zoomed in on a lonely point, its image is drawn there; returns where on the screen."""
        self.set("picked", -1)
        point = self.lonely()[3]
        self.look_at(point, 1200)
        self.clear_cursor()
        x, y = self.screen(self.pack().map()[point])
        self.assertGreater(self.likeness(self.shot(), x, y, point), 0.85)
        return x, y


class Drawn(MapTest):
    def test_a_dot_of_each_class_has_the_colour_of_the_legend(self):
        self.open()
        self.set("picked", -1)
        self.clear_cursor()
        picture = self.shot()
        for label in range(10):
            colour = rgb(self.browser.js(f"""getComputedStyle([...document.querySelectorAll('#legend button')]
              .find((b) => b.innerText.trim().startsWith('{label}')).querySelector('.swatch')).backgroundColor"""))
            hits = 0
            for point in self.lonely(self.pack().labels == label)[:8]:
                x, y = self.screen(self.pack().map()[point])
                hits += (abs(self.around(picture, x, y) - colour).max(axis=1) < 40).any()
            self.assertGreaterEqual(hits, 6, f"class {label}, {colour}")

    def test_all_points_are_in_sight_at_first(self):
        self.open()
        x, y, w, h = self.box()
        for position in (self.pack().map().min(axis=0), self.pack().map().max(axis=0)):
            left, top = self.screen(position)
            self.assertTrue(x <= left <= x + w and y <= top <= y + h, (left, top))

    def test_zoomed_in_the_image_stands_in_the_place_of_its_dot(self):
        self.open()
        self.set("picked", -1)
        for point in self.lonely()[3:6]:
            self.look_at(point, 1200)
            self.clear_cursor()
            x, y = self.screen(self.pack().map()[point])
            self.assertGreater(self.likeness(self.shot(), x, y, point), 0.85, f"point {point}")

    def test_after_a_filter_the_image_is_still_its_own(self):
        self.open()
        self.set("picked", -1)
        self.set("search", "label:3,5,8")
        point = self.lonely(np.isin(self.pack().labels, (3, 5, 8)))[3]
        self.look_at(point, 1200)  # so near that it shares its cell with no other
        self.clear_cursor()
        x, y = self.screen(self.pack().map()[point])
        self.assertGreater(self.likeness(self.shot(), x, y, point), 0.85, f"point {point}")

    def test_colour_images_are_drawn_in_their_colours(self):
        self.page = "colour"
        self.open()
        self.set("picked", -1)
        point = self.lonely()[5]
        self.look_at(point, 600)
        self.clear_cursor()
        x, y = self.screen(self.pack().map()[point])
        picture = self.shot()
        self.assertGreater(self.likeness(picture, x, y, point), 0.8)
        shape = self.pack().facts["shape"]
        image = self.pack().images[point].reshape(shape["height"], shape["width"], 3).astype(int)
        bright = image[image.max(axis=2) > 150]
        if len(bright):
            wanted = np.median(bright, axis=0)
            found = self.around(picture, x, y, 40)
            self.assertTrue((abs(found - wanted).max(axis=1) < 16).any(), wanted)

    def test_far_out_images_are_thinned_and_never_hide_all_dots(self):
        self.open()
        self.clear_cursor()
        x, y, w, h = self.box()
        first = self.shot()
        self.browser.wheel(x + w / 2, y + h / 2, -600)
        self.browser.frame(20)
        near = self.shot()
        self.assertGreater((abs(first - near).max(axis=2) > 30).mean(), 0.02)

    def test_what_does_not_pass_the_filter_stays_in_grey(self):
        self.open()
        self.set("picked", -1)
        self.set("search", "label:1")
        self.clear_cursor()
        picture = self.shot()
        background = self.browser.js("getComputedStyle(document.body).backgroundColor")
        grey, seen = 0, 0
        for point in self.lonely(self.pack().labels == 0)[:10]:
            x, y = self.screen(self.pack().map()[point])
            spots = self.around(picture, x, y, 2)
            differs = abs(spots - rgb(background)).max(axis=1) > 6
            seen += differs.any()
            grey += (np.ptp(spots[differs], axis=1) < 24).any() if differs.any() else 0
        self.assertGreaterEqual(seen, 8, "the others are drawn")
        self.assertGreaterEqual(grey, 8, "and in grey")

    def test_every_colour_is_drawn_and_has_its_key(self):
        self.open()
        self.set("picked", -1)
        options = self.browser.js("[...document.querySelectorAll('#colour option')].map((o) => o.value)")
        self.assertTrue({"label", "error", "trustworthiness", "continuity", "overlap"} <= set(options), options)
        pictures = {}
        for value in options:
            self.browser.js(f"(e => {{ e.value = '{value}'; e.dispatchEvent(new Event('change', {{ bubbles: true }})); }})"
                            "(document.querySelector('#colour'))")
            self.assertEqual(self.get("colour"), value)
            self.clear_cursor()
            pictures[value] = self.shot()
            self.assertTrue(self.text_of("#legend"), value)
        self.assertGreater((abs(pictures["label"] - pictures["error"]).max(axis=2) > 30).mean(), 0.005)

    def test_class_names_stand_near_their_classes(self):
        self.open()
        names = set(re.findall(r"\S+", self.browser.js("document.querySelector('#map').innerText")))
        drawn = {str(label) for label in range(10)} <= names
        if not drawn:  # drawn on the canvas: they are on the picture of the view
            self.press("#picture")
            self.press_button("body", "SVG")
            svg = self.browser.downloaded()[1].decode()
            for label in range(10):
                self.assertRegex(svg, rf">{label}</text>")

    def test_the_score_line_is_always_in_sight(self):
        for name in ("strokes", "colour", "matrix", "given"):
            self.open(name)
            self.assertRegex(self.text_of("#score"), r"trustworthiness of the map \.?\d+ \(1 = no false neighbours\)|not scored")
            self.assertTrue(self.browser.js("document.querySelector('#score').checkVisibility()"))


class Moved(MapTest):
    def setUp(self):
        super().setUp()
        self.browser.media(prefers_reduced_motion="reduce")  # no gliding, so that the end is there at once

    def middle(self):
        x, y, w, h = self.box()
        return x + w / 2, y + h / 2

    def assert_under(self, spot, position, tolerance=1.5):
        """A position of the map lies at a place of the screen."""
        found = self.screen(position)
        self.assertLess(max(abs(found[0] - spot[0]), abs(found[1] - spot[1])), tolerance, (found, spot))

    def test_dragging_moves_what_is_under_the_mouse_with_it(self):
        self.open()
        x, y = self.middle()
        position = self.position(x, y)
        self.browser.drag([(x, y), (x + 20, y + 10), (x + 90, y - 40), (x + 120, y - 60)])
        self.browser.frame(4)
        self.assert_under((x + 120, y - 60), position)

    def test_a_wheel_zooms_to_the_mouse(self):
        self.open()
        x, y = self.middle()
        x, y = x + 100, y - 50
        for by in (-240, 240):
            position, scale = self.position(x, y), self.camera()[2]
            self.browser.wheel(x, y, by)
            self.browser.wait(f"hourglass.view.get('camera').scale !== {scale!r}", "another scale")
            self.browser.frame(20)
            self.assertGreater((self.camera()[2] - scale) * -by, 0)
            self.assert_under((x, y), position)

    def test_zooming_ends_at_limits(self):
        self.open()
        x, y = self.middle()
        for by in (-2000, 2000):
            for _ in range(12):
                self.browser.wheel(x, y, by)
            self.browser.frame(10)
            scale = self.camera()[2]
            self.assertTrue(np.isfinite(scale) and scale > 0)
            self.browser.wheel(x, y, by)
            self.browser.frame(10)
            self.assertAlmostEqual(self.camera()[2], scale, delta=1e-6 * scale)

    def test_keys_zoom_move_and_show_all(self):
        self.open()
        self.set("picked", -1)
        first = self.camera()
        self.browser.js("document.querySelector('#map').focus()")
        self.browser.key("+")
        self.browser.wait(f"hourglass.view.get('camera').scale > {first[2]!r}", "nearer")
        self.browser.frame(20)
        for key, axis, sign in (("ArrowRight", 0, 1), ("ArrowLeft", 0, -1), ("ArrowUp", 1, 1), ("ArrowDown", 1, -1)):
            before = self.camera()
            self.browser.key(key)
            self.browser.frame(20)
            self.assertGreater(sign * (self.camera()[axis] - before[axis]), 0, key)
        self.browser.key("-")
        self.browser.key("0")
        self.browser.frame(20)
        np.testing.assert_allclose(self.camera(), first, rtol=1e-3, atol=1e-3)

    def test_one_finger_moves_and_two_zoom(self):
        self.browser.resize(PHONE, touch=True)
        self.open()
        x, y = self.middle()
        position = self.position(x, y)
        self.browser.swipe([(x, y), (x + 12, y + 8), (x + 40, y + 30), (x + 60, y + 44)])
        self.browser.frame(20)
        self.assert_under((x + 60, y + 44), position, 16)
        before = self.camera()[2]
        self.browser.swipe([((x - 20 - s, y), (x + 20 + s, y)) for s in (0, 6, 18, 40, 60)])
        self.browser.frame(20)
        self.assertGreater(self.camera()[2], 2 * before)

    def test_a_click_picks_the_point_under_it_and_a_drag_does_not(self):
        self.open()
        for point in self.lonely()[20:24]:
            self.look_at(point, 300)
            spot = self.screen(self.pack().map()[point])
            self.set("picked", -1)
            self.browser.click(*spot)
            self.browser.wait(f"hourglass.view.get('picked') === {point}", f"point {point} is picked")
        x, y = self.middle()
        self.browser.drag([(x, y), (x + 60, y + 20), (x + 90, y)])
        self.browser.frame()
        self.assertEqual(self.get("picked"), point)

    def test_the_window_may_change_its_size(self):
        self.open()
        for size in ((900, 600), (1600, 1000), (700, 900)):
            self.browser.resize(size)
            self.browser.frame(4)
            _, _, w, h = self.box()
            found = self.browser.js("(r => [r.width, r.height])(document.querySelector('#points').getBoundingClientRect())")
            self.assertLess(max(abs(found[0] - w), abs(found[1] - h)), 2)
            self.assertLessEqual(self.browser.js("document.documentElement.scrollWidth"), size[0])


class WithoutWebGL(MapTest):
    def test_the_map_is_drawn_all_the_same(self):
        self.open(before=page.NO_WEBGL)
        self.set("picked", -1)
        self.clear_cursor()
        picture = self.shot()
        hits = 0
        for point in self.lonely()[:20]:
            x, y = self.screen(self.pack().map()[point])
            if not self.in_the_open(x, y):
                hits += 1
                continue
            hits += (np.ptp(self.around(picture, x, y), axis=1) > 24).any()
        self.assertGreaterEqual(hits, 15)

    def test_images_appear_and_the_mouse_decodes(self):
        self.open(before=page.NO_WEBGL)
        x, y = self.assert_an_image_is_at_its_point()
        self.browser.move(x - 4, y)
        self.browser.move(x, y)
        self.browser.wait("hourglass.view.get('blend')", "a decoded image")

    def test_a_texture_limit_of_4096_is_kept(self):
        self.open(before=page.SMALL_TEXTURES)
        self.assert_an_image_is_at_its_point()

    def test_a_lost_context_comes_back(self):
        self.open()
        self.clear_cursor()
        before = self.shot()
        self.browser.js("""(() => { const e = document.querySelector('#points').getContext('webgl2').getExtension('WEBGL_lose_context');
          e.loseContext(); setTimeout(() => e.restoreContext(), 100); })()""")
        self.browser.js("new Promise((done) => setTimeout(done, 400))")
        self.assertLess((abs(self.shot() - before).max(axis=2) > 40).mean(), 0.01)


case.main()
