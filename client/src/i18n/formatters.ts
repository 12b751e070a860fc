type Kind<Formatter, Options> = new (language: string, options?: Options) => Formatter

const made = new Map<string, unknown>()

/** The browser's formatter of this kind. Making one takes longer than a hundred uses of it, so each is made once. */
export function formatter<Formatter, Options>(
  kind: Kind<Formatter, Options>,
  language: string,
  options?: Options,
): Formatter {
  const key = `${kind.name} ${language} ${JSON.stringify(options)}`
  const known = (made.get(key) as Formatter | undefined) ?? new kind(language, options)
  made.set(key, known)
  return known
}
