/* Buttons under the picture, chips above the curves, and the keys that do the same. */

const NEAR_MS = 5 // stepping by frames rounds: so near to a moment one is on it

Object.assign(Player.prototype, {
  controls() {
    const { bar } = this.parts
    const playing = Boolean(this.film?.playing)
    if (!this.buttons) this.build(bar)
    const { play, mute } = this.buttons
    play.replaceChildren(icon(playing ? "pause" : "play", 24))
    setAttributes(play, { "aria-label": playing ? "Pause" : "Play" })
    mute.hidden = !(this.film instanceof VideoFilm)
  },

  build(bar) {
    const button = (name, label, key, act) => el("button", { type: "button", class: "round", "aria-label": label, "aria-keyshortcuts": key, title: `${label} (${key})`, onclick: act }, icon(name, 24))
    const play = button("play", "Play", "Space", () => this.toggle())
    const earlier = button("earlier", "Earlier", "Shift+ArrowLeft", () => this.step(-1))
    const later = button("later", "Later", "Shift+ArrowRight", () => this.step(1))
    const loop = button("loop", "Over and over", "L", () => this.toggleLoop())
    const wide = button("wide", "Full screen", "F", () => this.toggleFullScreen())
    const keys = button("keys", "Keys", "?", () => this.toggleKeys())
    setAttributes(loop, { "aria-pressed": "false" })
    const boxed = el("input", { type: "checkbox", checked: true, onchange: () => this.box(boxed.checked) })
    const speed = el("select", { "aria-label": "Speed", title: "Speed (< >)", onchange: () => (this.film.speed = Number(speed.value)) },
      SPEEDS.map((rate) => el("option", { value: rate, selected: rate === 1 }, `${rate}×`)))
    const mute = button("sound", "Mute", "M", () => this.toggleMute())
    this.buttons = { play, earlier, later, boxed, speed, mute, loop, keys }
    this.time = el("b", {}, clock(0))
    this.length = el("span", { class: "muted" })
    const hint = (...words) => el("span", {}, words.map((word, place) => (place < words.length - 1 ? el("kbd", {}, word) : word)))
    const hints = el("span", { class: "hints", "aria-hidden": "true" }, hint("space", "play"), hint("N", "P", "doubtful peak"), hint(",", ".", "frame"))
    bar.replaceChildren(earlier, play, later, el("span", { class: "time" }, this.time, this.length), el("span", { class: "stretch" }),
      el("label", {}, boxed, "boxes"), loop, speed, mute, wide, keys, hints)
  },

  box(on) {
    this.boxed = on
    this.buttons.boxed.checked = on
    this.draw()
  },

  toggleMute() {
    const { film } = this.parts
    film.muted = !film.muted
    this.buttons.mute.replaceChildren(icon(film.muted ? "mute" : "sound", 24))
    setAttributes(this.buttons.mute, { "aria-label": film.muted ? "Sound on" : "Mute" })
  },

  /** One stored moment earlier or later. */
  step(by) {
    this.film.pause()
    const { times } = this.moments
    const now = this.now()
    const place = by > 0 ? countUpTo(times, now + NEAR_MS) : countUpTo(times, now - NEAR_MS) - 1
    if (times[place] !== undefined) this.go(times[place])
  },

  frames(by) {
    this.film.pause()
    this.go(Math.round(this.film.frameOn(this.now(), by)))
  },

  chips() {
    const { look, words, smoothed } = this.data
    const key = JSON.stringify([look.emotions, words, smoothed, this.data.length_ms, [...this.shown].sort()])
    if (key === this.chipped) return // a button that is replaced while it is held down is never pressed
    this.chipped = key
    this.length.textContent = ` / ${clock(this.data.length_ms)}`
    const chips = look.emotions.map((one) => el("button", {
      type: "button", class: "chip", "aria-pressed": String(this.shown.has(one.name)), title: "Twice: this one alone", onclick: () => this.choose(one.name, performance.now()),
    }, chipLine(one), one.full || one.label))
    const either = [[false, words.raw], [true, words.smoothed]].map(([on, label]) => el("button", {
      type: "button", "aria-pressed": String(on === smoothed), onclick: () => this.tell("smoothed", { on }),
    }, label))
    const focused = [...this.parts.choices.querySelectorAll("button")].indexOf(this.root.activeElement)
    this.parts.choices.replaceChildren(el("div", { class: "chips", role: "group", "aria-label": "Emotions" }, chips),
      el("span", { class: "stretch" }), el("div", { class: "either", role: "group", "aria-label": "Curves" }, either))
    this.parts.choices.querySelectorAll("button")[focused]?.focus()
  },
})

function chipLine(emotion) {
  const dash = emotion.dash[1] ? emotion.dash.join(" ") : null
  return svg("svg", { class: "line", viewBox: "0 0 30 12", width: 30, height: 12, "aria-hidden": "true" },
    svg("line", { x1: 1, x2: 29, y1: 6, y2: 6, stroke: emotion.colour, "stroke-width": emotion.width, "stroke-dasharray": dash }),
    svg("g", { transform: "translate(15,6)" }, mark(emotion, 4)))
}

/** What a key does: the name of the key → an act on the player. */
const KEYS = {
  " ": (player) => player.toggle(),
  ArrowLeft: (player, event) => (event.shiftKey ? player.step(-1) : player.go(player.now() - SECOND_MS)),
  ArrowRight: (player, event) => (event.shiftKey ? player.step(1) : player.go(player.now() + SECOND_MS)),
  ",": (player) => player.frames(-1),
  ".": (player) => player.frames(1),
  n: (player) => player.neighbour(1) && player.goPeak(player.neighbour(1)),
  p: (player) => player.neighbour(-1) && player.goPeak(player.neighbour(-1)),
  d: (player) => player.decide("drop"),
  k: (player) => player.decide("keep"),
  u: (player) => player.decide("undo"),
  b: (player) => player.box(!player.boxed),
  m: (player) => player.toggleMute(),
  l: (player) => player.toggleLoop(),
  f: (player) => player.toggleFullScreen(),
  "?": (player) => player.toggleKeys(),
  "<": (player) => player.changeSpeed(-1),
  ">": (player) => player.changeSpeed(1),
}

const TYPED = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], [role=textbox], [role=combobox], [role=listbox], [role=dialog], [role=radiogroup], [role=tablist]"
const PRESSED = "button, a, summary, input, select, [role=button], [role=option], [role=menuitem], [role=tab], [role=radio]"

/** Keys belong to the player unless somebody is typing, choosing or pressing something else with them. */
function pressed(player, event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (!KEYS[key] || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !player.data) return
  const target = event.composedPath()[0]
  const inside = event.composedPath().includes(player.root)
  const typing = target.closest?.(TYPED)
  if (typing && !(inside && typing.matches("[role=radiogroup]"))) return
  if (key === " " && target.closest?.(PRESSED)) return
  if (key.startsWith("Arrow") && !inside && target.closest?.(PRESSED)) return
  event.preventDefault()
  KEYS[key](player, event)
}
