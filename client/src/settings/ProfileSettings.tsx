export default function ProfileSettings() {
  return <h1>Profile</h1>
}
