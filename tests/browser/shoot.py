"""Take the README's two pictures of a built site: `.venv/bin/python tests/browser/shoot.py public`."""

from __future__ import annotations

import shutil
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

ASSETS = Path(__file__).parents[2] / "site" / "assets"
PICTURES = {
    "readme-home.png": ("", "light", {"width": 1280, "height": 1000}, None),
    "readme-loss.png": ("losses/emd/", "dark", {"width": 1280, "height": 1000}, ".slider"),
}


def main(folder: str) -> None:
    """Serve `folder` on this machine and write the pictures into `site/assets`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, (path, scheme, size, element) in PICTURES.items():
            context = browser.new_context(viewport=size, color_scheme=scheme)
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{server.server_address[1]}/{path}", wait_until="networkidle")
            if element:
                page.locator(element).first.evaluate("box => window.scrollTo(0, box.offsetTop - 330)")
                page.wait_for_timeout(300)
            page.screenshot(path=ASSETS / name)
            context.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
