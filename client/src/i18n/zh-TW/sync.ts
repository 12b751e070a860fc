import type { sync as english } from "../en/sync.ts"
import type { Translation } from "../message.ts"

export const sync: Translation<typeof english> = {
  "sync.newVersion": "有新版本可用。",
  "sync.title": "有內容尚未儲存",
  "sync.none": "一切恢復正常。",
  "sync.not-kept":
    "此瀏覽器不為 Docket 儲存任何內容：這是無痕視窗，或儲存空間被封鎖。一切照常可用，但關閉此頁面後，尚未傳送的內容會遺失。如果它也封鎖 Cookie，15 分鐘後需要重新登入。",
  "sync.disk":
    "此裝置未能儲存你最近的變更，儲存空間可能已滿。它們保留在此頁面中，一有空間就會儲存。在此之前請勿關閉頁面。",
  "sync.mended": "此裝置上儲存的內容無法讀取，已重新下載。尚未傳送的變更，凡能讀取的都已保留。",
  "sync.outdated": "此頁面對伺服器來說太舊了。請重新載入：你的變更已保留，屆時會傳送。",
  "sync.ahead": "伺服器退回到了不支援此頁面的早期版本。你的變更已保留，稍後會傳送。",
  "sync.failing": "伺服器目前出錯。你的變更已保留，我們會重試。",
  "sync.refused": { other: "{count} 項變更未被接受。在你決定之前，它們會保留在這裡。" },
  "sync.tryAllAgain": "全部重試",
  "sync.copy": "複製",
  "sync.discard": "捨棄",
  "sync.discardSure": "捨棄這項變更？之後無法找回。",
  "refused.not-found": "它要變更的內容已不存在。",
  "refused.read-only": "你可以查看此清單，但不能變更。",
  "refused.list-is-trashed": "清單在垃圾桶中。請先還原它。",
  "refused.list-is-full": "清單已滿。",
  "refused.too-many-lists": "你的清單數量已達帳號上限。",
  "refused.inbox-is-permanent": "收件匣會一直保留，不能封存或刪除。",
  "refused.invalid-input": "其中有無效的內容。",
  "refused.needs-refused": "它需要的內容也未被接受。",
  "refused.too-long-ago": "它傳送的時間太久，無法得知是否送達。請查看後重試或捨棄。",
  "sync.wasRefused": { other: "{count} 項變更未能儲存，已恢復原狀：{reason}你想要的內容已保留。" },
  "refused.unknown": "伺服器沒有接受。",
  "refused.newer": "它是用較新版本的 Docket 做的，正在等待該版本。",
  "sync.saving": "正在儲存…",
  "sync.offline": "沒有連線，正在重試…",
  "sync.offlineUnsent": { other: "沒有連線。{count} 項變更已儲存在此裝置上，等待傳送。" },
  "sync.problem": "有內容未能儲存。查看原因",
  "sync.signOutUnsent": { other: "還有 {count} 項變更尚未儲存，登出後會遺失。仍要登出嗎？" },
}
