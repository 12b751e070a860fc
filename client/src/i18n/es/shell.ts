import type { shell as english } from "../en/shell.ts"
import type { Translation } from "../message.ts"

export const shell: Translation<typeof english> = {
  "shell.skip": "Ir al contenido",
  "shell.menu": "Todos los lugares",
  "shell.places": "Lugares",
  "shell.bottomBar": "Lugares principales",
  "shell.account": "Cuenta de {name}",
  "shell.settings": "Ajustes",
  "shell.shortcuts": "Atajos de teclado",
  "shell.undo": "Deshacer",
  "shell.dismiss": "Descartar",
  "shell.close": "Cerrar",
  "shell.saving": "Guardando…",
  "shell.offline": "Sin conexión. Reintentando…",
  "shell.offlineUnsent": {
    one: "Sin conexión. {count} cambio en espera; no cierres esta página.",
    other: "Sin conexión. {count} cambios en espera; no cierres esta página.",
  },
  "shell.notRead": "No se pudieron leer todas tus tareas. Reintentar",
  "shell.refused": {
    one: "No se guardó, y todo queda como estaba: {reason}",
    other: "{count} cambios no se guardaron, y todo queda como estaba: {reason}",
  },
  "shell.signOutUnsent": {
    one: "{count} cambio aún no se ha guardado y se perdería. ¿Cerrar sesión de todos modos?",
    other: "{count} cambios aún no se han guardado y se perderían. ¿Cerrar sesión de todos modos?",
  },
  "shell.notFoundTitle": "Aquí no hay nada",
  "shell.notFoundText": "Puede que la dirección esté mal escrita o que lo que había ya no esté.",
  "shell.toTodos": "Ir a tus tareas",
  "shell.failureTitle": "Algo falló en esta página",
  "shell.failureText": "Lo que guardaste está a salvo. Recarga la página para continuar.",
  "shell.offlineTitle": "Sin conexión",
  "shell.offlineText": "No se pudo cargar esta página. Comprueba la conexión y recarga.",
  "shell.reload": "Recargar",
}
