#!/usr/bin/env python3
"""Worst, Selection, Epochs, Present, Help: their numbers, files and orders are those that Python computes."""
import case

case.need()

import csv  # noqa: E402
import io  # noqa: E402

import numpy as np  # noqa: E402

import page  # noqa: E402


class Worst(page.PageTest):
    """The points of the strokes page are the rows of its test split, so a row is a point."""

    def open_worst(self):
        self.open()
        self.press("#tab-worst")
        self.browser.wait("!!document.querySelector('#pane-worst .tile')", "tiles")

    def points(self):
        self.browser.frame(2)
        return self.tile_rows("#pane-worst .tile")

    def order(self, key, label=None):
        values, sign = self.pack().arrays[key].astype(np.float64), -1 if key == "error" else 1
        keep = ~np.isnan(values) & (True if label is None else self.pack().labels == label)
        points = np.flatnonzero(keep)
        return points[np.argsort(sign * values[points], kind="stable")].tolist()

    def test_the_largest_error_comes_first(self):
        self.open_worst()
        shown = self.points()
        self.assertGreaterEqual(len(shown), 8)
        self.assertEqual(shown, self.order("error")[:len(shown)])
        self.press_button("#pane-worst", "›")
        self.assertEqual(self.points(), self.order("error")[len(shown):2 * len(shown)])

    def test_the_lowest_trustworthiness_comes_first(self):
        self.open_worst()
        self.choose("#pane-worst", "order", "lowest trustworthiness")
        shown = self.points()
        self.assertEqual(shown, self.order("trustworthiness")[:len(shown)])

    def test_of_each_class_the_worst_and_of_one_class_all(self):
        self.open_worst()
        self.choose("#pane-worst", "of", "each class the worst")
        labels, order = self.pack().labels, self.order("error")
        expected = [point for i, point in enumerate(order) if labels[point] not in labels[order[:i]]]
        self.assertEqual(self.points(), expected)
        self.choose("#pane-worst", "of", "class 4")
        self.assertEqual(self.points(), self.order("error", 4)[:len(self.points())])

    def test_the_table_of_classes_holds_the_means(self):
        self.open_worst()
        labels, error = self.pack().labels, self.pack().error
        rows = self.browser.js("[...document.querySelectorAll('#pane-worst tbody tr')].map((r) => [...r.cells].slice(0, 3)"
                               ".map((c) => c.innerText.trim()))")
        self.assertEqual(len(rows), 10)
        means = []
        for name, count, mean in rows:
            of = labels == int(name)
            self.assertEqual(count.replace(",", ""), str(of.sum()))
            self.assertAlmostEqual(float(mean), float(error[of].mean()), delta=6e-3 * float(error[of].mean()))
            means.append(float(mean))
        self.assertEqual(means, sorted(means, reverse=True))

    def test_a_click_picks_the_row_itself_even_after_a_filter(self):
        self.open()
        self.set("search", "label:3")
        self.press("#tab-worst")
        self.browser.wait("!!document.querySelector('#pane-worst .tile')", "tiles")
        self.assertEqual(self.points(), self.order("error", 3)[:len(self.points())])
        point = self.points()[2]
        self.browser.click(*self.spot("document.querySelectorAll('#pane-worst .tile')[2]", "a tile"))
        self.browser.wait(f"hourglass.view.get('picked') === {point}", "the tile's point is picked")


class Selection(page.PageTest):
    def select(self, points):
        self.browser.js(f"(hourglass.view.set('selection', Int32Array.from({list(map(int, points))})), 0)")
        self.set("tab", "selection")

    def inside(self, polygon, positions):
        """Even-odd rule, in the units of the map, for positions [n, 2]."""
        x, y = positions.astype(np.float64).T
        found = np.zeros(len(positions), bool)
        for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]):
            crosses = (y1 > y) != (y2 > y)
            with np.errstate(divide="ignore", invalid="ignore"):
                found ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
        return found

    def test_the_lasso_takes_exactly_the_points_inside(self):
        self.open()
        self.browser.key("l")
        self.assertEqual(self.get("tool"), "lasso")
        x, y, w, h = self.box()
        angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        corners = [(round(x + w * (0.45 + 0.2 * np.cos(a) * (1 + 0.4 * np.cos(3 * a)))),
                    round(y + h * (0.5 + 0.25 * np.sin(a) * (1 + 0.4 * np.cos(3 * a))))) for a in angles]
        self.browser.drag(corners)
        chosen = set(self.browser.wait("Array.from(hourglass.view.get('selection') ?? [])", "a selection"))
        positions = self.pack().map()
        expected = set(np.flatnonzero(self.inside([tuple(self.position(*c)) for c in corners], positions)).tolist())
        self.assertGreater(len(expected), 20)
        self.assertEqual(chosen, expected)
        self.assertIn(f"{len(expected):,}", self.text_of("#pane-selection"))

    def test_only_points_that_are_shown_are_taken(self):
        self.open()
        self.set("search", "label:3")
        self.browser.key("l")
        x, y, w, h = self.box()
        self.browser.drag([(x + 80, y + 60), (x + w - 20, y + 60), (x + w - 20, y + h - 90), (x + 80, y + h - 90)])
        chosen = self.browser.wait("Array.from(hourglass.view.get('selection') ?? [])", "a selection")
        self.assertEqual(set(self.pack().labels[chosen]), {3})

    def test_count_classes_and_mean_image(self):
        self.open()
        pack = self.pack()
        points = np.flatnonzero((pack.labels == 2) | (pack.labels == 6))[::3]
        self.select(points)
        text = self.text_of("#pane-selection")
        self.assertIn(str(len(points)), text)
        for label in (2, 6):
            self.assertRegex(text, rf"(?m)^{label}\s+{(pack.labels[points] == label).sum()}\b")
        mean = pack.images[points].astype(np.float64).mean(axis=0)
        shown = self.pixels("#pane-selection canvas")[:, :, 0].reshape(-1)
        self.assertLessEqual(abs(shown - mean).max(), 1)

    def test_the_csv_reads_back_as_the_rows_selected(self):
        self.open()
        pack = self.pack()
        points = np.arange(5, pack.count, 97)
        self.select(points)
        self.press_button("#pane-selection", "csv")
        name, content = self.browser.downloaded()
        self.assertTrue(name.endswith(".csv"))
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
        self.assertEqual([int(row["row"]) for row in rows], pack.rows[points].tolist())
        self.assertEqual([int(row["label"]) for row in rows], pack.labels[points].tolist())
        latents = np.float32([[row[f"latent_{k}"] for k in range(pack.facts["latent_dim"])] for row in rows])
        np.testing.assert_array_equal(latents, pack.latents[points])
        np.testing.assert_array_equal(np.float32([[row["map_x"], row["map_y"]] for row in rows]), pack.map()[points])

    def test_names_with_quotes_and_markup_survive_the_csv(self):
        self.open("colour")
        self.select(range(6))
        self.press_button("#pane-selection", "csv")
        rows = list(csv.DictReader(io.StringIO(self.browser.downloaded()[1].decode("utf-8"))))
        pack = self.pack("colour")
        self.assertEqual([row["name"] for row in rows], pack.names[:6])
        self.assertEqual([row["class"] for row in rows], [pack.facts["class_names"][i] for i in pack.labels[:6]])

    def test_numpy_reads_what_was_downloaded(self):
        self.open()
        pack = self.pack()
        points = np.arange(0, pack.count, 41)
        self.select(points)
        for button, expected in (("rows npy", pack.rows), ("labels npy", pack.labels), ("latents npy", pack.latents)):
            self.press_button("#pane-selection", button)
            name, content = self.browser.downloaded()
            array = np.load(io.BytesIO(content))
            self.assertEqual(array.dtype, expected.dtype, name)
            np.testing.assert_array_equal(array, expected[points], name)

    def test_row_numbers_are_copied(self):
        self.open()
        self.select([3, 5, 8])
        self.press_button("#pane-selection", "Copy row numbers")
        rows = ",".join(str(row) for row in self.pack().rows[[3, 5, 8]])
        self.browser.wait(f"navigator.clipboard.readText().then((t) => t === '{rows}')", "the rows in the clipboard")

    def test_all_shown_invert_and_clear(self):
        self.open()
        self.set("search", "label:4")
        self.set("tab", "selection")
        self.press_button("#pane-selection", "All shown")
        four = np.flatnonzero(self.pack().labels == 4)
        self.assertEqual(self.get("selection"), four.tolist())
        self.press_button("#pane-selection", "Invert")
        self.assertEqual(self.get("selection"), np.flatnonzero(self.pack().labels != 4).tolist())
        self.press_button("#pane-selection", "Clear")
        self.assertIsNone(self.get("selection"))


class Epochs(page.PageTest):
    def test_each_epoch_has_its_own_map_and_decoder(self):
        self.open()
        pack = self.pack()
        self.assertEqual(pack.facts["epochs"], [1, 2])
        self.assertEqual(self.get("map"), 1)
        self.browser.js("document.querySelector('#epochs input[type=range]').focus()")
        self.browser.key("ArrowLeft")
        self.browser.wait("hourglass.view.get('map') === 0", "the map of epoch 1")
        self.waits_for_text("#epochs", "1")
        one, two = (self.browser.js(f"""(async () => {{
          await hourglass.engine.show({i});
          return Array.from(await hourglass.engine.decode(hourglass.pack.latents.slice(0, hourglass.pack.facts.latent_dim)));
        }})()""") for i in (0, 1))
        self.assertGreater(np.abs(np.array(one) - np.array(two)).max(), 1e-3)

    def test_it_plays_from_the_first_epoch_to_the_last(self):
        self.open()
        self.browser.js("(window.maps = [], hourglass.view.on(['map'], () => maps.push(hourglass.view.get('map'))), 0)")
        self.press("#epochs button")
        self.browser.wait("maps.includes(0) && maps[maps.length - 1] === 1 && maps.length > 1", "the maps in turn")

    def test_a_map_without_epochs_has_no_slider(self):
        self.open("matrix")
        self.assertTrue(self.browser.js("document.querySelector('#epochs').hidden"))


class Present(page.PageTest):
    def test_map_and_image_alone_in_large_text(self):
        for size in ((1280, 720), (1920, 1080)):
            self.browser.resize(size)
            self.open()
            self.browser.key("p")
            self.browser.wait("hourglass.view.get('present')", "presenting")
            self.browser.frame()
            self.browser.move(*self.screen(self.pack().map()[5]))
            self.browser.wait("hourglass.view.get('blend')", "a decoded image")
            self.browser.frame()
            seen = self.browser.js("""[...document.querySelectorAll('body *')].filter((e) => {
              const r = e.getBoundingClientRect();
              return r.width > 1 && r.height > 1 && r.bottom > 0 && r.right > 0 && r.top < innerHeight && r.left < innerWidth
                && e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
                && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
                && getComputedStyle(e).clipPath === 'none' && getComputedStyle(e).clip === 'auto';
            }).map((e) => [e.innerText.trim().slice(0, 60), parseFloat(getComputedStyle(e).fontSize)])""")
            small = [text for text, points in seen if points < 20]
            self.assertEqual(small, [], "text below 20 px")
            images = self.browser.js("""[...document.querySelectorAll('canvas')].filter((c) => !c.closest('#map')
              && c.checkVisibility()).map((c) => c.getBoundingClientRect().height)""")
            self.assertGreaterEqual(max(images), 0.45 * size[1], images)
            self.assertFalse(self.browser.js("document.querySelector('#tabs').checkVisibility()"))

    def test_space_freezes_arrows_step_and_escape_ends(self):
        self.open()
        self.browser.key("p")
        self.browser.wait("hourglass.view.get('present')", "presenting")
        self.browser.move(*self.screen(self.pack().map()[5]))
        self.browser.wait("hourglass.view.get('blend')", "a decoded image")
        self.browser.key(" ")
        self.browser.wait("hourglass.view.get('frozen')", "frozen")
        cursor = self.get("cursor")
        self.browser.move(*self.screen(self.pack().map()[50]))
        self.browser.frame()
        self.assertEqual(self.get("cursor"), cursor)
        self.browser.key(" ")
        self.browser.wait("!hourglass.view.get('frozen')", "free again")
        self.browser.key("Escape")
        self.browser.wait("!hourglass.view.get('present')", "the page as before")


class Help(page.PageTest):
    def test_every_key_is_listed_and_escape_closes_it(self):
        self.open()
        self.browser.key("?")
        text = self.browser.wait("(document.querySelector('dialog[open], [role=dialog]:not([hidden])') ?? {}).innerText",
                                 "the help")
        for word in ("Lasso", "Line", "Draw", "Search", "Present", "Escape|Esc", "error", "Zoom|zoom"):
            self.assertRegex(text, f"(?i){word}")
        self.browser.key("Escape")
        self.browser.wait("!document.querySelector('dialog[open], [role=dialog]:not([hidden])')?.checkVisibility()", "it is closed")


case.main()
