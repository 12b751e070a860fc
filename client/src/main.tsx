import "./styles/layers.css"
import "./styles/tokens.css"
import "./styles/base.css"
import { Router } from "@solidjs/router"
import { render } from "solid-js/web"
import { routes } from "./routes.tsx"
import { Frame } from "./shell/Frame.tsx"

render(() => <Router root={Frame}>{routes}</Router>, document.getElementById("root")!)
