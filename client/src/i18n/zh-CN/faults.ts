import type { faults as english } from "../en/faults.ts"
import type { Translation } from "../message.ts"

export const faults: Translation<typeof english> = {
  "unreachable.title": "无法连接到 Docket",
  "unreachable.text": "请检查网络。我们也会自动重试。",
  "notFound.title": "这里什么也没有",
  "notFound.text": "地址可能有误，或这里的内容已不存在。",
  "notFound.home": "返回首页",
  "failure.title": "页面出错了",
  "failure.text": "已保存的内容都安全。请刷新页面后继续。",
  "failure.reload": "刷新页面",
}
