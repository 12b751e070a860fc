/** A node of what `explain (analyze, format json)` prints. */
export type Plan = {
  "Node Type": string
  "Index Name"?: string
  "Relation Name"?: string
  "Actual Rows": number
  "Actual Loops": number
  /** Of each loop, as is `Actual Rows`. */
  "Rows Removed by Filter"?: number
  Plans?: Plan[]
}

/** All nodes of the one row that `explain (analyze, format json)` answers with. */
export function planNodes(row: object): Plan[] {
  const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)]
  return nodes((Object.values(row)[0] as [{ Plan: Plan }])[0].Plan)
}

/** How many rows of `table` were read: through any scan, whether they were given out or not. */
export const rowsRead = (plan: Plan[], table: string) =>
  plan
    .filter((node) => node["Relation Name"] === table || node["Node Type"] === "Bitmap Index Scan")
    .reduce(
      (sum, node) =>
        sum + (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"],
      0,
    )

/** Ways to read `table` other than along an index. */
export const scans = (plan: Plan[], table: string) =>
  plan
    .filter((node) => node["Relation Name"] === table)
    .map((node) => node["Node Type"])
    .filter((type) => !type.startsWith("Index"))
