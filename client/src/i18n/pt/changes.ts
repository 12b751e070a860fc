import type { changes as english } from "../en/changes.ts"
import type { Translation } from "../message.ts"

export const changes: Translation<typeof english> = {
  "change.add": "Adicionar “{title}”",
  "change.addList": "Criar a lista “{title}”",
  "change.rename": "Renomear para “{title}”",
  "change.notes": "Mudar as notas de “{title}”",
  "change.due": "Mudar o prazo de “{title}”",
  "change.priority": "Mudar a prioridade de “{title}”",
  "change.complete": "Concluir “{title}”",
  "change.reopen": "Reabrir “{title}”",
  "change.delete": "Excluir “{title}”",
  "change.restore": "Restaurar “{title}”",
  "change.toList": "Mover “{title}” para “{list}”",
  "change.place": "Mover “{title}” para outro lugar",
  "change.archive": "Arquivar “{title}”",
  "change.unarchive": "Tirar “{title}” do arquivo",
  "change.colour": "Mudar a cor de “{title}”",
  "change.profile": "Mudar seu perfil",
  "change.other": "Mudar “{title}”",
}
