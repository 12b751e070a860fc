/**
 * The IANA time zones this browser knows, by region, for a menu; `current` is among them in any case: another
 * device may know more, or another name of the same zone.
 */
export function timeZoneGroups(current: string) {
  const zones = new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), current])
  const regions = Map.groupBy([...zones].sort(), (zone) => zone.split("/")[0]!)
  return [...regions].map(([label, zones]) => ({
    label,
    options: zones.map((value) => ({ value, label: cityOf(value) })),
  }))
}

const cityOf = (zone: string) =>
  (zone.includes("/") ? zone.slice(zone.indexOf("/") + 1) : zone).replaceAll("_", " ")
