/** Icons that no first screen needs, as `Icon` takes them. */
export const laterIcons = {
  calendar: "M4 5.5h12v10.5H4zM4 8.8h12M7 3.5v3M13 3.5v3",
  colour: "M10 3.2s4.6 4.6 4.6 8.1a4.6 4.6 0 0 1-9.2 0c0-3.5 4.6-8.1 4.6-8.1z",
  error: "M10 6.5v4M10 13.4v.1M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z",
  hidden: "M3 10s2.6-4.5 7-4.5S17 10 17 10s-2.6 4.5-7 4.5S3 10 3 10zM4.5 15.5l11-11",
  list: "M7.5 5.5h8.5M7.5 10h8.5M7.5 14.5h8.5M4 5.5v.01M4 10v.01M4 14.5v.01",
  offline: "M6.5 15h7a3.2 3.2 0 0 0 .6-6.3 4.3 4.3 0 0 0-8.2-.9A3.7 3.7 0 0 0 6.5 15zM3.5 3.5l13 13",
  visible: "M3 10s2.6-4.5 7-4.5S17 10 17 10s-2.6 4.5-7 4.5S3 10 3 10zM10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
} as const

export type LaterIcon = (typeof laterIcons)[keyof typeof laterIcons]
