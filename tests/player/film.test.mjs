import assert from "node:assert/strict"
import test from "node:test"

import { load } from "./scripts.mjs"

const { VideoFilm } = await load(["numbers", "film"], ["VideoFilm"])

/** A film whose server answers so when it is asked why the video broke, what was loaded, and how often it was given up. */
function seated(context, answers) {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  globalThis.document = { baseURI: "http://localhost/" }
  globalThis.fetch = async () => {
    const next = answers.length > 1 ? answers.shift() : answers[0]
    if (next instanceof Error) throw next
    return next
  }
  const loaded = []
  const video = {
    get src() { return loaded.at(-1) },
    set src(address) { loaded.push(address) },
    pause() {}, load() {}, removeAttribute() {},
  }
  let given_up = 0
  const film = new VideoFilm(video, { url: "film/1/proof" }, { failed: () => (given_up += 1) })
  return { film, video, loaded, given_up: () => given_up }
}

const settled = () => new Promise((done) => setImmediate(done))
const busy = { status: 503, headers: new Headers({ "Retry-After": "2" }) }
const gone = { status: 404, headers: new Headers() }
const here = { status: 206, headers: new Headers() }

test("a film of a busy server is loaded again after the pause that it asks for", async (context) => {
  const { video, loaded, given_up } = seated(context, [busy])
  video.onerror()
  await settled()
  assert.equal(loaded.length, 1, "not before the pause is over")

  context.mock.timers.tick(2000)
  assert.deepEqual(loaded, Array(2).fill("http://localhost/film/1/proof"))
  assert.equal(given_up(), 0)
})

for (const [what, answer] of [["is gone", gone], ["is here, but no browser plays it", here], ["cannot be asked for", new Error("away")]]) {
  test(`a film that ${what} gives way to its stored frames at once`, async (context) => {
    const { video, loaded, given_up } = seated(context, [answer])
    video.onerror()
    await settled()
    context.mock.timers.tick(60000)

    assert.deepEqual([loaded.length, given_up()], [1, 1])
  })
}

test("a server that stays busy is asked six times more, then the stored frames are shown", async (context) => {
  const { video, loaded, given_up } = seated(context, [busy])
  for (let turn = 0; turn < 9; turn++) {
    if (given_up()) break
    video.onerror()
    await settled()
    context.mock.timers.tick(600000)
  }

  assert.deepEqual([loaded.length, given_up()], [1 + 6, 1])
})

test("a film that nobody looks at any more is neither loaded again nor given up", async (context) => {
  for (const moment of ["before the answer", "in the pause"]) {
    const { film, video, loaded, given_up } = seated(context, [busy])
    const failing = video.onerror()
    if (moment === "in the pause") await settled()
    film.end()
    await settled()
    context.mock.timers.tick(60000)

    assert.deepEqual([loaded.length, given_up()], [1, 0], moment)
    context.mock.timers.reset()
    await failing
  }
})
