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
  "shell.failureTitle": "Algo deu errado nesta página",
  "shell.failureText": "O que você salvou está seguro. Recarregue a página para continuar.",
  "shell.offlineTitle": "Sem conexão",
  "shell.offlineText": "Não foi possível carregar esta página. Verifique a conexão e recarregue.",
  "shell.reload": "Recarregar",
  "accounts.signOut": "Sair",
  "unreachable.title": "Não foi possível falar com o Docket",
  "unreachable.text": "Verifique a conexão. Também tentamos de novo por conta própria.",
  "forms.tryAgain": "Tentar de novo",
  "forms.working": "Um momento…",
  "problem.unreachable":
    "Não foi possível falar com o Docket. O que você digitou continua aqui: verifique a conexão e tente de novo.",
  "problem.unknown": "Aconteceu algo inesperado. O que você digitou continua aqui; tente de novo.",
  "problem.too-many-requests": "Tentativas demais. Você pode continuar em {wait}.",
}
