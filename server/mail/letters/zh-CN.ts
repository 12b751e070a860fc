import type { Catalogue } from "./catalogue.ts"

export const zhCn: Catalogue = {
  greeting: (name) => `${name}，你好：`,
  colon: "：",
  linkInFull: "如果按钮无法打开，请将以下地址复制到浏览器中：",
  letters: {
    "verify-email": ({ site }) => ({
      subject: "请确认你的邮箱",
      heading: "请确认你的邮箱",
      paragraphs: ["确认这个邮箱属于你，你的 Docket 账号就可以使用了。"],
      button: "确认邮箱",
      validity: "链接 24 小时内有效，只能使用一次。",
      reason: `你收到这封邮件，是因为有人用这个邮箱在 ${site} 注册了账号。如果不是你本人，请忽略：邮箱未经确认，该账号无法使用。`,
    }),
    "reset-password": ({ site }) => ({
      subject: "设置新密码",
      heading: "设置新密码",
      paragraphs: ["通过此链接，你可以为 Docket 账号设置新密码。为安全起见，所有设备都会退出登录。"],
      button: "设置新密码",
      validity: "链接 1 小时内有效，只能使用一次。",
      reason: `你收到这封邮件，是因为有人在 ${site} 表示忘记了这个邮箱的密码。如果不是你本人，请忽略：你的密码不会改变。`,
    }),
    "change-email": ({ site }) => ({
      subject: "请确认你的新邮箱",
      heading: "请确认你的新邮箱",
      paragraphs: ["请确认这个邮箱属于你。确认后，你将用它登录 Docket。"],
      button: "确认邮箱",
      validity: "链接 24 小时内有效，只能使用一次。",
      reason: `你收到这封邮件，是因为有人想把 ${site} 账号的邮箱改为这个邮箱。如果不是你本人，请忽略：不会有任何变化。`,
    }),
    "password-changed": ({ site, when }) => ({
      subject: "你的密码已更改",
      heading: "你的密码已更改",
      paragraphs: [
        `你的 Docket 账号密码已于 ${when} 更改，其他设备均已退出登录。`,
        "如果是你本人操作，无需理会。如果不是，请立即设置新密码：可能有人能够进入你的账号。",
      ],
      button: "设置新密码",
      validity: null,
      reason: `每当 ${site} 的账号更改密码时，都会发送这封邮件。`,
    }),
    "email-changed": ({ site }) => ({
      subject: "你的邮箱已更改",
      heading: "你的邮箱已更改",
      paragraphs: [
        "你的 Docket 账号已改用另一个邮箱，不能再用这个邮箱登录。",
        `如果不是你本人操作，请立即联系 ${site} 的管理者，他们可以把账号还给你。`,
      ],
      button: null,
      validity: null,
      reason: `每当 ${site} 的账号更改邮箱时，都会向原邮箱发送这封邮件。如果是你本人操作，无需理会。`,
    }),
    "registration-attempted": ({ site }) => ({
      subject: "你已经有账号了",
      heading: "你已经有账号了",
      paragraphs: [
        "有人尝试用这个邮箱注册 Docket。如果是你本人：你已经有账号，直接登录即可。如果忘记了密码，可以在登录页设置新密码。",
      ],
      button: "登录",
      validity: null,
      reason: `你收到这封邮件，是因为有人尝试用这个邮箱在 ${site} 注册。如果不是你本人，请忽略：对方没有得到任何信息，你的账号也不受影响。`,
    }),
    "deletion-scheduled": ({ site, when }) => ({
      subject: "你的账号将被删除",
      heading: "你的账号将被删除",
      paragraphs: [
        `你的 Docket 账号及其所有清单和待办将于 ${when} 删除。`,
        "在此之前你可以改变主意：登录并保留账号即可。",
      ],
      button: "保留我的账号",
      validity: null,
      reason: `你收到这封邮件，是因为有人用你的密码申请删除你在 ${site} 的账号。如果不是你本人，请保留账号并立即更改密码。`,
    }),
  },
}
