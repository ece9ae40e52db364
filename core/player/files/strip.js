/* The curves under the picture: what is chosen in full, the rest faint, doubts hatched, faces hanging on pins. */

const STRIP = { pins: 60, least: 110, most: 168, axis: 28, left: 36, right: 104 }
const PIN_PX = 36
const PICKED_PX = 48
const SHARED_PX = 60
const WORDS_PX = 92
const NARROWEST_PX = 8
const SHORTEST_MS = 200

class Strip {
  /** `on.seek(ms)` where somebody points; `on.peak(peak)` where a pin is pressed; `on.stretch(from, to)` drawn with shift. */
  constructor(host, on) {
    Object.assign(this, { on, drawn: null })
    this.back = svg("svg", { class: "curves", role: "img" })
    this.pins = el("div", { class: "pins" })
    this.line = el("div", { class: "playhead" }, el("span", { class: "plate" }))
    this.line.setAttribute("aria-hidden", "true")
    this.hover = el("div", { class: "hover", hidden: true })
    this.dots = svg("svg", { class: "dots", "aria-hidden": "true" })
    this.face = el("div", { class: "face", role: "slider", tabindex: "0", "aria-label": "Moment of the scene" })
    this.looped = el("div", { class: "looped", hidden: true })
    host.replaceChildren(this.back, this.dots, this.face, this.looped, this.line, this.pins, this.hover)
    this.host = host
    this.face.onpointerdown = (event) => this.grab(event)
    this.face.onpointermove = (event) => this.over(event)
    this.face.onpointerup = (event) => this.drop(event)
    this.face.onpointercancel = () => Object.assign(this, { held: false, drawn: null })
    this.face.onpointerleave = () => (this.hover.hidden = true)
    this.watch = new ResizeObserver(() => this.data && this.draw())
    this.watch.observe(host)
    this.resized = () => this.data && this.draw()
    window.addEventListener("resize", this.resized)
  }

  /** The curves' own height, px: in a low window they leave more to the film. */
  get height() {
    return clamp(STRIP.least + 0.3 * (window.innerHeight - 700), STRIP.least, STRIP.most)
  }

  /** What the strip takes of the page with everything around the curves, px. */
  heightOf(data) {
    const hung = data.peaks.some((peak) => peak.state !== "kept")
    return (hung ? STRIP.pins : 14) + this.height + STRIP.axis
  }

  update(data, shown, times) {
    Object.assign(this, { data, shown, times })
    this.draw()
  }

  get span() {
    return [this.data.start_ms, Math.max(this.data.end_ms, this.data.start_ms + 100)]
  }

  x(ms) {
    const [first, last] = this.span
    return this.plot.left + ((ms - first) / (last - first)) * this.plot.width
  }

  y(score) {
    return this.plot.top + (1 - score) * this.tall
  }

  ms(x) {
    const [first, last] = this.span
    return clamp(first + ((x - this.plot.left) / this.plot.width) * (last - first), first, last)
  }

  draw() {
    const width = this.host.clientWidth
    if (!width) return
    const small = width < 560
    const hung = this.data.peaks.some((peak) => peak.state !== "kept")
    this.tall = this.height
    const left = small ? 26 : STRIP.left
    const top = hung ? STRIP.pins : 14
    this.plot = { left, top, width: width - left - (small ? 84 : STRIP.right) }
    const height = this.heightOf(this.data)
    this.host.style.height = `${height}px`
    for (const layer of [this.back, this.dots]) layer.setAttribute("viewBox", `0 0 ${width} ${height}`)
    setAttributes(this.back, { "aria-label": this.data.words.strip })
    const parts = [this.hatchPattern(), this.gaps(), this.axis(), this.cuts(), this.columns()]
    const off = this.emotions().filter((one) => !this.shown.has(one.name))
    const on = this.emotions().filter((one) => this.shown.has(one.name))
    this.ends(on, width)
    parts.push(this.droppedParts(), off.map((one) => this.run(one, true)), on.map((one) => this.run(one, false)))
    parts.push(on.map((one) => this.summit(one)), this.labels, this.hollowMarks())
    this.back.replaceChildren(...parts.flat(3).filter(Boolean))
    this.lit = on.map((one) => svg("circle", { r: 4, fill: one.colour, stroke: "var(--ground)", "stroke-width": 2 }))
    this.lines = on
    this.dots.replaceChildren(...this.lit)
    this.hangPins()
    this.mark(this.loop)
    this.at(this.now ?? this.data.start_ms, true)
  }

  emotions() {
    return this.data.look.emotions
  }

  hatchPattern() {
    const ruled = [svg("rect", { width: 6, height: 6, fill: "var(--marker)", "fill-opacity": 0.08 }),
      svg("line", { x1: 1, y1: 0, x2: 1, y2: 6, stroke: "var(--marker)", "stroke-width": 1.6, "stroke-opacity": 0.6 })]
    const pattern = { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }
    return svg("defs", {}, svg("pattern", pattern, ruled))
  }

  gaps() {
    let free = -Infinity
    return this.data.gaps.map(([start, end]) => {
      const [from, to] = [this.x(Math.max(start, this.span[0])), this.x(Math.min(end, this.span[1]))]
      const rect = svg("rect", { x: from, y: this.plot.top, width: Math.max(to - from, 1), height: this.tall, fill: "var(--surface)" })
      const middle = (from + to) / 2
      if (to - from < 12 || middle - free < 60) return rect
      free = middle
      return [rect, svg("text", { x: middle, y: this.y(0.5) + 4, class: "muted middle" }, "no face")]
    })
  }

  axis() {
    const [first, last] = this.span
    const most = Math.max(Math.floor(this.plot.width / 72), 2)
    const { times, tenths } = ticks(first, last, most)
    const parts = [0, 0.5, 1].map((score) => [
      svg("line", { class: "grid", x1: this.plot.left, x2: this.plot.left + this.plot.width, y1: this.y(score), y2: this.y(score), stroke: "var(--line)" }),
      svg("text", { x: this.plot.left - 8, y: this.y(score) + 4, class: "muted end" }, String(score)),
    ])
    this.ticks = times.map((ms) => [this.x(ms), svg("text", { x: this.x(ms), y: this.y(0) + 20, class: "muted middle" }, clock(ms, tenths))])
    return [...parts, this.ticks.map(([, word]) => word)]
  }

  cuts() {
    return this.data.cuts.map((ms) => svg("line", { x1: this.x(ms), x2: this.x(ms), y1: this.plot.top, y2: this.y(0), class: "cut" }))
  }

  columns() {
    return this.data.peaks.filter((peak) => peak.state === "open").map((peak) => {
      const [from, to] = [this.x(Math.max(peak.start, this.span[0])), this.x(Math.min(peak.end, this.span[1]))]
      const width = Math.max(to - from, NARROWEST_PX)
      const x = clamp((from + to - width) / 2, this.plot.left, this.plot.left + this.plot.width - width)
      return svg("rect", { class: "doubt", x, y: this.plot.top, width, height: this.tall, fill: "url(#hatch)" })
    })
  }

  run(emotion, faint) {
    const look = { fill: "none", stroke: emotion.colour, "stroke-linejoin": "round", "stroke-dasharray": emotion.dash[1] ? emotion.dash.join(" ") : null }
    const style = faint ? { "stroke-width": 1, opacity: 0.4 } : { "stroke-width": emotion.width }
    const runs = this.data.curves[emotion.name] || []
    const lines = runs.filter((run) => run.length > 2).map((run) => this.path(run)).join("")
    const alone = runs.filter((run) => run.length === 2).map(([ms, score]) => {
      return svg("path", { d: markPath(emotion.shape, 2.6), fill: emotion.colour, opacity: faint ? 0.4 : 1, transform: `translate(${this.x(ms)},${this.y(score / 1000)})` })
    })
    return [lines ? svg("path", { d: lines, class: faint ? "faint" : "full", "data-emotion": emotion.name, ...look, ...style }) : null, alone]
  }

  path(run) {
    let d = ""
    for (let place = 0; place < run.length; place += 2) {
      d += `${place ? "L" : "M"}${this.x(run[place]).toFixed(1)},${this.y(run[place + 1] / 1000).toFixed(1)}`
    }
    return d
  }

  droppedParts() {
    return this.data.peaks.filter((peak) => peak.gone.length > 2 && this.shown.has(peak.emotion)).map((peak) =>
      svg("path", { class: "gone", d: this.path(peak.gone), fill: "none", stroke: "var(--muted)", "stroke-width": 1.2, "stroke-dasharray": "2 3" }))
  }

  summit(emotion) {
    let best = [0, -1]
    for (const run of this.data.curves[emotion.name] || []) {
      for (let place = 0; place < run.length; place += 2) if (run[place + 1] > best[1]) best = [run[place], run[place + 1]]
    }
    if (best[1] < 0) return null
    return svg("g", { transform: `translate(${this.x(best[0])},${this.y(best[1] / 1000)})` }, mark(emotion, 4.5))
  }

  ends(on, width) {
    const last = on.map((one) => (this.data.curves[one.name] || []).at(-1)?.at(-1))
    const there = on.filter((_, place) => last[place] !== undefined)
    const wanted = last.filter((score) => score !== undefined).map((score) => this.y(score / 1000))
    const placed = spaceOut(wanted, 15, this.plot.top - 2, this.y(0) + 4)
    const x = this.plot.left + this.plot.width + 14
    this.labels = there.map((one, place) => [
      svg("g", { transform: `translate(${x},${placed[place]})` }, mark(one, 4)),
      svg("text", { x: x + 11, y: placed[place] + 4, class: "word" }, one.label),
    ])
  }

  hollowMarks() {
    return this.data.peaks.filter((peak) => peak.state !== "kept").map((peak) => {
      const emotion = this.emotions().find((one) => one.name === peak.emotion)
      const colour = peak.state === "open" ? "var(--marker)" : "var(--muted)"
      const [x, y] = [this.x(peak.apex), this.y(peak.at)]
      return [
        svg("line", { class: "stem", x1: x, x2: x, y1: this.plot.top - 10, y2: y, stroke: colour, "stroke-width": 1.5 }),
        svg("path", { class: peak.state === "open" ? "doubted" : "dropped", d: markPath(emotion.shape, 6.5), transform: `translate(${x},${y})`, fill: "var(--ground)", stroke: colour, "stroke-width": 2.4 }),
      ]
    })
  }

  /** Faces above the strip; those too near to each other share one pin, the most doubtful open one's. */
  hangPins() {
    const waiting = this.data.peaks.filter((peak) => peak.state !== "kept")
    const ranked = [...waiting].sort((a, b) => (b.state === "open") - (a.state === "open") || b.doubt - a.doubt)
    const pins = []
    for (const peak of ranked) {
      const x = this.x(peak.apex)
      const near = pins.find((pin) => Math.abs(pin.x - x) < SHARED_PX)
      if (near) near.peaks.push(peak)
      else pins.push({ x, peaks: [peak] })
    }
    pins.sort((a, b) => a.x - b.x)
    this.hung = pins
    this.pins.replaceChildren(...pins.map((pin, place) => this.pin(pin, (pins[place + 1]?.x ?? this.host.clientWidth) - pin.x)))
  }

  pin(pin, room) {
    const [peak] = pin.peaks
    const { data } = this
    const { label, quoted } = data.look.emotions.find((one) => one.name === peak.emotion)
    const open = pin.peaks.filter((one) => one.state === "open").length
    const count = open || pin.peaks.length // what was dropped is counted where nothing is left
    const told = peak.state === "open" ? `Doubtful ${quoted}, doubt ${peak.doubt.toFixed(2)}` : `Dropped ${quoted}`
    const face = data.faces && peak.face !== null ? el("img", { alt: "", src: new URL(`${data.faces}${peak.apex}/${peak.face}`, document.baseURI).href }) : null
    if (face) face.onerror = () => face.remove()
    const first = count > 1 ? `${count} ${open ? "peaks" : "dropped"}` : peak.state === "open" ? `${label}?` : label
    const second = count > 1 ? "" : peak.state === "open" ? peak.height.toFixed(2) : "dropped"
    const words = room > WORDS_PX || count > 1
      ? el("span", { class: "told" }, el("b", {}, room > WORDS_PX ? first : String(count)), el("span", {}, room > WORDS_PX ? second : "")) : null
    pin.node = el("button", {
      type: "button",
      class: `pin ${peak.state}`,
      style: `left:${pin.x}px`,
      "aria-label": `${told} at ${clock(peak.apex)}${count > 1 ? ` and ${count - 1} more near it` : ""}`,
      onclick: () => this.on.peak(this.next(pin)),
    }, el("span", { class: "crop" }, face), words)
    return pin.node
  }

  /** A shared pin leads to its peaks in turn. */
  next(pin) {
    const at = pin.peaks.findIndex((peak) => peak.apex === this.now)
    return pin.peaks[(at + 1) % pin.peaks.length]
  }

  /** The stretch that is played over and over, as a bar on the axis; null for none. */
  mark(loop) {
    this.loop = loop
    this.looped.hidden = !loop
    if (!loop) return
    const [from, to] = [this.x(clamp(loop.from, ...this.span)), this.x(clamp(loop.to, ...this.span))]
    this.looped.style.left = `${from}px`
    this.looped.style.width = `${Math.max(to - from, 4)}px`
    this.looped.style.top = `${this.y(0)}px`
  }

  /** Move the playhead; `look` also marks the pin of the peak that is looked at. */
  at(ms, settled = false) {
    this.now = ms
    if (!this.plot) return
    const x = this.x(ms)
    this.line.style.transform = `translateX(${x}px)`
    this.line.style.top = `${this.plot.top - 10}px`
    this.line.style.height = `${this.tall + 10}px`
    const plate = this.line.firstChild
    const words = clock(ms)
    if (plate.textContent !== words) plate.textContent = words
    this.lines.forEach((one, place) => {
      const score = scoreAt(this.data.curves[one.name] || [], ms)
      this.lit[place].style.display = score === null ? "none" : ""
      if (score !== null) setAttributes(this.lit[place], { cx: x, cy: this.y(score) })
    })
    for (const [at, word] of this.ticks) word.style.opacity = Math.abs(at - x) < 48 ? 0 : 1
    for (const pin of this.hung || []) {
      const here = pin.peaks.some((peak) => peak.start <= ms && ms < peak.end)
      if (pin.here !== here || settled) pin.node.classList.toggle("here", (pin.here = here))
    }
  }

  grab(event) {
    this.face.setPointerCapture(event.pointerId)
    if (event.shiftKey) {
      this.drawn = this.where(event)
      return
    }
    this.held = true
    this.point(event)
  }

  over(event) {
    if (this.held) this.point(event)
    if (this.drawn !== null) this.mark(this.stretch(event))
    this.tell(event)
  }

  drop(event) {
    this.held = false
    if (this.drawn === null) return
    const { from, to } = this.stretch(event)
    this.drawn = null
    if (to - from >= SHORTEST_MS) this.on.stretch(from, to)
    else this.mark(null)
  }

  stretch(event) {
    const other = this.where(event)
    return { from: Math.round(Math.min(this.drawn, other)), to: Math.round(Math.max(this.drawn, other)) }
  }

  where(event) {
    return this.ms(event.clientX - this.host.getBoundingClientRect().left)
  }

  /** The moment under the pointer: one that was read where the moments lie close, else that very time. */
  point(event) {
    this.on.seek(this.times[nearest(this.times, this.where(event))])
  }

  tell(event) {
    if (event.pointerType === "touch") return
    const ms = this.times[nearest(this.times, this.where(event))]
    const rows = this.lines.map((one) => [one, scoreAt(this.data.curves[one.name] || [], ms)]).sort((a, b) => (b[1] ?? -1) - (a[1] ?? -1))
    const told = rows.map(([one, score]) => el("span", {}, sign(one), one.label, el("b", {}, score === null ? "–" : score.toFixed(2))))
    this.hover.replaceChildren(el("strong", {}, clock(ms)), ...told)
    this.hover.hidden = this.held
    const x = this.x(ms)
    const right = x > this.host.clientWidth / 2
    this.hover.style.left = right ? "" : `${x + 14}px`
    this.hover.style.right = right ? `${this.host.clientWidth - x + 14}px` : ""
    this.hover.style.top = `${this.plot.top}px`
  }

  say(ms, words) {
    const [first, last] = this.span
    setAttributes(this.face, { "aria-valuemin": Math.round(first), "aria-valuemax": Math.round(last), "aria-valuenow": Math.round(ms), "aria-valuetext": words })
  }

  end() {
    this.watch.disconnect()
    window.removeEventListener("resize", this.resized)
  }
}
