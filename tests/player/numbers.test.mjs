import assert from "node:assert/strict"
import test from "node:test"

import { cases, load } from "./scripts.mjs"

const js = await load(
  ["numbers", "taught"],
  ["TICKS_S", "SHOWN_FROM", "UNKNOWN", "clock", "ticks", "countUpTo", "nearest", "spaceOut", "fitPicture", "scoreAt", "boxBetween", "retryPause"],
)

test("a moment is written as the pages write it", () => {
  for (const { ms, tenths, seconds } of cases.clock) {
    assert.equal(js.clock(ms), tenths, `${ms} ms`)
    assert.equal(js.clock(ms, false), seconds, `${ms} ms`)
  }
  assert.equal(js.clock(-20), "0:00.0")
  assert.equal(js.clock(449.9), "0:00.4")
})

test("the axis has the ticks that charts have", () => {
  assert.deepEqual(js.TICKS_S, cases.ticks_s)
  for (const { start_s, end_s, most, times_s, count } of cases.ticks) {
    const { times, tenths } = js.ticks(1000 * start_s, 1000 * end_s, most)
    if (times_s) assert.deepEqual(times, times_s.map((s) => Math.round(1000 * s)))
    assert.equal(times.length, count ?? times_s.length)
    assert.equal(tenths, times.some((ms) => ms % 1000))
  }
})

test("emotions of one's own are shown from the score that tables count from", () => {
  assert.equal(js.SHOWN_FROM, cases.own_shown_from)
  assert.equal(js.UNKNOWN, cases.own_unknown)
})

test("a place in rising times is found, and of two as near the earlier one", () => {
  const times = [0, 200, 400, 1000]
  assert.deepEqual([-1, 0, 199, 200, 1000, 2000].map((ms) => js.countUpTo(times, ms)), [0, 1, 1, 2, 4, 4])
  assert.deepEqual([-50, 99, 100, 101, 700, 701, 5000].map((ms) => js.nearest(times, ms)), [0, 0, 0, 1, 2, 3, 3])
})

test("labels keep their order and their distance, inside the strip", () => {
  const placed = js.spaceOut([100, 100, 98, 10], 15, 0, 110)
  assert.deepEqual(placed, [95, 110, 80, 10])
})

test("a picture lies in the middle of its stage and shows whole", () => {
  const wide = js.fitPicture(200, 200, [400, 200])
  assert.deepEqual([wide.of(0, 0), wide.of(400, 0), wide.of(0, 1), wide.of(200, 1)], [0, 200, 50, 150])
})

test("a line is read between its points and nowhere beyond them", () => {
  const runs = [[0, 100, 200, 500], [1000, 300]]
  assert.equal(js.scoreAt(runs, 100), 0.3)
  assert.equal(js.scoreAt(runs, 200), 0.5)
  assert.equal(js.scoreAt(runs, 1000), 0.3)
  assert.equal(js.scoreAt(runs, 600), null)
})

test("a box moves with its face within a shot, and stays where it is at a cut or a gap", () => {
  const at = (t_ms, shot, left) => [t_ms, shot, [[7, left, 0, left + 10, 10]]]
  const face = [7, 0, 0, 10, 10]
  assert.deepEqual(js.boxBetween(face, at(0, 0, 0), at(200, 0, 100), 50), [25, 0, 35, 10])
  assert.deepEqual(js.boxBetween(face, at(0, 0, 0), at(200, 1, 100), 50), [0, 0, 10, 10])
  assert.deepEqual(js.boxBetween(face, at(0, 0, 0), at(1200, 0, 100), 50), [0, 0, 10, 10])
  assert.deepEqual(js.boxBetween(face, null, at(200, 0, 100), 50), [0, 0, 10, 10])
})

test("the pause before a request is made again grows to a minute, or is what the server says", () => {
  assert.deepEqual([1, 2, 3, 9].map((failures) => js.retryPause(failures)), [2000, 4000, 8000, 60000])
  assert.equal(js.retryPause(1, "5"), 5000)
  assert.equal(js.retryPause(1, "soon"), 2000)
})
