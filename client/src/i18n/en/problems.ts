export const problems = {
  "problem.invalid-input": "Something in it is not valid. Please look it over.",
  "problem.malformed-json": "The server couldn’t read what the page sent. Please reload the page.",
  "problem.unauthenticated": "You’re signed out. Please sign in again.",
  "problem.wrong-credentials": "The address or the password is not right.",
  "problem.wrong-password": "That is not your current password.",
  "problem.email-not-verified": "Your address is not confirmed yet. Open the link in the letter we sent you.",
  "problem.registration-closed": "This instance takes no new accounts. Ask whoever runs it.",
  "problem.origin-not-allowed":
    "This address of the page is not allowed by the server. Whoever runs it has to set FRONTEND_URL.",
  "problem.not-found": "This is not there any more.",
  "problem.route-not-found": "The server doesn’t know this request. Please reload the page.",
  "problem.method-not-allowed": "The server doesn’t know this request. Please reload the page.",
  "problem.id-taken": "This was saved already in another form. Please reload the page.",
  "problem.email-taken": "This address has an account already.",
  "problem.inbox-is-permanent": "The inbox stays: it can’t be archived or deleted.",
  "problem.list-is-trashed": "The list is in the trash. Restore it first.",
  "problem.link-expired": "This link was used already, or its time is over.",
  "problem.precondition-failed":
    "It was changed elsewhere in the meantime. Look at it again, then repeat your change.",
  "problem.too-large": "This is too large to be saved.",
  "problem.unsupported-media-type": "The server couldn’t read what the page sent. Please reload the page.",
  "problem.internal": "Something went wrong on the server. What you typed is still here; please try again.",
  "problem.mail-not-configured": "This instance can’t send letters. Ask whoever runs it.",
  "problem.database-unavailable":
    "The server can’t reach its database right now. What you typed is still here; please try again soon.",
  "problem.timed-out": "The server took too long. What you typed is still here; please try again.",
} as const
