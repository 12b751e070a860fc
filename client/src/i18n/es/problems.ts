import type { problems as english } from "../en/problems.ts"
import type { Translation } from "../message.ts"

export const problems: Translation<typeof english> = {
  "problem.invalid-input": "Hay algo que no es válido. Revísalo, por favor.",
  "problem.malformed-json": "El servidor no entendió lo que envió la página. Recárgala, por favor.",
  "problem.unauthenticated": "Tu sesión ha terminado. Vuelve a iniciarla.",
  "problem.wrong-credentials": "El correo o la contraseña no son correctos.",
  "problem.wrong-password": "Esa no es tu contraseña actual.",
  "problem.email-not-verified":
    "Tu dirección aún no está confirmada. Abre el enlace del correo que te enviamos.",
  "problem.registration-closed": "Esta instancia no admite cuentas nuevas. Pregunta a quien la administra.",
  "problem.origin-not-allowed":
    "El servidor no permite esta dirección de la página. Quien lo administra debe configurar FRONTEND_URL.",
  "problem.not-found": "Esto ya no está.",
  "problem.route-not-found": "El servidor no conoce esta petición. Recarga la página.",
  "problem.method-not-allowed": "El servidor no conoce esta petición. Recarga la página.",
  "problem.id-taken": "Esto ya se guardó de otra forma. Recarga la página.",
  "problem.email-taken": "Esta dirección ya tiene una cuenta.",
  "problem.inbox-is-permanent": "La bandeja de entrada se queda: no se puede archivar ni eliminar.",
  "problem.list-is-trashed": "La lista está en la papelera. Restáurala primero.",
  "problem.link-expired": "Este enlace ya se usó o ha caducado.",
  "problem.precondition-failed": "Se cambió en otro sitio mientras tanto. Revísalo y repite tu cambio.",
  "problem.too-large": "Es demasiado grande para guardarlo.",
  "problem.unsupported-media-type": "El servidor no entendió lo que envió la página. Recárgala, por favor.",
  "problem.internal": "Algo falló en el servidor. Lo que escribiste sigue aquí; inténtalo de nuevo.",
  "problem.mail-not-configured": "Esta instancia no puede enviar correos. Pregunta a quien la administra.",
  "problem.database-unavailable":
    "El servidor no puede acceder a su base de datos. Lo que escribiste sigue aquí; reinténtalo en un momento.",
  "problem.timed-out": "El servidor tardó demasiado. Lo que escribiste sigue aquí; inténtalo de nuevo.",
}
