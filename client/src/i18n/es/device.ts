import type { device as english } from "../en/device.ts"
import type { Translation } from "../message.ts"

export const device: Translation<typeof english> = {
  "device.title": "Sincronización",
  "device.idle": "Todo está guardado.",
  "device.problem": "Algo requiere tu atención: se indica abajo.",
  "device.signed-out": "Has salido de tu cuenta. Lo que cambiaste se guarda aquí hasta que entres.",
  "device.syncNow": "Sincronizar ahora",
  "device.waiting": {
    one: "{count} cambio espera a ser enviado.",
    other: "{count} cambios esperan a ser enviados.",
  },
  "device.more": { one: "Y {count} más.", other: "Y {count} más." },
  "device.unsaved": "aún no guardado en este dispositivo",
  "device.storageTitle": "Almacenamiento",
  "device.used": "Docket usa {used} de los {quota} que puede usar aquí.",
  "device.usedUnknown": "Este navegador no indica cuánto se guarda.",
  "device.persisted": "El navegador lo conserva hasta que lo borres.",
  "device.notPersisted":
    "Si falta espacio, el navegador puede borrarlo. Lo enviado está a salvo en el servidor.",
  "device.persist": "Pedir al navegador que lo conserve",
  "device.persistRefused":
    "El navegador no aceptó. Suele hacerlo si Docket está instalado o se usa un tiempo.",
  "device.opensOffline": "Docket se abre aquí sin conexión.",
  "device.needsNetwork":
    "Para abrir Docket aquí hace falta conexión: este navegador no ha guardado la página.",
  "device.installTitle": "Instalar",
  "device.installText": "Instalado, Docket tiene un icono y una ventana propios.",
  "device.install": "Instalar Docket",
  "device.installByShare": "En Safari, pulsa Compartir y luego «Añadir a pantalla de inicio».",
  "device.supportTitle": "Para asistencia",
  "device.supportText":
    "Lo que puede pedirte quien te ayude. El archivo contiene esto y el texto de los cambios en espera; ninguna contraseña ni clave.",
  "device.browser": "Navegador",
  "device.account": "Cuenta",
  "device.session": "Sesión",
  "device.epoch": "Base de datos",
  "device.leads": "Habla con el servidor",
  "device.thisTab": "esta pestaña",
  "device.otherTab": "otra pestaña",
  "device.spaces": "Hasta dónde ha leído",
  "device.errors": "Últimos errores",
  "device.noErrors": "No hubo ninguno.",
  "device.times": { one: "{count} vez", other: "{count} veces" },
  "device.saveFile": "Guardar en un archivo",
  "device.repairTitle": "Reparar",
  "device.repairText":
    "Si las listas o tareas se ven mal solo en este dispositivo, haz que las descargue todas de nuevo. Los cambios en espera se conservan.",
  "device.repair": "Descargar todo de nuevo",
  "device.repairing": "Se descarga todo de nuevo. Los cambios en espera se conservan.",
}
