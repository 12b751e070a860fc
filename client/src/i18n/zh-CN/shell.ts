import type { shell as english } from "../en/shell.ts"
import type { Translation } from "../message.ts"

export const shell: Translation<typeof english> = {
  "shell.skip": "跳到正文",
  "shell.menu": "全部位置",
  "shell.places": "导航",
  "shell.bottomBar": "主导航",
  "shell.account": "{name} 的账户",
  "shell.settings": "设置",
  "shell.shortcuts": "键盘快捷键",
  "shell.undo": "撤销",
  "shell.dismiss": "关闭",
  "shell.close": "关闭",
  "shell.saving": "正在保存…",
  "shell.offline": "没有连接，正在重试…",
  "shell.offlineUnsent": { other: "没有连接。{count} 项更改等待发送，请不要关闭此页面。" },
  "shell.notRead": "未能读取全部待办。重试",
  "shell.refused": { other: "{count} 项更改未能保存，已恢复原样：{reason}" },
  "shell.signOutUnsent": { other: "还有 {count} 项更改尚未保存，退出后会丢失。仍要退出吗？" },
  "shell.notFoundTitle": "这里什么都没有",
  "shell.notFoundText": "地址可能有误，或者内容已经不在了。",
  "shell.toTodos": "前往待办",
  "shell.failureTitle": "此页面出了问题",
  "shell.failureText": "已保存的内容不受影响。请重新加载页面后继续。",
  "shell.offlineTitle": "没有连接",
  "shell.offlineText": "无法加载此页面。请检查连接后重新加载。",
  "shell.reload": "重新加载",
}
