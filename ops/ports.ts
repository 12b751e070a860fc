import { createServer } from "node:net"

/** The port that an environment variable names, or `preset`. */
export function portFrom(name: string, preset: number): number {
  const given = process.env[name]
  if (!given) return preset
  if (/^\d{1,5}$/.test(given) && Number(given) >= 1 && Number(given) <= 65535) return Number(given)
  console.error(`\n  ${name} must be a port, from 1 to 65535.\n`)
  process.exit(1)
}

/** A sentence that says what to do about the first of `ports` that another process listens on, if any. */
export async function busyPort(ports: Record<string, number>): Promise<string | undefined> {
  for (const [name, port] of Object.entries(ports))
    if (!(await isFree(port)))
      return `Port ${port} is in use: end what listens there, or choose another with ${name}=${port + 1} bun dev`
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once("error", () => resolve(false))
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)))
  })
