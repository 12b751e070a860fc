/** `bun ops/document.ts`: writes what is generated from server/variables.ts. The gate fails if it differs. */
import { join } from "node:path"
import { type AnyVariable, variables } from "../server/variables.ts"

const ROOT = join(import.meta.dir, "..")
const EXAMPLE = ".env.example"
const REFERENCE = "docs/deployment/environment.md"
const [BEGIN, END] = ["<!-- table: written by `bun ops/document.ts` -->", "<!-- end of the table -->"]

/** A sentence for each generated document that is not what the table says. */
export async function documentFaults(): Promise<string[]> {
  const stale = await Promise.all(
    Object.entries(await documents()).map(async ([path, text]) => (await textOf(path)) !== text && path),
  )
  return stale
    .filter((path) => path !== false)
    .map((path) => `${path} differs from server/variables.ts: run \`bun ops/document.ts\`.`)
}

async function documents(): Promise<Record<string, string>> {
  return { [EXAMPLE]: example(), [REFERENCE]: reference(await textOf(REFERENCE)) }
}

const textOf = (path: string) =>
  Bun.file(join(ROOT, path))
    .text()
    .catch(() => "")

/** Values to fill in stand uncommented; the rest shows its default, or nothing where it has none. */
function example(): string {
  const lines = [
    "# Every variable of Docket; docs/deployment/environment.md says more. Copy to .env, and keep that to yourself.",
    "# Any of them may be given as NAME_FILE instead, the path of a file that holds the value.",
  ]
  for (const [group, members] of Object.entries(variables)) {
    lines.push("", `## ${group}`)
    for (const [name, variable] of entries(members)) {
      lines.push("", ...wrapped(plain(variable.meaning)))
      lines.push(variable.unset === "required" ? `${name}=` : `# ${name}=${defaultOf(variable)}`)
    }
  }
  return `${lines.join("\n")}\n`
}

/** The document with the table between its marks replaced. */
function reference(document: string): string {
  const [before, after] = [document.split(BEGIN)[0], document.split(END)[1]]
  if (!document.includes(BEGIN) || after === undefined)
    throw new Error(`${REFERENCE} has lost the marks of its table.`)
  const tables = Object.entries(variables).map(([group, members]) =>
    [
      `### ${group}`,
      "",
      "| variable | value | default | meaning |",
      "|---|---|---|---|",
      ...entries(members).map(([name, variable]) => `| ${cells(name, variable).join(" | ")} |`),
    ].join("\n"),
  )
  return [before, BEGIN, "\n\n", tables.join("\n\n"), "\n\n", END, after].join("")
}

function cells(name: string, variable: AnyVariable): string[] {
  const shown = defaultOf(variable)
  return [
    `\`${name}\`${variable.secret ? " (secret)" : ""}`,
    variable.type.shape,
    variable.unset === "required" ? "**required**" : shown === "" ? "" : `\`${shown}\``,
    variable.meaning,
  ]
}

const entries = (members: object) => Object.entries(members) as [string, AnyVariable][]
const defaultOf = ({ unset }: AnyVariable) => (typeof unset === "object" ? String(unset.default) : "")
const plain = (markdown: string) => markdown.replaceAll("`", "")

/** Comment lines of at most 110 columns. */
function wrapped(text: string): string[] {
  const lines = [""]
  for (const word of text.split(" ")) {
    if (`${lines.at(-1)} ${word}`.length > 108) lines.push("")
    lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trimStart()
  }
  return lines.map((line) => `# ${line}`)
}

if (import.meta.main)
  for (const [path, text] of Object.entries(await documents())) {
    await Bun.write(join(ROOT, path), text)
    console.log(`wrote ${path}`)
  }
