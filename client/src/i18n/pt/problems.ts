import type { problems as english } from "../en/problems.ts"
import type { Translation } from "../message.ts"

export const problems: Translation<typeof english> = {
  "problem.invalid-input": "Algo não é válido. Revise, por favor.",
  "problem.malformed-json": "O servidor não entendeu o que a página enviou. Recarregue-a.",
  "problem.unauthenticated": "Sua sessão terminou. Entre de novo.",
  "problem.wrong-credentials": "O e-mail ou a senha não está correto.",
  "problem.wrong-password": "Essa não é sua senha atual.",
  "problem.email-not-verified": "Seu endereço ainda não foi confirmado. Abra o link do e-mail que enviamos.",
  "problem.registration-closed": "Esta instância não aceita novas contas. Fale com quem a administra.",
  "problem.origin-not-allowed":
    "O servidor não permite este endereço da página. Quem o administra precisa definir FRONTEND_URL.",
  "problem.not-found": "Isto não existe mais.",
  "problem.route-not-found": "O servidor não conhece este pedido. Recarregue a página.",
  "problem.method-not-allowed": "O servidor não conhece este pedido. Recarregue a página.",
  "problem.id-taken": "Isto já foi salvo de outra forma. Recarregue a página.",
  "problem.email-taken": "Este endereço já tem uma conta.",
  "problem.inbox-is-permanent": "A caixa de entrada fica: não pode ser arquivada nem excluída.",
  "problem.list-is-trashed": "A lista está na lixeira. Restaure-a primeiro.",
  "problem.link-expired": "Este link já foi usado ou expirou.",
  "problem.precondition-failed": "Isto foi alterado em outro lugar. Confira e repita sua alteração.",
  "problem.too-large": "É grande demais para ser salvo.",
  "problem.unsupported-media-type": "O servidor não entendeu o que a página enviou. Recarregue-a.",
  "problem.internal": "Algo deu errado no servidor. O que você digitou continua aqui; tente de novo.",
  "problem.mail-not-configured": "Esta instância não pode enviar e-mails. Fale com quem a administra.",
  "problem.database-unavailable":
    "O servidor não consegue acessar o banco de dados. O que você digitou continua aqui; tente daqui a pouco.",
  "problem.timed-out": "O servidor demorou demais. O que você digitou continua aqui; tente de novo.",
}
