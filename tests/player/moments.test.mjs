import assert from "node:assert/strict"
import test from "node:test"

import { load } from "./scripts.mjs"

const { Moments } = await load(["numbers", "moments"], ["Moments"])
const DATA = { windows: { url: "film/1/proof/moments/1/", size: 2 }, step_ms: 200, times: [0, 200, 200, 200], moment: null }
const READINGS = [[0, 0, [[7, 0, 0, 10, 10, 1, {}]]], [200, 0, []]]

/** Moments whose server gives these answers, one after the other, and what was asked of it. */
function seated(context, answers) {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  globalThis.document = { baseURI: "http://localhost/" }
  const asked = []
  globalThis.fetch = async (address) => {
    asked.push(String(address).split("/").at(-1))
    const next = answers.shift()
    if (next instanceof Error) throw next
    return next
  }
  let drawn = 0
  const moments = new Moments(() => {
    drawn += 1
    moments.faces(0)
  })
  moments.update(DATA)
  return { moments, asked, drawn: () => drawn }
}

const settled = () => new Promise((done) => setImmediate(done))
const good = { ok: true, headers: new Headers(), json: async () => READINGS }
const busy = { ok: false, status: 503, headers: new Headers({ "Retry-After": "2" }) }

test("a window is fetched once and drawn when it is here", async (context) => {
  const { moments, asked, drawn } = seated(context, [good])
  assert.deepEqual(moments.faces(0), [])
  moments.faces(0)
  await settled()

  assert.deepEqual([asked, drawn()], [["0"], 1])
  assert.equal(moments.faces(0)[0].track, 7)
})

for (const [what, bad] of [["a busy database", busy], ["a server that is away", new Error("away")]]) {
  test(`${what} is asked again after a pause, and what it says then is drawn`, async (context) => {
    const { moments, asked } = seated(context, [bad, good])
    moments.faces(0)
    await settled()
    moments.faces(0)
    assert.deepEqual(asked, ["0"], "not before the pause is over")

    context.mock.timers.tick(2000)
    await settled()
    assert.deepEqual(asked, ["0", "0"])
    assert.equal(moments.faces(0).length, 1)
  })
}

test("nothing is asked for once the player is gone", async (context) => {
  const { moments, asked } = seated(context, [busy, good])
  moments.faces(0)
  await settled()
  moments.end()
  context.mock.timers.tick(60000)
  await settled()

  assert.deepEqual(asked, ["0"])
})
