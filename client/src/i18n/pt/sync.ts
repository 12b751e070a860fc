import type { sync as english } from "../en/sync.ts"
import type { Translation } from "../message.ts"

export const sync: Translation<typeof english> = {
  "sync.newVersion": "Há uma nova versão.",
  "sync.title": "Nem tudo está salvo",
  "sync.none": "Está tudo bem de novo.",
  "sync.not-kept":
    "Este navegador não guarda nada para o Docket: é uma janela privada, ou o armazenamento está bloqueado. Tudo funciona, mas o que ainda não foi enviado se perde ao fechar esta página. Se também bloquear os cookies, será preciso entrar de novo após 15 minutos.",
  "sync.disk":
    "Este dispositivo não conseguiu guardar as últimas alterações; o espaço pode ter acabado. Elas ficam nesta página e são guardadas assim que houver espaço. Até lá, não feche a página.",
  "sync.mended":
    "Não foi possível ler o que este dispositivo tinha guardado, e tudo foi baixado de novo. As alterações ainda não enviadas foram mantidas na medida em que podiam ser lidas.",
  "sync.outdated":
    "Esta página é antiga demais para o servidor. Recarregue-a: o que você alterou está guardado e será enviado então.",
  "sync.ahead":
    "O servidor voltou a uma versão anterior que não entende esta página. O que você alterou está guardado e será enviado mais tarde.",
  "sync.failing": "O servidor está falhando agora. O que você alterou está guardado, e tentamos de novo.",
  "sync.refused": {
    one: "{count} alteração não foi aceita. Fica guardada aqui até você decidir.",
    other: "{count} alterações não foram aceitas. Ficam guardadas aqui até você decidir.",
  },
  "sync.tryAllAgain": "Tentar tudo de novo",
  "sync.copy": "Copiar",
  "sync.discard": "Descartar",
  "sync.discardSure": "Descartar esta alteração? Não será possível recuperá-la.",
  "refused.not-found": "O que ela altera já não existe.",
  "refused.read-only": "Você pode ler esta lista, mas não alterá-la.",
  "refused.list-is-trashed": "A lista está na lixeira. Restaure-a primeiro.",
  "refused.list-is-full": "A lista está cheia.",
  "refused.too-many-lists": "Você já tem tantas listas quanto uma conta pode ter.",
  "refused.inbox-is-permanent": "A caixa de entrada fica: não pode ser arquivada nem excluída.",
  "refused.invalid-input": "Algo nela não é válido.",
  "refused.needs-refused": "Precisa de algo que também não foi aceito.",
  "refused.too-long-ago":
    "Foi enviada há tanto tempo que não se sabe se chegou. Confira e tente de novo ou descarte.",
  "sync.wasRefused": {
    one: "Isto não foi salvo e está como antes: {reason} O que você queria foi guardado.",
    other:
      "{count} alterações não foram salvas, e tudo está como antes: {reason} O que você queria foi guardado.",
  },
  "refused.unknown": "O servidor não aceitou.",
  "refused.newer": "Foi feita com uma versão mais nova do Docket, e espera por ela.",
  "sync.saving": "Salvando…",
  "sync.offline": "Sem conexão. Tentando de novo…",
  "sync.offlineUnsent": {
    one: "Sem conexão. {count} alteração está guardada neste dispositivo e espera.",
    other: "Sem conexão. {count} alterações estão guardadas neste dispositivo e esperam.",
  },
  "sync.problem": "Nem tudo pôde ser salvo. Ver por quê",
  "sync.signOutUnsent": {
    one: "{count} alteração ainda não foi salva e se perderia. Sair mesmo assim?",
    other: "{count} alterações ainda não foram salvas e se perderiam. Sair mesmo assim?",
  },
}
