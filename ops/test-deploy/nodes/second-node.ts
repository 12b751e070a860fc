import { expect } from "../../testing/check.ts"
import { docker } from "../../testing/engine.ts"
import type { Site } from "../site.ts"

/** How an engine is pointed at, as in DOCKER_HOST. */
export const secondEngine = process.env.SECOND_DOCKER_HOST

const prefix = `docket-test-deploy-${process.pid}`
const SECONDS = { ready: 60 }

/** Another engine as a worker of the site's Swarm. It must not be part of a Swarm, and is none afterwards. */
export class SecondNode {
  private constructor(
    private readonly site: Site,
    private readonly engine: string,
    /** By which the other nodes call it. */
    readonly address: string,
    /** The node's, in the Swarm. */
    readonly id: string,
  ) {}

  static async join(site: Site, engine: string): Promise<SecondNode> {
    const swarm = await state(engine)
    expect(
      swarm.LocalNodeState === "inactive",
      `The engine at ${engine} is in a Swarm already: docker swarm leave --force`,
    )
    const manager = await docker("info", "--format", "{{.Swarm.NodeAddr}}")
    expect(
      !manager.startsWith("127."),
      "The Swarm's address is loopback, which no other node can call: docker swarm init --advertise-addr",
    )
    await bring(engine, [site.images.bun, site.images.postgres])
    const address = await addressTowards(engine, site.images.bun, manager)
    const token = await docker("swarm", "join-token", "--quiet", "worker")
    await on(engine, "swarm", "join", "--advertise-addr", address, "--token", token, `${manager}:2377`)
    const node = new SecondNode(site, engine, address, (await state(engine)).NodeID)
    await node.until("ready")
    await node.forwardRegistry()
    return node
  }

  docker(...args: string[]): Promise<string> {
    return on(this.engine, ...args)
  }

  async hasImage(image: string): Promise<boolean> {
    return this.docker("image", "inspect", image).then(
      () => true,
      () => false,
    )
  }

  setAvailability(availability: "active" | "drain"): Promise<string> {
    return docker("node", "update", "--availability", availability, this.id)
  }

  /** As the Swarm sees it: `ready` or `down`. */
  state(): Promise<string> {
    return docker("node", "inspect", "--format", "{{.Status.State}}", this.id)
  }

  async until(wanted: "ready" | "down", seconds = SECONDS.ready) {
    for (const limit = performance.now() + seconds * 1000; (await this.state()) !== wanted; ) {
      expect(performance.now() < limit, `the node is not ${wanted} after ${seconds} s`)
      await Bun.sleep(250)
    }
  }

  /**
   * Takes the whole node off the network for so many seconds, as when its power fails: nothing is refused, nothing is
   * closed, whatever is sent to it is never answered.
   */
  async cutOff(seconds: number) {
    const rules = [`INPUT -d ${this.address}`, `OUTPUT -s ${this.address}`]
    const each = (flag: string) => rules.map((rule) => `iptables ${flag} ${rule} -j DROP`).join(" && ")
    const script = `PATH=$PATH:/usr/sbin:/sbin; ${each("-I")} && echo cut && sleep ${seconds}; ${each("-D")}`
    const name = `${prefix}-cut`
    // The host's own iptables, in the network that the engine is in.
    const flags = ["--privileged", "--pid=host", "--network=host", "--entrypoint=sh"]
    await this.docker(
      "run",
      "--detach",
      "--rm",
      "--name",
      name,
      ...flags,
      this.site.images.bun,
      ...onHost(script),
    )
    for (let tries = 0; !(await this.docker("logs", name)).includes("cut"); tries++) {
      expect(tries < 50, "the node could not be cut off")
      await Bun.sleep(100)
    }
  }

  async leave() {
    // It may say that it took too long, and have left.
    for (let tries = 0; (await state(this.engine)).LocalNodeState !== "inactive"; tries++) {
      expect(tries < 5, `the engine at ${this.engine} does not leave the Swarm`)
      await this.docker("swarm", "leave", "--force").catch(() => Bun.sleep(2000))
    }
    await docker("node", "rm", "--force", this.id)
    const containers = await this.docker("ps", "--all", "--format", "{{.Names}}")
    const ours = containers.split("\n").filter((name) => name.startsWith(prefix))
    if (ours.length > 0) await this.docker("rm", "--force", ...ours)
  }

  /** An image's name holds the registry's address, which is the loopback's of the first node: here it leads there. */
  private async forwardRegistry() {
    const port = this.site.registry.split(":").at(-1)
    const serve = `const { connect, createServer } = require("node:net")
      createServer((near) => {
        const far = connect(${port}, "${this.site.address}")
        for (const [one, other] of [[near, far], [far, near]]) one.on("error", () => other.destroy()).pipe(other)
      }).listen(${port}, "127.0.0.1")`
    const flags = ["--detach", "--network=host", "--name", `${prefix}-forward`]
    await this.docker("run", ...flags, this.site.images.bun, "bun", "-e", serve)
  }
}

/** In the host's file system, which is the daemon's: the first process need not let anyone in. */
const onHost = (script: string) => [
  "-c",
  `exec nsenter -t $(grep -lsx dockerd /proc/[0-9]*/comm | head -1 | cut -d/ -f3) -m sh -c '${script}'`,
]

const on = (engine: string, ...args: string[]) => docker("--host", engine, ...args)

async function state(engine: string): Promise<{ LocalNodeState: string; NodeID: string }> {
  return JSON.parse(await on(engine, "info", "--format", "{{json .Swarm}}"))
}

/** Copies images from the first engine, unless the other has them: stand-ins are in no registry. */
async function bring(engine: string, images: string[]) {
  for (const image of images) {
    if (await on(engine, "image", "inspect", image).catch(() => "")) continue
    const save = Bun.spawn(["docker", "save", image], { stdout: "pipe" })
    const load = Bun.spawn(["docker", "--host", engine, "load", "--quiet"], {
      stdin: save.stdout,
      stdout: "ignore",
    })
    expect((await load.exited) === 0, `${image} could not be brought to ${engine}`)
  }
}

/** The other engine's address, as `manager` sees it. */
function addressTowards(engine: string, bun: string, manager: string): Promise<string> {
  const tell = `const socket = require("node:net").connect(2377, "${manager}", () => {
    console.log(socket.localAddress)
    process.exit()
  })`
  return on(engine, "run", "--rm", "--network=host", bun, "bun", "-e", tell)
}
