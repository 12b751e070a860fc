import type { Catalogue } from "./catalogue.ts"

export const fr: Catalogue = {
  greeting: (name) => `Bonjour ${name},`,
  colon: " :",
  linkInFull: "Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur :",
  letters: {
    "verify-email": ({ site }) => ({
      subject: "Confirmez votre adresse e-mail",
      heading: "Confirmez votre adresse e-mail",
      paragraphs: ["Confirmez que cette adresse est la vôtre, et votre compte Docket sera prêt."],
      button: "Confirmer l’adresse",
      validity: "Le lien fonctionne une seule fois, pendant 24 heures.",
      reason: `Vous recevez cet e-mail parce que quelqu’un s’est inscrit sur ${site} avec cette adresse. Si ce n’était pas vous, ignorez-le : le compte reste inutilisable tant que l’adresse n’est pas confirmée.`,
    }),
    "reset-password": ({ site }) => ({
      subject: "Choisissez un nouveau mot de passe",
      heading: "Choisissez un nouveau mot de passe",
      paragraphs: [
        "Ce lien vous permet de choisir un nouveau mot de passe pour votre compte Docket. Par sécurité, vous serez déconnecté de tous vos appareils.",
      ],
      button: "Choisir un mot de passe",
      validity: "Le lien fonctionne une seule fois, pendant une heure.",
      reason: `Vous recevez cet e-mail parce que quelqu’un a indiqué sur ${site} avoir oublié le mot de passe de cette adresse. Si ce n’était pas vous, ignorez-le : votre mot de passe ne change pas.`,
    }),
    "change-email": ({ site }) => ({
      subject: "Confirmez votre nouvelle adresse e-mail",
      heading: "Confirmez votre nouvelle adresse",
      paragraphs: [
        "Confirmez que cette adresse est la vôtre. C’est avec elle que vous vous connecterez ensuite à Docket.",
      ],
      button: "Confirmer l’adresse",
      validity: "Le lien fonctionne une seule fois, pendant 24 heures.",
      reason: `Vous recevez cet e-mail parce que quelqu’un a indiqué cette adresse comme la nouvelle adresse de son compte sur ${site}. Si ce n’était pas vous, ignorez-le : rien ne change.`,
    }),
    "password-changed": ({ site, when }) => ({
      subject: "Votre mot de passe a été modifié",
      heading: "Votre mot de passe a été modifié",
      paragraphs: [
        `Le mot de passe de votre compte Docket a été modifié le ${when}, et les autres appareils ont été déconnectés.`,
        "Si c’était vous, il n’y a rien à faire. Sinon, choisissez tout de suite un nouveau mot de passe : quelqu’un d’autre a peut-être accès à votre compte.",
      ],
      button: "Choisir un mot de passe",
      validity: null,
      reason: `Cet e-mail est envoyé chaque fois que le mot de passe d’un compte sur ${site} est modifié.`,
    }),
    "email-changed": ({ site }) => ({
      subject: "Votre adresse e-mail a été modifiée",
      heading: "Votre adresse e-mail a été modifiée",
      paragraphs: [
        "Votre compte Docket a désormais une autre adresse e-mail. Celle-ci ne permet plus de se connecter.",
        `Si ce n’était pas vous, écrivez sans attendre aux personnes qui gèrent ${site}. Elles peuvent vous rendre votre compte.`,
      ],
      button: null,
      validity: null,
      reason: `Cet e-mail est envoyé à l’ancienne adresse chaque fois que celle d’un compte sur ${site} est modifiée. Si c’était vous, il n’y a rien à faire.`,
    }),
    "registration-attempted": ({ site }) => ({
      subject: "Vous avez déjà un compte",
      heading: "Vous avez déjà un compte",
      paragraphs: [
        "Quelqu’un a essayé de s’inscrire à Docket avec cette adresse. Si c’était vous : vous avez déjà un compte, il suffit de vous connecter. Si vous ne vous souvenez plus du mot de passe, vous pourrez en choisir un nouveau.",
      ],
      button: "Se connecter",
      validity: null,
      reason: `Vous recevez cet e-mail parce que quelqu’un a essayé de s’inscrire sur ${site} avec cette adresse. Si ce n’était pas vous, ignorez-le : cette personne n’a rien appris, et votre compte est intact.`,
    }),
    "deletion-scheduled": ({ site, when }) => ({
      subject: "Votre compte va être supprimé",
      heading: "Votre compte va être supprimé",
      paragraphs: [
        `Votre compte Docket, avec toutes ses listes et ses tâches, sera supprimé le ${when}.`,
        "D’ici là, vous pouvez changer d’avis : connectez-vous et conservez-le.",
      ],
      button: "Conserver mon compte",
      validity: null,
      reason: `Vous recevez cet e-mail parce que la suppression de votre compte sur ${site} a été demandée, avec votre mot de passe. Si ce n’était pas vous, conservez le compte et changez tout de suite de mot de passe.`,
    }),
  },
}
