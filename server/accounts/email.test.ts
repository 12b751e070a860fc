import { expect, test } from "bun:test"
import { normaliseEmail } from "./email.ts"

test("an address is stored without blanks around it, in NFC and lower case", () => {
  expect(normaliseEmail("  Ann.Lee+Docket@Example.ORG ")).toBe("ann.lee+docket@example.org")
  expect(normaliseEmail("andre\u0301@example.org")).toBe("andr\u00e9@example.org")
})

test("letters of any script, before and after the @", () => {
  for (const email of [
    "o'brien@example.co.uk",
    "小明@例子.中国",
    "jörg@bücher.example",
    "a@b.cd",
    "x_1%2=3@mail-1.example.org",
    "用户@xn--fiqs8s.example",
  ])
    expect([email, normaliseEmail(email)]).toEqual([email, email])
})

test("what no letter could reach is refused", () => {
  for (const email of [
    "",
    "@",
    "ann",
    "ann@",
    "@example.org",
    "example.org",
    "useratexample.com",
    "ann@@example.org",
    "ann@example.org@example.org",
    "ann lee@example.org",
    "ann@exam ple.org",
    "ann\n@example.org",
    "ann\u0000@example.org",
    "ann@example.org\r\nBcc: all@example.org",
    "ann@localhost",
    "ann@example..org",
    "ann@.org",
    "ann@example.org.",
    "ann@-example.org",
    "ann@192.0.2.1",
    "ann@[192.0.2.1]",
    "ann@example.org/path",
    "ann@example.org:25",
    ".ann@example.org",
    "ann.@example.org",
    "a..b@example.org",
    "<ann@example.org>",
    "ann,ben@example.org",
    `${"a".repeat(65)}@example.org`,
    `ann@${"a".repeat(64)}.org`,
    `ann@${"abcdefg.".repeat(40)}org`,
  ])
    expect([email, normaliseEmail(email)]).toEqual([email, null])
})
