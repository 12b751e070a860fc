import type { faults as english } from "../en/faults.ts"
import type { Translation } from "../message.ts"

export const faults: Translation<typeof english> = {
  "unreachable.title": "Docket est injoignable",
  "unreachable.text": "Vérifiez la connexion. Nous réessayons aussi de notre côté.",
  "notFound.title": "Il n’y a rien ici",
  "notFound.text": "L’adresse est peut-être mal saisie, ou ce qui était là a disparu.",
  "notFound.home": "Aller à l’accueil",
  "failure.title": "Quelque chose a cassé sur cette page",
  "failure.text": "Ce qui était enregistré est en sécurité. Rechargez la page pour continuer.",
  "failure.reload": "Recharger la page",
}
