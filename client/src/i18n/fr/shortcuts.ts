import type { shortcuts as english } from "../en/shortcuts.ts"
import type { Translation } from "../message.ts"

export const shortcuts: Translation<typeof english> = {
  "shortcuts.anywhere": "Partout",
  "shortcuts.add": "Ajouter une tâche",
  "shortcuts.search": "Rechercher",
  "shortcuts.undo": "Annuler",
  "shortcuts.inbox": "Aller à la boîte de réception",
  "shortcuts.today": "Aller à Aujourd’hui",
  "shortcuts.upcoming": "Aller à À venir",
  "shortcuts.this": "Afficher ces raccourcis",
  "shortcuts.onTodo": "Sur une tâche",
  "shortcuts.step": "Suivante ou précédente",
  "shortcuts.complete": "Terminer",
  "shortcuts.rename": "Modifier le titre",
  "shortcuts.details": "Ouvrir les détails",
  "shortcuts.move": "Monter ou descendre",
  "shortcuts.delete": "Supprimer",
  "shortcuts.space": "Espace",
  "shortcuts.singleKeys": "Utiliser les raccourcis à une seule touche",
}
