export default function SecuritySettings() {
  return <h1>Security</h1>
}
