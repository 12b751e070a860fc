import { Refusal } from "../refusal.ts"

export type PostgresProgram = {
  command: string[]
  environment: Record<string, string>
  /** To be written to its standard input first. */
  preamble: string
}

/** What a program of `major` is called here, for messages. */
const IMAGE = () => process.env.POSTGRES_IMAGE ?? "postgres:18-trixie"

/** What a container's program says, and ends with, when it is of another major version than asked for. */
const MAJOR_CHECK = `major=$1; shift
version=$("$1" --version)
[[ $version =~ \\ ([0-9]+) && $\{BASH_REMATCH[1]} == "$major" ]] || { echo "docket: $version is not of $major" >&2; exit 1; }
`

/** The refusal (2), if a program's complaint is that its image has another major version. */
export function majorRefusal(complaint: string): Refusal | undefined {
  const [, version, major] = /docket: (.*) is not of (\d+)/.exec(complaint) ?? []
  if (version)
    return new Refusal(
      2,
      `${IMAGE()} has ${version}, and the database is of PostgreSQL ${major}: POSTGRES_IMAGE has to name an image of that version.`,
    )
}

/**
 * In a container: the password is the first line of the standard input. `pg_dump` reads no more of it, so that its end
 * means that whoever started this is gone, however that came: then the program, which would dump to nobody, ends too.
 */
const SCRIPTS = {
  pg_restore: 'IFS= read -r PGPASSWORD; export PGPASSWORD; exec "$@"',
  pg_dump: `IFS= read -r PGPASSWORD; export PGPASSWORD
exec 3<&0
"$@" </dev/null &
program=$!
trap 'kill "$program"' TERM INT
{ cat <&3 >/dev/null; kill "$program"; } 2>/dev/null &
wait "$program"`,
}

/**
 * How to run `pg_dump` or `pg_restore` of the major version `major` with `args` on the database at `url`: this machine's
 * own, or else in a container of PostgreSQL's image. The password is in no argument and no container's settings. `options`
 * are settings of the session (`-c name=value`).
 */
export async function postgresProgram(
  program: "pg_dump" | "pg_restore",
  args: string[],
  { url, major, options = "" }: { url: string; major: number; options?: string },
): Promise<PostgresProgram> {
  const { password, ...connection } = connectionVariables(url, options)
  if ((await majorOf(program)) === major)
    return {
      command: [program, ...args],
      environment: { ...connection, ...(password !== undefined && { PGPASSWORD: password }) },
      preamble: "",
    }
  if (!Bun.which("docker"))
    throw new Refusal(
      2,
      `${program} of PostgreSQL ${major} is not here, and neither is docker: install postgresql-client-${major}, or run this in the tools image.`,
    )
  const variables = Object.entries(connection).flatMap(([name, value]) => ["--env", `${name}=${value}`])
  return {
    // Without a log of its own: the engine would keep everything that is dumped.
    command: [
      "docker",
      ...["run", "--rm", "--interactive", "--network", "host", "--log-driver", "none"],
      ...["--user", "postgres", "--entrypoint", "bash", ...variables, IMAGE()],
      ...["-c", MAJOR_CHECK + SCRIPTS[program], "-", `${major}`, program, ...args],
    ],
    environment: {},
    preamble: `${password ?? ""}\n`,
  }
}

const majors = new Map<string, Promise<number | undefined>>()

/** The major version of `program` on this machine, if it is here. */
function majorOf(program: string): Promise<number | undefined> {
  const known = majors.get(program) ?? askMajor(program)
  majors.set(program, known)
  return known
}

async function askMajor(program: string): Promise<number | undefined> {
  if (!Bun.which(program)) return undefined
  const text = await new Response(Bun.spawn([program, "--version"]).stdout).text()
  return Number(/ (\d+)/.exec(text)?.[1]) || undefined
}

/** What libpq reads. `sslmode=require` is verified, as everywhere in Docket. */
function connectionVariables(url: string, more: string) {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const mode = searchParams.get("sslmode")
  const variables: Record<string, string> = {
    PGHOST: decodeURIComponent(hostname).replace(/^\[|\]$/g, ""),
    PGPORT: port || "5432",
    PGUSER: decodeURIComponent(username),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    PGCONNECT_TIMEOUT: "10",
    PGAPPNAME: "docket backup",
  }
  if (mode === "require" || mode === "verify-full")
    Object.assign(variables, { PGSSLMODE: "verify-full", PGSSLROOTCERT: "system" })
  else if (mode) variables.PGSSLMODE = mode
  const options = `${searchParams.get("options") ?? ""} ${more}`.trim()
  if (options) variables.PGOPTIONS = options
  return { ...variables, password: password === "" ? undefined : decodeURIComponent(password) } as Record<
    string,
    string
  > & { password: string | undefined }
}
