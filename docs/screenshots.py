"""Screenshots of the sample city: `.venv/bin/python docs/screenshots.py`.

Runs `sanshe demo` in a home folder of its own, looks at the site in Chromium as people of the
sample city do, and writes `docs/screenshots/*.png` for a phone and a desk.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

TARGET = Path(__file__).resolve().parent / "screenshots"
SIZES = {"phone": (390, 844), "desk": (1440, 780)}
#: Picture → who looks, and the address; {study} is the sample's.
PAGES = {
    "home": ("sw", "/"),
    "inbox": ("sw", "/needs/{study}/inbox/"),
    "board": ("sw", "/needs/{study}/board/"),
    "proposals": ("agency", "/proposals/"),
    "places": ("civil", "/places/"),
}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main() -> None:
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        sys.exit("Chromium is needed: apt install chromium")
    with tempfile.TemporaryDirectory(prefix="sanshe-shots-") as home:
        environment = os.environ | {"SANSHE_HOME": home, "DATABASE_URL": "", "SANSHE_LANG": "zh"}
        told = _sanshe(environment, "demo", "--no-serve", "--format", "json")
        with _site(environment) as address, sync_playwright() as playwright:
            options = {"executable_path": browser_path, "args": ARGUMENTS}
            browser = playwright.chromium.launch(**options)
            _take(browser, address, told)
            browser.close()


def _sanshe(environment: dict[str, str], *arguments: str) -> dict[str, object]:
    command = [sys.executable, "-P", "-m", "sanshe.cli", *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, object] = json.loads(done.stdout)
    return told


@contextmanager
def _site(environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, "-P", "-m", "sanshe.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait()


def _take(browser: Browser, address: str, told: dict[str, object]) -> None:
    TARGET.mkdir(exist_ok=True)
    found = re.search(r"\d+", str(told["study"]))
    study = found[0] if found else "1"
    for size, (width, height) in SIZES.items():
        for name, (who, path) in PAGES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale="zh-CN"
            )
            page = context.new_page()
            page.goto(f"{address}/account/login/")
            page.fill("input[name=login]", who)
            page.fill("input[name=password]", str(told["password"]))
            with page.expect_navigation():
                page.press("input[name=password]", "Enter")
            page.goto(address + path.format(study=study))
            if "/account/" in page.url:
                sys.exit(f"{who} could not sign in")
            picture = TARGET / f"{name}-{size}.png"
            page.screenshot(path=picture)
            print(picture.relative_to(TARGET.parents[1]), f"{picture.stat().st_size >> 10} KB")
            context.close()


if __name__ == "__main__":
    main()
