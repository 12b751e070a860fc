import type { FaultKind } from "./findings.ts"

type Found = { kind: FaultKind; column: string; rows: string[] }

/** What makes a source of at least six people and sixteen tasks dirty: each dirty value, and where it is found among six people. */
export const DIRT: [name: string, statements: string[], Found][] = [
  [
    "NUL in a title",
    ["update tasks set title = 'a' || char(0) || 'b' where id = 3"],
    { kind: "nul", column: "title", rows: ["3"] },
  ],
  [
    "bytes that are not UTF-8",
    ["update tasks set title = cast(x'61ff62' as text) where id = 4"],
    { kind: "encoding", column: "title", rows: ["4"] },
  ],
  [
    "bytes in place of text",
    ["update tasks set description = x'00ff' where id = 5"],
    { kind: "type", column: "description", rows: ["5"] },
  ],
  [
    "text in an integer column",
    ["update tasks set done = 'perhaps' where id = 6"],
    { kind: "type", column: "done", rows: ["6"] },
  ],
  [
    "a priority that the map does not know",
    ["update tasks set priority = 'urgent' where id = 7"],
    { kind: "value", column: "priority", rows: ["7"] },
  ],
  [
    "a year that is a number of milliseconds",
    ["update tasks set created_at = '1627303906122-01-01' where id = 8"],
    { kind: "date", column: "created_at", rows: ["8"] },
  ],
  [
    "a day that does not exist",
    ["update tasks set due_date = '2024-02-30' where id = 9"],
    { kind: "date", column: "due_date", rows: ["9"] },
  ],
  [
    "a moment that has not been",
    ["update tasks set updated_at = '2089-01-01' where id = 10"],
    { kind: "date", column: "updated_at", rows: ["10"] },
  ],
  [
    "a title that is too long",
    ["update tasks set title = printf('%.*c', 600, 'x') where id = 11"],
    { kind: "length", column: "title", rows: ["11"] },
  ],
  [
    "a title of blanks",
    ["update tasks set title = '  ' where id = 12"],
    { kind: "empty", column: "title", rows: ["12"] },
  ],
  [
    "a title that cannot be seen",
    ["update tasks set title = char(8203) where id = 13"],
    { kind: "empty", column: "title", rows: ["13"] },
  ],
  [
    "no title",
    ["update tasks set title = null where id = 14"],
    { kind: "empty", column: "title", rows: ["14"] },
  ],
  [
    "a task of a list that is gone",
    ["update tasks set org_id = 999999 where id = 15"],
    { kind: "orphan", column: "org_id", rows: ["15"] },
  ],
  [
    "a task of no one",
    ["update tasks set org_id = null, user_id = null where id = 16"],
    { kind: "orphan", column: "user_id", rows: ["16"] },
  ],
  [
    "a member who is gone",
    ["insert into memberships values (999999, 1, 'member')"],
    { kind: "orphan", column: "user_id", rows: ["7"] },
  ],
  [
    "someone who is a member twice",
    ["insert into memberships values (1, 1, 'guest')"],
    { kind: "duplicate", column: "user_id", rows: ["7"] },
  ],
  [
    "an address twice, in other letters",
    ["update users set email = ' SOMEONE1@example.ORG ' where id = 4"],
    { kind: "duplicate", column: "email", rows: ["4"] },
  ],
  [
    "what is no address",
    ["update users set email = 'nobody' where id = 6"],
    { kind: "email", column: "email", rows: ["6"] },
  ],
  [
    "a password as it was typed",
    ["update users set password_hash = 'hunter2' where id = 5"],
    { kind: "password", column: "password_hash", rows: ["5"] },
  ],
  [
    "a time zone that there is not",
    ["update users set time_zone = 'Mars/Olympus' where id = 5"],
    { kind: "value", column: "time_zone", rows: ["5"] },
  ],
  [
    "an owner who is gone",
    ["update organizations set owner_id = 999999 where id = 1"],
    { kind: "owner", column: "owner_id", rows: ["1"] },
  ],
]
