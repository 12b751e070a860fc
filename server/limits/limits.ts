/** At most `burst` at once, and then one in every `every` seconds. */
export type Limit = { name: string; burst: number; every: number }

/**
 * Every limit there is. A person does not meet them; whoever guesses or floods does. `network` is an IPv4 address or
 * an IPv6 /64 (networks.ts); what is counted by account is counted by the address that was typed, whether or not
 * it has an account, so a limit tells nothing.
 */
export const LIMITS = {
  /** Sign-ins, right or wrong: an office behind one address signs in of a morning. */
  signInsByNetwork: { name: "sign-in/network", burst: 100, every: 3 },
  /** Wrong ones: one caller trying many accounts. */
  wrongPasswordsByNetwork: { name: "wrong-password/network", burst: 30, every: 20 },
  /** Wrong ones for one account from one network. */
  wrongPasswordsByAccountAndNetwork: { name: "wrong-password/account+network", burst: 10, every: 60 },
  /**
   * Wrong ones for one account from all the networks it has had no session from. One that it has had a session
   * from is not counted here, so strangers cannot lock its person out.
   */
  wrongPasswordsByAccount: { name: "wrong-password/account", burst: 50, every: 60 },
  /** The current password asked for again of someone signed in. */
  passwordChecks: { name: "password-check/account", burst: 10, every: 60 },
  registrationsByNetwork: { name: "registration/network", burst: 30, every: 120 },
  /** Letters that a stranger can have sent: registration, resend, forgot. */
  lettersByNetwork: { name: "letter/network", burst: 30, every: 60 },
  lettersByAddressAndNetwork: { name: "letter/address+network", burst: 4, every: 300 },
  /** As with wrong passwords: only from networks the account has had no session from. */
  lettersByAddress: { name: "letter/address", burst: 10, every: 900 },
  /** Changes of the e-mail address, each of which writes to an address of the caller's choice. */
  emailChanges: { name: "email-change/account", burst: 5, every: 900 },
  confirmationsByNetwork: { name: "confirmation/network", burst: 60, every: 5 },
  refreshesBySession: { name: "refresh/session", burst: 30, every: 10 },
  /** Refreshes with a token that is no good. */
  badRefreshesByNetwork: { name: "bad-refresh/network", burst: 60, every: 5 },
  /** Errors that pages tell of; one page tells of ten at most. */
  pageErrorsByNetwork: { name: "page-error/network", burst: 30, every: 30 },
  exports: { name: "export/account", burst: 3, every: 1200 },
} satisfies Record<string, Limit>
