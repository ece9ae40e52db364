/* What was taught, of every face: a byte each, hundredths of a score, in the order of moments and of faces in them. */

const UNKNOWN = 255
const SHOWN_FROM = 0.5

class Taught {
  constructor() {
    this.emotions = []
  }

  update(data) {
    const { look, taught } = data
    this.emotions = taught ? taught.names.map((name) => look.emotions.find((one) => one.name === name)) : []
    this.scores = taught ? taught.scores.map(bytes) : []
    let faces = 0
    this.first = taught ? Array.from(bytes(taught.faces), (count) => (faces += count) - count) : []
  }

  /** `[emotion, score]` of a face, of those that are `shown`; what is not known of it is left out. */
  of(face, shown) {
    const at = this.first[face.place] + face.index
    return this.emotions
      .map((emotion, place) => [emotion, this.scores[place][at]])
      .filter(([emotion, score]) => shown.has(emotion.name) && score !== undefined && score !== UNKNOWN)
      .map(([emotion, score]) => [emotion, score / 100])
  }
}

function bytes(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
}
