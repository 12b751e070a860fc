/** Whether a part was named on the command line, or none was, which is all. Ends the process where one is not of `parts`. */
export function namedParts<Part extends string>(...parts: Part[]): (part: Part) => boolean {
  const named = process.argv.slice(2).filter((argument) => !argument.startsWith("--"))
  const unknown = named.filter((name) => !parts.includes(name as Part))
  if (unknown.length > 0) {
    console.error(`There is no part ${unknown.join(", ")}. There are: ${parts.join(", ")}.`)
    process.exit(2)
  }
  return (part) => named.length === 0 || named.includes(part)
}
