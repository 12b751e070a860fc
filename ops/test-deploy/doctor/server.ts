import type { Finding } from "../../doctor/finding.ts"
import { check } from "../../testing/check.ts"
import type { Stack } from "../stack.ts"
import { type Expected, examine, hold, spoil } from "./examine.ts"
import { checkFaults, quickly, withContainer, withVariables } from "./faults.ts"

/** Faults of the server's service. */
export async function checkServer(stack: Stack, usual: Finding[]) {
  const socket = (await stack.engine.get<{ Id: string }>(`/networks/${stack.name}_socket`)).Id
  await checkFaults(stack, usual, [
    {
      name: "a server that lost its hardening: each part is named",
      service: "server",
      change: (spec) => {
        const soft = withContainer(({ CapabilityDrop, ...container }) => ({
          ...container,
          Init: false,
          ReadOnly: false,
          CapabilityAdd: ["CAP_NET_RAW"],
          User: "0",
          Ulimits: [{ Name: "nofile", Soft: 1024, Hard: 1024 }],
        }))(spec)
        const { Resources, LogDriver, ...template } = soft.TaskTemplate
        return { ...soft, TaskTemplate: { ...template, LogDriver: { Name: "json-file" } } }
      },
      expected: [
        /server can write to its image/,
        /server keeps capabilities/,
        /server has the capabilities CAP_NET_RAW/,
        /server has no init/,
        /server runs as root/,
        /server has no limit of memory/,
        /server has no limit of CPUs/,
        /server has no limit of processes/,
        /server fills the disk with its log/,
        /server may open 1024 files/,
      ].map((sentence): Expected => ["hardening", "problem", sentence]),
    },
    {
      name: "a secret in the environment, and a network too many",
      service: "server",
      change: (spec) => {
        const told = withVariables({ POSTGRES_PASSWORD: "told-to-everyone" })(spec)
        const networks = spec.TaskTemplate.Networks as object[]
        const TaskTemplate = { ...told.TaskTemplate, Networks: [...networks, { Target: socket }] }
        return { ...told, TaskTemplate }
      },
      expected: [
        ["secrets", "problem", /server has POSTGRES_PASSWORD in its environment/],
        ["networks", "problem", /server is in \S+_socket besides/],
      ],
    },
    {
      name: "TRUSTED_PROXIES that does not hold Traefik",
      service: "server",
      change: withVariables({ TRUSTED_PROXIES: "127.0.0.1" }),
      expected: [["caller address", "problem", /address inside the Swarm, for everyone's/]],
    },
    {
      name: "a FRONTEND_URL that is not where people are",
      service: "server",
      change: withVariables({ FRONTEND_URL: "https://elsewhere.example.org" }),
      expected: [
        ["configuration", "problem", /FRONTEND_URL is https:\/\/elsewhere\.example\.org/],
        ["cors", "problem", /takes another address for its page's/],
      ],
    },
    {
      name: "a server that stops before its successor starts, and stays when it fails",
      service: "server",
      change: (spec) => ({
        ...spec,
        UpdateConfig: { ...spec.UpdateConfig!, Order: "stop-first", FailureAction: "continue" },
      }),
      expected: [
        ["updates", "problem", /stops before its successor starts/],
        ["updates", "problem", /fails in an update stays/],
      ],
    },
    {
      name: "a second domain that leads nowhere else",
      service: "server",
      change: (spec) => {
        const others = Object.entries(spec.Labels).filter(([name]) => !name.endsWith("other-1.middlewares"))
        return { ...spec, Labels: Object.fromEntries(others) }
      },
      expected: [["domains", "warning", /answers 200 itself instead of leading to/]],
    },
    {
      name: "an image that was changed past ops, to a tag",
      service: "server",
      change: withContainer((container) => ({
        ...container,
        Image: `${container.Image.split("@")[0]}:built`,
      })),
      expected: [["release", "problem", /is not what is recorded as release 1/]],
    },
  ])
  await check("a mail server that cannot be reached, by a letter that is tried", async () => {
    const mail = { SMTP_HOST: "mail.invalid", SMTP_FROM_EMAIL: "docket@example.org" }
    const before = await spoil(stack, "server", (spec) => quickly(withVariables(mail)(spec)))
    try {
      const found = await examine(stack, "--letter=someone@example.org")
      // What DNS says of the sender is what it says of example.org.
      const ours = found.filter(({ check }) => !["spf", "dkim", "dmarc"].includes(check))
      hold(ours, usual, [["mail", "problem", /mail\.invalid:\d+ could not be used/]])
    } finally {
      await spoil(stack, "server", () => quickly(before))
      await spoil(stack, "server", () => before)
    }
  })
}
