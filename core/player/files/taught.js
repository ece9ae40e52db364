/* What was taught, of every face: a byte each, hundredths of a score, in the order of moments and of faces in them. */

const UNKNOWN = 255
const SHOWN_FROM = 0.5

/**
 * @typedef {{name: string}} Emotion
 * @typedef {{look: {emotions: Emotion[]}, taught: {names: string[], scores: string[], faces: string} | null}} TaughtData
 */

class Taught {
  constructor() {
    /** @type {(Emotion | undefined)[]} */
    this.emotions = []
    /** @type {Uint8Array[]} */
    this.scores = []
    /** @type {number[]} */
    this.first = []
  }

  /** @param {TaughtData} data */
  update(data) {
    const { look, taught } = data
    this.emotions = taught ? taught.names.map((name) => look.emotions.find((one) => one.name === name)) : []
    this.scores = taught ? taught.scores.map(bytes) : []
    let faces = 0
    this.first = taught ? Array.from(bytes(taught.faces), (count) => (faces += count) - count) : []
  }

  /**
   * `[emotion, score]` of a face, of those that are `shown`; what is not known of it is left out.
   * @param {{place: number, index: number}} face
   * @param {Set<string>} shown names
   */
  of(face, shown) {
    const at = this.first[face.place] + face.index
    /** @type {[Emotion, number][]} */
    const known = []
    this.emotions.forEach((emotion, place) => {
      const score = this.scores[place][at]
      if (emotion && shown.has(emotion.name) && score !== undefined && score !== UNKNOWN) known.push([emotion, score / 100])
    })
    return known
  }
}

/** @param {string} text */
function bytes(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
}
