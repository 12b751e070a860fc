import type { problems as english } from "../en/problems.ts"
import type { Translation } from "../message.ts"

export const problems: Translation<typeof english> = {
  "problem.invalid-input": "有内容无效，请检查。",
  "problem.malformed-json": "服务器无法读取页面发送的内容，请刷新页面。",
  "problem.unauthenticated": "你已退出登录，请重新登录。",
  "problem.wrong-credentials": "邮箱或密码不正确。",
  "problem.wrong-password": "当前密码不正确。",
  "problem.email-not-verified": "你的邮箱尚未确认，请打开我们发送的邮件中的链接。",
  "problem.registration-closed": "此站点不接受新注册，请联系管理者。",
  "problem.origin-not-allowed": "服务器不允许此页面地址，管理者需要设置 FRONTEND_URL。",
  "problem.not-found": "它已不存在。",
  "problem.route-not-found": "服务器不认识此请求，请刷新页面。",
  "problem.method-not-allowed": "服务器不认识此请求，请刷新页面。",
  "problem.id-taken": "它已以另一种内容保存，请刷新页面。",
  "problem.email-taken": "该邮箱已有账号。",
  "problem.inbox-is-permanent": "收件箱无法归档或删除。",
  "problem.list-is-trashed": "清单在废纸篓里，请先恢复。",
  "problem.link-expired": "此链接已使用或已过期。",
  "problem.precondition-failed": "它刚在别处被修改。请查看后再改一次。",
  "problem.too-large": "内容太大，无法保存。",
  "problem.unsupported-media-type": "服务器无法读取页面发送的内容，请刷新页面。",
  "problem.internal": "服务器出错了。你输入的内容都还在，请重试。",
  "problem.mail-not-configured": "此站点无法发送邮件，请联系管理者。",
  "problem.database-unavailable": "服务器暂时无法访问数据库。你输入的内容都还在，请稍后重试。",
  "problem.timed-out": "服务器响应超时。你输入的内容都还在，请重试。",
}
