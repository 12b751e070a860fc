import { basename, dirname } from "node:path"
import { docker } from "../testing/engine.ts"

/** Kibibytes that are left of the disk at first, and that it has later. */
const ROOM = 96
const LARGER = 8192

/** The folder in which the engine keeps a container's log, put on a small file system while the container runs. */
export class LogDisk {
  private constructor(
    private readonly image: string,
    private readonly folder: string,
  ) {}

  /** `image` is one with a shell and `mount`, for work on the engine's machine. */
  static async of(image: string, container: string): Promise<LogDisk> {
    return new LogDisk(image, dirname(await docker("inspect", "--format", "{{.LogPath}}", container)))
  }

  /** What is there already comes along, so that the engine finds its files when it turns them over. */
  async mount() {
    await this.run(`cp -a . /tmp/kept && size=$(du -sk /tmp/kept | cut -f 1) &&
      mount -t tmpfs -o size=$((size + ${ROOM}))k,mode=0710 docket-test "$PWD" && cp -a /tmp/kept/. "$PWD"`)
  }

  /** Takes for so long every byte that is free, as logs that are turned over give some back, and returns what is left. */
  async fill(seconds: number): Promise<number> {
    return Number(
      await this.run(`end=$(($(date +%s) + ${seconds}))
        while [ $(date +%s) -lt $end ]; do sleep 0.1; cat /dev/zero >> ballast; done 2> /dev/null
        df --block-size=1 --output=avail . | tail -n 1`),
    )
  }

  async enlarge() {
    await this.run(`rm -f ballast && mount -o remount,size=${LARGER}k "$PWD"`)
  }

  /** When the engine last wrote to a log, in seconds since 1970. */
  async lastChange(): Promise<number> {
    return Number(await this.run("stat -c %.3Y *-json.log* | sort -n | tail -n 1"))
  }

  async unmount() {
    await this.run('cd / && umount -l "$OLDPWD"')
  }

  private run(script: string): Promise<string> {
    // What is mounted there reaches the engine's machine.
    const mount = `type=bind,source=${dirname(this.folder)},target=/containers,bind-propagation=rshared`
    const flags = ["--rm", "--privileged", "--user=0", "--entrypoint=sh", "--mount", mount]
    return docker("run", ...flags, `--workdir=/containers/${basename(this.folder)}`, this.image, "-c", script)
  }
}
