/* What moves: the video itself, or the stored frames in its place. Both tell `on.time(ms)` whenever the picture changes. */

const SOON_MS = 1 // a time in whole ms may lie just before its frame's own, so a seek aims a little behind it

const NEAR_END_S = 0.2 // so near to its end a film begins anew, as one that has ended does

const BUSY = 503 // HTTP: another program holds the database just now
const MOST_FAILURES = 6

class VideoFilm {
  constructor(video, film, on) {
    Object.assign(this, { video, film, on, offset: null, wanted: null, aim: null, shown: null, failures: 0 })
    this.frame_ms = 1000 / (film.fps || 25)
    video.onerror = () => this.failed()
    video.onloadedmetadata = () => (video.videoWidth ? null : on.failed()) // sound alone could be decoded
    video.onloadeddata = () => setTimeout(() => this.begin(0), 400)
    video.onplay = video.onpause = () => this.changed()
    video.onseeked = () => this.arrived()
    video.src = new URL(film.url, document.baseURI).href
    this.watch()
  }

  static plays(video, film) {
    return Boolean(film && video.canPlayType(film.type))
  }

  /** A server that is busy for a moment is asked again; what no browser plays, or is gone, has its stored frames instead. */
  async failed() {
    const { src } = this.video
    const answer = await fetch(src, { headers: { Range: "bytes=0-0" } }).catch(() => null)
    if (this.ended) return
    this.failures += 1
    if (answer?.status !== BUSY || this.failures > MOST_FAILURES) return this.on.failed()
    const again = () => !this.ended && (this.video.src = src)
    setTimeout(again, retryPause(this.failures, answer.headers.get("Retry-After")))
  }

  /** The first frame says where the picture begins in the file; times count from there. */
  begin(first_s) {
    if (this.offset !== null || !this.video.src) return
    this.offset = first_s
    if (this.wanted !== null) this.jump()
    this.on.ready()
  }

  watch() {
    const video = this.video
    if (!video.requestVideoFrameCallback) return
    const seen = (now, frame) => {
      if (this.ended) return
      if (this.offset === null) this.begin(frame.mediaTime < 5 ? frame.mediaTime : 0)
      this.shown = { ms: this.fromFilm(frame.mediaTime), when: frame.expectedDisplayTime }
      if (this.playing && !video.seeking && this.wanted === this.aim) this.wanted = null // it is there, and goes on
      if (this.playing) this.on.time(this.now())
      video.requestVideoFrameCallback(seen)
    }
    video.requestVideoFrameCallback(seen)
  }

  fromFilm(seconds) {
    return Math.round((seconds - (this.offset || 0)) * 1000)
  }

  /** The moment of the picture on the screen; between two frames as far as the film has gone since, never a frame more. */
  now() {
    if (this.wanted !== null) return this.wanted
    if (!this.shown) return this.fromFilm(this.video.currentTime)
    if (!this.playing) return this.shown.ms
    const since = (performance.now() - this.shown.when) * this.video.playbackRate
    return this.shown.ms + clamp(since, 0, this.frame_ms)
  }

  get playing() {
    return !this.video.paused && !this.video.ended
  }

  seek(ms) {
    this.wanted = ms
    if (this.offset !== null && !this.video.seeking) this.jump()
    this.on.time(ms)
  }

  jump() {
    this.aim = this.wanted
    this.video.currentTime = this.offset + (this.aim + SOON_MS) / 1000
  }

  arrived() {
    if (this.wanted !== null && this.wanted !== this.aim) return this.jump() // one went on while it was under way
    this.shown = this.wanted === null ? this.shown : { ms: this.wanted, when: performance.now() }
    this.wanted = null
    this.on.arrived()
  }

  play() {
    const { video } = this
    if (video.duration - video.currentTime < NEAR_END_S) this.seek(0) // there is nothing left to play
    video.play().catch(() => this.changed())
  }

  pause() {
    this.video.pause()
  }

  changed() {
    this.on.state()
  }

  set speed(rate) {
    this.video.playbackRate = rate
  }

  set muted(quiet) {
    this.video.muted = quiet
  }

  frameOn(ms, by) {
    return ms + by * this.frame_ms
  }

  end() {
    this.ended = true
    this.video.onerror = this.video.onloadeddata = this.video.onpause = this.video.onseeked = null
    this.video.pause()
    this.video.removeAttribute("src")
    this.video.load()
  }
}

class StillFilm {
  constructor(image, stills, times, on) {
    Object.assign(this, { image, stills, times, on, at: times[0] || 0, playing: false, speed: 1, muted: true })
    queueMicrotask(() => on.ready())
  }

  place(ms) {
    return nearest(this.times, ms)
  }

  now() {
    return this.at
  }

  seek(ms) {
    this.at = this.playing ? ms : this.times[this.place(ms)]
    this.from = { ms, when: performance.now() }
    this.show()
    this.on.time(this.at)
    this.on.arrived()
  }

  show() {
    const place = this.place(this.at)
    if (!this.stills || place === this.drawn) return
    this.drawn = place
    this.image.src = this.address(place)
    for (let next = place + 1; next <= Math.min(place + 4, this.times.length - 1); next++) {
      new Image().src = this.address(next)
    }
  }

  address(place) {
    return new URL(`${this.stills}${this.times[place]}`, document.baseURI).href
  }

  play() {
    const last = this.times[this.times.length - 1]
    if (this.at >= last) this.at = this.times[0]
    this.from = { ms: this.at, when: performance.now() }
    this.playing = true
    this.on.state()
    const step = () => {
      if (!this.playing) return
      this.at = Math.min(this.from.ms + (performance.now() - this.from.when) * this.speed, last)
      this.show()
      this.on.time(this.at)
      if (this.at >= last) this.pause()
      else requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  }

  pause() {
    this.playing = false
    this.at = this.times[this.place(this.at)]
    this.on.time(this.at)
    this.on.state()
  }

  frameOn(ms, by) {
    return this.times[clamp(this.place(ms) + by, 0, this.times.length - 1)]
  }

  end() {
    this.playing = false
  }
}
