"""The docs tell the truth about the code: paths, symbols, links, rooms and verbs are there."""

import re
import subprocess
from pathlib import Path

import pytest
from meshkiln.__main__ import VERBS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CODE = ("records", "jobs", "extractor", "trainer", "addon", "research", "scripts", "tests")


def files() -> list[str]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def anchors(text: str) -> set[str]:
    """What headings are called in links."""
    found = set()
    for heading in re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.lower().replace("`", ""))
        found |= {plain.replace(" ", "-"), re.sub(r"[ -]+", "-", plain)}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        to = (page.parent / path).resolve() if path else page
        assert to.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(to.read_text(encoding="utf-8")), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page):
    for name in re.findall(rf"`((?:{'|'.join(CODE)})/[\w/.-]+\.(?:py|safetensors|md))`", page.read_text("utf-8")):
        assert (ROOT / name).exists(), f"{page.name} names {name}"


def test_twenty_questions_lead_to_the_file_in_one_hop():
    table = GUIDE.split("## Where is ...?")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| `(.+?)` \| `(.+?) ?` \|$", table, re.MULTILINE)
    assert len(rows) >= 20
    for question, name, symbol in rows:
        assert symbol in (ROOT / name).read_text(encoding="utf-8"), f"{question} {symbol} is not in {name}"


def test_the_map_names_every_room_and_no_other():
    table = GUIDE.split("## The rooms")[1].split("\n## ")[0]
    named = {name.rstrip("/") for name in re.findall(r"`([\w/]+/)`", table)}
    rooms = {str(Path(name).parent) for name in files() if name.endswith(".py") and name.startswith(CODE[:6])}
    inner = {
        "addon/inject/limits",
        "addon/inject/rna",
        "addon/inject/nodes",
        "trainer/model/engines",
        "research/codecs",
    }  # told in a row above
    assert rooms - inner <= named | {"trainer"}, "a room is not on the map"
    assert all((ROOT / name).is_dir() or (ROOT / "addon/inject" / name).is_dir() for name in named - {"engines"})


def test_no_room_is_crowded():
    crowded = {"trainer/generators", "trainer/codecs"}
    rooms: dict[str, int] = {}
    for name in files():
        if name.endswith(".py") and name.startswith(CODE[:5]) and not name.endswith("__init__.py"):
            rooms[str(Path(name).parent)] = rooms.get(str(Path(name).parent), 0) + 1
    assert {room: n for room, n in rooms.items() if n > 15 and room not in crowded} == {}


def test_every_verb_is_in_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [verb for verb in VERBS if verb != "worker" and f"`{verb}" not in text] == []
