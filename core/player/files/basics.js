/* Small things that every part of the player uses: elements, marks of emotions, icons. */

const SVG = "http://www.w3.org/2000/svg"

/** A new element with attributes and children; text is always text, never markup. */
function el(name, attributes = {}, ...children) {
  return fillNode(document.createElement(name), attributes, children)
}

function svg(name, attributes = {}, ...children) {
  return fillNode(document.createElementNS(SVG, name), attributes, children)
}

function fillNode(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (key.startsWith("on")) node[key] = value
    else node.setAttribute(key, value === true ? "" : value)
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined))
  return node
}

/** The path of an emotion's mark around the origin; `shape` is one of Vega's names or a path in half sides. */
function markPath(shape, half) {
  const h = half
  if (shape === "circle") return `M${-h},0a${h},${h} 0 1,0 ${2 * h},0a${h},${h} 0 1,0 ${-2 * h},0Z`
  if (shape === "square") return `M${-h},${-h}H${h}V${h}H${-h}Z`
  if (shape === "diamond") return `M0,${-1.25 * h}L${1.1 * h},0L0,${1.25 * h}L${-1.1 * h},0Z`
  if (shape === "triangle-up") return `M0,${-1.1 * h}L${1.15 * h},${0.9 * h}L${-1.15 * h},${0.9 * h}Z`
  if (shape === "triangle-down") return `M0,${1.1 * h}L${1.15 * h},${-0.9 * h}L${-1.15 * h},${-0.9 * h}Z`
  if (shape === "cross") {
    const a = 0.4 * h
    const b = 1.1 * h
    return `M${-b},${-a}H${-a}V${-b}H${a}V${-a}H${b}V${a}H${a}V${b}H${-a}V${a}H${-b}Z`
  }
  return shape.replace(/-?\.?\d+(\.\d+)?/g, (number) => String(Number(number) * 1.2 * h))
}

function mark(emotion, half, colour = emotion.colour) {
  return svg("path", { d: markPath(emotion.shape, half), fill: colour })
}

/** An emotion's mark as a small picture in a line of text. */
function sign(emotion, colour = emotion.colour) {
  const path = mark(emotion, 5, colour)
  return svg("svg", { class: "sign", viewBox: "-7 -7 14 14", "aria-hidden": "true" }, path)
}

const ICONS = {
  play: "M8 5v14l11-7z",
  pause: "M6 5h4v14H6zM14 5h4v14h-4z",
  earlier: "M6 6h2v12H6zM20 6v12l-9-6z",
  later: "M16 6h2v12h-2zM4 6v12l9-6z",
  flag: "M6 3h2v1h11l-3 5 3 5H8v7H6z",
  check: "M9.5 17.6 4 12.1l1.8-1.8 3.7 3.7 8.7-8.7L20 7.1z",
  undo: "M9 6V2L3 8l6 6v-4h5a4 4 0 0 1 0 8H7v2h7a6 6 0 0 0 0-12z",
  sound: "M4 9v6h4l5 5V4L8 9zM16 8.5v7a4 4 0 0 0 0-7z",
  mute: "M4 9v6h4l5 5V4L8 9zM15 9.5l1.2-1.2 2.3 2.3 2.3-2.3L22 9.5 19.7 12l2.3 2.3-1.2 1.2-2.3-2.3-2.3 2.3-1.2-1.2 2.3-2.3z",
  loop: "M7 7h10v3l4-4-4-4v3H5v6h2zM17 17H7v-3l-4 4 4 4v-3h12v-6h-2z",
  keys: "M3 6h18v12H3zm2 2v8h14V8zm1.500 1.500h2v2h-2zm3.500 0h2v2h-2zm3.500 0h2v2h-2zm3.500 0h1.500v2h-1.500zm-9 3.500h10v1.500H7.500z",
  wide: "M5 5h6v2H7v4H5zM13 5h6v6h-2V7h-4zM5 13h2v4h4v2H5zM17 13h2v6h-6v-2h4z",
  time: "M9 1h6v2H9zM12 4.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zm0 2a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM11 8.5h2v5h-2z",
  readers: "M9 5v4h12v2H9v4l-6-5zM15 10v4H3v2h12v4l6-5z",
  "closer look": "M3 3h6v2H5v4H3zM15 3h6v6h-2V5h-4zM3 15h2v4h4v2H3zM19 15h2v6h-6v-2h4zM12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
  "bad picture": "M6 5h2v2H6zM11 4h2v3h-2zM16 5h2v2h-2zM4 10h3v3H4zM10 9.5h4v4h-4zM17 10h3v3h-3zM6 16h2v2H6zM11 16h2v3h-2zM16 16h2v2h-2z",
  ambiguous: "M11 3h2v3l6 1-2.5 7a3.5 3.5 0 0 1-0 0L14 8l-1-.2V19h4v2H7v-2h4V7.800L9.500 7.600 7 14 4 8z",
}

function icon(name, size = 20) {
  const path = svg("path", { d: ICONS[name] || ICONS.flag, fill: "currentColor" })
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true" }, path)
}
