/* The player: one clock for picture, curves, boxes and readings. Streamlit hears of pauses, seeks, choices and verdicts. */

const SECOND_MS = 1000
const REPORT_AFTER_MS = 150
const TWICE_MS = 400
const ANSWER_WITHIN_MS = 10000
const STANDS = { open: "Doubtful.", dropped: "Dropped.", kept: "Kept." }
const SPEEDS = [0.25, 0.5, 1, 1.5, 2]

class Player {
  constructor(root) {
    this.root = root
    const find = (name) => root.querySelector(name)
    this.all = find(".player")
    this.parts = Object.fromEntries(["stage", "still", "film", "boxes", "bar", "keys", "site", "panel", "choices", "strip", "aloud"].map((name) => [name, find(`.${name}`)]))
    this.moments = new Moments(() => this.draw())
    this.taught = new Taught()
    this.boxes = new Boxes(this.parts.boxes, this.parts.stage)
    this.panel = new Panel(this.parts.panel, { face: (track) => this.pickFace(track), verdict: (how, peak) => this.decide(how, peak) })
    this.strip = new Strip(this.parts.strip, { seek: (ms) => this.go(ms), peak: (peak) => this.goPeak(peak), stretch: (from, to) => this.stretch(from, to) })
    this.site = new Site(this.parts.stage, this.parts.site, { now: () => this.now(), changed: () => this.onSite(), time: (ms) => this.draw(ms), leave: () => this.leave() })
    this.boxed = true
    this.seq = -1
    this.controls()
    this.watch = new ResizeObserver(() => this.draw())
    this.watch.observe(this.parts.stage)
    this.parts.stage.onclick = (event) => this.press(event)
    this.key = (event) => pressed(this, event)
    document.addEventListener("keydown", this.key)
  }

  update(component) {
    this.tellState = component.setStateValue
    this.trigger = component.setTriggerValue
    const { data } = component
    data.several = new Set(Object.values(data.people).flat().map(([, , name]) => name)).size > 1
    data.who = (track, ms) => (data.people[track] || []).find(([start, end]) => start <= ms && ms < end)?.[2] || ""
    data.shots = { name: (ms) => (data.cuts.length ? `shot ${countUpTo(data.cuts, ms) + 1} of ${data.cuts.length + 1}` : "shot 1 of 1") }
    this.data = data
    this.applyColours(data.look)
    this.moments.update(data)
    this.taught.update(data)
    data.own = (face) => this.taught.of(face, this.shown)
    this.boxes.update(data)
    this.all.style.setProperty("--wide", data.size[0] / data.size[1])
    this.all.style.setProperty("--curves", `${this.strip.heightOf(data)}px`)
    this.panel.update(data)
    this.acceptShown(data.chosen)
    this.chips()
    this.parts.stage.style.aspectRatio = `${data.size[0]} / ${data.size[1]}`
    this.strip.update(data, this.shown, this.moments.times)
    if (data.waits && !this.film) this.reportFirstPicture()
    if (!this.film) this.open()
    this.site.update(data.site, this.film instanceof VideoFilm)
    if (data.seek[0] !== this.seq) {
      const sent = this.seq >= 0 // by a row elsewhere on the page, not by opening it
      this.seq = data.seek[0]
      this.face = data.seek[2]
      this.go(data.seek[1], false)
      if (sent) this.comeIntoSight()
    }
    this.draw()
  }

  /** Whoever asked for a moment further down on the page sees it. */
  comeIntoSight() {
    const { top, bottom } = this.parts.stage.getBoundingClientRect()
    if (top < 0 || bottom > window.innerHeight) this.all.scrollIntoView({ block: "start" })
  }

  /** The page draws what is below once the picture is here: it would take the browser's time from it. */
  reportFirstPicture() {
    const say = () => this.trigger("stands", true)
    this.parts.film.addEventListener("loadeddata", say, { once: true })
    this.parts.still.addEventListener("load", say, { once: true })
  }

  /** Colours come with the data; nothing here names one. */
  applyColours(look) {
    const { style } = this.all
    for (const [name, value] of Object.entries(look.ground)) style.setProperty(`--${{ background: "ground", border: "line" }[name] || name}`, value)
    for (const [name, value] of Object.entries(look.on_picture)) style.setProperty(`--over-${name}`, value)
    this.all.dataset.theme = look.theme
  }

  open() {
    const { data, parts } = this
    if (VideoFilm.plays(parts.film, data.film)) {
      this.show("film")
      this.film = new VideoFilm(parts.film, data.film, this.filmEvents())
    } else this.showStills()
  }

  /** No browser plays this file: its stored frames take its place. */
  showStills() {
    const { data, parts } = this
    const at = this.film ? this.film.now() : data.seek[1]
    if (this.film) this.film.end()
    this.show("still")
    this.film = new StillFilm(parts.still, data.stills, this.moments.times, this.filmEvents())
    if (!data.stills && data.still) parts.still.src = data.still
    this.film.seek(at)
    this.site.update(data.site, false)
    this.controls()
  }

  filmEvents() {
    const on = {
      time: (ms) => this.frame(ms),
      state: () => this.changed(),
      ready: () => {
        this.controls()
        this.draw()
      },
      arrived: () => this.arrived(),
      failed: () => (this.film instanceof StillFilm ? null : this.showStills()),
    }
    return on
  }

  show(which) {
    this.parts.film.hidden = which !== "film"
    this.parts.still.hidden = which !== "still"
    this.all.dataset.film = which
  }

  /* ---- time ---- */

  now() {
    return clamp(this.site.ms ?? this.film.now(), 0, this.data.length_ms)
  }

  go(ms, by = true) {
    this.mine = by // before the seek: what it shows is said aloud
    this.film.seek(clamp(ms, 0, this.data.length_ms))
    this.leaveLoop(ms)
    this.site.go(ms)
    this.draw()
    if (by && !this.film.playing) this.reportPositionSoon()
  }

  goPeak(peak) {
    this.face = peak.track
    if (this.loop) this.loop = this.around(peak)
    this.go(peak.apex)
    if (this.loop) this.showLoop()
  }

  arrived() {
    this.draw()
    if (this.mine && !this.film.playing) this.reportPositionSoon()
  }

  toggle() {
    if (this.site.frame) this.leave()
    else if (this.film.playing) this.film.pause()
    else this.film.play()
  }

  changed() {
    this.controls()
    if (this.film.playing) this.tick()
    else if (this.started) this.reportPositionSoon()
    this.started = true
    this.draw()
  }

  /** While it plays, the playhead goes on at the display's rate and everything else with the film's frames. */
  tick() {
    cancelAnimationFrame(this.turn)
    const step = () => {
      if (!this.film.playing) return
      this.strip.at(this.now())
      this.turn = requestAnimationFrame(step)
    }
    this.turn = requestAnimationFrame(step)
  }

  frame(ms) {
    this.turnBack(ms)
    this.draw(ms)
  }

  peaks() {
    const { data } = this
    return data.peaks.filter((peak) => peak.state === "open")
  }

  /** The peak that a face has at a time; of several the reader's own, one that is open, and of these the worst. */
  peakAt(ms, track) {
    const here = this.data.peaks.filter((peak) => peak.track === track && peak.start <= ms && ms < peak.end)
    const decided = (peak) => peak.state !== "open"
    return here.sort((a, b) => Boolean(a.own) - Boolean(b.own) || decided(a) - decided(b) || b.doubt - a.doubt)[0] || null
  }

  /** The doubtful peak after or before the one that is looked at, round and round; several may share a moment. */
  neighbour(by) {
    const now = this.now()
    const open = this.peaks()
    const here = open.findIndex((peak) => peak.name === this.current?.name && Math.abs(peak.apex - now) < 1)
    if (here >= 0) return open[(here + by + open.length) % open.length]
    const next = by > 0 ? open.find((peak) => peak.apex > now) : open.filter((peak) => peak.apex < now).at(-1)
    return next || open.at(by > 0 ? 0 : -1)
  }

  /** The face whose numbers are shown: the one picked, the person's, a doubtful one, or the largest. */
  chosen(faces, ms) {
    const own = faces.find((face) => face.track === this.face && this.face !== null)
    if (own || !faces.length) return own || null
    const person = this.data.person
    const theirs = person && faces.find((face) => person.includes(face.track))
    const open = faces.filter((face) => this.peakAt(ms, face.track)?.state === "open")
    const doubted = open.sort((a, b) => this.peakAt(ms, b.track).doubt - this.peakAt(ms, a.track).doubt)[0]
    const largest = faces.reduce((best, face) => (face.box[3] - face.box[1] > best.box[3] - best.box[1] ? face : best))
    return theirs || doubted || largest
  }

  draw(at) {
    if (!this.data || !this.film) return
    const ms = at ?? this.now()
    const faces = this.moments.faces(ms)
    const face = this.chosen(faces, ms)
    const near = this.moments.times[this.moments.place(ms)]
    const doubted = (track) => {
      const peak = this.peakAt(near, track)
      return peak?.state === "open" && !peak.own ? peak : null // a box says what the reader says
    }
    if (this.boxed && !this.site.frame) this.boxes.draw(ms, faces, doubted, face && face.index)
    else this.boxes.clear()
    this.strip.at(ms)
    this.current = face && this.peakAt(near, face.track)
    const playing = this.film.playing || this.site.ms !== null
    this.panel.show(ms, faces, face, this.current, playing)
    this.time.textContent = clock(ms)
    this.all.dataset.at = Math.round(ms)
    if (playing) this.announce(face)
    else this.say(ms, faces)
  }

  /** What the picture shows, in words: for the slider, the picture and whoever listens. */
  say(ms, faces) {
    const { look, reader } = this.data
    const said = faces.map((face) => [face, topEmotion(face, reader)]).filter(([, of]) => of).map(([face, [place, score]]) => {
      const who = this.data.several ? this.data.who(face.track, ms) : ""
      return `${who ? `${who} ` : ""}${look.emotions[place].label} ${score.toFixed(2)}`
    })
    const words = `Frame at ${clock(ms)}: ${said.join(", ") || "no face found"}`
    const aloud = [words, STANDS[this.current?.state]].filter(Boolean).join(". ")
    if (aloud === this.said) return
    this.said = aloud
    this.strip.say(ms, words)
    this.parts.still.alt = words
    this.parts.film.setAttribute("aria-label", words)
    if (this.mine) this.parts.aloud.textContent = aloud
  }

  /* ---- what Streamlit hears ---- */

  reportPositionSoon() {
    clearTimeout(this.telling)
    this.telling = setTimeout(() => {
      if (this.film.playing) return
      const at = { t: Math.round(this.now()), face: this.face ?? null }
      if (JSON.stringify(at) === this.reportedAt) return
      this.reportedAt = JSON.stringify(at)
      this.tell("at", at)
    }, REPORT_AFTER_MS)
  }

  /** Every saying has a number of its own: the same one twice is news twice. */
  tell(name, said) {
    this.tellState(name, { ...said, n: Date.now() + Math.random() })
  }

  pickFace(track) {
    this.face = track
    this.mine = true
    this.draw()
    this.reportPositionSoon()
  }

  decide(how, peak = this.current) {
    if (how === "undo" ? !this.data.can.undo : !peak || peak.state !== "open") return
    this.film.pause()
    this.mine = true
    if (how !== "undo") this.face = peak.track
    this.trigger("verdict", { how, peak: peak ? peak.name : "", t: Math.round(this.now()), face: this.face ?? null })
  }

  /** A press turns an emotion on or off, two in a row show it alone; turning the last one off brings all back. */
  choose(name, when) {
    const alone = this.chose?.name === name && when - this.chose.when < TWICE_MS
    this.chose = { name: alone ? null : name, when }
    if (alone) this.shown = new Set([name])
    else if (this.shown.has(name)) this.shown.delete(name)
    else this.shown.add(name)
    if (!this.shown.size) this.data.look.emotions.forEach((one) => this.shown.add(one.name))
    this.chips()
    this.strip.update(this.data, this.shown, this.moments.times)
    const names = this.data.look.emotions.map((one) => one.name).filter((one) => this.shown.has(one))
    this.awaited = { names: names.join(), until: when + ANSWER_WITHIN_MS }
    this.draw()
    this.tell("show", { names })
  }

  /** Take over what the page says is shown, but for an answer to an earlier press: that one knows nothing of the last. */
  acceptShown(chosen) {
    const late = this.awaited && performance.now() < this.awaited.until && chosen.join() !== this.awaited.names
    if (late) return
    this.awaited = null
    this.shown = new Set(chosen)
  }

  press(event) {
    const box = this.parts.stage.getBoundingClientRect()
    const fits = fitPicture(box.width, box.height, this.data.size)
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    const hit = this.boxed && this.moments.faces(this.now()).find((face) =>
      fits.of(face.box[0], 0) <= x && x <= fits.of(face.box[2], 0) && fits.of(face.box[1], 1) <= y && y <= fits.of(face.box[3], 1))
    const chosen = this.chosen(this.moments.faces(this.now()), this.now())
    if (hit && hit.track !== null && hit.index !== chosen?.index) this.pickFace(hit.track)
    else this.toggle()
  }

  end() {
    document.removeEventListener("keydown", this.key)
    clearTimeout(this.telling)
    cancelAnimationFrame(this.turn)
    this.watch.disconnect()
    this.strip.end()
    this.panel.end()
    this.moments.end()
    this.site.end()
    this.film?.end()
  }
}

const players = new WeakMap()

export default function (component) {
  const root = component.parentElement
  if (!players.has(root)) players.set(root, new Player(root))
  const player = players.get(root)
  player.update(component)
  return () => {
    player.end()
    players.delete(root)
  }
}
