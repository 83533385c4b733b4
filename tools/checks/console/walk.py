"""Walks the console in a real browser as three people would, and tells what was seen, as JSON lines.

Run by the Python of `.venv-sdks`, which has Playwright: `python walk.py BASE OUT AXE PASSWORD`.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
PAGES = (
    "",
    "/candidates",
    "/partners",
    "/partners/embedded",
    "/filings",
    "/rollout",
    "/rollout/smart_reply/en",
    "/ledger",
    "/ratings",
)
SERIOUS = ("serious", "critical")
TABS = 400
"""Presses of the Tab key after which a page counts as a trap."""

REACHABLE = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary"

UNREACHED = f"""
    () => [...document.querySelectorAll("{REACHABLE}")].filter((one) => {{
      const box = one.getBoundingClientRect();
      const radios = one.type === "radio" && document.querySelector(
        `input[type=radio][name="${{one.name}}"][data-reached]`);
      return box.width > 0 && box.height > 0 && one.checkVisibility() && !one.dataset.reached && !radios
        && one.tabIndex >= 0;
    }}).map((one) => one.outerHTML.slice(0, 120))
"""


def tell(**facts: Any) -> None:
    """Print one line of what was seen."""
    print(json.dumps(facts, ensure_ascii=False), flush=True)  # noqa: T201


class Walk:
    """One browser on one console."""

    def __init__(self, browser: Browser, base: str, out: Path, axe: str, password: str) -> None:
        self.browser = browser
        self.base = base
        self.out = out
        self.axe = axe
        self.password = password
        self.hosts: set[str] = set()
        self.faults: list[str] = []

    @contextmanager
    def person(self, name: str, language: str, size: str, scheme: str = "light") -> Iterator[Page]:
        """Log in as *name* and give the page; every address that is asked for is noted."""
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale=LANGUAGES[language],
            color_scheme="dark" if scheme == "dark" else "light",
            has_touch=size == "phone",
        )
        page = context.new_page()
        page.on("request", lambda one: self.hosts.add(urlsplit(one.url).hostname or ""))
        page.on("pageerror", lambda one: self.faults.append(f"{page.url}: {one}"))
        page.on(
            "console",
            lambda one: (
                self.faults.append(f"{page.url}: {one.text}")
                if one.type == "error" and "status of 403" not in one.text
                else None
            ),
        )
        page.goto(f"{self.base}/console")
        page.fill("input[name=name]", name)
        page.fill("input[name=password]", self.password)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{self.base}/console")
        yield page
        context.close()

    def picture(self, page: Page, name: str) -> None:
        """Keep what is on the screen."""
        page.screenshot(path=str(self.out / f"{name}.png"), full_page=False)

    def look(self, page: Page, path: str, who: str, language: str, size: str, deep: bool) -> None:
        """Open a page, and tell what is wrong with it."""
        page.goto(f"{self.base}{path}")
        page.wait_for_load_state("networkidle")
        found: dict[str, Any] = {
            "page": path,
            "who": who,
            "language": language,
            "size": size,
            "lang": page.get_attribute("html", "lang"),
            "overflow": page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            ),
            "forms": page.locator("main form[method=post]").count(),
        }
        if deep:
            found["axe"] = self.axed(page)
        tell(**found)

    def axed(self, page: Page) -> list[str]:
        """Return what axe finds that is serious or worse."""
        page.evaluate(self.axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in found["violations"]
            if one["impact"] in SERIOUS
        ]

    def unreached(self, page: Page) -> list[str]:
        """Press Tab until it has gone round, and return what it never came to."""
        page.evaluate("document.activeElement?.blur()")
        for _ in range(TABS):
            page.keyboard.press("Tab")
            again = page.evaluate(
                """() => {
                  const one = document.activeElement;
                  if (!one || one === document.body) return true;
                  const known = one.dataset.reached === "yes";
                  one.dataset.reached = "yes";
                  return known;
                }"""
            )
            if again:
                break
        found: list[str] = page.evaluate(UNREACHED)
        return found


def road(walk: Walk) -> None:
    """Click the whole road as the operator: decide, file, approve, start, advance, try, halt."""
    with walk.person("olga", "en", "wide") as page:
        said: list[str] = []

        def done(click: Callable[[], None]) -> None:
            click()
            page.wait_for_load_state("networkidle")
            said.append(page.locator(".said").first.inner_text())

        done(lambda: page.get_by_role("button", name="Decide who serves").click())
        done(lambda: page.get_by_role("button", name="File the selection").click())
        walk.picture(page, "filing")
        page.get_by_text("Enter an answer").click()
        page.get_by_label("Number").fill("REHEARSAL-9")
        page.get_by_label("Last day").fill("2099-01-01")
        document: Any = {
            "name": "answer.pdf",
            "mimeType": "application/pdf",
            "buffer": b"the answer",
        }
        page.get_by_label("Document").set_input_files(document)
        done(lambda: page.get_by_role("button", name="Enter the approval").click())
        for feature in ("smart_reply", "proofread", "priority", "summarize"):
            page.goto(f"{walk.base}/console/rollout/{feature}/en")
            done(lambda: page.get_by_role("button", name="Start at the first stage").click())
        page.goto(f"{walk.base}/console/rollout/smart_reply/en")
        done(lambda: page.get_by_role("button", name="Advance to").click())
        walk.picture(page, "release")
        tell(
            step="started", said=said, stage=page.locator("[aria-current=step] .name").inner_text()
        )
        tell(step="answer", **phone(walk, page))
        page.goto(f"{walk.base}/console/rollout/smart_reply/en")
        page.get_by_label("Reason").fill("a drill <b>of the console</b>")
        page.get_by_role("button", name="Halt").click()
        page.wait_for_load_state("networkidle")
        walk.picture(page, "halted")
        tell(step="halted", text=page.locator(".fault").first.inner_text())
        page.goto(f"{walk.base}/console/try?locale=en")
        page.wait_for_selector("[data-ready]")
        page.get_by_role("tab", name="Chat").click()
        page.get_by_role("button", name="Suggest replies").click()
        page.wait_for_selector("#messages-answer [role=alert]")
        tell(step="tried", text=page.locator("#messages-answer").inner_text())
        walk.picture(page, "try-halted")
        page.goto(f"{walk.base}/console/rollout/smart_reply/en")
        page.get_by_role("button", name="Resume").click()
        page.wait_for_load_state("networkidle")
        tell(step="resumed", text=page.locator(".said").first.inner_text())
        page.get_by_role("link", name="What this release rests on").click()
        page.wait_for_load_state("networkidle")
        walk.picture(page, "trace")
        page.locator(".chain a", has_text="run-").first.click()
        page.wait_for_load_state("networkidle")
        walk.picture(page, "verdict")
        tell(step="traced", url=urlsplit(page.url).path, cases=page.locator(".case").count())


def phone(walk: Walk, page: Page) -> dict[str, Any]:
    """Use the phone: edits one by one, replies, priorities; return what it showed."""
    page.goto(f"{walk.base}/console/try?locale=en")
    page.wait_for_selector("[data-ready]")
    page.get_by_role("tab", name="Notes").click()
    page.get_by_role("button", name="Proofread").click()
    page.wait_for_selector("#note-answer .edits li")
    edits = page.locator(".edits li").count()
    page.locator(".edits button").first.click()
    reverted = page.locator(".proof .kept").count()
    page.get_by_role("button", name="Accept all", exact=True).click()
    walk.picture(page, "try-proofread")
    page.get_by_role("button", name="Use it").click()
    text = page.locator("#note").input_value()
    page.get_by_role("tab", name="Chat").click()
    page.get_by_role("button", name="Suggest replies").click()
    page.wait_for_selector("#messages-answer .chip")
    replies = page.locator("#messages-answer .chip").count()
    origin = page.locator("#messages-answer .origin").inner_text()
    page.locator("#messages-answer .chip").first.click()
    page.get_by_role("button", name="Send").click()
    walk.picture(page, "try-messages")
    page.get_by_role("tab", name="Lock").click()
    page.get_by_role("button", name="What is urgent?").click()
    page.wait_for_selector("#lock-answer .origin")
    walk.picture(page, "try-lock")
    return {
        "edits": edits,
        "reverted": reverted,
        "text": text,
        "replies": replies,
        "origin": origin,
        "sent": page.locator("#thread .mine").count(),
        "ranks": page.locator(".rank").all_inner_texts(),
    }


def pages(walk: Walk) -> None:
    """Look at every page as each person, in both languages, on both screens."""
    for language in LANGUAGES:
        for size in SIZES:
            for who in ("vera", "rolf", "olga"):
                with walk.person(who, language, size) as page:
                    more = verdict_of(walk, page)
                    own = ["/console/try"] if who == "olga" else []
                    for path in [*(f"/console{one}" for one in PAGES), more, *own]:
                        walk.look(page, path, who, language, size, who == "olga")
                        if who == "olga":
                            name = path.removeprefix("/console").strip("/").split("?")[0]
                            name = name.replace("/", "-") or "market"
                            walk.picture(page, f"{name[:30]}-{language}-{size}")
    with walk.person("olga", "en", "wide", "dark") as page:
        for path in ("/console", "/console/candidates", "/console/try", verdict_of(walk, page)):
            walk.look(page, path, "olga", "en", "wide", True)
            walk.picture(page, f"dark-{path.strip('/').replace('/', '-')[:24]}")


def keyboard(walk: Walk) -> None:
    """Go through pages by the Tab key alone."""
    with walk.person("olga", "en", "wide") as page:
        more = verdict_of(walk, page)
        for path in [*(f"/console{one}" for one in PAGES), more, "/console/try"]:
            page.goto(f"{walk.base}{path}")
            page.wait_for_load_state("networkidle")
            tell(keyboard=path, unreached=walk.unreached(page))


def verdict_of(walk: Walk, page: Page) -> str:
    """Return the address of a verdict, beside another candidate where there is one."""
    page.goto(f"{walk.base}/console/candidates?feature=smart_reply&locale=en")
    found = page.locator("a[href^='/console/verdict/']").first.get_attribute("href")
    return str(found)


def main(base: str, out: str, axe: str, password: str) -> None:
    """Walk everything."""
    Path(out).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        walk = Walk(browser, base, Path(out), Path(axe).read_text(encoding="utf-8"), password)
        road(walk)
        pages(walk)
        keyboard(walk)
        tell(hosts=sorted(walk.hosts), faults=walk.faults)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
