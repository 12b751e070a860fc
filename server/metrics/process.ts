import { readdir } from "node:fs/promises"
import { Counter, Gauge, type Registry } from "prom-client"

/** The usual names for what every process has (Prometheus, "Writing client libraries", process metrics). */
export function observeProcess(registry: Registry) {
  const registers = [registry]
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory size in bytes.",
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  new Gauge({
    name: "process_start_time_seconds",
    help: "Start time of the process since the Unix epoch in seconds.",
    registers,
  }).set(Math.round(Date.now() / 1000 - process.uptime()))
  new Counter({
    name: "process_cpu_seconds_total",
    help: "Total user and system processor time spent in seconds.",
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1e6)
    },
  })
  // Linux alone has the folder; elsewhere the number is not known and not told.
  if (process.platform === "linux")
    new Gauge({
      name: "process_open_fds",
      help: "Number of open file descriptors.",
      registers,
      async collect() {
        this.set((await readdir("/proc/self/fd")).length)
      },
    })
}
