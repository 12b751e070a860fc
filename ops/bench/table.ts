/** Prints rows in columns, the first to the left and the others to the right. */
export function printTable(title: string, header: string[], rows: string[][]) {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)))
  const line = (cells: string[]) =>
    cells.map((cell, n) => (n === 0 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!))).join("  ")
  console.log(`\n${title}\n${[header, ...rows].map(line).join("\n")}`)
}

export const share = (part: number, whole: number) => `${((part / whole) * 100).toFixed(0)} %`

export const milliseconds = (value: number) => value.toFixed(value < 10 ? 2 : 0)
