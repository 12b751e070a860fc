import type { problems as english } from "../en/problems.ts"
import type { Translation } from "../message.ts"

export const problems: Translation<typeof english> = {
  "problem.invalid-input": "Quelque chose n’est pas valable. Veuillez vérifier.",
  "problem.malformed-json": "Le serveur n’a pas pu lire l’envoi de la page. Veuillez la recharger.",
  "problem.unauthenticated": "Vous êtes déconnecté. Veuillez vous reconnecter.",
  "problem.wrong-credentials": "L’adresse ou le mot de passe est incorrect.",
  "problem.wrong-password": "Ce n’est pas votre mot de passe actuel.",
  "problem.email-not-verified":
    "Votre adresse n’est pas encore confirmée. Ouvrez le lien de l’e-mail que nous vous avons envoyé.",
  "problem.registration-closed":
    "Cette instance n’accepte pas de nouveaux comptes. Adressez-vous à la personne qui la gère.",
  "problem.origin-not-allowed":
    "Le serveur n’autorise pas cette adresse de la page. La personne qui le gère doit régler FRONTEND_URL.",
  "problem.not-found": "Cet élément n’existe plus.",
  "problem.route-not-found": "Le serveur ne connaît pas cette requête. Veuillez recharger la page.",
  "problem.method-not-allowed": "Le serveur ne connaît pas cette requête. Veuillez recharger la page.",
  "problem.id-taken": "Ceci a déjà été enregistré sous une autre forme. Veuillez recharger la page.",
  "problem.email-taken": "Cette adresse a déjà un compte.",
  "problem.inbox-is-permanent": "La boîte de réception reste : on ne peut ni l’archiver ni la supprimer.",
  "problem.list-is-trashed": "La liste est dans la corbeille. Restaurez-la d’abord.",
  "problem.link-expired": "Ce lien a déjà servi ou a expiré.",
  "problem.precondition-failed":
    "Ceci a été modifié ailleurs entre-temps. Vérifiez, puis refaites votre changement.",
  "problem.too-large": "C’est trop volumineux pour être enregistré.",
  "problem.unsupported-media-type": "Le serveur n’a pas pu lire l’envoi de la page. Veuillez la recharger.",
  "problem.internal":
    "Une erreur s’est produite sur le serveur. Votre saisie est conservée ; veuillez réessayer.",
  "problem.mail-not-configured":
    "Cette instance ne peut pas envoyer d’e-mails. Adressez-vous à la personne qui la gère.",
  "problem.database-unavailable":
    "Le serveur ne peut pas joindre sa base de données. Votre saisie est conservée ; réessayez bientôt.",
  "problem.timed-out": "Le serveur a mis trop de temps. Votre saisie est conservée ; veuillez réessayer.",
}
