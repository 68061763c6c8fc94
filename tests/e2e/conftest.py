"""The site as an office runs it (`sanshe serve`: web, worker, SQLite), looked at in Chromium."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from e2e.visitor import Site
from sanshe.core.assets import AssetsMissing, build_assets
from sanshe.desk.sample.accounts import PASSWORD
from sanshe.taxonomy.merge_model import shipped_scorer
from sanshe.taxonomy.model import shipped_model

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Path:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("Chromium is not installed: apt install chromium")
    return Path(found)


@pytest.fixture(scope="session")
def site(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample city without a study, served on a free port from a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    try:
        build_assets(ROOT / "node_modules", home / "vendor")
    except AssetsMissing as missing:
        pytest.skip(f"front-end files are not installed: {missing}")
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci --ignore-scripts")
    _take_trained_models(home)
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DJANGO_SETTINGS_MODULE", "SANSHE_SECRET_KEY", "SANSHE_FIELD_KEY")
    } | {"SANSHE_HOME": str(home), "DATABASE_URL": "", "SANSHE_LANG": "zh"}
    for command in ("prepare", "seed_demo"):
        _sanshe(environment, "manage", command)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    log = (home / "serve.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "sanshe.cli", "serve", "--port", str(port)],
        env=environment, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/healthz", server)
        yield Site(address, PASSWORD, AXE.read_text("utf-8"))
    finally:
        server.terminate()
        server.wait(30)
        log.close()


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures go; `SANSHE_SHOTS` names a folder to keep them in."""
    named = os.environ.get("SANSHE_SHOTS")
    folder = Path(named) if named else tmp_path / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _take_trained_models(home: Path) -> None:
    """The models of this checkout, trained first (a minute) where its data or code have changed."""
    checkout = ROOT / "var"
    shipped_model(checkout)
    shipped_scorer(checkout)
    (home / "models").mkdir()
    for path in checkout.glob("models/*-*"):
        shutil.copy2(path, home / "models")


def _sanshe(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-P", "-m", "sanshe.cli", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, json.dumps([done.stdout, done.stderr], ensure_ascii=False)


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the site did not start (exit code {server.poll()})")
