import { monitorEventLoopDelay } from "node:perf_hooks"

// Preloaded into a server that is measured: answers its parent's questions over IPC, and is in nobody's way.
const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()

process.on("message", () => {
  const milliseconds = (nanoseconds: number) => nanoseconds / 1e6
  const { user, system } = process.cpuUsage()
  process.send?.({
    cpu: (user + system) / 1000,
    memory: process.memoryUsage.rss() / 2 ** 20,
    delay: {
      p50: milliseconds(delay.percentile(50)),
      p99: milliseconds(delay.percentile(99)),
      max: milliseconds(delay.max),
    },
  })
  delay.reset()
})
