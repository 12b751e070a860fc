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
  "shell.failureTitle": "Algo falló en esta página",
  "shell.failureText": "Lo que guardaste está a salvo. Recarga la página para continuar.",
  "shell.offlineTitle": "Sin conexión",
  "shell.offlineText": "No se pudo cargar esta página. Comprueba la conexión y recarga.",
  "shell.reload": "Recargar",
  "accounts.signOut": "Cerrar sesión",
  "unreachable.title": "No se puede conectar con Docket",
  "unreachable.text": "Comprueba la conexión. También lo reintentamos por nuestra cuenta.",
  "forms.tryAgain": "Reintentar",
  "forms.working": "Un momento…",
  "problem.unreachable":
    "No se puede conectar con Docket. Lo que escribiste sigue aquí: comprueba la conexión y reinténtalo.",
  "problem.unknown": "Ha ocurrido algo inesperado. Lo que escribiste sigue aquí; inténtalo de nuevo.",
  "problem.too-many-requests": "Demasiados intentos. Puedes continuar en {wait}.",
}
