import type { Catalogue } from "./catalogue.ts"

export const es: Catalogue = {
  greeting: (name) => `Hola, ${name}:`,
  colon: ":",
  linkInFull: "Si el botón no funciona, copia esta dirección en tu navegador:",
  letters: {
    "verify-email": ({ site }) => ({
      subject: "Confirma tu correo electrónico",
      heading: "Confirma tu correo electrónico",
      paragraphs: ["Confirma que esta dirección es tuya y tu cuenta de Docket estará lista."],
      button: "Confirmar la dirección",
      validity: "El enlace sirve una sola vez, durante 24 horas.",
      reason: `Recibes este correo porque alguien se registró en ${site} con esta dirección. Si no fuiste tú, ignóralo: la cuenta no se puede usar mientras la dirección no esté confirmada.`,
    }),
    "reset-password": ({ site }) => ({
      subject: "Elige una contraseña nueva",
      heading: "Elige una contraseña nueva",
      paragraphs: [
        "Con este enlace eliges una contraseña nueva para tu cuenta de Docket. Por seguridad, se cerrará la sesión en todos tus dispositivos.",
      ],
      button: "Elegir una contraseña",
      validity: "El enlace sirve una sola vez, durante una hora.",
      reason: `Recibes este correo porque alguien indicó en ${site} que olvidó la contraseña de esta dirección. Si no fuiste tú, ignóralo: tu contraseña sigue siendo la misma.`,
    }),
    "change-email": ({ site }) => ({
      subject: "Confirma tu nuevo correo electrónico",
      heading: "Confirma tu nueva dirección",
      paragraphs: [
        "Confirma que esta dirección es tuya. A partir de entonces iniciarás sesión en Docket con ella.",
      ],
      button: "Confirmar la dirección",
      validity: "El enlace sirve una sola vez, durante 24 horas.",
      reason: `Recibes este correo porque alguien indicó esta dirección como la nueva de su cuenta en ${site}. Si no fuiste tú, ignóralo: no cambiará nada.`,
    }),
    "password-changed": ({ site, when }) => ({
      subject: "Tu contraseña ha cambiado",
      heading: "Tu contraseña ha cambiado",
      paragraphs: [
        `La contraseña de tu cuenta de Docket se cambió el ${when} y se cerró la sesión en los demás dispositivos.`,
        "Si fuiste tú, no tienes que hacer nada. Si no, elige ya una contraseña nueva: puede que otra persona tenga acceso a tu cuenta.",
      ],
      button: "Elegir una contraseña",
      validity: null,
      reason: `Enviamos este correo siempre que se cambia la contraseña de una cuenta en ${site}.`,
    }),
    "email-changed": ({ site }) => ({
      subject: "Tu correo electrónico ha cambiado",
      heading: "Tu correo electrónico ha cambiado",
      paragraphs: [
        "Tu cuenta de Docket tiene ahora otra dirección de correo. Con esta ya no se puede iniciar sesión.",
        `Si no fuiste tú, escribe cuanto antes a quienes administran ${site}. Pueden devolverte la cuenta.`,
      ],
      button: null,
      validity: null,
      reason: `Enviamos este correo a la dirección anterior siempre que se cambia la de una cuenta en ${site}. Si fuiste tú, no tienes que hacer nada.`,
    }),
    "registration-attempted": ({ site }) => ({
      subject: "Ya tienes una cuenta",
      heading: "Ya tienes una cuenta",
      paragraphs: [
        "Alguien intentó registrarse en Docket con esta dirección. Si fuiste tú: ya tienes una cuenta, así que solo tienes que iniciar sesión. Si no recuerdas la contraseña, allí puedes elegir una nueva.",
      ],
      button: "Iniciar sesión",
      validity: null,
      reason: `Recibes este correo porque alguien intentó registrarse en ${site} con esta dirección. Si no fuiste tú, ignóralo: no ha averiguado nada y tu cuenta está intacta.`,
    }),
    "deletion-scheduled": ({ site, when }) => ({
      subject: "Tu cuenta se eliminará",
      heading: "Tu cuenta se eliminará",
      paragraphs: [
        `Tu cuenta de Docket, con todas sus listas y tareas, se eliminará el ${when}.`,
        "Hasta entonces puedes cambiar de opinión: inicia sesión y consérvala.",
      ],
      button: "Conservar mi cuenta",
      validity: null,
      reason: `Recibes este correo porque se pidió eliminar tu cuenta en ${site}, con tu contraseña. Si no fuiste tú, conserva la cuenta y cambia tu contraseña ya.`,
    }),
  },
}
