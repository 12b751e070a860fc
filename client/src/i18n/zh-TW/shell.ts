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
  "shell.saving": "正在儲存…",
  "shell.offline": "沒有連線，正在重試…",
  "shell.offlineUnsent": { other: "沒有連線。{count} 項變更等待傳送，請勿關閉此頁面。" },
  "shell.notRead": "無法讀取所有待辦。重試",
  "shell.refused": { other: "{count} 項變更未能儲存，已恢復原狀：{reason}" },
  "shell.signOutUnsent": { other: "還有 {count} 項變更尚未儲存，登出後會遺失。仍要登出嗎？" },
  "shell.notFoundTitle": "這裡什麼都沒有",
  "shell.notFoundText": "網址可能有誤，或者內容已經不在了。",
  "shell.toTodos": "前往待辦",
  "shell.failureTitle": "此頁面出了問題",
  "shell.failureText": "已儲存的內容不受影響。請重新載入頁面後繼續。",
  "shell.offlineTitle": "沒有連線",
  "shell.offlineText": "無法載入此頁面。請檢查連線後重新載入。",
  "shell.reload": "重新載入",
}
