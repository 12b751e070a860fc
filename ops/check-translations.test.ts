import { expect, test } from "bun:test"
import { unusedKeys } from "./check-translations.ts"

test("a key is used where it is written whole or begun by a template", () => {
  const sources = ['t("list.add")', "t(`priority.$" + "{priority}`)", '"list.ad"']
  expect(unusedKeys(["list.add", "list.a", "priority.high", "priorities"], sources)).toEqual([
    '"list.a" is not used anywhere.',
    '"priorities" is not used anywhere.',
  ])
})
