"""Chromium without a window, driven through Selenium: real mouse, touch and key events, what was requested, what was
downloaded. Software rendering; a profile of its own, which is deleted. Knows nothing of the explorer's page: see page.py.
"""
import base64
import json
import os
import pathlib
import shutil
import tempfile
import threading
import time
import socketserver

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

DESKTOP = (1280, 800)
PHONE = (390, 844)
FLAGS = [
    "--headless=new", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--hide-scrollbars",
    "--force-device-scale-factor=1", "--force-color-profile=srgb", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-domain-reliability", "--disable-client-side-phishing-detection", "--metrics-recording-only",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,AutofillServerCommunication",
    "--mute-audio", "--disable-gpu-shader-disk-cache", "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows", "--allow-browser-signin=false", "--disable-background-timer-throttling",
]
KEYS = {  # name: (code, number of Windows, text)
    "Escape": ("Escape", 27, ""), "Enter": ("Enter", 13, "\r"), "Tab": ("Tab", 9, ""), " ": ("Space", 32, " "),
    "ArrowLeft": ("ArrowLeft", 37, ""), "ArrowUp": ("ArrowUp", 38, ""), "ArrowRight": ("ArrowRight", 39, ""),
    "ArrowDown": ("ArrowDown", 40, ""), "Home": ("Home", 36, ""), "End": ("End", 35, ""),
    "Backspace": ("Backspace", 8, ""), "+": ("Equal", 187, "+"), "-": ("Minus", 189, "-"), "/": ("Slash", 191, "/"),
    "?": ("Slash", 191, "?"), "#": ("Digit3", 51, "#"),
}
SHIFT = 8
# What Chromium asks its maker by itself, whatever is switched off; no page can ask these.
OWN = ("accounts.google.com", "update.googleapis.com", "clients2.google.com", "optimizationguide-pa.googleapis.com",
       "safebrowsing.googleapis.com", "android.clients.google.com", "redirector.gvt1.com", "edgedl.me.gvt1.com")


def find(*names):
    """The first of these programs that is installed, or None."""
    return next((found for found in map(shutil.which, names) if found), None)


class Recorder(socketserver.ThreadingTCPServer):
    """A proxy for everything but this machine: it answers nothing and notes what was asked, by the page or a worker."""
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        self.lines = []
        super().__init__(("127.0.0.1", 0), Recorder.Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            line = self.rfile.readline(4096).decode("latin-1").strip()
            if line:
                self.server.lines.append(line)
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


class Browser:
    """One Chromium. Positions are CSS pixels of the viewport."""

    def __init__(self, size=DESKTOP, flags=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hourglass_browser_"))
        self.downloads = self.folder / "downloads"
        self.downloads.mkdir()
        self.recorder = Recorder()
        options = webdriver.ChromeOptions()
        options.binary_location = find("chromium")
        more = [f"--user-data-dir={self.folder / 'profile'}",
                f"--proxy-server=http://127.0.0.1:{self.recorder.server_address[1]}", *flags]
        if os.geteuid() == 0:  # Chromium's sandbox does not work as root
            more.append("--no-sandbox")
        for flag in FLAGS + more:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(find("chromedriver")), options=options)
        self.driver.set_page_load_timeout(60)
        self.scripts = []
        self.logged = []
        self.resize(size)
        self.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))
        self.cdp("Emulation.setFocusEmulationEnabled", enabled=True)
        self.cdp("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])

    def close(self):
        self.driver.quit()
        self.recorder.shutdown()
        self.recorder.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def cdp(self, method, **arguments):
        return self.driver.execute_cdp_cmd(method, arguments)

    # The page

    def open(self, url, before=""):
        """Loads a page in which the script `before` runs first."""
        for script in self.scripts:
            self.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
        self.scripts = []
        if before:
            added = self.cdp("Page.addScriptToEvaluateOnNewDocument", source=before)
            self.scripts = [added["identifier"]]
        self.driver.get("about:blank")  # so that another fragment of the same page loads it again
        self.forget()
        self.driver.get(url)

    def js(self, expression):
        """The value of an expression in the page; promises are waited for."""
        done = self.cdp("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in done:
            details = done["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]) + "\n in " + expression[:600])
        return done["result"].get("value")

    def wait(self, expression, what="", seconds=20):
        """Waits until an expression is true and returns its value."""
        end = time.monotonic() + seconds
        while True:
            value = self.js(expression)
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"after {seconds} s not {what or expression}; the page says: {self.text()[:600]!r}")
            time.sleep(0.02)

    def text(self):
        return self.js("document.body ? document.body.innerText : ''")

    def frame(self, count=2):
        """Waits until the page was drawn."""
        self.js("new Promise(done => { let n = %d; const step = () => n-- > 0 ? requestAnimationFrame(step) : done(1);"
                " step(); })" % count)

    # What the page is shown on

    def resize(self, size, touch=False, scale=1):
        self.size = size
        self.cdp("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=scale, mobile=touch)
        self.cdp("Emulation.setTouchEmulationEnabled", enabled=touch, maxTouchPoints=2 if touch else 1)

    def media(self, **features):
        """prefers_color_scheme="dark", prefers_reduced_motion="reduce"; no feature: as usual."""
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.cdp("Emulation.setEmulatedMedia", features=listed)

    # Mouse

    def mouse(self, kind, x, y, button="none", held=0, **more):
        self.cdp("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, buttons=held, **more)

    def move(self, x, y):
        self.mouse("mouseMoved", x, y)

    def click(self, x, y):
        self.move(x, y)
        self.mouse("mousePressed", x, y, "left", 1, clickCount=1)
        self.mouse("mouseReleased", x, y, "left", 0, clickCount=1)

    def drag(self, path):
        """Through positions [(x, y), ...] with the left button held."""
        self.move(*path[0])
        self.mouse("mousePressed", *path[0], "left", 1, clickCount=1)
        for x, y in path[1:]:
            self.mouse("mouseMoved", x, y, "left", 1)
        self.mouse("mouseReleased", *path[-1], "left", 0, clickCount=1)

    def wheel(self, x, y, by):
        """by < 0: away from the person, which zooms in."""
        self.mouse("mouseWheel", x, y, deltaX=0, deltaY=by)

    # Touch: each finger is a position

    def touch(self, kind, *fingers):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(fingers)]
        self.cdp("Input.dispatchTouchEvent", type=kind, touchPoints=points)

    def tap(self, x, y):
        self.touch("touchStart", (x, y))
        self.touch("touchEnd")

    def swipe(self, path):
        """A path of one finger, or of more: [((x, y), (x, y)), ...]."""
        steps = [step if isinstance(step[0], tuple) else (step,) for step in path]
        self.touch("touchStart", *steps[0])
        for step in steps[1:]:
            self.touch("touchMove", *step)
        self.touch("touchEnd")

    # Keys

    def key(self, name, shift=False):
        """A key by its name ("ArrowLeft") or its sign ("p")."""
        code, number, text = KEYS.get(name) or ("Key" + name.upper(), ord(name.upper()), name)
        held = SHIFT if shift or name == "?" else 0
        same = dict(key=name, code=code, windowsVirtualKeyCode=number, modifiers=held)
        self.cdp("Input.dispatchKeyEvent", type="keyDown", **({"text": text} if text else {}), **same)
        self.cdp("Input.dispatchKeyEvent", type="keyUp", **same)

    def type(self, text):
        self.cdp("Input.insertText", text=text)

    # What came out

    def picture(self):
        """The viewport as PNG."""
        return base64.b64decode(self.cdp("Page.captureScreenshot", format="png")["data"])

    def downloaded(self, seconds=20):
        """The one file that was downloaded since last time: (name, bytes)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            files = [path for path in self.downloads.iterdir() if not path.name.endswith(".crdownload")]
            files = [path for path in files if not path.name.startswith(".")]
            if files:
                path = files[0]
                name, content = path.name, path.read_bytes()
                path.unlink()
                return name, content
            time.sleep(0.02)
        raise AssertionError(f"nothing was downloaded in {seconds} s")

    def clipboard(self):
        return self.js("navigator.clipboard.readText()")

    def forget(self):
        """What was requested and said so far no longer counts."""
        self.requests()
        self.errors()
        self.recorder.lines.clear()

    def requests(self):
        """URLs requested since last time, without those that leave nothing: data: and blob:."""
        urls = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                urls.append(message["params"]["request"]["url"])
            if message["method"] == "Network.webSocketCreated":
                urls.append(message["params"]["url"])
        return [url for url in urls if not url.startswith(("data:", "blob:", "about:"))]

    def elsewhere(self):
        """What was asked of other machines since last time, by a page or a worker."""
        lines = [line for line in self.recorder.lines if not any(f"{host}:443 " in line or f"//{host}/" in line for host in OWN)]
        self.recorder.lines.clear()
        return lines

    def errors(self):
        """What the page's console says in red since last time."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
