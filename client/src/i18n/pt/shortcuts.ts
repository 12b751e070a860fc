import type { shortcuts as english } from "../en/shortcuts.ts"
import type { Translation } from "../message.ts"

export const shortcuts: Translation<typeof english> = {
  "shortcuts.anywhere": "Em qualquer lugar",
  "shortcuts.add": "Adicionar uma tarefa",
  "shortcuts.search": "Buscar",
  "shortcuts.undo": "Desfazer",
  "shortcuts.inbox": "Ir para a caixa de entrada",
  "shortcuts.today": "Ir para Hoje",
  "shortcuts.upcoming": "Ir para Em breve",
  "shortcuts.this": "Mostrar estes atalhos",
  "shortcuts.onTodo": "Em uma tarefa",
  "shortcuts.step": "Próxima ou anterior",
  "shortcuts.complete": "Concluir",
  "shortcuts.rename": "Editar o título",
  "shortcuts.details": "Abrir os detalhes",
  "shortcuts.move": "Mover para cima ou para baixo",
  "shortcuts.delete": "Excluir",
  "shortcuts.space": "Espaço",
  "shortcuts.singleKeys": "Usar atalhos de uma só tecla",
}
