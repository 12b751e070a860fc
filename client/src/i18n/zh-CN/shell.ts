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
  "shell.failureTitle": "此页面出了问题",
  "shell.failureText": "已保存的内容不受影响。请重新加载页面后继续。",
  "shell.offlineTitle": "没有连接",
  "shell.offlineText": "无法加载此页面。请检查连接后重新加载。",
  "shell.reload": "重新加载",
  "accounts.signOut": "退出登录",
  "unreachable.title": "无法连接到 Docket",
  "unreachable.text": "请检查网络。我们也会自动重试。",
  "forms.tryAgain": "重试",
  "forms.working": "请稍候…",
  "problem.unreachable": "无法连接到 Docket。你输入的内容都还在：请检查网络后重试。",
  "problem.unknown": "发生了意外情况。你输入的内容都还在，请重试。",
  "problem.too-many-requests": "尝试次数过多。{wait}后可以继续。",
}
