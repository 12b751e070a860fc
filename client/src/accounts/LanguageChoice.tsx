import { For } from "solid-js"
import { LANGUAGES, type Language } from "../i18n/languages.ts"
import { chooseLanguage, language, t } from "../i18n/translate.ts"
import { Icon } from "../ui/Icon.tsx"
import { toast } from "../ui/Toast.tsx"
import "./LanguageChoice.css"

/** The page's language, for people without an account, in which it would be kept. */
export function LanguageChoice() {
  async function choose(select: HTMLSelectElement) {
    try {
      await chooseLanguage(select.value as Language)
    } catch {
      select.value = language()
      toast({ message: t("problem.unreachable"), kind: "problem" })
    }
  }
  return (
    <div class="language-choice">
      <select aria-label={t("forms.language")} onChange={(event) => void choose(event.currentTarget)}>
        <For each={Object.entries(LANGUAGES)}>
          {([tag, name]) => (
            <option value={tag} lang={tag} selected={tag === language()}>
              {name}
            </option>
          )}
        </For>
      </select>
      <Icon name="chevron-down" width={16} height={16} class="language-choice-arrow" />
    </div>
  )
}
