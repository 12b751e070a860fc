import type { Catalogue } from "./catalogue.ts"

export const pt: Catalogue = {
  greeting: (name) => `Olá, ${name}!`,
  colon: ":",
  linkInFull: "Se o botão não funcionar, copie este endereço no seu navegador:",
  letters: {
    "verify-email": ({ site }) => ({
      subject: "Confirme seu e-mail",
      heading: "Confirme seu e-mail",
      paragraphs: ["Confirme que este endereço é seu e sua conta do Docket estará pronta."],
      button: "Confirmar endereço",
      validity: "O link funciona uma única vez, em até 24 horas.",
      reason: `Você recebeu este e-mail porque alguém se cadastrou em ${site} com este endereço. Se não foi você, ignore-o: a conta não pode ser usada enquanto o endereço não for confirmado.`,
    }),
    "reset-password": ({ site }) => ({
      subject: "Escolha uma nova senha",
      heading: "Escolha uma nova senha",
      paragraphs: [
        "Com este link você escolhe uma nova senha para sua conta do Docket. Por segurança, você sairá da conta em todos os dispositivos.",
      ],
      button: "Escolher nova senha",
      validity: "O link funciona uma única vez, em até uma hora.",
      reason: `Você recebeu este e-mail porque alguém informou em ${site} que esqueceu a senha deste endereço. Se não foi você, ignore-o: sua senha continua a mesma.`,
    }),
    "change-email": ({ site }) => ({
      subject: "Confirme seu novo e-mail",
      heading: "Confirme seu novo endereço",
      paragraphs: ["Confirme que este endereço é seu. A partir daí, você entrará no Docket com ele."],
      button: "Confirmar endereço",
      validity: "O link funciona uma única vez, em até 24 horas.",
      reason: `Você recebeu este e-mail porque alguém informou este endereço como o novo da própria conta em ${site}. Se não foi você, ignore-o: nada muda.`,
    }),
    "password-changed": ({ site, when }) => ({
      subject: "Sua senha foi alterada",
      heading: "Sua senha foi alterada",
      paragraphs: [
        `A senha da sua conta do Docket foi alterada em ${when}, e os outros dispositivos foram desconectados.`,
        "Se foi você, não precisa fazer nada. Se não foi, escolha uma nova senha agora: outra pessoa pode ter acesso à sua conta.",
      ],
      button: "Escolher nova senha",
      validity: null,
      reason: `Este e-mail é enviado sempre que a senha de uma conta em ${site} é alterada.`,
    }),
    "email-changed": ({ site }) => ({
      subject: "Seu e-mail foi alterado",
      heading: "Seu e-mail foi alterado",
      paragraphs: [
        "Sua conta do Docket agora tem outro endereço de e-mail. Não é mais possível entrar com este.",
        `Se não foi você, escreva imediatamente para quem administra ${site}. Essas pessoas podem devolver sua conta.`,
      ],
      button: null,
      validity: null,
      reason: `Este e-mail é enviado ao endereço antigo sempre que o endereço de uma conta em ${site} é alterado. Se foi você, não precisa fazer nada.`,
    }),
    "registration-attempted": ({ site }) => ({
      subject: "Você já tem uma conta",
      heading: "Você já tem uma conta",
      paragraphs: [
        "Alguém tentou se cadastrar no Docket com este endereço. Se foi você: você já tem uma conta, basta entrar. Se não lembra a senha, pode escolher uma nova por lá.",
      ],
      button: "Entrar",
      validity: null,
      reason: `Você recebeu este e-mail porque alguém tentou se cadastrar em ${site} com este endereço. Se não foi você, ignore-o: a pessoa não descobriu nada e sua conta continua intacta.`,
    }),
    "deletion-scheduled": ({ site, when }) => ({
      subject: "Sua conta será excluída",
      heading: "Sua conta será excluída",
      paragraphs: [
        `Sua conta do Docket, com todas as listas e tarefas, será excluída em ${when}.`,
        "Até lá você pode mudar de ideia: entre e mantenha a conta.",
      ],
      button: "Manter minha conta",
      validity: null,
      reason: `Você recebeu este e-mail porque a exclusão da sua conta em ${site} foi pedida, com a sua senha. Se não foi você, mantenha a conta e troque a senha agora.`,
    }),
  },
}
