import type { problems as english } from "../en/problems.ts"
import type { Translation } from "../message.ts"

export const problems: Translation<typeof english> = {
  "problem.invalid-input": "有內容無效，請檢查。",
  "problem.malformed-json": "伺服器無法讀取頁面送出的內容，請重新整理頁面。",
  "problem.unauthenticated": "你已登出，請重新登入。",
  "problem.wrong-credentials": "電子郵件或密碼不正確。",
  "problem.wrong-password": "目前密碼不正確。",
  "problem.email-not-verified": "你的電子郵件尚未確認，請開啟我們寄出的信中的連結。",
  "problem.registration-closed": "此站台不接受新註冊，請聯絡管理者。",
  "problem.origin-not-allowed": "伺服器不允許此頁面網址，管理者需要設定 FRONTEND_URL。",
  "problem.not-found": "它已不存在。",
  "problem.route-not-found": "伺服器不認得此請求，請重新整理頁面。",
  "problem.method-not-allowed": "伺服器不認得此請求，請重新整理頁面。",
  "problem.id-taken": "它已以另一種內容儲存，請重新整理頁面。",
  "problem.email-taken": "此電子郵件已有帳號。",
  "problem.inbox-is-permanent": "收件匣無法封存或刪除。",
  "problem.list-is-trashed": "清單在垃圾桶裡，請先還原。",
  "problem.link-expired": "此連結已使用或已過期。",
  "problem.precondition-failed": "它剛在別處被修改。請查看後再改一次。",
  "problem.too-large": "內容太大，無法儲存。",
  "problem.unsupported-media-type": "伺服器無法讀取頁面送出的內容，請重新整理頁面。",
  "problem.internal": "伺服器出錯了。你輸入的內容都還在，請重試。",
  "problem.mail-not-configured": "此站台無法寄信，請聯絡管理者。",
  "problem.database-unavailable": "伺服器暫時無法連線資料庫。你輸入的內容都還在，請稍後重試。",
  "problem.timed-out": "伺服器回應逾時。你輸入的內容都還在，請重試。",
}
