import { Refusal } from "../refusal.ts"
import type { Connection, Ran } from "./connection.ts"

/** Seconds that the operator's machine has to come back on a new connection. */
export const CONFIRM_SECONDS = 45
/** Seconds for which a refused connection is tried again: sshd is away for a moment when it reads its rules anew. */
const REFUSED_SECONDS = 10

const FOLDER = "/var/lib/docket/guard"
const UNIT = "docket-guard"

/**
 * Does `work`, which may lock the operator out, under a guard: the host itself puts `paths` back as they were and runs
 * `undo`, unless a new connection confirms within `CONFIRM_SECONDS`; also when the connection is lost in mid-way, this
 * process is killed, or the host restarts in between. Refuses (1) when the new connection fails.
 */
export async function guarded(
  host: Connection,
  { paths, undo }: { paths: string[]; undo: string },
  work: () => Promise<void>,
): Promise<void> {
  await host.run(armScript(paths, undo))
  let failure: unknown
  try {
    await work()
    const confirmed = await confirm(host)
    if (confirmed.exitCode === 0) return
    failure = new Refusal(1, confirmed.stderr.trim())
  } catch (error) {
    failure = error
  }
  const { stderr } = await host
    .attempt(`systemctl start ${UNIT}.service`)
    .catch((error: Error) => ({ stderr: error.message }))
  const undone = stderr
    ? `The host puts it back by itself within ${CONFIRM_SECONDS} s`
    : "It has been put back as it was"
  throw new Refusal(1, `${(failure as Error).message}\n${undone}: you can still sign in as before.`)
}

async function confirm(host: Connection): Promise<Ran> {
  for (const end = Date.now() + REFUSED_SECONDS * 1000; ; await Bun.sleep(500)) {
    const ran = await host.fresh(CONFIRM_SCRIPT)
    if (!ran.stderr.includes("Connection refused") || Date.now() > end) return ran
  }
}

/** The unit is a oneshot that a timer starts, and so does the next boot while the folder is there. */
function armScript(paths: string[], undo: string): string {
  const service = `[Unit]
Description=Put back what locked the operator out
ConditionPathExists=${FOLDER}/restore
Before=ssh.service docket-firewall.service
[Service]
Type=oneshot
ExecStart=/bin/sh -eu ${FOLDER}/restore
[Install]
WantedBy=multi-user.target
`
  const timer = `[Timer]
OnActiveSec=${CONFIRM_SECONDS}
AccuracySec=1
`
  // A folder that is still there is another's unconfirmed work: put that back first.
  return `
if [ -f ${FOLDER}/restore ]; then systemctl start ${UNIT}.service; fi
rm -rf ${FOLDER}; mkdir -p -m 700 ${FOLDER}
cat > ${FOLDER}/restore <<'RESTORE'
for path in ${paths.join(" ")}; do
  rm -f "$path"
  if [ -e "${FOLDER}/files$path" ] || [ -L "${FOLDER}/files$path" ]; then cp -a "${FOLDER}/files$path" "$path"; fi
done
systemctl daemon-reload
( ${undo} ) || true
systemctl disable ${UNIT}.service 2>/dev/null || true
rm -rf ${FOLDER}
logger -t ${UNIT} "unconfirmed changes were put back" || true
RESTORE
for path in ${paths.join(" ")}; do
  if [ -e "$path" ] || [ -L "$path" ]; then mkdir -p "${FOLDER}/files$(dirname "$path")"; cp -a "$path" "${FOLDER}/files$path"; fi
done
cat > /etc/systemd/system/${UNIT}.service <<'UNIT'
${service}UNIT
cat > /etc/systemd/system/${UNIT}.timer <<'UNIT'
${timer}UNIT
systemctl daemon-reload
systemctl enable ${UNIT}.service 2>/dev/null
systemctl restart ${UNIT}.timer`
}

const CONFIRM_SCRIPT = `
[ -f ${FOLDER}/restore ] || { echo "the host has already put it back" >&2; exit 1; }
systemctl stop ${UNIT}.timer
systemctl disable ${UNIT}.service 2>/dev/null
rm -rf ${FOLDER} /etc/systemd/system/${UNIT}.service /etc/systemd/system/${UNIT}.timer
systemctl daemon-reload`
