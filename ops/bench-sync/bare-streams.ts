import { changeEvent, helloEvent } from "../../server/sync/event-text.ts"

// What a stream takes that nobody keeps anything about: a bare Bun.serve that begins each as Docket does, and holds it open.
const spaces = Array.from({ length: 6 }, () => Bun.randomUUIDv7())
const beginning = Buffer.concat([
  helloEvent(1000, Bun.randomUUIDv7()),
  ...spaces.map((space) => changeEvent(space, 1)),
])
const held: ReadableStreamDefaultController<Uint8Array>[] = []

Bun.serve({
  port: Number(process.env.PORT),
  idleTimeout: 0,
  fetch: ({ url, method }) =>
    new Response(
      method === "HEAD" || !url.endsWith("/api/events")
        ? null
        : new ReadableStream({
            start: (controller) => {
              held.push(controller)
              controller.enqueue(beginning)
            },
          }),
      { headers: { "Content-Type": "text/event-stream" } },
    ),
})
