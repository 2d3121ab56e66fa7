"""SARIF 2.1.0: every region lies in its file, counts UTF-16 units and holds the words meant; fixes mend; what is known is suppressed.

The whole log of the worked documents was also read by the validator of the standard's own tool, which is too large to keep here.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from perfdsl.cli.main import perfdsl
from perfdsl.diagnostics import ERROR, Edit, Kind, Label, finding
from perfdsl.show import diagnostics_sarif
from perfdsl.text import Source, Span

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "examples").glob("*/*.perf"))
KIND = Kind("R222", ERROR, "甲", "a", "改", "mend")
RESULT_FIELDS = {
    "ruleId", "ruleIndex", "level", "message", "locations", "relatedLocations", "fixes", "suppressions", "properties", "baselineState",
}  # fmt: skip
Json = dict[str, Any]


def log(*words: str) -> Json:
    made: Json = json.loads(CliRunner().invoke(perfdsl, ["check", "--format", "sarif", *words]).stdout)
    return made


def run_of(made: Json) -> Json:
    (run,) = made["runs"]
    return dict(run)


def cut(text: str, region: Json) -> str:
    """The words of a region, by its lines and UTF-16 columns."""
    lines = text.split("\n")
    units = [line.encode("utf-16-le") for line in lines]
    start, end = region["startLine"] - 1, region["endLine"] - 1
    assert 0 <= start <= end < len(lines)
    first, last = 2 * (region["startColumn"] - 1), 2 * (region["endColumn"] - 1)
    assert 0 <= first <= len(units[start])
    assert 0 <= last <= len(units[end])
    if start == end:
        assert first <= last
        return units[start][first:last].decode("utf-16-le")
    middle = [line.decode("utf-16-le") for line in units[start + 1 : end]]
    return "\n".join([units[start][first:].decode("utf-16-le"), *middle, units[end][:last].decode("utf-16-le")])


def regions(result: Json) -> list[tuple[str, Json]]:
    """Every (uri, region) of a result."""
    places = [
        place["physicalLocation"] for place in (*result.get("locations", ()), *result.get("relatedLocations", ()))
    ]
    found = [(place["artifactLocation"]["uri"], place["region"]) for place in places]
    for fix in result.get("fixes", ()):
        for change in fix["artifactChanges"]:
            found += [(change["artifactLocation"]["uri"], part["deletedRegion"]) for part in change["replacements"]]
    return found


def test_a_log_has_the_fields_of_the_standard_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    made = log("--no-cache", *(str(path.relative_to(ROOT)) for path in FILES))
    assert (made["version"], set(made)) == ("2.1.0", {"$schema", "version", "runs"})
    run = run_of(made)
    assert run["columnKind"] == "utf16CodeUnits"
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    assert ids == sorted(set(ids))
    assert all(
        rule["shortDescription"]["text"] and f"perfdsl explain {rule['id']}" in rule["help"]["text"] for rule in rules
    )
    assert len(run["results"]) > 100
    for result in run["results"]:
        assert set(result) <= RESULT_FIELDS
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        for uri, region in regions(result):
            assert uri.isascii()
            assert " " not in uri
            text = (ROOT / unquote(uri)).read_text("utf-8")
            assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
            cut(text, region)
        numbers = [place["id"] for place in result.get("relatedLocations", ())]
        assert numbers == list(range(1, len(numbers) + 1))
        for waived in result.get("suppressions", ()):
            assert waived["kind"] in ("inSource", "external")
    assert any("relatedLocations" in result for result in run["results"])
    assert any("suppressions" in result for result in run["results"])


@given(st.text(alphabet='甲𠮷a"{}\n é', max_size=30), st.data())
def test_a_region_holds_the_words_of_its_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    source = Source("甲.perf", text)
    span = Span(start, end, source)
    found = finding(KIND, span, labels=[Label(span, "此处", "here")], edits=[Edit(span, "乙")])
    (result,) = run_of(diagnostics_sarif([found], "zh"))["results"]
    assert [cut(text, region) for _, region in regions(result)] == [text[start:end]] * 3


def test_fixes_put_in_make_what_fix_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = 'project "甲𠮷" {\n  "𠮷办件数" full"≥5件" points 10分 by { met -> 10  otherwise -> 0 }\n}\n'
    file = tmp_path / "手误.perf"
    file.write_text(text, encoding="utf-8")
    results = run_of(log("手误.perf"))["results"]
    parts = [part for one in results for fix in one.get("fixes", ()) for change in fix["artifactChanges"] for part in change["replacements"]]  # fmt: skip
    assert len(parts) >= 2
    lines = [line.encode("utf-16-le") for line in text.split("\n")]
    for part in sorted(parts, key=lambda part: (part["deletedRegion"]["startLine"], part["deletedRegion"]["startColumn"]), reverse=True):  # fmt: skip
        region, words = part["deletedRegion"], part.get("insertedContent", {"text": ""})["text"]
        assert region["startLine"] == region["endLine"]
        line = lines[region["startLine"] - 1]
        first, last = 2 * (region["startColumn"] - 1), 2 * (region["endColumn"] - 1)
        lines[region["startLine"] - 1] = line[:first] + words.encode("utf-16-le") + line[last:]
    file.write_text("\n".join(line.decode("utf-16-le") for line in lines), encoding="utf-8")
    assert run_of(log("手误.perf"))["results"] == []


def test_what_a_baseline_lists_is_unchanged_and_suppressed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "甲.perf").write_text('project "甲" {\n  a full "≥0次"\n}\n', encoding="utf-8")
    assert all("baselineState" not in one for one in run_of(log("甲.perf"))["results"])
    CliRunner().invoke(perfdsl, ["check", "甲.perf", "--write-baseline", "已知.json"])
    (tmp_path / "甲.perf").write_text('project "甲" {\n  a full "≥0次"\n  b full "≥0件"\n}\n', encoding="utf-8")
    found = run_of(log("甲.perf", "--baseline", "已知.json"))["results"]
    said = [(one["baselineState"], [s["kind"] for s in one.get("suppressions", ())]) for one in found]
    assert said == [("new", []), ("unchanged", ["external"])]


def test_what_is_accepted_is_suppressed_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "甲.perf").write_text('project "甲" {\n  a full "≥0次" accept L021 "占位"\n}\n', encoding="utf-8")
    (one,) = run_of(log("甲.perf"))["results"]
    assert one["suppressions"] == [{"kind": "inSource", "status": "accepted", "justification": "占位"}]
