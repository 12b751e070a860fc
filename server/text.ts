/** A title or a name as it is kept: one line, composed (Unicode NFC), without white space around it. */
export const singleLine = (text: string) =>
  text
    .normalize("NFC")
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, " ")
    .trim()

/** Longer text as it is kept: composed (Unicode NFC), lines ended by a line feed. */
export const multiLine = (text: string) => text.normalize("NFC").replace(/\r\n?/g, "\n")
