import { Elysia, t } from "elysia"
import { callerAddress } from "../caller-address.ts"
import type { Dependencies } from "../dependencies.ts"
import { operation } from "../openapi/operation.ts"
import { meRoutes } from "./me-routes.ts"
import { register } from "./register.ts"
import { requestPasswordReset, resetPassword } from "./reset-password.ts"
import {
  activeShape,
  emailConfirmation,
  emailOnly,
  nothingTold,
  passwordReset,
  registration,
  verificationSentShape,
} from "./shapes.ts"
import { confirmEmail, resendVerification } from "./verify-email.ts"

export const accountRoutes = (dependencies: Dependencies) =>
  new Elysia({ name: "accounts", normalize: false })
    .use(registrationRoutes(dependencies))
    .use(meRoutes(dependencies))

/** What someone who is not signed in does about an account. */
const registrationRoutes = (dependencies: Dependencies) =>
  new Elysia({ prefix: "/api", name: "registration", normalize: false })
    .use(callerAddress(dependencies))
    .post(
      "/accounts",
      async ({ body, address, status }) => {
        const outcome = await register(dependencies, body, address)
        return outcome === "active"
          ? status(201, { status: outcome } as const)
          : status(202, { status: outcome } as const)
      },
      {
        body: registration,
        response: { 201: activeShape, 202: verificationSentShape },
        detail: operation({
          id: "register",
          tag: "Accounts",
          summary: "Register",
          description:
            "Sends a letter with a link that shows the address to be one's own; the answer is the same for an address that has an account. Where no mail is configured the account is active at once.",
          public: true,
          problems: { 403: ["registration-closed"], 409: ["email-taken"] },
        }),
      },
    )
    .post(
      "/email-verifications",
      async ({ body, address, status }) => {
        await resendVerification(dependencies, body.email, address)
        return status(202, {})
      },
      {
        body: emailOnly,
        response: { 202: nothingTold },
        detail: operation({
          id: "resendVerification",
          tag: "Accounts",
          summary: "Send the link again",
          description: "The same answer whether or not the address waits for a link.",
          public: true,
        }),
      },
    )
    .post(
      "/email-verifications/confirmation",
      async ({ body, address, set }) => {
        await confirmEmail(dependencies, body.token, address)
        set.status = 204
      },
      {
        body: emailConfirmation,
        response: { 204: t.Void() },
        detail: operation({
          id: "confirmEmail",
          tag: "Accounts",
          summary: "Confirm an address by the token of a letter",
          description:
            "A new account's address, or one that an account changes to. Confirming again within the hour succeeds again.",
          public: true,
          problems: { 409: ["email-taken"], 410: ["link-expired"] },
        }),
      },
    )
    .post(
      "/password-resets",
      async ({ body, address, status }) => {
        await requestPasswordReset(dependencies, body.email, address)
        return status(202, {})
      },
      {
        body: emailOnly,
        response: { 202: nothingTold },
        detail: operation({
          id: "requestPasswordReset",
          tag: "Accounts",
          summary: "Send a link to choose a new password by",
          description: "The same answer whether or not the address has an account.",
          public: true,
          problems: { 501: ["mail-not-configured"] },
        }),
      },
    )
    .post(
      "/password-resets/confirmation",
      async ({ body, address, set }) => {
        await resetPassword(dependencies, body, address)
        set.status = 204
      },
      {
        body: passwordReset,
        response: { 204: t.Void() },
        detail: operation({
          id: "resetPassword",
          tag: "Accounts",
          summary: "Choose a new password by the token of a letter",
          description: "Ends every session of the account.",
          public: true,
          problems: { 410: ["link-expired"] },
        }),
      },
    )
