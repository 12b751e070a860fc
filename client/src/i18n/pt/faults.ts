import type { faults as english } from "../en/faults.ts"
import type { Translation } from "../message.ts"

export const faults: Translation<typeof english> = {
  "unreachable.title": "Não foi possível falar com o Docket",
  "unreachable.text": "Verifique a conexão. Também tentamos de novo por conta própria.",
  "notFound.title": "Não há nada aqui",
  "notFound.text": "O endereço pode estar errado, ou o que havia aqui já se foi.",
  "notFound.home": "Ir para o início",
  "failure.title": "Algo quebrou nesta página",
  "failure.text": "O que foi salvo está seguro. Recarregue a página para continuar.",
  "failure.reload": "Recarregar a página",
}
