/* The player's scripts as a module: they are one file on the page and export nothing but the component. */

import { readFileSync } from "node:fs"

const FOLDER = new URL("../../core/player/files/", import.meta.url)

/** The named things of some scripts, which stand in the order in which the page has them. */
export async function load(names, wanted) {
  const source = names.map((name) => readFileSync(new URL(`${name}.js`, FOLDER), "utf8")).join("\n")
  return import(`data:text/javascript;charset=utf-8,${encodeURIComponent(`${source}\nexport { ${wanted.join(", ")} }`)}`)
}

export const cases = JSON.parse(readFileSync(new URL("cases.json", import.meta.url), "utf8"))
