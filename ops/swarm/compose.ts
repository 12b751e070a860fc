/** Runs the docker command on the engine, `input` on its standard input, and resolves to what it printed. */
export type Docker = (args: string[], input?: string) => Promise<string>

/** A Compose document as far as it is changed here. Nothing in it is interpolated any more. */
export type Compose = {
  services: Record<string, ComposeService>
  networks: Record<string, unknown>
  volumes: Record<string, { name?: string } | null>
  configs: Record<string, { file: string; name?: string }>
  secrets: Record<string, { external: true; name?: string }>
}
export type ComposeService = {
  image: string
  command?: string[]
  environment?: Record<string, string>
  secrets?: { source: string; [member: string]: unknown }[]
  configs?: { source: string; [member: string]: unknown }[]
  networks: string[]
  deploy: { replicas: number; labels?: Record<string, string>; [member: string]: unknown }
  [member: string]: unknown
}
