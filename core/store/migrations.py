"""The later of the numbered steps that bring an older database to the tables of today."""

from __future__ import annotations

Words = dict[str, str]
"""What the dialects say differently: a counted id, bytes, a table stored in the order of its key."""


def teaching(words: Words) -> tuple[str, ...]:
    """What the reader's networks saw of each face, and the emotions that were taught from it."""
    of_face = "FOREIGN KEY (scene_id, t_ms, face) REFERENCES faces (scene_id, t_ms, face) ON DELETE CASCADE"
    return (
        f"""CREATE TABLE embeddings (
            scene_id BIGINT NOT NULL, t_ms BIGINT NOT NULL, face BIGINT NOT NULL, reader TEXT NOT NULL,
            code {words["bytes"]} NOT NULL, PRIMARY KEY (scene_id, t_ms, face, reader), {of_face}) {words["sorted"]}""",
        f"""CREATE TABLE taught (id {words["counted"]}, owner TEXT NOT NULL, name TEXT NOT NULL,
            text TEXT NOT NULL, UNIQUE (owner, name))""",
    )


def gathered(words: Words) -> tuple[str, ...]:
    """What a viewer decided about who is who."""
    return (
        f"""CREATE TABLE people (
            id {words["counted"]}, scene_id BIGINT NOT NULL, kind TEXT NOT NULL, person BIGINT NOT NULL,
            name TEXT NOT NULL, parts TEXT NOT NULL, at TEXT NOT NULL,
            FOREIGN KEY (scene_id) REFERENCES scenes (id) ON DELETE CASCADE)""",
        "CREATE INDEX people_of_scene ON people (scene_id)",
    )


def discarding(_: Words) -> tuple[str, ...]:
    """When a scene was deleted that can still be brought back."""
    return ("ALTER TABLE scenes ADD COLUMN discarded DOUBLE PRECISION",)


def calming(words: Words) -> tuple[str, ...]:
    """The calm spans that a viewer chose for people, whose means are subtracted from their scores."""
    return (
        f"""CREATE TABLE baselines (
            id {words["counted"]}, scene_id BIGINT NOT NULL, person BIGINT NOT NULL, start_ms BIGINT NOT NULL,
            end_ms BIGINT NOT NULL, at TEXT NOT NULL,
            FOREIGN KEY (scene_id) REFERENCES scenes (id) ON DELETE CASCADE)""",
        "CREATE INDEX baselines_of_scene ON baselines (scene_id)",
    )


def findings(words: Words) -> tuple[str, ...]:
    """What was worked out of a scene's rows as they were at a revision."""
    return (
        f"""CREATE TABLE findings (
            scene_id BIGINT NOT NULL, name TEXT NOT NULL, revision BIGINT NOT NULL, version TEXT NOT NULL,
            data {words["bytes"]} NOT NULL, PRIMARY KEY (scene_id, name),
            FOREIGN KEY (scene_id) REFERENCES scenes (id) ON DELETE CASCADE)""",
    )


def addresses(_: Words) -> tuple[str, ...]:
    """Where a scene came from: a digest under a key that is not in the database."""
    return (
        "ALTER TABLE scenes ADD COLUMN address TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX scenes_of_address ON scenes (address)",
    )


def at_once(_: Words) -> tuple[str, ...]:
    """Which decisions about who is who were made together, and are taken back together."""
    return ("ALTER TABLE people ADD COLUMN decision BIGINT",)


def mouths(_: Words) -> tuple[str, ...]:
    """How much a mouth moves in a closer look; not known of those taken before."""
    return ("ALTER TABLE closer_looks ADD COLUMN mouth_moves DOUBLE PRECISION",)
