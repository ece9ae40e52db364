/* What one comes to use: slower and faster, a peak over and over, the whole screen, emotions said aloud as they change. */

const AROUND_MS = 600
const ALONE_MS = 1000
const ANNOUNCE_EVERY_MS = 2500

const EXPLAINED = [
  ["play", "space"], ["a second", "←", "→"], ["a moment", "shift ←", "→"], ["a frame", ",", "."], ["doubtful peak", "N", "P"],
  ["drop, keep, undo", "D", "K", "U"], ["slower, faster", "<", ">"], ["over and over", "L"], ["a stretch over and over", "shift, drag over the curves"],
  ["boxes", "B"], ["mute", "M"], ["full screen", "F"], ["these keys", "?"],
]

Object.assign(Player.prototype, {
  /** The next slower or faster of the speeds. */
  changeSpeed(by) {
    const { speed } = this.buttons
    const next = SPEEDS[clamp(SPEEDS.indexOf(Number(speed.value)) + by, 0, SPEEDS.length - 1)]
    speed.value = String(next)
    this.film.speed = next
    this.parts.aloud.textContent = `Speed ${next}×`
  },

  /** Play what is looked at over and over: the peak with a little around it, else a second to either side. */
  toggleLoop() {
    this.loop = this.loop ? null : this.around(this.current)
    if (this.loop && this.current) this.face = this.current.track
    this.showLoop()
    if (this.loop && !this.film.playing) this.film.play()
  },

  /** Play a stretch over and over that somebody drew over the curves. */
  stretch(from, to) {
    this.loop = { from, to: Math.min(to, this.data.length_ms - 100) }
    this.showLoop()
    this.go(from)
    if (!this.film.playing) this.film.play()
  },

  around(peak) {
    const now = this.now()
    const [from, to] = peak ? [peak.start - AROUND_MS, peak.end + AROUND_MS] : [now - ALONE_MS, now + ALONE_MS]
    return { from: Math.max(from, 0), to: Math.min(to, this.data.length_ms - 100) }
  },

  showLoop() {
    setAttributes(this.buttons.loop, { "aria-pressed": String(Boolean(this.loop)) })
    this.strip.mark(this.loop)
  },

  /** Turn back at the loop's end; whoever goes elsewhere has left it. */
  turnBack(ms) {
    if (this.loop && this.film.playing && ms >= this.loop.to) this.film.seek(this.loop.from)
  },

  leaveLoop(ms) {
    if (!this.loop || (this.loop.from <= ms && ms <= this.loop.to)) return
    this.loop = null
    this.showLoop()
  },

  /** One of the two plays, not both. */
  onSite() {
    if (this.site.frame && this.film.playing) this.film.pause()
    this.draw()
  },

  /** Back from the site's player, to where that was. */
  leave() {
    const at = this.now()
    this.site.close()
    this.go(at)
  },

  /** Show or hide what every key does. */
  toggleKeys() {
    const { keys } = this.parts
    if (!keys.firstChild) {
      keys.append(...EXPLAINED.map(([act, ...names]) => el("span", {}, names.map((name) => el("kbd", {}, name)), act)))
    }
    keys.hidden = !keys.hidden
    setAttributes(this.buttons.keys, { "aria-expanded": String(!keys.hidden) })
  },

  toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen()
    else this.parts.stage.requestFullscreen?.().catch(() => null)
  },

  /** While it plays, whoever listens hears the emotion whenever another one is on top, not more often than one can. */
  announce(face) {
    const said = face && topEmotion(face, this.data.reader)
    const word = said ? this.data.look.emotions[said[0]].label : "no face found"
    const now = performance.now()
    if (word === this.announced?.word || now - (this.announced?.when ?? 0) < ANNOUNCE_EVERY_MS) return
    this.announced = { word, when: now }
    this.parts.aloud.textContent = word
  },
})
