/* Beside the picture: what both readers say of one face, what is doubted about it, and what is decided. */

const BROAD_PX = { one: 520, two: 640 } // from here on what is doubted stands beside the bars of so many readers

class Panel {
  /** `on.face(track)`, `on.verdict(how, peak)`. */
  constructor(host, on) {
    Object.assign(this, { host, on, order: [] })
    this.title = el("h2", {})
    this.where = el("span", { class: "where" })
    this.people = el("div", { class: "people", role: "group", "aria-label": "Face" })
    this.bars = el("div", { class: "bars", role: "table", "aria-label": "Scores of the readers" })
    this.doubt = el("div", { class: "doubt" })
    this.acts = el("div", { class: "acts" })
    this.watch = new ResizeObserver(() => this.spread())
    this.watch.observe(host)
    host.replaceChildren(el("div", { class: "head" }, this.title, this.where), this.people, this.bars, this.doubt, this.acts)
  }

  update(data) {
    this.data = data
    this.last = null
    this.spread()
  }

  /** Before anything is in it: what stood below each other first would jump. */
  spread() {
    const least = this.data?.readers.length > 1 ? BROAD_PX.two : BROAD_PX.one
    this.host.classList.toggle("broad", this.host.clientWidth >= least)
  }

  end() {
    this.watch.disconnect()
  }

  /** Show a face (or nobody) at a time, with the peak that covers it. */
  show(ms, faces, face, peak, playing) {
    const own = face ? this.data.own(face).map(([emotion, score]) => [emotion.name, score]) : []
    const key = JSON.stringify([clock(ms), own, face && [face.track, face.index, faces.length], peak && [peak.name, peak.state], playing])
    if (key === this.last) return
    this.last = key
    const { shots } = this.data
    const who = face && this.data.who(face.track, ms)
    this.where.textContent = [clock(ms), who || null, shots.name(ms)].filter(Boolean).join(" · ")
    this.faces(ms, faces, face)
    if (face) this.scores(face, peak, playing)
    else this.nobody(ms)
    this.reasons(peak)
    this.decide(peak)
  }

  nobody(ms) {
    this.title.textContent = "No face found"
    this.bars.replaceChildren(el("p", { class: "muted" }, `No face found at ${clock(ms)}.`))
  }

  faces(ms, faces, chosen) {
    const there = faces.filter((face) => face.track !== null).sort((a, b) => a.box[0] - b.box[0])
    this.people.hidden = there.length < 2
    if (there.length < 2) return
    this.people.replaceChildren(...there.map((face) => el("button", {
      type: "button",
      "aria-pressed": String(face === chosen),
      onclick: () => this.on.face(face.track),
    }, this.data.who(face.track, ms) || "?")))
  }

  headline(face) {
    const { look, readers } = this.data
    const tops = readers.filter(([name]) => face.readings[name]).map(([name, label]) => [label, look.emotions[topEmotion(face, name)[0]].quoted])
    if (!tops.length) return "This face was not read"
    if (tops.length === 1) return `${tops[0][0]} says ${tops[0][1]}`
    return tops.every(([, emotion]) => emotion === tops[0][1]) ? `Both readers say ${tops[0][1]}` : "The readers disagree"
  }

  scores(face, peak, playing) {
    const { look, readers, reader } = this.data
    const two = readers.filter(([name]) => face.readings[name]).slice(0, 2)
    this.title.textContent = this.headline(face)
    if (!two.length) return this.bars.replaceChildren()
    const first = face.readings[two[0][0]][0]
    if (!playing || !this.order.length) this.order = first.map((_, place) => place).sort((a, b) => first[b] - first[a])
    const heads = two.length === 2 ? [two[0][1], "", two[1][1]] : ["", two[0][1]]
    const rows = this.order.map((place) => this.row(look.emotions[place], two.map(([name]) => this.side(face.readings[name], place, peak && name === reader && peak.emotion === look.emotions[place].name))))
    this.bars.className = `bars ${two.length === 2 ? "mirrored" : "plain"}`
    const head = el("div", { class: "row names", role: "row" }, heads.map((word) => el("span", { role: "columnheader" }, word)))
    this.bars.replaceChildren(head, ...rows, ...this.own(face, two, peak))
  }

  /** A row below for each emotion of one's own that is chosen, on the side of the reader that it was taught on. */
  own(face, two, peak) {
    const at = Math.max(two.findIndex(([name]) => name === "builtin"), 0)
    return this.data.own(face).map(([emotion, score]) => {
      const row = this.row(emotion, two.map((_, place) => (place === at ? { score, spread: null, hollow: peak?.emotion === emotion.name } : null)))
      row.classList.add("own")
      row.title = emotion.quoted
      return row
    })
  }

  side([scores, spreads], place, hollow) {
    return { score: scores[place] / 1000, spread: spreads ? spreads[place] / 1000 : null, best: scores[place] === Math.max(...scores), hollow }
  }

  row(emotion, sides) {
    const word = el("span", { class: "emotion", role: "rowheader" }, sign(emotion), emotion.label)
    const cells = sides.map((side) => (side ? this.bar(emotion, side) : el("span", { role: "cell" })))
    const children = cells.length === 2 ? [cells[0], word, cells[1]] : [word, cells[0]]
    return el("div", { class: "row", role: "row" }, children)
  }

  bar(emotion, { score, spread, best, hollow }) {
    const bar = el("span", { class: hollow ? "fill hollow" : "fill" })
    bar.style.setProperty("--share", score)
    bar.style.setProperty("--colour", emotion.colour)
    const whisker = spread === null ? null : el("span", { class: "whisker" })
    if (whisker) {
      whisker.style.setProperty("--from", Math.max(score - spread, 0))
      whisker.style.setProperty("--to", Math.min(score + spread, 1))
    }
    const far = Math.min(score + (spread || 0), 1)
    const number = el("span", { class: best ? "number best" : "number" }, score.toFixed(2))
    number.style.setProperty("--far", far)
    const words = hollow ? "doubtful" : null
    return el("span", { class: "side", role: "cell", title: words }, bar, whisker, number)
  }

  reasons(peak) {
    const { look } = this.data
    if (!peak) return this.doubt.replaceChildren()
    const { quoted } = look.emotions.find((one) => one.name === peak.emotion)
    if (peak.state !== "open") {
      return this.doubt.replaceChildren(el("p", { class: "settled" }, `You ${peak.state} this ${quoted}.`))
    }
    const head = el("p", { class: "verdict" }, el("b", {}, peak.advice), el("span", { class: "muted" }, `doubt ${peak.doubt.toFixed(2)}`))
    const few = peak.reasons.map(([kind, text]) => el("li", {}, icon(kind, 18), el("span", {}, text)))
    this.doubt.replaceChildren(el("div", { class: peak.tier === "look twice" ? "doubted twice" : "doubted" }, head, el("ul", {}, few)))
  }

  decide(peak) {
    const { look, words, moves, can } = this.data
    const act = (how, icon_, label, key) => el("button", {
      type: "button", class: `act ${how}`, "aria-keyshortcuts": key, onclick: () => this.on.verdict(how, peak),
    }, icon(icon_, 18), label, el("kbd", {}, key))
    const acts = []
    if (peak && peak.state === "open") acts.push(act("drop", "flag", words.drop, "D"), act("keep", "check", words.keep, "K"))
    if (can.undo) acts.push(act("undo", "undo", words.undo, "U"))
    const moved = peak && moves[peak.name]
    const label = moved && look.emotions.find((one) => one.name === peak.emotion).label
    if (moved) acts.push(el("span", { class: "moved muted" }, `${label} ${moved[0]} → ${moved[1]}`))
    this.acts.replaceChildren(...acts)
  }
}
