import type { faults as english } from "../en/faults.ts"
import type { Translation } from "../message.ts"

export const faults: Translation<typeof english> = {
  "unreachable.title": "No se puede conectar con Docket",
  "unreachable.text": "Comprueba la conexión. También lo reintentamos por nuestra cuenta.",
  "notFound.title": "Aquí no hay nada",
  "notFound.text": "Puede que la dirección esté mal escrita o que lo que había ya no esté.",
  "notFound.home": "Ir al inicio",
  "failure.title": "Algo se rompió en esta página",
  "failure.text": "Lo guardado está a salvo. Recarga la página para seguir.",
  "failure.reload": "Recargar la página",
}
