import type { Catalogue } from "./catalogue.ts"

export const en: Catalogue = {
  greeting: (name) => `Hello ${name},`,
  colon: ":",
  linkInFull: "If the button does not work, copy this address into your browser:",
  letters: {
    "verify-email": ({ site }) => ({
      subject: "Confirm your e-mail address",
      heading: "Confirm your e-mail address",
      paragraphs: ["Confirm that this address is yours, and your Docket account is ready."],
      button: "Confirm address",
      validity: "The link works once, within 24 hours.",
      reason: `This letter came because someone registered at ${site} with this address. If it wasn’t you, ignore it: the account can’t be used until the address is confirmed.`,
    }),
    "reset-password": ({ site }) => ({
      subject: "Choose a new password",
      heading: "Choose a new password",
      paragraphs: [
        "With this link you choose a new password for your Docket account. For safety this signs you out on every device.",
      ],
      button: "Choose a new password",
      validity: "The link works once, within one hour.",
      reason: `This letter came because someone said at ${site} that they forgot the password for this address. If it wasn’t you, ignore it: your password stays as it is.`,
    }),
    "change-email": ({ site }) => ({
      subject: "Confirm your new e-mail address",
      heading: "Confirm your new address",
      paragraphs: ["Confirm that this address is yours. From then on you sign in to Docket with it."],
      button: "Confirm address",
      validity: "The link works once, within 24 hours.",
      reason: `This letter came because someone gave this address as the new one of their account at ${site}. If it wasn’t you, ignore it: nothing changes.`,
    }),
    "password-changed": ({ site, when }) => ({
      subject: "Your password was changed",
      heading: "Your password was changed",
      paragraphs: [
        `The password of your Docket account was changed on ${when}, and other devices were signed out.`,
        "If it was you, there is nothing to do. If it wasn’t, choose a new password now: someone else may have access to your account.",
      ],
      button: "Choose a new password",
      validity: null,
      reason: `This letter comes whenever the password of an account at ${site} is changed.`,
    }),
    "email-changed": ({ site }) => ({
      subject: "Your e-mail address was changed",
      heading: "Your e-mail address was changed",
      paragraphs: [
        "Your Docket account now has another e-mail address. This one can no longer be used to sign in.",
        `If it wasn’t you, write to the people who run ${site} at once. They can give your account back to you.`,
      ],
      button: null,
      validity: null,
      reason: `This letter goes to the old address whenever the address of an account at ${site} is changed. If it was you, there is nothing to do.`,
    }),
    "registration-attempted": ({ site }) => ({
      subject: "You already have an account",
      heading: "You already have an account",
      paragraphs: [
        "Someone tried to register at Docket with this address. If it was you: you already have an account, so just sign in. If you don’t remember the password, you can choose a new one there.",
      ],
      button: "Sign in",
      validity: null,
      reason: `This letter came because someone tried to register at ${site} with this address. If it wasn’t you, ignore it: they learned nothing, and your account is untouched.`,
    }),
    "deletion-scheduled": ({ site, when }) => ({
      subject: "Your account will be deleted",
      heading: "Your account will be deleted",
      paragraphs: [
        `Your Docket account, with all its lists and todos, will be deleted on ${when}.`,
        "Until then you can change your mind: sign in and keep it.",
      ],
      button: "Keep my account",
      validity: null,
      reason: `This letter came because the deletion of your account at ${site} was asked for, with your password. If it wasn’t you, keep the account and change your password now.`,
    }),
  },
}
