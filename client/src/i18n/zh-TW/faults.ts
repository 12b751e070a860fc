import type { faults as english } from "../en/faults.ts"
import type { Translation } from "../message.ts"

export const faults: Translation<typeof english> = {
  "unreachable.title": "無法連線到 Docket",
  "unreachable.text": "請檢查網路。我們也會自動重試。",
  "notFound.title": "這裡什麼也沒有",
  "notFound.text": "網址可能有誤，或這裡的內容已不存在。",
  "notFound.home": "返回首頁",
  "failure.title": "頁面發生錯誤",
  "failure.text": "已儲存的內容都安全。請重新整理頁面後繼續。",
  "failure.reload": "重新整理頁面",
}
