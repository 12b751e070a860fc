import type { sync as english } from "../en/sync.ts"
import type { Translation } from "../message.ts"

export const sync: Translation<typeof english> = {
  "sync.newVersion": "Nouvelle version disponible.",
  "sync.title": "Tout n’est pas enregistré",
  "sync.none": "Tout va bien de nouveau.",
  "sync.not-kept":
    "Ce navigateur ne stocke rien pour Docket : c’est une fenêtre privée, ou le stockage est bloqué. Tout fonctionne, mais ce qui n’est pas encore envoyé est perdu à la fermeture de cette page. S’il bloque aussi les cookies, il faudra vous reconnecter au bout de 15 minutes.",
  "sync.disk":
    "Cet appareil n’a pas pu stocker vos dernières modifications ; son espace est peut-être plein. Elles restent dans cette page et seront stockées dès qu’il y aura de la place. Gardez-la ouverte jusque-là.",
  "sync.mended":
    "Ce que cet appareil avait stocké était illisible et a été téléchargé de nouveau. Les modifications non envoyées ont été gardées tant qu’elles étaient lisibles.",
  "sync.outdated":
    "Cette page est trop ancienne pour le serveur. Rechargez-la : vos modifications sont gardées et seront envoyées alors.",
  "sync.ahead":
    "Le serveur est revenu à une version antérieure qui ne comprend pas cette page. Vos modifications sont gardées et seront envoyées plus tard.",
  "sync.failing": "Le serveur échoue en ce moment. Vos modifications sont gardées, et nous réessayons.",
  "sync.refused": {
    one: "{count} modification n’a pas été acceptée. Elle est gardée ici jusqu’à votre décision.",
    other: "{count} modifications n’ont pas été acceptées. Elles sont gardées ici jusqu’à votre décision.",
  },
  "sync.tryAllAgain": "Tout réessayer",
  "sync.copy": "Copier",
  "sync.discard": "Abandonner",
  "sync.discardSure": "Abandonner cette modification ? Elle ne pourra pas être récupérée.",
  "refused.not-found": "Ce qu’elle modifie n’existe plus.",
  "refused.read-only": "Vous pouvez lire cette liste, mais pas la modifier.",
  "refused.list-is-trashed": "La liste est dans la corbeille. Restaurez-la d’abord.",
  "refused.list-is-full": "La liste est pleine.",
  "refused.too-many-lists": "Vous avez autant de listes qu’un compte peut en avoir.",
  "refused.inbox-is-permanent": "La boîte de réception reste : elle ne peut être ni archivée ni supprimée.",
  "refused.invalid-input": "Quelque chose n’y est pas valide.",
  "refused.needs-refused": "Elle dépend de quelque chose qui n’a pas été accepté non plus.",
  "refused.too-long-ago":
    "Elle a été envoyée il y a si longtemps qu’on ne sait pas si elle est arrivée. Vérifiez, puis réessayez ou abandonnez-la.",
  "sync.wasRefused": {
    one: "Ce n’est pas enregistré, tout est comme avant : {reason} Ce que vous vouliez est gardé.",
    other:
      "{count} modifications ne sont pas enregistrées, tout est comme avant : {reason} Ce que vous vouliez est gardé.",
  },
  "refused.unknown": "Le serveur ne l’a pas accepté.",
  "refused.newer": "Elle vient d’une version plus récente de Docket, et l’attend.",
  "sync.saving": "Enregistrement…",
  "sync.offline": "Pas de connexion. Nouvel essai…",
  "sync.offlineUnsent": {
    one: "Pas de connexion. {count} modification est gardée sur cet appareil et attend.",
    other: "Pas de connexion. {count} modifications sont gardées sur cet appareil et attendent.",
  },
  "sync.problem": "Tout n’a pas pu être enregistré. Voir pourquoi",
  "sync.signOutUnsent": {
    one: "{count} modification n’est pas encore enregistrée et serait perdue. Se déconnecter quand même ?",
    other:
      "{count} modifications ne sont pas encore enregistrées et seraient perdues. Se déconnecter quand même ?",
  },
}
