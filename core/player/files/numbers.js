/* Times, places in sorted lists and geometry: nothing here touches the page, so that `node --test` can try it alone. */

/** Distances between ticks that read well on a clock, s. */
const TICKS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600]

/** Moments further apart than this, ms, are not joined: between them nobody looked. */
const JOINED_MS = 1100

/** The first pause after a request that failed, ms; each next one is twice as long, up to the longest. */
const RETRY_MS = 2000
const LONGEST_RETRY_MS = 60000

/**
 * 62500 → "1:02.5", rounded as settings.clock rounds: to the nearest tenth, or down to the second without tenths.
 * @param {number} ms
 * @param {boolean} [tenths]
 * @returns {string}
 */
function clock(ms, tenths = true) {
  const known = Math.max(ms, 0)
  const parts = tenths ? Math.floor((known + 50) / 100) : Math.floor(known / 1000) * 10
  const [hours, minutes, rest] = [Math.floor(parts / 36000), Math.floor(parts / 600) % 60, parts % 600]
  const seconds = String(Math.floor(rest / 10)).padStart(2, "0") + (tenths ? `.${rest % 10}` : "")
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`
}

/**
 * The times on the axis and whether they need tenths: at most about `most`, on round seconds and minutes.
 * @param {number} first ms
 * @param {number} last ms
 * @param {number} most
 * @returns {{times: number[], tenths: boolean}} times in ms
 */
function ticks(first, last, most) {
  const step = 1000 * (TICKS_S.find((one) => (last - first) / 1000 / one <= most) ?? TICKS_S[TICKS_S.length - 1])
  const times = []
  for (let tick = Math.ceil(first / step); tick * step <= last; tick++) times.push(Math.round(tick * step))
  return { times, tenths: step < 1000 }
}

/**
 * How many of the rising numbers are at most `value`.
 * @param {number[]} numbers
 * @param {number} value
 * @returns {number}
 */
function countUpTo(numbers, value) {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle] <= value) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The place of the moment nearest to `ms`, the earlier one of two.
 * @param {number[]} times rising
 * @param {number} ms
 * @returns {number}
 */
function nearest(times, ms) {
  const after = countUpTo(times, ms)
  if (after === 0) return 0
  if (after === times.length) return times.length - 1
  return times[after] - ms < ms - times[after - 1] ? after : after - 1
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 * @returns {number}
 */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high)
}

/**
 * Places near those wanted, in the same order, at least `least` apart, between low and high.
 * @param {number[]} wanted
 * @param {number} least
 * @param {number} low
 * @param {number} high
 * @returns {number[]}
 */
function spaceOut(wanted, least, low, high) {
  const order = wanted.map((_, place) => place).sort((a, b) => wanted[a] - wanted[b])
  const placed = [...wanted]
  order.forEach((place, rank) => {
    const floor = rank ? placed[order[rank - 1]] + least : low
    placed[place] = Math.max(placed[place], floor)
  })
  let roof = high
  for (const place of [...order].reverse()) {
    placed[place] = Math.min(placed[place], roof)
    roof = placed[place] - least
  }
  return placed
}

/**
 * Where a picture of `size` px lies in a stage that shows it whole: `of(px, 0 across | 1 down)`.
 * @param {number} width
 * @param {number} height
 * @param {[number, number]} size
 */
function fitPicture(width, height, size) {
  const scale = Math.min(width / size[0], height / size[1])
  const rest = [(width - size[0] * scale) / 2, (height - size[1] * scale) / 2]
  return { width, height, scale, of: (/** @type {number} */ px, /** @type {number} */ side) => rest[side] + px * scale }
}

/**
 * The height of a line at a time, 0–1, between its points; null where it does not run.
 * @param {number[][]} runs each [t_ms, thousandths, t_ms, thousandths, …]
 * @param {number} ms
 * @returns {number | null}
 */
function scoreAt(runs, ms) {
  const run = runs.find((one) => one[0] <= ms && ms <= one[one.length - 2])
  if (!run) return null
  let place = 0
  let high = run.length / 2 - 1
  while (place < high) {
    const middle = (place + high + 1) >> 1
    if (run[2 * middle] <= ms) place = middle
    else high = middle - 1
  }
  const [t, score, then, later] = run.slice(2 * place, 2 * place + 4)
  if (then === undefined) return score / 1000
  return (score + ((later - score) * (ms - t)) / (then - t)) / 1000
}

/**
 * A face's box at a time: on its way from the moment before to the one after, where both have it in one shot.
 * @param {any[]} face [track, left, top, right, bottom, …]
 * @param {any[] | null} from [t_ms, shot, faces]
 * @param {any[] | null} to
 * @param {number} ms
 * @returns {number[]} px of the source
 */
function boxBetween(face, from, to, ms) {
  const box = face.slice(1, 5)
  if (!from || !to || from[1] !== to[1] || to[0] - from[0] > JOINED_MS) return box
  const [a, b] = [from, to].map((moment) => moment[2].find((/** @type {any[]} */ other) => other[0] === face[0]))
  if (face[0] === null || !a || !b) return box
  const share = clamp((ms - from[0]) / (to[0] - from[0]), 0, 1)
  return box.map((_, edge) => a[edge + 1] + share * (b[edge + 1] - a[edge + 1]))
}

/**
 * How long to wait before a request is made again, ms.
 * @param {number} failures so far
 * @param {string | null} [asked] what the server's Retry-After says, s
 * @returns {number}
 */
function retryPause(failures, asked = null) {
  const seconds = Number(asked)
  if (asked !== null && seconds > 0) return Math.min(1000 * seconds, LONGEST_RETRY_MS)
  return Math.min(RETRY_MS * 2 ** Math.max(failures - 1, 0), LONGEST_RETRY_MS)
}
