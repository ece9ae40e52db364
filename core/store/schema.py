"""The tables of the shelf, and the numbered steps that bring any older database to them."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from core.store import migrations
from core.store.migrations import Words, addresses, at_once, calming, discarding, gathered, teaching

metadata = sa.MetaData()

SCORES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
POINTS = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
LANDMARKS = tuple(f"{point}_{axis}" for point in POINTS for axis in "xy")
CLOSER = ("survives_crops", "crops_score", "crops_lead", "again_score", "light")
SPREADS = tuple(f"{score}_spread" for score in SCORES)


def _numbers(*names: str, missing: bool = False) -> list[sa.Column[float]]:
    return [sa.Column(name, sa.Double, nullable=missing) for name in names]


def _key(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, primary_key=True) for name in names]


scenes = sa.Table(
    "scenes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("recipe_key", sa.Text, nullable=False, unique=True),  # a digest: the same recipe is the same scene
    sa.Column("recipe", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("expected", sa.BigInteger, nullable=False),
    sa.Column("found", sa.BigInteger, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("video", sa.Text),
    sa.Column("finder", sa.Text, nullable=False),
    sa.Column("readers", sa.Text, nullable=False),
    sa.Column("token", sa.Text),  # the one worker that may write
    sa.Column("heartbeat", sa.Double),  # its last sign of life, s since 1970
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False, server_default=""),  # key of a visitor's shelf, or nobody's
    sa.Column("waiting", sa.Double),  # in the queue since then, s since 1970
    sa.Column("fetched", sa.BigInteger, nullable=False, server_default="0"),  # bytes of the link's video so far
    sa.Column("size", sa.BigInteger, nullable=False, server_default="0"),  # bytes expected, 0 when nobody said
    sa.Column("discarded", sa.Double),  # deleted then, s since 1970, and can still be brought back
    sa.Column("address", sa.Text, nullable=False, server_default=""),  # where it came from, as a keyed digest
)

samples = sa.Table(
    "samples",
    metadata,
    *_key("scene_id", "t_ms"),
    sa.Column("shot", sa.BigInteger, nullable=False),
    sa.Column("dropped", sa.BigInteger, nullable=False),
    sa.Column("look", sa.LargeBinary, nullable=False),
)

faces = sa.Table(
    "faces",
    metadata,
    *_key("scene_id", "t_ms", "face"),
    *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("x0", "y0", "x1", "y1")),
    *_numbers("confidence"),
    *_numbers(*LANDMARKS, missing=True),
    *_numbers("sharpness"),
    sa.Column("track", sa.BigInteger),
)

readings = sa.Table(
    "readings",
    metadata,
    *_key("scene_id", "t_ms", "face", "place"),  # place: the reader's rank among its face's readers
    sa.Column("reader", sa.Text, nullable=False),
    *_numbers(*SCORES),
    *_numbers(*SPREADS, missing=True),
)

thumbs = sa.Table("thumbs", metadata, *_key("scene_id", "t_ms"), sa.Column("jpeg", sa.LargeBinary, nullable=False))

crops = sa.Table(
    "crops", metadata, *_key("scene_id", "t_ms", "face"), sa.Column("jpeg", sa.LargeBinary, nullable=False)
)

closer_looks = sa.Table(
    "closer_looks",
    metadata,
    *_key("scene_id"),
    sa.Column("reader", sa.Text, primary_key=True),
    *_key("track"),
    sa.Column("emotion", sa.Text, primary_key=True),
    *_key("apex_ms"),
    *_numbers(*CLOSER),
    *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("survives_ms", "window_ms")),
    sa.Column("again", sa.Text, nullable=False),  # JSON pairs of t_ms and score
    *_numbers("mouth_moves", missing=True),
)

verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),  # in the order in which they were decided
    sa.Column("scene_id", sa.BigInteger, nullable=False),
    sa.Column("decision", sa.BigInteger, nullable=False),  # the same for all that were decided at once
    *(sa.Column(name, sa.Text, nullable=False) for name in ("reader", "emotion", "at")),
    *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("track", "start_ms", "end_ms")),
    sa.Column("dropped", sa.Boolean, nullable=False),
)

embeddings = sa.Table(
    "embeddings",
    metadata,
    *_key("scene_id", "t_ms", "face"),
    sa.Column("reader", sa.Text, primary_key=True),
    sa.Column("code", sa.LargeBinary, nullable=False),
)

taught = sa.Table(
    "taught",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("owner", "name", "text")),  # text: its file as it is
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),  # in the order in which they were decided
    *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("scene_id", "person")),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "name", "at")),
    sa.Column("parts", sa.Text, nullable=False),  # JSON: tracks, and stretches of them as track, start_ms, end_ms
    sa.Column("decision", sa.BigInteger),  # the same for all that were decided at once; missing where one was alone
)

baselines = sa.Table(
    "baselines",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),  # in the order in which they were chosen
    *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("scene_id", "person", "start_ms", "end_ms")),
    sa.Column("at", sa.Text, nullable=False),
)

findings = sa.Table(
    "findings",
    metadata,
    *_key("scene_id"),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("revision", sa.BigInteger, nullable=False),  # of the scene's rows that they were worked out of
    sa.Column("version", sa.Text, nullable=False),  # of what worked them out
    sa.Column("data", sa.LargeBinary, nullable=False),
)

RECORD = """CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"""

WORDS: dict[str, Words] = {
    "sqlite": {"counted": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "bytes": "BLOB", "sorted": "WITHOUT ROWID"},
    "postgresql": {"counted": "INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", "bytes": "BYTEA", "sorted": ""},
}


def first_shelf(words: Words) -> tuple[str, ...]:
    """Scenes, their moments, faces and readings, and the pictures beside them."""
    landmarks = ", ".join(f"{name} DOUBLE PRECISION" for name in LANDMARKS)
    scores = ", ".join(f"{name} DOUBLE PRECISION NOT NULL" for name in SCORES)
    spreads = ", ".join(f"{name} DOUBLE PRECISION" for name in SPREADS)
    moment = "scene_id BIGINT NOT NULL, t_ms BIGINT NOT NULL"
    face = f"{moment}, face BIGINT NOT NULL"
    of_moment = "FOREIGN KEY (scene_id, t_ms) REFERENCES samples (scene_id, t_ms) ON DELETE CASCADE"
    of_face = "FOREIGN KEY (scene_id, t_ms, face) REFERENCES faces (scene_id, t_ms, face) ON DELETE CASCADE"
    return (
        f"""CREATE TABLE scenes (
            id {words["counted"]}, recipe_key TEXT NOT NULL UNIQUE, recipe TEXT NOT NULL,
            title TEXT NOT NULL, state TEXT NOT NULL, error TEXT NOT NULL, expected BIGINT NOT NULL,
            found BIGINT NOT NULL, revision BIGINT NOT NULL, video TEXT, finder TEXT NOT NULL, readers TEXT NOT NULL,
            token TEXT, heartbeat DOUBLE PRECISION, created TEXT NOT NULL)""",
        f"""CREATE TABLE samples (
            {moment}, shot BIGINT NOT NULL, dropped BIGINT NOT NULL, look {words["bytes"]} NOT NULL,
            PRIMARY KEY (scene_id, t_ms), FOREIGN KEY (scene_id) REFERENCES scenes (id) ON DELETE CASCADE)
            {words["sorted"]}""",
        f"""CREATE TABLE faces (
            {face}, x0 BIGINT NOT NULL, y0 BIGINT NOT NULL, x1 BIGINT NOT NULL, y1 BIGINT NOT NULL,
            confidence DOUBLE PRECISION NOT NULL, {landmarks}, sharpness DOUBLE PRECISION NOT NULL, track BIGINT,
            PRIMARY KEY (scene_id, t_ms, face), {of_moment}) {words["sorted"]}""",
        f"""CREATE TABLE readings (
            {face}, place BIGINT NOT NULL, reader TEXT NOT NULL, {scores}, {spreads},
            PRIMARY KEY (scene_id, t_ms, face, place), {of_face}) {words["sorted"]}""",
        f"""CREATE TABLE thumbs ({moment}, jpeg {words["bytes"]} NOT NULL,
            PRIMARY KEY (scene_id, t_ms), {of_moment})""",
        f"""CREATE TABLE crops ({face}, jpeg {words["bytes"]} NOT NULL,
            PRIMARY KEY (scene_id, t_ms, face), {of_face})""",
    )


def doubts(words: Words) -> tuple[str, ...]:
    """What is remarked about peaks: the worker's closer looks, the viewer's verdicts."""
    of_scene = "FOREIGN KEY (scene_id) REFERENCES scenes (id) ON DELETE CASCADE"
    figures = ", ".join(f"{name} DOUBLE PRECISION NOT NULL" for name in CLOSER)
    return (
        f"""CREATE TABLE closer_looks (
            scene_id BIGINT NOT NULL, reader TEXT NOT NULL, track BIGINT NOT NULL, emotion TEXT NOT NULL,
            apex_ms BIGINT NOT NULL, {figures}, survives_ms BIGINT NOT NULL, window_ms BIGINT NOT NULL,
            again TEXT NOT NULL, PRIMARY KEY (scene_id, reader, track, emotion, apex_ms), {of_scene})
            {words["sorted"]}""",
        f"""CREATE TABLE verdicts (
            id {words["counted"]}, scene_id BIGINT NOT NULL, decision BIGINT NOT NULL, reader TEXT NOT NULL,
            track BIGINT NOT NULL, emotion TEXT NOT NULL, start_ms BIGINT NOT NULL, end_ms BIGINT NOT NULL,
            dropped BOOLEAN NOT NULL, at TEXT NOT NULL, {of_scene})""",
        "CREATE INDEX verdicts_of_scene ON verdicts (scene_id)",
    )


def visitors(_: Words) -> tuple[str, ...]:
    """Whose shelf a scene is on, since when it waits for a worker, and how much of its link has come."""
    return (
        "ALTER TABLE scenes ADD COLUMN owner TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE scenes ADD COLUMN waiting DOUBLE PRECISION",
        "ALTER TABLE scenes ADD COLUMN fetched BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE scenes ADD COLUMN size BIGINT NOT NULL DEFAULT 0",
        "CREATE INDEX scenes_of_owner ON scenes (owner)",
    )


MIGRATIONS: tuple[Callable[[Words], tuple[str, ...]], ...] = (
    first_shelf,
    doubts,
    visitors,
    teaching,
    gathered,
    discarding,
    calming,
    at_once,
    addresses,
    migrations.findings,
    migrations.mouths,
)
"""Each returns the statements that lead from the number before it to its own; none is ever changed once released."""


def schema_version(db: sa.Connection) -> int:
    """Returns the number of the last migration that this database has seen; 0 when it is empty."""
    if not sa.inspect(db).has_table("migrations"):
        return 0
    return db.execute(sa.text("SELECT COALESCE(MAX(number), 0) FROM migrations")).scalar_one()


def run_next_migration(db: sa.Connection) -> None:
    """Takes the next step, together with its record, in the caller's transaction; nothing when there is none."""
    db.execute(sa.text(RECORD))
    number = schema_version(db)
    if number >= len(MIGRATIONS):
        return
    step = MIGRATIONS[number]
    for statement in step(WORDS[db.dialect.name]):
        db.execute(sa.text(statement))
    record = sa.text("INSERT INTO migrations (number, name) VALUES (:number, :name)")
    db.execute(record, {"number": number + 1, "name": step.__name__})
