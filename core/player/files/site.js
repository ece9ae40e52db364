/* The site's own player in a frame over the stored pictures. Nothing of it is loaded before somebody asks for it. */

const REST_MS = 700 // whoever looks for a moment passes many: the frame goes to the one they stay at
const SANDBOX = "allow-scripts allow-same-origin allow-presentation" // it neither leaves its frame nor opens others

class Site {
  /** `on.now()` is the moment looked at; `on.changed()` hears that the frame has come, `on.time(ms)` where it is; `on.leave()` goes back. */
  constructor(stage, row, on) {
    Object.assign(this, { stage, row, on, site: null, here: false, frame: null, ms: null })
    this.press = el("button", { type: "button", class: "act", onclick: () => (this.frame ? on.leave() : this.load(on.now())) })
    this.words = el("span", { class: "muted" })
    row.append(this.press, this.words)
    this.heard = (event) => this.onMessage(event)
    window.addEventListener("message", this.heard)
  }

  /** `site` is where the video is found; `here` whether a file of it is, which often has no sound. */
  update(site, here) {
    Object.assign(this, { site, here })
    if (this.frame && !site) this.close()
    this.draw()
  }

  draw() {
    const { site, frame, at } = this
    this.row.hidden = !site
    if (this.row.hidden) return
    const words = frame ? (this.here ? "Back to the file here" : "Back to the stored frames") : `Play it at ${site.name}`
    this.press.replaceChildren(icon(frame ? "undo" : "play", 18), words)
    this.words.textContent = frame ? `Playing at ${site.name} from ${clock(at)}. Pick another moment, and it goes there.` : `${this.here ? "With its sound. " : ""}The site will see your visit.`
  }

  /** Show the site's player from a moment on; it is a new frame each time, for some sites look at their address once. */
  load(ms) {
    const { site } = this
    clearTimeout(this.soon)
    const second = site.whole ? Math.floor(ms / 1000) : (Math.floor(ms / 100) / 10).toFixed(1)
    const frame = el("iframe", {
      class: "site-frame", title: `The video at ${site.name}, from ${clock(ms)}`, sandbox: SANDBOX, referrerpolicy: site.referrer,
      allow: "autoplay; encrypted-media; fullscreen; picture-in-picture", allowfullscreen: true, src: `${site.before}${second}${site.after}`,
    })
    this.frame?.remove()
    frame.onload = () => this.askForTime()
    Object.assign(this, { frame, at: ms, ms: null, waiting: false })
    this.stage.append(frame)
    this.draw()
    this.on.changed()
  }

  /** The moment looked at is another one now. */
  go(ms) {
    clearTimeout(this.soon)
    if (!this.frame || clock(ms) === clock(this.ms ?? this.at)) return
    Object.assign(this, { ms: null, waiting: true })
    this.soon = setTimeout(() => this.load(ms), REST_MS)
  }

  close() {
    clearTimeout(this.soon)
    this.frame?.remove()
    Object.assign(this, { frame: null, ms: null })
    this.draw()
    this.on.changed()
  }

  /** Ask the frame to say where it is; whoever does not understand that stays silent, and the curves stay where they are. */
  askForTime() {
    const ask = GREETINGS[this.site.speaks]
    if (ask) this.frame?.contentWindow.postMessage(JSON.stringify(ask), new URL(this.frame.src).origin)
  }

  /** Only the frame itself is heard, and of what it says only a time. */
  onMessage(event) {
    const { frame, site } = this
    if (!frame || this.waiting || event.source !== frame.contentWindow || event.origin !== new URL(frame.src).origin) return
    const told = parseMessage(event.data)
    if (site.speaks === "vimeo" && told.event === "ready") this.askForTime()
    const seconds = site.speaks === "youtube" ? told.info?.currentTime : site.speaks === "vimeo" ? told.data?.seconds : null
    if (!Number.isFinite(seconds) || seconds < 0) return
    this.ms = Math.round(seconds * 1000)
    this.on.time(this.ms)
  }

  end() {
    this.close()
    window.removeEventListener("message", this.heard)
  }
}

const GREETINGS = {
  youtube: { event: "listening", id: 1, channel: "widget" },
  vimeo: { method: "addEventListener", value: "timeupdate" },
}

function parseMessage(said) {
  try {
    return (typeof said === "string" ? JSON.parse(said) : said) || {}
  } catch {
    return {}
  }
}
