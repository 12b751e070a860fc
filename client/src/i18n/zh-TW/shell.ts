import type { shell as english } from "../en/shell.ts"
import type { Translation } from "../message.ts"

export const shell: Translation<typeof english> = {
  "shell.skip": "跳到正文",
  "shell.menu": "所有位置",
  "shell.places": "導覽",
  "shell.bottomBar": "主要導覽",
  "shell.account": "{name} 的帳號",
  "shell.settings": "設定",
  "shell.shortcuts": "鍵盤快速鍵",
  "shell.undo": "復原",
  "shell.dismiss": "關閉",
  "shell.close": "關閉",
  "shell.failureTitle": "此頁面出了問題",
  "shell.failureText": "已儲存的內容不受影響。請重新載入頁面後繼續。",
  "shell.offlineTitle": "沒有連線",
  "shell.offlineText": "無法載入此頁面。請檢查連線後重新載入。",
  "shell.reload": "重新載入",
  "accounts.signOut": "登出",
  "unreachable.title": "無法連線到 Docket",
  "unreachable.text": "請檢查網路。我們也會自動重試。",
  "forms.tryAgain": "重試",
  "forms.working": "請稍候…",
  "problem.unreachable": "無法連線到 Docket。你輸入的內容都還在：請檢查網路後重試。",
  "problem.unknown": "發生了意外情況。你輸入的內容都還在，請重試。",
  "problem.too-many-requests": "嘗試次數過多。{wait}後可以繼續。",
}
