import { language } from "./translate.ts"

const UNITS = ["kilobyte", "megabyte", "gigabyte"] as const

/** Bytes as a person reads them: "12 kB", "1.4 MB", "20 GB". */
export function formatSize(bytes: number) {
  const size = Math.min(UNITS.length, Math.max(1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const value = bytes / 1000 ** size
  return new Intl.NumberFormat(language(), {
    style: "unit",
    unit: UNITS[size - 1],
    maximumFractionDigits: value < 10 && size > 1 ? 1 : 0,
  }).format(value)
}
