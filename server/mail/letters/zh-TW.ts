import type { Catalogue } from "./catalogue.ts"

export const zhTw: Catalogue = {
  greeting: (name) => `${name}，你好：`,
  colon: "：",
  linkInFull: "如果按鈕無法開啟，請將以下網址複製到瀏覽器：",
  letters: {
    "verify-email": ({ site }) => ({
      subject: "請確認你的電子郵件",
      heading: "請確認你的電子郵件",
      paragraphs: ["確認這個電子郵件屬於你，你的 Docket 帳號就可以使用了。"],
      button: "確認電子郵件",
      validity: "連結 24 小時內有效，只能使用一次。",
      reason: `你收到這封信，是因為有人用這個電子郵件在 ${site} 註冊了帳號。如果不是你本人，請忽略：電子郵件未經確認，該帳號無法使用。`,
    }),
    "reset-password": ({ site }) => ({
      subject: "設定新密碼",
      heading: "設定新密碼",
      paragraphs: ["透過這個連結，你可以為 Docket 帳號設定新密碼。為了安全，所有裝置都會登出。"],
      button: "設定新密碼",
      validity: "連結 1 小時內有效，只能使用一次。",
      reason: `你收到這封信，是因為有人在 ${site} 表示忘記了這個電子郵件的密碼。如果不是你本人，請忽略：你的密碼不會改變。`,
    }),
    "change-email": ({ site }) => ({
      subject: "請確認你的新電子郵件",
      heading: "請確認你的新電子郵件",
      paragraphs: ["請確認這個電子郵件屬於你。確認後，你將用它登入 Docket。"],
      button: "確認電子郵件",
      validity: "連結 24 小時內有效，只能使用一次。",
      reason: `你收到這封信，是因為有人想把 ${site} 帳號的電子郵件改為這一個。如果不是你本人，請忽略：不會有任何變更。`,
    }),
    "password-changed": ({ site, when }) => ({
      subject: "你的密碼已變更",
      heading: "你的密碼已變更",
      paragraphs: [
        `你的 Docket 帳號密碼已於 ${when} 變更，其他裝置均已登出。`,
        "如果是你本人操作，不必理會。如果不是，請立即設定新密碼：可能有人能進入你的帳號。",
      ],
      button: "設定新密碼",
      validity: null,
      reason: `每當 ${site} 的帳號變更密碼時，都會寄出這封信。`,
    }),
    "email-changed": ({ site }) => ({
      subject: "你的電子郵件已變更",
      heading: "你的電子郵件已變更",
      paragraphs: [
        "你的 Docket 帳號已改用另一個電子郵件，不能再用這一個登入。",
        `如果不是你本人操作，請立即聯絡 ${site} 的管理者，他們可以把帳號還給你。`,
      ],
      button: null,
      validity: null,
      reason: `每當 ${site} 的帳號變更電子郵件時，都會向原來的電子郵件寄出這封信。如果是你本人操作，不必理會。`,
    }),
    "registration-attempted": ({ site }) => ({
      subject: "你已經有帳號了",
      heading: "你已經有帳號了",
      paragraphs: [
        "有人嘗試用這個電子郵件註冊 Docket。如果是你本人：你已經有帳號，直接登入即可。如果忘記密碼，可以在登入頁設定新密碼。",
      ],
      button: "登入",
      validity: null,
      reason: `你收到這封信，是因為有人嘗試用這個電子郵件在 ${site} 註冊。如果不是你本人，請忽略：對方沒有得到任何資訊，你的帳號也不受影響。`,
    }),
    "deletion-scheduled": ({ site, when }) => ({
      subject: "你的帳號將被刪除",
      heading: "你的帳號將被刪除",
      paragraphs: [
        `你的 Docket 帳號及其所有清單和待辦將於 ${when} 刪除。`,
        "在此之前你可以改變主意：登入並保留帳號即可。",
      ],
      button: "保留我的帳號",
      validity: null,
      reason: `你收到這封信，是因為有人用你的密碼申請刪除你在 ${site} 的帳號。如果不是你本人，請保留帳號並立即變更密碼。`,
    }),
  },
}
