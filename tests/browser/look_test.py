#!/usr/bin/env python3
"""How the page is used and seen: keys alone, a screen reader, a phone, the dark, the address, pictures of the view."""
import case

case.need()

import io  # noqa: E402
import re  # noqa: E402
import xml.etree.ElementTree as ElementTree  # noqa: E402

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

import page  # noqa: E402
from browser import PHONE  # noqa: E402

TABS = ("picked", "line", "axes", "draw", "worst", "selection")


class Names(page.PageTest):
    """What a screen reader says, from Chromium's own tree of accessibility."""

    def nodes(self):
        self.browser.cdp("Accessibility.enable")
        found = self.browser.cdp("Accessibility.getFullAXTree")["nodes"]
        value = lambda node, key: (node.get(key) or {}).get("value", "")
        return [(value(node, "role"), value(node, "name")) for node in found if not node.get("ignored")]

    def test_everything_that_can_be_used_has_a_name(self):
        self.open()
        self.set("picked", 4)
        for tab in TABS:
            self.set("tab", tab)
            self.browser.frame(4)
            for role, name in self.nodes():
                if role in ("button", "slider", "textbox", "searchbox", "combobox", "checkbox", "tab", "link", "image", "img", "dialog"):
                    self.assertTrue(name.strip(), f"a {role} without a name in the panel {tab}")

    def test_panels_are_tabs(self):
        self.open()
        roles = self.nodes()
        tabs = [name for role, name in roles if role == "tab"]
        self.assertEqual(tabs, ["Picked", "Line", "Axes", "Draw", "Worst", "Selection"])
        self.assertTrue(any(role == "tablist" for role, _ in roles))
        for tab in TABS:
            self.press(f"#tab-{tab}")
            self.assertEqual(self.browser.js("document.querySelectorAll('[role=tab][aria-selected=true]').length"), 1)
            shown = self.browser.js("[...document.querySelectorAll('[role=tabpanel]:not([hidden])')].map((e) => e.id)")
            self.assertEqual(shown, [f"pane-{tab}"])

    def test_regions_and_heading_are_there(self):
        self.open()
        roles = [role for role, _ in self.nodes()]
        for role in ("main", "banner", "heading", "search", "complementary"):
            self.assertIn(role, roles)

    def test_no_id_is_there_twice_and_every_label_points_at_something(self):
        self.open()
        self.assertEqual(self.browser.js("""(() => {
          const ids = [...document.querySelectorAll('[id]')].map((e) => e.id), bad = ids.filter((id, i) => ids.indexOf(id) !== i);
          for (const e of document.querySelectorAll('[aria-labelledby],[aria-describedby],[aria-controls]'))
            for (const a of ['aria-labelledby', 'aria-describedby', 'aria-controls'])
              for (const id of (e.getAttribute(a) ?? '').split(/\\s+/).filter(Boolean))
                if (!document.getElementById(id)) bad.push(`${a} ${id}`);
          return bad;
        })()"""), [])

    def test_what_happens_is_said(self):
        self.open()
        self.assertEqual(self.browser.js("document.querySelector('#tell').getAttribute('aria-live')"), "polite")


class Keys(page.PageTest):
    def focus(self):
        return self.browser.js("(e => e.id || e.ariaLabel || e.textContent.trim().slice(0, 30))(document.activeElement)")

    def test_tab_reaches_everything_and_never_stays(self):
        self.open()
        self.set("picked", 4)
        self.browser.js("document.activeElement.blur()")
        reached = []
        for _ in range(120):
            self.browser.key("Tab")
            reached.append(self.focus())
            if len(reached) > 8 and reached[-1] == reached[0]:
                break
        for wanted in ("search", "help", "map", "colour", "tab-picked", "picture"):
            self.assertIn(wanted, reached)
        self.assertTrue(all(a != b for a, b in zip(reached, reached[1:]) if a == "map"), reached)

    def test_focus_is_seen(self):
        self.open()
        self.browser.key("Tab")
        for _ in range(12):
            self.browser.key("Tab")
            style = self.browser.js("(s => [s.outlineStyle, s.outlineWidth, s.boxShadow])(getComputedStyle(document.activeElement))")
            self.assertTrue(style[0] != "none" and style[1] != "0px" or style[2] != "none", f"{self.focus()} {style}")

    def test_the_whole_walk_without_a_mouse(self):
        self.open()
        self.browser.key("/")
        self.browser.type("label:3")
        self.browser.key("Enter")
        self.browser.key("Escape")
        self.assertEqual(self.get("search"), "")
        self.browser.js("document.querySelector('#map').focus()")
        if self.get("picked") < 0:
            self.browser.key("Enter")
            self.browser.wait("hourglass.view.get('picked') >= 0", "a point by Enter")
        first = self.get("picked")
        self.browser.js("document.querySelector('#map').focus()")
        moved = False
        for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
            self.browser.key(key)
            self.browser.js("new Promise((done) => setTimeout(done, 150))")
            moved = moved or self.get("picked") != first
        self.assertTrue(moved, "arrows step through the neighbours")
        for key, tab in (("d", "draw"), ("n", "line"), ("l", "selection")):
            self.browser.key(key)
            self.browser.wait(f"hourglass.view.get('tab') === '{tab}'", f"{key} opens {tab}")
            self.browser.key("Escape")
        self.browser.key("e")
        self.browser.wait("hourglass.view.get('colour') === 'error'", "colours by error")
        self.browser.key("e")
        self.browser.wait("hourglass.view.get('colour') === 'label'", "colours by label again")

    def test_arrows_move_between_tabs(self):
        self.open()
        self.browser.js("document.querySelector('#tab-picked').focus()")
        for tab in TABS[1:]:
            self.browser.key("ArrowRight")
            self.assertEqual(self.get("tab"), tab)
            self.assertEqual(self.focus(), f"tab-{tab}")
        self.browser.key("Home")
        self.assertEqual(self.get("tab"), "picked")

    def test_keys_with_control_are_the_browser_s(self):
        self.open()
        for name in "plden":
            self.browser.cdp("Input.dispatchKeyEvent", type="rawKeyDown", key=name, code="Key" + name.upper(),
                             windowsVirtualKeyCode=ord(name.upper()), modifiers=2)
            self.browser.cdp("Input.dispatchKeyEvent", type="keyUp", key=name, code="Key" + name.upper(), modifiers=2)
        self.assertEqual([self.get("tool"), self.get("present"), self.get("colour")], ["pan", False, "label"])


class Phone(page.PageTest):
    def setUp(self):
        super().setUp()
        self.browser.resize(PHONE, touch=True, scale=2)

    def test_map_above_sheet_below_nothing_cut(self):
        self.open()
        x, y, w, h = self.box()
        self.assertGreaterEqual(w, PHONE[0] - 2)
        self.assertGreaterEqual(h, 0.3 * PHONE[1])
        panel = self.box("#panel")
        self.assertGreaterEqual(panel[1] + 1, y + 0.3 * h)
        self.assertLessEqual(self.browser.js("document.documentElement.scrollWidth"), PHONE[0])

    def test_a_tap_picks_and_a_resting_finger_decodes(self):
        self.open()
        positions = self.pack().map()
        x, y, w, h = self.box()
        point = next(i for i in range(len(positions)) if abs(self.screen(positions[i])[0] - x - w / 2) < 40)
        spot = self.screen(positions[point])
        self.browser.tap(*spot)
        self.browser.wait("hourglass.view.get('picked') >= 0", "a picked point")
        self.set("cursor", None)
        self.browser.touch("touchStart", spot)
        self.browser.wait("hourglass.view.get('cursor')", "the cursor under a resting finger")
        self.browser.touch("touchMove", (spot[0] + 20, spot[1] - 12))
        self.browser.wait("hourglass.view.get('blend')", "a decoded image")
        self.browser.touch("touchEnd")

    def test_what_a_finger_presses_is_large_enough(self):
        self.open()
        small = self.browser.js("""[...document.querySelectorAll('header button, #tools button, [role=tab], #epochs button')]
          .filter((b) => b.checkVisibility()).map((b) => [b.textContent, b.getBoundingClientRect()])
          .filter(([, r]) => r.width && (r.height < 32 || r.width < 32)).map(([t, r]) => `${t} ${r.width} x ${r.height}`)""")
        self.assertEqual(small, [])

    def test_every_tab_opens_and_fits(self):
        self.open()
        for tab in TABS:
            self.browser.tap(*self.spot(f"document.querySelector('#tab-{tab}')", tab))
            self.browser.wait(f"hourglass.view.get('tab') === '{tab}'", tab)
            self.browser.wait("document.getElementById('panel').getAnimations().length === 0", "the sheet rests")
            self.browser.frame(3)
            self.assertLessEqual(self.browser.js("document.documentElement.scrollWidth"), PHONE[0], tab)


class Themes(page.PageTest):
    def contrast(self):
        """The smallest contrast of a text with what is behind it, by WCAG, and that text."""
        return self.browser.js("""(() => {
          const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b; };
          const parse = (t) => { const v = t.match(/[\\d.]+/g).map(Number);
            return t.startsWith('color(') ? [255 * v[0], 255 * v[1], 255 * v[2], v[3] ?? 1] : v; };
          const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] > .5) return c.slice(0, 3); } return parse(getComputedStyle(document.body).backgroundColor).slice(0, 3); };
          let worst = [99, ''];
          for (const e of document.querySelectorAll('body *')) {
            if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || !e.checkVisibility() || e.closest(':disabled, [aria-disabled=true]')) continue;
            if (e.getBoundingClientRect().width < 2) continue;
            const a = light(parse(getComputedStyle(e).color).slice(0, 3)), b = light(behind(e));
            const c = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
            if (c < worst[0]) worst = [c, `${e.tagName} ${e.className} ${e.textContent.slice(0, 40)}`];
          }
          return worst;
        })()""")

    def background(self):
        return [int(v) for v in re.findall(r"\d+", self.browser.js("getComputedStyle(document.body).backgroundColor"))[:3]]

    def test_the_theme_follows_the_system_until_one_is_chosen(self):
        self.browser.media(prefers_color_scheme="light")
        self.open()
        self.assertGreater(np.mean(self.background()), 200)
        self.browser.media(prefers_color_scheme="dark")
        self.browser.wait("document.documentElement.dataset.theme === 'dark'", "the system's dark theme")
        self.press("#theme")
        self.assertGreater(np.mean(self.background()), 200)
        self.browser.media(prefers_color_scheme="light")
        self.browser.media(prefers_color_scheme="dark")
        self.browser.frame(3)
        self.assertGreater(np.mean(self.background()), 200)

    def test_dark_follows_the_system_and_can_be_read(self):
        for theme in ("light", "dark"):
            self.browser.media(prefers_color_scheme=theme)
            self.open()
            back = self.background()
            self.assertEqual(np.mean(back) < 100, theme == "dark", back)
            for tab in ("picked", "worst", "selection"):
                self.set("picked", 3)
                self.set("tab", tab)
                self.browser.frame(2)
                worst, text = self.contrast()
                self.assertGreaterEqual(worst, 4.4, f"{theme}, {tab}: {text}")

    def test_reduced_motion_has_no_motion(self):
        self.browser.media(prefers_reduced_motion="reduce")
        self.open()
        self.set("picked", 3)
        self.browser.frame(4)
        running = self.browser.js("""document.getAnimations().filter((a) => a.playState === 'running'
          && a.effect.getComputedTiming().duration > 1).length""")
        self.assertEqual(running, 0)
        self.browser.js("(window.moved = 0, hourglass.view.on(['moving'], () => ++moved), 0)")
        self.browser.js("document.querySelector('#epochs input').focus()")
        self.browser.key("ArrowLeft")
        self.browser.wait("hourglass.view.get('map') === 0", "the other map")
        self.assertLessEqual(self.browser.js("moved"), 2)


class Address(page.PageTest):
    def test_the_view_comes_back_from_the_address(self):
        self.open()
        self.set("search", "label:3")
        self.set("colour", "error")
        self.set("picked", 17)
        self.set("tab", "worst")
        self.look_at(17, 90)
        fragment = self.browser.wait("location.hash.length > 8 && (!/undefined|NaN/.test(location.hash)) && "
                                     "new Promise((done) => setTimeout(() => done(location.hash), 800))", "a fragment")
        before = {key: self.get(key) for key in ("search", "colour", "picked", "tab", "map")}
        camera = self.camera()
        self.open(fragment=fragment)
        self.assertEqual({key: self.get(key) for key in before}, before)
        np.testing.assert_allclose(self.camera(), camera, rtol=2e-3, atol=2e-3)

    def test_another_fragment_changes_the_view_without_loading_again(self):
        self.open()
        self.set("picked", 17)
        fragment = self.browser.wait("/17/.test(location.hash) && location.hash", "a fragment")
        self.set("picked", 30)
        self.browser.wait("/30/.test(location.hash)", "another fragment")
        self.browser.js(f"(window.same = 1, location.hash = {page.json.dumps(fragment)})")
        self.browser.wait("hourglass.view.get('picked') === 17 && window.same", "the earlier view")


class Pictures(page.PageTest):
    def save(self, kind):
        self.press("#picture")
        self.press_button("body", kind)
        return self.browser.downloaded()

    def test_png(self):
        self.open()
        self.set("picked", 12)
        name, content = self.save("PNG")
        self.assertTrue(name.endswith(".png"), name)
        picture = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)
        self.assertGreaterEqual(picture.shape[1], 600)
        colourful = np.ptp(picture, axis=2) > 40
        self.assertGreater(colourful.mean(), 0.003)

    def test_svg(self):
        self.open()
        name, content = self.save("SVG")
        self.assertTrue(name.endswith(".svg"), name)
        root = ElementTree.fromstring(content)
        self.assertTrue(root.tag.endswith("svg"))
        self.assertIn("text", {element.tag.split("}")[-1] for element in root.iter()})
        self.assertNotIn(b"<script", content)
        self.assertNotIn(b"http://", content.replace(b"http://www.w3.org/", b""))

    def test_svg_of_hostile_names_is_well_formed(self):
        self.open("colour")
        root = ElementTree.fromstring(self.save("SVG")[1])
        self.assertFalse(any(e.tag.split("}")[-1] in ("script", "foreignObject", "img") for e in root.iter()))


class FirstView(page.PageTest):
    def test_a_point_is_picked_and_one_line_invites(self):
        self.open()
        self.assertGreaterEqual(self.get("picked"), 0)
        invitation = self.text_of("#invitation")
        self.assertTrue(invitation)
        self.assertEqual(invitation.count("\n"), 0)

    def test_a_matrix_alone_is_a_map_and_says_what_is_missing(self):
        self.open("matrix")
        self.assertGreater(len(self.browser.js("hourglass.pack.facts.missing")), 0)
        for tab in TABS:
            self.press(f"#tab-{tab}")
            self.assertTrue(self.text_of(f"#pane-{tab}") or tab == "line" and self.text_of("#strip"), f"{tab} is blank")

    def test_a_given_map_with_labels_and_images(self):
        self.open("given")
        np.testing.assert_array_equal(self.pack("given").map(), np.load(self.pages / "matrix" / "MAP.npy"))
        self.assertEqual(len(set(self.pack("given").labels)), 5)
        self.assertIsNotNone(self.pack("given").arrays.get("images"))


case.main()
