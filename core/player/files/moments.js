/* Who is where and what the readers say, fetched a window at a time as it is needed. */

class Moments {
  constructor(on) {
    Object.assign(this, { on, windows: new Map(), times: [], base: null, failures: 0 })
  }

  update(data) {
    if (this.base !== data.windows.url) this.windows.clear()
    Object.assign(this, { base: data.windows.url, size: data.windows.size, step_ms: data.step_ms })
    let t = 0
    this.times = data.times.map((step) => (t += step))
    this.own = data.moment
  }

  place(ms) {
    return nearest(this.times, ms)
  }

  /** The stored moment at a place: `[t_ms, shot, faces]`; null while it is on its way. */
  at(place) {
    if (this.own && this.own[0] === this.times[place]) return this.own
    const window = Math.floor(place / this.size)
    const known = this.windows.get(window)
    if (known === undefined) this.fetch(window)
    return known ? known[place - window * this.size] || null : null
  }

  /** Fetch a window; one that does not come is asked for again after a pause, for as long as somebody looks. */
  async fetch(window) {
    if (!this.base) return
    const base = this.base
    this.windows.set(window, null)
    const answer = await fetch(new URL(`${base}${window}`, document.baseURI)).catch(() => null)
    const readings = answer?.ok ? await answer.json().catch(() => null) : null
    if (base !== this.base) return
    if (readings) {
      this.windows.set(window, readings)
      this.failures = 0
      this.on()
    } else {
      this.failures += 1
      const again = () => base === this.base && this.windows.delete(window) && this.on()
      this.retry = setTimeout(again, retryPause(this.failures, answer?.headers.get("Retry-After")))
    }
  }

  end() {
    clearTimeout(this.retry)
    this.base = null
  }

  /** The faces at a time: those of the nearest moment, each box on its way from one moment to the next. */
  faces(ms) {
    if (!this.times.length) return []
    const place = this.place(ms)
    const near = this.at(place)
    if (!near || Math.abs(near[0] - ms) > Math.max(this.step_ms, 100)) return []
    const after = countUpTo(this.times, ms)
    const [from, to] = [after > 0 ? this.at(after - 1) : null, after < this.times.length ? this.at(after) : null]
    return near[2].map((face, index) => ({ ...named(face), place, index, box: boxBetween(face, from, to, ms) }))
  }
}

function named(face) {
  const [track, left, top, right, bottom, confidence, readings] = face
  return { track, box: [left, top, right, bottom], confidence, readings }
}

/** The emotion that a reader says most: `[place among the emotions, score 0–1]`; null where it did not read. */
function top(face, reader) {
  const said = face.readings[reader]
  if (!said) return null
  const best = Math.max(...said[0])
  return [said[0].indexOf(best), best / 1000]
}
