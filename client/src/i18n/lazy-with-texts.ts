import { type Component, lazy } from "solid-js"
import { restOfTexts } from "./translate.ts"

/** `lazy`, for what uses texts beyond those of the first screen: it is shown once both are there. */
export const lazyWithTexts = <Props extends object>(load: () => Promise<{ default: Component<Props> }>) =>
  lazy(async () => {
    const [component] = await Promise.all([load(), restOfTexts()])
    return component
  })
