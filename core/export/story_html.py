"""The shell of a story: one page that stands alone, in either theme, on paper too; nothing of it runs or is fetched."""

from __future__ import annotations

import re
from html import escape

from core import __version__
from core.charts.palette import GROUND, PALETTE, TAUGHT

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What a browser may do with the page: show it."""

TAUGHT_NAME = "taught"
"""Of the colour that every taught emotion has."""

STYLE = """
:root { color-scheme: light dark; %(light)s }
@media (prefers-color-scheme: dark) { :root { %(dark)s } }
* { box-sizing: border-box }
body { margin: 0; background: var(--background); color: var(--text);
  font: 17px/1.6 "Source Sans 3", "Source Sans Pro", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
main { max-width: 47rem; margin: 0 auto; padding: 3rem 1.25rem 4rem }
h1 { font-size: 2.3rem; line-height: 1.15; margin: 0 0 .5rem; letter-spacing: -.01em; overflow-wrap: anywhere }
h2 { font-size: 1.4rem; line-height: 1.3; margin: 3rem 0 .75rem }
p { margin: 0 0 1rem; overflow-wrap: anywhere }
.lead { font-size: 1.2rem }
.how, figcaption, footer, .unit { color: var(--muted); font-size: .9rem }
figure { margin: 1.5rem 0 }
figure img { display: block; width: 100%%; height: auto; border-radius: 6px }
figure svg { display: block; width: 100%%; height: auto }
figcaption { margin-top: .5rem }
.chosen { list-style: none; padding: 0; margin: 1rem 0; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem }
.chosen b { font-weight: 600; font-variant-numeric: tabular-nums }
.doubt { border-left: 3px solid var(--marker); padding: .1rem 0 .1rem 1rem; margin: 1.25rem 0 }
.doubt h3 { margin: 0 0 .4rem; font-size: 1.1rem }
.doubt ul { margin: .4rem 0 0; padding-left: 1.1rem }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0 1.5rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%%; font-variant-numeric: tabular-nums; font-size: .95rem }
th, td { text-align: right; padding: .35rem .5rem; border-bottom: 1px solid var(--border); white-space: nowrap }
th:first-child, td:first-child { text-align: left; padding-left: 0 }
thead th { color: var(--muted); font-weight: 400 }
tbody th { font-weight: 400 }
td.yours { font-weight: 600 }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--border) }
@media print {
  :root { color-scheme: light; %(light)s }
  body { font-size: 11pt } main { max-width: none; padding: 0 }
  h2 { break-after: avoid } figure, table, .doubt { break-inside: avoid }
}
"""


def page(title: str, body: str) -> str:
    """The whole document around its parts, which are HTML already; ``title`` is plain text."""
    style = STYLE % {theme: _variables(theme) for theme in ("light", "dark")}
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="Outtake {__version__}">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _variables(theme: str) -> str:
    colours = _colours(theme)
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


def inline_svg(svg: str, name: str, said: str) -> str:
    """A chart of the light theme as part of the page: in the page's own colours, with its words for a screen reader.

    ``name`` keeps the ids of several charts apart.
    """
    for colour, variable in _names().items():
        svg = re.sub(re.escape(colour), f"var(--{variable})", svg, flags=re.IGNORECASE)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    head = f'<svg role="img" aria-label="{escape(said)}" '
    svg = re.sub(r'^<svg (.*?)width="[\d.]+" height="[\d.]+" ', lambda found: head + found[1], svg, count=1)
    return svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "").replace("xlink:href", "href")


def _names() -> dict[str, str]:
    """Colour of the light theme → its name; no two names share one."""
    return {colour: name for name, colour in _colours("light").items()}


def _colours(theme: str) -> dict[str, str]:
    return {**GROUND[theme]._asdict(), **PALETTE[theme], TAUGHT_NAME: TAUGHT[theme]}


def picture(jpeg_base64: str, said: str, caption: str = "") -> str:
    """A picture inside the page; what is said and the caption are plain text."""
    below = f"\n<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure>\n<img src="data:image/jpeg;base64,{jpeg_base64}" alt="{escape(said)}">{below}\n</figure>'


def chart(svg: str, name: str, said: str, caption: str = "") -> str:
    """A chart inside the page."""
    below = f"\n<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f"<figure>\n{inline_svg(svg, name, said)}{below}\n</figure>"


def user_paragraphs(text: str, language: str, kind: str = "") -> str:
    """The user's own words as paragraphs: plain text, whatever is in it."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if part.strip()]
    said = "".join(f"<p{kind and f' class={kind!r}'}>{escape(part).replace(chr(10), '<br>')}</p>\n" for part in parts)
    return f'<div lang="{escape(language)}">\n{said}</div>' if said else ""
