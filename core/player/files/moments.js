/* Who is where and what the readers say, fetched a window at a time as it is needed. */

/**
 * As it is stored: `[track, left, top, right, bottom, confidence, readings]`, each reading its scores in thousandths first.
 * @typedef {[number, number, number, number, number, number, Record<string, [number[], ...unknown[]]>]} StoredFace
 * @typedef {[number, number, StoredFace[]]} StoredMoment `[t_ms, shot, faces]`
 * @typedef {{track: number, box: number[], confidence: number, readings: StoredFace[6]}} NamedFace
 * @typedef {{windows: {url: string, size: number}, step_ms: number, times: number[], moment: StoredMoment | null}} MomentsData
 */

class Moments {
  /** @param {() => void} on called when readings have come */
  constructor(on) {
    this.on = on
    /** @type {Map<number, StoredMoment[] | null>} */
    this.windows = new Map()
    /** @type {number[]} */
    this.times = []
    /** @type {string | null} */
    this.base = null
    /** @type {StoredMoment | null} */
    this.own = null
    this.size = this.step_ms = 1
    this.failures = 0
  }

  /** @param {MomentsData} data */
  update(data) {
    if (this.base !== data.windows.url) this.windows.clear()
    Object.assign(this, { base: data.windows.url, size: data.windows.size, step_ms: data.step_ms })
    let t = 0
    this.times = data.times.map((step) => (t += step))
    this.own = data.moment
  }

  /** @param {number} ms */
  place(ms) {
    return nearest(this.times, ms)
  }

  /**
   * The stored moment at a place; null while it is on its way.
   * @param {number} place
   */
  at(place) {
    if (this.own && this.own[0] === this.times[place]) return this.own
    const window = Math.floor(place / this.size)
    const known = this.windows.get(window)
    if (known === undefined) this.fetch(window)
    return known ? known[place - window * this.size] || null : null
  }

  /**
   * Fetch a window; one that does not come is asked for again after a pause, for as long as somebody looks.
   * @param {number} window
   */
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

  /**
   * The faces at a time: those of the nearest moment, each box on its way from one moment to the next.
   * @param {number} ms
   */
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

/**
 * @param {StoredFace} face
 * @returns {NamedFace}
 */
function named(face) {
  const [track, left, top, right, bottom, confidence, readings] = face
  return { track, box: [left, top, right, bottom], confidence, readings }
}

/**
 * The emotion that a reader says most: `[place among the emotions, score 0–1]`; null where it did not read.
 * @param {NamedFace} face
 * @param {string} reader
 */
function topEmotion(face, reader) {
  const said = face.readings[reader]
  if (!said) return null
  const best = Math.max(...said[0])
  return [said[0].indexOf(best), best / 1000]
}
