import type { Finding } from "../../doctor/finding.ts"
import type { Stack } from "../stack.ts"
import { checkFaults, withContainer } from "./faults.ts"

/** Faults of what stands before the server. */
export async function checkRouting(stack: Stack, usual: Finding[]) {
  await checkFaults(stack, usual, [
    {
      name: "a Traefik that learns too late of tasks that go",
      service: "traefik",
      change: withFlag("providers.swarm.refreshSeconds", "15"),
      expected: [["routing", "problem", /learns of a task that goes within 16 s/]],
    },
    {
      name: "no health check of Traefik's own",
      service: "server",
      change: (spec) => {
        const labels = Object.entries(spec.Labels).filter(
          ([name]) => !/services\.docket\..*healthCheck/.test(name),
        )
        return { ...spec, Labels: Object.fromEntries(labels) }
      },
      expected: [["routing", "problem", /does not check the health of docket/]],
    },
  ])
}

const withFlag = (flag: string, value: string) =>
  withContainer((container) => ({
    ...container,
    Args: (container.Args as string[]).map((one) =>
      one.startsWith(`--${flag}=`) ? `--${flag}=${value}` : one,
    ),
  }))
