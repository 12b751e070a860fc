import { Navigate, type RouteDefinition } from "@solidjs/router"
import { lazy } from "solid-js"
import { lazyWithTexts } from "./i18n/lazy-with-texts.ts"
import { paths } from "./paths.ts"

/** The route table: each page is a chunk of its own; those inside `Shell` are for signed-in people. */
export const routes: RouteDefinition[] = [
  { path: paths.welcome, component: lazyWithTexts(() => import("./accounts/Welcome.tsx")) },
  { path: paths.register, component: lazyWithTexts(() => import("./accounts/Register.tsx")) },
  { path: paths.verify, component: lazyWithTexts(() => import("./accounts/VerifyEmail.tsx")) },
  { path: paths.signIn, component: lazyWithTexts(() => import("./accounts/SignIn.tsx")) },
  { path: paths.forgot, component: lazyWithTexts(() => import("./accounts/ForgotPassword.tsx")) },
  { path: paths.reset, component: lazyWithTexts(() => import("./accounts/ResetPassword.tsx")) },
  {
    component: lazy(() => import("./shell/Shell.tsx")),
    children: [
      { path: paths.inbox, component: lazy(() => import("./lists/InboxPage.tsx")) },
      { path: paths.list(":id"), component: lazy(() => import("./lists/ListPage.tsx")) },
      { path: paths.today, component: lazy(() => import("./todos/TodayPage.tsx")) },
      { path: paths.upcoming, component: lazy(() => import("./todos/UpcomingPage.tsx")) },
      { path: paths.search, component: lazyWithTexts(() => import("./todos/SearchPage.tsx")) },
      { path: paths.trash, component: lazyWithTexts(() => import("./todos/TrashPage.tsx")) },
      { path: paths.settings, component: () => <Navigate href={paths.profileSettings} /> },
      {
        path: paths.profileSettings,
        component: lazyWithTexts(() => import("./settings/ProfileSettings.tsx")),
      },
      {
        path: paths.securitySettings,
        component: lazyWithTexts(() => import("./settings/SecuritySettings.tsx")),
      },
      { path: paths.dataSettings, component: lazyWithTexts(() => import("./settings/DataSettings.tsx")) },
      { path: paths.syncSettings, component: lazyWithTexts(() => import("./settings/SyncSettings.tsx")) },
      { path: paths.about, component: lazyWithTexts(() => import("./settings/About.tsx")) },
    ],
  },
  { path: "*", component: lazyWithTexts(() => import("./shell/NotFound.tsx")) },
]
