"""The emotions that were taught already: each as a file, deleted and brought back, taught anew; and one from a file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.emotions import emotion_file
from core.emotions.emotion import OwnEmotion
from core.export import foreign_files
from core.host import limits
from core.shelf import emotions
from core.ui import common, upload_guard


def shelf() -> None:
    """The emotions that are taught already: save as a file, delete with undo, teach anew; and one from a file."""
    kept, ours = emotions.list_emotions(common.store()), emotions.network()
    with st.container(border=True, key="taught"):
        st.header("Taught already", anchor=False)
        if not kept:
            st.caption("Nothing yet. What you save here is drawn in every scene, dashed, beside the seven.")
        for one in kept:
            _row(one, fits=one.network == ours)
        _undo()
        _import()


def _row(one: OwnEmotion, *, fits: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{common.sign(one.name)} **{common.escape(one.name)}** :gray[{one.figures.yes} + {one.figures.no} faces]"
        )
        st.space("stretch")
        if not fits and st.button("Teach it again", icon=":material/refresh:", key=f"again_{one.name}"):
            emotions.save_emotion(common.store(), emotions.learn_again(common.store(), one))
            st.rerun()
        st.download_button(
            "File", partial(emotion_file.to_json, one), file_name=f"{one.name}.json", mime="application/json",
            key=f"file_{one.name}", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.button("Delete", icon=":material/delete:", key=f"delete_{one.name}", on_click=_delete, args=[one])
    if not fits:
        st.caption("Taught on another version of the reader, so no scene shows it. Teach it again from its examples.")


def _delete(one: OwnEmotion) -> None:
    common.store().delete_emotion(one.name)
    st.session_state["teach_deleted"] = emotion_file.to_json(one)


def _undo() -> None:
    """Bring the emotion back that was deleted last."""
    if gone := st.session_state.get("teach_deleted"):
        one = emotion_file.parse(gone)
        if st.button(f"Undo: bring “{common.escape(one.name)}” back", icon=":material/undo:", key="undelete"):
            common.store().save_emotion(one.name, gone)
            del st.session_state["teach_deleted"]
            st.rerun()


def _import() -> None:
    """Take in an emotion's file once."""
    turn = st.session_state.setdefault("emotion_files", 0)
    given = upload_guard.file_field("An emotion’s file", ["json"], limits.MB, key=f"emotion_file_{turn}")
    if given is None:
        return
    try:
        one = foreign_files.import_emotion(common.store(), given)
    finally:
        upload_guard.forget_file(given)
    st.session_state["emotion_files"] += 1
    st.toast(f"“{one.name}” is on your shelf now.", icon=":material/school:")
    st.rerun()
