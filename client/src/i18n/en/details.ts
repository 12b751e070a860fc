export const details = {
  "todos.details": "Details",
  "todos.nextWeek": "Next week",
  "todos.listIs": "List: {list}",
  "todos.notes": "Notes",
  "todos.notesPlaceholder": "Add notes",
  "todos.due": "Due",
  "todos.noDue": "No due date",
  "todos.clearDue": "Remove the due date",
  "todos.otherDay": "Another day",
  "todos.created": "Created {date}",
} as const
