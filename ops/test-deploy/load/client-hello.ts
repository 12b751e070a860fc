import { connect } from "node:net"

/** Versions as TLS writes them (RFC 8446, 4.1.2). */
export const TLS_1_1 = 0x0302
export const TLS_1_2 = 0x0303

/**
 * Offers the server one version of TLS by a ClientHello made by hand, since no library of today sends an old one, and
 * returns what it answers with: a `hello`, or an alert's number (70 is `protocol_version`).
 */
export function offer(address: string, domain: string, version: number): Promise<"hello" | number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: 443 }, () => socket.write(clientHello(domain, version)))
    const timer = setTimeout(() => socket.destroy(new Error("it says nothing")), 5000)
    socket.once("data", (data) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(data[0] === 0x15 ? data[6]! : "hello")
    })
    socket.once("error", reject)
  })
}

function clientHello(domain: string, version: number): Buffer {
  const name = Buffer.from(domain)
  const extensions = Buffer.concat([
    extension(0, lengthed(2, Buffer.concat([Buffer.from([0]), lengthed(2, name)]))),
    // Groups x25519, P-256; points uncompressed; signatures by ECDSA and RSA, with SHA-256 and SHA-1.
    extension(10, lengthed(2, Buffer.from([0, 29, 0, 23]))),
    extension(11, lengthed(1, Buffer.from([0]))),
    extension(13, lengthed(2, Buffer.from([4, 3, 4, 1, 2, 3, 2, 1]))),
  ])
  // ECDHE with AES-GCM for 1.2, with AES-CBC and SHA-1 for what came before it.
  const suites = Buffer.from([0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x09, 0xc0, 0x13, 0xc0, 0x0a, 0xc0, 0x14])
  const body = Buffer.concat([
    word(version),
    crypto.getRandomValues(new Uint8Array(32)),
    lengthed(1, Buffer.alloc(0)),
    lengthed(2, suites),
    lengthed(1, Buffer.from([0])),
    lengthed(2, extensions),
  ])
  const handshake = Buffer.concat([Buffer.from([1]), lengthed(3, body)])
  return Buffer.concat([Buffer.from([0x16, 3, 1]), lengthed(2, handshake)])
}

const word = (value: number) => Buffer.from([value >> 8, value & 255])
const extension = (type: number, data: Buffer) => Buffer.concat([word(type), lengthed(2, data)])

/** `data` after its length, which takes `bytes`. */
function lengthed(bytes: number, data: Buffer): Buffer {
  const length = Buffer.alloc(bytes)
  length.writeUIntBE(data.length, 0, bytes)
  return Buffer.concat([length, data])
}
