/* The site's own player in a frame over the stored pictures. Nothing of it is loaded before somebody asks for it. */

const REST_MS = 700 // whoever looks for a moment passes many: the frame goes to the one they stay at
const SANDBOX = "allow-scripts allow-same-origin allow-presentation" // it neither leaves its frame nor opens others

class Site {
  /** `on.now()` is the moment looked at; `on.changed()` hears that the frame has come or gone. */
  constructor(stage, row, on) {
    Object.assign(this, { stage, row, on, site: null, offered: false, frame: null })
    this.press = el("button", { type: "button", class: "act", onclick: () => (this.frame ? this.close() : this.load(on.now())) })
    this.words = el("span", { class: "muted" })
    row.append(this.press, this.words)
  }

  /** `site` is where the video is to be had, `offered` whether there is nothing better here. */
  told(site, offered) {
    Object.assign(this, { site, offered })
    if (this.frame && (!site || !offered)) this.close()
    this.draw()
  }

  draw() {
    const { site, frame, at } = this
    this.row.hidden = !site || !this.offered
    if (this.row.hidden) return
    const words = frame ? "Back to the stored frames" : `Play it at ${site.name}`
    this.press.replaceChildren(icon(frame ? "undo" : "play", 18), words)
    this.words.textContent = frame ? `Playing at ${site.name} from ${clock(at)}. Pick another moment, and it goes there.` : "The site will see your visit."
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
    Object.assign(this, { frame, at: ms })
    this.stage.append(frame)
    this.draw()
    this.on.changed()
  }

  /** The moment looked at is another one now. */
  go(ms) {
    clearTimeout(this.soon)
    if (this.frame && clock(ms) !== clock(this.at)) this.soon = setTimeout(() => this.load(ms), REST_MS)
  }

  close() {
    clearTimeout(this.soon)
    this.frame?.remove()
    this.frame = null
    this.draw()
    this.on.changed()
  }
}
