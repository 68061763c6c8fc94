"""A person at a browser, and what may not happen while they work."""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response
from playwright.sync_api import Error as PlaywrightError

#: Sizes a story is told at: a phone and a desk.
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
_FINDINGS = """async () => {
  // What lies half under a bar that stays depends on where one has scrolled to: let the bars go.
  const bars = document.querySelectorAll(".top, .bottom");
  for (const bar of bars) bar.style.position = "static";
  const found = await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  });
  const about = (node) => [node.html.slice(0, 160), node.failureSummary.slice(0, 260)];
  for (const bar of bars) bar.style.position = "";
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => [one.id, ...one.nodes.slice(0, 3).flatMap(about)])
    .map((words) => words.join(" | "));
}"""


@dataclass(frozen=True)
class Site:
    """Where the site is, and how everybody of the sample city signs in."""

    address: str
    password: str
    axe: str


@dataclass
class Visitor:
    """One person's browser; `look` checks the page they see and takes a picture of it."""

    browser: Browser
    site: Site
    shots: Path
    name: str
    size: str = "desk"
    script: bool = True
    faults: list[str] = field(default_factory=list)
    page: Page = field(init=False)
    pictures: int = 0

    def __enter__(self) -> "Visitor":
        width, height = SIZES[self.size]
        phone = self.size == "phone"
        self.context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN",
            timezone_id="Asia/Shanghai", has_touch=phone, java_script_enabled=self.script,
        )  # fmt: skip
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._request)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)
        self.page.on("dialog", lambda dialog: dialog.accept())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            # The story's own error counts, not that of the picture.
            with suppress(PlaywrightError):
                self.page.screenshot(path=self.shots / f"FAILED-{self.size}-{self.name}.png")
        self.context.close()

    def sign_in(self) -> None:
        self.go("/account/login/")
        self.page.fill("input[name=login]", self.name)
        self.page.fill("input[name=password]", self.site.password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(f"{self.site.address}/")

    def go(self, path: str) -> None:
        """Type an address; everything else is done by links and buttons."""
        self.page.goto(self.site.address + path)

    def press(self, name: str, *, within: str = "main", exact: bool = False, nth: int = 0) -> None:
        """Press the button or follow the link with these words, and wait for what comes."""
        inside = self.page.locator(within)
        button = inside.get_by_role("button", name=name, exact=exact)
        found = button.or_(inside.get_by_role("link", name=name, exact=exact))
        found.nth(nth).click()
        self.page.wait_for_load_state()

    def open(self, words: str, *, nth: int = 0) -> None:
        """Unfold a part of the page."""
        self.page.locator("main summary").filter(has_text=words).nth(nth).click()

    def text(self) -> str:
        return self.page.inner_text("main")

    def look(self, what: str) -> None:
        """Take a picture, and write down what is wrong with the page."""
        here = f"{what} ({urlsplit(self.page.url).path})"
        self.pictures += 1
        picture = self.shots / f"{self.size}-{self.name}-{self.pictures:02}-{what}.png"
        if not self.script:
            self.page.screenshot(path=picture)
            return
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            self.faults.append(f"{here}: {wide} px wider than the window")
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(self.site.axe)
        self.faults += [f"{here}: {found}" for found in self.page.evaluate(_FINDINGS)]
        # To hide the caret a picture would leave style attributes, which the policy refuses.
        self.page.screenshot(path=picture, full_page=True, caret="initial")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console {message.type}: {message.text} ({self.page.url})")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).hostname != "127.0.0.1" and not request.url.startswith("data:"):
            self.faults.append(f"asked another machine: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure == "net::ERR_ABORTED":
            return  # the person went on before a picture had come
        self.faults.append(f"failed: {request.method} {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")
