/** Every address of the page. Nothing else writes one out. */
export const paths = {
  welcome: "/",
  register: "/register",
  verify: "/verify",
  signIn: "/sign-in",
  forgot: "/forgot",
  reset: "/reset",
  inbox: "/todos",
  today: "/today",
  upcoming: "/upcoming",
  list: (id: string) => `/lists/${id}`,
  search: "/search",
  trash: "/trash",
  profileSettings: "/settings/profile",
  securitySettings: "/settings/security",
  dataSettings: "/settings/data",
  about: "/settings/about",
}
