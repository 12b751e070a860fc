import { createSocket } from "node:dgram"
import { Resolver } from "node:dns/promises"
import { type Answer, decode, encode } from "dns-packet"

type Records = Record<string, { A?: string[]; AAAA?: string[]; TXT?: string[] }>

/** A real name server on loopback that knows `records`, which may be changed, and resolvers that ask it. */
export async function startNameServer(records: Records) {
  const socket = createSocket("udp4")
  socket.on("message", (message, from) => {
    const query = decode(message)
    const [question] = query.questions ?? []
    if (!question) return
    const known = records[question.name.toLowerCase()]
    const found = known?.[question.type as "A"] ?? []
    const answers = found.map((data) => ({ ...question, ttl: 0, data }) as Answer)
    const absent = known ? 0 : 3
    const reply = encode({
      type: "response",
      id: query.id ?? 0,
      flags: 0x8580 | absent,
      questions: [question],
      answers,
    })
    socket.send(reply, from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve))
  const address = `127.0.0.1:${socket.address().port}`
  return {
    address,
    records,
    /** A resolver that remembers nothing of what another was answered. */
    names: () => {
      const names = new Resolver({ timeout: 500, tries: 1 })
      names.setServers([address])
      return names
    },
    stop: () => socket.close(),
  }
}
