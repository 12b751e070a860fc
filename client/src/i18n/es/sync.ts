import type { sync as english } from "../en/sync.ts"
import type { Translation } from "../message.ts"

export const sync: Translation<typeof english> = {
  "sync.newVersion": "Hay una nueva versión.",
  "sync.title": "No todo está guardado",
  "sync.none": "Todo vuelve a estar bien.",
  "sync.not-kept":
    "Este navegador no guarda nada para Docket: es una ventana privada o el almacenamiento está bloqueado. Todo funciona, pero lo que aún no se ha enviado se pierde al cerrar esta página. Si también bloquea las cookies, tendrás que volver a iniciar sesión a los 15 minutos.",
  "sync.disk":
    "Este dispositivo no pudo guardar tus últimos cambios; puede que no le quede espacio. Siguen en esta página y se guardarán en cuanto haya espacio. No la cierres hasta entonces.",
  "sync.mended":
    "No se pudo leer lo que este dispositivo tenía guardado y se ha vuelto a descargar. Los cambios sin enviar se conservaron en la medida en que se podían leer.",
  "sync.outdated":
    "Esta página es demasiado antigua para el servidor. Recárgala: tus cambios se conservan y se enviarán entonces.",
  "sync.ahead":
    "El servidor volvió a una versión anterior que no entiende esta página. Tus cambios se conservan y se enviarán más tarde.",
  "sync.failing": "El servidor falla en este momento. Tus cambios se conservan y volveremos a intentarlo.",
  "sync.refused": {
    one: "{count} cambio no se aceptó. Se conserva aquí hasta que decidas.",
    other: "{count} cambios no se aceptaron. Se conservan aquí hasta que decidas.",
  },
  "sync.tryAllAgain": "Reintentar todo",
  "sync.copy": "Copiar",
  "sync.discard": "Descartar",
  "sync.discardSure": "¿Descartar este cambio? No se podrá recuperar.",
  "refused.not-found": "Lo que cambia ya no está.",
  "refused.read-only": "Puedes leer esta lista, pero no cambiarla.",
  "refused.list-is-trashed": "La lista está en la papelera. Restáurala primero.",
  "refused.list-is-full": "La lista está llena.",
  "refused.too-many-lists": "Ya tienes todas las listas que una cuenta puede tener.",
  "refused.inbox-is-permanent": "La bandeja de entrada se queda: no se puede archivar ni eliminar.",
  "refused.invalid-input": "Algo en él no es válido.",
  "refused.needs-refused": "Necesita algo que tampoco se aceptó.",
  "refused.too-long-ago":
    "Se envió hace tanto que no se sabe si llegó. Compruébalo y reinténtalo o descártalo.",
  "sync.wasRefused": {
    one: "No se guardó, y todo queda como estaba: {reason} Lo que querías se conserva.",
    other: "{count} cambios no se guardaron, y todo queda como estaba: {reason} Lo que querías se conserva.",
  },
  "refused.unknown": "El servidor no lo aceptó.",
  "refused.newer": "Se hizo con una versión más nueva de Docket, y la espera.",
  "sync.saving": "Guardando…",
  "sync.offline": "Sin conexión. Reintentando…",
  "sync.offlineUnsent": {
    one: "Sin conexión. {count} cambio guardado en este dispositivo espera.",
    other: "Sin conexión. {count} cambios guardados en este dispositivo esperan.",
  },
  "sync.problem": "No se pudo guardar todo. Ver por qué",
  "sync.signOutUnsent": {
    one: "{count} cambio aún no se ha guardado y se perdería. ¿Cerrar sesión de todos modos?",
    other: "{count} cambios aún no se han guardado y se perderían. ¿Cerrar sesión de todos modos?",
  },
}
