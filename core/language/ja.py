"""Japanese."""

from __future__ import annotations

NAME, SCRIPT = "日本語", "Jpan"

EMOTIONS = "怒り 嫌悪 恐怖 喜び 悲しみ 驚き 中立"

READERS = {"builtin": "内蔵リーダー", "deepface": "DeepFace"}

EXPRESSIONS = {
    "angry": "怒った表情",
    "disgust": "嫌そうな表情",
    "fear": "怯えた表情",
    "happy": "笑顔",
    "sad": "悲しい表情",
    "surprise": "驚いた表情",
    "": "表情",
}

REASONS = {
    "alone": "「{emotion}」はここで{height:.2f}、前後では{usual:.2f}です。",
    "between": "直前も直後も、顔は「{other}」を示しています（{score:.2f}以上）。",
    "brief": "{sightings}回のうち、この1回だけが「{emotion}」です。{expression}は{length_s:.1f}秒より長く続きます。",
    "brief, moments": "{sightings}回のうち、この{moments}回だけが「{emotion}」です。"
    "{expression}は{length_s:.1f}秒より長く続きます。",
    "brief, raised": "目立つのは1回だけです。{expression}は{length_s:.1f}秒より長く続きます。",
    "brief, raised, moments": "目立つのは{moments}回だけです。{expression}は{length_s:.1f}秒より長く続きます。",
    "second": "{Reader}は「{other}」{score:.2f}と読んでいます。",
    "second, unanimous": "{Reader}は「{other}」{score:.2f}と読み、すべてのネットワークが一致しています。",
    "members": "ネットワークの結果が分かれています：「{emotion}」{mean:.2f} ± {spread:.2f}。",
    "crops": "切り抜きを{shift_px} px動かすと、「{emotion}」は消えます。",
    "crops, partly": "切り抜きを{shift_px} px動かすと、「{emotion}」はほとんど消えます。",
    "frames": "1フレームずつ読むと、「{emotion}」は{lasts_s:.2f}秒しか続きません。",
    "frames, one": "1フレームずつ読むと、「{emotion}」は長くても1フレームです。",
    "unreadable, small": "顔の幅は{width_px}ピクセルで、ほとんど読み取れません。",
    "unreadable, tiny": "顔の幅は{width_px}ピクセルで、何も読み取れません。",
    "unreadable, blurred": "顔がぼやけていて、ほとんど読み取れません。",
    "unreadable, small and blurred": "顔は幅{width_px}ピクセルでぼやけていて、何も読み取れません。",
    "dark": "顔が暗いです：明るさは平均で255段階の{light:.0f}です。",
    "turned": "顔がカメラのほうを向いていません。",
    "cut off": "顔が画面の端で切れています。",
    "at cut": "カットのすぐ隣で、二つの画像が混ざっている可能性があります。",
    "head down": "顔が下を向いています。伏せた目や眉は読み誤られやすくなります。",
    "mouth moving": "口が動き続けています。話したり顔をしかめたりすると「{emotion}」と読まれやすくなります。",
    "long surprise": "ここでは驚きが{shown_s:.1f}秒続いています。本当の驚きは約1秒で消えます。",
    "mouth wide": "驚くとあごが下がり、口の幅は狭くなります。この口の幅はいつもと変わりません。",
    "unsure": "この顔は検出の確信度が低めです：{usual:.2f}に対して{confidence:.2f}。",
    "undecided": "はっきりしません：「{emotion}」{height:.2f}、「{other}」{score:.2f}。",
    "undecided, alone": "「{emotion}」{height:.2f}：どちらとも言えません。",
    "faint": "「{emotion}」は最大でも{height:.2f}です。",
    "together": "単独で疑わしい点はありませんが、このようなピーク100個のうち{of_100:.0f}個は誤りです。",
}

TIERS = {
    "do not believe": "信じないでください：「{emotion}」",
    "look twice": "もう一度見てください：「{emotion}」",
    "": "疑わしい点は見つかりませんでした",
}

GROUPS = {
    "unreadable, small": "ここでは{faces}人の顔が小さすぎて読み取れません（ピーク{peaks}個）",
    "unreadable, small, one face": "この顔は小さすぎて読み取れません（ピーク{peaks}個）",
    "unreadable, blurred": "ここでは{faces}人の顔がぼやけすぎて読み取れません（ピーク{peaks}個）",
    "unreadable, blurred, one face": "この顔はぼやけすぎて読み取れません（ピーク{peaks}個）",
    "unreadable": "ここでは{faces}人の顔が小さすぎるか、ぼやけすぎて読み取れません（ピーク{peaks}個）",
    "unreadable, one face": "この顔は小さくぼやけすぎて読み取れません（ピーク{peaks}個）",
    "dark": "ここでは{faces}人の顔が暗がりにあります（ピーク{peaks}個）",
    "dark, one face": "この顔は暗がりにあります（ピーク{peaks}個）",
    "turned": "ここでは{faces}人の顔がカメラのほうを向いていません（ピーク{peaks}個）",
    "turned, one face": "この顔はカメラのほうを向いていません（ピーク{peaks}個）",
    "cut off": "画面の端で{faces}人の顔が切れています（ピーク{peaks}個）",
    "cut off, one face": "画面の端でこの顔が切れています（ピーク{peaks}個）",
    "at cut": "{faces}人の顔がカットのすぐ隣にあります（ピーク{peaks}個）",
    "at cut, one face": "この顔はカットのすぐ隣にあります（ピーク{peaks}個）",
    "unsure": "ここでは{faces}人の顔の検出が不確かです（ピーク{peaks}個）",
    "unsure, one face": "この顔の検出は不確かです（ピーク{peaks}個）",
    "": "ここでは{faces}人の顔が同じ理由で疑わしいです（ピーク{peaks}個）",
    "one face": "この顔の「{emotion}」のピーク{peaks}個が、同じ理由で疑わしいです",
}
