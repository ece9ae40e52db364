"""Whatever leaves is read back by its own kind of reader, and carries the numbers that the tables have."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pympi
import pytest
import sqlalchemy as sa
from PIL import Image as Pillow

from core import language
from core.__main__ import main
from core.analysis import tables
from core.cli import export as exporting
from core.errors import SettingError
from core.export import elan, kinds
from core.export import tables as export
from core.export.kinds import KINDS, Choices
from core.export.notes import Note
from core.model import EMOTIONS, Gathering, Recipe, Scene, Verdict
from core.shelf import review
from core.store.scenes import Store
from tests.support import builders, doubtful, seed
from tests.support.builders import strip

TITLE = '=HYPERLINK("http://x")'


@pytest.fixture
def scene(store: Store) -> Scene:
    """A person who reads as happy for a moment, and as sad for another; the smile was dropped; she has a name."""
    scene_id = doubtful.scene(store, title=TITLE)
    store.add_verdicts(scene_id, [Verdict("builtin", 0, "happy", 1600, 1800, True)])
    store.add_people_decisions(scene_id, [Gathering("name", 0, "+Ada & <Bo>")])
    return store.scene(scene_id)


def made(store: Store, scene: Scene, kind: str, **wanted: object) -> bytes:
    return kinds.export_scene(store, scene, kind, Choices(**wanted))  # type: ignore[arg-type]


def same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """The same numbers and texts, whatever the types that a format gives them."""
    assert list(found.columns) == list(wanted.columns) and len(found) == len(wanted)
    for name in wanted:
        if wanted[name].dtype.kind in "iuf" or str(wanted[name].dtype) == "Int64":
            one, other = (each[name].astype("float64").to_numpy() for each in (found, wanted))
            assert np.array_equal(one, other, equal_nan=True), name
        else:
            one, other = (
                each[name].astype(object).where(each[name].notna(), None).tolist() for each in (found, wanted)
            )
            assert one == other, name


def unquoted(table: pd.DataFrame) -> pd.DataFrame:
    """What a spreadsheet shows of a CSV file: the apostrophe before a text is not part of it."""
    texts = table.select_dtypes(include=["object", "str"]).columns
    return table.assign(**{n: table[n].map(lambda v: v.removeprefix("'") if isinstance(v, str) else v) for n in texts})


@pytest.mark.parametrize("kind", kinds.TABLES)
def test_a_table_is_read_back_the_same(kind: str, store: Store, scene: Scene) -> None:
    wanted, data = review.table(store, scene), made(store, scene, kind)
    read = {
        "csv": lambda: unquoted(pd.read_csv(io.BytesIO(data))).drop(columns="outtake_version"),
        "parquet": lambda: pd.read_parquet(io.BytesIO(data)),
        "json": lambda: pd.DataFrame(json.loads(data)).drop(columns="outtake_version"),
        "xlsx": lambda: pd.read_excel(io.BytesIO(data)),
    }

    same(read[kind](), wanted)


def test_no_text_becomes_a_formula(store: Store, scene: Scene) -> None:
    table = kinds.shelf_table(store, [scene])
    book = openpyxl.load_workbook(io.BytesIO(export.to_bytes(table, "xlsx")))
    cells = [cell for row in book["rows"].iter_rows() for cell in row]

    assert TITLE in [cell.value for cell in cells] and "+Ada & <Bo>" in [cell.value for cell in cells]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    told = list(csv.reader(io.StringIO(export.to_bytes(table, "csv").decode())))
    assert f"'{TITLE}" in told[1]
    assert [text for row in told for text in row if re.match(r"[=+@\t\r]|-(?![\d.])", text)] == []


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"]
)
def test_every_beginning_of_a_formula_is_made_harmless(text: str) -> None:
    assert export.without_formula(text) == f"'{text}"


def test_numbers_and_other_texts_stay_as_they_are() -> None:
    assert [export.without_formula(value) for value in (-1.5, "happy", "", None)] == [-1.5, "happy", "", None]


def article(table: pd.DataFrame) -> dict[str, float]:
    """The article's own calculation on a file of fer's: the first face's columns, their numbers cut off, and means."""
    assert int(table.columns[0][-1]) == 0
    first = table[[name for name in table if name[-1] == "0"]]
    first.columns = [name[:-1] for name in first]
    emotions = first[[name for name in first if "box" not in name]]
    return emotions.mean().to_dict()


def test_fers_columns_give_the_articles_means(store: Store) -> None:
    scene = store.scene(seed.scene(store, strip("nhh.s")))
    table = pd.read_csv(io.BytesIO(made(store, scene, "fer")))
    means = tables.means(store.timeline(scene.id), "builtin").set_index("emotion")["mean"]

    assert list(table.columns) == [*(f"{name}0" for name in sorted(("box", *EMOTIONS))), "outtake_version"]
    assert len(table) == 5 and table.iloc[3, :-1].isna().all()
    assert table["box0"][0] == "[100, 60, 80, 80]"
    assert article(table) == pytest.approx(means.to_dict(), abs=1e-12)


def test_fers_columns_number_the_faces_of_a_moment(store: Store) -> None:
    two = builders.face("happy", left=10, track=1), builders.face("sad", left=200, track=2)
    timeline = strip("n")
    crowd = type(timeline)(500, (*timeline.samples, type(timeline.samples[0])(500, two)))
    table = pd.read_csv(io.BytesIO(made(store, store.scene(seed.scene(store, crowd)), "fer")))

    assert (table["happy0"][1], table["sad1"][1]) == (0.88, 0.88) and pd.isna(table["happy1"][0])
    assert list(table.columns)[:4] == ["angry0", "angry1", "box0", "box1"]


def peaks_of(store: Store, scene: Scene) -> list[tuple[int, int, str]]:
    timeline = store.timeline(scene.id)
    return sorted(
        (one.peak.start_ms, one.peak.end_ms, f"{one.peak.emotion} {one.peak.height:.2f}")
        for reader in scene.readers
        for one in review.suspects_of(store, scene, timeline, reader)
    )


def test_elan_reads_every_peak_and_what_is_doubted(store: Store, scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "scene.eaf").write_bytes(made(store, scene, "elan"))
    eaf = pympi.Elan.Eaf(str(tmp_path / "scene.eaf"))
    tiers = {name: eaf.get_annotation_data_for_tier(name) for name in eaf.get_tier_names()}
    above = {name: found for name, found in tiers.items() if not name.endswith("doubt")}

    assert sorted(tuple(one) for found in above.values() for one in found) == peaks_of(store, scene)
    said = [one[2] for name, found in tiers.items() if name.endswith("doubt") for one in found]
    assert any(text.startswith("doubt ") and text.endswith("(dropped)") for text in said)
    assert eaf.get_linked_files()[0]["MEDIA_URL"].startswith("file:///clips/")
    assert {eaf.get_parameters_for_tier(name)["PARTICIPANT"] for name in above} == {"+Ada & <Bo>"}


ORDER = ("LICENSE", "HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE", "LOCALE", "LANGUAGE", "CONSTRAINT")
KNOWN = {
    "ANNOTATION_DOCUMENT": (
        {"DATE", "AUTHOR", "VERSION"},
        {"FORMAT", f"{{{elan.XSI}}}noNamespaceSchemaLocation"},
    ),
    "HEADER": (set(), {"MEDIA_FILE", "TIME_UNITS"}),
    "MEDIA_DESCRIPTOR": ({"MEDIA_URL", "MIME_TYPE"}, {"RELATIVE_MEDIA_URL", "TIME_ORIGIN", "EXTRACTED_FROM"}),
    "PROPERTY": (set(), {"NAME"}),
    "TIME_ORDER": (set(), set()),
    "TIME_SLOT": ({"TIME_SLOT_ID"}, {"TIME_VALUE"}),
    "TIER": ({"TIER_ID", "LINGUISTIC_TYPE_REF"}, {"PARTICIPANT", "ANNOTATOR", "DEFAULT_LOCALE", "PARENT_REF"}),
    "ANNOTATION": (set(), set()),
    "ALIGNABLE_ANNOTATION": ({"ANNOTATION_ID", "TIME_SLOT_REF1", "TIME_SLOT_REF2"}, {"SVG_REF", "CVE_REF"}),
    "REF_ANNOTATION": ({"ANNOTATION_ID", "ANNOTATION_REF"}, {"PREVIOUS_ANNOTATION", "CVE_REF"}),
    "ANNOTATION_VALUE": (set(), set()),
    "LINGUISTIC_TYPE": ({"LINGUISTIC_TYPE_ID"}, {"TIME_ALIGNABLE", "CONSTRAINTS", "GRAPHIC_REFERENCES"}),
    "CONSTRAINT": ({"STEREOTYPE"}, {"DESCRIPTION"}),
}
"""Element → attributes that the EAF 3.0 schema requires, and that it allows besides."""


def complaints(text: str) -> Iterator[str]:
    """What the schema of EAF 3.0 would say: order, attributes, and names that lead nowhere."""
    root = ElementTree.fromstring(text)  # noqa: S314  # our own
    places = [ORDER.index(child.tag) for child in root]
    if places != sorted(places):
        yield "the parts are not in the schema's order"
    for one in root.iter():
        needs, may = KNOWN[one.tag]
        if not needs <= set(one.attrib) <= needs | may:
            yield f"{one.tag} has {sorted(one.attrib)}"
    ids = [one.get(key) for one in root.iter() for key in ("TIME_SLOT_ID", "ANNOTATION_ID") if one.get(key)]
    if len(set(ids)) < len(ids) or not all(re.fullmatch(r"[A-Za-z_][\w.-]*", name or "") for name in ids):
        yield "an id is there twice, or is none"
    for one in root.iter():
        for key in ("TIME_SLOT_REF1", "TIME_SLOT_REF2", "ANNOTATION_REF"):
            if one.get(key) and one.get(key) not in ids:
                yield f"{key} leads nowhere"
    tiers = [tier.get("TIER_ID") for tier in root.iter("TIER")]
    types = {kind.get("LINGUISTIC_TYPE_ID") for kind in root.iter("LINGUISTIC_TYPE")}
    if len(set(tiers)) < len(tiers):
        yield "a tier is there twice"
    for tier in root.iter("TIER"):
        if tier.get("LINGUISTIC_TYPE_REF") not in types or tier.get("PARENT_REF") not in (None, *tiers):
            yield f"{tier.get('TIER_ID')} leans on nothing"


def test_an_elan_file_conforms_to_its_schema(store: Store, scene: Scene) -> None:
    assert list(complaints(made(store, scene, "elan").decode())) == []


def note(who: str, start_ms: int, end_ms: int, emotion: str = "happy", doubt: float = 0.1) -> Note:
    return Note("builtin", who, emotion, start_ms, end_ms, 0.9, doubt, ("why --> not\nat all",), None)


def test_peaks_that_overlap_share_no_tier_and_strange_names_are_written() -> None:
    strange = "A\x00\x0bda <&> \ud800"
    notes = [note(strange, 0, 500), note(strange, 200, 700, "sad", 0.9), note(strange, 700, 900)]
    text = elan.eaf(notes, "./a.mp4", "./a.mp4", "2026-11-22T00:00:00+00:00")
    tiers = [tier.get("TIER_ID") for tier in ElementTree.fromstring(text).iter("TIER")]  # noqa: S314  # our own

    assert list(complaints(text)) == []
    assert len([name for name in tiers if name and not name.endswith("doubt")]) == 2


def cues(text: str) -> list[tuple[int, int, list[str]]]:
    """A strict reader of WebVTT: the signature, blocks apart by empty lines, times that rise, no arrow in the text."""
    signature, *blocks = re.split(r"\n{2,}", text.rstrip("\n"))
    assert signature == "WEBVTT" and "\r" not in text
    found = []
    for block in blocks:
        if block.startswith("NOTE"):
            assert "-->" not in block
            continue
        number, times, *lines = block.split("\n")
        said = re.fullmatch(r"(\d\d):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d\d):([0-5]\d):([0-5]\d)\.(\d{3})", times)
        assert said and number.isdigit() and lines and "-->" not in "".join(lines)
        assert not re.search(r"&(?!amp;|lt;|gt;)", "".join(lines))
        start, end = (
            ((int(h) * 60 + int(m)) * 60 + int(s)) * 1000 + int(ms)
            for h, m, s, ms in (said.groups()[:4], said.groups()[4:])
        )
        assert start < end and (not found or found[-1][0] <= start)
        found.append((start, end, lines))
    return found


def test_webvtt_shows_the_readers_peaks_and_why_they_are_doubted(store: Store, scene: Scene) -> None:
    found = cues(made(store, scene, "webvtt", reader="builtin").decode())
    timeline = store.timeline(scene.id)
    wanted = sorted(
        (one.peak.start_ms, one.peak.end_ms) for one in review.suspects_of(store, scene, timeline, "builtin")
    )

    assert sorted((start, end) for start, end, _ in found) == wanted
    smile = next(lines for start, _, lines in found if start == 1600)
    assert smile[0] == "<v +Ada &amp; &lt;Bo&gt;>? happy 0.88</v>" and smile[1].startswith("doubt ")


def test_frames_are_packed_with_their_boxes(store: Store, scene: Scene) -> None:
    with zipfile.ZipFile(io.BytesIO(made(store, scene, "frames", which="peaks"))) as packed:
        assert "00001600.jpg" in packed.namelist()
        picture = np.asarray(Pillow.open(io.BytesIO(packed.read("00001600.jpg"))))
    plain = np.asarray(Pillow.open(io.BytesIO(store.thumb(scene.id, 1600) or b"")))

    assert picture.shape == plain.shape and (np.abs(picture.astype(int) - plain) > 60).any()
    everything = zipfile.ZipFile(io.BytesIO(made(store, scene, "frames", which="all")))
    assert len(everything.namelist()) == len(store.samples(scene.id))
    with pytest.raises(SettingError, match="Choose “all”"):
        made(store, store.scene(seed.scene(store, strip("nnn"), "Calm")), "frames")


def test_every_chart_leaves_as_svg_and_png_in_the_themes_colours(store: Store, scene: Scene) -> None:
    with zipfile.ZipFile(io.BytesIO(made(store, scene, "charts", theme="dark"))) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}

    names = {name.rpartition(".")[0] for name in files}
    assert {"curves", "curves-smoothed", "means"} < names and any(name.startswith("doubt-1-sad") for name in names)
    assert set(files) == {f"{name}.{kind}" for name in names for kind in ("svg", "png")}
    for name, data in files.items():
        if name.endswith(".png"):
            assert Pillow.open(io.BytesIO(data)).getpixel((0, 0))[:3] == (0x12, 0x13, 0x16)  # type: ignore[index]
        else:
            assert ElementTree.fromstring(data).tag.endswith("svg")  # noqa: S314  # our own
    means = files["means.svg"].decode()
    for mean in tables.means(store.timeline(scene.id), "builtin")["mean"]:
        assert f">{mean:.3f}<" in means


def test_several_scenes_are_one_table_or_a_file_each(store: Store, scene: Scene) -> None:
    other = store.scene(seed.scene(store, strip("hh"), "Two/..\\three"))
    whole = kinds.shelf_table(store, [scene, other])
    with zipfile.ZipFile(io.BytesIO(kinds.shelf_zip(store, [scene, other], "csv"))) as packed:
        names = packed.namelist()

    assert list(whole.columns[:3]) == ["scene", "title", "t_ms"]
    assert whole.groupby("scene").size().to_dict() == {one.id: len(review.table(store, one)) for one in (scene, other)}
    assert len(names) == 2 and not [name for name in names if re.search(r'[\\/:"<>|]', name)]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in kinds.TABLES])
def test_a_scene_that_has_not_been_read_is_told_in_a_sentence(kind: str, store: Store, scene_id: int) -> None:
    with pytest.raises(SettingError, match="has not been read"):
        made(store, store.scene(scene_id), kind)


def test_the_command_line_writes_what_the_page_does(
    store: Store, scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, kind in (("a.xlsx", "xlsx"), ("a.vtt", "webvtt"), ("a.outtake.zip", "bundle")):
        assert main(["export", str(scene.id), "--out", str(tmp_path / name)]) == 0
        if kind != "xlsx":  # which is dated
            assert (tmp_path / name).read_bytes() == made(store, scene, kind)
    assert main(["export", "all", "--out", str(tmp_path / "all.csv")]) == 0
    assert list(pd.read_csv(tmp_path / "all.csv").columns[:2]) == ["scene", "title"]
    assert main(["import", str(tmp_path / "a.outtake.zip")]) == 0
    assert "24 moments" in capsys.readouterr().out and len(store.scenes()) == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (["export", "1", "--out", "a.doc"], "does not say what to write"),
        (["export", "1", "--to", "video"], "needs a file"),
        (["export", "1", "--to", "elan", "--out", "nowhere/a.eaf"], "no folder"),
        (["export", "1", "--to", "webvtt", "--reader", "nobody"], "did not read it"),
        (["export", "1", "--to", "frames", "--language", "xx"], "not a language"),
        (["export", "1", "--to", "story", "--say", "middle=x"], "no place"),
        (["export", "1", "--emotions", "joy"], "none of the emotions"),
        (["export", "1", "2"], "Scene 2 is not on the shelf"),
        (["import", "nothing.zip"], "is not a file"),
    ],
)
def test_what_cannot_leave_is_told_in_a_sentence(
    said: list[str], sentence: str, scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(said) == 2
    assert sentence in capsys.readouterr().err


def test_the_command_line_knows_every_kind_and_every_language() -> None:
    assert set(exporting.KINDS) == {*KINDS, "video", "comparison"}
    assert all(f"{code}" in "en, de, es, fr, hi, ja" for code in language.LANGUAGES)


UNTIDY = "Rain\r=HYPERLINK(1)\n@x,\x1b[31m\u2028+1\x85-1\x00"
"""A title whose lines would be rows of their own, and formulas in them."""


@pytest.mark.parametrize("kind", ["csv", "fer"])
def test_no_line_end_in_a_text_begins_a_row(store: Store, scene: Scene, kind: str) -> None:
    """Also where the title was kept by an Outtake that let it in; spreadsheets take each of these for a row's end."""
    with store._db.begin_write() as db:
        db.execute(sa.text("UPDATE scenes SET title = :title"), {"title": UNTIDY})
        db.execute(sa.text("UPDATE people SET name = :name WHERE kind = 'name'"), {"name": UNTIDY})
    data = made(store, store.scene(scene.id), kind).decode()

    rows = re.split("[\r\n\x85\u2028]", data.rstrip("\n"))
    assert len(rows) == len(list(csv.reader(io.StringIO(data)))) > len(store.samples(scene.id))
    assert "\x00" not in data and "\x1b" not in data
    assert [row for row in rows if row.startswith(tuple("=+@"))] == []


@pytest.mark.databases
def test_control_signs_leave_titles_and_names_at_the_door(store: Store) -> None:
    scene_id = store.add(Recipe("/clip.mp4"), UNTIDY)
    assert store.scene(scene_id).title == "Rain =HYPERLINK(1) @x, [31m +1 -1"
    store.rename(scene_id, "left\u202etfel\u2066")
    assert store.scene(scene_id).title == "lefttfel"
    store.rename(scene_id, "\r\n")
    assert store.scene(scene_id).title == "?"
    store.rename(scene_id, "👩‍👧 हिन्दी")
    assert store.scene(scene_id).title == "👩‍👧 हिन्दी"
    store.add_people_decisions(scene_id, [Gathering("name", 0, UNTIDY)])
    assert store.people_decisions(scene_id)[0].name == "Rain =HYPERLINK(1) @x, [31m +1 -1"
