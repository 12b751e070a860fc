import type { device as english } from "../en/device.ts"
import type { Translation } from "../message.ts"

export const device: Translation<typeof english> = {
  "device.title": "Synchronisation",
  "device.idle": "Tout est enregistré.",
  "device.problem": "Quelque chose demande votre attention : voir ci-dessous.",
  "device.signed-out": "Vous êtes déconnecté. Vos modifications sont gardées ici jusqu’à votre connexion.",
  "device.syncNow": "Synchroniser maintenant",
  "device.waiting": {
    one: "{count} modification attend d’être envoyée.",
    other: "{count} modifications attendent d’être envoyées.",
  },
  "device.more": { one: "Et {count} autre.", other: "Et {count} autres." },
  "device.unsaved": "pas encore stocké sur cet appareil",
  "device.storageTitle": "Stockage",
  "device.used": "Docket utilise {used} des {quota} dont il dispose ici.",
  "device.usedUnknown": "Ce navigateur n’indique pas ce qui est stocké.",
  "device.persisted": "Le navigateur le garde jusqu’à ce que vous l’effaciez.",
  "device.notPersisted":
    "Si la place manque, le navigateur peut l’effacer. Ce qui a été envoyé est en sécurité sur le serveur.",
  "device.persist": "Demander au navigateur de le garder",
  "device.persistRefused":
    "Le navigateur a refusé. Il accepte souvent une fois Docket installé, ou utilisé quelque temps.",
  "device.opensOffline": "Docket s’ouvre ici sans connexion.",
  "device.needsNetwork":
    "Pour ouvrir Docket ici, il faut une connexion : ce navigateur n’a pas gardé la page.",
  "device.installTitle": "Installer",
  "device.installText": "Une fois installé, Docket a son icône et sa fenêtre.",
  "device.install": "Installer Docket",
  "device.installByShare": "Dans Safari, touchez Partager, puis « Sur l’écran d’accueil ».",
  "device.supportTitle": "Pour l’assistance",
  "device.supportText":
    "Ce que peut demander qui vous aide. Le fichier contient ceci et le texte des modifications en attente ; ni mot de passe ni clé.",
  "device.browser": "Navigateur",
  "device.account": "Compte",
  "device.session": "Session",
  "device.epoch": "Base de données",
  "device.leads": "Parle au serveur",
  "device.thisTab": "cet onglet",
  "device.otherTab": "un autre onglet",
  "device.spaces": "Jusqu’où il a lu",
  "device.errors": "Dernières erreurs",
  "device.noErrors": "Il n’y en a pas eu.",
  "device.times": { one: "{count} fois", other: "{count} fois" },
  "device.saveFile": "Enregistrer dans un fichier",
  "device.repairTitle": "Réparer",
  "device.repairText":
    "Si des listes ou des tâches semblent fausses sur cet appareil seulement, faites-les toutes télécharger de nouveau. Les modifications en attente sont gardées.",
  "device.repair": "Tout télécharger de nouveau",
  "device.repairing": "Tout est téléchargé de nouveau. Les modifications en attente sont gardées.",
}
