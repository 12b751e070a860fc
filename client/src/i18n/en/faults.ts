export const faults = {
  "unreachable.title": "Docket can’t be reached",
  "unreachable.text": "Check the connection. We also try again on our own.",
  "notFound.title": "There is nothing here",
  "notFound.text": "The address may be mistyped, or what was here has gone.",
  "notFound.home": "Go to the start",
  "failure.title": "Something broke on this page",
  "failure.text": "What was saved is safe. Reload the page to go on.",
  "failure.reload": "Reload the page",
} as const
