import assert from "node:assert/strict"
import test from "node:test"

import { load } from "./scripts.mjs"

const { Taught } = await load(["numbers", "taught"], ["Taught"])
const packed = (...numbers) => btoa(String.fromCharCode(...numbers))
const GLEE = { name: "glee" }
const AWE = { name: "awe" }

/** Two moments with two faces and one: glee is known of all of them but the second, awe of none but the last. */
function learned() {
  const taught = new Taught()
  taught.update({
    look: { emotions: [{ name: "happy" }, GLEE, AWE] },
    taught: { names: ["glee", "awe"], scores: [packed(90, 255, 20), packed(255, 255, 60)], faces: packed(2, 1) },
  })
  return taught
}

test("each face has the scores that stand at its place, and what is not known of it is left out", () => {
  const taught = learned()
  const shown = new Set(["glee", "awe"])

  assert.deepEqual(taught.of({ place: 0, index: 0 }, shown), [[GLEE, 0.9]])
  assert.deepEqual(taught.of({ place: 0, index: 1 }, shown), [])
  assert.deepEqual(taught.of({ place: 1, index: 0 }, shown), [[GLEE, 0.2], [AWE, 0.6]])
})

test("only what is shown is said, and nothing where nothing was taught", () => {
  const taught = learned()
  assert.deepEqual(taught.of({ place: 1, index: 0 }, new Set(["awe"])), [[AWE, 0.6]])

  taught.update({ look: { emotions: [] }, taught: null })
  assert.deepEqual(taught.of({ place: 1, index: 0 }, new Set(["awe"])), [])
})
