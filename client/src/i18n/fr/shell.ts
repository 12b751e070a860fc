import type { shell as english } from "../en/shell.ts"
import type { Translation } from "../message.ts"

export const shell: Translation<typeof english> = {
  "shell.skip": "Aller au contenu",
  "shell.menu": "Tous les endroits",
  "shell.places": "Endroits",
  "shell.bottomBar": "Endroits principaux",
  "shell.account": "Compte de {name}",
  "shell.settings": "Réglages",
  "shell.shortcuts": "Raccourcis clavier",
  "shell.undo": "Annuler",
  "shell.dismiss": "Fermer",
  "shell.close": "Fermer",
  "shell.failureTitle": "Un problème est survenu sur cette page",
  "shell.failureText": "Ce que vous avez enregistré est en sécurité. Rechargez la page pour continuer.",
  "shell.offlineTitle": "Pas de connexion",
  "shell.offlineText": "Cette page n’a pas pu être chargée. Vérifiez la connexion, puis rechargez.",
  "shell.reload": "Recharger",
  "accounts.signOut": "Se déconnecter",
  "unreachable.title": "Docket est injoignable",
  "unreachable.text": "Vérifiez la connexion. Nous réessayons aussi de notre côté.",
  "forms.tryAgain": "Réessayer",
  "forms.working": "Un instant…",
  "problem.unreachable":
    "Docket est injoignable. Votre saisie est conservée : vérifiez la connexion et réessayez.",
  "problem.unknown": "Un imprévu s’est produit. Votre saisie est conservée ; veuillez réessayer.",
  "problem.too-many-requests": "Trop d’essais. Vous pourrez continuer dans {wait}.",
}
