import type { device as english } from "../en/device.ts"
import type { Translation } from "../message.ts"

export const device: Translation<typeof english> = {
  "device.title": "Sincronização",
  "device.idle": "Tudo está salvo.",
  "device.problem": "Algo precisa da sua atenção: está indicado abaixo.",
  "device.signed-out": "Você saiu da conta. O que mudou fica guardado aqui até você entrar.",
  "device.syncNow": "Sincronizar agora",
  "device.waiting": { one: "{count} alteração aguarda envio.", other: "{count} alterações aguardam envio." },
  "device.more": { one: "E mais {count}.", other: "E mais {count}." },
  "device.unsaved": "ainda não guardado neste dispositivo",
  "device.storageTitle": "Armazenamento",
  "device.used": "O Docket usa {used} dos {quota} que pode usar aqui.",
  "device.usedUnknown": "Este navegador não informa quanto está guardado.",
  "device.persisted": "O navegador guarda isso até você apagar.",
  "device.notPersisted":
    "Se faltar espaço, o navegador pode apagar isso. O que foi enviado está seguro no servidor.",
  "device.persist": "Pedir ao navegador para guardar",
  "device.persistRefused":
    "O navegador não aceitou. Costuma aceitar depois que o Docket é instalado ou usado por um tempo.",
  "device.opensOffline": "O Docket abre aqui sem conexão.",
  "device.needsNetwork": "Para abrir o Docket aqui é preciso conexão: este navegador não guardou a página.",
  "device.installTitle": "Instalar",
  "device.installText": "Instalado, o Docket tem ícone e janela próprios.",
  "device.install": "Instalar o Docket",
  "device.installByShare": "No Safari, toque em Compartilhar e depois em “Adicionar à Tela de Início”.",
  "device.supportTitle": "Para suporte",
  "device.supportText":
    "O que pode pedir quem ajuda você. O arquivo contém isto e o texto das alterações em espera; nenhuma senha nem chave.",
  "device.browser": "Navegador",
  "device.account": "Conta",
  "device.session": "Sessão",
  "device.epoch": "Banco de dados",
  "device.leads": "Fala com o servidor",
  "device.thisTab": "esta aba",
  "device.otherTab": "outra aba",
  "device.spaces": "Até onde leu",
  "device.errors": "Últimos erros",
  "device.noErrors": "Não houve nenhum.",
  "device.times": { one: "{count} vez", other: "{count} vezes" },
  "device.saveFile": "Salvar em um arquivo",
  "device.repairTitle": "Reparar",
  "device.repairText":
    "Se listas ou tarefas parecem erradas só neste dispositivo, faça-o baixar tudo de novo. As alterações em espera são mantidas.",
  "device.repair": "Baixar tudo de novo",
  "device.repairing": "Tudo é baixado de novo. As alterações em espera são mantidas.",
}
