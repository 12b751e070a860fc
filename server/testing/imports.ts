import { parseSync } from "vite"

/** What a file says about its surroundings. */
export type Source = {
  imports: Import[]
  /** Whether it reads `process.env` or `Bun.env`. */
  readsEnvironment: boolean
  /** Names of run-time globals it uses that reach outside the computation: `Bun`, `process`, `fetch`, … */
  effects: string[]
  /** Whether it holds nothing but re-exports: a barrel. */
  onlyReExports: boolean
}

export type Import = {
  /** As written: `./queries.ts`, `elysia`. */
  from: string
  /** Whether it is erased: `import type`, `export type`, or `import("…")` in a type. */
  typeOnly: boolean
}

const EFFECTS = ["Bun", "process", "fetch", "WebSocket", "document", "window", "localStorage", "indexedDB"]

/** Parses `text`, the source of the file at `path`. Throws on a syntax fault. */
export function readSource(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  const nodes = [...walk(program)]
  return {
    imports: nodes.flatMap(importIn),
    readsEnvironment: nodes.some(isEnvironment),
    effects: EFFECTS.filter((name) => nodes.some((node) => node.type === "Identifier" && node.name === name)),
    onlyReExports:
      program.body.length > 0 &&
      program.body.every(
        ({ type, ...statement }) =>
          type === "ExportAllDeclaration" ||
          (type === "ExportNamedDeclaration" && "source" in statement && !!statement.source),
      ),
  }
}

type Node = { type: string; [member: string]: unknown }
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string"

function* walk(node: object): Generator<Node> {
  if (isNode(node)) yield node
  for (const member of Object.values(node))
    if (typeof member === "object" && member !== null) yield* walk(member)
}

/** The import that a node is, by any of the syntaxes that name another module. */
function importIn(node: Node): Import[] {
  switch (node.type) {
    case "ImportDeclaration":
      return imported(node.source, node.importKind === "type" || everyIsType(node.specifiers))
    case "ExportNamedDeclaration":
      return imported(node.source, node.exportKind === "type" || everyIsType(node.specifiers))
    case "ExportAllDeclaration":
      return imported(node.source, node.exportKind === "type")
    case "ImportExpression":
      return imported(node.source, false)
    case "TSImportType":
      return imported(node.source, true)
    case "TSExternalModuleReference":
      return imported(node.expression, false)
    case "CallExpression":
      return isNode(node.callee) && node.callee.name === "require"
        ? imported((node.arguments as unknown[])[0], false)
        : []
    default:
      return []
  }
}

function imported(source: unknown, typeOnly: boolean): Import[] {
  return isNode(source) && typeof source.value === "string" ? [{ from: source.value, typeOnly }] : []
}

function everyIsType(specifiers: unknown): boolean {
  const kinds = (specifiers as Node[]).map((specifier) => specifier.importKind ?? specifier.exportKind)
  return kinds.length > 0 && kinds.every((kind) => kind === "type")
}

/** `process.env`, `Bun.env`, `const { env } = process`, or `env` imported from `node:process`. */
function isEnvironment(node: Node): boolean {
  const holdsEnvironment = (value: unknown) =>
    isNode(value) && (value.name === "process" || value.name === "Bun")
  switch (node.type) {
    case "MemberExpression":
      return (
        holdsEnvironment(node.object) &&
        isNode(node.property) &&
        (node.property.name ?? node.property.value) === "env"
      )
    case "VariableDeclarator":
      return (
        holdsEnvironment(node.init) &&
        isNode(node.id) &&
        [...walk(node.id)].some((key) => key.type === "Identifier" && key.name === "env")
      )
    case "ImportDeclaration":
      return isNode(node.source) && /^(node:)?process$/.test(String(node.source.value))
    default:
      return false
  }
}
