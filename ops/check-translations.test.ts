import { expect, test } from "bun:test"
import { earlyKeys, unusedKeys } from "./check-translations.ts"

test("a key is used where it is written whole or begun by a template", () => {
  const sources = ['t("list.add")', "t(`priority.$" + "{priority}`)", '"list.ad"']
  expect(unusedKeys(["list.add", "list.a", "priority.high", "priorities"], sources)).toEqual([
    '"list.a" is not used anywhere.',
    '"priorities" is not used anywhere.',
  ])
})

test("a text that is loaded later may not be used by what does not wait for it", () => {
  const sources = new Map([
    ["client/src/shell/Shell.tsx", 't("settings.title")'],
    ["client/src/a.ts", 't("list.add")'],
  ])
  expect(earlyKeys(["settings.title", "settings.text"], sources)).toEqual([
    '"settings.title" is used in src/shell/Shell.tsx, which may be shown before it is loaded.',
  ])
})
