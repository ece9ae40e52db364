/* Boxes, emotions and doubts over the picture, in the picture's own proportions. */

const LETTERS_PX = 13
const PLATE_PX = 22

class Boxes {
  constructor(layer, stage) {
    Object.assign(this, { layer, stage, pool: [], part: this.outline() })
    layer.append(this.part)
  }

  update(data) {
    this.data = data
  }

  /** Around the only part of the picture that was searched. */
  outline() {
    return svg("g", { class: "part" }, svg("rect", { fill: "none" }), svg("rect", { fill: "none" }))
  }

  drawRegion(fits) {
    const { region, look } = this.data
    this.part.style.display = region ? "" : "none"
    if (!region) return
    const [x, y, right, bottom] = region.map((edge, side) => fits.of(edge, side % 2))
    const size = { x, y, width: Math.max(right - x, 1), height: Math.max(bottom - y, 1) }
    setAttributes(this.part.firstChild, { ...size, stroke: look.on_picture.background, "stroke-width": 3, "stroke-opacity": 0.7 })
    setAttributes(this.part.lastChild, { ...size, stroke: look.on_picture.muted, "stroke-width": 1.25 })
  }

  /** Draw the faces of a time; `doubted(track)` gives the peak that is doubted, `chosen` the face looked at. */
  draw(ms, faces, doubted, chosen) {
    const { data, layer } = this
    this.ms = ms
    const fits = fitPicture(this.stage.clientWidth, this.stage.clientHeight, data.size)
    layer.setAttribute("viewBox", `0 0 ${this.stage.clientWidth} ${this.stage.clientHeight}`)
    this.drawRegion(fits)
    this.taken = []
    this.heads = faces.map((face) => {
      const [x, y, right, under] = face.box.map((edge, side) => fits.of(edge, side % 2))
      return { x, y, right, under }
    })
    while (this.pool.length < faces.length) this.pool.push(this.group())
    this.pool.forEach((parts, place) => {
      parts.all.style.display = place < faces.length ? "" : "none"
      if (place < faces.length) this.face(parts, faces[place], fits, doubted(faces[place].track), chosen)
    })
  }

  group() {
    const parts = {
      halo: svg("rect", { fill: "none", rx: 3 }),
      box: svg("rect", { fill: "none", rx: 3 }),
      own: svg("rect", { fill: "none", rx: 6, "stroke-width": 2.5, "stroke-dasharray": "8 5" }),
      plate: svg("rect", { rx: 4 }),
      mark: svg("path"),
      words: svg("text", { "font-size": LETTERS_PX, "font-weight": 600 }),
    }
    parts.all = svg("g", {}, Object.values(parts))
    this.layer.append(parts.all)
    return parts
  }

  face(parts, face, fits, peak, chosen) {
    const { look, reader, several } = this.data
    const over = look.on_picture
    const said = topEmotion(face, reader)
    const emotion = said ? look.emotions[said[0]] : null
    const colour = peak ? over.marker : emotion ? emotion.on_picture : over.muted
    const [left, topmost, right, bottom] = face.box.map((edge, side) => fits.of(edge, side % 2))
    const size = { x: left, y: topmost, width: Math.max(right - left, 1), height: Math.max(bottom - topmost, 1) }
    const thick = face.index === chosen ? 2.5 : 1.5
    setAttributes(parts.halo, { ...size, stroke: over.background, "stroke-width": thick + 2, "stroke-opacity": 0.7 })
    setAttributes(parts.box, { ...size, stroke: colour, "stroke-width": thick, "stroke-dasharray": peak ? "7 5" : "none" })
    const name = several ? this.data.who(face.track, this.ms) : ""
    const who = name ? `${name} · ` : ""
    const words = emotion ? `${who}${emotion.label} ${said[1].toFixed(2)}${peak ? (several ? "?" : "? doubtful") : ""}` : `${who}not read`
    const own = this.data.own(face).filter(([, score]) => score >= SHOWN_FROM)
    parts.own.style.display = own.length ? "" : "none"
    if (own.length) setAttributes(parts.own, { x: size.x - 6, y: size.y - 6, width: size.width + 12, height: size.height + 12, stroke: own[0][0].on_picture })
    const room = peak ? 0 : 18
    const all = [words, ...own.map(([one, score]) => `${one.glyph} ${one.quoted} ${score.toFixed(2)}`)].join("  ")
    if (parts.said !== all) Object.assign(parts, { said: parts.words.textContent = all, wide: 0 })
    parts.wide ||= parts.words.getComputedTextLength() // asking lays the page out: once for the same words
    const width = parts.wide + 16 + room
    if (parts.track !== face.track) Object.assign(parts, { track: face.track, place: -1 })
    const [x, y] = this.freePlace(parts, width, [left, right - width], [topmost - 26, bottom + 4, topmost - 50, bottom + 28], fits)
    setAttributes(parts.plate, { x, y, width, height: PLATE_PX, fill: peak ? over.marker : over.background, "fill-opacity": peak ? 1 : 0.82 })
    setAttributes(parts.words, { x: x + 8 + room, y: y + 15.5, fill: peak ? over.background : over.text })
    parts.mark.style.display = room ? "" : "none"
    if (emotion && room) setAttributes(parts.mark, { d: markPath(emotion.shape, 5), fill: colour, transform: `translate(${x + 14},${y + 11})` })
  }

  /** Where words hide neither others' nor a face, else no others', else the first place inside; rather where they were. */
  freePlace(parts, width, across, down, { width: most, height }) {
    const wanted = down.flatMap((y) => across.map((x) => [clamp(x, 0, Math.max(most - width, 0)), y]))
    const order = wanted.map((_, place) => place).sort((a, b) => (b === parts.place) - (a === parts.place) || a - b)
    const inside = order.filter((place) => 0 <= wanted[place][1] && wanted[place][1] <= height - PLATE_PX)
    const meets = (place, { x, y, right, under }) => {
      const [left, over] = wanted[place]
      return left < right && x < left + width && over < under && y < over + PLATE_PX
    }
    const free = inside.filter((place) => !this.taken.some((one) => meets(place, one)))
    parts.place = free.find((place) => !this.heads.some((one) => meets(place, one))) ?? free[0] ?? inside[0] ?? 0
    const [x, y] = [wanted[parts.place][0], clamp(wanted[parts.place][1], 0, height - PLATE_PX)]
    this.taken.push({ x, y, right: x + width, under: y + PLATE_PX })
    return [x, y]
  }

  clear() {
    this.part.style.display = "none"
    this.pool.forEach((parts) => (parts.all.style.display = "none"))
  }
}

function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
}
