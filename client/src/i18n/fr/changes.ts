import type { changes as english } from "../en/changes.ts"
import type { Translation } from "../message.ts"

export const changes: Translation<typeof english> = {
  "change.add": "Ajouter « {title} »",
  "change.addList": "Créer la liste « {title} »",
  "change.rename": "Renommer en « {title} »",
  "change.notes": "Modifier les notes de « {title} »",
  "change.due": "Modifier l’échéance de « {title} »",
  "change.priority": "Modifier la priorité de « {title} »",
  "change.complete": "Terminer « {title} »",
  "change.reopen": "Rouvrir « {title} »",
  "change.delete": "Supprimer « {title} »",
  "change.restore": "Restaurer « {title} »",
  "change.toList": "Déplacer « {title} » vers « {list} »",
  "change.place": "Déplacer « {title} »",
  "change.archive": "Archiver « {title} »",
  "change.unarchive": "Sortir « {title} » des archives",
  "change.colour": "Changer la couleur de « {title} »",
  "change.profile": "Modifier votre profil",
  "change.other": "Modifier « {title} »",
}
