#!/usr/bin/env python3
"""Search and legend: what they let through is what a filter in Python lets through."""
import case

case.need()

import numpy as np  # noqa: E402

import page  # noqa: E402


class Search(page.PageTest):
    def search(self, text):
        """Types into the search field; the points shown, and what the field says."""
        self.browser.js("(document.querySelector('#search').focus(), document.querySelector('#search').select(), 0)")
        if text:
            self.browser.type(text)
        else:
            self.browser.key("Backspace")
        self.browser.wait(f"hourglass.view.get('search') === {page.json.dumps(text)}", f"search for {text}")
        self.browser.frame()
        return np.flatnonzero(self.get("shown")), self.text_of("#found")

    def test_a_query_shows_exactly_what_it_says(self):
        self.open()
        pack = self.pack()
        labels, rows = pack.labels, pack.rows
        error, trust = pack.error, pack.arrays.get("trustworthiness")
        half = np.float32(np.median(error))
        cases = [
            ("label:7", labels == 7),
            ("label:2,5", (labels == 2) | (labels == 5)),
            ("row:4", rows == 4),
            ("row:10..19", (rows >= 10) & (rows <= 19)),
            (f"error>{half!s}", error > half),
            (f"error<={half!s} label:1", (error <= half) & (labels == 1)),
            ("", np.ones(pack.count, bool)),
        ]
        if trust is not None:
            cases.append(("trust>=.9", trust >= np.float32(0.9)))
        for text, expected in cases:
            with self.subTest(text):
                found, said = self.search(text)
                np.testing.assert_array_equal(found, np.flatnonzero(expected))
                if text:
                    self.assertIn(f"{expected.sum():,}", said)

    def test_a_wrong_query_is_answered_by_one_sentence_and_hides_nothing(self):
        self.open()
        for text, pattern in (("label:cow", "cow"), ("weight>3", "no weight"), ("error>big", "number"), ("label>3", "order"),
                              ("label:", "value"), ("name:cat", "names")):
            with self.subTest(text):
                found, said = self.search(text)
                self.assertRegex(said, pattern)
                self.assertEqual(said.count("\n"), 0)
                self.assertEqual(len(found), self.pack().count, f"{text}: {said}")

    def test_a_query_without_any_match_says_so(self):
        self.open()
        found, said = self.search("row:99999999")
        self.assertEqual(len(found), 0)
        self.assertRegex(said, "(?i)no|0")

    def test_names_are_searched_by_their_parts(self):
        self.open("colour")
        names = np.array(self.pack("colour").names)
        wanted = np.array(["7" in name for name in names])
        found, _ = self.search("name:7")
        np.testing.assert_array_equal(found, np.flatnonzero(wanted))

    def test_enter_goes_to_what_was_found(self):
        self.open()
        self.search("row:17")
        self.browser.key("Enter")
        point = int(np.flatnonzero(self.pack().rows == 17)[0])
        self.browser.wait(f"hourglass.view.get('picked') === {point}", "the found point is picked")

    def test_slash_begins_a_search_and_escape_leaves_it(self):
        self.open()
        self.browser.key("/")
        self.browser.wait("document.activeElement.id === 'search'", "the search has the focus")
        self.browser.type("label:3")
        self.browser.wait("hourglass.view.get('search') === 'label:3'")
        self.browser.key("Escape")
        self.browser.wait("document.activeElement.id !== 'search'", "the search lets go")

    def test_the_legend_hides_a_class_and_shows_it_again(self):
        self.open()
        labels = self.pack().labels
        buttons = "[...document.querySelectorAll('#legend button')]"
        self.assertGreaterEqual(self.browser.js(buttons + ".length"), 10)
        for label in (3, 7):
            self.browser.click(*self.spot(f"{buttons}.find((b) => b.innerText.trim().startsWith('{label}'))", f"class {label}"))
            self.browser.frame()
        self.assertEqual(sorted(self.get("hidden")), [3, 7])
        np.testing.assert_array_equal(np.flatnonzero(self.get("shown")), np.flatnonzero((labels != 3) & (labels != 7)))
        self.browser.click(*self.spot(f"{buttons}.find((b) => b.innerText.trim().startsWith('3'))", "class 3"))
        self.browser.frame()
        self.assertEqual(self.get("hidden"), [7])

    def test_the_legend_counts_the_points_of_each_class(self):
        self.open()
        text = self.text_of("#legend")
        for label, count in zip(*np.unique(self.pack().labels, return_counts=True)):
            self.assertRegex(text, rf"(?m)^{label}\s+{count:,}$")


case.main()
