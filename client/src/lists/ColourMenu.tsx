import { t } from "../i18n/translate.ts"
import { useUndo } from "../shell/undo.ts"
import { COLOURS, type List } from "../sync/rows.ts"
import { Icon } from "../ui/Icon.tsx"
import { laterIcons } from "../ui/later-icons.ts"
import { Menu } from "../ui/Menu.tsx"
import { edit } from "./changes.ts"
import { colourName } from "./colours.ts"
import { ListDot } from "./ListDot.tsx"
import "./ListMenu.css"

/** The twelve colours, one of which a list has. */
export function ColourMenu(props: { list: List }) {
  const undo = useUndo()
  return (
    <Menu
      class="list-menu"
      label={t("lists.colour")}
      items={COLOURS.map((colour) => ({
        label: colourName(colour),
        mark: () => <ListDot colour={colour} />,
        checked: props.list.colour === colour,
        onSelect: () => undo.act(edit(props.list.id, { colour })),
      }))}
    >
      <Icon name={laterIcons.colour} />
    </Menu>
  )
}
