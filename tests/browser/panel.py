"""What the tests of the panels share: the images that the native program decodes, and what a canvas shows."""
import numpy as np

import page
import pages


class PanelTest(page.PageTest):
    run_name, folder_name = "strokes_8", "strokes"

    def native(self, verb, values, *flags):
        """What the native program decodes from latent vectors [n, d]."""
        where = self.pages / self.folder_name
        np.save(where / "in.npy", np.float32(values))
        pages.program(verb, self.run_name, "in.npy", "-o", "out.npy", "--kernels", "portable", *flags, cwd=where)
        return np.load(where / "out.npy")

    def decoded(self, latents):
        """[n, h, w, c]"""
        return self.native("decode", latents).transpose(0, 2, 3, 1)

    def blend(self, x, y):
        return self.browser.js(f"""(async () => {{ const b = await hourglass.engine.at({x!r}, {y!r});
          return {{ latent: Array.from(b.latent), image: b.image && Array.from(b.image), points: Array.from(b.points),
                    weights: Array.from(b.weights), distance: b.distance, far: b.far }}; }})()""")

    def assert_shows(self, selector, images, what):
        """A canvas shows an image [h, w, c] of values 0..1."""
        wanted = np.rint(255 * np.asarray(images, np.float64)).astype(int)
        found = self.pixels(selector)[:, :, :3].astype(int)
        self.assertEqual(found.shape[:2], wanted.shape[:2], what)
        self.assertEqual(abs(found - wanted).max(), 0, what)

    def hover(self, x, y):
        spot = self.screen((x, y))
        self.browser.move(spot[0] - 5, spot[1])
        self.browser.move(*spot)
        self.browser.wait("hourglass.view.get('cursor') && hourglass.view.get('blend')", "something for the cursor")
        self.browser.js("new Promise((done) => setTimeout(done, 120))")
        return self.get("cursor")
