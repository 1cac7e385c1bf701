#!/usr/bin/env python3
"""What the other tests stand on is there: WebGL2 in software, a recorder that hears every request, a page to open."""
import case

case.need()

import time  # noqa: E402
import unittest  # noqa: E402

import page  # noqa: E402
import pages  # noqa: E402
from browser import Browser  # noqa: E402


class Preflight(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def test_this_browser_has_webgl2(self):
        size, version = page.require_webgl(self.browser)
        self.assertGreaterEqual(size, 4096)
        self.assertIn("WebGL 2", version)

    def test_the_recorder_hears_pages_and_workers(self):
        self.browser.open("data:text/html,<p>")
        self.browser.js("""fetch("http://one.example/").catch(() => 0);
          new Worker(URL.createObjectURL(new Blob(["fetch('http://two.example/').catch(() => 0)"]))); 0""")
        end = time.monotonic() + 10
        heard = ""
        while time.monotonic() < end and not ("one.example" in heard and "two.example" in heard):
            heard += " ".join(self.browser.elsewhere())
            time.sleep(0.05)
        self.assertIn("one.example", heard)
        self.assertIn("two.example", heard)
        self.assertIn("http://one.example/", self.browser.requests())

    def test_keys_mouse_and_touch_arrive_as_a_person_s(self):
        self.browser.open("data:text/html,<body style='height:2000px'><input autofocus>")
        self.browser.js("""window.seen = []; for (const type of ["pointerdown", "wheel", "keydown", "touchstart"])
          addEventListener(type, (e) => seen.push(type + e.isTrusted)); 0""")
        self.browser.js("document.querySelector('input').focus()")
        self.browser.type("é7")
        self.browser.key("a")
        self.browser.click(300, 300)
        self.browser.wheel(300, 300, -50)
        self.browser.tap(300, 300)
        self.assertEqual(self.browser.js("document.querySelector('input').value"), "é7a")
        self.browser.frame()
        self.assertEqual(set(self.browser.js("seen")), {"pointerdowntrue", "wheeltrue", "keydowntrue", "touchstarttrue"})

    def test_the_program_makes_the_pages(self):
        for name in ("strokes", "colour", "matrix", "given"):
            self.assertTrue((pages.made() / f"{name}.html").exists(), name)


case.main()
