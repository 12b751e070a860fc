import type { sync as english } from "../en/sync.ts"
import type { Translation } from "../message.ts"

export const sync: Translation<typeof english> = {
  "sync.newVersion": "有新版本可用。",
  "sync.title": "有内容尚未保存",
  "sync.none": "一切恢复正常。",
  "sync.not-kept":
    "此浏览器不为 Docket 存储任何内容：这是无痕窗口，或存储被禁用。一切照常可用，但关闭此页面后，尚未发送的内容会丢失。如果它还禁用了 Cookie，15 分钟后需要重新登录。",
  "sync.disk":
    "此设备未能存储你最近的更改，存储空间可能已满。它们保留在此页面中，一有空间就会存储。在此之前请不要关闭页面。",
  "sync.mended": "此设备上存储的内容无法读取，已重新下载。尚未发送的更改，凡能读取的都已保留。",
  "sync.outdated": "此页面对服务器来说太旧了。请重新加载：你的更改已保留，届时会发送。",
  "sync.ahead": "服务器退回到了不支持此页面的早期版本。你的更改已保留，稍后会发送。",
  "sync.failing": "服务器目前出错。你的更改已保留，我们会重试。",
  "sync.refused": { other: "{count} 项更改未被接受。在你决定之前，它们会保留在这里。" },
  "sync.tryAllAgain": "全部重试",
  "sync.copy": "复制",
  "sync.discard": "放弃",
  "sync.discardSure": "放弃这项更改？之后无法找回。",
  "refused.not-found": "它要更改的内容已不存在。",
  "refused.read-only": "你可以查看此清单，但不能更改。",
  "refused.list-is-trashed": "清单在回收站中。请先恢复它。",
  "refused.list-is-full": "清单已满。",
  "refused.too-many-lists": "你的清单数量已达账户上限。",
  "refused.inbox-is-permanent": "收件箱会一直保留，不能归档或删除。",
  "refused.invalid-input": "其中有无效的内容。",
  "refused.needs-refused": "它依赖的内容也未被接受。",
  "refused.too-long-ago": "它发送的时间太久，无法得知是否送达。请查看后重试或放弃。",
  "sync.wasRefused": { other: "{count} 项更改未能保存，已恢复原样：{reason}你想要的内容已保留。" },
  "refused.unknown": "服务器没有接受。",
  "refused.newer": "它是用较新版本的 Docket 做的，正在等待该版本。",
  "sync.saving": "正在保存…",
  "sync.offline": "没有连接，正在重试…",
  "sync.offlineUnsent": { other: "没有连接。{count} 项更改已保存在此设备上，等待发送。" },
  "sync.problem": "有内容未能保存。查看原因",
  "sync.signOutUnsent": { other: "还有 {count} 项更改尚未保存，退出后会丢失。仍要退出吗？" },
}
