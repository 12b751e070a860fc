import { useLocation, useNavigate } from "@solidjs/router"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { useUndo } from "../shell/undo.ts"
import type { List } from "../sync/rows.ts"
import { Icon } from "../ui/Icon.tsx"
import { Menu, type MenuItem } from "../ui/Menu.tsx"
import { archive, trash, unarchive } from "./changes.ts"
import { listName } from "./ListName.tsx"
import "./ListMenu.css"

/** What can be done to a list as a whole. */
export function ListMenu(props: { list: List; onRename: () => void }) {
  const undo = useUndo()
  const navigate = useNavigate()
  const location = useLocation()

  const leave = () => location.pathname === paths.list(props.list.id) && navigate(paths.inbox)

  const items = (): MenuItem[] => {
    const { id, name, archivedAt } = props.list
    return [
      { label: t("lists.rename"), icon: "edit", onSelect: () => props.onRename() },
      archivedAt
        ? {
            label: t("lists.unarchive"),
            icon: "restore",
            onSelect: () => undo.act(unarchive(id), t("lists.unarchived", { list: name })),
          }
        : {
            label: t("lists.archive"),
            icon: "archive",
            onSelect: () => {
              undo.act(archive(id), t("lists.archived", { list: name }))
              leave()
            },
          },
      {
        label: t("lists.delete"),
        icon: "delete",
        danger: true,
        onSelect: () => {
          undo.act(trash(id), t("lists.deleted", { list: name }))
          leave()
        },
      },
    ]
  }

  return (
    <Menu class="list-menu" label={t("lists.actionsFor", { list: listName(props.list) })} items={items()}>
      <Icon name="more" />
    </Menu>
  )
}
