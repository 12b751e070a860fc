export const sync = {
  "sync.newVersion": "A new version is ready.",
  "sync.title": "Not everything is saved",
  "sync.none": "All is well again.",
  "sync.not-kept":
    "This browser stores nothing for Docket: it is a private window, or storage is blocked. Everything works, but what was not sent yet is lost when you close this page. If it blocks cookies too, you are asked to sign in again after 15 minutes.",
  "sync.disk":
    "This device could not store your latest changes; its storage may be full. They are kept in this page, and stored as soon as there is room. Leave the page open until then.",
  "sync.mended":
    "What this device had stored could not be read, and was fetched again. Changes that were not sent yet were kept as far as they could be read.",
  "sync.outdated":
    "This page is too old for the server. Reload it: what you changed is kept, and is sent then.",
  "sync.ahead":
    "The server went back to an earlier version that does not understand this page. What you changed is kept, and is sent later.",
  "sync.failing": "The server fails right now. What you changed is kept, and we try again.",
  "sync.refused": {
    one: "{count} change was not taken. It is kept here until you decide.",
    other: "{count} changes were not taken. They are kept here until you decide.",
  },
  "sync.tryAllAgain": "Try all again",
  "sync.copy": "Copy",
  "sync.discard": "Discard",
  "sync.discardSure": "Discard this change? It cannot be brought back.",
  "refused.not-found": "What it changes is not there any more.",
  "refused.read-only": "You may read this list, but not change it.",
  "refused.list-is-trashed": "The list is in the trash. Restore it first.",
  "refused.list-is-full": "The list is full.",
  "refused.too-many-lists": "You have as many lists as an account may have.",
  "refused.inbox-is-permanent": "The inbox stays: it can’t be archived or deleted.",
  "refused.invalid-input": "Something in it is not valid.",
  "refused.needs-refused": "It needs something that was not taken either.",
  "refused.too-long-ago":
    "It was sent so long ago that it is not known whether it arrived. Look, then try again or discard it.",
  "sync.wasRefused": {
    one: "This was not saved, and is as it was before: {reason} What you wanted is kept.",
    other: "{count} changes were not saved, and all is as it was before: {reason} What you wanted is kept.",
  },
  "refused.unknown": "The server did not take it.",
  "refused.newer": "It was made with a newer version of Docket, and waits for it.",
  "sync.saving": "Saving…",
  "sync.offline": "No connection. Trying again…",
  "sync.offlineUnsent": {
    one: "No connection. {count} change is kept on this device and waits.",
    other: "No connection. {count} changes are kept on this device and wait.",
  },
  "sync.problem": "Not everything could be saved. See why",
  "sync.signOutUnsent": {
    one: "{count} change has not been saved yet and would be lost. Sign out anyway?",
    other: "{count} changes have not been saved yet and would be lost. Sign out anyway?",
  },
} as const
