import type { shell as english } from "../en/shell.ts"
import type { Translation } from "../message.ts"

export const shell: Translation<typeof english> = {
  "shell.skip": "Ir para o conteúdo",
  "shell.menu": "Todos os lugares",
  "shell.places": "Lugares",
  "shell.bottomBar": "Lugares principais",
  "shell.account": "Conta de {name}",
  "shell.settings": "Configurações",
  "shell.shortcuts": "Atalhos de teclado",
  "shell.undo": "Desfazer",
  "shell.dismiss": "Dispensar",
  "shell.close": "Fechar",
  "shell.saving": "Salvando…",
  "shell.offline": "Sem conexão. Tentando de novo…",
  "shell.offlineUnsent": {
    one: "Sem conexão. {count} alteração à espera; não feche esta página.",
    other: "Sem conexão. {count} alterações à espera; não feche esta página.",
  },
  "shell.notRead": "Não foi possível ler todas as suas tarefas. Tentar de novo",
  "shell.refused": {
    one: "Isto não foi salvo e está como antes: {reason}",
    other: "{count} alterações não foram salvas, e tudo está como antes: {reason}",
  },
  "shell.signOutUnsent": {
    one: "{count} alteração ainda não foi salva e se perderia. Sair mesmo assim?",
    other: "{count} alterações ainda não foram salvas e se perderiam. Sair mesmo assim?",
  },
  "shell.notFoundTitle": "Não há nada aqui",
  "shell.notFoundText": "O endereço pode estar errado, ou o que havia aqui já não existe.",
  "shell.toTodos": "Ir para as suas tarefas",
  "shell.failureTitle": "Algo deu errado nesta página",
  "shell.failureText": "O que você salvou está seguro. Recarregue a página para continuar.",
  "shell.offlineTitle": "Sem conexão",
  "shell.offlineText": "Não foi possível carregar esta página. Verifique a conexão e recarregue.",
  "shell.reload": "Recarregar",
}
